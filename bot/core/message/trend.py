"""Counts by week as text: a bar that a screen reader skips over, and the number it stands for."""

from __future__ import annotations

from collections.abc import Sequence

from bot.core import strings
from bot.core.message.document import Bullets, Document, Heading, Prose, Text
from bot.core.trend import Week

BAR = 24
"""Blocks of the longest bar: a line then fits a phone."""


def trend_document(term: str, weeks: Sequence[Week], *, at_least: bool) -> Document:
    """`at_least`: there were more articles than were counted."""
    most = max((week.articles for week in weeks), default=0)
    title = strings.coming.trend_of(term, len(weeks))
    total = sum(week.articles for week in weeks)
    lines = tuple(
        (
            Text(f"{strings.coming.week_of(week.begins)} ", "quiet"),
            Text("▇" * _length(week.articles, most)),
            Text(f" {strings.coming.counted(week.articles, week.stories)}"),
        )
        for week in weeks
    )
    said = strings.coming.trend_total(total, at_least=at_least)
    return Document(summary=f"{title}: {said}", blocks=(Heading(title), Prose((Text(said),)), Bullets(lines)))


def _length(count: int, most: int) -> int:
    """At least one block for whatever is not nothing."""
    return 0 if not count else max(1, round(BAR * count / most))
