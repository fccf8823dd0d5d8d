"""Whether a story has moved since it was told, and what is new of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import numpy as np
from numpy.typing import NDArray

from bot.core.analysis import Claim, Evidence, EvidenceId, Paragraph, Source
from bot.core.article import Article, ArticleId
from bot.core.community import COMMON
from bot.core.feed import FeedId, Outlet
from bot.core.movement import Told, movers, update_of
from bot.core.story import Coverage, Member, Story, StoryId
from tests.factories import NOON, new_analysis, new_article

WALKOUT = (
    "Screenwriters strike over AI scripts at Orbit Pictures",
    "Screenwriters at Orbit Pictures walked out on Monday over the studio's use of artificial intelligence to draft"
    " scripts. The guild said 400 screenwriters joined the strike.",
)
AGAIN = (
    "Orbit Pictures screenwriters walk out over AI scripts",
    "About 400 screenwriters at Orbit Pictures went on strike on Monday over artificial intelligence that drafts"
    " scripts, their guild said.",
)
VOTE = (
    "Orbit Pictures screenwriters ratify contract with limits on AI",
    "Members approved a three-year contract with limits on artificial intelligence on Thursday.",
)


def article(number: int, told: tuple[str, str], *, outlet: str | None = None, owner: str | None = None) -> Article:
    new = new_article(
        FeedId(1),
        title=told[0],
        summary=told[1],
        published=NOON + timedelta(hours=number),
        outlet=Outlet(name=outlet or f"Outlet {number}", owner=owner),
    )
    held = {name: getattr(new, name) for name in new.__dataclass_fields__}
    return Article(**held, id=ArticleId(number))


def coverage(*articles: Article, copies: tuple[int, ...] = ()) -> Coverage:
    story = Story(
        id=StoryId(1), owner=COMMON, version=2, relevance=0.9, relevant=True, first_seen=NOON, last_updated=NOON
    )
    members = (Member(article=one, copy_of=ArticleId(1) if one.id in copies else None) for one in articles)
    return Coverage(story=story, members=tuple(members))


def told(*articles: Article) -> list[Told]:
    sources = tuple(
        Source(
            article=one.id,
            outlet=one.outlet.name,
            owner=one.outlet.owner,
            title=one.title,
            url=one.url,
            published=one.published,
        )
        for one in articles
    )
    return [Told(at=NOON, analysis=new_analysis(StoryId(1), articles[0].id, sources=sources))]


FIRST = article(1, WALKOUT)


def moved_by(told_: list[Told], now: Coverage, **vectors: NDArray[np.float32]) -> tuple[int, ...]:
    return movers(told_, now, {ArticleId(int(name[1:])): vector for name, vector in vectors.items()})


def test_other_words_for_the_same_do_not_move_a_story_and_a_new_number_does() -> None:
    """The vectors of two reports say whether they mean the same."""
    same, other = np.array([1, 0], np.float32), np.array([0.6, 0.8], np.float32)
    now = coverage(FIRST, article(2, VOTE))
    assert moved_by(told(FIRST), now, a1=same, a2=same) == ()
    assert moved_by(told(FIRST), now, a1=same, a2=other) == (2,)
    counted = coverage(FIRST, article(2, ("900 screenwriters now out at Orbit Pictures", AGAIN[1])))
    assert moved_by(told(FIRST), counted, a1=same, a2=same) == (2,)


def test_a_report_of_something_else_moves_a_story() -> None:
    assert moved_by(told(FIRST), coverage(FIRST, article(2, VOTE))) == (ArticleId(2),)


def test_one_more_outlet_that_says_the_same_does_not() -> None:
    assert moved_by(told(FIRST), coverage(FIRST, article(2, AGAIN))) == ()


def test_a_story_that_stands_as_it_was_told_has_not_moved() -> None:
    assert moved_by(told(FIRST), coverage(FIRST)) == ()


def test_a_copy_never_moves_a_story() -> None:
    assert moved_by(told(FIRST), coverage(FIRST, article(2, VOTE), copies=(2,))) == ()


def test_a_number_that_no_told_report_has_is_news_in_a_title() -> None:
    more = ("Strike at Orbit Pictures over AI scripts: 900 screenwriters out", AGAIN[1])
    assert moved_by(told(FIRST), coverage(FIRST, article(2, more))) == (ArticleId(2),)


def test_many_more_independent_outlets_move_a_story_and_sisters_do_not() -> None:
    two, three = article(2, AGAIN), article(3, AGAIN)
    assert moved_by(told(FIRST), coverage(FIRST, two, three)) == (ArticleId(3), ArticleId(2))
    sisters = [article(number, AGAIN, owner="One Group") for number in (2, 3, 4)]
    assert moved_by(told(FIRST), coverage(FIRST, *sisters)) == ()
    assert moved_by(told(FIRST, two, three), coverage(FIRST, two, three, article(4, AGAIN), article(5, AGAIN))) == ()


def test_what_was_told_in_an_earlier_update_is_known() -> None:
    vote = article(2, VOTE)
    assert moved_by([*told(FIRST), *told(vote)], coverage(FIRST, vote)) == ()


def test_an_update_holds_the_sentences_of_the_reports_that_moved_it() -> None:
    old = Claim(text="The guild said 400 joined.", evidence=(EvidenceId(1),))
    new = Claim(text="Members approved a three-year contract.", evidence=(EvidenceId(2),))
    known = Claim(text="The talks resumed on Monday.", evidence=(EvidenceId(3),))
    analysis = replace(
        new_analysis(StoryId(1), ArticleId(1)),
        deck=None,
        told=(Paragraph(claims=(old, new)), Paragraph(claims=(known,))),
        why=(new,),
        evidence=(
            Evidence(id=EvidenceId(1), article=ArticleId(1), sentence="The guild said 400 joined the strike."),
            Evidence(id=EvidenceId(2), article=ArticleId(2), sentence="Members approved a three-year contract."),
            Evidence(id=EvidenceId(3), article=ArticleId(2), sentence="The talks resumed on Monday."),
        ),
    )
    update = update_of(told(FIRST), [ArticleId(2)], analysis)
    assert update.claims == (new,), "not what the told report said, nor what was told in the same words"
    assert (update.told, update.articles, update.words) == (NOON, (ArticleId(2),), 5)
