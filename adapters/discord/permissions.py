"""What Slugline may do on a server: what it needs and for what, what a channel grants it, and the invitation.

Least permissions: each is listed with what it is for, and Slugline works without those that are not `needed`, as far as
that goes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import discord

from bot.core.delivery import Post


@dataclass(frozen=True, slots=True)
class Permission:
    """`flag` is discord.py's name, `name` what Discord's own pages call it. Without one that is `needed` nothing can be
    posted at all."""

    flag: str
    name: str
    purpose: str
    needed: bool = False


PERMISSIONS: tuple[Permission, ...] = (
    Permission("view_channel", "View Channels", "to see the channels it posts to", needed=True),
    Permission("send_messages", "Send Messages", "to post digests, alerts and forum posts", needed=True),
    Permission(
        "send_messages_in_threads", "Send Messages in Threads", "to post the rest of a digest into its thread or post"
    ),
    Permission("create_public_threads", "Create Public Threads", "for schedules that post as a thread"),
    Permission("attach_files", "Attach Files", "for charts and lists of feeds"),
    Permission(
        "read_message_history",
        "Read Message History",
        "to look whether a message arrived when a connection broke, instead of risking it twice or not at all",
    ),
)
"""Mention roles needs none where the role is set to be mentionable; publishing in an announcement channel none either
for one's own messages (Send Messages is enough). Slash commands come with the scope `applications.commands`."""

SCOPES = ("bot", "applications.commands")
ADDRESS = "https://discord.com/oauth2/authorize"


def value(permissions: Iterable[Permission] = PERMISSIONS) -> int:
    """As the number that Discord's addresses take."""
    return discord.Permissions(**{each.flag: True for each in permissions}).value


def invitation(application: int) -> str:
    """The address at which an administrator adds the application to a server, with exactly these permissions."""
    scopes = "%20".join(SCOPES)
    return f"{ADDRESS}?client_id={application}&scope={scopes}&permissions={value()}"


def needed_for(post: Post, *, files: bool = False) -> tuple[Permission, ...]:
    """To post in that form."""
    wanted = {"view_channel", "send_messages"}
    if post is Post.THREAD:
        wanted |= {"create_public_threads", "send_messages_in_threads"}
    if post is Post.FORUM:
        wanted |= {"send_messages_in_threads"}
    if files:
        wanted |= {"attach_files"}
    return tuple(each for each in PERMISSIONS if each.flag in wanted)


def granted(guild: Mapping[str, Any], channel: Mapping[str, Any], roles: Iterable[str], me: int) -> discord.Permissions:
    """What `me`, who has these `roles`, may do in a channel; all as Discord's REST interface gives them.

    The order is Discord's own: the roles' permissions together, then what the channel takes from and gives to everyone,
    then to the roles, then to the member. An administrator may everything.
    """
    if str(guild.get("owner_id")) == str(me):
        return discord.Permissions.all()
    mine = {str(guild["id"]), *map(str, roles)}
    base = 0
    for role in guild.get("roles", ()):
        if str(role["id"]) in mine:
            base |= int(role["permissions"])
    if discord.Permissions(base).administrator:
        return discord.Permissions.all()
    overwrites = {str(each["id"]): each for each in channel.get("permission_overwrites") or ()}
    base = _over(base, [overwrites.pop(str(guild["id"]), None)])
    base = _over(base, [overwrites.get(role) for role in mine])
    return discord.Permissions(_over(base, [overwrites.get(str(me))]))


def _over(base: int, overwrites: Iterable[Mapping[str, Any] | None]) -> int:
    deny = allow = 0
    for each in overwrites:
        if each is not None:
            deny |= int(each["deny"])
            allow |= int(each["allow"])
    return base & ~deny | allow


def missing(has: discord.Permissions, wanted: Iterable[Permission]) -> tuple[Permission, ...]:
    return tuple(each for each in wanted if not getattr(has, each.flag))
