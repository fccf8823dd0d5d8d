"""Bodies, decoded within a limit that holds after decompression.

aiohttp's own decompression is switched off: it is bounded a chunk, not a body. Here no call to a decompressor may
return more than a step, and the sum never passes the limit, so a bomb of any size costs at most limit + step.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from typing import Protocol

import brotli

from bot.core import strings

STEP = 256 * 1024
"""Bytes: the most one call to a decompressor may return."""
MEMBERS = 64
"""A gzip body may be several members in a row (RFC 1952 §2.2); more than this is an attack."""


class BadBody(Exception):
    """The body cannot be used; the message is for people."""


class TooLarge(BadBody):
    def __init__(self, limit: int) -> None:
        super().__init__(strings.fetching.answer_too_large(limit / 1_000_000))


class _Decompressor(Protocol):
    def steps(self, chunk: bytes) -> Iterator[bytes]:
        """What the chunk decodes to, at most `STEP` bytes at a time."""

    @property
    def finished(self) -> bool: ...


class _Identity:
    finished = True

    def steps(self, chunk: bytes) -> Iterator[bytes]:
        yield chunk


class _Deflate:
    """gzip, and deflate both with its zlib wrapper and, as many servers send it, without (RFC 9110 §8.4.1.2)."""

    def __init__(self, *, gzip: bool) -> None:
        self._gzip = gzip
        self._inner = zlib.decompressobj(31 if gzip else 15)
        self._started = False
        self._members = 1

    def steps(self, chunk: bytes) -> Iterator[bytes]:
        while chunk:
            if self._inner.eof:
                if not self._gzip or not chunk.startswith(b"\x1f") or self._members >= MEMBERS:
                    return  # trailing padding: ignored, as browsers do
                self._inner = zlib.decompressobj(31)
                self._members += 1
            yield self._step(chunk)
            chunk = self._inner.unconsumed_tail or self._inner.unused_data

    def _step(self, chunk: bytes) -> bytes:
        try:
            out = self._inner.decompress(chunk, STEP)
        except zlib.error:
            if self._started or self._gzip:
                raise
            self._inner = zlib.decompressobj(-15)
            out = self._inner.decompress(chunk, STEP)
        self._started = True
        return out

    @property
    def finished(self) -> bool:
        return self._inner.eof


class _Brotli:
    def __init__(self) -> None:
        self._inner = brotli.Decompressor()

    def steps(self, chunk: bytes) -> Iterator[bytes]:
        yield self._inner.process(chunk, output_buffer_limit=STEP)
        while not self._inner.can_accept_more_data():
            yield self._inner.process(b"", output_buffer_limit=STEP)

    @property
    def finished(self) -> bool:
        return bool(self._inner.is_finished())


def _decompressor(encoding: str) -> _Decompressor:
    match encoding.strip().lower():
        case "" | "identity":
            return _Identity()
        case "gzip" | "x-gzip":
            return _Deflate(gzip=True)
        case "deflate":
            return _Deflate(gzip=False)
        case "br":
            return _Brotli()
        case _:
            raise BadBody(strings.fetching.PACKED_OTHERWISE)


class BodyReader:
    """Collects one body. `limit` bounds both the bytes on the wire and the bytes they decode to; past it the body is
    refused, or with `cut` its beginning is kept."""

    def __init__(self, encoding: str, limit: int, *, cut: bool = False) -> None:
        self._decompressor = _decompressor(encoding)
        self._limit = limit
        self._cut = cut
        self._received = 0
        self._body = bytearray()
        self.full = False

    def write(self, chunk: bytes) -> None:
        """Raises `BadBody`."""
        self._received += len(chunk)
        try:
            for part in self._decompressor.steps(chunk):
                self._body += part
                if max(len(self._body), self._received) > self._limit:
                    if not self._cut:
                        raise TooLarge(self._limit)
                    self.full = True
                    return
        except (zlib.error, brotli.error) as error:
            raise BadBody(strings.fetching.PACKED_WRONGLY) from error

    def finish(self) -> bytes:
        """The decoded body. Raises `BadBody` where it ends before its compressed stream does."""
        if self._received and not self.full and not self._decompressor.finished:
            raise BadBody(strings.fetching.ANSWER_BROKE_OFF)
        return bytes(self._body[: self._limit])
