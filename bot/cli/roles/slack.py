"""The role slack: Slack's app, and delivery to what is there.

One workspace by Socket Mode, with a bot token and an app-level token; or many that install it, by HTTP on the web
server of this process (SLUGLINE_WEB), with the app's own secrets and a key that seals the tokens.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pydantic import SecretStr

    from bot.app.work import Worker
    from bot.cli.house import House
    from bot.settings import Settings

CHANNELS = 2_000
"""Posted to at the same time: each takes one message a second, so most of them wait."""
ONE = ("slack_bot_token", "slack_app_token")
MANY = ("slack_client_id", "slack_client_secret", "slack_signing_secret", "slack_token_key", "web")


def needs(settings: Settings) -> Sequence[str]:
    """The settings that the role cannot begin without."""
    return MANY if settings.slack_is_shared else ONE


@asynccontextmanager
async def slack(house: House, stopping: asyncio.Event) -> AsyncIterator[Sequence[Worker]]:
    from adapters.slack.service import App, many_workspaces, one_workspace
    from adapters.slack.tokens import Tokens
    from bot.app.tallies import ACKNOWLEDGED
    from bot.cli.roles.beside import beside

    def acknowledged(seconds: float) -> None:
        house.tallies.observe(ACKNOWLEDGED, seconds, "slack")

    settings = house.settings
    alone = settings.sqlite_file is not None  # on a file works one `run` (`house.only_one`)
    if settings.slack_is_shared:
        app = App(
            client_id=settings.slack_client_id or "",
            client_secret=_said(settings.slack_client_secret),
            signing_secret=_said(settings.slack_signing_secret),
            keys=settings.slack_token_keys,
            scopes=sorted(settings.slack_scopes),
        )
        async with many_workspaces(
            app,
            house.commands,
            house.database,
            house.clock,
            holder=house.holder,
            budget=house.budget,
            alone=alone,
            acknowledged=acknowledged,
        ) as opened:
            assert opened.door is not None
            async with beside(opened.run(), stopping):
                with house.doors.opened("/slack/", opened.door):
                    yield [house.sender(opened.platform, CHANNELS)]
        return
    tokens = Tokens(bot=_said(settings.slack_bot_token), app=_said(settings.slack_app_token))
    opening = one_workspace(
        tokens,
        house.commands,
        house.database,
        house.clock,
        budget=house.budget,
        alone=alone,
        acknowledged=acknowledged,
    )
    async with opening as opened, beside(opened.run(), stopping):
        yield [house.sender(opened.platform, CHANNELS)]


def _said(secret: SecretStr | None) -> str:
    assert secret is not None
    return secret.get_secret_value()
