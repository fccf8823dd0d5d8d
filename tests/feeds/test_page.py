"""Article pages: leave, fetch and extraction, hostile ones included."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from bot.app.ports import NoPage, PageText
from feeds.crew import Crew
from feeds.fetch import Fetcher
from feeds.host_gate import HostGate
from feeds.page import WebPageReader, page_crew
from tests.feeds.loopback import FixedClock, Server

SENTENCES = (
    "The writers of the invented guild voted on Tuesday to accept the contract that their committee had brought home.",
    "It lets a studio use a machine's draft only where a writer agrees, and pays the writer as if it were not there.",
    "The studios had asked for a year of trials first, and said on Wednesday that they would put the terms in force.",
)


def page(head: str = "", sentences: tuple[str, ...] = SENTENCES, language: str = "en") -> bytes:
    told = "".join(f"<p>{sentence}</p>" for sentence in sentences)
    return (
        f"<!doctype html><html lang={language}><head><meta charset=utf-8><title>Guild votes yes</title>{head}</head>"
        f"<body><nav><a href=/>Home</a> <a href=/x>More</a></nav><article><h1>Guild votes yes</h1>{told}</article>"
        "<footer>All rights reserved</footer></body></html>"
    ).encode()


HTML = {"Content-Type": "text/html; charset=utf-8"}


@pytest.fixture(scope="module")
async def crew() -> AsyncIterator[Crew]:
    crew = page_crew(within=timedelta(seconds=3))
    yield crew
    await crew.close()


async def read(crew: Crew, server: Server, path: str = "/page", *, trusted: bool = True) -> PageText | NoPage:
    clock = FixedClock()
    async with Fetcher(clock, gate=HostGate(timedelta(0))) as fetcher:
        reader = WebPageReader(fetcher, crew, clock, allow=frozenset({server.where}))
        return await reader.read(server.url(path), trusted=trusted)
