"""How a community is set up, and what is stored about its members."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.app.ports import Stage
from bot.core.community import MemberId, Role
from bot.core.message.document import Actions, Bullets, Button, Channel, Document, Fields, Inline
from tests.app.conversation import ANN, EDITOR, MANAGER, Conversation, converse
from tests.app.newsroom import Newsroom
from tests.factories import GUILD, add_schedule, new_document


@pytest.fixture
async def talk(newsroom: Newsroom) -> Conversation:
    return await converse(newsroom)


def inlines_of(document: Document) -> list[Inline]:
    lines = [item for block in document.blocks if isinstance(block, Bullets) for item in block.items]
    lines += [field.value for block in document.blocks if isinstance(block, Fields) for field in block.items]
    return [inline for line in lines for inline in line]


async def test_a_setting_is_set_shown_recorded_and_cleared(talk: Conversation) -> None:
    assert "Europe/London, as this installation's" in await talk.say("settings show")
    assert "zone is America/Los_Angeles now" in await talk.say("settings set zone america/los angeles")
    assert "America/Los_Angeles" in await talk.say("settings show")
    await talk.say("settings set zone none")
    assert "as this installation's" in await talk.say("settings show")
    history = (await talk.say("settings history")).splitlines()
    assert [line.partition(" · ")[2] for line in history[1:]] == [
        "Mo · zone: America/Los_Angeles → removed",
        "Mo · zone: America/Los_Angeles",
    ]


async def test_a_zone_that_does_not_exist_is_refused_with_what_was_meant(talk: Conversation) -> None:
    assert "did you mean 'Europe/London'" in await talk.say("settings set zone Europe/Londn")


async def test_notices_go_to_the_channel_where_that_is_said(talk: Conversation) -> None:
    assert "Notices go here now" in await talk.say("settings set notices here")
    for line in ("settings show", "settings history"):
        shown = (await talk.reply(line)).document
        assert Channel("discord", "channel-1") in inlines_of(shown), "as a channel, which a platform shows by its name"
    assert "notices go to the channel where" in await talk.say("settings set notices general")


async def test_while_paused_nothing_is_sent_and_afterwards_all_of_it(talk: Conversation) -> None:
    newsroom = talk.newsroom
    async with newsroom.database.begin() as tx:
        schedule = await add_schedule(tx, GUILD)
        await tx.deliveries.queue(GUILD, schedule.destination, new_document(), digest=None)
    assert "Paused until 11 March 2100" in await talk.say("pause span:1d")
    await newsroom.work(Stage.DELIVER)
    assert newsroom.platform.sent == []
    newsroom.clock.advance(timedelta(days=1))
    async with newsroom.database.begin() as tx:
        await tx.tasks.put(Stage.DELIVER, [1], GUILD)
    await newsroom.work(Stage.DELIVER)
    assert len(newsroom.platform.sent) == 1


async def test_a_pause_can_be_ended_by_the_button_under_it(talk: Conversation) -> None:
    paused = await talk.reply("pause")
    (button,) = [b for block in paused.document.blocks if isinstance(block, Actions) for b in block.items]
    assert isinstance(button, Button)
    assert "is for a manager" in await talk.say(button.invoke, ANN)
    assert "Posting goes on" in await talk.say(button.invoke)
    assert "going on" in await talk.say("settings show")


async def test_a_role_is_given_and_counts(talk: Conversation) -> None:
    assert "ann is an editor now" in await talk.say("settings role ann editor")
    async with talk.newsroom.database.read() as tx:
        assert await tx.communities.role(GUILD, ANN.id) is Role.EDITOR
    assert "is for a manager" in await talk.say("settings role ann manager", EDITOR)
    assert "nobody takes their own role away" in await talk.say(f"settings role {MANAGER.id} member")


async def test_what_is_stored_about_a_member_is_shown_to_them_and_deleted_when_they_say_so(talk: Conversation) -> None:
    assert "Nothing." in await talk.say("privacy show", ANN)
    await talk.say(f"settings role {ANN.id} manager")
    await talk.say("settings set zone Europe/Paris", ANN)
    shown = await talk.reply("privacy show", ANN)
    assert shown.private
    said = await talk.say("privacy show", ANN)
    assert "Your role: manager." in said
    assert "Your name beside 1 change" in said
    ask = await talk.reply("privacy purge", ANN)
    (button,) = [b for block in ask.document.blocks if isinstance(block, Actions) for b in block.items]
    assert isinstance(button, Button)
    await talk.say(button.invoke, ANN)
    assert "Nothing." in await talk.say("privacy show", ANN)
    history = await talk.say("settings history")
    assert "Ann" not in history
    assert "somebody whose data was deleted · zone" in history
    async with talk.newsroom.database.read() as tx:
        assert await tx.communities.role(GUILD, MemberId("ann")) is Role.MEMBER


async def test_help_lists_what_the_member_may_say(talk: Conversation) -> None:
    assert "feeds add" not in await talk.say("help", ANN)
    assert "feeds add" in await talk.say("help")
    assert "It takes" in await talk.say("help feeds add", ANN)
    assert "feeds health" in await talk.say("help feeds", ANN)
    assert "near/5" in await talk.say("help queries", ANN)
    assert "did you mean 'search'" in await talk.say("help serch", ANN)
