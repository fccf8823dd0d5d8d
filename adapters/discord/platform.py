"""Discord as a place to post: `bot.app.ports.Platform`, over HTTP alone.

A part's id is its nonce: for a few minutes Discord answers a second attempt with the message that the first one made.
After that, and for forum posts, which take no nonce, our own messages are read back and known by their mark
(`payload.mark`), where Slugline may read the channel's history.

A message in another channel than the destination's own (in a thread, or a forum's post) is remembered as
CHANNEL/MESSAGE, any other by its id.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import aiohttp
import discord
import structlog

from adapters.discord.channels import DIRECT, Channel, Channels
from adapters.discord.payload import Message, Part, carries, message
from adapters.discord.permissions import needed_for
from adapters.discord.reasons import (
    ARCHIVED,
    NO_REPLIES,
    NOT_A_TEXT_CHANNEL,
    THREAD_EXISTS,
    TOKEN_PAUSE,
    UNKNOWN_CHANNEL,
    outcome,
)
from adapters.discord.rest import Answer, Rest
from adapters.discord.trouble import TokenRefused
from bot.app.ports import Clock
from bot.core import strings
from bot.core.delivery import (
    PLAINLY,
    TITLE_LIMIT,
    CannotTell,
    Deferred,
    Destination,
    Failed,
    Manner,
    Post,
    Posted,
    Refused,
    SendOutcome,
    Unsure,
)
from bot.core.errors import StoreError
from bot.core.message.document import Document
from bot.core.message.drawn import Drawn
from bot.core.outbox import Abilities, PartId

log = structlog.get_logger(__name__)

REMEMBERS = timedelta(minutes=2)
"""How long a nonce surely counts: Discord says "the past few minutes"."""
PAGE = 100
"""Messages that one look into a channel's history gives: Discord's most."""
PAGES = 20
"""Pages read at most: in a channel with more than 2,000 messages since, nobody can tell."""
SLACK = timedelta(minutes=1)
"""By how much Discord's clock may be behind ours."""
LOOK_AGAIN = timedelta(minutes=2)


_NO_ANSWER = (aiohttp.ClientError, OSError, TimeoutError, discord.HTTPException, StoreError)
"""Why nothing was said, where it does not matter whether anything was done: logging in and the store included."""
_UNANSWERED = (*_NO_ANSWER, discord.RateLimited, TokenRefused)
"""Likewise where it does."""


@dataclass(frozen=True, slots=True)
class _Place:
    """`channel` is where a part is posted; `home` the destination's own."""

    home: int
    channel: int

    def said(self, message: str) -> str:
        return message if self.channel == self.home else f"{self.channel}/{message}"


class _NoSuchChannel(Exception):
    """Nothing stands there any more."""


class DiscordPlatform:
    """`draw` makes a document's parts (`adapters.discord.render.parts`). For so long as it `remembers` a nonce counts:
    less in tests only."""

    def __init__(
        self,
        rest: Rest,
        draw: Callable[[Document], Sequence[Part]],
        clock: Clock,
        *,
        remembers: timedelta = REMEMBERS,
    ) -> None:
        self._rest = rest
        self._clock = clock
        self._channels = Channels(rest)
        self._remembers = remembers
        self._drawn = Drawn(draw)

    @property
    def name(self) -> str:
        return "discord"

    def abilities(self, manner: Manner) -> Abilities:
        remembers = timedelta(0) if manner.post is Post.FORUM else self._remembers
        return Abilities(remembers=remembers, reads_back=True, edits=True)

    def parts(self, document: Document) -> int:
        return len(self._drawn.of(document))

    async def send(
        self,
        destination: Destination,
        document: Document,
        part: int,
        manner: Manner = PLAINLY,
        *,
        part_id: PartId,
        opening: str | None = None,
    ) -> SendOutcome:
        opens = part == 0 or opening is None
        drawn = message(self._drawn.of(document)[part], mention=manner.mention if opens else None, part_id=part_id)
        try:
            home = await self._home(destination.address)
            if not isinstance(home, int):
                return home
            if opening is None:
                return await self._open(home, drawn, manner, part_id, document.summary)
            return await self._follow(home, drawn, manner, part_id, opening, replies=part == 0)
        except _UNANSWERED as error:
            return self._unanswered(error)

    async def edit(self, destination: Destination, message_: str, document: Document, part: int) -> SendOutcome:
        try:
            home = await self._home(destination.address)
            if not isinstance(home, int):
                return home
            place, native = _located(home, message_)
            drawn = message(self._drawn.of(document)[part])
            body = drawn.body if drawn.files else {**drawn.body, "attachments": []}
            answer = await self._edit(place, native, drawn, body)
            if answer.code == ARCHIVED:
                await self._rest.ask("PATCH", "/channels/{channel_id}", {"archived": False}, channel_id=place.channel)
                answer = await self._edit(place, native, drawn, body)
            return (
                Posted(message=message_)
                if answer.ok
                else await self._not_taken(answer, place.channel, PLAINLY, home=home)
            )
        except _UNANSWERED as error:
            return self._unanswered(error)

    async def find(
        self, destination: Destination, part_id: PartId, since: datetime, *, opening: str | None = None
    ) -> Posted | CannotTell | None:
        try:
            home = await self._home(destination.address)
            if isinstance(home, (Refused, Deferred, Failed, Unsure)):
                return CannotTell(reason=home.reason, until=home.until if isinstance(home, Deferred) else None)
            if opening is not None:
                native = _located(home, opening)[1]  # a thread has its first message's id
                with suppress(_NoSuchChannel):
                    found = await self._look(_Place(home, int(native)), part_id, since)
                    if found is not None or "/" in opening:
                        return found
            channel = await self._channels.get(home)
            if isinstance(channel, Answer):
                return await self._cannot_read(channel, home)
            if channel.is_forum:
                return await self._look_among_posts(channel, part_id, since)
            return await self._look(_Place(home, home), part_id, since)
        except _NoSuchChannel:
            return None
        except TokenRefused:
            return CannotTell(reason=strings.discord.TOKEN_REFUSED, until=self._clock.now() + TOKEN_PAUSE)
        except discord.RateLimited as full:
            return CannotTell(reason=strings.discord.ROUTE_FULL, until=self._in(full.retry_after))
        except _NO_ANSWER as error:
            reason = strings.discord.unreachable(type(error).__name__)
            return CannotTell(reason=reason, until=self._clock.now() + LOOK_AGAIN)

    def _unanswered(self, error: Exception) -> Deferred | Failed | Unsure:
        """What that says of a message that was to be sent or edited."""
        match error:
            case discord.RateLimited(retry_after=wait):
                return Deferred(until=self._in(wait), reason=strings.discord.ROUTE_FULL)
            case TokenRefused():
                return Deferred(until=self._clock.now() + TOKEN_PAUSE, reason=strings.discord.TOKEN_REFUSED)
            case StoreError():  # which is asked for a turn
                return Failed(reason=str(error))
            case discord.HTTPException(status=status, text=text):  # logging in
                return Failed(reason=strings.discord.answered(f"{status} {text}"[:200]))
            case aiohttp.ClientConnectorError(strerror=reason):
                return Failed(reason=strings.discord.unreachable(reason or type(error).__name__))
            case _:
                return Unsure(reason=strings.discord.broke(type(error).__name__))

    # --- sending ----------------------------------------------------------------------------------------------

    async def _open(self, home: int, drawn: Message, manner: Manner, part_id: PartId, summary: str) -> SendOutcome:
        """The first part. Whatever else the manner wants is done when it is posted, and never undoes that."""
        if manner.post is Post.FORUM:
            channel = await self._channels.get(home)
            if isinstance(channel, Answer):
                return await self._not_taken(channel, home, manner)
            if channel.is_forum:
                return await self._open_post(channel, drawn, manner, summary)
        answer = await self._post(home, drawn, part_id)
        if answer.code == NOT_A_TEXT_CHANNEL:
            channel = await self._channels.get(home)
            if isinstance(channel, Channel) and channel.is_forum:
                return await self._open_post_once(channel, drawn, manner, part_id, summary)
        if not answer.ok:
            return await self._not_taken(answer, home, manner, files=bool(drawn.files))
        posted = str(answer.body["id"])
        if manner.post is Post.THREAD:
            with suppress(aiohttp.ClientError, OSError, TimeoutError, discord.RateLimited):
                await self._thread(home, posted, manner.title or summary)
        if manner.post is Post.ANNOUNCEMENT:
            await self._publish(home, posted)
        return Posted(message=posted)

    async def _follow(
        self, home: int, drawn: Message, manner: Manner, part_id: PartId, opening: str | None, *, replies: bool
    ) -> SendOutcome:
        """Where `opening` stands, or in its thread. What is about that message `replies` to it: a first part that
        follows another document's."""
        place = _Place(home, home)
        answered: str | None = None
        if opening is not None:
            where, native = _located(home, opening)
            if where.channel != home:  # a forum's post
                place = where
            elif manner.post is Post.THREAD:
                answer = await self._thread(home, native, manner.title)
                if not answer.ok and answer.code != THREAD_EXISTS:
                    return await self._not_taken(answer, home, manner)
                place = _Place(home, int(native))
            elif replies:
                answered = native
        answer = await self._post(place.channel, drawn, part_id, answered=answered)
        if answer.ok:
            posted = str(answer.body["id"])
            if manner.post is Post.ANNOUNCEMENT:
                await self._publish(home, posted)
            return Posted(message=place.said(posted))
        return await self._not_taken(answer, place.channel, manner, home=home, files=bool(drawn.files))

    async def _post(self, channel: int, drawn: Message, part_id: PartId, *, answered: str | None = None) -> Answer:
        body = {**drawn.body, "nonce": part_id, "enforce_nonce": True}
        if answered is not None:  # a message that was deleted meanwhile holds nothing up
            body["message_reference"] = {"message_id": answered, "fail_if_not_exists": False}
        path = "/channels/{channel_id}/messages"
        answer = await self._rest.ask("POST", path, body, files=drawn.files, channel_id=channel)
        if answered is not None and answer.code == NO_REPLIES:  # then it stands there without leading anywhere
            return await self._post(channel, drawn, part_id)
        return answer

    async def _open_post(self, forum: Channel, drawn: Message, manner: Manner, summary: str) -> SendOutcome:
        """A forum's post. Its first message has its id."""
        body: dict[str, Any] = {"name": _title(manner.title or summary), "message": dict(drawn.body)}
        if "attachments" in body["message"]:
            body["message"]["attachments"] = list(drawn.body["attachments"])
        if tags := forum.tags_named(manner.tags):
            body["applied_tags"] = tags
        path = "/channels/{channel_id}/threads"
        answer = await self._rest.ask("POST", path, body, files=drawn.files, channel_id=forum.id)
        if not answer.ok:
            posting = Manner(post=Post.FORUM)
            return await self._not_taken(answer, forum.id, posting, files=bool(drawn.files))
        return Posted(message=f"{answer.body['id']}/{answer.body['id']}")

    async def _open_post_once(
        self, forum: Channel, drawn: Message, manner: Manner, part_id: PartId, summary: str
    ) -> SendOutcome:
        """For what was not meant for a forum, and so is believed to have a nonce: whether it is there is looked for
        first."""
        found = await self._look_among_posts(forum, part_id, self._clock.now() - REMEMBERS)
        if isinstance(found, Posted):
            return found
        return await self._open_post(forum, drawn, manner, summary)

    async def _thread(self, home: int, native: str, title: str) -> Answer:
        """The thread of a message: there is at most one, and its id is the message's."""
        path = "/channels/{channel_id}/messages/{message_id}/threads"
        answer = await self._rest.ask("POST", path, {"name": _title(title)}, channel_id=home, message_id=int(native))
        if not answer.ok and answer.code != THREAD_EXISTS:
            log.warning("no thread could be opened", channel=home, reason=answer.message)
        return answer

    async def _publish(self, home: int, native: str) -> None:
        """To the servers that follow the channel; it stays posted where that fails (ten an hour are allowed)."""
        path = "/channels/{channel_id}/messages/{message_id}/crosspost"
        try:
            answer = await self._rest.ask("POST", path, channel_id=home, message_id=int(native))
        except (aiohttp.ClientError, OSError, TimeoutError, discord.RateLimited) as error:
            log.warning("a message was not published", channel=home, reason=type(error).__name__)
            return
        if not answer.ok:
            log.warning("a message was not published", channel=home, reason=answer.message)

    async def _edit(self, place: _Place, native: str, drawn: Message, body: Mapping[str, Any]) -> Answer:
        path = "/channels/{channel_id}/messages/{message_id}"
        return await self._rest.ask(
            "PATCH", path, body, files=drawn.files, channel_id=place.channel, message_id=int(native)
        )

    async def _not_taken(
        self, answer: Answer, channel: int, manner: Manner, *, home: int | None = None, files: bool = False
    ) -> Refused | Deferred | Failed | Unsure:
        if answer.code == UNKNOWN_CHANNEL and channel != (home or channel):  # a thread, and no more than that
            return Refused(reason=strings.discord.THREAD_DELETED, deleted=True)
        denied = ""
        if answer.status == 403:
            denied = await self._channels.denied(channel, needed_for(manner.post, files=files))
        return outcome(answer, self._clock.now(), denied=denied)

    # --- reading back -----------------------------------------------------------------------------------------

    async def _look(self, place: _Place, part_id: PartId, since: datetime) -> Posted | CannotTell | None:
        """Through a channel's history, the newest first."""
        oldest = discord.utils.time_snowflake(since - SLACK)
        pages = 0
        async for page in self._history(place.channel):
            if isinstance(page, Answer):
                return await self._cannot_read(page, place.channel)
            for each in page:
                if int(each["id"]) < oldest:
                    return None
                if int(each["author"]["id"]) == self._rest.me and carries(each, part_id):
                    return Posted(message=place.said(str(each["id"])))
            pages += 1
            if not page and pages == 1:
                return await self._empty(place.channel)
        return None if pages < PAGES else CannotTell(reason=strings.discord.TOO_MUCH)

    async def _history(self, channel: int) -> AsyncIterator[Sequence[Mapping[str, Any]] | Answer]:
        query: dict[str, str | int] = {"limit": PAGE}
        for _ in range(PAGES):
            answer = await self._rest.ask("GET", "/channels/{channel_id}/messages", query=query, channel_id=channel)
            if not answer.ok:
                yield answer
                return
            yield answer.body
            if len(answer.body) < PAGE:
                return
            query["before"] = str(answer.body[-1]["id"])

    async def _empty(self, channel: int) -> CannotTell | None:
        """Without Read Message History, Discord shows every channel as empty: then nobody can tell."""
        found = await self._channels.get(channel, fresh=True)
        if isinstance(found, Channel) and found.raw.get("last_message_id") is None:
            return None
        return CannotTell(reason=strings.discord.HISTORY_CLOSED)

    async def _look_among_posts(self, forum: Channel, part_id: PartId, since: datetime) -> Posted | CannotTell | None:
        """A forum's posts of ours since then: their first messages carry the mark."""
        oldest = discord.utils.time_snowflake(since - SLACK)
        path = "/guilds/{guild_id}/threads/active"
        active = await self._rest.ask("GET", path, guild_id=forum.guild or 0)
        path = "/channels/{channel_id}/threads/archived/public"
        archived = await self._rest.ask("GET", path, query={"limit": PAGE}, channel_id=forum.id)
        for answer in (active, archived):
            if not answer.ok:
                return await self._cannot_read(answer, forum.id)
        ours = [
            int(each["id"])
            for each in [*active.body["threads"], *archived.body["threads"]]
            if int(each.get("parent_id") or 0) == forum.id
            and int(each.get("owner_id") or 0) == self._rest.me
            and int(each["id"]) >= oldest
        ]
        for post in ours:
            path = "/channels/{channel_id}/messages/{message_id}"
            first = await self._rest.ask("GET", path, channel_id=post, message_id=post)
            if first.ok and carries(first.body, part_id):
                return Posted(message=f"{post}/{post}")
            if not first.ok and first.status != 404:
                return await self._cannot_read(first, forum.id)
        return None

    async def _cannot_read(self, answer: Answer, channel: int) -> CannotTell:
        if answer.status == 404 and answer.code == UNKNOWN_CHANNEL:
            raise _NoSuchChannel
        if answer.status == 403:
            return CannotTell(reason=strings.discord.UNREADABLE)
        wait = timedelta(seconds=answer.retry_after) if answer.status == 429 else LOOK_AGAIN
        return CannotTell(reason=strings.discord.answered(answer.message), until=self._clock.now() + wait)

    # --- places -----------------------------------------------------------------------------------------------

    async def _home(self, address: str) -> int | Refused | Deferred | Failed | Unsure:
        if address.isascii() and address.isdecimal() and len(address) <= 20:
            return int(address)
        user = address.removeprefix(DIRECT)
        if not (address.startswith(DIRECT) and user.isascii() and user.isdecimal() and len(user) <= 20):
            return Refused(reason=strings.discord.NO_ADDRESS, gone=True)
        found = await self._channels.direct(int(user))
        return found if isinstance(found, int) else await self._not_taken(found, 0, PLAINLY)

    def _in(self, seconds: float) -> datetime:
        return self._clock.now() + timedelta(seconds=seconds)


def _located(home: int, message_: str) -> tuple[_Place, str]:
    channel, slash, native = message_.rpartition("/")
    return (_Place(home, int(channel)), native) if slash else (_Place(home, home), native)


def _title(said: str) -> str:
    """Discord wants at least one character."""
    return " ".join(said.split())[:TITLE_LIMIT] or "News"
