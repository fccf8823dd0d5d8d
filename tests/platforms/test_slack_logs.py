"""What Slack's libraries say in our log opens nothing."""

from __future__ import annotations

import logging

import pytest

from adapters.slack.keys import Key
from adapters.slack.logs import quiet_logger
from adapters.slack.service import App
from adapters.slack.tokens import Tokens

SECRETS = [
    "wss://wss-primary.slack.com/link/?ticket=hunter2&app_id=1",
    "token xoxb-1-hunter2 and xapp-1-hunter2",
    "refreshed xoxe.xoxb-1-hunter2 with xoxe-1-hunter2",
    "POST https://hooks.slack.com/commands/T1/2/hunter2 failed",
    "Failed to fetch oauth.v2.access result with code: hunter2 - error",
]


@pytest.mark.parametrize("said", SECRETS)
def test_tokens_tickets_and_addresses_are_not_written_down(said: str, caplog: pytest.LogCaptureFixture) -> None:
    logger = quiet_logger()
    with caplog.at_level(logging.WARNING, logger.name):
        logger.warning("it said: %s", said)
        try:
            raise RuntimeError(said)
        except RuntimeError:
            logger.exception("it failed")
    assert "it said" in caplog.text
    assert "hunter2" not in caplog.text


def test_requests_and_answers_are_never_written_down() -> None:
    assert not quiet_logger().isEnabledFor(logging.INFO)


def test_no_secret_is_in_what_holds_it() -> None:
    holders = [
        Tokens(bot="hunter2", app="hunter2"),
        App(client_id="1", client_secret="hunter2", signing_secret="hunter2", keys=("hunter2",)),
        Key(token="hunter2", place="T1"),
    ]
    assert "hunter2" not in repr(holders)
