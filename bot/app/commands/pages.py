"""An answer that is too long for one message, turned page by page."""

from __future__ import annotations

from bot.app.commands.asked import Asked
from bot.core.message.document import Document, Reply
from bot.core.message.pages import paged


def page_of(asked: Asked, document: Document) -> Reply:
    """The page that was asked for, the first where none was; its buttons say the same command for another page.
    Turning replaces the page before."""
    number = asked.arguments.number("page")
    shown = paged(document, number or 1, lambda page: asked.said.with_arguments(page=str(page)))
    return Reply(document=shown, replaces=number is not None)
