"""A command that somebody said, with all that its handler may know about who, where and with what."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, tzinfo

from bot.core import strings
from bot.core.command.binding import Arguments
from bot.core.command.invocation import Invocation
from bot.core.community import CommunityId, MemberId, Role
from bot.core.errors import InputError
from bot.core.message.document import Answer, Document


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """`role` is what the platform says they may do, or more where the community gave it (`CommandDesk`)."""

    id: MemberId
    name: str
    role: Role = Role.MEMBER


@dataclass(frozen=True, slots=True)
class Room:
    """A place of a community where something could be posted: its address, and its name for people."""

    address: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where it was said: `address` is the platform's own id of the channel, such as a destination has. `direct` is a
    conversation with that member alone; `private_to` is the address at which they alone are reached (a private
    message), None where the platform has none. `rooms` are places of the community to choose from, where it was said
    outside of all of them."""

    platform: str
    address: str
    zone: tzinfo = UTC
    direct: bool = False
    private_to: str | None = None
    rooms: tuple[Room, ...] = ()


async def _nothing(_document: Document) -> None:
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """`tell` shows how it goes while a slow answer is made; each call replaces what the one before said."""

    community: CommunityId
    member: Member
    place: Place
    said: Invocation
    arguments: Arguments = field(default_factory=Arguments)
    tell: Callable[[Document], Awaitable[None]] = _nothing

    def require(self, role: Role, what: str) -> None:
        """Where a command's answer to "who may" depends on its arguments. Raises NotAllowed."""
        if self.member.role < role:
            raise NotAllowed(what, role)


class NotAllowed(InputError):
    """This member may not; says who may."""

    def __init__(self, what: str, role: Role) -> None:
        super().__init__(strings.asking.role_needed(what, role.name.lower()))


Handler = Callable[[Asked], Awaitable[Answer]]
"""Does what one command says. Raises InputError for what a person got wrong."""


@dataclass(frozen=True, slots=True)
class Completion:
    """A name that may be meant: what people see, and what is then said for it."""

    label: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Completing:
    """Somebody is typing a name."""

    community: CommunityId
    member: Member
    typed: str


Completer = Callable[[Completing], Awaitable["list[Completion]"]]
"""Names of one kind that begin with, or hold, what was typed; at most `MOST`, the likeliest first."""

MOST = 25
"""Completions shown: Discord's bound."""
