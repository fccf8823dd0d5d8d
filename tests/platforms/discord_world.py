"""What the Discord of our tests holds: servers, channels, messages, permissions, and the shapes they have on the wire.

Written from Discord's documentation, not from what discord.py takes: members have flags, roles are ids, a thread has
its first message's id, a message keeps its components' ids and no nonce.
"""

from __future__ import annotations

import itertools
import time
from base64 import b64encode
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

EPOCH_MS = 1420070400000
APPLICATION, BOT, OWNER = 91_000_000_000_000_001, 91_000_000_000_000_002, 91_000_000_000_000_003
TOKEN = f"{b64encode(str(APPLICATION).encode()).decode().rstrip('=')}.Gx5abc.test-token-of-nobody-0123456789abcdef"

TEXT, DM, ANNOUNCEMENT, PUBLIC_THREAD, FORUM = 0, 1, 5, 11, 15
VIEW, SEND, HISTORY, ATTACH, ADMIN = 1 << 10, 1 << 11, 1 << 16, 1 << 15, 1 << 3
MANAGE, AUDIT = 1 << 5, 1 << 7
THREADS_MAKE, THREADS_SEND = 1 << 35, 1 << 38
EVERYTHING = VIEW | SEND | HISTORY | ATTACH | THREADS_MAKE | THREADS_SEND
NONCE_MEMORY = 300.0
"""Seconds."""

_counter = itertools.count(1)


def snowflake(at: float | None = None) -> int:
    """A new id, of that moment."""
    ms = int((time.time() if at is None else at) * 1000) - EPOCH_MS
    return (ms << 22) | (next(_counter) & 0x3FFFFF)


def now_iso() -> str:
    return datetime.now(UTC).isoformat()


@dataclass(slots=True)
class Channel:
    id: int
    guild: int | None
    type: int = TEXT
    name: str = "news"
    denied: int = 0
    parent: int | None = None
    archived: bool = False
    locked: bool = False
    tags: list[Any] = field(default_factory=list)
    flags: int = 0
    messages: dict[int, dict[str, Any]] = field(default_factory=dict)
    last_message: int | None = None


@dataclass(slots=True)
class Guild:
    id: int
    name: str
    channels: list[int] = field(default_factory=list)
    roles: list[dict[str, Any]] = field(default_factory=list)
    unavailable: bool = False
    audit_log: list[dict[str, Any]] = field(default_factory=list)

    def added(self, by: int) -> None:
        """The audit log's entry for adding the bot (action 28); others stand around it."""
        for action, target in ((28, by), (28, BOT), (20, BOT)):
            entry = {"id": str(snowflake()), "action_type": action, "target_id": str(target), "user_id": str(by)}
            self.audit_log.append(entry)


class World:
    """`permissions` are those of everybody, the bot included."""

    def __init__(self) -> None:
        self.guilds: dict[int, Guild] = {}
        self.channels: dict[int, Channel] = {}
        self.nonces: dict[tuple[int, str], tuple[float, dict[str, Any]]] = {}
        self.commands: list[dict[str, Any]] = []
        self.direct_closed: set[int] = set()
        self.published: set[int] = set()
        self.permissions = EVERYTHING
        self.nonce_memory = NONCE_MEMORY
        self.posts: defaultdict[int, int] = defaultdict(int)
        """How often a message was made, by channel."""

    def guild(self, name: str = "Guild of writers", *, guild: int | None = None) -> Guild:
        made = Guild(snowflake() if guild is None else guild, name)
        made.roles = [_role(made.id, "@everyone", self.permissions, 0)]
        self.guilds[made.id] = made
        return made

    def channel(self, guild: Guild | None, type_: int = TEXT, name: str = "news", **more: Any) -> Channel:
        made = Channel(snowflake(), None if guild is None else guild.id, type_, name, **more)
        self.channels[made.id] = made
        if guild is not None and made.parent is None:
            guild.channels.append(made.id)
        return made

    def delete(self, channel: int) -> None:
        gone = self.channels.pop(channel)
        if gone.guild is not None and channel in self.guilds[gone.guild].channels:
            self.guilds[gone.guild].channels.remove(channel)

    def may(self, channel: Channel, wanted: int) -> bool:
        if channel.guild is None:
            return True
        place = self.channels[channel.parent] if channel.parent is not None else channel
        return wanted & (self.permissions & ~place.denied) == wanted

    def post(self, channel: Channel, body: Mapping[str, Any], author: int, *, message: int | None = None) -> Any:
        """A message as it is kept."""
        native = snowflake() if message is None else message
        kept = {
            "id": str(native),
            "channel_id": str(channel.id),
            "author": user(author),
            "content": body.get("content") or "",
            "timestamp": now_iso(),
            "edited_timestamp": None,
            "tts": False,
            "mention_everyone": False,
            "mentions": [],
            "mention_roles": [str(role) for role in (body.get("allowed_mentions") or {}).get("roles", ())],
            "attachments": [
                {
                    "id": str(snowflake()),
                    "filename": each["filename"],
                    "description": each.get("description"),
                    "size": 1,
                    "url": f"https://cdn.invalid/{each['filename']}",
                    "proxy_url": f"https://cdn.invalid/{each['filename']}",
                }
                for each in body.get("attachments") or ()
            ],
            "embeds": [],
            "pinned": False,
            "type": 0,
            "flags": body.get("flags") or 0,
            "components": numbered(body.get("components") or []),
        }
        channel.messages[native] = kept
        channel.last_message = native
        channel.archived = False
        self.posts[channel.id] += 1
        return kept

    # --- shapes -----------------------------------------------------------------------------------------------

    def channel_json(self, channel: Channel) -> dict[str, Any]:
        said: dict[str, Any] = {"id": str(channel.id), "type": channel.type}
        last = None if channel.last_message is None else str(channel.last_message)
        if channel.type == DM:
            return said | {"last_message_id": last, "recipients": [user(OWNER)]}
        said |= {
            "guild_id": str(channel.guild),
            "name": channel.name,
            "parent_id": None if channel.parent is None else str(channel.parent),
            "last_message_id": last,
            "rate_limit_per_user": 0,
        }
        if channel.parent is not None:
            made: dict[str, Any] = {
                "archived": channel.archived,
                "locked": channel.locked,
                "auto_archive_duration": 4320,
            }
            made["archive_timestamp"] = now_iso()
            return said | {
                "owner_id": str(BOT),
                "message_count": max(0, len(channel.messages) - 1),
                "member_count": 1,
                "thread_metadata": made,
                "flags": 0,
            }
        overwrites = [{"id": str(channel.guild), "type": 0, "allow": "0", "deny": str(channel.denied)}]
        said |= {
            "position": 0,
            "nsfw": False,
            "topic": None,
            "permission_overwrites": overwrites if channel.denied else [],
        }
        if channel.type == FORUM:
            said |= {"available_tags": channel.tags, "flags": channel.flags, "default_sort_order": None}
            said |= {"default_reaction_emoji": None, "default_forum_layout": 0}
        return said

    def guild_json(self, guild: Guild, *, channels: bool) -> dict[str, Any]:
        said = {
            "id": str(guild.id),
            "name": guild.name,
            "owner_id": str(OWNER),
            "icon": None,
            "splash": None,
            "discovery_splash": None,
            "afk_channel_id": None,
            "afk_timeout": 300,
            "verification_level": 1,
            "default_message_notifications": 1,
            "explicit_content_filter": 2,
            "roles": guild.roles,
            "emojis": [],
            "features": [],
            "mfa_level": 0,
            "application_id": None,
            "system_channel_id": None,
            "system_channel_flags": 0,
            "rules_channel_id": None,
            "vanity_url_code": None,
            "description": None,
            "banner": None,
            "premium_tier": 0,
            "preferred_locale": "en-US",
            "public_updates_channel_id": None,
            "nsfw_level": 0,
            "stickers": [],
            "premium_progress_bar_enabled": False,
        }
        if channels:
            said |= {
                "joined_at": now_iso(),
                "large": False,
                "unavailable": False,
                "member_count": 40,
                "voice_states": [],
                "members": [member(BOT)],
                "channels": [self.channel_json(self.channels[each]) for each in guild.channels],
                "threads": [],
                "presences": [],
                "stage_instances": [],
                "guild_scheduled_events": [],
                "soundboard_sounds": [],
            }
        return said


def user(native: int) -> dict[str, Any]:
    bot = native == BOT
    return {
        "id": str(native),
        "username": "slugline" if bot else f"member{native % 1000}",
        "discriminator": "0001" if bot else "0",
        "global_name": None if bot else "A Member",
        "avatar": None,
        "bot": bot,
        "public_flags": 0,
    }


def member(native: int, permissions: int | None = None, *, roles: tuple[int, ...] = ()) -> dict[str, Any]:
    said: dict[str, Any] = {
        "user": user(native),
        "nick": None,
        "avatar": None,
        "roles": [str(role) for role in roles],
        "joined_at": now_iso(),
        "premium_since": None,
        "deaf": False,
        "mute": False,
        "flags": 0,
        "pending": False,
        "communication_disabled_until": None,
    }
    return said if permissions is None else said | {"permissions": str(permissions)}


def numbered(components: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """As Discord keeps them: every component has an id, its own or the next that is free."""
    taken = {each["id"] for each in walk(components) if each.get("id")}
    free = (number for number in itertools.count(1) if number not in taken)
    for each in walk(components):
        if not each.get("id"):
            each["id"] = next(free)
    return components


def walk(components: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for each in components:
        yield each
        yield from walk(each.get("components") or [])
        if isinstance(accessory := each.get("accessory"), dict):
            yield accessory


def _role(native: int, name: str, permissions: int, position: int) -> dict[str, Any]:
    return {
        "id": str(native),
        "name": name,
        "color": 0,
        "colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None},
        "hoist": False,
        "icon": None,
        "unicode_emoji": None,
        "position": position,
        "permissions": str(permissions),
        "managed": False,
        "mentionable": False,
        "flags": 0,
    }
