"""What a community says of a story: heard, kept, and from then on part of its taste."""

from __future__ import annotations

from bot.app.ports import Clock, Database
from bot.core import strings
from bot.core.community import CommunityId
from bot.core.desk.taste import Opinion, story_terms
from bot.core.errors import InputError
from bot.core.story import Coverage, StoryId


class Hearing:
    """Takes opinions. The community must be known already."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def say(self, community: CommunityId, story: StoryId, *, relevant: bool | None) -> Coverage:
        """Keep what it says of the story in place of what it said before, or take that back (None); returns the story.
        Raises InputError where the community sees no such story. Repeatable."""
        async with self._database.begin() as tx:
            coverage = await tx.stories.get(community, story)
            if coverage is None:
                raise InputError(strings.reading.no_story(story))
            if relevant is None:
                await tx.feedback.take_back(community, coverage.story.id)
            else:
                opinion = Opinion(
                    story=coverage.story.id,
                    relevant=relevant,
                    relevance=coverage.story.relevance,
                    terms=story_terms(coverage),
                    at=self._clock.now(),
                )
                await tx.feedback.say(community, opinion)
        return coverage
