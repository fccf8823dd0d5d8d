"""`schedule`: digests on time, as members make, look at, change and remove them."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from adapters.storage import SqlDatabase
from bot.app.ports import Stage
from bot.core.command.invocation import Invocation
from bot.core.community import MemberId, Role
from bot.core.delivery import DeliveryState, Empty, Post, Schedule
from bot.core.message.document import Actions, Button, Document, Verbatim
from bot.core.schedule.quiet import read_quiet
from tests.app.conversation import ANN, EDITOR, MANAGER, Conversation, converse, plain
from tests.app.newsroom import HARVEST, STRIKE, SUIT, TODAY, Newsroom, entry
from tests.factories import GUILD, STUDIO, new_document, settle


@pytest.fixture
async def talk(newsroom: Newsroom) -> Conversation:
    return await converse(newsroom)


async def schedules(talk: Conversation) -> list[Schedule]:
    async with talk.newsroom.database.read() as tx:
        return list(await tx.schedules.of(talk.community))


async def one(talk: Conversation) -> Schedule:
    (schedule,) = await schedules(talk)
    return schedule


def buttons(document: Document) -> dict[str, Invocation]:
    found = (action for block in document.blocks if isinstance(block, Actions) for action in block.items)
    return {action.label: action.invoke for action in found if isinstance(action, Button)}


# --- add and list -------------------------------------------------------------------------------------------


async def test_a_schedule_is_made_of_plain_words_and_said_back(talk: Conversation) -> None:
    said = await talk.say(
        "schedule add weekdays at 9 name:Guilds topic:guild:wga desks:guilds,law stories:5 quiet:22-7"
    )
    assert "Schedule 1, Guilds is made" in said
    assert "on weekdays at 09:00, Europe/London, next on " in said
    made = await one(talk)
    assert (made.cron, made.zone, made.created_by) == ("0 9 * * 1-5", "Europe/London", MANAGER.id)
    assert (made.topic, made.desks, made.max_stories) == ("guild:wga", ("guilds", "law"), 5)
    assert made.quiet == read_quiet("22:00-07:00")
    async with talk.newsroom.database.read() as tx:
        due = made.next_slot(TODAY)
        assert await tx.tasks.waiting(Stage.COMPOSE, until=due) == 1
        assert await tx.tasks.waiting(Stage.COMPOSE, until=due - timedelta(minutes=1)) == 0


async def test_every_setting_can_be_said(talk: Conversation) -> None:
    await talk.say(
        "schedule add every Friday 16:00 zone:Kolkata place:C77 least:2 words:900 empty:say engine:extractive"
        " review:yes mention:<@&4711> post:forum"
    )
    made = await one(talk)
    async with talk.newsroom.database.read() as tx:
        place = await tx.schedules.get_destination(GUILD, made.destination)
    assert place is not None
    assert (place.platform, place.address) == ("discord", "C77")
    assert (made.zone, made.min_stories, made.max_words, made.empty) == ("Asia/Kolkata", 2, 900, Empty.SAY)
    assert (made.review, made.mention, made.post) == (True, "4711", Post.FORUM)


async def test_a_community_has_its_own_zone(talk: Conversation) -> None:
    await talk.say("settings set zone America/New_York")
    await talk.say("schedule add daily at 9")
    assert (await one(talk)).zone == "America/New_York"


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("schedule add every 2 weeks at 9", "first and third Monday of the month"),
        ("schedule add 0 25 * * *", "no hour"),
        ("schedule add daily at 9 zone:Europe/Lodnon", "did you mean 'Europe/London'"),
        ("schedule add daily at 9 zone:EST", "America/New_York"),
        ("schedule add daily at 9 quiet:night", "22:00-07:00, or none"),
        ('schedule add daily at 9 topic:"NOT strike"', "must be there"),
        ("schedule add daily at 9 desks:gilds", "did you mean 'guilds'"),
        ("schedule add daily at 9 engine:oracle", "there is no engine 'oracle'"),
        ("schedule add daily at 9 least:9 stories:3", "`least` is at most `stories`"),
        ("schedule add daily at 9 words:7", "100 to 10000"),
        ("schedule add daily at 9 mention:@everyone", "never everybody"),
        ("schedule add daily at 9 mention:100", "never everybody"),  # Discord's everybody has the server's own id
        ("schedule add daily at 9 name:12", "has a letter in it"),
    ],
)
async def test_what_makes_no_sense_is_refused_with_what_would(talk: Conversation, line: str, why: str) -> None:
    assert why in await talk.say(line)
    assert await schedules(talk) == []


async def test_the_place_that_cannot_be_read_is_shown(talk: Conversation) -> None:
    answer = await talk.reply("schedule add every other Monday at 9")
    (shown,) = [block for block in answer.document.blocks if isinstance(block, Verbatim)]
    assert shown.lines == ("every other Monday at 9", "      ^^^^^")


async def test_only_a_manager_makes_and_changes_schedules_and_everybody_sees_them(talk: Conversation) -> None:
    assert "is for a manager" in await talk.say("schedule add daily at 9", EDITOR)
    await talk.say("schedule add daily at 9")
    assert "is for a manager" in await talk.say("schedule edit 1 stories:2", EDITOR)
    assert "is for a manager" in await talk.say("schedule remove 1", ANN)
    assert "every day at 09:00" in await talk.say("schedule list", ANN)


async def test_the_list_says_when_each_is_due_and_where_nothing_arrives(talk: Conversation) -> None:
    assert "There is none yet" in await talk.say("schedule list")
    await talk.say("schedule add daily at 9 name:Morning")
    await talk.say("schedule add daily at 13 name:Noon topic:strike")
    first, second = (await talk.say("schedule list")).splitlines()[1:]
    assert "Noon" in first, "the next one first"
    assert "about strike" in first
    assert "Morning" in second
    async with talk.newsroom.database.begin() as tx:
        place = (await tx.schedules.of(GUILD))[0].destination
        number = await tx.deliveries.queue(GUILD, place, new_document(), digest=None)
        await settle(tx, number, DeliveryState.REJECTED, "the channel was deleted")
    assert "Cannot post there: the channel was deleted" in await talk.say("schedule list")
    await talk.say("pause")
    assert "paused" in await talk.say("schedule list")


async def test_one_community_does_not_see_anothers(talk: Conversation) -> None:
    await talk.say("schedule add daily at 9 name:Secret")
    other = await converse(talk.newsroom, STUDIO)
    assert "There is none yet" in await other.say("schedule list")
    for line in ("schedule preview 1", "schedule edit 1", "schedule edit 1 stories:2", "schedule remove Secret"):
        assert "there is no schedule" in await other.say(line)


# --- edit and remove ----------------------------------------------------------------------------------------


async def test_an_edit_changes_what_is_said_and_nothing_else_and_moves_the_next_slot(talk: Conversation) -> None:
    await talk.say("schedule add daily at 9 name:Guilds topic:strike quiet:22-7 words:900")
    before = await one(talk)
    said = await talk.say('schedule edit guilds when:"every Friday 16:00" topic:none quiet:none words:none')
    assert "Schedule 1, Guilds is changed" in said
    after = await one(talk)
    assert (after.cron, after.topic, after.quiet, after.max_words) == ("0 16 * * 5", None, None, None)
    assert (after.name, after.max_stories, after.revision) == (before.name, before.max_stories, 2)
    async with talk.newsroom.database.read() as tx:
        assert await tx.tasks.waiting(Stage.COMPOSE, until=after.next_slot(TODAY) - timedelta(minutes=1)) == 0
    history = await talk.say("settings history")
    assert "schedule 1, when: every day at 09:00 → on Fridays at 16:00" in history
    assert "schedule 1, topic: strike → none" in history


async def test_an_edit_that_changes_nothing_says_so(talk: Conversation) -> None:
    await talk.say("schedule add daily at 9")
    assert "stands just so already" in await talk.say("schedule edit 1 when:9:00")
    assert (await one(talk)).revision == 1


async def test_with_nothing_but_its_number_an_edit_is_a_form_of_what_stands(talk: Conversation) -> None:
    await talk.say("schedule add weekdays at 9 topic:strike")
    form = (await talk.form("schedule edit 1")).form
    stands = {entry.name: entry.value for entry in form.entries}
    assert stands == {
        "when": "on weekdays at 09:00",
        "topic": "strike",
        "stories": "7",
        "quiet": "none",
        "empty": "silent",
    }
    sent = form.invoke.with_arguments(**{**stands, "stories": "3", "quiet": "22:00-07:00"})  # type: ignore[arg-type]
    assert "is changed" in await talk.say(sent)
    after = await one(talk)
    assert (after.cron, after.max_stories, after.quiet) == ("0 9 * * 1-5", 3, read_quiet("22-7"))


async def test_of_two_managers_at_one_form_the_later_is_told_and_loses_nothing(talk: Conversation) -> None:
    await talk.say("schedule add weekdays at 9")
    mine, theirs = [(await talk.form("schedule edit 1")).form.invoke for _ in range(2)]
    await talk.say(theirs.with_arguments(when="daily at 8"))
    told = await talk.reply(mine.with_arguments(when="daily at 10", stories="3"))
    said = plain(told.document)
    assert "Somebody changed Schedule 1 while you were writing" in said
    assert "When: every day at 08:00 stands; you wrote every day at 10:00" in said
    assert "Most stories: 7 stands; you wrote 3" in said
    assert (await one(talk)).cron == "0 8 * * *"
    save = buttons(told.document)["Save mine all the same"]
    await talk.say(save)
    after = await one(talk)
    assert (after.cron, after.max_stories) == ("0 10 * * *", 3)


async def test_of_two_edits_at_the_very_same_moment_none_is_lost_in_silence(database: SqlDatabase) -> None:
    """Over both databases: what one says happened is there, and whoever was too slow is told."""
    talks = [await converse(Newsroom(database, holder=holder)) for holder in ("one", "two")]
    await talks[0].say("schedule add weekdays at 9")
    lines = ("schedule edit 1 stories:3", "schedule edit 1 words:900")
    said = await asyncio.gather(*(talk.say(line) for talk, line in zip(talks, lines, strict=True)))
    done = ["is changed" in each for each in said]
    after = await one(talks[0])
    assert any(done)
    assert all(ok or "somebody changed Schedule 1" in each for ok, each in zip(done, said, strict=True))
    assert (after.max_stories == 3, after.max_words == 900) == tuple(done)


async def test_what_is_too_long_for_a_button_is_given_as_a_line_to_say(talk: Conversation) -> None:
    await talk.say("schedule add weekdays at 9")
    mine, theirs = [(await talk.form("schedule edit 1")).form.invoke for _ in range(2)]
    await talk.say(theirs.with_arguments(when="daily at 8"))
    topic = "strike OR walkout OR picket OR lockout OR ballot OR ratification OR arbitration"
    told = await talk.reply(mine.with_arguments(topic=topic))
    assert "Save mine all the same" not in buttons(told.document)
    assert f'schedule edit 1 topic:"{topic}"' in plain(told.document)
    await talk.say(f'schedule edit 1 topic:"{topic}"')
    assert (await one(talk)).topic == topic


async def test_what_slugline_set_up_is_the_members_once_they_change_it(talk: Conversation) -> None:
    await talk.say("schedule add daily at 9")
    await talk.say("schedule edit 1 stories:3", EDITOR.__class__(id=MemberId("x"), name="X", role=Role.MANAGER))
    assert (await one(talk)).created_by == MANAGER.id


async def test_a_name_is_given_once(talk: Conversation) -> None:
    await talk.say("schedule add daily at 9 name:Guilds")
    assert "schedule 1 is called 'Guilds' already" in await talk.say("schedule add daily at 10 name:GUILDS")


async def test_a_schedule_that_is_not_there_is_said_with_what_is(talk: Conversation) -> None:
    await talk.say("schedule add daily at 9 name:Guilds")
    assert "did you mean 'Guilds'" in await talk.say("schedule remove gilds")
    assert "there is no schedule '7'" in await talk.say("schedule preview 7")


async def test_a_removed_schedule_is_gone_and_on_record(talk: Conversation) -> None:
    await talk.say("schedule add daily at 9")
    assert "What it posted stays." in await talk.say("schedule remove 1")
    assert await schedules(talk) == []
    assert "schedule 1: every day at 09:00, Europe/London → removed" in await talk.say("settings history")


async def test_a_member_may_see_and_delete_that_they_set_one_up(talk: Conversation) -> None:
    await talk.say("schedule add daily at 9")
    assert "That you set up schedule 1." in await talk.say("privacy show")
    await talk.say("privacy purge confirm:yes")
    assert "schedule 1" not in await talk.say("privacy show")
    assert (await one(talk)).created_by == MemberId("")


# --- preview ------------------------------------------------------------------------------------------------


async def test_a_preview_shows_the_next_digest_and_tells_nobody(talk: Conversation) -> None:
    await talk.newsroom.subscribe(entry(STRIKE, 1))
    await talk.newsroom.work()
    await talk.say("schedule add daily at 9 name:Guilds")
    said = await talk.say("schedule preview guilds")
    assert "The next digest of Schedule 1, Guilds" in said
    assert STRIKE[0] in said
    assert talk.newsroom.platform.sent == []
    async with talk.newsroom.database.read() as tx:
        assert await tx.digests.posted(GUILD, (await one(talk)).destination) == {}


async def test_a_preview_of_nothing_says_so(talk: Conversation) -> None:
    await talk.say("schedule add daily at 9 least:2")
    assert "Nothing new" in await talk.say("schedule preview 1")
    await talk.newsroom.subscribe(entry(STRIKE, 1))
    await talk.newsroom.work()
    assert "this digest comes with 2 or more" in await talk.say("schedule preview 1")


async def test_for_a_story_one_would_expect_a_preview_says_why_it_is_not_in(talk: Conversation) -> None:
    newsroom = talk.newsroom
    await newsroom.subscribe(entry(STRIKE, 1), desk="guilds")
    await newsroom.subscribe(entry(SUIT, 2), desk="courts")
    await newsroom.subscribe(entry(HARVEST, 3))
    await newsroom.work()
    coverages = await newsroom.stories(GUILD)
    number = {coverage.members[0].article.title: coverage.story.id for coverage in coverages}
    await talk.say("schedule add daily at 9 stories:1")
    lead = "It is in, as number 1."
    first, second = (STRIKE, SUIT)
    if lead not in await talk.say(f"schedule preview 1 story:{number[STRIKE[0]]}"):
        first, second = second, first

    async def why(told: tuple[str, str]) -> str:
        return await talk.say(f"schedule preview 1 story:{number[told[0]]}")

    assert lead in await why(first)
    assert "It is number 2 of 2 by weight, and 1 are told. It is kept for the next digest." in await why(second)
    await talk.say("schedule edit 1 stories:7 desks:guilds")
    assert "keeps to guilds, and no article of the story came by such a feed" in await why(SUIT)
    await talk.say("schedule edit 1 desks:none topic:novelists")
    assert "no article of the story matches it: novelists" in await why(STRIKE)
    await talk.say("schedule edit 1 topic:none")
    async with newsroom.database.begin() as tx:
        await tx.tasks.put(Stage.COMPOSE, [(await one(talk)).id], GUILD)
    newsroom.clock.time = (await one(talk)).next_slot(TODAY)
    await newsroom.work()
    assert "It was told here on " in await why(STRIKE)
    assert "There is no such story." in await talk.say("schedule preview 1 story:999")
    await talk.say(f"outlets hide {coverages[0].members[0].article.outlet.name}")
    hidden = coverages[0].members[0].article.title
    assert "switched off here" in await talk.say(f"schedule preview 1 story:{number[hidden]}")


async def test_names_are_completed(talk: Conversation) -> None:
    await talk.say("schedule add weekdays at 9 name:Guilds")
    await talk.say("schedule add every Friday 16:00")
    assert [one.value for one in await talk.complete("schedule edit", "schedule", "gui")] == ["1"]
    assert [one.label for one in await talk.complete("schedule edit", "schedule", "")] == [
        "1: Guilds",
        "2: on Fridays at 16:00",
    ]
    assert [one.value for one in await talk.complete("schedule add", "zone", "lond")] == ["Europe/London"]
    assert [one.value for one in await talk.complete("schedule add", "engine", "ex")] == ["extractive"]


async def test_a_digest_is_posted_now_and_what_it_told_is_told(talk: Conversation) -> None:
    newsroom = talk.newsroom
    await talk.say("schedule add daily at 9")
    assert "Nothing new" in await talk.say("schedule now 1")
    await newsroom.subscribe(entry(STRIKE, 1))
    await newsroom.work()
    assert "is on its way" in await talk.say("schedule now 1")
    await newsroom.work(Stage.REVIEW, Stage.DELIVER)
    assert newsroom.platform.sent == [("channel-1", 0)]
    newsroom.clock.advance(timedelta(minutes=1))
    assert "posts nothing now" in await talk.say("schedule now 1")
    await talk.say("pause")
    assert "posting is paused" in await talk.say("schedule now 1")
    assert "is for a manager" in await talk.say("schedule now 1", ANN)
