"""A Discord of our own on loopback: REST and gateway over real sockets, for an unmodified discord.py.

It keeps to what Discord documents where our code could be wrong about it: tokens, permissions in each channel, nonces
that are remembered for a while, limits of a route and of the application with their headers, components and their
bounds, sessions that are resumed with what was missed. `faults` are answers of another kind, for requests that match.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import re
import time
from collections import Counter, defaultdict, deque
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from types import MappingProxyType
from typing import Any, TypeVar
from unittest import mock

import discord
import yarl
from aiohttp import WSCloseCode, WSMsgType, web
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from discord.gateway import DiscordWebSocket
from discord.http import Route

from tests.platforms.discord_checks import DiscordError, checked, named
from tests.platforms.discord_wire import Asked, Bucket, Fault, Interaction, Session, Socket
from tests.platforms.discord_world import (
    ANNOUNCEMENT,
    APPLICATION,
    ATTACH,
    AUDIT,
    BOT,
    DM,
    FORUM,
    HISTORY,
    OWNER,
    PUBLIC_THREAD,
    SEND,
    THREADS_MAKE,
    THREADS_SEND,
    TOKEN,
    VIEW,
    Channel,
    Guild,
    World,
    member,
    now_iso,
    numbered,
    snowflake,
    user,
)

SIGNING = Ed25519PrivateKey.generate()
"""With which the application's webhook events are signed."""
GLOBAL = 50
"""Requests a second of one application."""
MESSAGES = (5, 5.0)
"""Messages a channel takes, and in how many seconds."""


Server = TypeVar("Server", bound="DiscordServer")
Handler = Callable[[web.Request, Any], Awaitable[Any]]


class DiscordServer:
    """Made by `discord_server`. `world` holds what is there; `asked` what was requested."""

    def __init__(self, *, heartbeat: float = 41.25, global_limit: int = GLOBAL, messages: tuple[int, float] = MESSAGES):
        self.world = World()
        self.token = TOKEN
        self.application = APPLICATION
        self.asked: list[Asked] = []
        self.faults: list[Fault] = []
        self.interactions: dict[str, Interaction] = {}
        self.sessions: dict[str, Session] = {}
        self.identified: list[tuple[float, tuple[int, int]]] = []
        self.resumed = 0
        self.refused: Counter[str] = Counter()
        """429s by bucket."""
        self.heartbeats = 0
        self.refuse_handshakes = 0
        self.refuse_resumes = 0
        self.shards = 1
        self.starts_left = 1000
        self.starts_reset = 0.0
        self.latency = 0.0
        self.record = True
        self.clock: Callable[[], float] = time.monotonic
        """By which nonces are remembered."""
        self.posted_at: deque[float] = deque(maxlen=200_000)
        """When each message was made."""
        self._heartbeat = heartbeat
        self._messages = messages
        self._global = Bucket(global_limit, 1.0)
        self._buckets: dict[tuple[str, str], Bucket] = {}
        self._threads: defaultdict[int, int] = defaultdict(int)
        self.address = ""
        self.app = web.Application(client_max_size=30 * 1024 * 1024)
        self._add_routes()

    def made(self, channel: int, nonce: str, message: int) -> None:
        """A message was posted, and is no repetition."""

    # --- what happens -----------------------------------------------------------------------------------------

    async def dispatch(self, event: str, data: Any, *, guild: int | None = None) -> None:
        """To the sessions whose shard has that guild (without one, to shard 0); kept for those that are away."""
        for session in list(self.sessions.values()):
            if _has(session.shard, guild):
                await self._event(session, event, data)

    async def join(self, guild: Guild) -> None:
        await self.dispatch(
            "GUILD_CREATE", self.world.guild_json(guild, channels=True) | {"unavailable": None}, guild=guild.id
        )

    def event(
        self, type_: str, data: dict[str, Any] | list[str], *, at: str | None = None, **more: Any
    ) -> dict[str, Any]:
        """A webhook event, as it is told over HTTP."""
        said = {"type": type_, "timestamp": at or now_iso().removesuffix("+00:00"), "data": data}
        return {"version": 1, "application_id": str(self.application), "type": 1, "event": said, **more}

    def authorized(self, guild: Guild, by: int, **more: Any) -> dict[str, Any]:
        """Somebody added the application to that server."""
        whole = self.world.guild_json(guild, channels=False)
        scopes = ["applications.commands", "bot"]
        data = {"integration_type": 0, "scopes": scopes, "user": user(by), "guild": whole}
        return self.event("APPLICATION_AUTHORIZED", data, **more)

    async def leave(self, guild: Guild) -> None:
        del self.world.guilds[guild.id]
        await self.dispatch("GUILD_DELETE", {"id": str(guild.id)}, guild=guild.id)

    async def fail(self, guild: Guild) -> None:
        """An outage."""
        await self.dispatch("GUILD_DELETE", {"id": str(guild.id), "unavailable": True}, guild=guild.id)

    async def recover(self, guild: Guild) -> None:
        await self.dispatch("GUILD_CREATE", self.world.guild_json(guild, channels=True), guild=guild.id)

    async def tell(self, payload: dict[str, Any]) -> None:
        """An opcode to everybody who is connected."""
        for session in list(self.sessions.values()):
            if session.socket is not None:
                await session.socket.send(payload)

    async def reconnect(self) -> None:
        await self.tell({"op": 7, "d": None})

    async def invalidate(self, *, resumable: bool = False, shard: int | None = None) -> None:
        """Op 9; `shard`: on that one alone."""
        for session in list(self.sessions.values()) if not resumable else []:
            if shard not in (None, session.shard[0]):
                continue
            self.sessions.pop(session.id)
            if session.socket is not None:
                await session.socket.send({"op": 9, "d": False})
        if resumable:
            await self.tell({"op": 9, "d": True})

    def fall_silent(self) -> None:
        """On every connection there is now: it stays open, and nothing comes any more, not even acknowledgements."""
        for session in self.sessions.values():
            if session.socket is not None:
                session.socket.silent = True

    async def hang_up(self, code: int) -> None:
        for session in list(self.sessions.values()):
            if session.socket is not None:
                await session.socket.response.close(code=code)

    async def press(
        self,
        type_: int,
        data: dict[str, Any],
        channel: Channel,
        *,
        who: int = OWNER,
        permissions: int | None = None,
        **more: Any,
    ) -> Interaction:
        """An interaction: 2 a command, 3 a component, 4 typing, 5 a form."""
        token, native = f"t{snowflake()}", snowflake()
        allowed = self.world.permissions if permissions is None else permissions
        payload: dict[str, Any] = {
            "id": str(native),
            "application_id": str(self.application),
            "type": type_,
            "data": data,
            "token": token,
            "version": 1,
            "channel": self.world.channel_json(channel),
            "channel_id": str(channel.id),
            "locale": "en-US",
            "app_permissions": str(self.world.permissions & ~channel.denied),
            "entitlements": [],
            "authorizing_integration_owners": {"0": str(channel.guild or 0)},
            "context": 1 if channel.guild is None else 0,
            "attachment_size_limit": 10 * 1024 * 1024,
            **more,
        }
        if channel.guild is None:
            payload["user"] = user(who)
        else:
            payload |= {"guild_id": str(channel.guild), "guild_locale": "en-US", "member": member(who, allowed)}
            payload["guild"] = {"id": str(channel.guild), "locale": "en-US", "features": []}
        made = Interaction(payload)
        self.interactions[token] = made
        await self.dispatch("INTERACTION_CREATE", payload, guild=channel.guild)
        return made

    async def slash(
        self, path: str, options: dict[str, Any], channel: Channel, *, typing: str | None = None, **more: Any
    ) -> Interaction:
        """Say a command, "watch add"; or with `typing` ask for completions of that option."""
        first, *rest = path.split()
        said: list[dict[str, Any]] = [
            {"name": name, "type": _option_type(value), "value": value} | ({"focused": True} if name == typing else {})
            for name, value in options.items()
        ]
        for word in reversed(rest):
            said = [{"name": word, "type": 1, "options": said}]
        native = next((each["id"] for each in self.world.commands if each["name"] == first), str(snowflake()))
        data = {"id": native, "name": first, "type": 1, "options": said, "guild_id": str(channel.guild)}
        return await self.press(2 if typing is None else 4, data, channel, **more)

    # --- REST -------------------------------------------------------------------------------------------------

    def _add_routes(self) -> None:
        routes: list[tuple[str, str, Handler]] = [
            ("GET", "/users/@me", self._me),
            ("GET", "/oauth2/applications/@me", self._app),
            ("GET", "/applications/@me", self._app),
            ("GET", "/users/@me/guilds", self._my_guilds),
            ("POST", "/users/@me/channels", self._open_direct),
            ("GET", "/gateway", self._gateway_url),
            ("GET", "/gateway/bot", self._gateway_bot),
            ("PUT", "/applications/{app}/commands", self._sync),
            ("GET", "/applications/{app}/commands", self._commands),
            ("GET", "/guilds/{guild}", self._guild),
            ("GET", "/guilds/{guild}/members/{user}", self._member),
            ("GET", "/guilds/{guild}/audit-logs", self._audit_log),
            ("GET", "/guilds/{guild}/channels", self._channels),
            ("GET", "/guilds/{guild}/threads/active", self._active),
            ("GET", "/channels/{channel}", self._channel),
            ("PATCH", "/channels/{channel}", self._change_channel),
            ("GET", "/channels/{channel}/messages", self._history),
            ("POST", "/channels/{channel}/messages", self._post),
            ("GET", "/channels/{channel}/messages/{message}", self._message),
            ("PATCH", "/channels/{channel}/messages/{message}", self._edit),
            ("POST", "/channels/{channel}/messages/{message}/crosspost", self._publish),
            ("POST", "/channels/{channel}/messages/{message}/threads", self._thread),
            ("POST", "/channels/{channel}/threads", self._forum_post),
            ("GET", "/channels/{channel}/threads/archived/public", self._archived),
            ("POST", "/interactions/{interaction}/{token}/callback", self._callback),
            ("POST", "/webhooks/{app}/{token}", self._follow_up),
            ("GET", "/webhooks/{app}/{token}/messages/{message}", self._their_message),
            ("PATCH", "/webhooks/{app}/{token}/messages/{message}", self._edit_theirs),
            ("DELETE", "/webhooks/{app}/{token}/messages/{message}", self._delete_theirs),
        ]
        for method, path, handler in routes:
            self.app.router.add_route(method, f"/api/v10{path}", self._handled(path, handler))
        self.app.router.add_get("/gateway/", self._gateway)

    def _handled(self, path: str, handler: Handler) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
        async def handle(request: web.Request) -> web.StreamResponse:
            body, files = await _read(request)
            asked = Asked(request.method, request.path.removeprefix("/api/v10"), body, files, time.monotonic())
            if self.record:
                self.asked.append(asked)
            if self.latency:
                await asyncio.sleep(self.latency)
            response = await self._answer(request, path, handler, body, asked)
            asked.status = response.status
            return response

        return handle

    async def _answer(
        self, request: web.Request, path: str, handler: Handler, body: Any, asked: Asked
    ) -> web.StreamResponse:
        fault = self._fault(f"{asked.method} {asked.path}")
        if fault is not None and not fault.done:
            return await self._faulty(request, fault)
        free = "{token}" in path
        if not free and request.headers.get("Authorization") != f"Bot {self.token}":
            return _json({"message": "401: Unauthorized", "code": 0}, status=401)
        headers: dict[str, str] = {}
        if not free:
            now = time.monotonic()
            if not self._global.take(now):
                self.refused["global"] += 1
                return limited(self._global.until - now, everywhere=True)
            full, headers = self._limit(request, path, now)
            if full is not None:
                return full
        try:
            said = await handler(request, body)
        except DiscordError as error:
            return _json(error.body, status=error.status, headers=headers)
        if fault is not None:
            return await self._faulty(request, fault)
        if said is None:
            return web.Response(status=204, headers=headers)
        return _json(said, headers=headers)

    def _limit(self, request: web.Request, path: str, now: float) -> tuple[web.Response | None, dict[str, str]]:
        """Each route's own limit, of each channel."""
        limit, span = (
            self._messages if (request.method, path) == ("POST", "/channels/{channel}/messages") else (50, 1.0)
        )
        major = request.match_info.get("channel") or request.match_info.get("guild") or ""
        name = f"{abs(hash((request.method, path))):x}"
        bucket = self._buckets.setdefault((name, major), Bucket(limit, span))
        if not bucket.take(now):
            self.refused[f"{request.method} {path} {major}"] += 1
            return limited(bucket.until - now, everywhere=False), {}
        left = max(0.0, bucket.until - now)
        return None, {
            "X-RateLimit-Limit": str(bucket.limit),
            "X-RateLimit-Remaining": str(bucket.left),
            "X-RateLimit-Reset": f"{time.time() + left:.3f}",
            "X-RateLimit-Reset-After": f"{left:.3f}",
            "X-RateLimit-Bucket": name,
        }

    def _fault(self, said: str) -> Fault | None:
        for fault in self.faults:
            if fault.times > 0 and re.search(fault.match, said):
                fault.times -= 1
                return fault
        return None

    async def _faulty(self, request: web.Request, fault: Fault) -> web.StreamResponse:
        await asyncio.sleep(fault.delay)
        if fault.drop:
            assert request.transport is not None
            request.transport.abort()
            return web.Response(status=500)
        if fault.status == 429:
            return limited(fault.after, everywhere=fault.everywhere, via=fault.via)
        return _json({"message": f"{fault.status}: said the test", "code": fault.code}, status=fault.status)

    async def _me(self, _request: web.Request, _body: Any) -> Any:
        return user(BOT) | {"verified": True, "mfa_enabled": True, "flags": 0, "locale": "en-US"}

    async def _app(self, _request: web.Request, _body: Any) -> Any:
        return {
            "id": str(self.application),
            "name": "Slugline",
            "icon": None,
            "description": "",
            "summary": "",
            "bot_public": True,
            "bot_require_code_grant": False,
            "verify_key": SIGNING.public_key().public_bytes_raw().hex(),
            "owner": user(OWNER),
            "team": None,
            "flags": 0,
            "interactions_endpoint_url": None,
        }

    async def _my_guilds(self, request: web.Request, _body: Any) -> Any:
        after = int(request.query.get("after", 0))
        known = sorted(each for each in self.world.guilds if each > after)[: int(request.query.get("limit", 200))]
        return [
            {"id": str(each), "name": self.world.guilds[each].name, "owner": False, "permissions": "0", "features": []}
            for each in known
        ]

    async def _open_direct(self, _request: web.Request, body: Any) -> Any:
        native = int(body["recipient_id"])
        found = next(
            (each for each in self.world.channels.values() if each.type == DM and each.name == str(native)), None
        )
        return self.world.channel_json(found or self.world.channel(None, DM, str(native)))

    async def _gateway_url(self, _request: web.Request, _body: Any) -> Any:
        return {"url": f"ws://{self.address}/gateway/"}

    async def _gateway_bot(self, _request: web.Request, _body: Any) -> Any:
        limits = {"total": 1000, "remaining": self.starts_left, "max_concurrency": 1}
        limits["reset_after"] = int(self.starts_reset * 1000)
        return {"url": f"ws://{self.address}/gateway/", "shards": self.shards, "session_start_limit": limits}

    async def _sync(self, _request: web.Request, body: Any) -> Any:
        self.world.commands = [
            each | {"id": str(snowflake()), "application_id": str(self.application), "version": str(snowflake())}
            for each in body
        ]
        return self.world.commands

    async def _commands(self, _request: web.Request, _body: Any) -> Any:
        return self.world.commands

    async def _guild(self, request: web.Request, _body: Any) -> Any:
        return self.world.guild_json(self._the_guild(request), channels=False)

    async def _member(self, request: web.Request, _body: Any) -> Any:
        self._the_guild(request)
        return member(int(request.match_info["user"]))

    async def _audit_log(self, request: web.Request, _body: Any) -> Any:
        guild = self._the_guild(request)
        if not self.world.permissions & AUDIT:
            raise DiscordError(403, 50013, "Missing Permissions")
        wanted = int(request.query["action_type"])
        found = [each for each in reversed(guild.audit_log) if each["action_type"] == wanted]
        return {"audit_log_entries": found[: int(request.query.get("limit", 50))], "users": []}

    async def _channels(self, request: web.Request, _body: Any) -> Any:
        guild = self._the_guild(request)
        return [self.world.channel_json(self.world.channels[each]) for each in guild.channels]

    async def _active(self, request: web.Request, _body: Any) -> Any:
        guild = self._the_guild(request)
        threads = [
            each
            for each in self.world.channels.values()
            if each.guild == guild.id and each.parent is not None and not each.archived and self.world.may(each, VIEW)
        ]
        return {"threads": [self.world.channel_json(each) for each in threads], "members": []}

    async def _channel(self, request: web.Request, _body: Any) -> Any:
        return self.world.channel_json(self._the_channel(request))

    async def _change_channel(self, request: web.Request, body: Any) -> Any:
        channel = self._the_channel(request)
        channel.archived = bool(body.get("archived", channel.archived))
        return self.world.channel_json(channel)

    async def _history(self, request: web.Request, _body: Any) -> Any:
        channel = self._the_channel(request)
        if not self.world.may(channel, HISTORY):
            return []
        before, after = int(request.query.get("before", 1 << 63)), int(request.query.get("after", 0))
        found = sorted((each for each in channel.messages if after < each < before), reverse=True)
        return [channel.messages[each] for each in found[: int(request.query.get("limit", 50))]]

    async def _post(self, request: web.Request, body: Any) -> Any:
        channel = self._the_channel(request)
        if channel.type == DM and int(channel.name) in self.world.direct_closed:
            raise DiscordError(403, 50007, "Cannot send messages to this user")
        if channel.type == FORUM:
            raise DiscordError(400, 50008, "Cannot send messages in a non-text channel")
        if channel.locked:
            raise DiscordError(400, 160005, "Thread is locked")
        self._may_post(channel, THREADS_SEND if channel.parent is not None else SEND, body)
        if body.get("message_reference") and not self.world.may(channel, HISTORY):
            raise DiscordError(403, 160002, "Cannot reply without permission to read message history")
        checked(body)
        nonce = body.get("nonce")
        if nonce is not None and body.get("enforce_nonce"):
            known = self.world.nonces.get((channel.id, str(nonce)))
            if known is not None and self.clock() - known[0] < self.world.nonce_memory:
                return known[1] | {"nonce": nonce}
        made = self.world.post(channel, body, BOT)
        self.posted_at.append(time.monotonic())
        self.made(channel.id, str(nonce), int(made["id"]))
        if nonce is not None:
            self.world.nonces[(channel.id, str(nonce))] = (self.clock(), made)
        return made | ({} if nonce is None else {"nonce": nonce})

    async def _message(self, request: web.Request, _body: Any) -> Any:
        return self._the_message(request)[1]

    async def _edit(self, request: web.Request, body: Any) -> Any:
        channel, message = self._the_message(request)
        if message["author"]["id"] != str(BOT):
            raise DiscordError(403, 50005, "Cannot edit a message authored by another user")
        if channel.archived:
            raise DiscordError(400, 50083, "Thread is archived")
        self._changed(message, body)
        return message

    def _changed(self, message: dict[str, Any], body: Any) -> None:
        checked(body, flags=message["flags"])
        if "components" in body:
            message["components"] = numbered(body["components"])
        if "content" in body:
            message["content"] = body["content"]
        message["edited_timestamp"] = now_iso()

    async def _publish(self, request: web.Request, _body: Any) -> Any:
        channel, message = self._the_message(request)
        if channel.type != ANNOUNCEMENT:
            raise DiscordError(400, 50024, "Cannot execute action on this channel type")
        if int(message["id"]) in self.world.published:
            raise DiscordError(400, 40033, "This message has already been crossposted")
        self.world.published.add(int(message["id"]))
        return message

    async def _thread(self, request: web.Request, body: Any) -> Any:
        channel, message = self._the_message(request)
        if not self.world.may(channel, THREADS_MAKE):
            raise DiscordError(403, 50013, "Missing Permissions")
        native = int(message["id"])
        if native in self.world.channels:
            raise DiscordError(400, 160004, "A thread has already been created for this message")
        made = Channel(native, channel.guild, PUBLIC_THREAD, named(body), parent=channel.id)
        self.world.channels[native] = made
        return self.world.channel_json(made)

    async def _forum_post(self, request: web.Request, body: Any) -> Any:
        channel = self._the_channel(request)
        if channel.type != FORUM:
            raise DiscordError(400, 50024, "Cannot execute action on this channel type")
        self._may_post(channel, SEND, body["message"])
        checked(body["message"])
        tags = body.get("applied_tags") or []
        if channel.flags & (1 << 4) and not tags:
            raise DiscordError(400, 40067, "A tag is required to create a forum post in this channel")
        if unknown := set(tags) - {each["id"] for each in channel.tags}:
            raise DiscordError(
                400, 50035, "Invalid Form Body", {"applied_tags": {"_errors": [{"message": str(unknown)}]}}
            )
        made = Channel(snowflake(), channel.guild, PUBLIC_THREAD, named(body), parent=channel.id, tags=tags)
        self.world.channels[made.id] = made
        message = self.world.post(made, body["message"], BOT, message=made.id)
        return self.world.channel_json(made) | {"message": message, "applied_tags": tags}

    async def _archived(self, request: web.Request, _body: Any) -> Any:
        channel = self._the_channel(request)
        if not self.world.may(channel, HISTORY):
            raise DiscordError(403, 50013, "Missing Permissions")
        found = [each for each in self.world.channels.values() if each.parent == channel.id and each.archived]
        return {"threads": [self.world.channel_json(each) for each in found], "members": [], "has_more": False}

    # --- interactions over REST -------------------------------------------------------------------------------

    async def _callback(self, request: web.Request, body: Any) -> Any:
        interaction = self._the_interaction(request)
        if interaction.callback is not None:
            raise DiscordError(400, 40060, "Interaction has already been acknowledged.")
        if time.monotonic() - interaction.began > 3:
            raise DiscordError(404, 10062, "Unknown interaction")
        data = body.get("data") or {}
        said: dict[str, Any] = {"id": interaction.payload["id"], "type": interaction.payload["type"]}
        resource: dict[str, Any] = {"type": body["type"]}
        if body["type"] in (4, 7):
            checked(data)
            interaction.original = self._said_in(interaction, data)
            said |= {"response_message_id": interaction.original["id"]}
            resource["message"] = interaction.original
        said["response_message_loading"] = body["type"] == 5
        said["response_message_ephemeral"] = bool(data.get("flags", 0) & 64)
        interaction.answered(body)
        return {"interaction": said, "resource": resource}

    async def _follow_up(self, request: web.Request, body: Any) -> Any:
        interaction = self._the_interaction(request)
        checked(body)
        if interaction.callback is None:
            raise DiscordError(404, 10015, "Unknown Webhook")
        made = self._said_in(interaction, body)
        if interaction.original is None and interaction.callback["type"] == 5:
            interaction.original = made  # the first follow-up takes the place of what was awaited
        interaction.followed(made)
        return made

    async def _their_message(self, request: web.Request, _body: Any) -> Any:
        return self._theirs(request)[1]

    async def _edit_theirs(self, request: web.Request, body: Any) -> Any:
        interaction = self._the_interaction(request)
        if request.match_info["message"] == "@original" and interaction.original is None:
            if interaction.callback is None:
                raise DiscordError(404, 10015, "Unknown Webhook")
            interaction.original = self._said_in(interaction, body)
            checked(body)
            interaction.followed(interaction.original)
            return interaction.original
        _, message = self._theirs(request)
        self._changed(message, body)
        interaction.followed(message)
        return message

    async def _delete_theirs(self, request: web.Request, _body: Any) -> Any:
        interaction, message = self._theirs(request)
        interaction.messages.pop(int(message["id"]), None)

    def _said_in(self, interaction: Interaction, body: Any) -> dict[str, Any]:
        aside = Channel(int(interaction.payload["channel_id"]), None)
        made: dict[str, Any] = World().post(aside, body, BOT)
        return made | {"webhook_id": str(self.application), "application_id": str(self.application)}

    def _theirs(self, request: web.Request) -> tuple[Interaction, dict[str, Any]]:
        interaction = self._the_interaction(request)
        wanted = request.match_info["message"]
        if wanted == "@original":
            found = interaction.original
        else:
            found = interaction.messages.get(int(wanted))
            if found is None and interaction.original is not None and interaction.original["id"] == wanted:
                found = interaction.original
        if found is None:
            raise DiscordError(404, 10008, "Unknown Message")
        return interaction, found

    def _the_interaction(self, request: web.Request) -> Interaction:
        found = self.interactions.get(request.match_info["token"])
        if found is None:
            raise DiscordError(404, 10015, "Unknown Webhook")
        return found

    def _the_guild(self, request: web.Request) -> Guild:
        found = self.world.guilds.get(int(request.match_info["guild"]))
        if found is None:
            raise DiscordError(404, 10004, "Unknown Guild")
        return found

    def _the_channel(self, request: web.Request) -> Channel:
        found = self.world.channels.get(int(request.match_info["channel"]))
        if found is None:
            raise DiscordError(404, 10003, "Unknown Channel")
        if not self.world.may(found, VIEW) or (found.guild is not None and found.guild not in self.world.guilds):
            raise DiscordError(403, 50001, "Missing Access")
        return found

    def _the_message(self, request: web.Request) -> tuple[Channel, dict[str, Any]]:
        channel = self._the_channel(request)
        found = channel.messages.get(int(request.match_info["message"]))
        if found is None:
            raise DiscordError(404, 10008, "Unknown Message")
        return channel, found

    def _may_post(self, channel: Channel, wanted: int, body: Any) -> None:
        if body.get("attachments"):
            wanted |= ATTACH
        if not self.world.may(channel, wanted):
            raise DiscordError(403, 50013, "Missing Permissions")

    # --- gateway ----------------------------------------------------------------------------------------------

    async def _gateway(self, request: web.Request) -> web.StreamResponse:
        if self.refuse_handshakes:
            self.refuse_handshakes -= 1
            return web.Response(status=503)
        response = web.WebSocketResponse(max_msg_size=0)
        await response.prepare(request)
        socket = Socket(response, request.query.get("compress") == "zlib-stream")
        await socket.send({"op": 10, "d": {"heartbeat_interval": int(self._heartbeat * 1000)}, "s": None, "t": None})
        session: Session | None = None
        try:
            async for message in response:
                if message.type is not WSMsgType.TEXT:
                    break
                payload = json.loads(message.data)
                match payload["op"]:
                    case 1:
                        self.heartbeats += 1
                        await socket.send({"op": 11, "d": None})
                    case 2:
                        session = await self._identify(socket, payload["d"])
                    case 6:
                        session = await self._resume(socket, payload["d"])
                    case _:
                        pass
        finally:
            if session is not None and session.socket is socket:
                session.socket = None
        return response

    async def _identify(self, socket: Socket, said: dict[str, Any]) -> Session | None:
        if said["token"] != self.token:
            await socket.response.close(code=4004, message=b"Authentication failed.")
            return None
        shard = (said.get("shard") or [0, 1])[0], (said.get("shard") or [0, 1])[1]
        if said["intents"] != 1:
            await socket.response.close(code=4014, message=b"Disallowed intent(s).")
            return None
        self.identified.append((time.monotonic(), shard))
        self.starts_left -= 1
        session = Session(f"s{snowflake():x}", shard, socket=socket)
        self.sessions[session.id] = session
        guilds = [each for each in self.world.guilds.values() if _has(shard, each.id)]
        ready = {
            "v": 10,
            "user": user(BOT),
            "guilds": [{"id": str(each.id), "unavailable": True} for each in guilds],
            "session_id": session.id,
            "resume_gateway_url": f"ws://{self.address}/gateway/",
            "shard": list(shard),
            "application": {"id": str(self.application), "flags": 0},
        }
        await self._event(session, "READY", ready)
        for guild in guilds:
            if not guild.unavailable:
                await self._event(session, "GUILD_CREATE", self.world.guild_json(guild, channels=True))
        return session

    async def _resume(self, socket: Socket, said: dict[str, Any]) -> Session | None:
        session = self.sessions.get(said["session_id"])
        if session is None or said["token"] != self.token or self.refuse_resumes:
            self.refuse_resumes = max(0, self.refuse_resumes - 1)
            await socket.send({"op": 9, "d": False})
            return None
        session.socket = socket
        self.resumed += 1
        for sequence, event, data in session.events:
            if sequence > said["seq"]:
                await socket.send({"op": 0, "s": sequence, "t": event, "d": data})
        await self._event(session, "RESUMED", {})
        return session

    async def _event(self, session: Session, event: str, data: Any) -> None:
        session.sequence += 1
        session.events.append((session.sequence, event, data))
        del session.events[:-5000]
        if session.socket is not None:
            await session.socket.send({"op": 0, "s": session.sequence, "t": event, "d": data})


def signed(body: bytes, *, stamp: str = "1700000000", key: Ed25519PrivateKey = SIGNING) -> dict[str, str]:
    """The headers that say that Discord sent it."""
    signature = key.sign(stamp.encode() + body).hex()
    return {"X-Signature-Ed25519": signature, "X-Signature-Timestamp": stamp, "Content-Type": "application/json"}


@contextlib.asynccontextmanager
async def discord_server(kind: Callable[..., Server], **options: Any) -> AsyncIterator[Server]:
    """Running, and discord.py of this process looking there for Discord."""
    server = kind(**options)
    runner = web.AppRunner(server.app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    assert site._server is not None
    host, port = site._server.sockets[0].getsockname()[:2]  # type: ignore[attr-defined]
    server.address = f"{host}:{port}"
    try:
        with pointed_at(server.address):
            yield server
    finally:
        for session in server.sessions.values():
            if session.socket is not None:
                with contextlib.suppress(Exception):
                    await session.socket.response.close(code=WSCloseCode.GOING_AWAY)
        await runner.cleanup()


@contextlib.contextmanager
def pointed_at(address: str) -> Any:
    """Let discord.py take that address for Discord's."""
    gateway = yarl.URL(f"ws://{address}/gateway/")
    with (
        mock.patch.object(Route, "BASE", f"http://{address}/api/v10"),
        mock.patch.object(DiscordWebSocket, "DEFAULT_GATEWAY", gateway),
    ):
        yield


def _has(shard: tuple[int, int], guild: int | None) -> bool:
    return shard[0] == ((guild or 0) >> 22) % shard[1] if guild is not None else shard[0] == 0


def _option_type(value: Any) -> int:
    return 5 if isinstance(value, bool) else 4 if isinstance(value, int) else 3


async def _read(request: web.Request) -> tuple[Any, int]:
    if request.content_type == "multipart/form-data":
        body, files = None, 0
        async for part in await request.multipart():
            assert not isinstance(part, type(None))
            if getattr(part, "name", "") == "payload_json":
                body = json.loads(await part.text())  # type: ignore[union-attr]
            else:
                await part.read()  # type: ignore[union-attr]
                files += 1
        return body, files
    text = await request.text()
    return (json.loads(text) if text else None), 0


def _json(said: Any, *, status: int = 200, headers: Mapping[str, str] = MappingProxyType({})) -> web.Response:
    """Content-Type without a charset, as Discord has it: discord.py knows no other."""
    return web.Response(
        body=json.dumps(said).encode(), status=status, headers={**headers, "Content-Type": "application/json"}
    )


def limited(after: float, *, everywhere: bool, via: bool = True) -> web.Response:
    headers = {"Retry-After": f"{max(1, round(after))}", "X-RateLimit-Scope": "global" if everywhere else "user"}
    if via:
        headers["Via"] = "1.1 google"
    if everywhere:
        headers["X-RateLimit-Global"] = "true"
    body = {"message": "You are being rate limited.", "retry_after": round(max(0.0, after), 3), "global": everywhere}
    return _json(body, status=429, headers=headers)


assert discord.version_info >= (2, 6)
