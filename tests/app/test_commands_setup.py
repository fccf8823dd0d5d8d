"""`setup`: three steps to a digest on time, in every platform's way."""

from __future__ import annotations

import pytest

from bot.core.community import Role
from bot.core.delivery import Schedule
from bot.core.message.document import Reply, TextEntry
from tests.app.conversation import ANN, MANAGER, Conversation, converse, plain
from tests.app.newsroom import Newsroom
from tests.app.test_commands_schedules import buttons
from tests.factories import GUILD


@pytest.fixture
async def talk(newsroom: Newsroom) -> Conversation:
    return await converse(newsroom)


async def schedules(talk: Conversation) -> list[Schedule]:
    async with talk.newsroom.database.read() as tx:
        return list(await tx.schedules.of(GUILD))


async def test_it_asks_for_three_things_and_proposes_each(talk: Conversation) -> None:
    """Sent off as it stands, the form is a digest in this channel, on weekdays, of all desks."""
    form = (await talk.form("setup")).form
    proposed = {entry.name: entry.value for entry in form.entries if isinstance(entry, TextEntry)}
    assert proposed == {"place": "here", "when": "weekdays at 9", "zone": "Europe/London", "desks": "all"}
    said = await talk.reply(form.invoke.with_arguments(**{name: value or "" for name, value in proposed.items()}))
    assert said.private
    (made,) = await schedules(talk)
    assert (made.cron, made.zone, made.desks, made.created_by) == ("0 9 * * 1-5", "Europe/London", (), MANAGER.id)
    async with talk.newsroom.database.read() as tx:
        place = await tx.schedules.get_destination(GUILD, made.destination)
    assert place is not None
    assert (place.platform, place.address) == ("discord", "channel-1")


async def test_it_says_when_the_first_comes_and_what_can_be_done_now(talk: Conversation) -> None:
    said = await talk.reply('setup when:"every Friday 16:00" desks:guilds,law zone:Kolkata place:C77')
    (made,) = await schedules(talk)
    assert (made.desks, made.zone) == (("guilds", "law"), "Asia/Kolkata")
    words = plain(said.document)
    assert "on Fridays at 16:00, Asia/Kolkata, next on " in words
    assert "C77" in words
    for label in ("Preview", "Post one now", "Edit"):
        assert isinstance(await talk.answer(buttons(said.document)[label]), Reply) or label == "Edit"


async def test_nothing_is_made_twice(talk: Conversation) -> None:
    await talk.say('setup when:"daily at 9"')
    for line in ("setup", 'setup when:"daily at 9" desks:law'):
        said = await talk.say(line)
        assert "It is set up already." in said
        assert "Schedule 1" in said
    assert len(await schedules(talk)) == 1


async def test_what_is_wrong_makes_nothing(talk: Conversation) -> None:
    assert "This did not work" in await talk.say("setup when:nonsense")
    assert "This did not work" in await talk.say("setup desks:nonsense")
    assert await schedules(talk) == []


async def test_it_is_for_managers(talk: Conversation) -> None:
    assert ANN.role < Role.MANAGER
    assert "for a manager" in await talk.say('setup when:"daily at 9"', ANN)
    assert await schedules(talk) == []


async def test_help_leads_whoever_brought_slugline_here_to_it_until_it_is_done(talk: Conversation) -> None:
    said = await talk.reply("help")
    assert "Nothing comes here on time yet." in plain(said.document)
    assert buttons(said.document)["Set up"].path == ("setup",)
    assert "Nothing comes here on time yet." not in await talk.say("help", ANN)
    await talk.say('setup when:"daily at 9"')
    assert "Nothing comes here on time yet." not in await talk.say("help")
