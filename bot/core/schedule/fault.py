"""Words that name no time: what is wrong, what would be right, and where."""

from __future__ import annotations

from bot.core.watch.fault import QueryError


class WhenError(QueryError):
    """Shown as a query's fault is, with a caret under the place."""
