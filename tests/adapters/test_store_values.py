"""Whatever a value holds, it comes out of its column as it went in."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Dialect
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.types import TypeDecorator

from adapters.storage import SqlDatabase, SqlTransaction, open_database
from adapters.storage.schema import analyses, deliveries, digests
from adapters.storage.types import HalfVector, Instant, OutsideText, Span, storable
from bot.core.analysis import Analysis
from bot.core.coming import Coming
from bot.core.command.invocation import Invocation
from bot.core.community import COMMON, MemberId, Role
from bot.core.delivery import Digest, DigestState
from bot.core.message.document import Actions, Button, Document, File, LinkButton, Option, Select
from bot.core.movement import Update
from tests.factories import (
    GUILD,
    NOON,
    STUDIO,
    add_feed,
    add_schedule,
    add_story,
    new_analysis,
    new_article,
    new_digest,
    new_document,
    new_key,
    new_outlet,
    new_record,
    new_vector,
)

DIALECTS: list[Dialect] = [sqlite.dialect(), postgresql.dialect()]  # type: ignore[no-untyped-call]

# Every time we keep is aware UTC.
st.register_type_strategy(datetime, st.datetimes(timezones=st.just(UTC)))

# What can be pressed is bounded; most of what is drawn without a thought of the bounds would be refused.
words = st.from_regex(r"[a-z]{1,5}", fullmatch=True)
labels = st.text(min_size=1, max_size=20)
invocations = st.builds(
    Invocation,
    st.lists(words, min_size=1, max_size=2).map(tuple),
    st.dictionaries(words, st.text(max_size=2), max_size=2).map(lambda said: tuple(said.items())),
)
buttons = st.builds(Button, label=labels, invoke=invocations)
links = st.builds(LinkButton, label=labels)
options = st.lists(st.from_type(Option), min_size=1, max_size=3).map(tuple)
selects = st.builds(Select, label=labels, invoke=invocations, options=options)
st.register_type_strategy(Invocation, invocations)
st.register_type_strategy(Actions, st.builds(Actions, st.lists(buttons | links | selects, max_size=3).map(tuple)))


def few(kind: type) -> st.SearchStrategy[Any]:
    """Up to two of them: each holds a good deal, and what is drawn together has bounds."""
    return st.lists(st.from_type(kind), max_size=2).map(tuple)


st.register_type_strategy(Digest, st.builds(Digest, analyses=few(Analysis), updates=few(Update), coming=few(Coming)))


def through(column_type: Any, value: Any) -> Any:
    """The value after a stay in a column, the same in both dialects."""
    has_way_out = type(column_type).process_result_value is not TypeDecorator.process_result_value
    outs = []
    for dialect in DIALECTS:
        kept = column_type.process_bind_param(value, dialect)
        outs.append(column_type.process_result_value(kept, dialect) if has_way_out else kept)
    return outs[0]


@pytest.mark.parametrize(
    ("column", "kind"), [(analyses.c.body, Analysis), (digests.c.body, Digest), (deliveries.c.document, Document)]
)
@given(data=st.data())
@settings(max_examples=25, deadline=None)
def test_a_whole_value_comes_back_equal(column: Any, kind: type, data: st.DataObject) -> None:
    value = data.draw(st.from_type(kind))
    back = through(column.type, value)
    assert back == value


@given(st.datetimes(timezones=st.timezones()))
def test_a_time_comes_back_in_utc_to_the_microsecond(moment: datetime) -> None:
    try:
        expected = moment.astimezone(UTC)
    except OverflowError:  # the first and last day of the calendar, seen from elsewhere
        return
    back = through(Instant(), moment)
    assert back == expected
    assert back.tzinfo is UTC


@given(st.timedeltas())
def test_a_length_of_time_comes_back_equal(span: timedelta) -> None:
    if span < timedelta(days=10**8):
        assert through(Span(), span) == span


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_outside_text_keeps_all_that_a_database_takes(words: str) -> None:
    assert through(OutsideText(), words) == words.replace("\0", "\ufffd")


@given(st.text(st.characters(categories=["Cs", "Ll", "Cc"])))
def test_outside_text_is_always_storable(words: str) -> None:
    kept = storable(words)
    assert len(kept) == len(words)
    assert "\0" not in kept
    assert kept.encode().decode() == kept


@given(st.integers(0, 10_000))
def test_a_vector_keeps_its_direction(seed: int) -> None:
    vector = new_vector(seed)
    back = through(HalfVector(), vector)
    assert len(HalfVector().process_bind_param(vector, DIALECTS[0]) or b"") == 768
    assert back.dtype == np.float32
    assert np.linalg.norm(back) == pytest.approx(1, abs=1e-6)
    assert float(vector @ back) > 0.99999


def test_a_vector_of_another_length_is_refused() -> None:
    with pytest.raises(ValueError, match="384"):
        HalfVector().process_bind_param(np.ones(383, dtype=np.float32), DIALECTS[0])


@pytest.fixture
async def both(sqlite_url: str, postgresql_url: str) -> AsyncIterator[tuple[SqlDatabase, SqlDatabase]]:
    async with open_database(sqlite_url) as one, open_database(postgresql_url) as other:
        yield one, other


async def test_both_databases_answer_the_same(both: tuple[SqlDatabase, SqlDatabase]) -> None:
    """One week of a community's life, replayed into each: every answer equal, down to ids, order and vectors."""
    feeds = [f"https://outlet{number}.example/feed" for number in range(3)]
    article = new_article
    first, second = (
        [article_fields(number) for number in range(4)],
        [article_fields(number) for number in range(4, 7)],
    )

    async def live(tx: SqlTransaction) -> list[object]:
        schedule = await add_schedule(tx, GUILD)
        await tx.communities.set_role(GUILD, MemberId("u"), Role.EDITOR)
        ids = [await add_feed(tx, url=url, title=url, outlet=new_outlet()) for url in feeds]
        private = await add_feed(tx, url="https://private.example/", title="p", outlet=new_outlet(), owner=GUILD)
        common = await tx.articles.add_many([article(ids[0], **fields) for fields in first])
        own = await tx.articles.add_many([article(private, owner=GUILD, **fields) for fields in second])
        await tx.articles.seen_in(COMMON, common[0], ids[1], ["more"])
        await tx.articles.revise(COMMON, common[1], title="New", summary="s", content="c", at=NOON)
        await tx.articles.set_score(
            COMMON, common[2], relevance=1 / 3, mentions_ai=True, reasons=["a"], vector=new_vector(3)
        )
        await tx.articles.withdraw(COMMON, common[3], "retracted", NOON)
        story = await add_story(tx, *common)
        other = await add_story(tx, *own, owner=GUILD, relevance=0.1 + 0.2)
        await tx.stories.merge(story, other, NOON + timedelta(microseconds=1))
        analysis = new_analysis(story, common[0])
        await tx.analyses.put(COMMON, new_key(story), analysis)
        digest = await tx.digests.put(schedule, NOON, new_digest(GUILD, analysis), DigestState.APPROVED)
        assert digest is not None
        delivery = await tx.deliveries.queue(GUILD, schedule.destination, new_document(), digest=digest)
        await tx.feeds.record(COMMON, ids[2], new_record())
        answers: list[object] = []
        for viewer in (COMMON, GUILD, STUDIO):
            answers += [
                await tx.feeds.visible(viewer),
                sorted(await tx.articles.get(viewer, [*common, *own]), key=lambda found: found.id),
                {key: value.tolist() for key, value in (await tx.articles.vectors(viewer, common)).items()},
                await tx.articles.revisions(viewer, common[1]),
                await tx.stories.get(viewer, other),
                await tx.stories.published(viewer, NOON - timedelta(days=1), NOON + timedelta(days=1)),
                await tx.stories.updated(viewer, NOON),
                await tx.analyses.find(viewer, new_key(story)),
            ]
        queued = await tx.deliveries.get(GUILD, delivery)
        assert queued is not None
        return [
            *answers,
            await tx.stories.window(NOON - timedelta(days=1)),
            await tx.digests.get(GUILD, digest),
            await tx.digests.posted(GUILD, schedule.destination),
            replace(queued, queued_at=NOON),
        ]

    lives = []
    for database in both:
        async with database.begin() as tx:
            lives.append(await live(tx))
    assert lives[0] == lives[1]


def article_fields(number: int) -> dict[str, Any]:
    return {
        "keys": (f"k{number}",),
        "url": f"https://outlet.example/{number}",
        "title": f"Title {number}",
        "summary": "ÄÖÜ \N{GRINNING FACE}",
        "published": NOON + timedelta(hours=number, microseconds=number),
    }


def test_rows_that_hold_the_same_document_come_back_with_the_very_same_one() -> None:
    """Thousands of places get one digest: it is read once, and drawn once."""
    column: Any = deliveries.c.document.type
    document, dialect = new_document(), DIALECTS[0]
    first, second = (column.process_bind_param(each, dialect) for each in (document, replace(document)))
    one, other = (column.process_result_value(each, dialect) for each in (first, second))
    assert one is other
    assert one == document
    different = column.process_bind_param(replace(document, summary="another"), dialect)
    assert column.process_result_value(different, dialect).summary == "another"


def test_documents_with_files_are_not_kept_in_mind() -> None:
    column: Any = deliveries.c.document.type
    document, dialect = replace(new_document(), files=(File("a.png", "image/png", bytes(100_000)),)), DIALECTS[0]
    kept = column.process_bind_param(document, dialect)
    one, other = (column.process_result_value(kept, dialect) for _ in range(2))
    assert one == other == document
    assert one is not other
