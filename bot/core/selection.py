"""Which stories go into a digest, in which order, and why another is not in it.

One slot an event, the heaviest first. A story is told in a place once; where it has moved since (`movement`), what is
new of it is told as an update. The weight of a story is the desk's (`bot.core.desk.ranking`), whether a community is
told it its taste's (`bot.core.desk.taste`); both come in from outside.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.core.article import ArticleId
from bot.core.story import Coverage, StoryId


def about_ai_and_work(coverage: Coverage) -> bool:
    """By the shared decision."""
    return coverage.story.relevant


def pick(
    coverages: Sequence[Coverage],
    *,
    weight: Callable[[Coverage], float],
    told: Collection[StoryId],
    most: int,
    admits: Callable[[Coverage], bool] = about_ai_and_work,
) -> tuple[Coverage, ...]:
    """At most `most` stories that `admits` lets in, heaviest first (ties: the newest, then the lower id)."""
    fresh = [coverage for coverage in coverages if admits(coverage) and coverage.story.id not in told]
    return tuple(ranked(fresh, weight)[:most])


def ranked(coverages: Sequence[Coverage], weight: Callable[[Coverage], float]) -> list[Coverage]:
    """Heaviest first; ties: the newest, then the lower id."""
    return sorted(coverages, key=lambda c: (-weight(c), -c.story.last_updated.timestamp(), c.story.id))


# --- why a story is, or is not, in a digest -------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Included:
    """It is, at that place from 1."""

    place: int
    update: bool = False


@dataclass(frozen=True, slots=True)
class NoSuchStory:
    """None that this community may see."""


@dataclass(frozen=True, slots=True)
class Hidden:
    """All its articles are of outlets, feeds or desks that this community switched off."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NotRelevant:
    """It is not about AI and people's work: that probable, where `least` is asked."""

    relevance: float
    least: float


@dataclass(frozen=True, slots=True)
class Unwanted:
    """By what this community said of it, or of stories like it."""

    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OffDesk:
    """No article of it is of these desks."""

    desks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OffTopic:
    """No article of it matches the query."""

    topic: str


@dataclass(frozen=True, slots=True)
class AlreadyTold:
    """It was told in this place then, and has not moved since."""

    at: datetime


@dataclass(frozen=True, slots=True)
class Unchanged:
    """Nothing of it is new since the last digest, which is when the time that this one covers begins."""

    since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class OverMaximum:
    """Heavier stories take all places: it is number `place` of `of`, and `most` are told. It is kept for the next."""

    place: int
    of: int
    most: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OverLength:
    """It has `words` words, and only `left` of `most` were left. It is kept for the next."""

    words: int
    left: int
    most: int


@dataclass(frozen=True, slots=True)
class Failed:
    """The engine could not tell it. It is kept for the next."""


Absence = (
    NoSuchStory | Hidden | NotRelevant | Unwanted | OffDesk | OffTopic | AlreadyTold | Unchanged | OverMaximum
    | OverLength | Failed
)  # fmt: skip
Standing = Included | Absence


@dataclass(frozen=True, slots=True, kw_only=True)
class LineUp:
    """Those that may be told, the heaviest first, and why the others may not. `movers` are the reports that moved a
    story which was told before."""

    ranked: tuple[Coverage, ...]
    absent: Mapping[StoryId, Absence]
    movers: Mapping[StoryId, tuple[ArticleId, ...]]


def line_up(
    coverages: Sequence[Coverage],
    *,
    weight: Callable[[Coverage], float],
    stands: Callable[[Coverage], Absence | None],
    told: Mapping[StoryId, datetime],
    movers: Callable[[Coverage], tuple[ArticleId, ...]],
) -> LineUp:
    """`stands` says what speaks against a story in itself, `told` when each was last told here, `movers` which reports
    moved one that was."""
    may: list[Coverage] = []
    absent: dict[StoryId, Absence] = {}
    moved: dict[StoryId, tuple[ArticleId, ...]] = {}
    for coverage in coverages:
        story = coverage.story.id
        if (reason := stands(coverage)) is not None:
            absent[story] = reason
        elif story not in told:
            may.append(coverage)
        elif found := movers(coverage):
            moved[story] = found
            may.append(coverage)
        else:
            absent[story] = AlreadyTold(told[story])
    return LineUp(ranked=tuple(ranked(may, weight)), absent=absent, movers=moved)
