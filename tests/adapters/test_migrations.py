"""Each step of the schema since the first release leaves old processes what they need, or begins a new epoch."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import (
    Column,
    Engine,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
    create_engine,
)

from adapters.storage.migrating import _config, epoch, known_revisions

BEFORE_RELEASE = "0005"
"""Up to it the schema may be anything: nobody runs on it. At a release it becomes that release's last revision."""


def schema_of(engine: Engine) -> MetaData:
    metadata = MetaData()
    metadata.reflect(engine)
    return metadata


def taken_away(before: MetaData, after: MetaData) -> list[str]:
    """What code that knows `before` needs and `after` does not have or allow."""
    found: list[str] = []
    for name, table in before.tables.items():
        now = after.tables.get(name)
        if now is None:
            found.append(f"table {name} is gone")
            continue
        for column in table.columns:
            there = now.columns.get(column.name)
            if there is None:
                found.append(f"{name}.{column.name} is gone")
            elif str(there.type) != str(column.type):
                found.append(f"{name}.{column.name} was {column.type} and is {there.type}")
            elif column.nullable and not there.nullable:
                found.append(f"{name}.{column.name} may not be NULL any more")
        for column in now.columns:
            if column.name not in table.columns and not column.nullable and column.server_default is None:
                found.append(f"{name}.{column.name} has to be given")
        old, new = _rules(table), _rules(now)
        found += [f"{name}: {rule}" for rule in sorted(new - old)]
    return found


def _rules(table: Table) -> set[str]:
    """What rows have to keep to."""
    unique = {f"unique ({', '.join(sorted(index.columns.keys()))})" for index in table.indexes if index.unique}
    for constraint in table.constraints:
        if isinstance(constraint, UniqueConstraint):
            unique.add(f"unique ({', '.join(sorted(constraint.columns.keys()))})")
        elif isinstance(constraint, PrimaryKeyConstraint):
            unique.add(f"key ({', '.join(sorted(constraint.columns.keys()))})")
    return unique | {f"{key.parent.name} refers to {key.target_fullname}" for key in table.foreign_keys}


@pytest.fixture
def steps(tmp_path: Path) -> Iterator[dict[str, MetaData]]:
    """The schema after each revision since the release."""
    engine = create_engine(f"sqlite:///{tmp_path / 'steps.sqlite3'}")
    found = {}
    for revision in (each for each in known_revisions() if each >= BEFORE_RELEASE):
        with engine.begin() as connection:
            config = _config()
            config.attributes["connection"] = connection
            command.upgrade(config, revision)
        found[revision] = schema_of(engine)
    yield found
    engine.dispose()


def test_no_step_takes_away_what_old_processes_need_unless_it_says_so(steps: dict[str, MetaData]) -> None:
    assert BEFORE_RELEASE in steps
    for (one, before), (next_one, after) in pairwise(steps.items()):
        if epoch(one) == epoch(next_one):
            assert taken_away(before, after) == [], f"{next_one} contracts: it begins a new epoch"


def test_epochs_only_go_on() -> None:
    assert [epoch(each) for each in ("0013", "0021b", "0023c")] == ["", "b", "c"]
    epochs = [epoch(revision) for revision in known_revisions()]
    assert epochs == sorted(epochs)


def table(*columns: Column[object], name: str = "things") -> MetaData:
    metadata = MetaData()
    Table("others", metadata, Column("id", Integer, primary_key=True))
    Table(name, metadata, Column("id", Integer, primary_key=True), Column("said", Text), *columns)
    return metadata


@pytest.mark.parametrize(
    ("after", "what"),
    [
        (table(name="renamed"), "table things is gone"),
        (table(Column("more", Text, nullable=False)), "things.more has to be given"),
        (table(Column("more", Text, unique=True)), "things: unique (more)"),
        (table(Column("other", ForeignKey("others.id"))), "things: other refers to others.id"),
    ],
)
def test_a_step_that_takes_something_away_is_seen(after: MetaData, what: str, tmp_path: Path) -> None:
    assert taken_away(*_made(tmp_path, table(), after)) == [what]


def test_a_column_that_goes_or_gets_narrower_is_seen(tmp_path: Path) -> None:
    before = table(Column("size", Integer))
    assert taken_away(*_made(tmp_path, before, table())) == ["things.size is gone"]
    after = table(Column("size", Text, nullable=False, server_default=""))
    assert taken_away(*_made(tmp_path, before, after)) == ["things.size was INTEGER and is TEXT"]
    after = table(Column("size", Integer, nullable=False, server_default="0"))
    assert taken_away(*_made(tmp_path, before, after)) == ["things.size may not be NULL any more"]


def test_what_only_adds_takes_nothing_away(tmp_path: Path) -> None:
    after = table(Column("more", Text), Column("size", Integer, nullable=False, server_default="0"))
    Table("new", after, Column("id", Integer, primary_key=True), Column("name", Text, nullable=False, unique=True))
    Index("by_said", after.tables["things"].c.said)
    assert taken_away(*_made(tmp_path, table(), after)) == []


def _made(folder: Path, *schemas: MetaData) -> list[MetaData]:
    """As a database gives them back."""
    found = []
    for number, schema in enumerate(schemas):
        path = folder / f"{number}.sqlite3"
        path.unlink(missing_ok=True)
        engine = create_engine(f"sqlite:///{path}")
        schema.create_all(engine)
        found.append(schema_of(engine))
        engine.dispose()
    return found
