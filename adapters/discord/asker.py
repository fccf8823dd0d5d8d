"""Who asks, for which community, and from where: of an interaction, what the desk needs to know.

- On a server that Slugline was added to, it is asked for the server's community; whoever may manage the server there is
  a manager of it. Editors are those whom the store knows as such (`CommandDesk`).
- In private messages, and where somebody brought Slugline along in their own account, it is asked for a community of
  their own, whose manager they are: what they watch and set up there is theirs alone, whatever servers they share with
  it, and no server's private feeds show up in a conversation about something else.
- A message that Slugline sent somebody privately for a server (an alert of a watch there) stays that server's: what is
  pressed on it is asked for the server's community, if they are still a member. Discord is asked about that each time.
"""

from __future__ import annotations

from dataclasses import dataclass

import discord

from bot.app.commands.asked import Member, Place
from bot.app.ports import Clock, Database
from bot.core import strings
from bot.core.community import Community, CommunityId, MemberId, Role
from bot.core.errors import InputError

PLATFORM = "discord"


def server_community(guild_id: int) -> CommunityId:
    return CommunityId(f"{PLATFORM}:{guild_id}")


def own_community(user_id: int) -> CommunityId:
    """That of a person's private messages."""
    return CommunityId(f"{PLATFORM}:user-{user_id}")


def private_address(user_id: int) -> str:
    """Where a person is reached alone, as a destination has it."""
    return f"dm:{user_id}"


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
        if (guild_id := _server(interaction)) is not None:
            name = interaction.guild.name if interaction.guild is not None else ""
            community = await self._known(server_community(guild_id), name or str(guild_id))
            address = str(interaction.channel_id)
            place = Place(platform=PLATFORM, address=address, private_to=private)
            return Asker(community, _member(user, interaction.permissions), place)
        place = Place(platform=PLATFORM, address=private, direct=True, private_to=private)
        if (sent_for := await self._sent_for(interaction)) is not None:
            return Asker(sent_for, await _member_there(interaction, sent_for), place)
        community = await self._known(own_community(user.id), strings.discord.own_community(user.display_name))
        return Asker(community, _member(user, None), place)

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


def _server(interaction: discord.Interaction) -> int | None:
    """The server that Slugline was added to and is asked on."""
    if interaction.guild_id is None:
        return None
    brought_along = interaction.is_user_integration() and not interaction.is_guild_integration()
    return None if brought_along else interaction.guild_id


def _member(user: discord.User | discord.Member, permissions: discord.Permissions | None) -> Member:
    """`permissions` of a server's member; None in a community of their own."""
    manages = permissions is None or permissions.manage_guild or permissions.administrator
    role = Role.MANAGER if manages else Role.MEMBER
    return Member(id=MemberId(str(user.id)), name=user.display_name, role=role)


async def _member_there(interaction: discord.Interaction, community: CommunityId) -> Member:
    guild_id = community.removeprefix(f"{PLATFORM}:")
    guild = interaction.client.get_guild(int(guild_id)) if guild_id.isdecimal() else None
    try:
        if guild is not None:
            member = await guild.fetch_member(interaction.user.id)
            return _member(member, member.guild_permissions)
    except discord.NotFound:
        pass
    raise InputError(strings.discord.NOT_A_MEMBER)
