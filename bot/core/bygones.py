"""What a feed carried that was too old to be news when we first saw it: a new date makes none of it new.

Entries that are passed over as too old are not stored, so nothing would be known of them when a feed re-dates its
archive. Of each only its identity keys and its headline are remembered, as short hashes, with the day it had: a few
hundred bytes a feed, at most `MOST` hashes. The day is kept rather than a verdict, so that an operator who raises the
age limit gets what is then young enough.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from hashlib import blake2b

from bot.core.feed import Identified

MOST = 5_000
"""Hashes a feed. The 1,000 entries that are read of one feed have up to five each; beyond that those not seen for the
longest are forgotten."""

_RECORD = struct.Struct(">8sI")  # a hash, and whole hours since 1970
_HOUR = timedelta(hours=1)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Bygones:
    """`packed` is the whole memory, as it is stored: records of 12 bytes, those seen last at the end."""

    packed: bytes = b""

    @cached_property
    def _hours(self) -> dict[bytes, int]:
        return dict(_RECORD.iter_unpack(self.packed))

    def published(self, listed: Sequence[Identified]) -> datetime | None:
        """When this entry (listed once or several times) was published by the first date we saw; None where it is not
        remembered."""
        hours = [known for one in listed if (known := self._known(one)) is not None]
        return _EPOCH + min(hours) * _HOUR if hours else None

    def with_(self, entries: Iterable[tuple[Sequence[Identified], datetime]]) -> Bygones:
        """Remember these too, each with when it was published. The same value where all of it was known."""
        seen: dict[bytes, int] = {}
        for listed, published in entries:
            hours = min(max(0, (published - _EPOCH) // _HOUR), 2**32 - 1)
            for hashed in (_hash(name) for one in listed for name in (*one.keys, _headline(one)) if name):
                seen[hashed] = min(hours, seen.get(hashed, hours), self._hours.get(hashed, hours))
        if seen.items() <= self._hours.items():
            return self
        earlier = [(hashed, hours) for hashed, hours in self._hours.items() if hashed not in seen]
        return Bygones(b"".join(_RECORD.pack(*record) for record in [*earlier, *seen.items()][-MOST:]))

    def _known(self, one: Identified) -> int | None:
        """Address and guid must both be remembered, or else the words: a feed that uses one address for everything has
        old entries at the address of its newest."""
        names = [key for key in one.keys if key.startswith(("url:", "guid:"))]
        found = [name for name in names if _hash(name) in self._hours]
        words = [key for key in one.keys if key not in names]
        if found and len(found) < len(names):
            words.append(_headline(one))
        if not found or len(found) < len(names):
            found = [word for word in words if word and _hash(word) in self._hours]
        return min((self._hours[_hash(name)] for name in found), default=None)


def _headline(one: Identified) -> str:
    return f"title:{one.words[0]}" if one.words[0] else ""


def _hash(name: str) -> bytes:
    return blake2b(name.encode("utf-8", "replace"), digest_size=8).digest()


NO_BYGONES = Bygones()
"""A feed that carried nothing too old."""
