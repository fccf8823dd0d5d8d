"""What documents became on a platform, remembered for as long as their parts are being sent.

Whoever sends asks for a document's parts once for each of them, and one document goes to many places. It is known by
its identity: to compare two long documents, or to hash one, takes as long as to draw it on some platforms. Rows of the
outbox that hold the same document come back with the very same one.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

from bot.core.message.document import Document

MOST = 128

T = TypeVar("T")


class Drawn(Generic[T]):
    """`draw` always makes the same of the same document, and nobody changes what it made. `most` are remembered, the
    oldest forgotten first."""

    def __init__(self, draw: Callable[[Document], T], most: int = MOST) -> None:
        self._draw = draw
        self._most = most
        self._known: dict[int, tuple[Document, T]] = {}

    def of(self, document: Document) -> T:
        known = self._known.get(id(document))
        if known is not None and known[0] is document:
            return known[1]
        drawn = self._draw(document)
        while len(self._known) >= self._most:
            del self._known[next(iter(self._known))]
        self._known[id(document)] = (document, drawn)
        return drawn
