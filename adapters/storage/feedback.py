"""What communities say of stories. A story that was merged is spoken of under the id it leads to."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, delete, func, or_, select

from adapters.storage.owners import visible
from adapters.storage.schema import feedback, stories
from adapters.storage.sql import Sql, missing
from adapters.storage.types import storable
from bot.core.community import CommunityId
from bot.core.desk.taste import Opinion
from bot.core.story import StoryId


class SqlFeedback:
    def __init__(self, sql: Sql) -> None:
        self._sql = sql

    async def say(self, community: CommunityId, opinion: Opinion) -> None:
        kept = await self._kept(community, opinion.story)
        if kept is None:
            raise missing("story", opinion.story)
        await self._forget(community, kept)
        await self._sql.execute(
            self._sql.insert(feedback)
            .values(
                community=community,
                story=kept,
                relevant=opinion.relevant,
                relevance=opinion.relevance,
                terms=[storable(term) for term in opinion.terms],
                at=opinion.at,
            )
            .on_conflict_do_nothing()  # another of that community spoke at the same moment
        )

    async def take_back(self, community: CommunityId, story: StoryId) -> bool:
        kept = await self._kept(community, story)
        return kept is not None and await self._forget(community, kept)

    async def of(self, community: CommunityId) -> Sequence[Opinion]:
        rows = await self._sql.rows(
            select(feedback, _lead().label("lead"))
            .join(stories, stories.c.id == feedback.c.story)
            .where(feedback.c.community == community)
            .order_by(feedback.c.at, feedback.c.story)
        )
        last = {
            StoryId(row.lead): Opinion(
                story=StoryId(row.lead),
                relevant=row.relevant,
                relevance=row.relevance,
                terms=tuple(row.terms),
                at=row.at,
            )
            for row in rows
        }
        return sorted(last.values(), key=lambda opinion: (opinion.at, opinion.story))

    async def _kept(self, community: CommunityId, story: StoryId) -> StoryId | None:
        """The story that id leads to, if the community may see it."""
        led = select(_lead()).where(stories.c.id == story).scalar_subquery()
        row = await self._sql.row(select(stories.c.id).where(stories.c.id == led, visible(stories.c.owner, community)))
        return None if row is None else StoryId(row.id)

    async def _forget(self, community: CommunityId, kept: StoryId) -> bool:
        one = select(stories.c.id).where(or_(stories.c.id == kept, stories.c.merged_into == kept))
        gone = await self._sql.execute(
            delete(feedback).where(feedback.c.community == community, feedback.c.story.in_(one))
        )
        return bool(gone.rowcount)


def _lead() -> ColumnElement[int]:
    return func.coalesce(stories.c.merged_into, stories.c.id)
