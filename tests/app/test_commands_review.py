"""The editor's desk as editors use it, by typed lines, buttons and forms."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from adapters.storage import SqlDatabase
from bot.app.commands.asked import Member
from bot.app.ports import Stage
from bot.core.command.invocation import Invocation
from bot.core.community import MemberId, Role
from bot.core.message.document import Actions, Ask, Button, Document, Reply, Select
from tests.app.conversation import ANN, EDITOR, MANAGER, Conversation, converse, plain
from tests.app.newsroom import STRIKE, SUIT, Newsroom
from tests.app.test_review import CARD, DIGEST, in_review, posted, told

EVE = Member(id=MemberId("eve"), name="Eve", role=Role.EDITOR)


@pytest.fixture
async def talk(newsroom: Newsroom) -> Conversation:
    """With a digest of one story under review."""
    talk = await converse(newsroom)
    await in_review(newsroom)
    return talk


@pytest.fixture
async def two(newsroom: Newsroom) -> Conversation:
    talk = await converse(newsroom)
    await in_review(newsroom, STRIKE, SUIT)
    return talk


def press(document: Document, label: str, number: int = 0) -> Invocation:
    found = [
        item.invoke
        for block in document.blocks
        if isinstance(block, Actions)
        for item in block.items
        if isinstance(item, Button) and item.label == label
    ]
    return found[number]


async def delivered(talk: Conversation) -> list[str]:
    await talk.newsroom.work(Stage.REVIEW, Stage.DELIVER)
    return told(talk.newsroom)


async def filled(talk: Conversation, form: Ask, **texts: str) -> str:
    """A form sent off with what stood in it, save for these."""
    stands = {entry.name: entry.value or "" for entry in form.form.entries}
    return await talk.say(form.form.invoke.with_arguments(**{**stands, **texts}), EDITOR)


async def test_a_digest_is_read_approved_and_posted(talk: Conversation) -> None:
    listed = await talk.say("review list", EDITOR)
    assert f"1: {STRIKE[0]} · under review" in listed
    shown = await talk.say("review show 1", EDITOR)
    assert "Why This Matters" in shown or "Story" in shown
    assert "One source only" in shown
    assert "Draft 1 is approved" in await talk.say("review approve 1", EDITOR)
    assert await delivered(talk) == [CARD, DIGEST]
    assert "reviewed by Ed" in plain(posted(talk.newsroom)[1])
    assert "Nothing waits for review." in await talk.say("review list", EDITOR)


async def test_every_button_of_a_card_says_something_that_is_answered(two: Conversation) -> None:
    card = posted(two.newsroom)[0]
    labels = ("Read", "Edit", "Evidence", "Cut …", "Assign to me")
    for label in labels:
        answer = await two.answer(press(card, label, 1), EDITOR)
        assert isinstance(answer, Reply)
        assert "did not work" not in plain(answer.document), label
    assert isinstance(await two.answer(press(card, "Reject"), EDITOR), Ask)
    assert "Draft 2 is dropped" in await two.say(press(card, "Drop", 1), EDITOR)
    assert "Digest 1 is on its way." in await two.say(press(card, "Approve"), EDITOR)


async def test_approve_all_sends_it_off(two: Conversation) -> None:
    card = posted(two.newsroom)[0]
    said = await two.say(press(card, "Approve all"), EDITOR)
    assert said.splitlines() == ["2 stories of digest 1 approved", "Digest 1 is on its way."]
    assert await delivered(two) == [CARD, DIGEST]
    assert "no digest 1 waits" in await two.say(press(card, "Approve all"), EDITOR)


async def test_all_are_approved_only_as_they_were_seen(two: Conversation) -> None:
    card = posted(two.newsroom)[0]
    await two.say('review edit 1 section:headline text:"Screenwriters strike"', EVE)
    assert "Somebody changed a draft of digest 1 since you saw it" in await two.say(press(card, "Approve all"), EDITOR)
    assert await delivered(two) == [CARD]
    anew = (await two.reply("review show digest:1", EDITOR)).document
    assert "on its way" in await two.say(press(anew, "Approve all"), EDITOR)


async def test_two_approvers_are_two_people(talk: Conversation) -> None:
    await talk.say("settings set approvers 2")
    assert "it takes 1 more" in await talk.say("review approve 1", EDITOR)
    assert "takes 2 different people" in await talk.say("review approve 1", EDITOR)
    assert "nothing more that you could approve" in await talk.say("review approve digest:1", EDITOR)
    assert await delivered(talk) == [CARD]
    assert "on its way" in await talk.say("review approve 1", EVE)
    assert await delivered(talk) == [CARD, DIGEST]
    assert "reviewed by Ed and Eve" in plain(posted(talk.newsroom)[1])


# --- editing ------------------------------------------------------------------------------------------------------


async def test_a_section_is_edited_in_a_form(talk: Conversation) -> None:
    parts = (await talk.reply("review edit 1", EDITOR)).document
    form = await talk.answer(press(parts, "Story"), EDITOR)
    assert isinstance(form, Ask)
    first = form.form.entries[0]
    said = await filled(talk, form, text="The guild walked out at Quillmark with 900 others.")
    assert "Draft 1 is edited" in said
    shown = await talk.say("review show 1", EDITOR)
    assert "The guild walked out at Quillmark with 900 others.[" in shown
    assert "Not borne out by its sources, as edited" in shown
    assert "900 is not in the sources" in shown
    history = await talk.say("review history 1", EDITOR)
    assert "Ed · edited (story, sentence" in history
    assert first.value is not None
    evidence = await talk.say("review evidence 1", EDITOR)
    assert f"The outlet's sentence: {first.value}" in evidence


async def test_the_headline_and_a_sentence_are_edited_by_a_line(talk: Conversation) -> None:
    await talk.say('review edit 1 section:headline text:"Screenwriters walk out"', EDITOR)
    await talk.say('review edit strike sentence:1 text:"They walked out."', EDITOR)
    shown = await talk.say("review show 1", EDITOR)
    assert shown.splitlines()[0] == "Draft 1: Screenwriters walk out"
    assert "1 They walked out.[1] (an editor's words)" in shown
    assert "say which sentence" in await talk.say("review edit 1 text:x", EDITOR)
    assert "has no sentence 99" in await talk.say("review edit 1 sentence:99 text:x", EDITOR)
    assert "at most 110" in await talk.say(f"review edit 1 section:headline text:{'x' * 111}", EDITOR)


@pytest.mark.parametrize("what", ["section:headline", "sentence:1"])
async def test_who_adds_what_no_source_says_is_told_at_once_and_it_stands(talk: Conversation, what: str) -> None:
    answer = await talk.say(f'review edit 1 {what} text:"The guild said 7777 screenwriters walked out."', EDITOR)
    assert "Draft 1 is edited" in answer
    assert "7777 is not in the sources" in answer
    assert "7777" in await talk.say("review show 1", EDITOR)
    assert "7777" not in await talk.say('review edit 1 sentence:2 text:"Screenwriters walked out."', EDITOR)


async def test_an_edit_takes_the_approvals_back_and_says_so(talk: Conversation) -> None:
    await talk.say("settings set approvers 2")
    await talk.say("review approve 1", EDITOR)
    said = await talk.say('review edit 1 section:headline text:"Screenwriters walk out"', EVE)
    assert "Approvals of the text before do not count any more." in said
    assert "it takes 1 more" in await talk.say("review approve 1", EVE)
    assert await delivered(talk) == [CARD]


async def test_of_two_who_edit_at_once_the_later_is_told_and_loses_nothing(talk: Conversation) -> None:
    parts = (await talk.reply("review edit 1", EDITOR)).document
    mine = await talk.answer(press(parts, "Headline"), EDITOR)
    assert isinstance(mine, Ask)
    await talk.say('review edit 1 section:headline text:"Eve was faster"', EVE)
    said = await filled(talk, mine, text="Ed came later")
    assert said.splitlines()[0] == "Somebody changed draft 1 since you saw it"
    assert "Draft 1: Eve was faster" in said
    reply = await talk.reply(mine.form.invoke.with_arguments(text="Ed came later"), EDITOR)
    assert "Ed came later" in repr(reply.document)
    assert "Eve was faster" in await talk.say("review show 1", EDITOR)


async def test_an_approval_of_a_text_that_changed_is_not_taken(talk: Conversation) -> None:
    card = posted(talk.newsroom)[0]
    await talk.say("review cut 1 sentence:1", EVE)
    assert "Somebody changed draft 1" in await talk.say(press(card, "Approve"), EDITOR)
    assert await delivered(talk) == [CARD]


async def test_a_sentence_is_cut_by_choosing_it(talk: Conversation) -> None:
    shown = (await talk.reply("review cut 1", EDITOR)).document
    (select,) = [item for block in shown.blocks if isinstance(block, Actions) for item in block.items]
    assert isinstance(select, Select)
    said = await talk.say(select.invoke.with_arguments(sentence=select.options[0].value), EDITOR)
    assert said.startswith("Cut from draft 1: “")
    assert "(cut)" in await talk.say("review show 1", EDITOR)
    assert "is cut already" in await talk.say("review cut 1 sentence:1", EDITOR)
    cut = await talk.reply("review cut 1", EDITOR)
    assert select.options[0] not in [
        option
        for block in cut.document.blocks
        if isinstance(block, Actions)
        for item in block.items
        if isinstance(item, Select)
        for option in item.options
    ]


# --- dropping, rejecting, assigning -------------------------------------------------------------------------------


async def test_when_every_story_is_dropped_nothing_is_posted(talk: Conversation) -> None:
    said = await talk.say('review drop 1 reason:"no news"', EDITOR)
    assert "Every story of digest 1 was dropped" in said
    assert await delivered(talk) == [CARD]
    history = await talk.say("review history", EDITOR)
    assert "Ed · draft 1 dropped. Reason: no news" in history
    assert "Slugline · digest 1 not posted, as every story of it was dropped" in history
    assert "no digest waits for draft 1" in await talk.say("review approve 1", EDITOR)


async def test_a_digest_is_rejected_with_a_reason_and_is_not_told(talk: Conversation) -> None:
    form = await talk.answer("review reject", EDITOR)
    assert isinstance(form, Ask)
    said = await talk.say(form.form.invoke.with_arguments(reason="Old news"), EDITOR)
    assert "Digest 1 is rejected" in said
    assert await delivered(talk) == [CARD]
    assert "digest 1 rejected. Reason: Old news" in await talk.say("review history", EDITOR)
    assert "there waits none" in await talk.say("review reject 1 reason:x", EDITOR)
    async with talk.newsroom.database.read() as tx:
        (schedule,) = await tx.schedules.of(talk.community)
        assert await tx.digests.posted(talk.community, schedule.destination) == {}


async def test_a_draft_is_assigned_and_the_list_says_to_whom(talk: Conversation) -> None:
    assert "assigned to Ed" in await talk.say("review assign 1 me", EDITOR)
    assert "assigned to Ed" in await talk.say("review list", EDITOR)
    assert "assigned to nobody" in await talk.say("review assign 1 nobody", EDITOR)
    assert "assigned to eve" in await talk.say("review assign 1 eve", EDITOR)


async def test_names_of_drafts_are_completed(two: Conversation) -> None:
    found = await two.complete("review show", "draft", "novelists")
    assert [one.label.partition(": ")[2] for one in found] == [SUIT[0]]
    assert await two.complete("review show", "draft", "novelists", ANN) == [], "no member sees what waits"
    async with two.newsroom.database.begin() as tx:
        await tx.communities.set_role(two.community, ANN.id, Role.EDITOR)
    assert await two.complete("review show", "draft", "novelists", ANN) == found
    assert SUIT[0] in await two.say("review show novelists", EDITOR)
    assert "there is no draft 'walnuts'" in await two.say("review show walnuts", EDITOR)


# --- who may, and rules -------------------------------------------------------------------------------------------

LINES = (
    "review list",
    "review show 1",
    "review evidence 1",
    "review approve 1",
    "review edit 1",
    "review cut 1 sentence:1",
    "review drop 1",
    "review assign 1 me",
    "review reject 1 reason:x",
    "review history",
)


@pytest.mark.parametrize("line", LINES)
async def test_the_desk_is_the_editors(talk: Conversation, line: str) -> None:
    assert "is for an editor or a manager" in await talk.say(line, ANN)
    assert "did not work" not in plain_answer(await talk.answer(line, MANAGER))


def plain_answer(answer: Reply | Ask) -> str:
    return plain(answer.document) if isinstance(answer, Reply) else ""


async def test_another_community_reaches_none_of_it(talk: Conversation) -> None:
    other = await converse(talk.newsroom, community=talk.community.__class__("slack:T200"))
    for line in ("review show 1", "review approve 1", "review cut 1 sentence:1"):
        assert "there is no draft '1'" in await other.say(line, EDITOR)
    assert "no digest 1 waits" in await other.say("review approve digest:1", EDITOR)
    assert "Nothing waits" in await other.say("review list", EDITOR)
    assert "Nothing was done yet." in await other.say("review history", EDITOR)


async def test_the_rules_of_review_are_settings(talk: Conversation) -> None:
    await talk.say("settings set review here")
    await talk.say("settings set review-time 90m")
    shown = await talk.say("settings show")
    assert "Review goes to: channel-1" in shown
    assert "after 90m it is posted" in shown
    assert "review-time is 12h now" in await talk.say("settings set review-time 12h")
    assert "review-time is none now" in await talk.say("settings set review-time hold")
    assert "from 15m on" in await talk.say("settings set review-time 1m")
    assert "from 1 to 5" in await talk.say("settings set approvers 0")
    assert "where `settings set review here` is said" in await talk.say("settings set review general")
    assert "review-time: 12h → removed" in await talk.say("settings history")


async def test_what_an_editor_did_is_forgotten_with_them(talk: Conversation) -> None:
    await talk.say("settings set approvers 2")
    await talk.say("review approve 1", EDITOR)
    assert "in `review history`" in await talk.say("privacy show", EDITOR)
    await talk.say("privacy purge confirm:yes", EDITOR)
    assert "somebody whose data was deleted · draft 1 approved" in await talk.say("review history", EVE)
    assert "it takes 1 more" in await talk.say("review approve 1", EVE)


async def test_a_draft_that_waits_for_its_time_says_until_when(talk: Conversation) -> None:
    await talk.say("settings set review-time 6h")
    assert "until 2100-03-10; then it is posted" in await talk.say("review list", EDITOR)
    talk.newsroom.clock.advance(timedelta(hours=7))
    async with talk.newsroom.database.begin() as tx:
        await tx.tasks.put(Stage.REVIEW, [1], talk.community)
    assert await delivered(talk) == [CARD, DIGEST]


async def test_two_editors_who_approve_the_last_two_stories_at_once_post_it_once(database: SqlDatabase) -> None:
    """Neither leaves it to the other, and neither waits for the other for ever."""
    newsroom = Newsroom(database)
    talk = await converse(newsroom)
    await in_review(newsroom, STRIKE, SUIT)
    await asyncio.gather(talk.say("review approve 1", EDITOR), talk.say("review approve 2", EVE))
    assert await delivered(talk) == [CARD, DIGEST]


async def test_an_edit_and_an_approval_of_all_at_once_post_nothing_that_was_not_seen(database: SqlDatabase) -> None:
    newsroom = Newsroom(database)
    talk = await converse(newsroom)
    await in_review(newsroom, STRIKE, SUIT)
    approve_all = press(posted(newsroom)[0], "Approve all")
    edit = 'review edit 2 section:headline text:"Anew"'
    said = await asyncio.gather(talk.say(approve_all, EDITOR), talk.say(edit, EVE))
    sent = await delivered(talk)
    if "on its way" in said[0]:
        assert sent == [CARD, DIGEST]
        assert "Anew" not in plain(posted(newsroom)[1])
    else:
        assert sent == [CARD]
        assert "Somebody changed" in said[0]
