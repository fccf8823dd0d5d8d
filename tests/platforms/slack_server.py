"""Slack, played on the loopback: its Web API, Socket Mode, OAuth pages, response addresses, and its refusals.

slack-bolt and slack-sdk talk to it unmodified. What it does is what Slack's pages say; where it is to fail, it is told
so beforehand (`Fault`). It keeps what was posted, so that a test can look at a channel as a reader does. How it is
driven, as the people in front of Slack would, is in `slack_driver`.
"""

from __future__ import annotations

import asyncio
import base64
import contextlib
import json
import math
import secrets
import threading
import time
from collections import defaultdict, deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal
from unittest import mock
from urllib.parse import urlencode

from aiohttp import WSMsgType, web

from tests.platforms.slack_rules import HIDDEN_CAP, Json, as_json, faults_of_message, faults_of_view, size

CLIENT_ID, CLIENT_SECRET, SIGNING_SECRET = "11.22", "client-secret", "signing-secret"
APP_ID, APP_TOKEN = "A1", "xapp-1-A1-app"
ALL_SCOPES = ("chat:write", "commands", "users:read", "files:write", "channels:history", "groups:history", "im:history")
NEEDED = {
    "chat.postMessage": "chat:write",
    "chat.postEphemeral": "chat:write",
    "chat.update": "chat:write",
    "users.info": "users:read",
    "bots.info": "users:read",
    "files.getUploadURLExternal": "files:write",
    "files.completeUploadExternal": "files:write",
    "conversations.open": "im:write",
}
TRIGGER_LIFE, RESPONSES, RESPONSE_LIFE = 3.0, 5, 1800.0
DEEPEST = 3


@dataclass
class Message:
    ts: str
    text: str
    blocks: list[Json]
    metadata: Json
    thread: str | None = None
    only_for: str | None = None
    edits: int = 0
    at: float = 0.0
    by: str = "bot"
    unfurls: tuple[Any, Any] = (None, None)
    deleted: bool = False


@dataclass
class Channel:
    id: str
    joined: bool = True
    archived: bool = False
    private: bool = False
    messages: list[Message] = field(default_factory=list)

    @property
    def said(self) -> list[str]:
        """The `text` of what everybody sees, in order."""
        return [message.text for message in self.messages if message.only_for is None]


@dataclass
class User:
    id: str
    name: str
    admin: bool = False
    owner: bool = False
    zone: str = "Europe/London"


@dataclass
class Workspace:
    id: str
    name: str
    org: str | None = None
    channels: dict[str, Channel] = field(default_factory=dict)
    users: dict[str, User] = field(default_factory=dict)

    def channel(self, name: str, **values: Any) -> Channel:
        return self.channels.setdefault(name, Channel(name, **values))


@dataclass
class Grant:
    """What a token lets in: one workspace, or an organisation with all of its own."""

    place: str
    scopes: tuple[str, ...]
    ends: float | None = None
    revoked: bool = False
    app: str = APP_ID


@dataclass(frozen=True)
class Fault:
    """What happens to a call instead: `drop` breaks the connection; what is `done` all the same was done before, or is
    done `later`."""

    status: int = 200
    error: str = ""
    retry_after: int | None = None
    delay: float = 0.0
    drop: bool = False
    done: bool = False
    body: Mapping[str, Any] = field(default_factory=dict)
    text: str | None = None
    later: Callable[[Callable[[], object]], None] | None = None
    """Is given what is to be done, in place of doing it."""
    deletes: bool = False
    """Somebody deletes it at once."""
    lingers: float = 0.0
    """Seconds before the answer, when all is done."""


@dataclass(frozen=True)
class Call:
    method: str
    team: str
    values: Mapping[str, Any]
    at: float


@dataclass
class View:
    id: str
    hash: str
    view: Json
    user: str
    team: str
    external: str = ""
    closed: bool = False


@dataclass
class Trigger:
    user: str
    team: str
    until: float
    view: str | None = None


@dataclass
class ResponseUrl:
    team: str
    channel: str
    user: str
    until: float
    left: int = RESPONSES
    message: str | None = None


class Refusal(Exception):
    def __init__(self, error: str, **more: Any) -> None:
        super().__init__(error)
        self.body = {"ok": False, "error": error, **more}


class SlackServer:
    """`limits`: one message a second and channel is enforced, as Slack does; so are `a_workspace`, messages a minute to
    all channels of one, and `readings`, how often a minute a channel may be read back. `clock` in seconds. `fate`
    chooses what becomes of a call."""

    def __init__(
        self,
        *,
        limits: bool = False,
        a_workspace: float | None = None,
        readings: float | None = None,
        clock: Callable[[], float] = time.monotonic,
        fate: Callable[[str], Fault | None] = lambda _: None,
        middlewares: Sequence[Any] = (),
    ) -> None:
        self.limits = limits
        self.a_workspace = a_workspace
        self.readings = readings
        self.fate = fate
        self._middlewares = middlewares
        self.limited = 0
        self.clock = clock
        self.workspaces: dict[str, Workspace] = {}
        self.grants: dict[str, Grant] = {}
        self.refreshes: dict[str, str] = {}
        """Refresh token → the access token it goes with; each can be used once."""
        self.codes: dict[str, tuple[str, str, tuple[str, ...]]] = {}
        """OAuth code → whom it lets in, who agreed, and to what."""
        self.rotating = True
        self.calls: list[Call] = []
        self.refused_calls: list[Call] = []
        self.faults: defaultdict[str, deque[Fault]] = defaultdict(deque)
        self.views: dict[str, View] = {}
        self.homes: dict[tuple[str, str], Json] = {}
        self.home_hashes: dict[tuple[str, str], str] = {}
        self.triggers: dict[str, Trigger] = {}
        self.responses: dict[str, ResponseUrl] = {}
        self.responded: list[tuple[str, Json]] = []
        self.files: dict[str, bytes] = {}
        self.shared: list[tuple[str, str, str | None]] = []
        """File, channel and thread it was shared in."""
        self.sockets: list[web.WebSocketResponse] = []
        self.most_sockets = 10
        self.refused_sockets = 0
        self.connected = asyncio.Event()
        self.acks: dict[str, asyncio.Future[Json]] = {}
        self.tickets: set[str] = set()
        self.scopes_sent: list[str] = []
        self._last: dict[str, float] = {}
        self._count = 0
        self._runner: web.AppRunner | None = None
        self.address = ""

    # --- its own life -------------------------------------------------------------------------------------

    async def __aenter__(self) -> SlackServer:
        app = web.Application(client_max_size=8 * 1024**2, middlewares=self._middlewares)
        app.router.add_route("*", "/api/{method}", self._api)
        app.router.add_get("/link", self._link)
        app.router.add_post("/respond/{id}", self._respond)
        app.router.add_post("/upload/{id}", self._upload)
        app.router.add_get("/oauth/v2/authorize", self._authorize)
        self._runner = web.AppRunner(app, access_log=None, handle_signals=False, shutdown_timeout=0.5)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.address = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._runner is not None
        for socket in list(self.sockets):
            await socket.close()
        await self._runner.cleanup()

    @property
    def base_url(self) -> str:
        return f"{self.address}/api/"

    @property
    def authorize_url(self) -> str:
        return f"{self.address}/oauth/v2/authorize"

    # --- what there is ------------------------------------------------------------------------------------

    def workspace(self, team: str, *, name: str = "", org: str | None = None, channels: int = 2) -> Workspace:
        if team not in self.workspaces:
            made = Workspace(team, name or f"Workspace {team}", org)
            for number in range(1, channels + 1):
                made.channel(f"C{team}{number}")
            for user in (User("UADMIN", "ada", admin=True), User("UMEMBER", "mel"), User("UOTHER", "ola")):
                made.users[user.id] = user
            self.workspaces[team] = made
        return self.workspaces[team]

    def grant(
        self,
        place: str,
        scopes: tuple[str, ...] = ALL_SCOPES,
        *,
        ends: float | None = None,
        token: str = "",
        app: str = APP_ID,
    ) -> str:
        """A bot token that was given out by hand."""
        token = token or f"xoxb-{place}-{secrets.token_hex(8)}"
        self.grants[token] = Grant(place, scopes, ends, app=app)
        return token

    def fault(self, method: str, *faults: Fault) -> None:
        """What becomes of the next calls of that method, one after the other."""
        self.faults[method].extend(faults)

    def called(self, method: str) -> list[Call]:
        return [call for call in self.calls if call.method == method]

    def ts(self) -> str:
        self._count += 1
        return f"{time.time():.0f}.{self._count:06d}"

    # --- the Web API --------------------------------------------------------------------------------------

    async def _api(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        values = dict(request.query)
        if request.content_type == "application/json":
            values |= await request.json()
        else:
            values |= {key: value for key, value in (await request.post()).items() if isinstance(value, str)}
        fault = self.faults[method].popleft() if self.faults[method] else self.fate(method)
        authorization = request.headers.get("Authorization", "")
        if authorization.startswith("Basic "):
            named, _, secret = base64.b64decode(authorization.removeprefix("Basic ")).decode().partition(":")
            values |= {"client_id": named, "client_secret": secret}
        token = authorization.removeprefix("Bearer ") or values.pop("token", "")
        call = Call(method, self._team_of(token), values, self.clock())
        if fault is not None and fault.delay:
            await asyncio.sleep(fault.delay)
        if fault is None or fault.done:
            self.calls.append(call)
            answer, headers = self._answer(method, token, values)
        elif fault.later is not None:
            fault.later(lambda: self._answer(method, token, values))
            answer, headers = {}, {}
        else:
            self.refused_calls.append(call)
            answer, headers = {}, {}
        if fault is not None:
            self._touch(fault, answer)
            if fault.lingers:
                await asyncio.sleep(fault.lingers)
            if fault.drop:
                if request.transport is not None:  # whoever asked may have been killed meanwhile
                    request.transport.abort()
                return web.Response()
            if fault.retry_after is not None:
                return web.json_response(
                    {"ok": False, "error": "ratelimited"},
                    status=429,
                    headers={"Retry-After": str(fault.retry_after)},
                )
            if fault.text is not None:
                return web.Response(text=fault.text, status=fault.status, content_type="text/html")
            if fault.status != 200 or fault.error:
                return web.json_response({"ok": False, "error": fault.error, **fault.body}, status=fault.status)
        if answer.get("error") == "ratelimited":
            return web.json_response(answer, status=429, headers=headers)
        return web.json_response(answer, headers=headers)

    def _touch(self, fault: Fault, answer: Json) -> None:
        """The message that was posted just now."""
        if not fault.deletes or "ts" not in answer:
            return
        for workspace in self.workspaces.values():
            for message in workspace.channels.get(answer["channel"], Channel("")).messages:
                if message.ts == answer["ts"]:
                    message.deleted = True

    def _answer(self, method: str, token: str, values: Json) -> tuple[Json, dict[str, str]]:
        try:
            grant = self._let_in(method, token, values)
            headers = {} if grant is None else {"x-oauth-scopes": ",".join(grant.scopes)}
            handler = getattr(self, "_" + method.replace(".", "_"), None)
            if handler is None:
                raise Refusal("unknown_method")
            return {"ok": True, **handler(values, grant)}, headers
        except Refusal as refusal:
            return refusal.body, {"Retry-After": str(refusal.body.get("retry_after", 1))}

    def _team_of(self, token: str) -> str:
        return self.grants[token].place if token in self.grants else ""

    def _let_in(self, method: str, token: str, values: Json) -> Grant | None:
        if method in {"oauth.v2.access", "apps.connections.open"}:
            values["_token"] = token
            return None
        grant = self.grants.get(token)
        if grant is None:
            raise Refusal("invalid_auth" if token else "not_authed")
        if grant.revoked:
            raise Refusal("token_revoked")
        if grant.ends is not None and self.clock() > grant.ends:
            raise Refusal("token_expired")
        needed = NEEDED.get(method)
        if method in {"conversations.history", "conversations.replies"}:
            channel = self._find(grant, values["channel"])
            needed = (
                "im:history"
                if channel.id.startswith("D")
                else "groups:history"
                if channel.private
                else "channels:history"
            )
        if needed is not None and needed not in grant.scopes:
            raise Refusal("missing_scope", needed=needed, provided=",".join(grant.scopes))
        return grant

    def _teams(self, grant: Grant) -> list[Workspace]:
        if grant.place.startswith("E"):
            return [each for each in self.workspaces.values() if each.org == grant.place]
        return [self.workspaces[grant.place]]

    def _find(self, grant: Grant, channel: str) -> Channel:
        for workspace in self._teams(grant):
            if channel in workspace.users:
                return workspace.channel(f"D{channel[1:]}{workspace.id}")
            if channel in workspace.channels:
                return workspace.channels[channel]
        raise Refusal("channel_not_found")

    def _auth_test(self, _: Json, grant: Grant) -> Json:
        workspace = self._teams(grant)[0]
        return {
            "url": f"https://{workspace.id.lower()}.slack.com/",
            "team": workspace.name,
            "team_id": workspace.id,
            "user": "slugline",
            "user_id": "UBOT",
            "bot_id": "B1",
            "enterprise_id": workspace.org,
            "is_enterprise_install": grant.place.startswith("E"),
        }

    def _bots_info(self, values: Json, grant: Grant) -> Json:
        return {"bot": {"id": values.get("bot"), "app_id": grant.app, "name": "Slugline"}}

    def _users_info(self, values: Json, grant: Grant) -> Json:
        for workspace in self._teams(grant):
            if (user := workspace.users.get(values["user"])) is not None:
                return {
                    "user": {
                        "id": user.id,
                        "name": user.name,
                        "is_admin": user.admin or user.owner,
                        "is_owner": user.owner,
                        "tz": user.zone,
                        "locale": "en-GB",
                        "profile": {"display_name": user.name},
                    }
                }
        raise Refusal("user_not_found")

    def _checked(self, values: Json) -> tuple[list[Json], str]:
        blocks = as_json(values.get("blocks")) or []
        text = values.get("text") or ""
        if not blocks and not text:
            raise Refusal("no_text")
        if faults := faults_of_message(blocks):
            raise Refusal("invalid_blocks", response_metadata={"messages": faults}, errors=faults)
        for at, block in enumerate(blocks):
            file = block.get("slack_file", {}).get("id")
            if file is not None and file not in self.files:
                fault = f"[ERROR] invalid slack file [json-pointer:/blocks/{at}/slack_file]"
                raise Refusal("invalid_blocks", response_metadata={"messages": [fault]}, errors=[fault])
        if size(blocks) > HIDDEN_CAP:
            raise Refusal("msg_blocks_too_long")
        return blocks, text

    def _chat_postMessage(self, values: Json, grant: Grant) -> Json:  # noqa: N802
        channel = self._find(grant, values["channel"])
        if channel.archived:
            raise Refusal("is_archived")
        if not channel.joined and not channel.id.startswith("D"):
            raise Refusal("not_in_channel")
        blocks, text = self._checked(values)
        if self.limits:
            self._limit(f"{grant.place}:{channel.id}", 0.9)
        if self.a_workspace is not None:
            self._limit(grant.place, 60 / self.a_workspace, burst=20)
        message = Message(
            ts=self.ts(),
            text=text,
            blocks=blocks,
            metadata=as_json(values.get("metadata")) or {},
            thread=values.get("thread_ts"),
            at=self.clock(),
            unfurls=(values.get("unfurl_links"), values.get("unfurl_media")),
        )
        channel.messages.append(message)
        return {"channel": channel.id, "ts": message.ts, "message": {"text": text, "ts": message.ts}}

    def _limit(self, key: str, gap: float, *, burst: int = 1) -> None:
        """By the generic cell rate algorithm."""
        now = self.clock()
        due = max(self._last.get(key, 0.0), now - (burst - 1) * gap)
        if due > now:
            self.limited += 1
            raise Refusal("ratelimited", retry_after=max(1, math.ceil(due - now)))
        self._last[key] = due + gap

    def _chat_postEphemeral(self, values: Json, grant: Grant) -> Json:  # noqa: N802
        channel = self._find(grant, values["channel"])
        if not channel.joined:
            raise Refusal("not_in_channel")
        blocks, text = self._checked(values)
        message = Message(self.ts(), text, blocks, {}, values.get("thread_ts"), only_for=values["user"])
        channel.messages.append(message)
        return {"message_ts": message.ts}

    def _chat_update(self, values: Json, grant: Grant) -> Json:
        channel = self._find(grant, values["channel"])
        blocks, text = self._checked(values)
        for message in channel.messages:
            if message.ts == values["ts"] and not message.deleted:
                message.text, message.blocks = text, blocks
                message.edits += 1
                return {"channel": channel.id, "ts": message.ts}
        raise Refusal("message_not_found")

    def _conversations_open(self, values: Json, grant: Grant) -> Json:
        return {"channel": {"id": self._find(grant, values["users"]).id}}

    def _conversations_history(self, values: Json, grant: Grant) -> Json:
        return self._shown(self._find(grant, values["channel"]), values, None)

    def _conversations_replies(self, values: Json, grant: Grant) -> Json:
        return self._shown(self._find(grant, values["channel"]), values, values["ts"])

    def _shown(self, channel: Channel, values: Json, thread: str | None) -> Json:
        if self.readings is not None:
            self._limit(f"reading {channel.id}", 60 / self.readings)
        oldest, most = float(values.get("oldest", 0)), int(values.get("limit", 100))
        fitting = [
            message
            for message in channel.messages
            if message.only_for is None
            and not message.deleted
            and (message.thread is None if thread is None else thread in (message.thread, message.ts))
            and float(message.ts) > oldest
        ]
        newest = fitting[::-1]
        return {
            "messages": [
                {
                    "type": "message",
                    "ts": message.ts,
                    "text": message.text,
                    "blocks": message.blocks,
                    **({"metadata": message.metadata} if values.get("include_all_metadata") else {}),
                }
                for message in newest[:most]
            ],
            "has_more": len(newest) > most,
        }

    # --- views --------------------------------------------------------------------------------------------

    def trigger(self, user: str, team: str, view: str | None = None) -> str:
        name = f"{secrets.token_hex(6)}.{team}.trigger"
        self.triggers[name] = Trigger(user, team, self.clock() + TRIGGER_LIFE, view)
        return name

    def _use_trigger(self, name: str) -> Trigger:
        trigger = self.triggers.get(name)
        if trigger is None:
            raise Refusal("invalid_trigger_id")
        if self.clock() > trigger.until:
            raise Refusal("expired_trigger_id")
        del self.triggers[name]
        return trigger

    def _checked_view(self, values: Json, kind: str) -> Json:
        view: Json = as_json(values["view"])
        if view.get("type") != kind:
            raise Refusal("invalid_arguments")
        if faults := faults_of_view(view):
            raise Refusal("invalid_arguments", response_metadata={"messages": faults})
        return view

    def _opened(self, view: Json, trigger: Trigger, root: View | None = None) -> Json:
        name = f"V{secrets.token_hex(5)}"
        opened = View(name, secrets.token_hex(6), view, trigger.user, trigger.team)
        self.views[name] = opened
        return {"view": self.view_payload(opened)}

    def view_payload(self, opened: View, values: Json | None = None) -> Json:
        return {
            **opened.view,
            "id": opened.id,
            "hash": opened.hash,
            "team_id": opened.team,
            "root_view_id": opened.id,
            "state": {"values": values or {}},
        }

    def _views_open(self, values: Json, _: Grant) -> Json:
        view = self._checked_view(values, "modal")
        return self._opened(view, self._use_trigger(values["trigger_id"]))

    def _views_push(self, values: Json, _: Grant) -> Json:
        view = self._checked_view(values, "modal")
        trigger = self._use_trigger(values["trigger_id"])
        if sum(1 for each in self.views.values() if each.user == trigger.user and not each.closed) >= DEEPEST:
            raise Refusal("push_limit_reached")
        return self._opened(view, trigger)

    def _views_update(self, values: Json, _: Grant) -> Json:
        view = self._checked_view(values, "modal")
        opened = self.views.get(values.get("view_id", ""))
        if opened is None or opened.closed:
            raise Refusal("not_found")
        if values.get("hash") not in (None, opened.hash):
            raise Refusal("hash_conflict")
        opened.view, opened.hash = view, secrets.token_hex(6)
        return {"view": self.view_payload(opened)}

    def _views_publish(self, values: Json, grant: Grant) -> Json:
        view = self._checked_view(values, "home")
        team = next(each.id for each in self._teams(grant) if values["user_id"] in each.users)
        whose = (team, values["user_id"])
        if values.get("hash") not in (None, self.home_hashes.get(whose)):
            raise Refusal("hash_conflict")
        self.homes[whose], self.home_hashes[whose] = view, secrets.token_hex(6)
        return {"view": self.home_payload(*whose)}

    def home_payload(self, team: str, user: str) -> Json:
        """A member's Home tab as it stands."""
        return {**self.homes[team, user], "id": "VHOME", "hash": self.home_hashes[team, user]}

    # --- files --------------------------------------------------------------------------------------------

    def _files_getUploadURLExternal(self, values: Json, _: Grant) -> Json:  # noqa: N802
        name = f"F{secrets.token_hex(5)}"
        return {"upload_url": f"{self.address}/upload/{name}", "file_id": name}

    async def _upload(self, request: web.Request) -> web.Response:
        self.files[request.match_info["id"]] = await request.read()
        return web.Response(text="OK")

    def _files_completeUploadExternal(self, values: Json, grant: Grant) -> Json:  # noqa: N802
        files = json.loads(values["files"])
        if (channel := values.get("channel_id")) is not None:
            found = self._find(grant, channel)
            self.shared += [(file["id"], found.id, values.get("thread_ts")) for file in files]
        return {"files": [{"id": file["id"], "title": file.get("title")} for file in files]}

    # --- installing ---------------------------------------------------------------------------------------

    async def _authorize(self, request: web.Request) -> web.Response:
        """The page on which somebody agrees; whoever asks for it with `as` has pressed Allow as that member, with
        `deny` Cancel."""
        query = request.query
        target = query.get("redirect_uri") or query["back"]
        if "deny" in query:
            raise web.HTTPFound(f"{target}?{urlencode({'error': 'access_denied', 'state': query['state']})}")
        code = secrets.token_hex(8)
        place, user = query["team"], query["as"]
        self.codes[code] = (place, user, tuple(query["scope"].split(",")))
        raise web.HTTPFound(f"{target}?{urlencode({'code': code, 'state': query['state']})}")

    def _oauth_v2_access(self, values: Json, _: None) -> Json:
        if values.get("client_secret") != CLIENT_SECRET or values.get("client_id") != CLIENT_ID:
            raise Refusal("bad_client_secret")
        if values.get("grant_type") == "refresh_token":
            old = self.refreshes.pop(values["refresh_token"], None)
            if old is None:
                raise Refusal("invalid_refresh_token")
            grant = self.grants[old]
            return self._token(grant.place, grant.scopes) | {"scope": ",".join(grant.scopes)}
        if values.get("code") not in self.codes:
            raise Refusal("invalid_code")
        place, user, scopes = self.codes.pop(values["code"])
        whole = place.startswith("E")
        org = place if whole else self.workspaces[place].org
        return self._token(place, scopes) | {
            "scope": ",".join(scopes),
            "app_id": APP_ID,
            "bot_user_id": "UBOT",
            "team": None if whole else {"id": place, "name": self.workspaces[place].name},
            "enterprise": None if org is None else {"id": org, "name": f"Organisation {org}"},
            "is_enterprise_install": whole,
            "authed_user": {"id": user},
        }

    def _token(self, place: str, scopes: tuple[str, ...]) -> Json:
        if not self.rotating:
            return {"access_token": self.grant(place, scopes), "token_type": "bot"}
        token = f"xoxe.xoxb-{place}-{secrets.token_hex(8)}"
        self.grant(place, scopes, ends=self.clock() + 43_200, token=token)
        refresh = f"xoxe-{secrets.token_hex(8)}"
        self.refreshes[refresh] = token
        return {"access_token": token, "refresh_token": refresh, "expires_in": 43_200, "token_type": "bot"}

    def revoke(self, place: str) -> None:
        for grant in self.grants.values():
            if grant.place == place:
                grant.revoked = True

    # --- response addresses -------------------------------------------------------------------------------

    def response_url(self, team: str, channel: str, user: str, message: str | None = None) -> str:
        name = secrets.token_hex(6)
        self.responses[name] = ResponseUrl(team, channel, user, self.clock() + RESPONSE_LIFE, message=message)
        return f"{self.address}/respond/{name}"

    async def _respond(self, request: web.Request) -> web.Response:
        place = self.responses[request.match_info["id"]]
        body: Json = await request.json()
        if self.clock() > place.until or place.left <= 0:
            return web.Response(status=404, text="expired_url" if self.clock() > place.until else "used_url")
        fault = self.faults["response_url"].popleft() if self.faults["response_url"] else None
        if fault is not None:
            if fault.drop and request.transport is not None:
                request.transport.abort()
            return web.Response(status=fault.status, text=fault.error)
        place.left -= 1
        if faults := faults_of_message(body.get("blocks") or []):
            return web.json_response({"ok": False, "error": "invalid_blocks", "errors": faults}, status=400)
        self.responded.append((place.channel, body))
        channel = self.workspaces[place.team].channel(place.channel)
        shown = [message for message in channel.messages if message.ts == place.message]
        if body.get("replace_original") and shown:
            shown[0].text, shown[0].blocks = body.get("text", ""), body.get("blocks", [])
            shown[0].edits += 1
            return web.Response(text="ok")
        only_for = place.user if body.get("response_type", "ephemeral") == "ephemeral" else None
        message = Message(
            self.ts(), body.get("text", ""), body.get("blocks") or [], {}, body.get("thread_ts"), only_for
        )
        channel.messages.append(message)
        return web.Response(text="ok")

    # --- Socket Mode --------------------------------------------------------------------------------------

    def _apps_connections_open(self, values: Json, _: None) -> Json:
        if values.get("_token") != APP_TOKEN:
            raise Refusal("invalid_auth")
        ticket = secrets.token_hex(6)
        self.tickets.add(ticket)
        return {"url": f"{self.address.replace('http', 'ws')}/link?ticket={ticket}"}

    async def _link(self, request: web.Request) -> web.StreamResponse:
        if request.query.get("ticket") not in self.tickets:
            return web.Response(status=403)
        self.tickets.discard(request.query["ticket"])
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        if len(self.sockets) >= self.most_sockets:
            self.refused_sockets += 1
            await socket.send_json({"type": "disconnect", "reason": "too_many_websockets"})
            await socket.receive()
            return socket
        await socket.send_json(
            {
                "type": "hello",
                "num_connections": len(self.sockets) + 1,
                "connection_info": {"app_id": APP_ID},
                "debug_info": {"host": "loopback", "approximate_connection_time": 3600},
            }
        )
        self.sockets.append(socket)
        self.connected.set()
        try:
            async for message in socket:
                if message.type is WSMsgType.TEXT:
                    ack = json.loads(message.data)
                    waiting = self.acks.get(ack.get("envelope_id", ""))
                    if waiting is not None and not waiting.done():
                        waiting.set_result(ack)
        finally:
            self.sockets.remove(socket)
            if not self.sockets:
                self.connected.clear()
        return socket

    async def hang_up(self, how: Literal["refresh", "close", "drop"], *, only: int | None = None) -> None:
        """End the connections that there are, or `only` that one: with notice, with a close frame, or by breaking
        them."""
        for socket in self.sockets[:] if only is None else [self.sockets[only]]:
            if how == "refresh":
                await socket.send_json({"type": "disconnect", "reason": "refresh_requested"})
            elif how == "close":
                await socket.close()
            else:
                request = socket._req
                assert request is not None
                assert request.transport is not None
                request.transport.abort()


@contextlib.contextmanager
def pointed_at(base_url: str) -> Iterator[None]:
    """Let the adapter take that address for Slack's."""
    with mock.patch("adapters.slack.service.SLACK", base_url):
        yield


@contextlib.contextmanager
def in_a_thread(server: SlackServer) -> Iterator[asyncio.AbstractEventLoop]:
    """Running beside whoever waits for processes; the loop that it runs in."""
    ready, over = threading.Event(), asyncio.Event()
    loop = asyncio.new_event_loop()

    async def serve() -> None:
        async with server:
            ready.set()
            await over.wait()

    thread = threading.Thread(target=lambda: loop.run_until_complete(serve()), daemon=True)
    thread.start()
    assert ready.wait(10)
    try:
        yield loop
    finally:
        loop.call_soon_threadsafe(over.set)
        thread.join(10)
        loop.close()
