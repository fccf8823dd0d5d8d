"""Who asks, for which community, and from where: of an interaction, what the desk needs to know.

- On a server that Slugline was added to, it is asked for the server's community; whoever may manage the server there is
  a manager of it. Editors are those whom the store knows as such (`CommandDesk`).
- In private messages, and where somebody brought Slugline along in their own account, it is asked for a community of
  their own, whose manager they are: what they watch and set up there is theirs alone, whatever servers they share with
  it, and no server's private feeds show up in a conversation about something else.
- What is posted somewhere is posted in the server that asked: a channel that a member names, and a form lets them write
  anything, has to be one of that server's. A community of one's own posts to its person alone.
- A message that Slugline sent somebody privately for a server (an alert of a watch there) stays that server's: what is
  pressed on it is asked for the server's community, if they are still a member. Discord is asked about that each time.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace

import discord

from adapters.discord.addresses import PLATFORM, own_community, private_address, server_community
from bot.app.commands.asked import Member, Place, Room
from bot.app.ports import Clock, Database
from bot.core import strings
from bot.core.command.command import Command, Kind
from bot.core.command.invocation import Invocation
from bot.core.community import Community, CommunityId, MemberId, Role
from bot.core.errors import InputError
from bot.core.message.document import OPTIONS_LIMIT


@dataclass(frozen=True, slots=True)
class Asker:
    community: CommunityId
    member: Member
    place: Place


class Askers:
    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def of(self, interaction: discord.Interaction) -> Asker:
        """The community is there from now on. Raises InputError for somebody who is no member of it any more."""
        user = interaction.user
        private = private_address(user.id)
        if (guild_id := added_to(interaction)) is not None:
            name = interaction.guild.name if interaction.guild is not None else ""
            community = await self._known(server_community(guild_id), name or str(guild_id))
            address = str(interaction.channel_id)
            place = Place(platform=PLATFORM, address=address, private_to=private)
            return Asker(community, _member(user, interaction.permissions), place)
        place = Place(platform=PLATFORM, address=private, direct=True, private_to=private)
        if (sent_for := await self._sent_for(interaction)) is not None:
            server = await _server_of(interaction, sent_for)
            member = await _member_there(user, server)
            rooms = await _rooms(server) if member.role >= Role.MANAGER else ()
            return Asker(sent_for, member, replace(place, rooms=rooms))
        community = await self._known(own_community(user.id), strings.discord.own_community(user.display_name))
        return Asker(community, _member(user, None), place)

    async def check_places(
        self, interaction: discord.Interaction, asker: Asker, said: Invocation, command: Command | None
    ) -> None:
        """Raises InputError where a place is named that is no channel of the community that is asked for."""
        for parameter in command.parameters if command is not None else ():
            address = said.given(parameter.name) if parameter.kind is Kind.PLACE else None
            if address is None or address.casefold() == strings.schedules.HERE or address == asker.place.address:
                continue
            if not await _is_there(interaction, asker.community, address):
                raise InputError(strings.discord.NO_CHANNEL_HERE)

    async def _known(self, community: CommunityId, name: str) -> CommunityId:
        async with self._database.read() as tx:
            known = await tx.communities.get(community)
        if known is None:
            now = self._clock.now()
            async with self._database.begin() as tx:
                await tx.communities.ensure(Community(id=community, platform=PLATFORM, name=name, created_at=now))
        return community

    async def _sent_for(self, interaction: discord.Interaction) -> CommunityId | None:
        """The server's community for which the message was sent on which something was pressed; None for others'."""
        message = interaction.message
        if message is None or message.interaction_metadata is not None:  # an answer to themselves
            return None
        async with self._database.read() as tx:
            found = await tx.deliveries.whose(PLATFORM, (str(message.id), f"{interaction.channel_id}/{message.id}"))
        return None if found == own_community(interaction.user.id) else found


def added_to(interaction: discord.Interaction) -> int | None:
    """The server that Slugline was added to and is asked on."""
    if interaction.guild_id is None:
        return None
    brought_along = interaction.is_user_integration() and not interaction.is_guild_integration()
    return None if brought_along else interaction.guild_id


def manages(permissions: discord.Permissions) -> bool:
    return permissions.manage_guild or permissions.administrator


def _member(user: discord.User | discord.Member, permissions: discord.Permissions | None) -> Member:
    """`permissions` of a server's member; None in a community of their own."""
    role = Role.MANAGER if permissions is None or manages(permissions) else Role.MEMBER
    return Member(id=MemberId(str(user.id)), name=user.display_name, role=role)


async def _server_of(interaction: discord.Interaction, community: CommunityId) -> discord.Guild | None:
    """Private messages reach the first shard, whose process need not be told of that server."""
    native = community.removeprefix(f"{PLATFORM}:")
    if not native.isdecimal():
        return None
    try:
        return interaction.client.get_guild(int(native)) or await interaction.client.fetch_guild(int(native))
    except (discord.NotFound, discord.Forbidden):
        return None


async def _member_there(user: discord.abc.User, server: discord.Guild | None) -> Member:
    if server is not None:
        with suppress(discord.NotFound):
            member = await server.fetch_member(user.id)
            return _member(member, member.guild_permissions)
    raise InputError(strings.discord.NOT_A_MEMBER)


async def _is_there(interaction: discord.Interaction, community: CommunityId, address: str) -> bool:
    native = community.removeprefix(f"{PLATFORM}:")
    if not (native.isdecimal() and address.isascii() and address.isdecimal() and len(address) <= 20):
        return False
    client = interaction.client
    try:
        channel = client.get_channel(int(address)) or await client.fetch_channel(int(address))
    except (discord.NotFound, discord.Forbidden, discord.InvalidData):
        return False
    return isinstance(channel, discord.abc.GuildChannel | discord.Thread) and channel.guild.id == int(native)


async def _rooms(server: discord.Guild | None) -> tuple[Room, ...]:
    """Where a digest could be posted, those where Slugline may first; nothing where Discord does not say."""
    if server is None:
        return ()
    try:
        channels = server.channels or await server.fetch_channels()
    except discord.HTTPException:
        return ()
    fit = [each for each in channels if isinstance(each, discord.TextChannel | discord.ForumChannel)]
    me = server.me
    fit.sort(key=lambda each: (me is not None and not _may_post(each, me), each.position, each.id))
    return tuple(Room(str(each.id), f"#{each.name}") for each in fit[:OPTIONS_LIMIT])


def _may_post(channel: discord.TextChannel | discord.ForumChannel, me: discord.Member) -> bool:
    granted = channel.permissions_for(me)
    return granted.view_channel and granted.send_messages
