"""Members who talk to the command desk over a newsroom, and what they hear, in plain words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.app.commands.asked import Completion, Member, Place
from bot.app.commands.assembly import command_desk
from bot.app.commands.desk import CommandDesk
from bot.app.ports import FoundFeed, Subscription
from bot.core.catalogue import Catalogue
from bot.core.command.invocation import Invocation
from bot.core.community import CommunityId, MemberId, Role
from bot.core.errors import InputError
from bot.core.message.document import Answer, Ask, Document, Reply
from bot.core.opt_out import OptOut
from tests.app.newsroom import Newsroom
from tests.core.test_message_digest import words
from tests.factories import GUILD, new_community

MANAGER = Member(id=MemberId("mo"), name="Mo", role=Role.MANAGER)
EDITOR = Member(id=MemberId("ed"), name="Ed", role=Role.EDITOR)
ANN = Member(id=MemberId("ann"), name="Ann")
BEA = Member(id=MemberId("bea"), name="Bea")


@dataclass(slots=True)
class FakeFinder:
    """`bot.app.ports.FeedFinder`: what was prepared for an address."""

    feeds: dict[str, list[FoundFeed]] = field(default_factory=dict)
    lists: dict[str, list[Subscription]] = field(default_factory=dict)

    async def find(self, url: str) -> Sequence[FoundFeed]:
        if found := self.feeds.get(url):
            return found
        raise InputError("nowhere.example: no feed was found there")

    async def list_at(self, url: str) -> Sequence[Subscription]:
        return self.lists[url]

    def list_of(self, subscriptions: Sequence[Subscription]) -> bytes:
        return "\n".join(one.url for one in subscriptions).encode()


@dataclass(slots=True)
class Conversation:
    """In one community; made by `converse`."""

    newsroom: Newsroom
    desk: CommandDesk
    finder: FakeFinder
    community: CommunityId = GUILD
    place: Place = field(default_factory=lambda: Place(platform="discord", address="channel-1", private_to="dm"))

    async def answer(self, line: str | Invocation, member: Member = MANAGER) -> Answer:
        said = self.desk.read(line) if isinstance(line, str) else line
        return await self.desk.answer(self.community, member, self.place, said)

    async def reply(self, line: str | Invocation, member: Member = MANAGER) -> Reply:
        answer = await self.answer(line, member)
        assert isinstance(answer, Reply), answer
        return answer

    async def form(self, line: str, member: Member = MANAGER) -> Ask:
        answer = await self.answer(line, member)
        assert isinstance(answer, Ask), answer
        return answer

    async def say(self, line: str | Invocation, member: Member = MANAGER) -> str:
        """The answer's words, a line a block or bullet."""
        return plain((await self.reply(line, member)).document)

    async def complete(self, command: str, parameter: str, typed: str, member: Member = MANAGER) -> list[Completion]:
        return await self.desk.complete(self.community, member, tuple(command.split()), parameter, typed)


def plain(document: Document) -> str:
    return "\n".join(words(document))


async def converse(newsroom: Newsroom, community: CommunityId = GUILD) -> Conversation:
    async with newsroom.database.begin() as tx:
        await tx.communities.ensure(new_community(community))
    finder = FakeFinder()
    desk = command_desk(
        database=newsroom.database,
        clock=newsroom.clock,
        telling=newsroom.telling,
        drafting=newsroom.drafting,
        topics=newsroom.topics,
        analyses=newsroom.analyses,
        explaining=newsroom.explaining,
        finder=finder,
        pages=newsroom.pages,
        analyst=newsroom.engine,
        embedder=newsroom.embedder,
        opt_out=OptOut(frozenset({"optout.example"})),
        catalogue=Catalogue(feeds=(), outlets=(), by_host={}),
        zone="Europe/London",
        version="1.2.3",
    )
    return Conversation(newsroom, desk, finder, community)
