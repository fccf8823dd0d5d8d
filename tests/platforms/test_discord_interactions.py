"""Members at work on Discord: commands, buttons, forms and menus over the real desk, played by simcord."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from types import SimpleNamespace
from typing import Any

import pytest

from adapters.discord.addresses import own_community, private_address
from adapters.discord.interactions import Interactions
from adapters.discord.render import parts
from adapters.storage import SqlDatabase
from bot.app.commands.asked import Asked, Completing, Completion, Handler
from bot.app.commands.desk import CommandDesk
from bot.app.once import Once
from bot.app.ports import Stage
from bot.core.command.command import Command, Kind, Parameter
from bot.core.command.invocation import invocation
from bot.core.community import MemberId, Role
from bot.core.delivery import Posted
from bot.core.message.document import Answer, Ask, Form, Reply, TextEntry
from bot.core.message.notice import notice_document
from tests.app.newsroom import STRIKE, STRIKE_TOO, SUIT, WAGES, Newsroom, entry
from tests.factories import new_outlet
from tests.platforms.discord_house import House, discord_house


@pytest.fixture
async def house(newsroom: Newsroom) -> AsyncIterator[House]:
    """Three stories are known."""
    for number, told in enumerate((STRIKE, SUIT, WAGES), 1):
        url = f"https://outlet{number}.example/1"
        outlet = new_outlet(f"Outlet {number}")
        await newsroom.subscribe(entry(told, number, url=url), outlet=outlet, title=outlet.name, desk="trades")
    await newsroom.work()
    async with discord_house(newsroom) as opened:
        yield opened


def walk(components: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for one in components:
        yield one
        yield from walk(one.get("components", []))
        if "accessory" in one:
            yield one["accessory"]


def words(message: Any) -> str:
    return "\n".join(one["content"] for one in walk(message.components) if one["type"] == 10)


def labels(message: Any) -> list[str]:
    return [one["label"] for one in walk(message.components) if one["type"] == 2]


def first_words(house: House) -> list[int]:
    """The kinds of callback that the bot gave, in order."""
    sent = [request for request in house.env.http_requests if request.path.endswith("/callback")]
    return [request.json["type"] for request in sent if request.json is not None]


async def send_off(member: Any, shown: Any, *, channel: Any = None, **changed: str) -> Any:
    """The form as it stands, with these fields changed; what chooses a channel, that `channel`."""
    values: dict[str, Any] = {}
    for one in (label["component"] for label in shown.modal["components"]):
        name = one["custom_id"]
        if one["type"] == 3:
            stands = [option["value"] for option in one["options"] if option.get("default")]
            values[name] = [changed[name]] if name in changed else stands
        elif one["type"] == 8:
            values[name] = [channel]
        else:
            values[name] = changed.get(name, one.get("value", ""))
    return await member.submit_modal(shown, values)


MESSAGE, WAIT, WAIT_QUIETLY, UPDATE, COMPLETIONS, FORM = 4, 5, 6, 7, 8, 9


# --- commands -------------------------------------------------------------------------------------------------


async def test_a_quick_answer_is_the_first_word_and_for_whoever_asked_alone(house: House) -> None:
    result = await house.ann.slash(house.channel, "search", words="screenwriters")
    assert first_words(house) == [MESSAGE]
    assert result.response.ephemeral
    assert "Screenwriters strike over AI scripts" in words(result.response)


async def test_a_slow_command_is_acknowledged_first(house: House) -> None:
    result = await house.ann.slash(house.channel, "digest")
    assert first_words(house) == [WAIT]
    assert result.response.ephemeral
    assert "Novelists sue Quillmark" in words(result.response)
    assert len(house.bot.took) == 1, "how long the first word took is counted, once"


async def test_a_shared_answer_is_for_everybody(house: House) -> None:
    result = await house.ann.slash(house.channel, "story", story="1", share=True)
    assert not result.response.ephemeral


async def test_what_a_member_may_not_is_refused_though_the_menu_shows_it(house: House) -> None:
    result = await house.ann.slash(house.channel, "schedule add", when="weekdays at 9")
    assert result.response.ephemeral
    assert "is for a manager of this community" in words(result.response)
    added = await house.manager.slash(house.channel, "schedule add", when="weekdays at 9")
    assert "Schedule 1" in words(added.response)


async def test_an_editor_is_whom_the_community_made_one(house: House) -> None:
    refused = await house.ann.slash(house.channel, "review list")
    assert "is for an editor or a manager" in words(refused.response)
    made = await house.manager.slash(house.channel, "settings role", member=house.ann.user, role="editor")
    assert "editor" in words(made.response)
    async with house.newsroom.database.read() as tx:
        assert await tx.communities.role(house.community, MemberId(str(house.ann.id))) is Role.EDITOR
    allowed = await house.ann.slash(house.channel, "review list")
    assert "editor or a manager" not in words(allowed.response)


async def test_a_schedule_posts_where_the_channel_was_chosen(house: House) -> None:
    other = house.guild.create_text_channel("digests")
    await house.manager.slash(house.channel, "schedule add", when="every Friday 16:00", place=other)
    async with house.newsroom.database.read() as tx:
        (schedule,) = await tx.schedules.of(house.community)
        destination = await tx.schedules.get_destination(house.community, schedule.destination)
    assert destination is not None
    assert (destination.platform, destination.address) == ("discord", str(other.id))


async def test_what_is_wrong_is_said_with_its_remedy_and_nothing_of_ours(house: House) -> None:
    result = await house.ann.slash(house.channel, "watch add", query="strike AND (")
    assert result.response.ephemeral
    assert "```" in words(result.response)
    assert "Traceback" not in words(result.response)


# --- buttons, menus, forms ------------------------------------------------------------------------------------


async def test_a_watch_is_edited_in_a_form(house: House) -> None:
    added = await house.ann.slash(house.channel, "watch add", query="screenwriters")
    assert "Watch 1 is set" in words(added.response)
    shown = await house.ann.click(added.response, label="Edit")
    assert shown.modal["custom_id"] == "watch.edit?watch=1&revision=1"
    saved = await send_off(house.ann, shown, query="novelists", name="Books", rhythm="daily")
    assert saved.response.ephemeral
    async with house.newsroom.database.read() as tx:
        (watch,) = await tx.watches.pipeline_get(await tx.watches.pipeline_ids())
    assert (watch.query, watch.name) == ("novelists", "Books")


async def test_a_command_may_open_a_form_itself(house: House) -> None:
    await house.manager.slash(house.channel, "schedule add", when="weekdays at 9")
    shown = await house.manager.slash(house.channel, "schedule edit", schedule="1")
    assert shown.modal["custom_id"] == "schedule.edit?schedule=1&revision=1"
    saved = await send_off(house.manager, shown, when="every Friday 16:00")
    assert "16:00" in words(saved.response)


async def test_a_form_that_somebody_else_overtook_says_so(house: House) -> None:
    await house.manager.slash(house.channel, "schedule add", when="weekdays at 9")
    shown = await house.manager.slash(house.channel, "schedule edit", schedule="1")
    await house.manager.slash(house.channel, "schedule edit", schedule="1", when="every Monday 10:00")
    late = await send_off(house.manager, shown, when="every Friday 16:00")
    async with house.newsroom.database.read() as tx:
        (schedule,) = await tx.schedules.of(house.community)
    assert schedule.cron == "0 10 * * 1"
    assert late.response.ephemeral


async def test_buttons_and_forms_work_after_a_restart(house: House) -> None:
    added = await house.ann.slash(house.channel, "watch add", query="screenwriters")
    shown = await house.ann.click(added.response, label="Edit")
    await house.restart()
    saved = await send_off(house.ann, shown, query="novelists")
    assert saved.response is not None
    pressed = await house.ann.click(added.response, label="What it would have sent")
    assert "Novelists sue Quillmark" in words(pressed.response or pressed.followups[0])
    removed = await house.ann.click(added.response, label="Remove this watch")
    assert removed.response is not None
    async with house.newsroom.database.read() as tx:
        assert await tx.watches.count(house.community, MemberId(str(house.ann.id))) == 0


async def test_an_old_button_is_checked_for_whoever_presses_it_now(house: House) -> None:
    paused = await house.manager.slash(house.channel, "pause")
    (resume,) = labels(paused.response)
    refused = await house.ann.click(paused.response, label=resume)
    assert refused.response.ephemeral
    assert "is for a manager" in words(refused.response)


async def test_a_page_is_turned_in_place(house: House) -> None:
    await house.newsroom.subscribe(
        *(entry((f"{STRIKE[0]} {n}", STRIKE[1]), 100 + n, url=f"https://many.example/{n}") for n in range(60)),
        outlet=new_outlet("Many"),
        title="Many",
    )
    await house.newsroom.work(Stage.POLL, Stage.SCORE, Stage.JOIN)
    first = await house.ann.slash(house.channel, "search", words="screenwriters")
    assert "Page 1 of" in words(first.response)
    turned = await house.ann.click(first.response, label="Next page")
    assert "Page 2 of" in words(first.response)
    assert turned.followups == []
    assert first_words(house) == [MESSAGE, UPDATE]


async def test_a_page_for_everybody_is_not_replaced_by_what_is_for_one(house: House) -> None:
    shared = await house.ann.slash(house.channel, "story", story="1", share=True)
    before = words(shared.response)
    pressed = await house.manager.click(shared.response, label=labels(shared.response)[0])
    assert words(shared.response) == before
    assert pressed.response is not None


async def test_a_button_of_another_age_gets_a_polite_answer(house: House) -> None:
    added = await house.ann.slash(house.channel, "watch add", query="screenwriters")
    for one in walk(added.response._message.components):
        if one.get("custom_id"):
            one["custom_id"] = "SOMETHING <else>"
            break
    pressed = await house.ann.click(added.response, custom_id="SOMETHING <else>")
    assert pressed.response.ephemeral
    assert "older version" in words(pressed.response)


async def test_names_are_completed_from_the_store(house: House) -> None:
    found = await house.ann.autocomplete(house.channel, "story", "story", "quillmark")
    (only,) = found
    assert SUIT[0] in only["name"]
    told = await house.ann.slash(house.channel, "story", story=only["value"])
    assert SUIT[0] in words(told.response)


# --- the message's own command --------------------------------------------------------------------------------


async def analysed(house: House, content: str) -> Any:
    message = await house.ann.send(house.channel, content)
    return await house.ann.context_menu(house.channel, "Analyse this link", message)


async def test_the_link_of_a_message_is_analysed(house: House) -> None:
    result = await analysed(house, "Look: <https://nowhere.example/news/1>!")
    assert result.response.ephemeral
    assert house.newsroom.pages.asked[-1] == "https://nowhere.example/news/1"


async def test_of_several_links_one_is_chosen_even_after_a_restart(house: House) -> None:
    far = f"https://far.example/{'a' * 150}"
    asked = await analysed(house, f"https://near.example/1, [there]({far}) and https://near.example/1")
    assert asked.response.ephemeral
    await house.restart()
    await house.ann.select(asked.response, ["link=2"])
    assert house.newsroom.pages.asked[-1] == far


async def test_a_message_without_a_link_is_no_riddle(house: House) -> None:
    result = await analysed(house, "no link, discord.gg/abc")
    assert "There is no link in that message" in words(result.response)


# --- private messages -----------------------------------------------------------------------------------------


async def test_in_private_messages_everybody_has_a_community_of_their_own(house: House) -> None:
    user = house.ann.user
    result = await user.slash("schedule add", when="weekdays at 9")
    assert "Schedule 1" in words(result.response)
    async with house.newsroom.database.read() as tx:
        (schedule,) = await tx.schedules.of(own_community(user.id))
        destination = await tx.schedules.get_destination(own_community(user.id), schedule.destination)
        assert await tx.schedules.of(house.community) == []
    assert destination is not None
    assert destination.address == private_address(user.id)


async def alerted(house: House) -> Any:
    """A private watch of the server's has found something, and told its owner."""
    await house.ann.slash(house.channel, "watch add", query="screenwriters")
    person = await house.bot.fetch_user(house.ann.id)
    message = await person.send(view=parts(notice_document("To come", []))[0].view)
    house.newsroom.platform.outcomes.append(Posted(message=str(message.id)))
    await house.newsroom.subscribe(entry(STRIKE_TOO, 9), outlet=new_outlet("Outlet 9"), title="Outlet 9")
    await house.newsroom.work()
    (alert,) = house.newsroom.platform.documents[private_address(house.ann.id)]
    return await message.edit(view=parts(alert)[0].view)


async def test_an_alert_that_came_privately_is_still_the_servers(house: House) -> None:
    alert = await alerted(house)
    pressed = await house.ann.user.click(alert, label="Pause this watch for a day")
    assert pressed.response is not None
    async with house.newsroom.database.read() as tx:
        (watch,) = await tx.watches.pipeline_get(await tx.watches.pipeline_ids())
    assert watch.muted_until is not None


async def test_who_left_the_server_presses_nothing_of_it_any_more(house: House) -> None:
    alert = await alerted(house)
    house.env.inject_error("GET", f"/guilds/{house.guild.id}/members/*", status=404, code=10007)
    pressed = await house.ann.user.click(alert, label="Full story")
    assert "not a member of any more" in words(pressed.response)


# --- time, trouble, and what comes twice ------------------------------------------------------------------------

ODD = Command(path=("about",), examples=("about",), private=True)
SLOW = Command(path=("digest",), examples=("digest",), private=True, slow=True)
OPEN = Command(path=("pause",), examples=("pause",))
FIND = Command(path=("story",), examples=("story",), parameters=(Parameter(name="story", kind=Kind.STORY),))
FORM_TO_FILL = Form(
    title="A form", invoke=invocation("about"), entries=(TextEntry(name="x", label="X", required=False),), submit="Send"
)


def desk_of(newsroom: Newsroom, handler: Handler, completer: Any = None) -> CommandDesk:
    """Whatever is said, it is this handler that answers."""
    commands = (ODD, SLOW, OPEN, FIND)
    handlers = {command.path: handler for command in commands}
    return CommandDesk(newsroom.database, commands, handlers, {Kind.STORY: completer} if completer else {})


def said(title: str, **more: bool) -> Reply:
    return Reply(document=notice_document(title, []), **more)


def slowly(answer: Answer, seconds: float) -> Handler:
    async def handler(_asked: Asked) -> Answer:
        await asyncio.sleep(seconds)
        return answer

    return handler


async def test_what_the_store_keeps_waiting_is_acknowledged_within_three_seconds(newsroom: Newsroom) -> None:
    async with discord_house(newsroom, desk_of(newsroom, slowly(said("Done"), 60))) as house:
        result = await house.ann.slash(house.channel, "about")
        await house.env.advance_time(2)
        assert first_words(house) == [WAIT]
        await house.env.advance_time(60)
        assert words(result.response) == "# Done"
        assert result.response.ephemeral


async def test_a_form_that_comes_too_late_waits_behind_a_button(newsroom: Newsroom) -> None:
    async with discord_house(newsroom, desk_of(newsroom, slowly(Ask(FORM_TO_FILL), 5))) as house:
        result = await house.ann.slash(house.channel, "about")
        await house.env.advance_time(10)
        assert "The form is ready" in words(result.response)
        shown = await house.ann.click(result.response, label="Open the form")
        assert shown.modal["title"] == "A form"


async def test_a_form_that_waited_is_made_anew_after_a_restart(newsroom: Newsroom) -> None:
    async with discord_house(newsroom, desk_of(newsroom, slowly(Ask(FORM_TO_FILL), 5))) as house:
        result = await house.ann.slash(house.channel, "about")
        await house.env.advance_time(10)
        house.talk.desk = desk_of(newsroom, slowly(Ask(FORM_TO_FILL), 0))
        await house.restart()
        shown = await house.ann.click(result.response, label="Open the form")
        assert shown.modal["title"] == "A form"


async def test_what_takes_longer_than_discord_lets_anybody_answer_comes_privately(newsroom: Newsroom) -> None:
    async with discord_house(newsroom, desk_of(newsroom, slowly(said("At last"), 3600))) as house:
        result = await house.ann.slash(house.channel, "digest")
        await house.env.advance_time(14.5 * 60)
        assert "will come as a private message" in words(result.response)
        await house.env.advance_time(3600)
        message = house.ann.user.dm_channel.last_message
        assert words(message_of(message)) == "# At last"


def message_of(message: Any) -> Any:
    """A message of a channel, with its components as they were sent."""

    return SimpleNamespace(components=[one.to_dict() for one in message.components])


async def test_how_it_goes_is_told_in_the_answers_place(newsroom: Newsroom) -> None:
    async def handler(asked: Asked) -> Answer:
        await asked.tell(notice_document("Reading", []))
        await asyncio.sleep(30)
        return said("Read")

    async with discord_house(newsroom, desk_of(newsroom, handler)) as house:
        result = await house.ann.slash(house.channel, "about")
        assert words(result.response) == "# Reading"
        await house.env.advance_time(31)
        assert words(result.response) == "# Read"
        assert result.followups == []


async def test_a_fault_shows_nothing_of_itself(newsroom: Newsroom) -> None:
    async def handler(_asked: Asked) -> Answer:
        raise RuntimeError("secret words")

    async with discord_house(newsroom, desk_of(newsroom, handler)) as house:
        result = await house.ann.slash(house.channel, "about")
        assert "That is a fault in Slugline" in words(result.response)
        assert "secret" not in words(result.response)
        assert result.response.ephemeral


async def test_trouble_of_one_who_asked_openly_is_still_for_them_alone(newsroom: Newsroom) -> None:
    async def handler(_asked: Asked) -> Answer:
        await asyncio.sleep(5)
        raise RuntimeError("secret words")

    async with discord_house(newsroom, desk_of(newsroom, handler)) as house:
        result = await house.ann.slash(house.channel, "pause")
        await house.env.advance_time(10)
        assert result.response is None
        (only,) = result.followups
        assert only.ephemeral
        assert "a fault in Slugline" in words(only)


async def test_what_discord_refuses_is_said_so(newsroom: Newsroom) -> None:
    async with discord_house(newsroom, desk_of(newsroom, slowly(said("Refused"), 0))) as house:
        house.env.inject_error("POST", "/interactions/*", status=400, code=50035)
        result = await house.ann.slash(house.channel, "about")
        assert "a fault in Slugline" in words(result.response)


async def test_an_interaction_that_comes_twice_is_answered_once(newsroom: Newsroom) -> None:
    asked = []

    async def handler(one: Asked) -> Answer:
        asked.append(one)
        return said("Once")

    async with discord_house(newsroom, desk_of(newsroom, handler)) as house:
        handle = house.bot.on_interaction

        async def twice(interaction: Any) -> None:
            await asyncio.gather(handle(interaction), handle(interaction))

        house.bot.on_interaction = twice  # type: ignore[method-assign]
        await house.ann.slash(house.channel, "about")
        assert len(asked) == 1
        assert first_words(house) == [MESSAGE]


async def test_what_two_processes_hear_is_done_by_one(newsroom: Newsroom, sqlite: SqlDatabase) -> None:
    """As where one takes a shard over from the other: Discord tells both."""
    asked: list[Asked] = []

    async def handler(one: Asked) -> Answer:
        asked.append(one)
        return said("Once")

    desk = desk_of(newsroom, handler)
    async with discord_house(newsroom, desk, once=Once(sqlite, "discord")) as house:
        handle = house.bot.on_interaction
        other = Interactions(desk, sqlite, newsroom.clock, once=Once(sqlite, "discord"))

        async def both(interaction: Any) -> None:
            await asyncio.gather(handle(interaction), other.handle(interaction))

        house.bot.on_interaction = both  # type: ignore[method-assign]
        for number in range(1, 6):
            await house.ann.slash(house.channel, "about")
            assert len(asked) == number
        assert first_words(house) == [MESSAGE] * 5


async def test_a_store_that_says_late_whose_it_is_delays_no_acknowledgement(newsroom: Newsroom) -> None:
    opened: list[House] = []

    class Late(Once):
        async def first(self, key: str) -> bool:
            while not first_words(opened[0]):  # noqa: ASYNC110
                await asyncio.sleep(0.01)
            return True

    once = Late(newsroom.database, "discord")
    async with discord_house(newsroom, desk_of(newsroom, slowly(said("Late"), 0)), once=once) as house:
        opened.append(house)
        result = await house.ann.slash(house.channel, "about")
        assert first_words(house) == [WAIT]
        assert "Late" in words(result.response)


async def test_names_that_take_too_long_are_not_waited_for(newsroom: Newsroom) -> None:
    async def completer(_completing: Completing) -> list[Completion]:
        await asyncio.sleep(10)
        return [Completion("late", "late")]

    async with discord_house(newsroom, desk_of(newsroom, slowly(said(""), 0), completer)) as house:
        looking = asyncio.create_task(house.ann.autocomplete(house.channel, "story", "story", "x"))
        while not first_words(house):
            await asyncio.sleep(0.01)
            await house.env.advance_time(0.3) if looking.done() else None
        assert first_words(house) == [COMPLETIONS]
        assert await looking == []


async def test_a_long_answer_comes_in_several_messages_for_the_same_eyes(newsroom: Newsroom) -> None:
    long = notice_document("Long", ["A sentence of some length. " * 30] * 12)
    async with discord_house(newsroom, desk_of(newsroom, slowly(Reply(document=long, private=True), 0))) as house:
        result = await house.ann.slash(house.channel, "about")
        assert words(result.response).startswith("# Long")
        assert len(result.followups) == 2
        assert all(one.ephemeral for one in result.followups)
        assert "Long, continued" in words(result.followups[0])


async def test_a_server_is_set_up_in_a_form(house: House) -> None:
    """Of the server's channels one is chosen, where it is asked for is proposed."""
    shown = await house.manager.slash(house.channel, "setup")
    place = shown.modal["components"][0]["component"]
    assert (place["type"], place["default_values"]) == (8, [{"id": house.channel.id, "type": "channel"}])
    other = house.guild.create_text_channel("digests")
    done = await send_off(house.manager, shown, when="every Friday 16:00", channel=other)
    assert done.response.ephemeral
    async with house.newsroom.database.read() as tx:
        (schedule,) = await tx.schedules.of(house.community)
        destination = await tx.schedules.get_destination(house.community, schedule.destination)
    assert schedule.cron == "0 16 * * 5"
    assert destination is not None
    assert destination.address == str(other.id)
