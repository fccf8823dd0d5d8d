"""How the app gets into a workspace, and out of it: Bolt's OAuth flow over our own storage.

Tokens are sealed before they are stored. A `state` goes out with whoever begins to install, comes back once, within ten
minutes, and to the same browser (Bolt's cookie); Bolt's own stores would keep both in plain text.
https://docs.slack.dev/authentication/installing-with-oauth/
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html import escape
from logging import Logger

import structlog
from slack_bolt.error import BoltError
from slack_bolt.oauth.async_callback_options import AsyncCallbackOptions, AsyncFailureArgs, AsyncSuccessArgs
from slack_bolt.oauth.async_oauth_flow import AsyncOAuthFlow
from slack_bolt.oauth.async_oauth_settings import AsyncOAuthSettings
from slack_bolt.response import BoltResponse
from slack_sdk.oauth.installation_store.async_installation_store import AsyncInstallationStore
from slack_sdk.oauth.installation_store.models.bot import Bot
from slack_sdk.oauth.installation_store.models.installation import Installation as SlackInstallation
from slack_sdk.oauth.state_store.async_state_store import AsyncOAuthStateStore
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.keys import PLATFORM
from adapters.slack.logs import quiet_logger
from adapters.slack.manifest import INSTALL_PATH, REDIRECT_PATH, SCOPES
from adapters.slack.platform import community_of
from adapters.slack.sealing import Sealer
from bot.app.leaving import come_back
from bot.app.ports import Clock, Database, Installation, Transaction
from bot.core import strings
from bot.core.community import Community, MemberId
from bot.core.errors import InputError, StoreError

STATE_LIFE = timedelta(minutes=10)
SECOND = timedelta(seconds=1)
"""What Slack tells times of events by."""

log = structlog.get_logger(__name__)


class StoredInstallations(AsyncInstallationStore):
    """`AsyncInstallationStore` over `tx.installations`. `changed` is told of a place whose keys are others now."""

    def __init__(self, database: Database, sealer: Sealer, clock: Clock, changed: Callable[[str], None]) -> None:
        self._database = database
        self._sealer = sealer
        self._clock = clock
        self._changed = changed

    @property
    def logger(self) -> Logger:
        return quiet_logger()

    async def async_save(self, installation: SlackInstallation) -> None:
        """Raises BoltError where the store refuses: the page then says that it was not installed."""
        place = installation.enterprise_id if installation.is_enterprise_install else installation.team_id
        token = installation.bot_token
        if not place or not token:
            raise BoltError("Slack named no workspace, or gave no bot token")
        ends = installation.bot_token_expires_at
        now = self._clock.now()
        kept = Installation(
            platform=PLATFORM,
            place=place,
            name=str(installation.team_name or installation.enterprise_name or place),
            sealed=self._sealer.seal({"token": token, "refresh": installation.bot_refresh_token or ""}),
            scopes=tuple(installation.bot_scopes or ()),
            installed_at=now,
            installer=MemberId(installation.user_id) if installation.user_id else None,
            expires_at=None if ends is None else datetime.fromtimestamp(float(ends), UTC),
        )
        try:
            async with self._database.begin() as tx:
                await tx.installations.save(kept)
                if not installation.is_enterprise_install:
                    made = Community(id=community_of(place), platform=PLATFORM, name=kept.name, created_at=now)
                    await tx.communities.ensure(made)
            await come_back(self._database, community_of(place))
        except StoreError as error:
            log.warning("an installation could not be written down", place=place, error=str(error))
            raise BoltError("the store refused") from None
        self._changed(place)
        log.info("installed", place=place, scopes=len(kept.scopes))

    async def async_find_installation(
        self,
        *,
        enterprise_id: str | None,
        team_id: str | None,
        user_id: str | None = None,
        is_enterprise_install: bool | None = False,
    ) -> SlackInstallation | None:
        place = enterprise_id if is_enterprise_install else team_id
        async with self._database.read() as tx:
            kept = None if not place else await tx.installations.find(PLATFORM, place)
        if kept is None:
            return None
        values = self._sealer.open(kept.sealed)
        whole = kept.place.startswith("E")
        return SlackInstallation(
            enterprise_id=kept.place if whole else enterprise_id,
            team_id=None if whole else kept.place,
            team_name=kept.name,
            bot_token=values["token"],
            bot_refresh_token=values.get("refresh") or None,
            bot_token_expires_at=None if kept.expires_at is None else int(kept.expires_at.timestamp()),
            bot_scopes=list(kept.scopes),
            user_id=kept.installer or "",
            is_enterprise_install=whole,
            installed_at=kept.installed_at.timestamp(),
        )

    async def async_find_bot(
        self, *, enterprise_id: str | None, team_id: str | None, is_enterprise_install: bool | None = False
    ) -> Bot | None:
        found = await self.async_find_installation(
            enterprise_id=enterprise_id, team_id=team_id, is_enterprise_install=is_enterprise_install
        )
        return None if found is None else found.to_bot()

    async def async_delete_bot(self, *, enterprise_id: str | None, team_id: str | None) -> None:
        await self._remove(team_id or enterprise_id)

    async def async_delete_installation(
        self, *, enterprise_id: str | None, team_id: str | None, user_id: str | None = None
    ) -> None:
        """A member's own token is none of ours: only the app's is kept."""
        if user_id is None:
            await self._remove(team_id or enterprise_id)

    async def _remove(self, place: str | None) -> None:
        if place:
            async with self._database.begin() as tx:
                await tx.installations.remove(PLATFORM, place)
            self._changed(place)


async def leave(tx: Transaction, place: str, at: datetime) -> None:
    """The app was taken out of a workspace or organisation at that time: its keys are forgotten at once, and what the
    communities there own after a while (`bot.app.leaving`). Nothing where it was installed again since."""
    kept = await tx.installations.find(PLATFORM, place)
    if kept is not None and kept.place == place and kept.installed_at >= at + SECOND:
        return
    gone = {place, *await tx.installations.remove(PLATFORM, place)}
    for team in sorted(gone):
        await tx.communities.leave(community_of(team), at)
    log.info("uninstalled", place=place)


async def leave_teams(tx: Transaction, organisation: str, teams: Sequence[str], at: datetime) -> None:
    """The organisation took the app out of these of its workspaces: what they own is forgotten after a while, as above.
    Nothing of one that installed it by itself, or was given it again since."""
    for team in teams:
        if await tx.installations.leave(PLATFORM, team, organisation, at + SECOND):
            await tx.communities.leave(community_of(team), at)
            log.info("taken out of a workspace", place=team, organisation=organisation)


async def reach_teams(tx: Transaction, organisation: str, teams: Sequence[str]) -> None:
    """The organisation put the app into these of its workspaces, some of them perhaps again."""
    for team in teams:
        await tx.installations.reach(PLATFORM, team, organisation)


def unreadable(installed: Sequence[Installation], sealer: Sealer) -> list[str]:
    """The places whose tokens none of the keys opens."""
    lost = []
    for each in installed:
        try:
            sealer.open(each.sealed)
        except InputError:
            lost.append(each.place)
    return lost


async def seal_anew(database: Database, sealer: Sealer) -> int:
    """With the newest key, whatever an older one has sealed; how many."""
    async with database.begin() as tx:
        stale = [
            replace(kept, sealed=sealed)
            for kept in await tx.installations.all(PLATFORM)
            if (sealed := sealer.anew(kept.sealed)) is not None
        ]
        for kept in stale:
            await tx.installations.save(kept)
    return len(stale)


class StoredStates(AsyncOAuthStateStore):
    def __init__(self, database: Database) -> None:
        self._database = database

    @property
    def logger(self) -> Logger:
        return quiet_logger()

    async def async_issue(self, *args: object, **kwargs: object) -> str:
        state = secrets.token_urlsafe(32)
        async with self._database.begin() as tx:
            await tx.installations.issue_state(PLATFORM, state, STATE_LIFE)
        return state

    async def async_consume(self, state: str) -> bool:
        async with self._database.begin() as tx:
            return await tx.installations.use_state(PLATFORM, state)


def oauth_flow(
    store: StoredInstallations,
    states: StoredStates,
    client: AsyncWebClient,
    *,
    client_id: str,
    client_secret: str,
    scopes: Sequence[str] = (),
    authorize_url: str | None = None,
) -> AsyncOAuthFlow:
    """`scopes` are those asked for beside the ones that everything needs."""
    return AsyncOAuthFlow(
        client=client,
        logger=quiet_logger(),
        settings=AsyncOAuthSettings(
            client_id=client_id,
            client_secret=client_secret,
            scopes=[*SCOPES, *scopes],
            user_scopes=[],
            install_path=INSTALL_PATH,
            redirect_uri_path=REDIRECT_PATH,
            install_page_rendering_enabled=False,
            authorization_url=authorize_url,
            installation_store=store,
            state_store=states,
            state_expiration_seconds=int(STATE_LIFE.total_seconds()),
            callback_options=AsyncCallbackOptions(success=_installed, failure=_failed),
            logger=quiet_logger(),
        ),
    )


async def _installed(args: AsyncSuccessArgs) -> BoltResponse:
    return _page(200, strings.slack.INSTALLED, strings.slack.INVITE)


async def _failed(args: AsyncFailureArgs) -> BoltResponse:
    reason = _in_words(args.reason)
    return _page(
        args.suggested_status_code,
        strings.slack.NOT_INSTALLED,
        f"{strings.slack.not_installed_because(reason)} {strings.slack.START_AGAIN}",
    )


def _in_words(reason: str) -> str:
    """Slack's word for it as it may stand in a page: it came with the address."""
    return "".join(character if character.isalnum() else " " for character in reason)[:60].strip() or "no reason given"


def _page(status: int, title: str, text: str) -> BoltResponse:
    body = (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{escape(title)}</title>'
        '<body style="font:1.1rem/1.5 system-ui;max-width:36rem;margin:4rem auto;padding:0 1rem">'
        f"<h1>{escape(title)}</h1><p>{escape(text)}</p></body></html>"
    )
    headers: dict[str, str | Sequence[str]] = {
        "Content-Type": "text/html; charset=utf-8",
        "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'",
        "Referrer-Policy": "no-referrer",
    }
    return BoltResponse(status=status, headers=headers, body=body)
