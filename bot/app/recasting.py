"""Telling a draft's story again from other articles: without one, with one more, or with those of another story.

Only this community's draft is told anew. The story itself, which others read too, stays as it is, and an article that
was given by its address is not kept: it has a number below zero, and is fetched again if the story is told once more.
"""

from __future__ import annotations

from collections.abc import Sequence

from bot.app.analyses import DEFAULT_ENGINE, Analyses
from bot.app.by_address import ByAddress
from bot.app.ports import Database
from bot.core import strings
from bot.core.address import canonical_address
from bot.core.analysis import Analysis
from bot.core.article import Article, ArticleId, BodySource
from bot.core.community import COMMON, CommunityId
from bot.core.errors import InputError
from bot.core.feed import FeedId, Outlet
from bot.core.identity import address_key
from bot.core.review.draft import StoryDraft
from bot.core.story import Coverage, Member, Story


class Recasting:
    def __init__(self, database: Database, analyses: Analyses, by_address: ByAddress) -> None:
        self._database = database
        self._analyses = analyses
        self._by_address = by_address

    async def without(self, draft: StoryDraft, article: ArticleId) -> Analysis:
        """Told from its other articles. Raises InputError where there are none."""
        members = [member for member in await self._members(draft) if member.article.id != article]
        if not members:
            raise InputError(strings.deciding.no_other_article(draft.id))
        freed = [Member(article=one.article) if one.copy_of == article else one for one in members]
        return await self._tell(draft, freed)

    async def with_article(self, draft: StoryDraft, url: str) -> Analysis:
        """Told from the article at that address too. Raises InputError for one it has already, or that cannot be
        read."""
        members = await self._members(draft)
        article = await self._known(draft.community, url)
        if article is None:
            number = min(0, *(member.article.id for member in members)) - 1
            article = await self._fetched(url, ArticleId(number))
        there = canonical_address(article.url)
        if any(article.id == one.article.id or there == canonical_address(one.article.url) for one in members):
            raise InputError(strings.deciding.has_that_article(draft.id))
        return await self._tell(draft, [*members, Member(article=article)])

    async def together(self, draft: StoryDraft, other: StoryDraft) -> Analysis:
        """Told from the articles of both, as the first one's story."""
        members = {member.article.id: member for member in await self._members(draft)}
        for member in await self._members(other):
            # Two articles given by their addresses may have one number.
            number = member.article.id
            if number < 0 and number in members:
                url = member.article.url
                member = Member(article=await self._fetched(url, ArticleId(min(members) - 1)))
            members.setdefault(member.article.id, member)
        return await self._tell(draft, list(members.values()))

    async def _members(self, draft: StoryDraft) -> list[Member]:
        """The draft's own articles, whatever its story has become meanwhile; those that no longer stand left out."""
        sources = draft.original.sources
        async with self._database.read() as tx:
            stored = await tx.articles.get(draft.community, [one.article for one in sources if one.article > 0])
            coverage = await tx.stories.get(draft.community, draft.original.story)
        copies = {} if coverage is None else {member.article.id: member.copy_of for member in coverage.members}
        members = [
            Member(article=one, copy_of=copies.get(one.id))
            for one in stored
            if one.withdrawn is None and one.set_aside is None
        ]
        given = [one for one in sources if one.article < 0]
        return members + [Member(article=await self._fetched(one.url, one.article)) for one in given]

    async def _known(self, community: CommunityId, url: str) -> Article | None:
        async with self._database.read() as tx:
            for owner in (community, COMMON):
                for article in (await tx.articles.by_keys(owner, [address_key(url)])).values():
                    if article.withdrawn is None and article.set_aside is None:
                        return article
        return None

    async def _fetched(self, url: str, number: ArticleId) -> Article:
        found = await self._by_address.article(url)
        return Article(
            id=number,
            keys=(),
            feed=FeedId(0),
            url=found.url,
            outlet=Outlet(name=found.outlet),
            title=found.title,
            summary=found.summary,
            content=found.text,
            published=found.published,
            first_seen=found.published,
            language=found.language,
            body_source=BodySource.PAGE,
        )

    async def _tell(self, draft: StoryDraft, members: Sequence[Member]) -> Analysis:
        ordered = tuple(sorted(members, key=lambda member: (member.article.published, member.article.id)))
        before = draft.original
        story = Story(
            id=before.story,
            owner=draft.community,
            version=before.version,
            relevance=1.0,
            relevant=True,
            first_seen=before.first_seen,
            last_updated=before.last_updated,
        )
        engine = before.disclosure.engine if self._analyses.has(before.disclosure.engine) else DEFAULT_ENGINE
        coverage = Coverage(story=story, members=ordered)
        return await self._analyses.afresh(draft.community, coverage, before.earlier, engine)
