"""Joining: one event is one story, two events are two, and private articles stay private."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from adapters.models.embedder import MiniLmEmbedder
from adapters.models.shipped import new_story_index
from bot.core.article import ArticleId
from bot.core.community import COMMON, CommunityId, Viewer
from bot.core.desk.lead import lead
from bot.core.desk.relevance import Judged
from bot.core.desk.story_index import Copied, Found, Join, JoinFacts, Merge, StoryIndex
from bot.core.story import StoryId

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
ONE, OTHER = CommunityId("discord:1"), CommunityId("slack:2")
EMBEDDER = MiniLmEmbedder()

ORBIT = [
    ("Orbit Pictures lays off 240 animators and cites AI tools", "The studio said on Monday that 240 people would go."),
    (
        "AI blamed as Orbit Pictures cuts 240 animation jobs",
        "Orbit Pictures is cutting 240 animators, the studio said.",
    ),
]
LUMEN = (
    "Lumen Games lays off 90 artists as it turns to AI",
    "Lumen Games told staff on Monday that 90 artists would go.",
)


def facts(
    number: int, article: tuple[str, str], *, owner: Viewer = COMMON, after: timedelta = timedelta(0)
) -> JoinFacts:
    title, text = article
    return JoinFacts(
        id=ArticleId(number),
        owner=owner,
        outlet=f"Outlet {number}",
        title=title,
        text=text,
        published=NOON + after,
        vector=EMBEDDER.embed_now([lead(title, text).text])[0],
        judged=Judged(relevance=0.9, ai=True, reasons=()),
    )


@pytest.fixture
def index() -> StoryIndex:
    return new_story_index()


def test_a_second_report_joins_the_first(index: StoryIndex) -> None:
    index.add(StoryId(1), COMMON, facts(1, ORBIT[0]))
    placed = index.place(facts(2, ORBIT[1], after=timedelta(hours=3)))
    assert isinstance(placed, Join)
    assert (placed.story, placed.copy_of) == (StoryId(1), None)


def test_two_layoffs_at_two_companies_are_two_stories(index: StoryIndex) -> None:
    index.add(StoryId(1), COMMON, facts(1, ORBIT[0]))
    index.add(StoryId(1), COMMON, facts(2, ORBIT[1]))
    assert isinstance(index.place(facts(3, LUMEN)), Found)


def test_an_earlier_report_that_arrives_late_joins_all_the_same(index: StoryIndex) -> None:
    index.add(StoryId(1), COMMON, facts(2, ORBIT[1]))
    placed = index.place(facts(1, ORBIT[0], after=-timedelta(hours=9)))
    assert isinstance(placed, Join)


def test_a_wire_copy_is_recognised(index: StoryIndex) -> None:
    index.add(StoryId(1), COMMON, facts(1, ORBIT[0]))
    placed = index.place(facts(2, ORBIT[0], after=timedelta(hours=1)))
    assert isinstance(placed, Join)
    assert placed.copy_of == ArticleId(1)


def test_an_article_that_is_placed_again_does_not_find_itself(index: StoryIndex) -> None:
    index.add(StoryId(1), COMMON, facts(1, ORBIT[0]))
    assert isinstance(index.place(facts(1, ORBIT[0])), Found)


def test_a_private_article_joins_a_common_story_and_leaves_it_as_it_was(index: StoryIndex) -> None:
    index.add(StoryId(1), COMMON, facts(1, ORBIT[0]))
    before = index.place(facts(3, ORBIT[1]))
    private = facts(2, LUMEN, owner=ONE)
    index.add(StoryId(1), COMMON, private)
    assert index.place(facts(3, ORBIT[1])) == before
    assert isinstance(index.place(facts(4, LUMEN)), Found)
    assert len(index.judged(StoryId(1))) == 1


def test_a_private_story_is_seen_by_its_owner_only(index: StoryIndex) -> None:
    index.add(StoryId(1), ONE, facts(1, ORBIT[0], owner=ONE))
    assert isinstance(index.place(facts(2, ORBIT[1], owner=ONE)), Join)
    assert isinstance(index.place(facts(3, ORBIT[1], owner=OTHER)), Found)
    assert isinstance(index.place(facts(4, ORBIT[1])), Found)


def test_a_private_copy_is_never_named_as_the_original_of_a_common_article(index: StoryIndex) -> None:
    index.add(StoryId(1), COMMON, facts(1, ORBIT[1]))
    index.add(StoryId(1), COMMON, facts(2, ORBIT[0], owner=ONE))
    placed = index.place(facts(3, ORBIT[0], after=timedelta(hours=1)))
    assert isinstance(placed, Join)
    assert placed.copy_of is None


def test_a_story_out_of_the_window_is_forgotten(index: StoryIndex) -> None:
    index.add(StoryId(1), COMMON, facts(1, ORBIT[0]))
    index.forget_before(NOON + timedelta(days=20))
    assert len(index) == 0
    assert index.story_of(ArticleId(1)) is None
    assert isinstance(index.place(facts(2, ORBIT[1])), Found)


def test_merged_stories_go_on_as_one(index: StoryIndex) -> None:
    index.add(StoryId(1), COMMON, facts(1, ORBIT[0]))
    index.add(StoryId(2), COMMON, facts(2, ORBIT[1]))
    index.merge(StoryId(1), StoryId(2))
    assert index.story_of(ArticleId(2)) == StoryId(1)
    assert len(index) == 1


def test_a_merge_brings_wire_copies_to_light(index: StoryIndex) -> None:
    """Article 4 repeats article 1's text in the other story; article 3 was known to repeat 2's, and still does."""
    for story, number, article in ((1, 1, ORBIT[0]), (2, 2, LUMEN), (2, 3, LUMEN), (2, 4, ORBIT[0])):
        index.add(StoryId(story), COMMON, facts(number, article, after=timedelta(hours=number)))
    found = index.merge(StoryId(1), StoryId(2))
    assert found == (Copied(article=ArticleId(4), owner=COMMON, copy_of=ArticleId(1)),)


def test_a_merge_names_the_earliest_original(index: StoryIndex) -> None:
    """Both stories held the same wire text: the copies of the later one are copies of the earliest."""
    for story, number in ((2, 1), (1, 2), (1, 3), (2, 4)):
        index.add(StoryId(story), COMMON, facts(number, ORBIT[0], after=timedelta(hours=number)))
    found = {copy.article: copy.copy_of for copy in index.merge(StoryId(1), StoryId(2))}
    assert found == {ArticleId(2): ArticleId(1), ArticleId(3): ArticleId(1)}


def test_a_private_copy_is_no_original_of_a_common_one(index: StoryIndex) -> None:
    index.add(StoryId(1), COMMON, facts(1, LUMEN))
    index.add(StoryId(1), COMMON, facts(2, ORBIT[0], owner=ONE))
    index.add(StoryId(2), COMMON, facts(3, ORBIT[0], after=timedelta(hours=1)))
    assert index.merge(StoryId(1), StoryId(2)) == ()


STRIKE = [
    ("Harbour pilots walk out in Port Ellery after talks fail", "Harbour pilots in Port Ellery walked out on Tuesday."),
    ("Port Ellery: harbour pilots begin walkout", "Pilots in Port Ellery walked out when talks with the port failed."),
    ("Ships wait off Port Ellery as harbour pilots walk out", "The walkout of the harbour pilots began after talks."),
    ("Why Port Ellery's harbour pilots walked out", "Talks between the harbour pilots and the port had failed."),
]


def test_two_halves_of_one_event_become_one_story_under_the_older_name(index: StoryIndex) -> None:
    for number, article in enumerate(STRIKE):
        index.add(StoryId(7 if number % 2 else 3), COMMON, facts(number, article))
        index.add(StoryId(7 if number % 2 else 3), COMMON, facts(number + 10, article))
    placed = index.place(facts(99, STRIKE[0]))
    assert isinstance(placed, Join)
    assert placed.story == StoryId(3)
    assert placed.merges == (Merge(kept=StoryId(3), absorbed=StoryId(7)),)


def test_a_lone_report_is_absorbed_once_the_story_has_a_face(index: StoryIndex) -> None:
    index.add(StoryId(1), COMMON, facts(1, STRIKE[3]))
    for number in (2, 3, 4):
        index.add(StoryId(2), COMMON, facts(number, STRIKE[number - 2]))
    placed = index.place(facts(5, STRIKE[1]))
    assert isinstance(placed, Join)
    assert placed.merges == (Merge(kept=StoryId(1), absorbed=StoryId(2)),)


def test_a_member_that_no_longer_fits_is_let_go_when_the_story_has_doubled(index: StoryIndex) -> None:
    index.add(StoryId(1), COMMON, facts(1, LUMEN))
    index.add(StoryId(1), COMMON, facts(2, STRIKE[0]))
    index.add(StoryId(1), COMMON, facts(3, STRIKE[1]))
    placed = index.place(facts(4, STRIKE[2]))
    assert isinstance(placed, Join)
    assert placed.loose == (ArticleId(1),)
    assert not index.fits(facts(1, LUMEN), StoryId(1))
    assert index.fits(facts(2, STRIKE[0]), StoryId(1))


def test_the_next_story_of_a_saga_follows_the_last(index: StoryIndex) -> None:
    for number, article in enumerate(STRIKE):
        index.add(StoryId(1), COMMON, facts(number, article))
    later = ("Port Ellery and its harbour pilots agree to end the walkout", "A deal on pay was reached, the port said.")
    placed = index.place(facts(9, later, after=timedelta(days=30)), within=timedelta(days=10))
    assert placed == Found(follows=StoryId(1))


def test_an_empty_article_founds_a_story(index: StoryIndex) -> None:
    nothing = JoinFacts(
        id=ArticleId(9), owner=COMMON, outlet="", title="", text="", published=NOON,
        vector=np.zeros(384, dtype=np.float32), judged=Judged(relevance=0.0, ai=False, reasons=()),
    )  # fmt: skip
    assert isinstance(index.place(nothing), Found)
    index.add(StoryId(1), COMMON, nothing)
    assert isinstance(index.place(facts(1, ORBIT[0])), Found)
