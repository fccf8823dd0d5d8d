"""The extractive analysis: which outlet's sentence says what, chosen and placed, never reworded.

Candidates are scored for each part by the role they play, how central they are to the story (likeness to its titles
and opening sentences), how many independent outlets say the same, and how new they are beside what was chosen; an
outlet that was used gives way to one that was not. Sentences are taken in rounds, so that every part gets its best
one before any gets its second.

The extract budget is counted the strict way: all words of every distinct source sentence that stands behind a
claim, since "Show evidence" reveals them whole, and the headline's words for the article whose title it is. Titles
in the list of sources are not counted: they are the links' own names.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime

import numpy as np

from bot.core import strings
from bot.core.analysis import (
    EXTRACTIVE,
    Analysis,
    Claim,
    Disclosure,
    Evidence,
    EvidenceId,
    Outlook,
    Paragraph,
    Perspective,
    Side,
)
from bot.core.desk.headline import choose_title, fit
from bot.core.desk.outlook import is_observable
from bot.core.desk.quantities import numbers_differ, quantities
from bot.core.desk.reading import Reading
from bot.core.desk.roles import Role
from bot.core.desk.table import SAME, Matrix, Pick, Table, lay_out
from bot.core.desk.wording import content_words

ENGINE = EXTRACTIVE
SAME_DATE = 0.45
"""Likeness from which two sentences with one date speak of one event."""
LEAST_FRESH = 0.4
"""Share of new words from which a sentence adds to the story told so far."""
FIRST_SIDES = 4
"""Sides heard before the other parts take their turns; fewer where there are fewer articles to pay for them."""
SUBSTANCE = 0.05
"""What a name or number more is worth, up to four of them."""
CENTRAL_DECK = 0.45
"""Least likeness to the story of its deck."""
SPOKEN = 0.25
"""Least strength of the role "position" of what is shown as a side's view."""
LONGEST_DECK = 36
"""Words."""
MOST_TOLD = 5
"""Paragraphs of the story; a paragraph more may come from outlets that disagree."""
EARLY_TITLE, EARLY_LEAD = 0.15, 0.25
"""What a title, and a sentence that is to lead, loses for being from before the story turned (`newest`)."""
OVERTAKEN = 0.4
"""What a title loses that announces what has come to pass since."""


def choose(reading: Reading, vectors: Matrix, now: datetime) -> Analysis:
    """The analysis of a story.

    `vectors` are the unit rows for `reading.texts()`: shape (titles + candidates, 384). Deterministic; never raises
    for what articles say. `now` decides nothing but which dates are still ahead.
    """
    table = lay_out(reading, vectors)
    headline = _headline(table, vectors[: len(reading.titles)])
    told: list[Pick] = []
    why: list[Pick] = []
    background: list[Pick] = []
    watch: list[Pick] = []
    sides: dict[Side, Pick] = {}

    _append(told, table.best(_told(table), 0.2))
    deck = table.best(_deck(table), 0.55)
    while len(sides) < min(FIRST_SIDES, 1 + len(table.articles)) and _perspective(table, sides):
        pass
    for _ in range(3):
        _append(why, table.best(_why(table), 0.8))
        _append(background, table.best(_background(table), 0.75))
        _append(watch, table.best(_watch(table, watch), 0.75))
        _append(told, table.best(_told(table), 0.45))
        _perspective(table, sides)
    while len(sides) < len(Side) and _perspective(table, sides):
        pass
    while len(told) < MOST_TOLD and _append(told, table.best(_told(table), 0.5)):
        pass
    return _Assembly(table).analysis(headline, deck, _with_disagreement(table, told), why, background, sides, watch)


def _append(picks: list[Pick], pick: Pick | None) -> bool:
    if pick is None:
        return False
    picks.append(pick)
    return True


def _headline(table: Table, titles: Matrix) -> str:
    reading = table.reading
    centre = titles.mean(axis=0) if len(titles) else titles
    standing = [
        float(row @ centre)
        - EARLY_TITLE * (source.article in table.newest.early)
        - OVERTAKEN * (number in table.newest.titles)
        for number, (row, source) in enumerate(zip(titles, reading.sources, strict=True))
    ]
    usable = [
        "" if source.article in reading.unread else title
        for title, source in zip(reading.titles, reading.sources, strict=True)
    ]
    best = choose_title(usable, standing)
    if best is None:
        longest = max(reading.titles, key=len, default="")
        table.headline = fit(longest) if longest else strings.judging.UNTITLED
        return table.headline
    table.headline = fit(usable[best])
    table.spent[reading.sources[best].article] = len(table.headline.split())
    return table.headline


# --- scores -------------------------------------------------------------------------------------------------------


_EARLIER = re.compile(
    r"\b(?:previous(?:ly)?|earlier|formerly|originally|historically|already|former|began|founded|"
    r"used to|until now|since|last|ago|decades?|"
    r"in the past|over the past|following|after)\b|\b(?:in|since|of|from|during|"
    r"until)\s(?:\w+\s)?(?:19|20)\d\d\b|\bhad\s(?:\w+ly\s)?\w+(?:ed|en|wn|ne|ld)\b",
    re.IGNORECASE,
)
_CONSEQUENCE = re.compile(
    r"\b(?:could|may|might|would|threat\w*|risk\w*|means? that|implications?|consequences?|"
    r"precedents?|at stake|landmark|unprecedented|"
    r"rais\w+ (?:\w+ )?(?:questions|concerns|fears|alarm)|first (?:time|such|major|ruling|law|"
    r"contract|deal)|key (?:issue|item|demand)|sticking point|"
    r"underscor\w+|highlights?|signals? that|pressure|leverage|jobs|livelihoods?|fears?|"
    r"protect\w*|loopholes?|leaves?|allows?)\b",
    re.IGNORECASE,
)
_AHEAD = frozenset(("will", "is set to", "plans to", "time to come", "pending"))


def _told(table: Table) -> list[tuple[float, int]]:
    scored = []
    for index, candidate in enumerate(table.candidates):
        fresh = table.fresh(index)
        if candidate.quoted or fresh < LEAST_FRESH or table.overtaken(index):
            continue
        roles = candidate.roles
        other = max(roles[role] for role in Role if role is not Role.HAPPENED)
        score = 1.3 * float(table.central[index]) + 0.1 * min(int(table.support[index]), 3) + 0.15 * fresh
        score += 0.35 * (min(roles[Role.HAPPENED], 0.8) - 0.5) - 0.3 * max(0.0, other - max(roles[Role.HAPPENED], 0.5))
        score -= 0.01 * min(candidate.order, 20) + 0.8 * table.echo(index)
        if table.numbers_known(index):
            score -= 0.2
        if not table.shown and (table.early(index) or not table.may_lead(index)):
            score -= EARLY_LEAD
        score += SUBSTANCE * min(table.substance(index) - 2, 2)
        if table.shown and candidate.side is not None and roles[Role.POSITION] >= SPOKEN:
            score -= 0.3  # it is wanted among the perspectives
        scored.append((score, index))
    return scored


def _deck(table: Table) -> list[tuple[float, int]]:
    said = content_words(table.headline)
    scored = []
    for index, candidate in enumerate(table.candidates):
        if candidate.quoted or len(candidate.text.split()) > LONGEST_DECK or not table.may_lead(index):
            continue
        mine = table.words[index]
        new = len(mine - said) / len(mine) if mine else 0.0
        score = float(table.central[index]) + 0.3 * new + 0.1 * candidate.standfirst - 0.01 * min(candidate.order, 20)
        score += 0.1 * min(int(table.support[index]), 2) - 0.2 * candidate.roles[Role.POSITION]
        score -= EARLY_LEAD * table.early(index)
        if new >= 0.4 and table.central[index] >= CENTRAL_DECK:
            scored.append((score, index))
    return scored


def _why(table: Table) -> list[tuple[float, int]]:
    scored = []
    for index, candidate in enumerate(table.candidates):
        roles = candidate.roles
        if (
            candidate.quoted
            or table.overtaken(index)
            or roles[Role.SIGNIFICANCE] < 0.5
            or not _CONSEQUENCE.search(candidate.text)
        ):
            continue
        voiced = candidate.side is not None and roles[Role.POSITION] > roles[Role.SIGNIFICANCE]
        if table.fresh(index) < LEAST_FRESH or voiced:
            continue
        score = roles[Role.SIGNIFICANCE] + 0.5 * float(table.central[index]) + 0.25 * ("work and worry" in roles.cues)
        score -= 0.3 * max(0.0, roles[Role.HAPPENED] - 0.5) + 0.2 * max(0.0, roles[Role.POSITION] - 0.7)
        scored.append((score, index))
    return scored


def _background(table: Table) -> list[tuple[float, int]]:
    return [
        (candidate.roles[Role.BACKGROUND] + 0.6 * float(table.central[index]), index)
        for index, candidate in enumerate(table.candidates)
        if not candidate.quoted
        and candidate.order > 0
        and candidate.roles[Role.BACKGROUND] >= 0.5
        and candidate.roles.main in (Role.BACKGROUND, Role.HAPPENED)
        and candidate.due is None
        and _EARLIER.search(candidate.text)
        and table.fresh(index) >= LEAST_FRESH
    ]


def _watch(table: Table, taken: Sequence[Pick]) -> list[tuple[float, int]]:
    scored = []
    dates = {table.candidates[pick.index].due: pick.index for pick in taken}
    for index, candidate in enumerate(table.candidates):
        outlook, dated = candidate.roles[Role.OUTLOOK], candidate.due is not None
        if (
            candidate.quoted
            or table.overtaken(index)
            or not _AHEAD & set(candidate.roles.cues)
            or not (dated or is_observable(candidate.text))
        ):
            continue
        twin = dates.get(candidate.due) if dated else None
        if twin is not None and table.likeness[index, twin] >= SAME_DATE:
            continue  # one event, told by two outlets
        if outlook >= 0.5 and (candidate.roles.main is Role.OUTLOOK or dated):
            scored.append((outlook + 0.4 * dated + 0.5 * float(table.central[index]), index))
    return scored


def _perspective(table: Table, sides: dict[Side, Pick]) -> bool:
    scored = []
    for index, candidate in enumerate(table.candidates):
        if candidate.side is None or candidate.side in sides or candidate.roles[Role.POSITION] < SPOKEN:
            continue
        score = candidate.roles[Role.POSITION] + 0.6 * float(table.central[index])
        scored.append((score, index))
    pick = table.best(scored, 0.55)
    if pick is None:
        return False
    side = table.candidates[pick.index].side
    assert side is not None
    sides[side] = pick
    return True


def _with_disagreement(table: Table, told: Sequence[Pick]) -> list[list[Pick]]:
    """The paragraphs: a sentence each, followed by another outlet's where the two give different numbers."""
    paragraphs = [[pick] for pick in told]
    for paragraph in paragraphs:
        index = paragraph[0].index
        mine = table.candidates[index]
        if not quantities(mine.text):
            continue
        for other in np.argsort(-table.likeness[index]):
            rival = table.candidates[int(other)]
            if table.likeness[index, other] < SAME:
                break
            if rival.article == mine.article or rival.quoted or int(other) in table.cited or not quantities(rival.text):
                continue
            if not numbers_differ(mine.text, rival.text) or not table.new(int(other), index):
                continue
            if not table.affordable(int(other)):
                continue
            pick = table.take(int(other))
            if pick is not None:
                paragraph.append(pick)
            break
    return paragraphs


# --- the value ----------------------------------------------------------------------------------------------------


class _Assembly:
    """Numbers evidence in the order of first use while the parts are put together."""

    def __init__(self, table: Table) -> None:
        self._table = table
        self._numbers: dict[int, EvidenceId] = {}

    def _claim(self, pick: Pick) -> Claim:
        numbers = []
        for index in pick.evidence:
            numbers.append(self._numbers.setdefault(index, EvidenceId(len(self._numbers) + 1)))
        return Claim(text=self._table.candidates[pick.index].text, evidence=tuple(numbers))

    def analysis(
        self,
        headline: str,
        deck: Pick | None,
        told: Sequence[Sequence[Pick]],
        why: Sequence[Pick],
        background: Sequence[Pick],
        sides: dict[Side, Pick],
        watch: Sequence[Pick],
    ) -> Analysis:
        """In the order shown, because that is the order of the numbers."""
        reading, candidates = self._table.reading, self._table.candidates
        story = reading.coverage.story
        deck_claim = self._claim(deck) if deck else None
        told_parts = tuple(Paragraph(claims=tuple(self._claim(pick) for pick in part)) for part in told)
        why_claims = tuple(self._claim(pick) for pick in why)
        before = tuple(Paragraph(claims=(self._claim(pick),)) for pick in background)
        heard = tuple(
            Perspective(side=side, speaker=candidates[sides[side].index].speaker, claim=self._claim(sides[side]))
            for side in Side
            if side in sides
        )
        ahead = tuple(Outlook(claim=self._claim(pick), due=candidates[pick.index].due) for pick in watch)
        return Analysis(
            story=story.id,
            version=story.version,
            headline=headline,
            deck=deck_claim,
            first_seen=story.first_seen,
            last_updated=story.last_updated,
            told=told_parts,
            why=why_claims,
            background=before,
            perspectives=heard,
            not_heard=tuple(side for side in Side if side not in sides and side not in reading.voiced),
            watch=ahead,
            sources=reading.sources,
            evidence=tuple(
                Evidence(id=number, article=candidates[index].article, sentence=candidates[index].evidence)
                for index, number in self._numbers.items()
            ),
            disclosure=Disclosure(engine=ENGINE),
        )
