"""The candidates of a story laid out: what each is worth beside the others, and what was taken of them so far.

A candidate may be taken when it says something that is not shown yet, its article's extract budget pays for it, and it
is grounded in its own source; the outlets that say the same are cited beside it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from bot.core.analysis import EXTRACT_BUDGET
from bot.core.article import ArticleId
from bot.core.desk.grounding import check
from bot.core.desk.names import proper_words
from bot.core.desk.newest import Newest, newest_state
from bot.core.desk.quantities import quantities
from bot.core.desk.reading import Candidate, Reading
from bot.core.desk.wording import content_words

Matrix = NDArray[np.float32]

ON_TOPIC = 0.25
"""Least likeness to the story of anything shown."""
SAME = 0.72
"""Likeness from which two outlets' sentences say the same."""
REPEATS = 0.8
"""Likeness from which a second sentence adds nothing."""
CITATIONS = 3
"""Most outlets cited behind one sentence."""


@dataclass(slots=True)
class Pick:
    """A candidate taken for a part, with the others that say the same."""

    index: int
    evidence: tuple[int, ...]


@dataclass(slots=True)
class Table:
    """Candidates with what is known of each, and what has been spent so far."""

    reading: Reading
    vectors: Matrix
    likeness: Matrix
    central: NDArray[np.float32]
    support: NDArray[np.int64]
    independent: dict[ArticleId, bool]
    words: list[frozenset[str]]
    newest: Newest
    spent: dict[ArticleId, int] = field(default_factory=dict)
    shown: set[int] = field(default_factory=set)
    cited: set[int] = field(default_factory=set)
    uses: dict[ArticleId, int] = field(default_factory=dict)
    headline: str = ""

    @property
    def articles(self) -> set[ArticleId]:
        """Those that have something to choose from."""
        return {candidate.article for candidate in self.candidates}

    @property
    def candidates(self) -> tuple[Candidate, ...]:
        return self.reading.candidates

    def new(self, index: int, beside: int | None = None) -> bool:
        """Whether the sentence says something that is not shown yet, except in the one it is to stand beside."""
        if index in self.cited:
            return False
        mine = self.words[index]
        for other in self.shown - {beside}:
            if self.likeness[index, other] >= REPEATS:
                return False
            theirs = self.words[other]
            if mine and len(mine & theirs) / min(len(mine), len(theirs) or 1) >= REPEATS:
                return False
        return True

    def affordable(self, index: int) -> bool:
        candidate = self.candidates[index]
        cost = 0 if index in self.cited else len(candidate.evidence.split())
        return self.spent.get(candidate.article, 0) + cost <= EXTRACT_BUDGET

    def pay(self, index: int) -> None:
        candidate = self.candidates[index]
        if index not in self.cited:
            self.spent[candidate.article] = self.spent.get(candidate.article, 0) + len(candidate.evidence.split())
            self.cited.add(index)

    def take(self, index: int) -> Pick | None:
        """Show the sentence, citing the outlets that say the same; None if it is not grounded in its own source."""
        candidate = self.candidates[index]
        if check(candidate.text, [candidate.evidence]).verdict != "supported":
            return None
        self.shown.add(index)
        self.pay(index)
        self.uses[candidate.article] = self.uses.get(candidate.article, 0) + 1
        evidence = [index]
        outlets = {candidate.article}
        for other in np.argsort(-self.likeness[index]):
            twin = self.candidates[int(other)]
            if self.likeness[index, other] < SAME or len(evidence) == CITATIONS:
                break
            if twin.article in outlets or int(other) in self.shown or not self.independent[twin.article]:
                continue
            if self.affordable(int(other)) and self._backs(index, int(other)):
                evidence.append(int(other))
                outlets.add(twin.article)
                self.pay(int(other))
        return Pick(index, tuple(evidence))

    def _backs(self, index: int, other: int) -> bool:
        """Whether the other outlet's sentence supports what the chosen one says, and not merely resembles it."""
        verdict = check(self.candidates[index].text, [self.candidates[other].evidence]).verdict
        return verdict == "supported" or (verdict == "doubtful" and float(self.likeness[index, other]) >= REPEATS)

    def best(self, scored: Iterable[tuple[float, int]], least: float) -> Pick | None:
        """Take the best of at least `least` that is new, affordable and grounded, favouring outlets not yet used."""
        good = [(score - self.spread(index), index) for score, index in scored if score >= least]
        for _, index in sorted(good, key=lambda pair: (-pair[0], pair[1])):
            if self.central[index] >= ON_TOPIC and self.new(index) and self.affordable(index):
                pick = self.take(index)
                if pick is not None:
                    return pick
        return None

    def fresh(self, index: int) -> float:
        """Share of a sentence's content words that no shown sentence has, 0 to 1."""
        mine = self.words[index]
        said = frozenset().union(*(self.words[other] for other in self.shown))
        return len(mine - said) / len(mine) if mine else 0.0

    def numbers_known(self, index: int) -> bool:
        """Whether a sentence has numbers and all of them were told."""
        mine = {quantity.value for quantity in quantities(self.candidates[index].text)}
        told = {quantity.value for other in self.shown for quantity in quantities(self.candidates[other].text)}
        return bool(mine) and mine <= told

    def substance(self, index: int) -> int:
        """How many names and numbers a sentence holds."""
        text = self.candidates[index].text
        return len(proper_words(text)) + len(quantities(text))

    def echo(self, index: int) -> float:
        """What a sentence loses for repeating, in part, what is shown already."""
        nearest = max((float(self.likeness[index, other]) for other in self.shown), default=0.0)
        return max(0.0, nearest - 0.5)

    def early(self, index: int) -> bool:
        """Whether the sentence is from before the story turned."""
        return self.candidates[index].article in self.newest.early

    def overtaken(self, index: int) -> bool:
        return index in self.newest.candidates

    def may_lead(self, index: int) -> bool:
        return index not in self.newest.candidates | self.newest.behind

    def spread(self, index: int) -> float:
        """What an outlet loses that was used already."""
        return 0.12 * self.uses.get(self.candidates[index].article, 0)


def lay_out(reading: Reading, vectors: Matrix) -> Table:
    """Nothing taken yet. `vectors` are the unit rows for `reading.texts()`: shape (titles + candidates, 384)."""
    count = len(reading.titles)
    titles, sentences = vectors[:count], vectors[count:]
    ledes = [row for row, candidate in enumerate(reading.candidates) if candidate.order == 0]
    # Titles weigh double: an opening sentence may be mere colour, and must not be near the centre by being in it.
    named = titles[[bool(title) for title in reading.titles]]
    centre = 2 * named.sum(axis=0) + sentences[ledes].sum(axis=0)
    length = float(np.linalg.norm(centre))
    centre = centre / length if length else centre
    likeness = np.asarray(sentences @ sentences.T, dtype=np.float32)
    independent = {source.article: source.independent for source in reading.sources}
    support = np.zeros(len(reading.candidates), np.int64)
    for index, candidate in enumerate(reading.candidates):
        near = np.flatnonzero(likeness[index] >= SAME)
        others = {reading.candidates[int(other)].article for other in near}
        support[index] = sum(independent[article] for article in others if article != candidate.article)
    central = np.asarray(sentences @ centre, np.float32)
    words = [content_words(candidate.text) for candidate in reading.candidates]
    return Table(reading, sentences, likeness, central, support, independent, words, newest_state(reading))


def likenesses(reading: Reading, vectors: Matrix) -> tuple[NDArray[np.float32], Matrix]:
    """Each candidate's likeness to the story's middle, and the candidates' to each other: what `slugline why` shows.
    `vectors` as for `lay_out`."""
    table = lay_out(reading, vectors)
    return table.central, table.likeness
