"""Slugline in Slack, in both modes."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta

import pytest
import structlog

from adapters.storage import SqlDatabase
from tests.app.newsroom import Newsroom
from tests.platforms.slack_office import Office, http_office, socket_office


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    before = structlog.get_config()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    yield
    structlog.configure(**before)


@pytest.fixture(autouse=True)
def unhurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """However busy the machine is, no answer in Slack takes so long that it says so, save where a test wants that."""
    monkeypatch.setattr("adapters.slack.progress.SILENCE", timedelta(minutes=2))


@pytest.fixture
def newsroom(sqlite: SqlDatabase) -> Newsroom:
    return Newsroom(sqlite)


@pytest.fixture(params=["socket", "http"])
async def office(request: pytest.FixtureRequest, newsroom: Newsroom) -> AsyncIterator[Office]:
    """With one workspace, T1: once in each mode."""
    opened = socket_office(newsroom) if request.param == "socket" else http_office(newsroom)
    async with opened as there:
        yield there


@pytest.fixture
async def by_http(newsroom: Newsroom) -> AsyncIterator[Office]:
    async with http_office(newsroom) as there:
        yield there


@pytest.fixture
async def by_socket(newsroom: Newsroom) -> AsyncIterator[Office]:
    async with socket_office(newsroom) as there:
        yield there
