"""What members say and press in Slack: acknowledged at once, done once, answered where and to whom it belongs."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import pytest

from adapters.clock import SystemClock
from adapters.slack.answering import LIFE as ADDRESS_LIFE
from adapters.slack.answering import Answering, Spot
from bot.app.commands.asked import Asked
from bot.app.commands.desk import CommandDesk
from bot.core.community import CommunityId, MemberId
from bot.core.message.document import Answer, Reply
from bot.core.message.notice import error_document
from tests.platforms.slack_driver import Member, labelled
from tests.platforms.slack_office import Office
from tests.platforms.slack_server import Fault, Message

TURN = {"type": "button", "action_id": "say:0", "value": "watch.list?page=1"}
LIFE = ADDRESS_LIFE + timedelta(seconds=1)
SOON = 1.0
"""Seconds in which everything is acknowledged here; Slack waits three."""


def said(message: Message) -> str:
    return json.dumps(message.blocks, ensure_ascii=False)


async def test_every_command_is_answered(office: Office) -> None:
    member = office.member()
    for command in office.desk.commands:
        before = len(member.shown()) + len(office.server.views)
        ack = await member.say(command.examples[0])
        assert ack.status == 200, command.name
        assert ack.took < SOON, command.name
        await office.done()
        assert len(member.shown()) + len(office.server.views) > before, command.name
    assert len(office.took) >= len(office.desk.commands), "how long each acknowledgement took is counted"
    assert max(office.took) < SOON


async def test_a_line_is_read_with_quotes_and_an_unknown_command_has_a_likely_one_beside_it(office: Office) -> None:
    member = office.member()
    await member.say("serch &lt;vote&gt;")
    (answer,) = await member.sees()
    assert "did you mean 'search'" in said(answer)
    assert answer.only_for == "UADMIN"
    await member.say('watch add "strike vote" name:"my watch"')
    await office.done()
    async with office.database.read() as tx:
        (watch,) = await tx.watches.of(CommunityId("slack:T1"), MemberId("UADMIN"))
    assert (watch.query, watch.name) == ('"strike vote"', "my watch")


async def test_nothing_but_the_command_is_help(office: Office) -> None:
    await office.member().say("")
    (answer,) = await office.member().sees()
    assert "search" in said(answer)


async def test_private_answers_are_seen_by_whoever_asked_and_public_ones_by_all(office: Office) -> None:
    await office.member().say("watch list")
    await office.done()
    assert office.member("UOTHER").shown() == []
    await office.member().say("pause 1d")
    await office.done()
    assert len(office.member("UOTHER").shown()) == 1


async def test_admins_are_managers_and_others_are_told_whom_to_ask(office: Office) -> None:
    await office.member("UMEMBER").say("schedule add weekdays at 9")
    (refused,) = await office.member("UMEMBER").sees()
    assert "manager" in said(refused)
    await office.member("UADMIN").say("schedule add weekdays at 9")
    await office.done()
    async with office.database.read() as tx:
        (schedule,) = await tx.schedules.of(CommunityId("slack:T1"))
        place = await tx.schedules.get_destination(CommunityId("slack:T1"), schedule.destination)
    assert place is not None
    assert (place.platform, place.address) == ("slack", "CT11")
    assert len(office.server.called("users.info")) == 2, "and it is not asked each time"


async def test_a_channel_is_named_as_slack_writes_it(office: Office) -> None:
    await office.member().say("schedule add weekdays at 9 place:<#CT12|news>")
    await office.done()
    async with office.database.read() as tx:
        (schedule,) = await tx.schedules.of(CommunityId("slack:T1"))
        place = await tx.schedules.get_destination(CommunityId("slack:T1"), schedule.destination)
    assert place is not None
    assert place.address == "CT12"


async def test_a_private_watch_is_told_to_its_member_alone(office: Office) -> None:
    await office.member("UMEMBER").say("watch add strike")
    await office.done()
    async with office.database.read() as tx:
        (watch,) = await tx.watches.of(CommunityId("slack:T1"), MemberId("UMEMBER"))
        place = await tx.schedules.get_destination(CommunityId("slack:T1"), watch.destination)
    assert place is not None
    assert place.address == "UMEMBER"


async def test_a_page_that_is_turned_takes_the_place_of_the_page_before(office: Office) -> None:
    member = office.member()
    await member.say("watch packs")
    (answer,) = await member.sees()
    before = said(answer)
    ack = await member.press(TURN, answer)
    assert (ack.status, ack.body) == (200, {})
    await office.done()
    assert answer.edits == 1
    assert said(answer) != before
    assert len(member.shown()) == 1


async def test_a_private_page_never_takes_the_place_of_what_others_see(office: Office) -> None:
    member = office.member()
    await member.say("watch packs")
    (answer,) = await member.sees()
    answer.only_for = None
    await member.press(TURN, answer)
    first, second = await member.sees(2)
    assert (first.edits, second.only_for) == (0, "UADMIN")


async def test_a_button_is_checked_as_a_typed_line_is(office: Office) -> None:
    button = {"type": "button", "action_id": "say:0", "value": "schedule.add?when=weekdays%20at%209"}
    await office.member("UMEMBER").press(button)
    (refused,) = await office.member("UMEMBER").sees()
    assert "manager" in said(refused)


@pytest.mark.parametrize("value", ["", "no such command?", "watch.add?x", "../../etc", "help?a=1&a=2"])
async def test_a_button_that_is_none_of_ours_does_nothing(office: Office, value: str) -> None:
    ack = await office.member().press({"type": "button", "action_id": "say:0", "value": value})
    assert ack.status == 200
    await office.done()
    assert all(message.only_for == "UADMIN" for message in office.member().shown())


async def test_a_choice_is_the_command_with_that_argument(office: Office) -> None:
    select = {"type": "static_select", "action_id": "choose:0:topic:help"}
    await office.member().press(select, chosen="watch")
    (answer,) = await office.member().sees()
    assert "watch add" in said(answer)


async def test_names_are_completed_while_they_are_typed(office: Office) -> None:
    await office.member().say("watch add strike name:mine")
    await office.done()
    ack = await office.member().suggest({"action_id": "complete:0:watch:watch.remove"}, "mi")
    assert ack.took < SOON
    (option,) = ack.body["options"]
    assert "mine" in option["text"]["text"]
    assert (await office.member("UOTHER").suggest({"action_id": "complete:0:watch:watch.remove"}, "mi")).body == {
        "options": []
    }


async def test_the_shortcut_of_a_message_analyses_the_first_link_in_it(office: Office) -> None:
    member = office.member()
    await member.shortcut_on("analyse_link", "read <https://news.example/a?x=1&amp;y=2|this> and that")
    await office.done()
    assert office.newsroom.pages.asked == ["https://news.example/a?x=1&y=2"]
    (answer,) = member.shown()
    assert answer.only_for == "UADMIN"
    assert answer.edits == 0
    await member.shortcut_on("analyse_link", "no link <javascript:alert(1)|here>")
    assert "no link" in said((await member.sees(2))[1])


async def test_the_shortcut_for_a_new_watch_opens_a_form_and_the_form_adds_it(office: Office) -> None:
    member = office.member("UMEMBER")
    await member.shortcut("new_watch")
    await office.done()
    (view,) = office.server.views.values()
    ack = await member.submit(view, query="voice AND clon*", rhythm="daily")
    assert ack.took < SOON
    await office.done()
    async with office.database.read() as tx:
        (watch,) = await tx.watches.of(CommunityId("slack:T1"), MemberId("UMEMBER"))
    assert (watch.query, watch.rhythm.value) == ("voice AND clon*", "daily")
    assert ack.body["response_action"] == "update", "with no channel the answer stands in the form's place"
    assert "watch" in json.dumps(ack.body["view"])


async def test_a_form_says_what_is_wrong_and_keeps_what_was_written(office: Office) -> None:
    member = office.member("UMEMBER")
    await member.shortcut("new_watch")
    await office.done()
    (view,) = office.server.views.values()
    names = [block["block_id"] for block in view.view["blocks"]]
    ack = await member.submit(view, query="voice AND")
    assert ack.body["response_action"] == "update"
    fields = [block["block_id"] for block in ack.body["view"]["blocks"] if block["type"] == "input"]
    assert fields == names
    assert "AND has nothing on one side" in json.dumps(ack.body["view"]["blocks"])
    await member.submit(view, query="voice AND clone")
    await office.done()
    async with office.database.read() as tx:
        assert len(await tx.watches.of(CommunityId("slack:T1"), MemberId("UMEMBER"))) == 1


async def test_a_form_sent_off_twice_acts_once(office: Office) -> None:
    member = office.member("UMEMBER")
    await member.shortcut("new_watch")
    await office.done()
    (view,) = office.server.views.values()
    payload = member.submission(view, query="strike")
    acks = await asyncio.gather(*(office.side.tell("submission", payload) for _ in range(2)))
    assert [ack.status for ack in acks] == [200, 200]
    await office.done()
    async with office.database.read() as tx:
        assert len(await tx.watches.of(CommunityId("slack:T1"), MemberId("UMEMBER"))) == 1


async def test_a_command_that_needs_more_opens_its_form_and_answers_where_it_was_said(office: Office) -> None:
    member = office.member()
    await member.say("schedule add weekdays at 9")
    await member.sees()
    await member.say("schedule edit 1")
    await office.done()
    (view,) = office.server.views.values()
    assert view.view["type"] == "modal"
    before = len(member.shown())
    ack = await member.submit(view, when="Fridays at 16:00")
    assert ack.body == {}
    assert len(await member.sees(before + 1)) == before + 1
    async with office.database.read() as tx:
        (schedule,) = await tx.schedules.of(CommunityId("slack:T1"))
    assert schedule.revision == 2


async def test_where_the_trigger_has_expired_a_button_asks_for_the_form_again(office: Office) -> None:
    member = office.member()
    await member.say("schedule add weekdays at 9")
    await member.sees()
    office.server.fault("views.open", Fault(error="expired_trigger_id"))
    await member.say("schedule edit 1")
    late = (await member.sees(2))[1]
    assert office.server.views == {}
    await member.press(labelled(late, "Open the form"), late)
    await office.done()
    assert len(office.server.views) == 1


async def test_a_home_tab_is_shown_and_is_its_members_own(office: Office) -> None:
    await office.member("UMEMBER").say("watch add strike name:mine")
    await office.done()
    for user in ("UMEMBER", "UOTHER"):
        ack = await office.member(user).open_home()
        assert ack.took < SOON
    await office.done()
    assert "mine" in json.dumps(office.server.homes["T1", "UMEMBER"])
    assert "mine" not in json.dumps(office.server.homes["T1", "UOTHER"])


async def test_an_event_that_is_told_again_is_done_once(office: Office) -> None:
    member = office.member()
    for retry in (None, 1, 2, 3):
        ack = await member.event(
            {"type": "app_home_opened", "user": "UADMIN", "channel": "D1", "tab": "home"}, event_id="Ev1", retry=retry
        )
        assert ack.status == 200
    await office.done()
    assert len(office.server.called("views.publish")) == 1


async def test_what_nobody_listens_to_is_acknowledged(office: Office) -> None:
    member = office.member()
    assert (await member.event({"type": "channel_rename", "channel": {}})).status == 200
    assert (await member.shortcut("unknown")).status == 200
    assert (await member.press({"type": "button", "action_id": "link:0", "value": "x"})).status == 200
    await office.done()
    assert member.shown() == []


async def test_everything_is_acknowledged_while_the_store_is_slow_and_done_when_it_is_not(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    let_go = asyncio.Event()
    database = office.database
    begin, read = database.begin, database.read

    def slow(opening: Callable[[], Any]) -> Callable[[], Any]:
        @asynccontextmanager
        async def opened() -> AsyncIterator[Any]:
            await let_go.wait()
            async with opening() as tx:
                yield tx

        return opened

    monkeypatch.setattr(database, "begin", slow(begin))
    monkeypatch.setattr(database, "read", slow(read))
    member = office.member()
    acks = [
        await member.say("watch list"),
        await member.press({"type": "button", "action_id": "say:0", "value": "help"}),
        await member.shortcut("new_watch"),
        await member.open_home(),
    ]
    assert all(ack.status == 200 and ack.took < SOON for ack in acks)
    let_go.set()
    await office.done()
    assert len(member.shown()) >= 2


async def test_an_answer_that_takes_a_while_says_so_once_and_then_follows(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("adapters.slack.progress.SILENCE", timedelta(milliseconds=10))
    go_on = asyncio.Event()

    async def slow(asked: Asked) -> Answer:
        for step in range(3):
            await asked.tell(error_document(f"step {step}", "wait"))
        await go_on.wait()
        return Reply(document=error_document("there it is", "read on"), private=True)

    monkeypatch.setitem(office.desk._handlers, ("watch", "list"), slow)
    member = office.member()
    await member.say("watch list")
    (progress,) = await member.sees()
    assert "step" in said(progress)
    go_on.set()
    await office.done()
    assert ["there it is" in said(message) for message in member.shown()] == [False, True]


async def test_names_are_offered_in_time_or_not_at_all(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("adapters.slack.app.TYPING_PATIENCE", timedelta(milliseconds=50))

    async def hangs(self: CommandDesk, *said: Any) -> list[Any]:
        await asyncio.Event().wait()
        return []

    monkeypatch.setattr(CommandDesk, "complete", hangs)
    ack = await office.member().suggest({"action_id": "complete:0:watch:watch.remove"}, "mi")
    assert (ack.status, ack.body) == (200, {"options": []})


async def test_a_slow_answer_to_a_form_is_shown_in_it_later(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    member = office.member("UMEMBER")
    await member.shortcut("new_watch")
    await office.done()
    (view,) = office.server.views.values()
    let_go = asyncio.Event()
    answer = CommandDesk.answer

    async def slow(self: CommandDesk, *said: Any, **more: Any) -> Answer:
        await let_go.wait()
        return await answer(self, *said, **more)

    monkeypatch.setattr(CommandDesk, "answer", slow)
    ack = await member.submit(view, query="strike")
    assert ack.body["response_action"] == "update"
    assert "moment" in json.dumps(ack.body["view"])
    assert ack.took < 1.5
    let_go.set()
    await office.done()
    assert "moment" not in json.dumps(view.view)
    assert "watch" in json.dumps(view.view)


async def test_an_answer_finds_its_way_where_the_response_address_is_used_up(office: Office) -> None:
    member = office.member()
    office.server.fault("response_url", Fault(status=404, error="used_url"))
    await member.say("watch list")
    (answer,) = await member.sees()
    assert answer.only_for == "UADMIN"
    assert len(office.server.called("chat.postEphemeral")) == 1
    office.server.workspaces["T1"].channels["CT11"].joined = False
    office.server.fault("response_url", Fault(status=404, error="used_url"))
    await member.say("watch list")
    await office.done()
    assert len(office.server.workspaces["T1"].channels["DADMINT1"].messages) == 1, "else in private"


@pytest.mark.parametrize(
    ("used", "ago", "by_address"),
    [(0, timedelta(0), True), (4, timedelta(minutes=28), True), (5, timedelta(0), False), (0, LIFE, False)],
    ids=["fresh", "the fifth time", "the sixth time", "after half an hour"],
)
async def test_a_response_address_is_used_five_times_and_within_half_an_hour(
    by_http: Office, used: int, ago: timedelta, by_address: bool
) -> None:
    member = by_http.member()
    address = by_http.server.response_url("T1", member.channel, member.user)
    spot = Spot(
        team="T1",
        user=member.user,
        heard_at=SystemClock().now() - ago,
        channel=member.channel,
        response_url=address,
        used=used,
    )
    reply = Reply(document=error_document("no such thing", "Say help."), private=True)
    await Answering(by_http.slack.api, by_http.slack.api._client, SystemClock()).reply(spot, reply)
    assert len(member.shown()) == 1, "it arrives either way"
    assert len(by_http.server.responded) == by_address
    assert len(by_http.server.called("chat.postEphemeral")) == (not by_address)


@pytest.mark.parametrize("fault", [Fault(status=500, error="x"), Fault(drop=True)], ids=["500", "dropped"])
async def test_a_private_answer_whose_response_address_fails_is_said_in_the_channel(
    office: Office, fault: Fault
) -> None:
    office.server.fault("response_url", fault)
    await office.member().say("watch list")
    (answer,) = await office.member().sees()
    assert answer.only_for == "UADMIN"


async def test_a_bug_in_an_answer_is_answered_as_one(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_: Asked) -> Awaitable[Answer]:
        raise RuntimeError("boom")

    monkeypatch.setitem(office.desk._handlers, ("watch", "list"), broken)
    await office.member().say("watch list")
    (answer,) = await office.member().sees()
    assert "boom" not in said(answer)


async def test_two_workspaces_never_see_each_others_data(by_http: Office) -> None:
    by_http.server.workspace("T2", name="Newsroom")
    await by_http.install("T2")
    one, two = by_http.member(team="T1"), by_http.member(team="T2")
    await one.say("watch add strike name:ours to:here")
    await one.say("schedule add weekdays at 9 name:morning")
    await by_http.done()
    for line in ("watch list", "schedule list", "settings history", "watch test 1", "schedule preview 1"):
        await two.say(line)
        await by_http.done()
    heard = " ".join(map(said, two.shown()))
    await two.open_home()
    offered = await two.suggest({"action_id": "complete:0:watch:watch.remove"}, "ou")
    await two.press({"type": "button", "action_id": "say:0", "value": "watch.remove?watch=1"})
    await by_http.done()
    heard += json.dumps([by_http.server.homes["T2", "UADMIN"], offered.body])
    assert "ours" not in heard
    assert "strike" not in heard
    assert "morning" not in heard
    await one.say("watch list")
    await by_http.done()
    assert "ours" in " ".join(map(said, one.shown()))
    teams = {call.team for call in by_http.server.calls if call.values.get("channel") == "CT21"}
    assert teams <= {"T2"}


async def test_a_workspace_that_the_token_is_not_of_is_told_so(by_socket: Office) -> None:
    by_socket.server.workspace("T9", name="Elsewhere")
    stranger = Member(by_socket.server, by_socket.side, "T9")
    await stranger.say("watch list")
    (answer,) = await stranger.sees()
    assert "Guild office" in said(answer)
    await by_socket.done()
    async with by_socket.database.read() as tx:
        assert CommunityId("slack:T9") not in [each.id for each in await tx.communities.all()]
