"""How an answer reaches whoever asked.

A slash command or a press comes with a `response_url`: it works where Slugline was not invited, five times within half
an hour. After that, or where there is none, an answer for one member is an ephemeral message in their channel, and
where Slugline is not there a private message. An answer for all that needs several messages is posted as one with a
thread under it, where Slugline may post. https://docs.slack.dev/interactivity/handling-user-interaction/
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import aiohttp
import structlog
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from adapters.slack.api import Api, CallError, No
from adapters.slack.keys import NoKey
from adapters.slack.pictures import pictured, with_pictures
from adapters.slack.render import Json, Part, parts
from adapters.slack.views import Origin
from bot.app.ports import Clock
from bot.core import strings
from bot.core.message.document import Document, File, Reply

USES = 5
LIFE = timedelta(minutes=29)
"""A minute less than Slack's thirty: the way there takes time."""
PATIENCE = 30

log = structlog.get_logger(__name__)


@dataclass(slots=True)
class Spot:
    """Where somebody said something, and how they can be answered. `pressed` is the message whose button it was, which
    they see `alone` or with others."""

    team: str
    user: str
    heard_at: datetime
    channel: str = ""
    response_url: str = ""
    used: int = 0
    pressed: str = ""
    alone: bool = False
    trigger: str = ""
    view: Json | None = field(default=None)

    @property
    def origin(self) -> Origin:
        return Origin(self.channel, self.response_url, self.used, self.pressed, self.alone)


class Answering:
    """`client` carries the session for response addresses."""

    def __init__(self, api: Api, client: AsyncWebClient, clock: Clock) -> None:
        self._api = api
        self._client = client
        self._clock = clock

    async def reply(self, spot: Spot, reply: Reply) -> None:
        """Raises CallError or NoKey where there was no way at all."""
        document = reply.document
        drawn = [(part, await self._blocks(spot, part, document)) for part in parts(document)]
        # What is for one member never takes the place of what others see too.
        replaces = reply.replaces and spot.pressed and (spot.alone or not reply.private)
        if replaces and await self._respond(spot, *drawn[0], private=spot.alone, replaces=True):
            drawn = drawn[1:]
        elif not reply.private and (len(drawn) > 1 or _loose(document)) and await self._posted(spot, drawn, document):
            return
        for part, blocks in drawn:
            await self._one(spot, part, blocks, private=reply.private)
        if _loose(document):
            await self._privately_files(spot, document)

    async def tell(self, spot: Spot, document: Document) -> None:
        """How it goes, once: what an answer needs of the five uses stays for the answer."""
        if spot.response_url and spot.used == 0:
            part = parts(document)[0]
            await self._respond(spot, part, list(part.blocks), private=True)

    async def _blocks(self, spot: Spot, part: Part, document: Document) -> list[Json]:
        try:
            return await with_pictures(self._api, spot.team, part, document)
        except (CallError, NoKey) as error:
            log.warning("pictures could not be handed over", reason=str(error))
            return [block for block in part.blocks if block["type"] != "image"]

    async def _one(self, spot: Spot, part: Part, blocks: list[Json], *, private: bool) -> None:
        if await self._respond(spot, part, blocks, private=private):
            return
        values = {"blocks": blocks, "text": part.text}
        if spot.channel and spot.channel != spot.user:
            method = "chat.postEphemeral" if private else "chat.postMessage"
            more: Json = {"user": spot.user} if private else {"unfurl_links": False, "unfurl_media": False}
            try:
                await self._api.call(spot.team, method, {"channel": spot.channel, **values, **more})
                return
            except No as no:
                log.info("answered in private instead", reason=no.code)
        await self._privately(spot, values)

    async def _privately(self, spot: Spot, values: Json) -> Json:
        more = {"channel": spot.user, "unfurl_links": False, "unfurl_media": False}
        return await self._api.call(spot.team, "chat.postMessage", {**values, **more})

    async def _posted(self, spot: Spot, drawn: Sequence[tuple[Part, list[Json]]], document: Document) -> bool:
        """As a message with a thread under it; False where Slugline may not post there."""
        if not spot.channel:
            return False
        opening: str | None = None
        for part, blocks in drawn:
            values = {
                "channel": spot.channel,
                "thread_ts": opening,
                "blocks": blocks,
                "text": part.text,
                "unfurl_links": False,
                "unfurl_media": False,
            }
            try:
                answer = await self._api.call(spot.team, "chat.postMessage", values)
            except No:
                if opening is None:
                    return False
                raise
            opening = opening or answer["ts"]
        if loose := _loose(document):
            await self._api.upload(spot.team, loose, channel=spot.channel, thread=opening)
        return True

    async def _privately_files(self, spot: Spot, document: Document) -> None:
        said = await self._privately(spot, {"text": strings.slack.HERE_ARE_FILES})
        await self._api.upload(spot.team, _loose(document), channel=said["channel"], thread=said["ts"])

    async def _respond(
        self, spot: Spot, part: Part, blocks: list[Json], *, private: bool, replaces: bool = False
    ) -> bool:
        """By the response address; False where that is used up, too old, or refused."""
        if not spot.response_url or spot.used >= USES or self._clock.now() - spot.heard_at > LIFE:
            return False
        spot.used += 1
        webhook = AsyncWebhookClient(
            spot.response_url, session=self._client.session, timeout=PATIENCE, retry_handlers=[]
        )
        try:
            answer = await webhook.send(
                text=part.text,
                blocks=blocks,
                response_type="ephemeral" if private else "in_channel",
                replace_original=replaces,
                unfurl_links=False,
                unfurl_media=False,
            )
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            log.warning("a response address did not answer", reason=type(error).__name__)
            # It may be there. To one member it is said again; before all of them twice is worse than not at all.
            return not private and not isinstance(error, aiohttp.ClientConnectorError)
        if answer.status_code != 200:
            log.warning("a response address refused", status=answer.status_code, reason=answer.body[:200])
        return answer.status_code == 200


def _loose(document: Document) -> list[File]:
    """Files that are not shown in place."""
    shown = pictured(document)
    return [file for file in document.files if file.name not in shown]
