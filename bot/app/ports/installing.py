"""Where a platform's app is installed, with the sealed keys to it; and what of it was heard already."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from bot.core.community import MemberId


@dataclass(frozen=True, slots=True, kw_only=True)
class Installation:
    """`place` is the platform's own id of a workspace, or of an organisation that has several. `sealed` are its tokens,
    which only the adapter can read; they end at `expires_at`, None: never. `scopes` is what was granted."""

    platform: str
    place: str
    name: str
    sealed: bytes
    scopes: tuple[str, ...]
    installed_at: datetime
    installer: MemberId | None = None
    expires_at: datetime | None = None


class Installations(Protocol):
    async def save(self, installation: Installation) -> None:
        """In place of what was kept for its place."""

    async def find(self, platform: str, place: str) -> Installation | None:
        """Its own, else that of the organisation it is reached through."""

    async def reach(self, platform: str, place: str, through: str) -> None:
        """This workspace is reached with the keys of that organisation."""

    async def leave(self, platform: str, place: str, through: str, before: datetime) -> bool:
        """This workspace is not reached through that organisation any more; False where it was not, or is again since
        that time."""

    async def remove(self, platform: str, place: str) -> Sequence[str]:
        """Forget its keys; the places that were reached with them, its own among them."""

    async def all(self, platform: str) -> Sequence[Installation]:
        """By place."""

    async def issue_state(self, platform: str, state: str, lifetime: timedelta) -> None:
        """Somebody began to install it: whoever comes back with `state` in that time is them."""

    async def use_state(self, platform: str, state: str) -> bool:
        """Whether it was issued, and is not used nor expired; it is used then, by one of any number who ask."""


class Heard(Protocol):
    """Platforms say the same thing again where they are not sure that it was heard."""

    async def first(self, platform: str, keys: Collection[str]) -> Collection[str]:
        """Those that nobody asked for before, in any process."""

    async def forget(self, platform: str, older: timedelta) -> None:
        """What was heard longer ago than that."""
