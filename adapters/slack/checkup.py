"""What `doctor` says of Slack: whose the token is, what it may, and whether what is posted there fits it."""

from __future__ import annotations

from collections.abc import Collection

from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.installing import unreadable
from adapters.slack.keys import PLATFORM
from adapters.slack.manifest import OPTIONAL, SCOPES
from adapters.slack.platform import community_of
from adapters.slack.sealing import Sealer
from adapters.slack.service import new_client
from adapters.slack.tokens import Tokens, Unreachable, Who, check_one_app, connection, who_is
from adapters.slack.words import missing_scope
from bot.app.checkup import Finding
from bot.app.ports import Database
from bot.core.errors import InputError


async def check_one_workspace(
    tokens: Tokens, database: Database | None, *, base_url: str | None = None
) -> list[Finding]:
    """Of the tokens in the environment."""
    try:
        async with new_client(base_url) as client:
            who = await who_is(client, tokens.bot)
            listening = await _listening(client, tokens, who)
    except Unreachable as error:
        return [Finding(level="note", subject="Slack", text=f"tokens are set; {error}")]
    except InputError as error:
        return [Finding(level="problem", subject="Slack", text=str(error))]
    findings = [Finding(level="ok", subject="Slack", text=f"the workspace {who.name} ({who.team}) takes the bot token")]
    findings += listening
    findings += scopes(who.scopes)
    if database is not None:
        findings += await others(database, who.team, who.name)
    return findings


async def _listening(client: AsyncWebClient, tokens: Tokens, who: Who) -> list[Finding]:
    """What is wrong with the app token, and the two together."""
    try:
        await check_one_app(client, tokens, who)
        await connection(client, tokens.app)
    except Unreachable as error:
        return [Finding(level="note", subject="Slack", text=f"the app token could not be tried: {error}")]
    except InputError as error:
        return [Finding(level="problem", subject="Slack", text=str(error))]
    return []


async def check_many_workspaces(keys: tuple[str, ...], database: Database | None) -> list[Finding]:
    """Of an app that is installed from outside; Slack is not asked."""
    try:
        sealer = Sealer(keys)
    except InputError as error:
        return [Finding(level="problem", subject="Slack", text=f"SLUGLINE_SLACK_TOKEN_KEY: {error}")]
    if database is None:
        return [Finding(level="ok", subject="Slack", text="the app's secrets are set; nobody has installed it yet")]
    async with database.read() as tx:
        installed = await tx.installations.all(PLATFORM)
    findings = [Finding(level="ok", subject="Slack", text=f"installed in {len(installed)} workspaces or organisations")]
    if lost := unreadable(installed, sealer):
        findings.append(
            Finding(
                level="problem",
                subject="Slack",
                text=f"the tokens of {', '.join(lost[:5])} cannot be read with SLUGLINE_SLACK_TOKEN_KEY",
                advice="put the key that they were sealed with behind the new one, or have them install it again",
            )
        )
    for each in installed:
        lacking = [scope for scope in SCOPES if scope not in each.scopes]
        findings += [
            Finding(level="problem", subject=f"Slack {each.name} ({each.place})", text=missing_scope(scope))
            for scope in lacking
        ]
    return findings


def scopes(given: Collection[str]) -> list[Finding]:
    """Those that are lacking, each with the line of the manifest that adds it."""
    needed = [
        Finding(level="problem", subject="Slack", text=missing_scope(scope)) for scope in SCOPES if scope not in given
    ]
    lacking = [scope for scope in OPTIONAL if scope not in given]
    if not lacking:
        return needed
    return [
        *needed,
        Finding(
            level="note",
            subject="Slack",
            text=f"without the optional {', '.join(lacking)}",
            advice="slugline slack manifest says what each would add",
        ),
    ]


async def others(database: Database, team: str, name: str) -> list[Finding]:
    """Whether what is set up here is another workspace's."""
    async with database.read() as tx:
        known = [each for each in await tx.communities.all() if each.platform == PLATFORM]
        set_up = [each for each in known if await tx.schedules.of(each.id)]
    strangers = [each for each in set_up if each.id != community_of(team)]
    if not strangers:
        return []
    named = ", ".join(f"{each.name} ({each.id.partition(':')[2]})" for each in strangers[:5])
    return [
        Finding(
            level="problem",
            subject="Slack",
            text=f"SLUGLINE_SLACK_BOT_TOKEN is of {name} ({team}): the schedules of {named} cannot post",
            advice="set the token of that workspace, or serve both from one app (see the README)",
        )
    ]
