"""What an article says, from its teaser and its longer text."""

from __future__ import annotations

import pytest

from bot.core.article import Article, ArticleId
from bot.core.feed import FeedId, Outlet
from tests.factories import NOON


@pytest.mark.parametrize(
    ("summary", "content", "text"),
    [
        ("", "", ""),
        ("Only a teaser.", "", "Only a teaser."),
        ("", "Only a text.", "Only a text."),
        ("The opening words …", "The opening words go on here.", "The opening words go on here."),
        ("AI is why.", "The strike goes on.", "AI is why.\n\nThe strike goes on."),
    ],
)
def test_the_text_is_teaser_and_body_without_repeating(summary: str, content: str, text: str) -> None:
    article = Article(
        id=ArticleId(1),
        keys=(),
        feed=FeedId(1),
        url="",
        outlet=Outlet(name="An outlet"),
        title="A title",
        summary=summary,
        content=content,
        published=NOON,
        first_seen=NOON,
    )
    assert article.text == text
