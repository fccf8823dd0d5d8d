"""Which stories go into a digest, and in which order.

One slot an event, the heaviest first, and never a story this destination was told before. The weight of a story is the
desk's (`bot.core.desk.ranking`), whether a community is told it its taste's (`bot.core.desk.taste`); both come in from
outside.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

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
    ranked = sorted(fresh, key=lambda c: (-weight(c), -c.story.last_updated.timestamp(), c.story.id))
    return tuple(ranked[:most])
