"""`digest`, `story`, `search` and `feedback`: what is known, told on request."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

from bot.app.analyses import Analyses
from bot.app.commands.asked import MOST, Asked, Completing, Completion, Handler
from bot.app.commands.pages import page_of
from bot.app.explaining import Explaining
from bot.app.feedback import Hearing
from bot.app.ports import Clock, Database
from bot.app.subject import find_story
from bot.app.telling import Telling
from bot.core import strings
from bot.core.catalogue import Desk
from bot.core.desk.lexicon import words
from bot.core.errors import InputError
from bot.core.message.cards import found_document, story_actions
from bot.core.message.correction import story_corrections
from bot.core.message.digest import analysis_document, digest_document, evidence_document, posted_document
from bot.core.message.document import Answer, Document, Reply
from bot.core.message.explanation import explanation_document
from bot.core.message.notice import notice_document
from bot.core.story import Coverage, StoryId
from bot.core.topic import Topics

SINCE = timedelta(days=3)
"""How far back `digest` looks where nothing else is said: a weekend and the day before."""
MOST_STORIES = 12
FOUND = 50
"""Articles that a search shows at most."""
COMPLETED = timedelta(days=60)
"""How far back stories changed whose titles complete a name that is not finished."""


class Reading:
    def __init__(
        self,
        database: Database,
        telling: Telling,
        topics: Topics,
        analyses: Analyses,
        explaining: Explaining,
        hearing: Hearing,
        clock: Clock,
    ) -> None:
        self._database = database
        self._telling = telling
        self._topics = topics
        self._analyses = analyses
        self._explaining = explaining
        self._hearing = hearing
        self._clock = clock

    def handlers(self) -> Mapping[tuple[str, ...], Handler]:
        return {
            ("digest",): self.digest,
            ("story",): self.story,
            ("search",): self.search,
            ("feedback",): self.feedback,
        }

    async def digest(self, asked: Asked) -> Answer:
        if "posted" in asked.arguments and asked.arguments.switch("posted"):
            async with self._database.read() as tx:
                last = await tx.deliveries.last_digest(asked.community)
            if last is None:
                raise InputError(strings.reading.NOTHING_POSTED)
            return page_of(asked, posted_document(last.document, last.queued_at, last.destination))
        topic = asked.arguments.text("topic")
        now = self._clock.now()
        since = now - (asked.arguments.span("since") or SINCE)
        await asked.tell(notice_document(strings.reading.THINKING, []))
        about = None if topic is None else await self._about(asked, topic)
        made = await self._telling.digest(asked.community, since, now, most=MOST_STORIES, about=about)
        return page_of(asked, digest_document(made))

    async def story(self, asked: Asked) -> Answer:
        coverage = await self._coverage(asked)
        number = coverage.story.id
        match asked.arguments.text("view") or "told":
            case "why":
                await asked.tell(notice_document(strings.reading.THINKING, []))
                document = explanation_document(await self._explaining.story(asked.community, number))
            case "evidence":
                document = evidence_document(await self._analyses.of(asked.community, coverage))
            case _:
                document = analysis_document(await self._analyses.of(asked.community, coverage))
                async with self._database.read() as tx:
                    corrected = await tx.corrections.of_story(asked.community, number)
                document = replace(document, blocks=(*document.blocks, *story_corrections(corrected)))
        shown = asked.arguments.text("view") or "told"
        document = Document(document.summary, (*document.blocks, story_actions(number, shown)))
        return page_of(asked, document)

    async def search(self, asked: Asked) -> Answer:
        wanted = asked.arguments.needed("words")
        span = asked.arguments.span("since")
        since = None if span is None else self._clock.now() - span
        outlet = asked.arguments.text("outlet")
        if not words(wanted):
            raise InputError(strings.reading.no_word(wanted))
        async with self._database.read() as tx:
            found = await tx.articles.search(asked.community, wanted, limit=FOUND, since=since, outlet=outlet)
            stories = await tx.stories.of_articles(asked.community, [article.id for article in found])
        return page_of(asked, found_document(wanted, found, stories, most=FOUND))

    async def feedback(self, asked: Asked) -> Answer:
        verdict = asked.arguments.text("verdict") or "not-relevant"
        async with self._database.read() as tx:
            story = await find_story(tx, asked.community, asked.arguments.needed("story"))
        relevant = {"relevant": True, "not-relevant": False, "forget": None}[verdict]
        coverage = await self._hearing.say(asked.community, story, relevant=relevant)
        title = coverage.members[0].article.title
        return Reply(
            document=notice_document(strings.reading.HEARD, [strings.reading.heard(title, relevant)]), private=True
        )

    async def stories_named(self, completing: Completing) -> list[Completion]:
        """Stories of late with a title that begins with, or holds, what was typed, its last word finished or not; where
        those are few, older ones too that hold the words."""
        community, typed = completing.community, completing.typed
        async with self._database.read() as tx:
            found = titled(await tx.stories.titles(community, self._clock.now() - COMPLETED), typed)
            if len(found) < MOST and words(typed):
                older = await tx.articles.search(community, typed, limit=MOST)
                stories = await tx.stories.of_articles(community, [article.id for article in older])
                for article in older:
                    if article.id in stories:
                        found.setdefault(stories[article.id], article.title)
        return [Completion(title[:100], str(story)) for story, title in found.items()]

    async def _about(self, asked: Asked, topic: str) -> Callable[[Coverage], bool]:
        """Whether a story is what the query asks for; a desk's bare name is that desk. Raises QueryError."""
        async with self._database.read() as tx:
            feeds = await tx.feeds.visible(asked.community)
        desks = {feed.id: feed.desk for feed in feeds}
        known = {desk for desk in desks.values() if desk} | {desk.value for desk in Desk}
        query = f"desk:{topic}" if topic.casefold() in known else topic
        read = await asyncio.to_thread(self._topics.read, query, known)
        return lambda coverage: self._topics.matches(read, coverage, desks)

    async def _coverage(self, asked: Asked) -> Coverage:
        said = asked.arguments.needed("story")
        async with self._database.read() as tx:
            story = await find_story(tx, asked.community, said)
            coverage = await tx.stories.get(asked.community, story)
        if coverage is None:
            raise InputError(strings.reading.no_story_so_search(story))
        return coverage


def titled(titles: Sequence[tuple[StoryId, str]], typed: str) -> dict[StoryId, str]:
    """The stories with a title that holds the words typed, of which the last may be unfinished: in the order given,
    those that begin with them first. Each with that title; its first one where nothing was typed."""
    *whole, unfinished = words(typed) or [""]
    beginning: dict[StoryId, str] = {}
    holding: dict[StoryId, str] = {}
    for story, title in titles:
        said = words(title)
        if said[: len(whole)] == whole and "".join(said[len(whole) : len(whole) + 1]).startswith(unfinished):
            beginning.setdefault(story, title)
        elif set(whole) <= set(said) and any(word.startswith(unfinished) for word in said):
            holding.setdefault(story, title)
    return beginning | {story: title for story, title in holding.items() if story not in beginning}
