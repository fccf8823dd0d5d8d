"""How our values are kept in columns, the same in both databases.

- Times are whole microseconds since 1970 (UTC) in a BIGINT: both databases then give back equal values, order and index
  them alike, and the years 1 and 9999 that feeds claim fit.
- Vectors are 384 little-endian float16 (768 bytes): half the size of float32, and the loss (< 0.001 of a cosine) is far
  below what any threshold of the joiner can tell.
- Values that are read whole (analyses, digests, documents) are JSON made by pydantic over the plain dataclasses.
- Text of the outside may hold what a database refuses (PostgreSQL: NUL; both drivers: lone surrogates). The parser
  cleans it; the store replaces what is left, so that no text can stop a hand-off.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any, Generic, TypeVar

import numpy as np
from numpy.typing import NDArray
from pydantic import TypeAdapter
from sqlalchemy import BigInteger, Dialect, LargeBinary, Text
from sqlalchemy.types import TypeDecorator

from bot.app.ports import Vector

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
VECTOR_LENGTH = 384
REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
LONGEST_KEPT = 64_000
"""Characters of JSON of which the value is kept in mind: a document of several messages, and none that holds files."""

T = TypeVar("T")


def microseconds(span: timedelta) -> int:
    return span // MICROSECOND


class Instant(TypeDecorator[datetime]):
    """An aware datetime; comes back in UTC."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        return None if value is None else (value - EPOCH) // MICROSECOND

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:
        return None if value is None else EPOCH + timedelta(microseconds=value)


class Span(TypeDecorator[timedelta]):
    """A length of time, in whole microseconds."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: timedelta | None, dialect: Dialect) -> int | None:
        return None if value is None else microseconds(value)

    def process_result_value(self, value: int | None, dialect: Dialect) -> timedelta | None:
        return None if value is None else timedelta(microseconds=value)


class OutsideText(TypeDecorator[str]):
    """Text that somebody else wrote: NUL and lone surrogates become U+FFFD."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return None if value is None else storable(value)


def storable(text: str) -> str:
    """The text with what no database takes replaced."""
    if "\0" in text:
        text = text.replace("\0", REPLACEMENT)
    if text.isascii():  # known without looking
        return text
    try:
        text.encode()
    except UnicodeEncodeError:
        text = "".join(REPLACEMENT if "\ud800" <= character <= "\udfff" else character for character in text)
    return text


class HalfVector(TypeDecorator[Vector]):
    """A unit vector of 384 numbers, kept as float16; comes back as float32 of unit length."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: NDArray[np.float32] | None, dialect: Dialect) -> bytes | None:
        if value is None:
            return None
        if value.shape != (VECTOR_LENGTH,):
            raise ValueError(f"a vector has shape ({VECTOR_LENGTH},), not {value.shape}")
        return value.astype("<f2").tobytes()

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> Vector | None:
        if value is None:
            return None
        vector = np.frombuffer(value, dtype="<f2").astype(np.float32)
        length = float(np.linalg.norm(vector))
        return vector / np.float32(length) if length else vector


class Whole(TypeDecorator[T], Generic[T]):
    """A value that is written and read whole, as JSON.

    Where many rows hold the same, `kept` of those read last are kept in mind: rows that hold the same JSON then come
    back with the very same value, which must therefore be one that nobody can change.
    """

    impl = Text
    cache_ok = True

    def __init__(self, adapter: TypeAdapter[T], kept: int = 0) -> None:
        super().__init__()
        self.adapter = adapter
        self.kept = kept
        self._known: Callable[[str], T] = lru_cache(maxsize=kept)(adapter.validate_json)

    def process_bind_param(self, value: T | None, dialect: Dialect) -> str | None:
        return None if value is None else self.adapter.dump_json(value).decode()

    def process_result_value(self, value: Any | None, dialect: Dialect) -> T | None:
        if value is None:
            return None
        if self.kept and len(value) <= LONGEST_KEPT:
            return self._known(value)
        return self.adapter.validate_json(value)
