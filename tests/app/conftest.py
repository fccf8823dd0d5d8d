"""A newsroom over a fresh SQLite database, and no log: rendering tracebacks takes longer than the tests."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest
import structlog

from adapters.storage import SqlDatabase
from tests.app.newsroom import Newsroom


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    before = structlog.get_config()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    yield
    structlog.configure(**before)


@pytest.fixture
def newsroom(sqlite: SqlDatabase) -> Newsroom:
    return Newsroom(sqlite)
