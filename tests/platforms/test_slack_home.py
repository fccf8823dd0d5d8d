"""The Home tab and the forms that it opens, pressed and sent off by members over the protocol server."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from adapters.clock import SystemClock
from adapters.slack.views import answer_view
from bot.app.deliver import Deliver
from bot.app.ports import Stage
from bot.app.work import Worker
from bot.core import strings
from bot.core.community import CommunityId, MemberId
from bot.core.delivery import DigestState
from bot.core.message.document import Divider, Document, File, Heading, Picture, Prose, Text
from tests import specimens
from tests.factories import new_digest
from tests.platforms.slack_driver import Member, elements, labelled
from tests.platforms.slack_office import Office
from tests.platforms.slack_rules import faults_of_view
from tests.platforms.slack_server import View

TEAM = CommunityId("slack:T1")
Json = dict[str, Any]


async def home_of(office: Office, member: Member) -> Json:
    await member.open_home()
    await office.done()
    home: Json = office.server.homes["T1", member.user]
    return home


async def opened(office: Office, member: Member, label: str) -> View:
    """The modal that a button of the Home tab opens."""
    home = await home_of(office, member)
    before = set(office.server.views)
    ack = await member.press_in(home, labelled(home, label))
    assert ack.status == 200
    await office.done()
    (name,) = set(office.server.views) - before
    return office.server.views[name]


def field(view: View, name: str) -> Json:
    found: Json = next(block["element"] for block in view.view["blocks"] if block.get("block_id") == name)
    return found


async def test_home_has_what_a_member_watches_what_is_scheduled_and_where_to_begin(office: Office) -> None:
    member = office.member()
    await member.say("watch add strike name:mine")
    await member.say("schedule add weekdays at 9 name:morning")
    await office.done()
    home = await home_of(office, member)
    assert faults_of_view(home) == []
    said = json.dumps(home, ensure_ascii=False)
    assert "mine" in said
    assert "morning" in said
    labels = [each["text"]["text"] for each in elements(home, "button")]
    assert labels[:5] == ["New watch", "New schedule", strings.schedules.SET_UP, "Change a setting", "Help"]
    headers = [block["text"]["text"] for block in home["blocks"] if block["type"] == "header"]
    assert headers[0] == "Slugline"
    assert any("coming up" in header for header in headers)
    assert strings.watching.WATCHES in headers
    assert strings.schedules.SCHEDULES in headers


async def test_a_watch_that_home_begins_is_its_members_own(office: Office) -> None:
    member = office.member("UMEMBER")
    view = await opened(office, member, "New watch")
    await member.submit(view, query="voice AND clon*")
    await office.done()
    async with office.database.read() as tx:
        (watch,) = await tx.watches.of(TEAM, MemberId("UMEMBER"))
    assert (watch.query, watch.private) == ("voice AND clon*", True)
    assert "clon" in json.dumps(office.server.homes["T1", "UMEMBER"]), "and Home shows it at once"


async def test_a_schedules_form_offers_channels_and_time_zones(office: Office) -> None:
    member = office.member()
    view = await opened(office, member, "New schedule")
    assert faults_of_view(view.view) == []
    assert field(view, "place")["type"] == "conversations_select"
    assert field(view, "zone")["type"] == "external_select"
    ack = await member.suggest(field(view, "zone"), "lond", view, block="zone")
    assert "Europe/London" in [option["value"] for option in ack.body["options"]]
    await member.submit(view, when="weekdays at 9", place="CT12", zone="Europe/London")
    await office.done()
    async with office.database.read() as tx:
        (schedule,) = await tx.schedules.of(TEAM)
        place = await tx.schedules.get_destination(TEAM, schedule.destination)
    assert place is not None
    assert (place.address, schedule.zone) == ("CT12", "Europe/London")


async def test_a_schedules_form_says_what_is_wrong_and_is_written_on(office: Office) -> None:
    member = office.member()
    view = await opened(office, member, "New schedule")
    ack = await member.submit(view, when="now and then")
    assert ack.body["response_action"] == "update"
    assert faults_of_view(ack.body["view"]) == []
    assert field(view, "zone")["type"] == "external_select", "and the fields are what they were"
    await member.submit(view, when="weekdays at 9", place="CT12")
    await office.done()
    async with office.database.read() as tx:
        assert len(await tx.schedules.of(TEAM)) == 1


async def test_setting_up_proposes_the_channel_it_is_said_in_and_a_zone(office: Office) -> None:
    member = office.member()
    await member.say("setup")
    await office.done()
    (view,) = office.server.views.values()
    assert faults_of_view(view.view) == []
    assert field(view, "place")["initial_conversation"] == "CT11"
    assert field(view, "zone")["initial_option"]["value"]
    await member.submit(view, place="CT12", zone="Europe/London", when="weekdays at 9", desks="all")
    await office.done()
    async with office.database.read() as tx:
        (schedule,) = await tx.schedules.of(TEAM)
        place = await tx.schedules.get_destination(TEAM, schedule.destination)
    assert place is not None
    assert (place.address, schedule.zone) == ("CT12", "Europe/London")
    again = await home_of(office, member)
    await member.press_in(again, labelled(again, strings.schedules.SET_UP))
    await office.done()
    assert "weekdays" in json.dumps([each.view for each in office.server.views.values()])


async def test_a_button_pressed_in_home_shows_there_what_it_has_changed(office: Office) -> None:
    member = office.member()
    await member.say("watch add strike name:mine")
    await office.done()
    home = await home_of(office, member)
    remove = {"type": "button", "action_id": "say:0", "value": "watch.remove?watch=1"}
    await member.press_in(office.server.home_payload("T1", member.user), remove)
    await office.done()
    assert "mine" in json.dumps(home)
    assert "mine" not in json.dumps(office.server.homes["T1", member.user])
    (published,) = [call.values for call in office.server.called("views.publish")][1:]
    assert published["hash"] is not None, "so that what is newer is left alone"


async def test_home_that_was_drawn_anew_meanwhile_is_left_as_it_is(office: Office) -> None:
    member = office.member()
    await home_of(office, member)
    seen = office.server.home_payload("T1", member.user)
    await home_of(office, member)
    newest = office.server.home_payload("T1", member.user)
    await member.press_in(seen, {"type": "button", "action_id": "say:0", "value": "watch.list"})
    await office.done()
    assert len(office.server.called("views.publish")) == 3
    assert office.server.home_payload("T1", member.user) == newest


async def test_what_is_changed_in_a_modal_on_top_of_home_is_shown_there_too(office: Office) -> None:
    member = office.member()
    await member.say("watch add strike name:mine")
    await office.done()
    view = await opened(office, member, "Help")
    await member.press_in(view, {"type": "button", "action_id": "say:0", "value": "watch.remove?watch=1"})
    await office.done()
    assert "mine" not in json.dumps(office.server.homes["T1", member.user])


async def test_home_shows_the_digest_that_was_posted_last_as_it_stands(office: Office) -> None:
    member = office.member()
    await member.say("schedule add weekdays at 9")
    await office.done()
    assert "posted" not in json.dumps(await home_of(office, member)).lower()
    await posted_digest(office)
    home = await home_of(office, member)
    said = json.dumps(home)
    assert "What editors passed" in said
    assert "Posted" in said
    assert "A story of many words" not in said, "the rest is behind a button"
    await member.press_in(home, labelled(home, strings.slack.READ))
    await office.done()
    (view,) = office.server.views.values()
    assert "A story of many words" in json.dumps(view.view)
    async with office.database.begin() as tx:
        last = await tx.deliveries.last_digest(TEAM)
        assert last is not None
        await tx.deliveries.revise(TEAM, last.id, replace(DIGEST, blocks=(Heading("Corrected"),)))
    assert "Corrected" in json.dumps(await home_of(office, member))


DIGEST = Document(
    "digest",
    (Heading("What editors passed"), Prose((Text("A window"),)), Divider(), Prose((Text("A story of many words"),))),
)


async def posted_digest(office: Office) -> None:
    """By the schedule that there is."""
    async with office.database.begin() as tx:
        (schedule,) = await tx.schedules.of(TEAM)
        number = await tx.digests.put(schedule, specimens.at(1), new_digest(TEAM), DigestState.APPROVED)
        await tx.deliveries.queue(TEAM, schedule.destination, DIGEST, digest=number)
    assert "What editors passed" not in json.dumps(await home_of(office, office.member())), "nobody saw it yet"
    worker = Worker(
        office.database,
        Stage.DELIVER,
        Deliver(office.database, {"slack": office.slack.platform}, SystemClock()).handle,
        holder="one",
        platform="slack",
    )
    await worker.drain()


async def test_a_setting_is_set_in_a_form_by_a_manager_only(office: Office) -> None:
    stranger = office.member("UMEMBER")
    ack = await stranger.submit(
        await opened(office, stranger, "Change a setting"), setting="zone", value="Europe/London"
    )
    assert "manager" in json.dumps(ack.body)
    member = office.member()
    view = await opened(office, member, "Change a setting")
    ack = await member.submit(view, setting="zone", value="Europe/London")
    await office.done()
    assert "Europe/London" in json.dumps([ack.body, [message.blocks for message in member.shown()]])


async def test_what_home_asks_for_is_shown_in_a_modal_on_top_of_it(office: Office) -> None:
    view = await opened(office, office.member(), "Help")
    assert view.view["type"] == "modal"
    assert "watch add" in json.dumps(view.view)
    assert office.member().shown() == []


async def test_modals_stand_three_deep_and_then_take_each_others_place(office: Office) -> None:
    member = office.member()
    view = await opened(office, member, "Help")
    for topic in ("watch", "schedule", "review"):
        say = {"type": "button", "action_id": "say:0", "value": f"help?topic={topic}"}
        await member.press_in(view, say)
        await office.done()
        view = list(office.server.views.values())[-1]
    assert len(office.server.views) == 3
    assert "review approve" in json.dumps(view.view)


async def test_a_modal_that_was_changed_meanwhile_is_left_as_it_is(office: Office) -> None:
    member = office.member()
    view = await opened(office, member, "Help")
    for topic in ("watch", "schedule"):
        await member.press_in(view, {"type": "button", "action_id": "say:0", "value": f"help?topic={topic}"})
        await office.done()
        view = list(office.server.views.values())[-1]
    seen = {**office.server.view_payload(view), "hash": "older"}
    before = json.dumps(view.view)
    await member.press_in(seen, {"type": "button", "action_id": "say:0", "value": "help?topic=review"})
    await office.done()
    assert office.server.called("views.update")
    assert json.dumps(view.view) == before


async def test_a_form_that_nobody_offers_is_not_opened(office: Office) -> None:
    member = office.member()
    for name in ("form:", "form:privacy.purge", "form:no.such", "form:../x"):
        ack = await member.press({"type": "button", "action_id": name})
        assert ack.status == 200
    await office.done()
    assert office.server.views == {}


async def test_an_option_of_an_overflow_menu_is_said_as_a_button_is(office: Office) -> None:
    menu = {"type": "overflow", "action_id": "say:4"}
    await office.member().press(menu, chosen="help?topic=watch")
    (answer,) = await office.member().sees()
    assert "watch add" in json.dumps(answer.blocks)


def test_a_modal_has_the_words_of_a_picture_and_says_where_it_was_cut_short() -> None:
    file = File("trend.png", "image/png", b"x")
    view = answer_view(Document("x", (Picture("trend.png", "A rising line"),), files=(file,)), "Trend")
    assert faults_of_view(view) == []
    assert "A rising line" in json.dumps(view)
    long = tuple(Prose((Text("word " * 400),)) for _ in range(20))
    view = answer_view(Document("x", (Heading("x"), *long)), "A title that is far longer than Slack takes")
    assert faults_of_view(view) == []
    assert "fits here" in json.dumps(view["blocks"][-1])
