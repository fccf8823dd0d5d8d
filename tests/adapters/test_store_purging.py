"""What is too old goes and what must stay stays; and all that a community owned goes, in whatever table it is."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import func, insert, select, update

from adapters.storage import SqlDatabase, SqlTransaction
from adapters.storage.purging import GO_ALONG, NOBODYS, OWNED, RULES, STAY
from adapters.storage.schema import (
    alerts,
    changes,
    corrections,
    draft_approvals,
    draft_edits,
    drafts,
    metadata,
    posting_stops,
    reminders,
    review_entries,
    roles,
    schedules,
    story_private_changes,
    told_moves,
    tracked_items,
    watches,
)
from bot.app.forgetting import forget_member
from bot.app.leaving import come_back
from bot.app.purge import LEFT, Purge
from bot.core.retention import Retention
from tests.adapters.test_store_isolation import MEMBER, Owned, everything, furnish
from tests.factories import GUILD, NOON, STUDIO
from tests.fakes import FakeClock

TABLES = set(metadata.tables)


def test_of_every_table_it_is_said_whether_and_when_its_rows_go() -> None:
    """A new table: give it a rule (`RULES`), let it go along with another (`GO_ALONG`), or say why it stays."""
    assert {table.name for table, _ in RULES.values()} | GO_ALONG | STAY.keys() == TABLES
    assert not (GO_ALONG & STAY.keys())


def test_of_every_table_it_is_said_what_of_it_is_a_communitys() -> None:
    """A new table: say in `OWNED` which rows are a community's, or in `NOBODYS` why none is."""
    assert OWNED.keys() | NOBODYS.keys() == TABLES
    assert not OWNED.keys() & NOBODYS.keys()
    for table in metadata.tables.values():
        refers = {key.column.table.name for column in table.columns for key in column.foreign_keys}
        names_one = {"community", "owner"} & set(table.columns.keys()) or "communities" in refers
        if names_one and table.name != "posting_stops":
            assert table.name in OWNED, table.name


async def furnish_all(tx: SqlTransaction) -> Owned:
    """The guild has a row in every table that can have one of a community, and Ann is named wherever one can be."""
    own = await furnish(tx)
    for table, row in (
        (story_private_changes, {"story": own.common_story, "owner": GUILD, "changes": 1, "last_updated": NOON}),
        (draft_edits, {"draft": own.draft, "number": 1, "text": "Anew."}),
        (draft_approvals, {"draft": own.draft, "member": MEMBER, "name": "Ann", "at": NOON}),
        (reminders, {"watch": own.follow, "story": own.common_story, "day": NOON.date(), "lead": timedelta(days=1)}),
        (told_moves, {"destination": own.schedule.destination, "key": "bill:1", "delivery": own.delivery}),
        (alerts, {**ALERT, "watch": own.watch, "story": own.story, "told_at": NOON, "delivery": own.delivery}),
    ):
        await tx.sql.execute(insert(table).values(row))
    await tx.sql.execute(update(drafts).values(assigned=MEMBER, assigned_name="Ann"))
    return own


ALERT = {"version": 1, "outlets": [], "terms": [], "known": False}


async def of_the_guild(tx: SqlTransaction, table: str) -> int:
    statement = select(func.count()).select_from(metadata.tables[table]).where(OWNED[table](GUILD))
    return await tx.sql.connection.scalar(statement) or 0


async def naming(tx: SqlTransaction, word: str) -> dict[str, int]:
    """In how many rows of which table that word stands, in whatever column."""
    found = {}
    for table, rows in (await everything(tx)).items():
        if number := sum(any(word in str(value) for value in row) for row in rows):
            found[table] = number
    return found


async def test_there_is_a_row_of_a_community_in_every_table_that_can_have_one(database: SqlDatabase) -> None:
    """So that the next test is one."""
    async with database.begin() as tx:
        await furnish_all(tx)
        assert [name for name in OWNED if not await of_the_guild(tx, name)] == []


async def test_nothing_is_left_of_a_community_that_left(database: SqlDatabase) -> None:
    async with database.begin() as tx:
        own = await furnish_all(tx)
        await tx.communities.leave(GUILD, NOON - timedelta(days=31))
    purge = Purge(database, Retention(), FakeClock(NOON))
    assert (await purge.preview())[LEFT] == 1
    removed, finished = await purge.sweep()
    assert finished
    assert removed[LEFT] > len(OWNED)
    async with database.read() as tx:
        assert await naming(tx, GUILD) == {}
        assert [name for name in OWNED if await of_the_guild(tx, name)] == []
        assert await tx.communities.get(STUDIO) is not None
        assert await tx.articles.get(STUDIO, [own.common_article])
        assert len(await tx.stories.published(STUDIO, NOON, NOON + timedelta(days=1))) == 1


@pytest.mark.parametrize("days", [29, None], ids=["29 days ago", "came back"])
async def test_a_community_that_may_come_back_or_did_keeps_everything(database: SqlDatabase, days: int | None) -> None:
    async with database.begin() as tx:
        await furnish_all(tx)
        await tx.communities.leave(GUILD, NOON - timedelta(days=days or 40))
        await tx.communities.leave(GUILD, NOON)  # told of twice, the first time counts
    if days is None:
        await come_back(database, GUILD)
    async with database.read() as tx:
        before = await everything(tx)
    await Purge(database, Retention(), FakeClock(NOON)).sweep()
    async with database.read() as tx:
        assert await everything(tx) == before


async def test_a_member_who_wants_to_be_forgotten_is_named_nowhere(database: SqlDatabase) -> None:
    async with database.begin() as tx:
        await furnish_all(tx)
        for column in NAMES_A_MEMBER:
            assert await tx.sql.connection.scalar(select(func.count()).where(column == MEMBER)), column
        await forget_member(tx, GUILD, MEMBER)
        for column in NAMES_A_MEMBER:
            assert not await tx.sql.connection.scalar(select(func.count()).where(column == MEMBER)), column
        assert await naming(tx, "Ann") == {}


NAMES_A_MEMBER = (
    *(roles.c.member, changes.c.member, schedules.c.created_by, watches.c.owner),
    *(draft_approvals.c.member, drafts.c.assigned, review_entries.c.member, corrections.c.member),
)


def test_of_every_column_that_looks_as_if_it_named_a_member_it_is_known() -> None:
    """A new one: `forget_member` must cover it, and the test above name it."""
    suspects = {
        column
        for table in metadata.tables.values()
        for column in table.columns
        if re.search(r"member|assigned(?!_name)|created_by|\bby$|_by$|user|author(?!s)", column.name)
        or (table is watches and column.name == "owner")
    }
    operators = {posting_stops.c.stopped_by, posting_stops.c.lifted_by, tracked_items.c.resolved_by}
    assert suspects - operators == set(NAMES_A_MEMBER)
