"""Logs carry ids and never a secret."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from bot.logs import configure


@pytest.fixture
def stream() -> Iterator[io.StringIO]:
    stream = io.StringIO()
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    configure(secrets=["s3cr3t-token"], stream=stream)
    yield stream
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


def lines(stream: io.StringIO) -> list[dict[str, object]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_an_event_is_one_json_object_with_its_ids(stream: io.StringIO) -> None:
    structlog.get_logger("slugline").info("scored", article=7, relevance=0.5)
    (line,) = lines(stream)
    assert line["event"] == "scored"
    assert line["article"] == 7
    assert line["level"] == "info"


def test_what_looks_like_a_workspaces_token_is_blotted_out_though_no_setting_knows_it(stream: io.StringIO) -> None:
    for token in ("xoxb-12345-abcdeF", "xoxe.xoxp-1-Mi0yLTEx", "xapp-1-A012-345-abc"):
        structlog.get_logger("slugline").warning("refused", said=f"no {token}, please")
    assert [line["said"] for line in lines(stream)] == ["no [secret], please"] * 3


def test_secrets_and_addresses_are_blotted_out_wherever_they_stand(stream: io.StringIO) -> None:
    log = structlog.get_logger("slugline")
    log.warning("failed", error="401 for https://user:pw@feeds.example/private?key=abc", token="s3cr3t-token")
    log.warning("deep", detail={"urls": ["http://a.example/x"]}, path=ValueError("s3cr3t-token"))
    logging.getLogger("some.library").warning("GET %s with %s", "https://hooks.example/T0/B0/xyz", "s3cr3t-token")
    try:
        raise RuntimeError("at https://a.example/secret?token=1")
    except RuntimeError:
        log.exception("crashed")
    text = stream.getvalue()
    assert len(lines(stream)) == 4
    for secret in ("s3cr3t-token", "feeds.example", "a.example", "hooks.example", "abc"):
        assert secret not in text
    assert text.count("[address]") >= 4
