"""Slack as a platform: documents posted, found again and edited.

Slack has no idempotency key. So each message carries its part's id in `metadata`, and where nobody knows whether it was
posted (no answer, a server error, we died before writing it down) one reading of the channel tells, where the
workspace granted the right to read. A reading is dear: once a minute for an app that many installed
(`bot.core.outbox`, `adapters.slack.pace`).

Messages are named `CHANNEL:TS`: what is sent to a member's id arrives in a channel of another name.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import structlog

from adapters.slack.api import NOT_YET, PATIENCE, Api, CallError, No, NotDone, Unknown, Wait
from adapters.slack.keys import PLATFORM, NoKey, NoKeyYet
from adapters.slack.pictures import pictured, with_pictures
from adapters.slack.render import Json, Part, escaped, parts, plain
from adapters.slack.words import closes, missing_scope, refusal
from bot.app.ports import Clock
from bot.core import strings
from bot.core.community import CommunityId
from bot.core.delivery import (
    PLAINLY,
    CannotTell,
    Deferred,
    Destination,
    Failed,
    Manner,
    Posted,
    Refused,
    SendOutcome,
    Unsure,
)
from bot.core.message.document import Document, File
from bot.core.message.drawn import Drawn
from bot.core.outbox import Abilities, PartId

EVENT_TYPE = "slugline_part"
"""Of the metadata that a part's id travels in: https://docs.slack.dev/messaging/message-metadata/."""
MARGIN = timedelta(minutes=2)
"""How far the database's clock and Slack's may be apart where a message is looked for."""
GROUP = re.compile(r"S[A-Z0-9]{2,20}")
"""The id of a user group."""
POINTER = re.compile(r"/blocks/(\d+)")
"""Where Slack says which block it refuses."""
BAD_BLOCKS = frozenset({"invalid_blocks", "invalid_blocks_format"})
TOO_LONG = frozenset({"msg_blocks_too_long", "msg_too_long"})
ALERT_PATIENCE = timedelta(seconds=15)
"""How long an alert waits for its turn, three times as long as anything else: what would wait longer than that is told
to come again and takes no turn, so in a morning's rush alerts go on where digests are sent away."""
TEXT_LIMIT = 4_000
"""Characters of `text` that are shown well (https://docs.slack.dev/reference/methods/chat.postMessage)."""

log = structlog.get_logger(__name__)


def team_of(community: CommunityId) -> str:
    """The workspace's own id."""
    return community.partition(":")[2]


def community_of(team: str) -> CommunityId:
    return CommunityId(f"{PLATFORM}:{team}")


class SlackPlatform:
    """Implements `bot.app.ports.Platform`."""

    def __init__(self, api: Api, clock: Clock) -> None:
        self._api = api
        self._clock = clock
        self._drawn = Drawn(parts)

    @property
    def name(self) -> str:
        return PLATFORM

    def abilities(self, manner: Manner) -> Abilities:
        """Reading back needs a scope that each workspace gives or refuses: `find` says where it cannot tell."""
        return Abilities(reads_back=True, edits=True)

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
        """The rest of a document goes into the thread of its first part."""
        drawn = self._drawn.of(document)[part]
        if part == 0 or opening is None:
            drawn = _mentioning(drawn, manner.mention)
        channel, thread = _place(opening) if opening is not None else (destination.address, None)
        team = team_of(destination.community)
        try:
            blocks, without = await self._blocks(team, drawn, document)
            values = {
                "channel": channel,
                "thread_ts": thread,
                "metadata": {"event_type": EVENT_TYPE, "event_payload": {"part": part_id}},
                "unfurl_links": False,
                "unfurl_media": False,
            }
            patience = ALERT_PATIENCE if document.tone == "alert" else PATIENCE
            answer, remark = await self._post(team, "chat.postMessage", values, blocks, drawn.text, patience)
        except (CallError, NoKey) as error:
            return self._outcome(error)
        remark = remark or without
        posted = f"{answer['channel']}:{answer['ts']}"
        loose = [file for file in drawn.files if file.name not in pictured(document)]
        if loose:
            remark = await self._hand_over(team, loose, posted, thread) or remark
        return Posted(message=posted, remark=remark)

    async def find(
        self, destination: Destination, part_id: PartId, since: datetime, *, opening: str | None = None
    ) -> Posted | CannotTell | None:
        """One reading of the channel, or of the thread that follows `opening`."""
        team = team_of(destination.community)
        try:
            key = await self._api.keys.of(team)
        except NoKeyYet:
            return CannotTell(reason=strings.slack.NOT_REACHED_YET, until=self._clock.now() + NOT_YET)
        except NoKey as error:
            return CannotTell(reason=str(error))
        channel, thread = _place(opening) if opening is not None else (destination.address, None)
        needed = _reading_scopes(channel)
        if key.scopes is not None and not key.scopes & set(needed):
            return CannotTell(reason=missing_scope(needed[0]))
        try:
            if channel.startswith(("U", "W")):
                opened = await self._api.call(team, "conversations.open", {"users": channel})
                channel = opened["channel"]["id"]
            answer = await self._api.call(
                team,
                "conversations.history" if thread is None else "conversations.replies",
                {
                    "channel": channel,
                    "ts": thread,
                    "oldest": f"{(since - MARGIN).timestamp():.6f}",
                    "limit": self._api.pace.messages,
                    "include_all_metadata": True,
                },
            )
        except Wait as wait:
            return CannotTell(reason=strings.slack.READING_WAITS, until=self._clock.now() + wait.wait)
        except (NotDone, Unknown) as error:
            return CannotTell(reason=str(error), until=self._clock.now() + timedelta(minutes=1))
        except NoKey as error:
            return CannotTell(reason=str(error))
        except No as no:
            # Where the place is closed to us it takes nothing either: sending says so, which pauses it, and whoever
            # lifts that sees what is there.
            return None if closes(no) else CannotTell(reason=refusal(no)[0])
        for message in answer.get("messages", ()):
            metadata = message.get("metadata") or {}
            if metadata.get("event_type") == EVENT_TYPE and metadata.get("event_payload", {}).get("part") == part_id:
                return Posted(message=f"{channel}:{message['ts']}")
        if answer.get("has_more"):
            return CannotTell(reason=strings.slack.TOO_MUCH)
        return None

    async def edit(self, destination: Destination, message: str, document: Document, part: int) -> SendOutcome:
        drawn = self._drawn.of(document)[part]
        channel, ts = _place(message)
        team = team_of(destination.community)
        try:
            blocks, without = await self._blocks(team, drawn, document)
            _, remark = await self._post(team, "chat.update", {"channel": channel, "ts": ts}, blocks, drawn.text)
        except No as no:
            if no.code in {"message_not_found", "cant_update_message", "edit_window_closed"}:
                gone = no.code == "message_not_found"
                return Refused(reason=strings.slack.not_editable(no.code), deleted=gone)
            return self._outcome(no)
        except (CallError, NoKey) as error:
            return self._outcome(error)
        return Posted(message=message, remark=remark or without)

    async def _blocks(self, team: str, drawn: Part, document: Document) -> tuple[list[Json], str | None]:
        """Without its pictures where Slack does not take them, and why: the words go all the same."""
        try:
            return await with_pictures(self._api, team, drawn, document), None
        except No as no:
            shown = [block for block in drawn.blocks if block["type"] != "image"]
            lacking = ", ".join(sorted(pictured(document)))
            return shown, strings.slack.not_handed_over(lacking, refusal(no)[0])

    async def _post(
        self,
        team: str,
        method: str,
        values: Mapping[str, Any],
        blocks: Sequence[Json],
        text: str,
        patience: timedelta = PATIENCE,
    ) -> tuple[dict[str, Any], str | None]:
        """What Slack answered, and what of it could not be shown as it was meant. A block that Slack refuses is shown
        as its plain words, and all of them are where it does not say which."""
        try:
            shown = {**values, "blocks": list(blocks), "text": text}
            return await self._api.call(team, method, shown, patience=patience), None
        except No as no:
            if no.code not in BAD_BLOCKS | TOO_LONG:
                raise
            refused = {int(found) for detail in no.details for found in POINTER.findall(detail)}
            reason = "; ".join(no.details)[:300] or no.code
            log.warning("Slack refused blocks", code=no.code, blocks=sorted(refused), reason=reason)
        kept = [_as_words(block) if at in refused else block for at, block in enumerate(blocks)]
        remark = strings.slack.some_refused(len(refused), len(blocks), reason)
        if refused:
            try:
                shown = {**values, "blocks": kept, "text": text}
                return await self._api.call(team, method, shown, patience=patience), remark
            except No as no:
                if no.code not in BAD_BLOCKS | TOO_LONG:
                    raise
        none: list[Json] | None = (
            [] if method == "chat.update" else None
        )  # an edit keeps the blocks that it does not mention
        said = escaped(plain(blocks))[:TEXT_LIMIT] or text
        shown = {**values, "blocks": none, "text": said}
        answer = await self._api.call(team, method, shown, patience=patience)
        return answer, strings.slack.all_refused(reason)

    async def _hand_over(self, team: str, files: Sequence[File], posted: str, thread: str | None) -> str | None:
        """Under the message, which is there whatever becomes of them; why they are not, where they are not."""
        channel, ts = _place(posted)
        try:
            await self._api.upload(team, files, channel=channel, thread=thread or ts)
        except (CallError, NoKey) as error:
            why = refusal(error)[0] if isinstance(error, No) else str(error)
            return strings.slack.not_handed_over(", ".join(file.name for file in files), why)
        return None

    def _outcome(self, error: CallError | NoKey) -> SendOutcome:
        match error:
            case Wait(wait=wait):
                return Deferred(until=self._clock.now() + wait, reason=str(error))
            case NotDone():
                return Failed(reason=str(error))
            case Unknown():
                return Unsure(reason=str(error))
            case NoKey():
                return Refused(reason=str(error), gone=True)
            case No():
                reason, gone = refusal(error)
                return Refused(reason=reason, gone=gone, content=not gone and error.code in BAD_BLOCKS | TOO_LONG)
            case _:
                raise error


def _place(message: str) -> tuple[str, str]:
    channel, _, ts = message.partition(":")
    return channel, ts


def _reading_scopes(channel: str) -> Sequence[str]:
    """Any of these lets it be read back, as far as its id tells; for the rest Slack says which."""
    if channel.startswith(("D", "U", "W")):
        return ["im:history"]
    return ["channels:history", "groups:history"]


def _as_words(block: Json) -> Json:
    words = plain([block])[:2_000] or "…"
    section = {"type": "rich_text_section", "elements": [{"type": "text", "text": words}]}
    return {"type": "rich_text", "elements": [section]}


def _mentioning(part: Part, group: str | None) -> Part:
    """With the user group that a manager chose, named first."""
    if group is None or not GROUP.fullmatch(group):
        return part
    section = {"type": "rich_text_section", "elements": [{"type": "usergroup", "usergroup_id": group}]}
    block: Json = {"type": "rich_text", "elements": [section]}
    return replace(part, blocks=(block, *part.blocks), text=f"<!subteam^{group}> {part.text}")
