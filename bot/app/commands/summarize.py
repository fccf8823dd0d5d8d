"""`summarize`: any article, fetched once and analysed as a story of its own.

What a member types is fetched as everything is: by the one safe fetcher, with no private network, by robots.txt and
the outlet's word on machine use. Nothing of it is stored, so it can shape nobody's digest.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from bot.app.by_address import ByAddress
from bot.app.commands.asked import Asked, Handler
from bot.app.ports import Analyst, Clock, Database, Embedder, PageReader
from bot.app.trial import analyse
from bot.core import strings
from bot.core.catalogue import Catalogue
from bot.core.command.invocation import invocation
from bot.core.community import COMMON, CommunityId
from bot.core.identity import address_key
from bot.core.message.digest import analysis_document
from bot.core.message.document import Actions, Answer, Block, Button, Prose, Reply, Text
from bot.core.message.notice import notice_document
from bot.core.opt_out import OptOut
from bot.core.story import StoryId


class Summarize:
    def __init__(
        self,
        database: Database,
        pages: PageReader,
        analyst: Analyst,
        embedder: Embedder,
        catalogue: Catalogue,
        opt_out: OptOut,
        clock: Clock,
    ) -> None:
        self._database = database
        self._by_address = ByAddress(pages, catalogue, opt_out, clock)
        self._analyst = analyst
        self._embedder = embedder
        self._clock = clock

    def handlers(self) -> Mapping[tuple[str, ...], Handler]:
        return {("summarize",): self.summarize}

    async def summarize(self, asked: Asked) -> Answer:
        url = asked.arguments.needed("address")
        await asked.tell(notice_document(strings.reading.FETCHING, []))
        article = await self._by_address.article(url)
        await asked.tell(notice_document(strings.reading.THINKING, []))
        analysis = await analyse([article], self._analyst, self._embedder, self._clock.now())
        document = analysis_document(analysis)
        return Reply(document=replace(document, blocks=(*document.blocks, *await self._known(asked.community, url))))

    async def _known(self, community: CommunityId, url: str) -> tuple[Block, ...]:
        """The way to the story that tells of the same article, where there is one."""
        story: StoryId | None = None
        async with self._database.read() as tx:
            for owner in (community, COMMON):
                for article in (await tx.articles.by_keys(owner, [address_key(url)])).values():
                    story = story or await tx.stories.of_article(community, article.id)
        if story is None:
            return (Prose((Text(strings.reading.NOT_STORED),), role="note"),)
        return (Actions((Button(strings.reading.WHOLE_STORY, invocation("story", story=story)),)),)
