"""An article of the story index in one piece of memory: some 1,300 bytes, and nothing for the garbage collector.

As Python objects (a dict of terms, sets, two arrays, one boxed number each) the same takes five times as much, and of
100,000 stories in the window nearly all are single reports that are looked at again a few times at most. The vector is
kept as float16, as it is in the database: an index that was loaded compares as the one that saw the articles arrive.
"""

from __future__ import annotations

import struct
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from bot.core.desk.affinity import DIMENSION, Member
from bot.core.desk.traits import HASHES, Traits

_HEAD = struct.Struct("<4H?")  # terms, title, names, numbers; whether there is a print
# Only 2,400 characters of an article are read, so none has 65,536 terms.


def pack(member: Member) -> bytes:
    """What `unpack` makes the member of again, but for its date. Layout, little-endian: head, ids (uint32) of terms,
    title, names and numbers, weights (float32) of the terms, print (uint8), vector (float16)."""
    own = member.traits
    ids = [*own.terms, *own.title, *own.names, *own.numbers]
    return b"".join(
        (
            _HEAD.pack(len(own.terms), len(own.title), len(own.names), len(own.numbers), own.print is not None),
            np.array(ids, dtype="<u4").tobytes(),
            np.fromiter(own.terms.values(), dtype="<f4", count=len(own.terms)).tobytes(),
            b"" if own.print is None else own.print.tobytes(),
            member.vector.astype("<f2").tobytes(),
        )
    )


def unpack(packed: bytes, published: datetime) -> Member:
    terms, title, names, numbers, printed = _HEAD.unpack_from(packed)
    count = terms + title + names + numbers
    ids: list[int] = np.frombuffer(packed, "<u4", count, _HEAD.size).tolist()
    at = _HEAD.size + 4 * count
    weights: list[float] = np.frombuffer(packed, "<f4", terms, at).tolist()
    at += 4 * terms
    return Member(
        traits=Traits(
            terms=dict(zip(ids[:terms], weights, strict=True)),
            title=frozenset(ids[terms : terms + title]),
            names=frozenset(ids[terms + title : terms + title + names]),
            numbers=frozenset(ids[terms + title + names :]),
            print=np.frombuffer(packed, np.uint8, HASHES, at) if printed else None,
        ),
        vector=np.frombuffer(packed, "<f2", DIMENSION, at + HASHES * printed).astype(np.float32),
        published=published,
    )


def print_of(packed: bytes) -> NDArray[np.uint8] | None:
    """The print alone, without unpacking the rest."""
    *counts, printed = _HEAD.unpack_from(packed)
    at = _HEAD.size + 4 * sum(counts) + 4 * counts[0]
    return np.frombuffer(packed, np.uint8, HASHES, at) if printed else None
