"""Whatever an article says, the desk gates, judges and joins it without raising, in bounded time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.models.shipped import load_gate, load_relevance_model, new_story_index
from bot.core.article import ArticleId
from bot.core.community import COMMON
from bot.core.desk.lead import LEAD, lead
from bot.core.desk.story_index import Found, Join, JoinFacts
from bot.core.story import StoryId
from tests.guard import bounded_work

GATE, MODEL, INDEX = load_gate(), load_relevance_model(), new_story_index()
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
VECTOR = np.ones(384, dtype=np.float32) / np.float32(384**0.5)


def run(number: int, title: str, text: str, published: datetime = NOON) -> Join | Found:
    judged = MODEL.judge(title, text, GATE(title, text), VECTOR, VECTOR)
    assert 0 <= judged.relevance <= 1
    facts = JoinFacts(
        id=ArticleId(number), owner=COMMON, outlet="", title=title, text=text, published=published, vector=VECTOR,
        judged=judged,
    )  # fmt: skip
    placed = INDEX.place(facts)
    INDEX.add(placed.story if isinstance(placed, Join) else StoryId(number), COMMON, facts)
    return placed


@settings(max_examples=150, deadline=None)
@given(st.integers(1, 50), st.text(st.characters(), max_size=200), st.text(st.characters(), max_size=400))
def test_any_text_is_judged_and_joined(number: int, title: str, text: str) -> None:
    assert len(lead(title, text).text) <= 2 * LEAD + 2
    run(number, title, text)


@pytest.mark.parametrize("published", [datetime(1, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, tzinfo=UTC)])
def test_absurd_dates_are_joined(published: datetime) -> None:
    run(101, "Guild signs AI contract", "The guild signed.", published)
    INDEX.place(
        JoinFacts(
            id=ArticleId(102), owner=COMMON, outlet="", title="Guild signs AI contract", text="", published=NOON,
            vector=VECTOR, judged=MODEL.judge("", "", GATE("", ""), VECTOR, VECTOR),
        ),
        within=timedelta(days=10),
    )  # fmt: skip


@pytest.mark.parametrize(
    "piece", ["AI ", "word ", "A.", "$1,000,", "x", "A.B. ", "’s ", "v. ", "\ud800", "Name Name ", "https://a.b/ "]
)
def test_a_megabyte_takes_no_longer_than_a_moment(piece: str) -> None:
    huge = piece * (1_000_000 // len(piece))
    with bounded_work():
        run(201, huge, huge)
