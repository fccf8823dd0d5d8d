"""Whether a story has moved since it was told, and what is new of it.

An event is reported for days, and most of it repeats what is known. A story has *moved* when

- a report that was not among the told ones is news of something else: its title, or one of its opening sentences, is
  mostly made of words that none of the told reports have, and it does not mean the same as one of them by its vector
  (another outlet's words for one thing are often other words); or its title has a number that none has; or
- the story is heard of from many more sides: at least two more independent outlets, and as many more as before.

Copies and sister outlets never move a story, and neither does one more outlet that says the same. What is new is then
told by itself, as an update: sentences of those reports that were not told, and their outlets.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from bot.core.analysis import Analysis, Claim
from bot.core.article import Article, ArticleId
from bot.core.desk.quantities import Quantity, quantities
from bot.core.desk.wording import content_words, coverage, plain_sentences, stems
from bot.core.story import Coverage, StoryId
from bot.core.wording import alike, wording

OPENING = 2
"""So many first sentences of an article, and its title, say what it is news of."""
KNOWN = 0.5
"""Share of a sentence's words up to which it is news, where so many are in the told reports."""
SAME = 0.75
"""Cosine of two reports' vectors from which on they say the same. Of 171 later reports of the shared data's labelled
events, told a day after the first, 83 count as news so, and 117 by their words alone; most of the difference is the
same told otherwise. Where there are only teasers some of that remains."""
LEAST_WORDS = 3
"""Of a title or sentence that can be news; shorter ones say too little to tell."""
COUNT = 10
"""From which on a count in a title is news."""
MORE_VOICES = 2
SHOWN = 4
"""Sentences of an update."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a destination was told of a story: each analysis, and when."""

    at: datetime
    analysis: Analysis


@dataclass(frozen=True, slots=True, kw_only=True)
class Update:
    """What is new of a story since it was last told (`told`): `claims` with the evidence of the analysis that they are
    of, and the reports that moved it, the latest first. There may be no claims: then the reports' titles tell it."""

    story: StoryId
    told: datetime
    claims: tuple[Claim, ...]
    articles: tuple[ArticleId, ...]

    @property
    def words(self) -> int:
        return sum(len(claim.text.split()) for claim in self.claims)


def movers(
    told: Sequence[Told], now: Coverage, vectors: Mapping[ArticleId, NDArray[np.float32]]
) -> tuple[ArticleId, ...]:
    """The reports that moved the story since, the latest first; empty where it stands as it was told. `vectors` are of
    unit length; a report that has none is judged by its words alone."""
    known = {source.article for one in told for source in one.analysis.sources}
    before = [member.article for member in now.members if member.article.id in known]
    fresh = [member.article for member in now.members if member.article.id not in known and member.copy_of is None]
    news = _News(told, before, vectors)
    moved = [article for article in fresh if news.is_news(article)]
    voices = {_voice(source.owner, source.outlet) for one in told for source in one.analysis.sources}
    others = {_voice(one.outlet.owner, one.outlet.name): one for one in fresh}.keys() - voices
    if len(others) >= max(MORE_VOICES, len(voices)):
        moved = [one for one in fresh if _voice(one.outlet.owner, one.outlet.name) in others or one in moved]
    return tuple(one.id for one in sorted(moved, key=lambda one: (one.published, one.id), reverse=True))


def update_of(told: Sequence[Told], articles: Sequence[ArticleId], analysis: Analysis) -> Update:
    """What to tell of a story that these reports moved. `told` is not empty."""
    sentences = {evidence.id: evidence for evidence in analysis.evidence}
    said = [wording(evidence.sentence) for one in told for evidence in one.analysis.evidence]
    claims: list[Claim] = []
    for claim in _forward(analysis):
        cited = [sentences[number] for number in claim.evidence if number in sentences]
        new = cited and all(one.article in articles for one in cited)
        known = claim in claims or any(alike(wording(one.sentence), other) for one in cited for other in said)
        if new and not known:
            claims.append(claim)
    return Update(
        story=analysis.story,
        told=max(one.at for one in told),
        claims=tuple(claims[:SHOWN]),
        articles=tuple(articles),
    )


def _forward(analysis: Analysis) -> Iterable[Claim]:
    """All but the background, which is not new."""
    if analysis.deck is not None:
        yield analysis.deck
    for paragraph in analysis.told:
        yield from paragraph.claims
    yield from analysis.why
    yield from (perspective.claim for perspective in analysis.perspectives)
    yield from (outlook.claim for outlook in analysis.watch)


class _News:
    """What of an article is in none of the told reports."""

    def __init__(
        self, told: Sequence[Told], before: Sequence[Article], vectors: Mapping[ArticleId, NDArray[np.float32]]
    ) -> None:
        self._vectors = vectors
        self._before = [vectors[article.id] for article in before if article.id in vectors]
        texts = [f"{article.title}\n{article.text}" for article in before]
        texts += [evidence.sentence for one in told for evidence in one.analysis.evidence]
        texts += [source.title for one in told for source in one.analysis.sources]
        self._words = frozenset[str]().union(*map(content_words, texts))
        self._numbers = {(number.kind, number.value) for text in texts for number in quantities(text)}

    def is_news(self, article: Article) -> bool:
        if self._new_number(article.title):
            return True
        opening = plain_sentences(article.text, OPENING)
        return not self._means_the_same(article) and any(map(self._is_new, (article.title, *opening)))

    def _means_the_same(self, article: Article) -> bool:
        vector = self._vectors.get(article.id)
        return vector is not None and any(float(vector @ other) >= SAME for other in self._before)

    def _is_new(self, sentence: str) -> bool:
        words = stems(sentence)
        return len(words) >= LEAST_WORDS and coverage(words, self._words) <= KNOWN

    def _new_number(self, title: str) -> bool:
        found = filter(_tells, quantities(title))
        return any((number.kind, number.value) not in self._numbers for number in found)


def _tells(number: Quantity) -> bool:
    """Small counts and years stand in titles of every kind."""
    return number.kind != "number" or (number.value >= COUNT and not 1900 <= number.value <= 2100)


def _voice(owner: str | None, outlet: str) -> str:
    return (owner or outlet).casefold()
