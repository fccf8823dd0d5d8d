"""The app over Socket Mode: a connection that we open, for one workspace behind any firewall.

An envelope that comes twice (Slack sends it again where our acknowledgement got lost with a connection) is acknowledged
twice and heard once. Several processes may each have a connection: Slack tells each thing to one of them, and takes ten
of one app. One more is refused as it begins, and Slack's client would try again at once and for ever; so it waits
between tries. https://docs.slack.dev/apis/events-api/using-socket-mode/
"""

from __future__ import annotations

import asyncio
import json
from collections import OrderedDict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import structlog
from aiohttp import WSMessage
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.logs import quiet_logger

PING = 5.0
"""Seconds between pings; a connection without an answer for four of them is opened anew."""
REMEMBERED = 10_000
CONNECTIONS = 10
"""Of one app, says Slack."""
FULL = 30.0
"""Seconds between tries where that many are open."""

log = structlog.get_logger(__name__)


class _Handler(AsyncSocketModeHandler):
    def __init__(self, app: AsyncApp, app_token: str, web_client: AsyncWebClient, ping: float) -> None:
        super().__init__(app, app_token, logger=quiet_logger(), web_client=web_client, ping_interval=ping)
        self._seen: OrderedDict[str, None] = OrderedDict()
        self._full = False
        self._new_address = self.client.issue_new_wss_url
        self.client.issue_new_wss_url = self._address  # type: ignore[method-assign]
        self.client.on_message_listeners.append(self._listen)

    async def _listen(self, message: WSMessage) -> None:
        """Heard before Slack's client acts on it."""
        if "too_many_websockets" in message.data and json.loads(message.data).get("type") == "disconnect":
            self._full = True

    async def _address(self) -> str:
        if self._full:
            self._full = False
            log.error(
                "Slack takes no further connection of this app",
                most=CONNECTIONS,
                advice="run fewer processes with the role slack, or serve it by HTTP",
                again_in=f"{FULL:.0f} s",
            )
            await asyncio.sleep(FULL)
        return await self._new_address()

    async def handle(self, client: SocketModeClient, req: SocketModeRequest) -> None:  # type: ignore[override]
        if req.envelope_id in self._seen:
            await client.send_socket_mode_response(SocketModeResponse(envelope_id=req.envelope_id))
            return
        self._seen[req.envelope_id] = None
        if len(self._seen) > REMEMBERED:
            self._seen.popitem(last=False)
        await super().handle(client, req)


@asynccontextmanager
async def connected(
    app: AsyncApp, app_token: str, client: AsyncWebClient, address: str, *, ping: float = PING
) -> AsyncIterator[None]:
    """While the block runs; `address` is the first connection's, as `apps.connections.open` gave it. Connections that
    end are opened anew."""
    handler = _Handler(app, app_token, client, ping)
    handler.client.wss_uri = address
    await handler.connect_async()  # type: ignore[no-untyped-call]
    try:
        yield
    finally:
        await handler.close_async()  # type: ignore[no-untyped-call]
