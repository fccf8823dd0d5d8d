"""The real clock."""

from __future__ import annotations

from datetime import UTC, datetime


class SystemClock:
    """`bot.app.ports.Clock` by the machine's clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)
