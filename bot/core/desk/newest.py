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
from bot.core.desk.tracking import NewTrackedItem, Report, announced_act, outcome
from bot.core.story import StoryId

OPENING = 2
"""So many first sentences of an article, and its title, say what it is news of: only what they announce can turn a
story. What a report mentions further down may be another story's."""

WAVE = timedelta(hours=12)
"""Reports of one turn come out within this time; whose words happen to be compared first plays no part."""

_TO_COME = re.compile(r"^(?P<who>(?:[^\s,;:]+\s){1,7}?)to\s(?=[a-z])")
"""Headlines leave "are" out: "Screenwriters to vote"."""
_FORETELLS = re.compile(
    r"\b(?:recommends?|threatens?(?:\sto)?|poised\s(?:to|for)|brac(?:es?|ing)\sfor|prepar(?:es?|ing)\s(?:to|for)"
    r"|on\sthe\s(?:verge|brink|edge|cusp)\sof|prospect\sof|ready\sto|gear(?:s|ing)?\sup\s(?:to|for)|nears?|could|may)\b",
    re.IGNORECASE,
)
_LOOMS = re.compile(r"\b(?:looms?|looming|imminent|in\ssight)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Newest:
    """`titles` and `candidates` are the overtaken ones' places in the reading; `behind` are candidates that await, in
    other words, an act on which the story turned: too unlike any report to be surely overtaken, but nothing to lead
    with. `turned` is when the last report came that overtook a title or an opening, None where none did."""

    titles: frozenset[int] = frozenset()
    candidates: frozenset[int] = frozenset()
    behind: frozenset[int] = frozenset()
    turned: datetime | None = None
    early: frozenset[ArticleId] = frozenset()  # published before the wave of reports of the turn


def newest_state(reading: Reading) -> Newest:
    """What later reports of a story have overtaken. Pairs of an announcement and a later report are compared, both
    bounded by the number of candidates."""
    articles = {member.article.id: member.article for member in reading.coverage.members}
    reports = _reports(reading.candidates, articles)
    titles = [_plan(title, headline=True) for title in reading.titles]
    texts = [_plan(candidate.text) for candidate in reading.candidates]
    headed: dict[int, datetime] = {}
    for number, source in enumerate(reading.sources):
        if (moment := _overtaken(titles[number], articles[source.article], reports)) is not None:
            headed[number] = moment
    told: dict[int, datetime] = {}
    for number, candidate in enumerate(reading.candidates):
        if (moment := _overtaken(texts[number], articles[candidate.article], reports)) is not None:
            told[number] = moment
    acts = {plan.act for plan in (*(titles[number] for number in headed), *(texts[number] for number in told))}
    opening = (moment for number, moment in told.items() if reading.candidates[number].order < OPENING)
    turned = max((*headed.values(), *opening), default=None)
    return Newest(
        titles=frozenset(headed),
        candidates=frozenset(told),
        behind=frozenset(
            number
            for number, plan in enumerate(texts)
            if plan.act is not None and plan.act in acts and number not in told
        ),
        turned=turned,
        early=frozenset(id_ for id_, one in articles.items() if turned is not None and turned - one.published > WAVE),
    )


@dataclass(frozen=True, slots=True)
class _Plan:
    """A title or sentence, and the act it announces (`tracking.announced_act`), None where it announces none."""

    claim: str
    act: int | None


def _plan(text: str, *, headline: bool = False) -> _Plan:
    """Read with "will" where something else stands for it, so that what is awaited can be told as from a plain plan."""
    claim = _TO_COME.sub(r"\g<who>will ", text) if headline else text
    if plain := _FORETELLS.search(claim):
        claim = f"{claim[: plain.start()]}will {claim[plain.end() :].lstrip()}"
    elif _LOOMS.search(claim):
        claim = f"will {claim}"
    return _Plan(claim, announced_act(claim))


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


def _overtaken(plan: _Plan, article: Article, reports: Sequence[Report]) -> datetime | None:
    """When the first later report of what the plan announces came."""
    if plan.act is None:
        return None
    awaited = NewTrackedItem(
        story=StoryId(0),  # none is stored
        owner=article.owner,
        claim=plan.claim,
        article=article.id,
        sentence=plan.claim,
        due=None,
        since=article.published,
        heard=article.published,
    )
    return next((report.published for report in reports if outcome(awaited, report) is not None), None)
