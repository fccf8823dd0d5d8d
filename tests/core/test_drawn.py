"""A document that is being sent is drawn once."""

from __future__ import annotations

from dataclasses import replace

from bot.core.message.document import Document
from bot.core.message.drawn import Drawn
from tests.factories import new_document


def test_a_document_is_drawn_once_however_often_it_is_asked_for() -> None:
    asked: list[Document] = []

    def draw(document: Document) -> str:
        asked.append(document)
        return document.summary

    drawn, document = Drawn(draw), new_document()
    assert [drawn.of(document) for _ in range(3)] == [document.summary] * 3
    assert asked == [document]
    drawn.of(replace(document))
    assert len(asked) == 2, "known by its identity: to compare documents is what would take long"


def test_the_oldest_are_forgotten_first() -> None:
    asked: list[str] = []

    def draw(document: Document) -> str:
        asked.append(document.summary)
        return document.summary

    drawn = Drawn(draw, most=2)
    one, two, three = (replace(new_document(), summary=name) for name in ("one", "two", "three"))
    for document in (one, two, three, two, three, one):
        drawn.of(document)
    assert asked == ["one", "two", "three", "one"]
