"""A community's own taste: bounded, monotone, reversible, and its own."""

from __future__ import annotations

import math
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.article import Article, ArticleId
from bot.core.desk.taste import FARTHEST, MOST_AGAINST, Opinion, Taste, story_terms, taste_of
from bot.core.feed import FeedId
from bot.core.story import Coverage, Member, Story, StoryId
from tests.factories import NOON, new_article

LINE = 0.51
WORDS = ("nurse", "game", "actor", "strike", "writer", "ai")
COMMON_WORDS = {"strike", "writer", "ai"}


def rarity(term: str) -> float:
    return 1.0 if any(word.startswith(term) for word in COMMON_WORDS) else 5.0


def taste(*opinions: Opinion) -> Taste:
    return taste_of(opinions, threshold=LINE, rarity=rarity)


def opinion(story: int, *, relevant: bool = False, relevance: float = 0.9, terms: tuple[str, ...] = ()) -> Opinion:
    return Opinion(story=StoryId(story), relevant=relevant, relevance=relevance, terms=terms, at=NOON)


def coverage(number: int, *titles: str, relevance: float = 0.9, ai: bool = True) -> Coverage:
    members = tuple(
        Member(article=_article(at, title, relevance=relevance, mentions_ai=ai)) for at, title in enumerate(titles, 1)
    )
    story = Story(
        id=StoryId(number),
        owner=None,
        version=1,
        relevance=relevance,
        relevant=ai and relevance >= LINE,
        first_seen=NOON,
        last_updated=NOON,
    )
    return Coverage(story=story, members=members)


def _article(number: int, title: str, **fields: Any) -> Article:
    new = new_article(FeedId(1), title=title)
    held = {name: getattr(new, name) for name in new.__dataclass_fields__}
    return Article(**held, id=ArticleId(number), **fields)


def test_without_feedback_the_shared_decision_stands() -> None:
    assert taste().judge(coverage(1, "AI strike")) == taste().judge(coverage(2, "AI strike", relevance=0.52))
    assert taste().judge(coverage(1, "AI strike")).reasons == ()
    assert not taste().admits(coverage(1, "Strike", relevance=0.9, ai=False))
    assert not taste().admits(coverage(1, "AI strike", relevance=0.5))
    assert taste().least == LINE


def test_a_story_that_was_named_follows_the_communitys_word() -> None:
    hidden, wanted = coverage(1, "AI strike", relevance=0.99), coverage(2, "Walnuts", relevance=0.01, ai=False)
    own = taste(opinion(1), opinion(2, relevant=True, relevance=0.01))
    assert [own.admits(hidden), own.admits(wanted)] == [False, True]
    assert own.judge(hidden).reasons == ("this story was called not relevant here",)
    assert own.wanted == (2,)


def test_not_relevant_asks_more_of_stories_near_the_line_and_says_so() -> None:
    near = coverage(9, "AI at work", relevance=0.55)
    own = taste(opinion(1, relevance=0.52), opinion(2, relevance=0.53))
    assert not own.admits(near)
    assert own.judge(near).reasons == ("feedback here asks for a probability of 0.61, more than the usual 0.51",)
    assert own.admits(coverage(9, "AI at work", relevance=0.7))


def test_relevant_lets_in_what_nearly_was_if_it_speaks_of_ai() -> None:
    own = taste(opinion(1, relevant=True, relevance=0.45), opinion(2, relevant=True, relevance=0.5))
    assert own.admits(coverage(9, "AI at work", relevance=0.45))
    assert not own.admits(coverage(9, "A strike", relevance=0.45, ai=False))
    assert not own.admits(coverage(9, "AI at work", relevance=0.2))
    assert own.least < 0.45


def test_a_term_counts_against_from_the_second_story_on_unless_it_was_wanted_too() -> None:
    nurses = coverage(9, "AI nurses", relevance=0.7)
    once = taste(opinion(1, relevance=0.999, terms=("ai", "nurse")))
    twice = taste(*(opinion(n, relevance=0.999, terms=("ai", "nurse")) for n in (1, 2, 3)))
    assert once.admits(nurses)
    assert not twice.admits(nurses)
    assert twice.admits(coverage(9, "AI actors", relevance=0.7)), "what every story speaks of counts against none"
    assert "counts against nurse" in " ".join(twice.judge(nurses).reasons)
    again = [opinion(n, relevant=True, relevance=0.999, terms=("nurse",)) for n in (4, 5)]
    assert taste(*(opinion(n, relevance=0.999, terms=("ai", "nurse")) for n in (1, 2, 3)), *again).admits(nurses)


def test_the_terms_of_a_story_are_those_of_a_third_of_its_titles() -> None:
    story = coverage(1, "Nurses reject AI rota", "Nurses say no to AI", "Hospital AI: nurses object", "Nurses v. AI")
    assert story_terms(story) == ("ai", "nurse")


OPINIONS = st.lists(
    st.builds(
        opinion,
        st.integers(1, 30),
        relevant=st.booleans(),
        relevance=st.floats(0, 1),
        terms=st.lists(st.sampled_from(WORDS), max_size=4).map(tuple),
    ),
    max_size=25,
)
STORIES = st.builds(
    coverage,
    st.integers(31, 60),
    st.lists(st.sampled_from(WORDS), min_size=1, max_size=5).map(" ".join),
    relevance=st.floats(0, 1),
    ai=st.booleans(),
)


@given(OPINIONS, STORIES)
def test_however_much_is_said_the_line_moves_within_bounds(said: list[Opinion], story: Coverage) -> None:
    own = taste(*said)
    assert abs(own.shift) <= FARTHEST
    line = math.log(LINE / (1 - LINE))
    sure, hopeless = line + FARTHEST + MOST_AGAINST, line - FARTHEST
    logit = math.log(max(story.story.relevance, 1e-9) / max(1 - story.story.relevance, 1e-9))
    if story.story.relevant and logit > sure:
        assert own.admits(story)
    if logit < hopeless:
        assert not own.admits(story)


@given(OPINIONS, STORIES, st.floats(0, 1), st.lists(st.sampled_from(WORDS), max_size=4).map(tuple))
def test_one_more_word_moves_it_one_way_only(
    said: list[Opinion], story: Coverage, relevance: float, terms: tuple[str, ...]
) -> None:
    own = taste(*said)
    stricter = taste(*said, opinion(61, relevance=relevance, terms=terms))
    laxer = taste(*said, opinion(61, relevant=True, relevance=relevance, terms=terms))
    assert own.admits(story) >= stricter.admits(story)
    assert own.admits(story) <= laxer.admits(story)


@given(OPINIONS, STORIES)
def test_every_story_that_is_admitted_is_among_those_looked_up(said: list[Opinion], story: Coverage) -> None:
    """`least` and `wanted` are what the store is asked for, besides what the shared decision takes."""
    own = taste(*said)
    if own.admits(story) and not story.story.relevant:
        assert story.story.relevance >= own.least - 1e-9 or story.story.id in own.wanted


@given(OPINIONS, st.randoms(use_true_random=False))
def test_the_order_does_not_matter_and_the_last_word_on_a_story_counts(said: list[Opinion], random: Any) -> None:
    shuffled = list(said)
    random.shuffle(shuffled)
    once = {one.story: one for one in said}
    assert taste(*once.values()) == taste(*sorted(once.values(), key=lambda one: repr(one)))
    later = [
        Opinion(story=one.story, relevant=True, relevance=0.6, terms=(), at=one.at + timedelta(hours=1))
        for one in once.values()
    ]
    assert taste(*shuffled, *later) == taste(*later)


@pytest.mark.parametrize("relevance", [0.0, 1.0])
def test_a_story_that_is_sure_beyond_doubt_breaks_nothing(relevance: float) -> None:
    taste(opinion(1, relevance=relevance)).judge(coverage(2, "AI", relevance=relevance))
