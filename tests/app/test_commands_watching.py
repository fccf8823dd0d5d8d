"""`watch`, `follow` and `unfollow`, as members say them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from bot.app.commands.watching import MOST_A_MEMBER
from bot.app.ports import Stage
from bot.core.command.invocation import Invocation
from bot.core.community import COMMON
from bot.core.message.document import Action, Actions, Button, Document, Select, Verbatim
from bot.core.watch.watch import Watch, WatchId
from tests.app.conversation import ANN, BEA, EDITOR, MANAGER, Conversation, converse, plain
from tests.app.newsroom import STRIKE, STRIKE_TOO, SUIT, TODAY, WAGES, Newsroom, entry
from tests.factories import GUILD, new_outlet, new_watch


@pytest.fixture
async def talk(newsroom: Newsroom) -> Conversation:
    """Three stories are known, one of them off the topic, none of them watched for."""
    for number, told in enumerate((STRIKE, SUIT, WAGES), 1):
        url = f"https://outlet{number}.example/1"
        outlet = new_outlet(f"Outlet {number}")
        await newsroom.subscribe(entry(told, number, url=url), outlet=outlet, title=outlet.name, desk="trades")
    await newsroom.work()
    return await converse(newsroom)


async def stored(talk: Conversation) -> Sequence[Watch]:
    async with talk.newsroom.database.read() as tx:
        return await tx.watches.pipeline_get(await tx.watches.pipeline_ids())


def pressed(document: Document) -> dict[str, Invocation]:
    found: list[Action] = [item for block in document.blocks if isinstance(block, Actions) for item in block.items]
    return {item.label: item.invoke for item in found if isinstance(item, Button | Select)}


async def test_a_watch_is_set_and_shows_what_it_would_have_sent(talk: Conversation) -> None:
    answer = await talk.reply('watch add (screenwriters OR novelists) name:Writers note:"the strike fund"', ANN)
    said = plain(answer.document)
    assert answer.private
    assert said.startswith("Watch 1 is set\nIn the last 30 days it would have sent 2 stories.")
    assert STRIKE[0] in said
    assert "may be able to export private messages" in said
    assert list(pressed(answer.document)) == ["What it would have sent", "Edit", "Remove this watch"]
    (watch,) = await stored(talk)
    assert (watch.owner, watch.private, watch.query) == (ANN.id, True, "(screenwriters OR novelists)")
    assert (watch.name, watch.note) == ("Writers", "the strike fund")
    assert watch.throttle is not None


async def test_what_it_finds_comes_to_its_owner_alone(talk: Conversation) -> None:
    await talk.say("watch add screenwriters", ANN)
    await talk.newsroom.subscribe(entry(STRIKE_TOO, 9), outlet=new_outlet("Outlet 9"), title="Outlet 9")
    await talk.newsroom.work()
    assert list(talk.newsroom.platform.documents) == ["dm"]


async def test_that_a_member_can_not_be_reached_is_said_to_that_member_alone(talk: Conversation) -> None:
    await talk.say("watch add screenwriters", ANN)
    (watch,) = await stored(talk)
    async with talk.newsroom.database.begin() as tx:
        await tx.outbox.pause(watch.destination, "they take no direct messages")
    assert "Cannot post there: they take no direct messages" in await talk.say("watch list", ANN)
    for member in (BEA, EDITOR, MANAGER):
        assert "direct messages" not in await talk.say("watch list", member)


async def test_a_query_that_cannot_be_read_gets_a_caret_under_the_place(talk: Conversation) -> None:
    answer = await talk.reply("watch add strike OR OR walkout", ANN)
    (shown,) = [block for block in answer.document.blocks if isinstance(block, Verbatim)]
    assert shown.lines[0] == "strike OR OR walkout"
    assert shown.lines[1].strip() == "^^"
    assert await stored(talk) == []


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("watch add NOT strike", "asks only for what must not be there"),
        (f"watch add {'x' * 5_000}", "4,000"),
        ("watch add " + "(" * 250 + "x" + ")" * 250, "deep"),
        ("watch add guild:wgaa", "did you mean"),
        ("watch add desk:nowhere", "there is no desk"),
        ("watch add strike name:12", "has a letter in it"),
        ("watch add strike rhythm:often", "instant, hourly, daily"),
        ("watch pause 9", "you have no watch '9'"),
        ("watch packs zzzzzz", "`watch packs` lists the packs"),
        ("watch test 9", "you have no watch '9'"),
        ("unfollow 1", "you do not follow story 1"),
        ("follow 99", "there is no story 99"),
    ],
)
async def test_what_makes_no_sense_is_refused_with_the_way_out(talk: Conversation, line: str, why: str) -> None:
    assert why in await talk.say(line, ANN)
    assert await stored(talk) == []


async def test_a_watch_for_the_channel_is_an_editors_and_on_record(talk: Conversation) -> None:
    assert "for an editor" in await talk.say("watch add strike to:here", ANN)
    assert "Watch 1 is set" in await talk.say("watch add strike to:here", EDITOR)
    (watch,) = await stored(talk)
    assert (watch.owner, watch.private) == (None, False)
    assert "for an editor" in await talk.say("watch remove 1", ANN)
    assert "1" in await talk.say("watch list", ANN), "but everybody sees it"
    assert "goes on" in await talk.say("watch resume 1", EDITOR)
    assert "is removed" in await talk.say("watch remove 1", MANAGER)
    history = await talk.say("settings history")
    assert history.count("watch 1") == 3, "set, resumed and removed"
    assert "strike" in history


async def test_a_private_watch_is_nobody_elses_business(talk: Conversation) -> None:
    """Not a manager's, and not the record's."""
    await talk.say('watch add "secret plan" name:Quiet', ANN)
    for member in (BEA, EDITOR, MANAGER):
        assert "secret" not in await talk.say("watch list", member)
        for line in ("watch pause 1", "watch remove 1", "watch edit 1", "watch test 1", "watch pause Quiet"):
            assert "you have no watch" in await talk.say(line, member)
        assert await talk.complete("watch edit", "watch", "", member) == []
    assert "secret" not in await talk.say("settings history")
    assert "watch" not in (await talk.say("settings history")).casefold()
    assert [one.value for one in await talk.complete("watch edit", "watch", "quiet", ANN)] == ["1"]
    assert "secret plan" in await talk.say("watch list", ANN)


async def test_where_nobody_can_be_reached_in_private_that_is_said(talk: Conversation) -> None:
    talk.place = replace(talk.place, private_to=None)
    assert "say `to:here`" in await talk.say("watch add strike", ANN)
    assert "say `to:here`" in await talk.say("follow 1", ANN)


async def test_a_watch_is_edited_in_a_form_that_remembers_what_it_showed(talk: Conversation) -> None:
    await talk.say("watch add strike note:because", ANN)
    form = (await talk.form("watch edit 1", ANN)).form
    assert {entry.name: entry.value for entry in form.entries} == {
        "query": "strike",
        "name": "none",
        "rhythm": "instant",
        "note": "because",
    }
    sent = form.invoke.with_arguments(query="walkout", name="Walkouts", rhythm="daily", note="none")
    assert "Watch 1 is changed" in await talk.say(sent, ANN)
    (watch,) = await stored(talk)
    assert (watch.query, watch.name, watch.rhythm, watch.note) == ("walkout", "Walkouts", "daily", "")
    assert "somebody changed watch 1 meanwhile" in await talk.say(sent, ANN), "the later of two is told"
    assert "Watch 1 is changed" in await talk.say("watch edit walkouts query:strike", ANN)


async def test_two_watches_have_two_names(talk: Conversation) -> None:
    await talk.say("watch add strike name:Strikes", ANN)
    assert "watch 1 is called 'Strikes' already" in await talk.say("watch add walkout name:strikes", ANN)
    assert "Watch 2 is set" in await talk.say("watch add walkout name:strikes", BEA), "whose names she cannot see"
    assert "did you mean 'Strikes'?" in await talk.say("watch pause striks", ANN)


async def test_a_name_of_two_is_asked_back(talk: Conversation) -> None:
    """An editor's own and the channel's may come to share one."""
    await talk.say("watch add strike name:Both", EDITOR)
    async with talk.newsroom.database.begin() as tx:
        place = await tx.schedules.destination(GUILD, "discord", "channel-1")
        await tx.watches.add(new_watch(place.id, name="Both"))
    assert "say its number: 1 or 2" in await talk.say("watch pause both", EDITOR)


async def test_a_watch_rests_for_a_while_or_until_it_is_resumed(talk: Conversation) -> None:
    await talk.say("watch add strike", ANN)
    answer = await talk.reply("watch pause 1 span:1d", ANN)
    assert "paused until 11 March 2100" in plain(answer.document).replace("\u00a0", " ")
    (watch,) = await stored(talk)
    assert watch.muted_until == TODAY.replace(day=11)
    (resume,) = pressed(answer.document).values()
    assert "goes on" in await talk.say(resume, ANN)
    assert (await stored(talk))[0].muted_until is None
    await talk.say("watch pause 1", ANN)
    assert (await stored(talk))[0].paused
    assert "paused" in await talk.say("watch list", ANN)


async def test_a_removed_watch_is_gone(talk: Conversation) -> None:
    await talk.say("watch add strike", ANN)
    assert "Watch 1 is removed" in await talk.say("watch remove 1", ANN)
    assert await stored(talk) == []
    assert "You have none yet" in await talk.say("watch list", ANN)


async def test_a_query_is_tried_without_being_saved(talk: Conversation) -> None:
    said = await talk.say("watch test dockworkers", ANN)
    assert "would have sent nothing" in said
    assert WAGES[0] in await talk.say("watch test dockworkers everything:yes", ANN)
    assert STRIKE[0] in await talk.say("watch test desk:trades source:outlet1.example", ANN)
    assert await stored(talk) == []
    await talk.say("watch add novelists", ANN)
    assert SUIT[0] in await talk.say("watch test 1", ANN)


async def test_what_reads_differently_than_it_looks_is_advised_on(talk: Conversation) -> None:
    assert "is looked for as a word" in await talk.say("watch test strike or walkout", ANN)


async def test_a_member_has_room_for_so_many(talk: Conversation) -> None:
    async with talk.newsroom.database.begin() as tx:
        place = await tx.schedules.destination(GUILD, "discord", "dm")
        for _ in range(MOST_A_MEMBER):
            await tx.watches.add(new_watch(place.id, owner=ANN.id))
    assert f"you have {MOST_A_MEMBER} watches" in await talk.say("watch add strike", ANN)
    assert "Watch" in await talk.say("watch add strike", BEA)


async def test_packs_are_listed_with_their_sources_and_an_entry_is_watched_by_a_press(talk: Conversation) -> None:
    listed = await talk.reply("watch packs", ANN)
    assert "guilds" in plain(listed.document)
    found = await talk.reply("watch packs wga", ANN)
    (label, *_) = pressed(found.document)
    assert "source" in plain(found.document)
    said = await talk.say(pressed(found.document)[label], ANN)
    assert "Watch 1 is set" in said
    assert (await stored(talk))[0].query.startswith("guild:")
    assert (await talk.complete("watch packs", "words", "guil"))[0].value == "guilds"


async def test_a_story_is_followed_and_told_as_it_moves(talk: Conversation) -> None:
    answer = await talk.reply("follow screenwriters strike", ANN)
    assert f"You follow “{STRIKE[0]}”" in plain(answer.document)
    assert "already" in await talk.say("follow 1", ANN)
    assert f"1: following story 1 · {STRIKE[0]}" in await talk.say("watch list", ANN)
    assert "paused" in await talk.say("watch pause 1", ANN)
    assert "goes on" in await talk.say("watch resume 1", ANN)
    assert STRIKE[0] not in await talk.say("watch list", MANAGER)
    await talk.newsroom.work()
    assert talk.newsroom.platform.documents == {}, "what was read already is no news"
    await talk.newsroom.subscribe(entry(STRIKE_TOO, 9), outlet=new_outlet("Outlet 9"), title="Outlet 9")
    await talk.newsroom.work()
    (told,) = talk.newsroom.platform.documents["dm"]
    assert "Outlet 9" in plain(told)
    assert "do not follow story 1 any more" in await talk.say(pressed(told)["Unfollow"], ANN)
    assert await stored(talk) == []


async def test_privacy_counts_a_members_watches_and_takes_them_away(talk: Conversation) -> None:
    await talk.say("watch add strike", ANN)
    await talk.say("follow 1", ANN)
    await talk.say("watch add strike", BEA)
    await talk.say("watch add strike to:here", EDITOR)
    assert "2 private watches" in (await talk.say("privacy show", ANN)).replace("\u00a0", " ")
    assert "watch" not in await talk.say("privacy show", EDITOR)
    await talk.say("privacy purge confirm:yes", ANN)
    assert [watch.owner for watch in await stored(talk)] == [BEA.id, None]
    assert "watch" not in await talk.say("privacy show", ANN)


async def test_a_digest_keeps_to_a_query_or_a_desk(talk: Conversation) -> None:
    assert STRIKE[0] in await talk.say("digest screenwriters NOT novelists")
    assert SUIT[0] not in await talk.say("digest screenwriters NOT novelists")
    assert SUIT[0] in await talk.say("digest trades")
    assert SUIT[0] not in await talk.say("digest games")
    answer = await talk.reply("digest strike OR")
    assert any(isinstance(block, Verbatim) for block in answer.document.blocks)


async def test_resuming_tells_what_was_held(talk: Conversation) -> None:
    await talk.say("watch add novelists rhythm:hourly", ANN)
    async with talk.newsroom.database.begin() as tx:
        await tx.tasks.put(Stage.ALERT, [2], COMMON)
    await talk.newsroom.work()
    await talk.say("watch pause 1", ANN)
    talk.newsroom.clock.time = TODAY.replace(hour=15)
    async with talk.newsroom.database.begin() as tx:
        await tx.tasks.put(Stage.BUNDLE, [WatchId(1)], GUILD)
    await talk.newsroom.work()
    assert talk.newsroom.platform.documents == {}
    await talk.say("watch resume 1", ANN)
    await talk.newsroom.work()
    assert len(talk.newsroom.platform.documents["dm"]) == 1
