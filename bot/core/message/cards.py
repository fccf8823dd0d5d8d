"""Small documents that commands answer with: what was found, and what can be done with a story."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.core import strings
from bot.core.article import Article, ArticleId
from bot.core.command.invocation import invocation
from bot.core.message.document import (
    Actions,
    Block,
    Bullets,
    Button,
    Document,
    Heading,
    Inline,
    Link,
    Prose,
    Text,
    Time,
)
from bot.core.story import StoryId


def story_actions(story: StoryId, shown: str) -> Actions:
    """What can be done with a story that is shown as `shown` ("told", "evidence" or "why")."""
    views = (("told", strings.reading.TOLD), ("evidence", strings.analysis.EVIDENCE), ("why", strings.reading.WHY_THIS))
    turning = [Button(label, invocation("story", story=story, view=view)) for view, label in views if view != shown]
    return Actions(
        (
            *turning,
            Button(strings.reading.FOLLOW, invocation("follow", story=story)),
            Button(strings.reading.NOT_RELEVANT, invocation("feedback", story=story, verdict="not-relevant")),
        )
    )


def found_document(
    wanted: str, found: Sequence[Article], stories: Mapping[ArticleId, StoryId | None], *, most: int
) -> Document:
    """Articles that a search found, in its order, each with the number of its story where it is in one."""
    title = strings.reading.found(len(found), wanted, more=len(found) >= most)
    blocks: list[Block] = [Heading(title, level=3)]
    if found:
        blocks.append(Bullets(tuple(_found(article, stories.get(article.id)) for article in found)))
    else:
        blocks.append(Prose((Text(strings.reading.FOUND_NOTHING),)))
    return Document(summary=title, blocks=tuple(blocks))


def _found(article: Article, story: StoryId | None) -> tuple[Inline, ...]:
    line: list[Inline] = [
        Text(f"{article.outlet.name}: ", "strong"),
        Link(article.title, article.url),
        Text(" · ", "quiet"),
        Time(article.published),
    ]
    if story is not None:
        line.append(Text(f" · {strings.reading.story_number(story)}", "quiet"))
    return tuple(line)
