"""How Discord's servers and people are called here: without discord.py, which a process that only hears HTTP has no
need of."""

from __future__ import annotations

from bot.core.community import CommunityId

PLATFORM = "discord"


def server_community(guild_id: int) -> CommunityId:
    return CommunityId(f"{PLATFORM}:{guild_id}")


def own_community(user_id: int) -> CommunityId:
    """That of a person's private messages."""
    return CommunityId(f"{PLATFORM}:user-{user_id}")


def private_address(user_id: int) -> str:
    """Where a person is reached alone, as a destination has it."""
    return f"dm:{user_id}"
