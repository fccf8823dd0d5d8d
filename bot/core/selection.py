"""Which stories go into a digest, and in which order.

One slot an event, the heaviest first, and never a story this destination was told before. The weight of a story is the
desk's (`bot.core.desk.ranking`) and comes in from outside.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

from bot.core.story import Coverage, StoryId


def pick(
    coverages: Sequence[Coverage], *, weight: Callable[[Coverage], float], told: Collection[StoryId], most: int
) -> tuple[Coverage, ...]:
    """At most `most` stories that are about AI and work, heaviest first (ties: the newest, then the lower id)."""
    fresh = [coverage for coverage in coverages if coverage.story.relevant and coverage.story.id not in told]
    ranked = sorted(fresh, key=lambda c: (-weight(c), -c.story.last_updated.timestamp(), c.story.id))
    return tuple(ranked[:most])
