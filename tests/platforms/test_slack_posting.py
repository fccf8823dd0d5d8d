"""What is posted to Slack: once, in order, and what becomes of it where Slack refuses or says nothing."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import aiohttp
import pytest
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.api import Api
from adapters.slack.keys import Key, OwnKey
from adapters.slack.pace import OwnBudget, Pace
from adapters.slack.platform import SlackPlatform
from bot.core.community import CommunityId
from bot.core.delivery import (
    PLAINLY,
    CannotTell,
    Deferred,
    Destination,
    DestinationId,
    Failed,
    Manner,
    Posted,
    Refused,
    Unsure,
)
from bot.core.errors import InputError, StoreAway
from bot.core.message.document import Block, Document, File, Picture, Prose, Text
from bot.core.outbox import PartId
from tests.fakes import FakeClock
from tests.platforms.slack_reader import read
from tests.platforms.slack_server import ALL_SCOPES, Channel, Fault, SlackServer

PART = PartId("2a-0")


@dataclass
class Desk:
    """One workspace, one channel, and the platform that posts there."""

    server: SlackServer
    platform: SlackPlatform
    destination: Destination
    seconds: list[float]
    api: Api

    @property
    def channel(self) -> Channel:
        return self.server.workspaces["T1"].channels[self.destination.address]

    async def send(self, document: Document, part: int = 0, *, opening: str | None = None, manner: Manner = PLAINLY):  # type: ignore[no-untyped-def]
        return await self.platform.send(
            self.destination, document, part, manner, part_id=PartId(f"2a-{part}"), opening=opening
        )


def document(text: str = "Guild votes", *blocks: Block, files: tuple[File, ...] = ()) -> Document:
    return Document(summary=text, blocks=blocks or (Prose((Text(text),)),), files=files)


def long_document() -> Document:
    return Document("Long", tuple(Prose((Text(f"{number} " + "word " * 500),)) for number in range(5)))


@pytest.fixture
async def desk() -> AsyncIterator[Desk]:
    seconds = [0.0]
    async with SlackServer() as server, aiohttp.ClientSession() as session:
        server.workspace("T1", name="Guild office")
        key = Key(token=server.grant("T1"), place="T1", name="Guild office", scopes=frozenset(ALL_SCOPES))
        client = AsyncWebClient(base_url=server.base_url, session=session, retry_handlers=[])

        def clock() -> float:  # a turn never has to be waited for
            seconds[0] += 2
            return seconds[0]

        keys = OwnKey()
        keys.know(key)
        api = Api(client, keys, Pace(OwnBudget(clock), OwnBudget(clock), distributed=False))
        place = Destination(id=DestinationId(1), community=CommunityId("slack:T1"), platform="slack", address="CT11")
        yield Desk(server, SlackPlatform(api, FakeClock(datetime.now(UTC))), place, seconds, api)


async def test_a_message_carries_its_part_and_words_beside_its_blocks_and_unfurls_nothing(desk: Desk) -> None:
    outcome = await desk.send(document("A <b> & co"))
    (message,) = desk.channel.messages
    assert outcome == Posted(message=f"CT11:{message.ts}")
    assert message.text == "A &lt;b&gt; &amp; co"
    assert message.blocks[0]["elements"][0]["elements"] == [{"type": "text", "text": "A <b> & co"}]
    assert message.metadata == {"event_type": "slugline_part", "event_payload": {"part": "2a-0"}}
    assert message.unfurls == (False, False)


async def test_the_rest_of_a_long_document_stands_in_the_thread_of_its_first_part(desk: Desk) -> None:
    long = long_document()
    assert desk.platform.parts(long) > 1
    first = await desk.send(long)
    second = await desk.send(long, 1, opening=first.message)
    assert second.message.startswith("CT11:")
    opening, following = desk.channel.messages
    assert following.thread == opening.ts


@pytest.mark.parametrize(
    ("state", "says"),
    [({"archived": True}, "unarchive"), ({"joined": False}, "/invite @slugline")],
    ids=["archived", "not invited"],
)
async def test_a_closed_channel_is_refused_for_good_with_what_mends_it(
    desk: Desk, state: dict[str, bool], says: str
) -> None:
    for name, value in state.items():
        setattr(desk.channel, name, value)
    outcome = await desk.send(document())
    assert isinstance(outcome, Refused)
    assert outcome.gone
    assert says in outcome.reason


async def test_an_unknown_channel_is_gone(desk: Desk) -> None:
    place = replace(desk.destination, address="CELSEWHERE")
    outcome = await desk.platform.send(place, document(), 0, part_id=PART)
    assert isinstance(outcome, Refused)
    assert outcome.gone


async def test_a_missing_scope_is_named_with_the_line_that_adds_it(desk: Desk) -> None:
    for grant in desk.server.grants.values():
        grant.scopes = ("commands",)
    outcome = await desk.send(document())
    assert isinstance(outcome, Refused)
    assert "`- chat:write`" in outcome.reason


async def test_what_is_for_another_workspace_is_never_sent_with_this_ones_token(desk: Desk) -> None:
    place = replace(desk.destination, community=CommunityId("slack:T2"))
    outcome = await desk.platform.send(place, document(), 0, part_id=PART)
    assert isinstance(outcome, Refused)
    assert "Guild office (T1)" in outcome.reason
    assert desk.server.calls == []


async def test_a_429_is_waited_out_as_long_as_slack_says(desk: Desk) -> None:
    desk.server.fault("chat.postMessage", Fault(retry_after=40))
    at = desk.platform._clock.now()
    assert await desk.send(document()) == Deferred(
        until=at + timedelta(seconds=40), reason="Slack's limit is reached for 40 s"
    )
    again = await desk.send(document())
    assert isinstance(again, Deferred), "and nothing is asked meanwhile"
    assert len(desk.server.calls) + len(desk.server.refused_calls) == 1


@pytest.mark.parametrize(
    "fault",
    [
        Fault(status=500, error="fatal_error", done=True),
        Fault(status=503, text="<html>"),
        Fault(drop=True, done=True),
        Fault(drop=True),
        Fault(error="internal_error"),
    ],
    ids=["500 after it was done", "503 in HTML", "dropped after", "dropped before", "internal error"],
)
async def test_what_may_have_been_posted_is_not_sent_again_here(desk: Desk, fault: Fault) -> None:
    desk.server.fault("chat.postMessage", fault)
    assert isinstance(await desk.send(document()), Unsure)
    assert len(desk.channel.messages) == (1 if fault.done else 0)
    assert len(desk.server.calls) + len(desk.server.refused_calls) == 1


async def test_an_answer_that_is_too_slow_leaves_it_open_whether_it_was_posted(desk: Desk) -> None:
    session = desk.platform._api._client.session
    assert session is not None
    session._timeout = aiohttp.ClientTimeout(total=0.1)
    desk.server.fault("chat.postMessage", Fault(done=True, lingers=1.0))
    assert isinstance(await desk.send(document()), Unsure)
    assert len(desk.channel.messages) == 1


async def test_before_slack_was_reached_what_is_to_be_posted_waits(desk: Desk) -> None:
    desk.platform._api.keys = OwnKey()
    assert isinstance(await desk.send(document()), Deferred)
    found = await desk.platform.find(desk.destination, PART, datetime.now(UTC))
    assert isinstance(found, CannotTell)
    assert found.until is not None


@pytest.mark.parametrize("trouble", [StoreAway("no database"), InputError("none of the keys fits")])
async def test_without_a_token_that_can_be_read_nothing_was_posted(desk: Desk, trouble: Exception) -> None:
    """Nobody has to look for it afterwards, as after an answer that never came."""

    class Lost(OwnKey):
        async def of(self, team: str) -> Key:
            raise trouble

    desk.platform._api.keys = Lost()
    sent = await desk.send(document())
    assert isinstance(sent, Failed)
    assert str(trouble) in sent.reason
    assert isinstance(await desk.platform.edit(desk.destination, "C1:1.0", document(), 0), Failed)


async def test_without_a_connection_nothing_was_posted(desk: Desk) -> None:
    assert desk.server._runner is not None
    await desk.server._runner.cleanup()
    assert isinstance(await desk.send(document()), Failed)


async def test_a_message_is_found_by_its_part_and_one_that_is_not_there_is_not(desk: Desk) -> None:
    since = datetime.now(UTC)
    posted = await desk.send(document())
    assert await desk.platform.find(desk.destination, PART, since) == posted
    assert await desk.platform.find(desk.destination, PartId("2a-7"), since) is None
    assert len(desk.server.called("conversations.history")) == 2


async def test_a_part_in_a_thread_is_looked_for_there(desk: Desk) -> None:
    since, long = datetime.now(UTC), long_document()
    first = await desk.send(long)
    second = await desk.send(long, 1, opening=first.message)
    found = await desk.platform.find(desk.destination, PartId("2a-1"), since, opening=first.message)
    assert found == second


async def test_without_the_scope_nobody_can_tell_and_nothing_is_asked(desk: Desk) -> None:
    key = Key(token="xoxb-x", place="T1", scopes=frozenset({"chat:write"}))
    assert isinstance(desk.platform._api.keys, OwnKey)
    desk.platform._api.keys.know(key)
    found = await desk.platform.find(desk.destination, PART, datetime.now(UTC))
    assert isinstance(found, CannotTell)
    assert "channels:history" in found.reason
    assert found.until is None
    assert desk.server.calls == []


async def test_a_channel_too_lively_to_read_back_leaves_it_untold(desk: Desk) -> None:
    desk.platform._api.pace.distributed = True
    since = datetime.now(UTC)
    await desk.send(document())
    for number in range(20):
        await desk.platform.send(desk.destination, document(), 0, part_id=PartId(f"9-{number}"))
    found = await desk.platform.find(desk.destination, PART, since)
    assert found == CannotTell(reason="more was said in the channel since than can be read back")


async def test_an_edit_shows_the_new_words(desk: Desk) -> None:
    posted = await desk.send(document("before"))
    assert await desk.platform.edit(desk.destination, posted.message, document("after"), 0) == posted
    (message,) = desk.channel.messages
    assert (read(message.blocks).words.strip(), message.text, message.edits) == ("after", "after", 1)


async def test_an_edit_of_a_message_that_is_gone_is_refused_and_the_place_is_not(desk: Desk) -> None:
    outcome = await desk.platform.edit(desk.destination, "CT11:1.1", document(), 0)
    assert isinstance(outcome, Refused)
    assert not outcome.gone


async def test_a_block_that_slack_refuses_is_shown_as_words_and_the_others_go(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    fault = "[ERROR] unsupported type [json-pointer:/blocks/1/elements/0]"
    desk.server.fault(
        "chat.postMessage", Fault(error="invalid_blocks", body={"response_metadata": {"messages": [fault]}})
    )
    blocks = tuple(Prose((Text(word),)) for word in ("one", "two", "three"))
    outcome = await desk.send(Document("numbers", blocks))
    assert isinstance(outcome, Posted)
    assert outcome.remark is not None
    assert fault in outcome.remark
    (message,) = desk.channel.messages
    assert [block["elements"][0]["elements"][0]["text"] for block in message.blocks] == ["one", "two", "three"]


async def test_where_slack_refuses_all_blocks_the_words_are_posted(desk: Desk) -> None:
    desk.server.fault("chat.postMessage", Fault(error="msg_blocks_too_long"))
    outcome = await desk.send(document("only words <now>"))
    assert isinstance(outcome, Posted)
    (message,) = desk.channel.messages
    assert (message.blocks, message.text) == ([], "only words &lt;now&gt;")


async def test_files_come_under_the_message_and_their_loss_is_remarked(desk: Desk) -> None:
    file = File("feeds.opml", "text/x-opml", b"<opml/>")
    outcome = await desk.send(document("feeds", files=(file,)))
    (message,) = desk.channel.messages
    ((shared, channel, thread),) = desk.server.shared
    assert desk.server.files[shared] == b"<opml/>"
    assert (channel, thread) == ("CT11", message.ts)
    assert outcome.remark is None
    desk.server.fault("files.getUploadURLExternal", Fault(error="storage_limit_reached"))
    outcome = await desk.send(document("feeds", files=(file,)))
    assert "storage_limit_reached" in outcome.remark


async def test_a_picture_is_shown_in_its_place(desk: Desk) -> None:
    file = File("trend.png", "image/png", b"\x89PNG")
    shown = document("trend", Picture("trend.png", "strikes by week"), files=(file,))
    assert isinstance(await desk.send(shown), Posted)
    (message,) = desk.channel.messages
    (block,) = message.blocks
    assert desk.server.files[block["slack_file"]["id"]] == b"\x89PNG"
    assert block["alt_text"] == "strikes by week"
    assert desk.server.shared == []


async def test_words_go_without_the_picture_that_slack_does_not_take(desk: Desk) -> None:
    file = File("trend.png", "image/png", b"\x89PNG")
    shown = document("trend", Prose((Text("Strikes"),)), Picture("trend.png", "by week"), files=(file,))
    desk.server.fault("files.getUploadURLExternal", Fault(error="missing_scope"))
    outcome = await desk.send(shown)
    (message,) = desk.channel.messages
    assert [block["type"] for block in message.blocks] == ["rich_text"]
    assert "trend.png could not be handed over" in outcome.remark
    desk.server.fault("files.getUploadURLExternal", Fault(error="storage_limit_reached"))
    edited = await desk.platform.edit(desk.destination, outcome.message, shown, 0)
    assert isinstance(edited, Posted)
    assert "storage_limit_reached" in str(edited.remark)


async def test_a_group_that_a_manager_chose_is_named_and_nothing_else_can_be(desk: Desk) -> None:
    await desk.send(document("news"), manner=Manner(mention="S0123ABC"))
    await desk.send(document("<!channel> <@U1>"), manner=Manner(mention="!channel"))
    first, second = desk.channel.messages
    assert first.text == "<!subteam^S0123ABC> news"
    assert first.blocks[0]["elements"][0]["elements"] == [{"type": "usergroup", "usergroup_id": "S0123ABC"}]
    assert second.text == "&lt;!channel&gt; &lt;@U1&gt;"
    assert len(second.blocks) == 1


async def test_a_private_message_is_found_where_it_arrived(desk: Desk) -> None:
    place = replace(desk.destination, address="UMEMBER")
    for grant in desk.server.grants.values():
        grant.scopes = (*ALL_SCOPES, "im:write")
    since = datetime.now(UTC)
    posted = await desk.platform.send(place, document(), 0, part_id=PART)
    assert isinstance(posted, Posted)
    assert posted.message.startswith("DMEMBERT1:")
    assert await desk.platform.find(place, PART, since) == posted


async def test_in_a_rush_an_alert_waits_its_turn_where_a_digest_is_told_to_come_again(desk: Desk) -> None:
    """Else it would come again with all of them, and be one of thousands each time."""
    waited: list[float] = []

    async def wait(seconds: float) -> None:
        waited.append(seconds)

    still = OwnBudget(lambda: 1000.0, wait)
    desk.api.pace = Pace(still, still, distributed=False)
    for number in range(40):
        desk.server.workspaces["T1"].channel(f"CT1{number}")

    async def send(number: int, said: Document) -> object:
        there = replace(desk.destination, address=f"CT1{number}")
        return await desk.platform.send(there, said, 0, part_id=PartId(f"{number}-0"))

    digests = [await send(number, document("Digest")) for number in range(39)]
    assert [type(outcome) for outcome in digests[-4:]] == [Deferred] * 4
    assert isinstance(await send(39, replace(document("Alert"), tone="alert")), Posted)
    assert waited[-1] < 6, "behind those that have a turn, and nobody else"
