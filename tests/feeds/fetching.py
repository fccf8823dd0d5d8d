"""Fetching from scripted servers, within limits that suit tests."""

from __future__ import annotations

import socket
from collections.abc import Mapping
from datetime import timedelta

from aiohttp.abc import AbstractResolver, ResolveResult

from feeds.fetch import Fetcher, FetchResult, Limits
from tests.feeds.loopback import Server, serving

LIMITS = Limits(
    body=1_000_000,
    connect=timedelta(seconds=2),
    read=timedelta(seconds=2),
    total=timedelta(seconds=5),
)
PRIVATE = "the address leads into a private network"


class Names(AbstractResolver):
    """A name server under the test's control: each lookup of a name takes its next answer, the last one for ever."""

    def __init__(self, names: Mapping[str, list[list[str]]]) -> None:
        self._names = {name: list(answers) for name, answers in names.items()}

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        answers = self._names.get(host.rstrip("."))
        if answers is None:
            raise OSError("no such name")
        found = answers.pop(0) if len(answers) > 1 else answers[0]
        return [
            ResolveResult(
                hostname=host,
                host=each,
                port=port,
                family=socket.AF_INET6 if ":" in each else socket.AF_INET,
                proto=0,
                flags=socket.AI_NUMERICHOST,
            )
            for each in found
        ]

    async def close(self) -> None:
        pass


async def fetch(fetcher: Fetcher, server: Server, path: str, limits: Limits = LIMITS) -> FetchResult:
    return await fetcher.fetch(server.url(path), allow=frozenset({server.where}), limits=limits)


async def get(fetcher: Fetcher, scripted: bytes, limits: Limits = LIMITS) -> FetchResult:
    async with serving(feed=scripted) as server:
        return await fetch(fetcher, server, "/feed", limits)
