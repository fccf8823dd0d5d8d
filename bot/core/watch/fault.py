"""A query that cannot be used: what is wrong, what would be right, and where."""

from __future__ import annotations

import unicodedata

from bot.core.errors import InputError

SHOWN_BEFORE = 40
SHOWN_AFTER = 30
"""Characters of a long query on either side of the place."""


class QueryError(InputError):
    """`start` and `end` are characters of `query`; at its very end they are equal."""

    def __init__(self, query: str, start: int, end: int, wrong: str, right: str) -> None:
        super().__init__(f"{wrong}; {right}")
        self.query = query
        self.start = start
        self.end = end
        self.wrong = wrong
        self.right = right

    def caret(self) -> tuple[str, str]:
        """The query, or what surrounds the place where it is long, and a line with carets to be put under it in type of
        equal widths."""
        first = max(0, self.start - SHOWN_BEFORE) if self.start > SHOWN_BEFORE + 1 else 0
        last = min(len(self.query), self.start + SHOWN_AFTER) if len(self.query) > SHOWN_BEFORE + SHOWN_AFTER else None
        shown = _visible(self.query[first:last])
        before, there = shown[: self.start - first], shown[self.start - first : self.end - first]
        left = "…" if first else ""
        right = "…" if last is not None and last < len(self.query) else ""
        return f"{left}{shown}{right}", " " * (len(left) + _columns(before)) + "^" * max(1, _columns(there))


def _visible(text: str) -> str:
    """Line ends, tabs and control characters as spaces, one for one."""
    return "".join(" " if unicodedata.category(char) in ("Cc", "Cf", "Cs", "Zl", "Zp") else char for char in text)


def _columns(text: str) -> int:
    """How wide a terminal shows it: wide characters take two columns, marks none (UAX 11)."""
    return sum(
        0 if unicodedata.category(char) in ("Mn", "Me") else 2 if unicodedata.east_asian_width(char) in "WF" else 1
        for char in text
    )
