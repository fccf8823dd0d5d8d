"""The people in front of Slack: what they type and press, as Slack tells it to the app.

`SocketSide` tells it through Socket Mode, `HttpSide` through signed requests. Both give what the app acknowledged with,
and how long that took.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import itertools
import json
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol
from urllib.parse import urlencode

import aiohttp

from tests.platforms.slack_rules import Json
from tests.platforms.slack_server import APP_ID, SIGNING_SECRET, Message, SlackServer, View

PATIENCE = 3.0
"""Seconds that Slack waits for an acknowledgement."""
EVENTS_PATH = "/slack/events"


@dataclass(frozen=True)
class Ack:
    """`status` is HTTP's, and 200 through a socket; `body` what the app answered at once; `took` in seconds."""

    status: int
    body: Json
    took: float


class Side(Protocol):
    async def tell(self, kind: str, payload: Json, *, retry: int | None = None) -> Ack: ...


@dataclass
class SocketSide:
    server: SlackServer
    envelopes: list[str] = field(default_factory=list)
    _next: Any = field(default_factory=itertools.count)

    async def tell(
        self, kind: str, payload: Json, *, retry: int | None = None, envelope: str = "", through: int | None = None
    ) -> Ack:
        """By the connections in turn, or `through` that one. Raises TimeoutError where nothing was acknowledged in
        time."""
        await asyncio.wait_for(self.server.connected.wait(), 10)
        name = envelope or secrets.token_hex(8)
        self.envelopes.append(name)
        acked: asyncio.Future[Json] = asyncio.get_running_loop().create_future()
        self.server.acks[name] = acked
        sockets = [socket for socket in self.server.sockets if not socket.closed]
        socket = sockets[(next(self._next) if through is None else through) % len(sockets)]
        at = time.perf_counter()
        await socket.send_json(
            {
                "type": {"command": "slash_commands", "event": "events_api"}.get(kind, "interactive"),
                "envelope_id": name,
                "payload": payload,
                "accepts_response_payload": True,
                **({} if retry is None else {"retry_attempt": retry, "retry_reason": "timeout"}),
            }
        )
        ack = await asyncio.wait_for(acked, PATIENCE)
        return Ack(200, ack.get("payload") or {}, time.perf_counter() - at)


@dataclass
class HttpSide:
    """`address` is the app's own. `skew` moves the requests' time; what is `forged` is signed with another secret."""

    address: str
    session: aiohttp.ClientSession
    secret: str = SIGNING_SECRET

    async def tell(self, kind: str, payload: Json, *, retry: int | None = None) -> Ack:
        body, headers = self.signed(kind, payload, retry=retry)
        return await self.post(body, headers)

    def signed(
        self, kind: str, payload: Json, *, retry: int | None = None, skew: float = 0.0, secret: str | None = None
    ) -> tuple[str, dict[str, str]]:
        if kind == "event":
            body, content = json.dumps(payload), "application/json"
        elif kind == "command":
            body, content = urlencode(payload), "application/x-www-form-urlencoded"
        else:
            body, content = urlencode({"payload": json.dumps(payload)}), "application/x-www-form-urlencoded"
        stamp = f"{time.time() + skew:.0f}"
        secret = self.secret if secret is None else secret
        digest = hmac.new(secret.encode(), f"v0:{stamp}:{body}".encode(), hashlib.sha256).hexdigest()
        headers = {
            "Content-Type": content,
            "X-Slack-Request-Timestamp": stamp,
            "X-Slack-Signature": f"v0={digest}",
            "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
        }
        if retry is not None:
            headers |= {"X-Slack-Retry-Num": str(retry), "X-Slack-Retry-Reason": "http_timeout"}
        return body, headers

    async def post(self, body: str, headers: Mapping[str, str]) -> Ack:
        at = time.perf_counter()
        limit = aiohttp.ClientTimeout(total=PATIENCE)
        async with self.session.post(
            self.address + EVENTS_PATH, data=body, headers=dict(headers), timeout=limit
        ) as answer:
            text = await answer.text()
            took = time.perf_counter() - at
        try:
            said = json.loads(text) if text else {}
        except json.JSONDecodeError:
            said = {"text": text}
        return Ack(answer.status, said, took)


@dataclass
class Member:
    """One member of one workspace, and what they do. `channel` is where they are."""

    server: SlackServer
    side: Side
    team: str
    user: str = "UADMIN"
    channel: str = ""

    def __post_init__(self) -> None:
        self.channel = self.channel or f"C{self.team}1"

    @property
    def org(self) -> str | None:
        return self.server.workspaces[self.team].org

    @property
    def _who(self) -> Json:
        name = self.server.workspaces[self.team].users[self.user].name
        org = None if self.org is None else {"id": self.org, "name": "Organisation"}
        return {
            "team": {"id": self.team, "domain": self.team.lower()},
            "enterprise": org,
            "is_enterprise_install": self.org is not None,
            "user": {"id": self.user, "username": name, "name": name, "team_id": self.team},
            "api_app_id": APP_ID,
            "token": "verification",
        }

    def command_payload(self, text: str) -> Json:
        return {
            "token": "verification",
            "team_id": self.team,
            "team_domain": self.team.lower(),
            **({} if self.org is None else {"enterprise_id": self.org, "enterprise_name": "Organisation"}),
            "is_enterprise_install": "true" if self.org is not None else "false",
            "channel_id": self.channel,
            "channel_name": "directmessage" if self.channel.startswith("D") else "general",
            "user_id": self.user,
            "user_name": self.server.workspaces[self.team].users[self.user].name,
            "command": "/slugline",
            "text": text,
            "api_app_id": APP_ID,
            "response_url": self.server.response_url(self.team, self.channel, self.user),
            "trigger_id": self.server.trigger(self.user, self.team),
        }

    async def say(self, text: str) -> Ack:
        """Type `/slugline TEXT`."""
        return await self.side.tell("command", self.command_payload(text))

    def press_payload(self, element: Json, message: Message | None, *, chosen: str | None = None) -> Json:
        action: Json = {
            "type": element["type"],
            "action_id": element["action_id"],
            "block_id": "b1",
            "action_ts": f"{time.time():.6f}",
        }
        if chosen is not None:
            action["selected_option"] = {"text": {"type": "plain_text", "text": chosen}, "value": chosen}
        elif "value" in element:
            action["value"] = element["value"]
        ts = message.ts if message is not None else "0.0"
        return {
            "type": "block_actions",
            **self._who,
            "container": {
                "type": "message",
                "message_ts": ts,
                "channel_id": self.channel,
                "is_ephemeral": message is not None and message.only_for is not None,
            },
            "channel": {"id": self.channel, "name": "general"},
            "message": {"ts": ts, "text": message.text if message else "", "type": "message"},
            "trigger_id": self.server.trigger(self.user, self.team),
            "response_url": self.server.response_url(self.team, self.channel, self.user, ts),
            "actions": [action],
        }

    async def press(self, element: Json, message: Message | None = None, *, chosen: str | None = None) -> Ack:
        """A button, or an option of a select."""
        return await self.side.tell("action", self.press_payload(element, message, chosen=chosen))

    async def press_in(self, view: View | Json, element: Json, *, chosen: str | None = None) -> Ack:
        """A button in a modal, or in the Home tab as it stands or stood (`SlackServer.home_payload`)."""
        payload = self.press_payload(element, None, chosen=chosen)
        for name in ("message", "response_url", "channel"):
            del payload[name]
        shown = self.server.view_payload(view) if isinstance(view, View) else view
        if "id" not in shown:
            shown = {**shown, "id": "VHOME", "hash": self.server.home_hashes.get((self.team, self.user), "")}
        payload["container"] = {"type": "view", "view_id": shown.get("id", "VHOME")}
        payload["view"] = shown
        return await self.side.tell("action", payload)

    async def suggest(self, element: Json, typed: str, view: View | None = None, *, block: str = "b1") -> Ack:
        """Type into an external select, in a form into that of its `block`."""
        payload = {
            "type": "block_suggestion",
            **self._who,
            "container": {"type": "message", "channel_id": self.channel, "message_ts": "0.0"},
            "channel": {"id": self.channel, "name": "general"},
            "action_id": element["action_id"],
            "block_id": block,
            "value": typed,
        }
        if view is not None:
            payload["view"] = self.server.view_payload(view)
            payload["container"] = {"type": "view", "view_id": view.id}
        return await self.side.tell("suggestion", payload)

    def submission(self, view: View, **values: str) -> Json:
        """`values` by the block they are written into; what is not given stays as it stands in the view."""
        state: Json = {}
        for block in view.view["blocks"]:
            if block["type"] != "input":
                continue
            element = block["element"]
            name = block["block_id"]
            state[name] = {element["action_id"]: _entered(element, values.get(name))}
        return {
            "type": "view_submission",
            **self._who,
            "trigger_id": self.server.trigger(self.user, self.team),
            "view": self.server.view_payload(view, state),
            "response_urls": [],
        }

    async def submit(self, view: View, **values: str) -> Ack:
        ack = await self.side.tell("submission", self.submission(view, **values))
        action = ack.body.get("response_action")
        if action == "update":
            view.view, view.hash = ack.body["view"], secrets.token_hex(6)
        elif action in (None, "clear"):
            view.closed = True
        return ack

    async def shortcut(self, name: str) -> Ack:
        payload = {
            "type": "shortcut",
            **self._who,
            "callback_id": name,
            "trigger_id": self.server.trigger(self.user, self.team),
            "action_ts": f"{time.time():.6f}",
        }
        return await self.side.tell("shortcut", payload)

    async def shortcut_on(self, name: str, text: str, *, blocks: list[Json] | None = None) -> Ack:
        """A shortcut of a message that somebody wrote."""
        ts = self.server.ts()
        payload = {
            "type": "message_action",
            **self._who,
            "callback_id": name,
            "trigger_id": self.server.trigger(self.user, self.team),
            "response_url": self.server.response_url(self.team, self.channel, self.user, ts),
            "channel": {"id": self.channel, "name": "general"},
            "message_ts": ts,
            "message": {"type": "message", "user": "UOTHER", "ts": ts, "text": text, "blocks": blocks or []},
        }
        return await self.side.tell("shortcut", payload)

    def event_payload(self, event: Json, *, event_id: str = "") -> Json:
        whole = self.org is not None
        return {
            "token": "verification",
            "team_id": self.team,
            "enterprise_id": self.org,
            "api_app_id": APP_ID,
            "event": {"event_ts": f"{time.time():.6f}", **event},
            "type": "event_callback",
            "event_id": event_id or f"Ev{secrets.token_hex(5)}",
            "event_time": int(time.time()),
            "authorizations": [
                {
                    "enterprise_id": self.org,
                    "team_id": None if whole else self.team,
                    "user_id": "UBOT",
                    "is_bot": True,
                    "is_enterprise_install": whole,
                }
            ],
            "is_ext_shared_channel": False,
        }

    async def event(self, event: Json, *, event_id: str = "", retry: int | None = None) -> Ack:
        return await self.side.tell("event", self.event_payload(event, event_id=event_id), retry=retry)

    async def open_home(self, *, event_id: str = "") -> Ack:
        event: Json = {"type": "app_home_opened", "user": self.user, "channel": "DHOME", "tab": "home"}
        if (self.team, self.user) in self.server.homes:
            event["view"] = self.server.home_payload(self.team, self.user)
        return await self.event(event, event_id=event_id)

    def shown(self) -> list[Message]:
        """What they see in their channel."""
        channel = self.server.workspaces[self.team].channel(self.channel)
        return [message for message in channel.messages if message.only_for in (None, self.user)]

    async def sees(self, count: int = 1, *, within: float = 10.0) -> list[Message]:
        """Their channel, once there are that many messages in it."""
        deadline = time.perf_counter() + within
        while len(self.shown()) < count:
            if time.perf_counter() > deadline:
                raise AssertionError(f"{len(self.shown())} of {count} messages: {[m.text for m in self.shown()]}")
            await asyncio.sleep(0.01)
        return self.shown()


def _entered(element: Json, value: str | None) -> Json:
    kind = element["type"]
    if kind in {"static_select", "external_select", "radio_buttons"}:
        if value is None:
            return {"type": kind, "selected_option": element.get("initial_option")}
        return {"type": kind, "selected_option": {"text": {"type": "plain_text", "text": value}, "value": value}}
    if kind == "conversations_select":
        return {"type": kind, "selected_conversation": value or element.get("initial_conversation")}
    return {"type": kind, "value": value if value is not None else element.get("initial_value")}


def elements(message: Message | Json, kind: str | None = None) -> list[Json]:
    """The interactive elements of a message or view, in order."""
    blocks = message.blocks if isinstance(message, Message) else message["blocks"]
    found = [each for block in blocks for each in block.get("elements", ()) if "action_id" in each]
    found += [block["accessory"] for block in blocks if "accessory" in block]
    found += [block["element"] for block in blocks if block["type"] == "input"]
    return [each for each in found if kind is None or each["type"] == kind]


def labelled(message: Message | Json, label: str) -> Json:
    """The button with that label."""
    for element in elements(message):
        if element.get("text", {}).get("text") == label:
            return element
    raise AssertionError(f"no button {label!r} among {[each.get('text') for each in elements(message)]}")
