"""A fetcher with a clock that stands still and no pause between requests."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from feeds.fetch import Fetcher
from feeds.host_gate import HostGate
from tests.feeds.loopback import FixedClock


@pytest.fixture
async def fetcher() -> AsyncIterator[Fetcher]:
    async with Fetcher(FixedClock(), contact="https://slugline.example/bot", gate=HostGate(timedelta(0))) as ready:
        yield ready
