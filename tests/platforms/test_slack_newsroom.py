"""The whole newsroom over Slack: schedules, the editor's desk, corrections and alerts, as members meet them there."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from adapters.slack.heard import pressed as pressed_as
from adapters.slack.pace import Limit
from bot.app.deliver import Deliver
from bot.app.ports import Stage
from bot.core import strings
from bot.core.command.binding import bind
from bot.core.community import CommunityId, MemberId
from bot.core.delivery import DeliveryState
from bot.core.feed import FeedId
from bot.core.review.entry import Action
from tests.app.newsroom import STRIKE, STRIKE_TOO, SUIT, entry
from tests.app.test_corrections import CORRECTED, gathered, says
from tests.app.test_digests import NINE
from tests.factories import new_document, new_outlet
from tests.platforms.slack_driver import Member, elements, labelled
from tests.platforms.slack_office import Office
from tests.platforms.slack_reader import read
from tests.platforms.slack_rules import faults_of_view
from tests.platforms.slack_server import Fault, Message, View
from tests.senders import time_passes_here

TEAM = CommunityId("slack:T1")


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("adapters.slack.pace.CHANNEL", Limit(1000, timedelta(seconds=1)))


async def scheduled(office: Office, more: str = "") -> Member:
    """The admin has a digest of two stories posted to their channel: what is due of that is done."""
    newsroom, member = office.newsroom, office.member()
    newsroom.deliver = Deliver(office.database, {"slack": office.slack.platform}, newsroom.clock)
    await member.say(f"schedule add daily at 9 zone:UTC {more}")
    await office.done()
    member.shown()[-1].only_for = "UADMIN"  # the answer is not what this is about
    for number, told in enumerate((STRIKE, SUIT), 1):
        await newsroom.subscribe(
            entry(told, number), outlet=new_outlet(f"Outlet {number}"), url=f"https://outlet{number}.example/feed"
        )
    await newsroom.work()
    newsroom.clock.time = NINE
    async with office.database.begin() as tx:
        schedule = (await tx.schedules.of(TEAM))[-1]
        await tx.tasks.put(Stage.COMPOSE, [schedule.id], TEAM)
    await newsroom.work()
    return member


def posted(office: Office) -> list[Message]:
    """What everybody sees in the channel."""
    return [message for message in office.server.workspaces["T1"].channels["CT11"].messages if message.metadata]


def said(message: Message) -> str:
    return read(message.blocks).words


async def under_review(office: Office) -> tuple[Member, Message]:
    """The admin, and what asks editors in the channel that is theirs."""
    editors = office.member(channel="CT12")
    await editors.say("settings set review here")
    await office.done()
    await scheduled(office, "review:yes")
    assert all("Approve" not in str(elements(message)) for message in posted(office)), "only where editors read"
    (card,) = [message for message in editors.shown() if message.metadata]
    return editors, card


async def pressed(office: Office, member: Member, message: Message, label: str) -> Message:
    """The answer, which is the member's own."""
    before = len(member.shown())
    await member.press(labelled(message, label), message)
    await office.done()
    assert len(member.shown()) == before + 1, label
    return member.shown()[-1]


async def opened(office: Office, member: Member, message: Message, label: str) -> View:
    before = set(office.server.views)
    await member.press(labelled(message, label), message)
    await office.done()
    (name,) = set(office.server.views) - before
    assert faults_of_view(office.server.views[name].view) == []
    return office.server.views[name]


async def test_a_digest_is_posted_when_it_is_due(by_http: Office) -> None:
    await scheduled(by_http)
    (digest,) = posted(by_http)
    assert STRIKE[0] in said(digest)
    assert SUIT[0] in said(digest)
    await by_http.newsroom.work()
    assert len(posted(by_http)) == 1


async def test_an_editor_reads_edits_cuts_and_approves_in_slack_and_the_card_says_how_it_stands(
    by_http: Office,
) -> None:
    member, card = await under_review(by_http)
    stranger = by_http.member("UMEMBER", channel="CT12")
    await stranger.press(labelled(card, "Approve all"), card)
    await by_http.done()
    assert "editor" in said(stranger.shown()[-1])
    assert "One source only" in said(await pressed(by_http, member, card, "Read"))
    form = await opened(by_http, member, await pressed(by_http, member, card, "Edit"), "Story")
    ack = await member.submit(form, text="The guild walked out at Quillmark with 900 others.")
    assert ack.body == {}
    await by_http.done()
    assert "900 is not in the sources" in said(await pressed(by_http, member, card, "Read"))
    await member.say("review cut 1 sentence:2")
    await by_http.done()
    async with by_http.database.read() as tx:
        history = [entry.action for entry in await tx.reviews.history(TEAM, limit=9)]
    assert {Action.EDITED, Action.CUT} <= set(history)
    before = len(posted(by_http))
    await by_http.newsroom.work()
    assert card.edits > 0, "it says how they stand"
    assert len(posted(by_http)) == before
    await member.say("review approve 1")
    await member.say("review approve 2")
    await by_http.done()
    await by_http.newsroom.work()
    digest = posted(by_http)[-1]
    assert "The guild walked out at Quillmark with 900 others." in said(digest)
    assert "reviewed by ada" in said(digest)
    assert "Approve all" not in [each.get("text", {}).get("text") for each in elements(card)]


async def test_a_digest_is_rejected_in_a_form_with_a_reason(by_http: Office) -> None:
    member, card = await under_review(by_http)
    form = await opened(by_http, member, card, "Reject")
    await member.submit(form, reason="not this week")
    await by_http.done()
    await by_http.newsroom.work()
    assert not any(STRIKE[0] in said(message) for message in posted(by_http))
    await member.say("review history")
    await by_http.done()
    assert "not this week" in said(member.shown()[-1])


async def test_a_correction_changes_the_message_and_is_told_once_beneath_it(by_http: Office) -> None:
    await scheduled(by_http)
    (digest,) = posted(by_http)
    assert "400 screenwriters" in said(digest)
    await says(by_http.newsroom, (await first_feed(by_http)), CORRECTED)
    await gathered(by_http.newsroom)
    assert digest.edits == 1
    assert "40 screenwriters" in said(digest)
    _, told = posted(by_http)
    assert told.thread == digest.ts
    assert "400" in said(told)
    await by_http.newsroom.work()
    assert len(posted(by_http)) == 2


async def test_a_message_that_was_deleted_stays_deleted_when_it_would_be_corrected(by_http: Office) -> None:
    await scheduled(by_http)
    (digest,) = posted(by_http)
    digest.deleted = True
    await says(by_http.newsroom, (await first_feed(by_http)), CORRECTED)
    await gathered(by_http.newsroom)
    assert [message for message in posted(by_http) if not message.deleted] == []


async def first_feed(office: Office) -> FeedId:
    async with office.database.read() as tx:
        return min(feed.id for feed in await tx.feeds.visible(TEAM))


async def test_an_alert_is_told_where_its_watch_wants_it_and_updated_in_place(by_http: Office) -> None:
    newsroom, member = by_http.newsroom, by_http.member("UMEMBER")
    newsroom.deliver = Deliver(by_http.database, {"slack": by_http.slack.platform}, newsroom.clock)
    await member.say("watch add screenwriters")
    await by_http.done()
    await newsroom.subscribe(entry(STRIKE, 1), outlet=new_outlet("Outlet 1"), title="1")
    await newsroom.work()
    private = by_http.server.workspaces["T1"].channels["DMEMBERT1"]
    (alert,) = private.messages
    assert "watch 1 found screenwriters" in said(alert)
    await newsroom.subscribe(entry(STRIKE_TOO, 2), outlet=new_outlet("Outlet 2"), title="2")
    await newsroom.work()
    assert (len(private.messages), alert.edits) == (1, 1)
    assert "Outlet 1, Outlet 2" in said(alert)
    there = by_http.member("UMEMBER", channel="DMEMBERT1")
    await there.press(labelled(alert, "Remove this watch"), alert)
    await by_http.done()
    async with by_http.database.read() as tx:
        assert await tx.watches.of(TEAM, MemberId("UMEMBER")) == []


async def test_a_channel_that_is_archived_is_told_of_once_and_goes_on_once_it_is_mended(by_http: Office) -> None:
    channel = by_http.server.workspaces["T1"].channels["CT11"]
    await by_http.member(channel="CT12").say("schedule add Mondays at 9 zone:UTC name:other")
    await by_http.done()
    channel.archived = True
    await scheduled(by_http)
    await by_http.newsroom.work()
    others = by_http.server.workspaces["T1"].channels["CT12"]
    told = [message for message in others.messages if message.metadata]
    assert len(told) == 1
    assert "unarchive it" in said(told[0])
    assert posted(by_http) == []
    channel.archived = False
    async with by_http.database.begin() as tx:
        place = await tx.schedules.destination(TEAM, "slack", "CT11")
        assert await tx.deliveries.resume(TEAM, place.id)
    await by_http.newsroom.work()
    assert STRIKE[0] in said(posted(by_http)[0])


async def test_an_answer_that_got_lost_is_found_and_nothing_is_posted_twice(by_http: Office) -> None:
    by_http.server.fault("chat.postMessage", Fault(status=500, error="internal_error", done=True))
    await scheduled(by_http)
    assert len(posted(by_http)) == 1
    await time_passes_here(by_http.database, timedelta(minutes=5))
    await by_http.newsroom.work()
    async with by_http.database.read() as tx:
        last = await tx.deliveries.last_digest(TEAM)
    assert last is not None
    assert (last.state, len(posted(by_http))) == (DeliveryState.SENT, 1)
    assert len(by_http.server.called("conversations.history")) == 1


async def test_a_message_that_slack_will_not_have_in_any_form_is_kept_with_its_reason_and_the_next_goes(
    by_http: Office,
) -> None:
    member = await scheduled(by_http)
    async with by_http.database.begin() as tx:
        place = await tx.schedules.destination(TEAM, "slack", member.channel)
        bad, good = [
            await tx.deliveries.queue(TEAM, place.id, document, digest=None)
            for document in (new_document("bad"), new_document("good"))
        ]
    body = {"response_metadata": {"messages": ["[ERROR] unsupported type: rich_text"]}}
    refused = Fault(error="invalid_blocks", body=body)
    by_http.server.fault("chat.postMessage", refused, refused)
    await by_http.newsroom.work()
    async with by_http.database.read() as tx:
        stands = [await tx.deliveries.get(TEAM, each) for each in (bad, good)]
    assert [each.state for each in stands if each is not None] == [DeliveryState.REJECTED, DeliveryState.SENT]
    assert stands[0] is not None
    assert "unsupported type: rich_text" in str(stands[0].reason)
    assert stands[0].destination.paused is None


async def test_every_button_of_what_is_posted_is_one_that_is_answered(by_http: Office) -> None:
    """Of a digest, of what asks editors, and of their answers."""
    member, card = await under_review(by_http)
    await member.press(labelled(card, "Approve all"), card)
    await by_http.done()
    await by_http.newsroom.work()
    answers = [await pressed(by_http, member, card, label) for label in ("Read", "Evidence") if has(card, label)]
    for message in (card, *posted(by_http), *answers):
        for element in elements(message):
            for action in as_actions(element):
                said_so = pressed_as(action)
                command = by_http.desk.command(said_so.path)
                assert command is not None, said_so
                bind(command, said_so)


async def test_every_button_of_every_answer_is_acknowledged_and_answered(by_http: Office) -> None:
    await scheduled(by_http)
    member = by_http.member("UADMIN", channel="CT12")
    for line in ("digest", "story 1", "search screenwriters", "watch add strike", "watch list", "schedule list"):
        await member.say(line)
        await by_http.done()
    asked = {element["value"]: (element, message) for message in member.shown() for element in buttons_of(message)}
    assert len(asked) >= 7
    for element, message in asked.values():
        before = len(member.shown()) + len(by_http.server.views) + sum(each.edits for each in member.shown())
        ack = await member.press(element, message)
        assert ack.status == 200
        await by_http.done()
        after = len(member.shown()) + len(by_http.server.views) + sum(each.edits for each in member.shown())
        assert after > before, element["value"]
    assert all(strings.asking.OUR_FAULT not in said(message) for message in member.shown())


def has(message: Message, label: str) -> bool:
    return any(each.get("text", {}).get("text") == label for each in elements(message))


def buttons_of(message: Message) -> list[dict[str, Any]]:
    return [each for each in elements(message, "button") if each["action_id"].startswith("say:")]


def as_actions(element: dict[str, Any]) -> list[dict[str, Any]]:
    """The element as Slack tells of it, pressed; one for each of its options."""
    if element["action_id"].startswith("link:"):
        return []
    if "options" in element:
        return [{**element, "selected_option": option} for option in element["options"]]
    return [element]
