"""The newest state of a story: what of it was announced first and reported as done, or put off, later.

A story of several days begins with what is to come ("Screenwriters to vote on a strike") and goes on to what came of
it. Joining keeps both, and the earlier reports are often the more central ones, so without this the analysis of a
finished vote would be headed by its announcement. A title or a sentence that looks ahead is *overtaken* when a later
article reports the awaited act, by the same cautious reading that settles tracked items (`bot.core.desk.tracking`).
Overtaken sentences are not shown as what happened or what to watch; and since the story has *turned* with that report,
its headline and lead come rather from what was published since.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.core.article import Article, ArticleId
from bot.core.desk.reading import Candidate, Reading
from bot.core.desk.tracking import NewTrackedItem, Report, looks_ahead, outcome
from bot.core.story import StoryId

OPENING = 2
"""So many first sentences of an article, and its title, say what it is news of: only what they announce can turn a
story. What a report mentions further down may be another story's."""

WAVE = timedelta(hours=12)
"""Reports of one turn come out within this time; whose words happen to be compared first plays no part."""

_TO_COME = re.compile(r"^(?P<who>(?:[^\s,;:]+\s){1,7}?)to\s(?=[a-z])")
"""Headlines leave "are" out: "Screenwriters to vote"."""


@dataclass(frozen=True, slots=True)
class Newest:
    """`titles` and `candidates` are the overtaken ones' places in the reading; `turned` is when the last report came
    that overtook a title or an opening, None where none did."""

    titles: frozenset[int] = frozenset()
    candidates: frozenset[int] = frozenset()
    turned: datetime | None = None
    early: frozenset[ArticleId] = frozenset()  # published before the wave of reports of the turn


def newest_state(reading: Reading) -> Newest:
    """What later reports of a story have overtaken. Pairs of an announcement and a later report are compared, both
    bounded by the number of candidates."""
    articles = {member.article.id: member.article for member in reading.coverage.members}
    titles = [articles[source.article] for source in reading.sources]
    story = reading.coverage.story.id
    reports = _reports(reading.candidates, articles)
    headed = {
        number: moment
        for number, (title, article) in enumerate(zip(reading.titles, titles, strict=True))
        if (moment := _overtaken(_spelled_out(title), article, story, reports)) is not None
    }
    told = {
        number: moment
        for number, candidate in enumerate(reading.candidates)
        if (moment := _overtaken(candidate.text, articles[candidate.article], story, reports)) is not None
    }
    opening = (moment for number, moment in told.items() if reading.candidates[number].order < OPENING)
    turned = max((*headed.values(), *opening), default=None)
    early = frozenset(id_ for id_, one in articles.items() if turned is not None and turned - one.published > WAVE)
    return Newest(titles=frozenset(headed), candidates=frozenset(told), turned=turned, early=early)


def _reports(candidates: Sequence[Candidate], articles: dict[ArticleId, Article]) -> list[Report]:
    reports = [
        Report(
            article=candidate.article,
            published=articles[candidate.article].published,
            title=articles[candidate.article].title,
            sentence=candidate.evidence,
        )
        for candidate in candidates
    ]
    return sorted(reports, key=lambda report: (report.published, report.article))


def _overtaken(claim: str, article: Article, story: StoryId, reports: Sequence[Report]) -> datetime | None:
    """When the first later report of what the claim announces came."""
    if not looks_ahead(claim):
        return None
    awaited = NewTrackedItem(
        story=story,
        owner=article.owner,
        claim=claim,
        article=article.id,
        sentence=claim,
        due=None,
        since=article.published,
        heard=article.published,
    )
    return next((report.published for report in reports if outcome(awaited, report) is not None), None)


def _spelled_out(title: str) -> str:
    return _TO_COME.sub(r"\g<who>will ", title)
