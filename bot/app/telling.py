"""A digest on request: the stories of a stretch of time, as one viewer sees them, from what is stored."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime

from bot.app.analyses import DEFAULT_ENGINE, Analyses
from bot.app.ports import Database
from bot.core import strings
from bot.core.community import CommunityId
from bot.core.delivery import Digest
from bot.core.desk.taste import Opinion, Taste
from bot.core.selection import pick
from bot.core.story import Coverage


class Telling:
    """Looks without being seen: nothing is posted, and no schedule takes what was shown here for told."""

    def __init__(
        self,
        database: Database,
        analyses: Analyses,
        weight: Callable[[Coverage], float],
        taste_of: Callable[[Sequence[Opinion]], Taste],
    ) -> None:
        self._database = database
        self._analyses = analyses
        self._weight = weight
        self._taste_of = taste_of

    async def digest(
        self,
        community: CommunityId,
        since: datetime,
        until: datetime,
        *,
        most: int,
        about: Callable[[Coverage], bool] | None = None,
        engine: str = DEFAULT_ENGINE,
    ) -> Digest:
        """At most `most` stories with an article published in [since, until), the weightiest first, by the community's
        own taste; only those that are `about` something, where that is asked."""
        async with self._database.read() as tx:
            taste = self._taste_of(await tx.feedback.of(community))
            coverages = await tx.stories.published(community, since, until, least=taste.least, also=taste.wanted)
        if about is not None:
            coverages = await asyncio.to_thread(_filtered, coverages, about)
        chosen = pick(coverages, weight=self._weight, told=(), most=most, admits=taste.admits)
        analyses = await self._analyses.of_all(community, chosen, engine)
        return Digest(
            community=community, title=strings.digest.DIGEST_TITLE, since=since, until=until, analyses=tuple(analyses)
        )


def _filtered(coverages: Sequence[Coverage], about: Callable[[Coverage], bool]) -> Sequence[Coverage]:
    """In a thread: a query is read against every article of the time."""
    return [coverage for coverage in coverages if about(coverage)]
