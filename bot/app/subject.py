"""What a person means who asks about a story or an article: `story:3`, plain `3`, `article:12`, or words of a title."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.app.ports import Transaction
from bot.core import strings
from bot.core.article import ArticleId
from bot.core.community import Viewer
from bot.core.desk.lexicon import words
from bot.core.errors import InputError
from bot.core.story import StoryId

FOUND = 20
"""Articles looked through for the words of a title."""
_NUMBERED = re.compile(r"\s*(?:(?P<kind>story|article)\s*[:#]\s*|#?)(?P<number>\d{1,18})\s*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class NamedArticle:
    id: ArticleId


@dataclass(frozen=True, slots=True)
class NamedStory:
    id: StoryId


Subject = NamedArticle | NamedStory


async def find_subject(tx: Transaction, viewer: Viewer, said: str) -> Subject:
    """By its number, or the story with a title, as the viewer sees it, that has all the words (of several the one
    published last), or else the article with such a title that is in no story: why it was set aside is what is asked.
    A number is not looked up. Raises InputError where no title has them."""
    if numbered := _NUMBERED.fullmatch(said):
        number = int(numbered["number"])
        if (numbered["kind"] or "").casefold() == "article":
            return NamedArticle(ArticleId(number))
        return NamedStory(StoryId(number))
    wanted = set(words(said[:500]))
    if wanted:
        found = await tx.articles.search(viewer, " ".join(wanted), limit=FOUND)
        titled = [article for article in found if wanted <= set(words(article.title))]
        stories = await tx.stories.of_articles(viewer, [article.id for article in titled])
        for article in titled:
            if article.id in stories:
                return NamedStory(stories[article.id])
        if titled:
            return NamedArticle(titled[0].id)
    raise InputError(strings.reading.no_title(said))


async def find_story(tx: Transaction, viewer: Viewer, said: str) -> StoryId:
    """Likewise, and for an article the story it is in. Raises InputError where it is in none the viewer sees."""
    match await find_subject(tx, viewer, said):
        case NamedStory(story):
            return story
        case NamedArticle(article):
            story_of = await tx.stories.of_article(viewer, article)
            if story_of is None:
                raise InputError(strings.reading.article_in_no_story(article))
            return story_of
