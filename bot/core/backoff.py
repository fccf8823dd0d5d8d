"""How long to wait after a failure."""

from __future__ import annotations

from datetime import timedelta

FIRST = timedelta(seconds=30)
LONGEST = timedelta(hours=1)


def backoff(attempt: int, jitter: float) -> timedelta:
    """Doubling from 30 s to at most 1 h. `attempt` counts from 1; `jitter` in 0..1 takes off up to a half, so that
    what failed together does not come back together."""
    return min(FIRST * (1 << min(attempt - 1, 20)), LONGEST) * (1 - jitter / 2)
