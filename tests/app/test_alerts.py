"""What watches are told: stages alert, bundle and remind, over a whole pipeline."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from bot.app.alert import LOOK_AGAIN
from bot.app.ports import Stage
from bot.core.community import COMMON, CommunityId, MemberId, Viewer
from bot.core.desk.tracking import NewTrackedItem, WatchState
from bot.core.message.document import Actions, Button, Document, Link, Prose
from bot.core.story import StoryId
from bot.core.watch.watch import Rhythm, Throttle, WatchId
from tests.app.newsroom import HARVEST, STRIKE, STRIKE_TOO, SUIT, TODAY, WAGES, Newsroom, entry
from tests.core.test_message_digest import words
from tests.factories import GUILD, STUDIO, new_alert, new_community, new_outlet, new_watch

ANN = MemberId("ann")
HOUR = timedelta(hours=1)
CASE = 'case:"Bartz v. Anthropic"'
DISMISSED = (
    "Judge dismisses Bartz v. Anthropic, the authors' AI suit",
    "A judge dismissed Bartz v. Anthropic on Monday. The authors had sued over artificial intelligence that was trained"
    " on their books. Writers said they would go on.",
)


async def watch(
    newsroom: Newsroom, query: str = "screenwriters", community: CommunityId = GUILD, to: str = "alerts", **fields: Any
) -> WatchId:
    async with newsroom.database.begin() as tx:
        await tx.communities.ensure(new_community(community))
        place = await tx.schedules.destination(community, "discord", to)
        if "story" not in fields:
            fields["query"] = query
        return await tx.watches.add(new_watch(place.id, community, **fields))


async def tell(
    newsroom: Newsroom, *told: tuple[str, str], number: int = 1, owner: Viewer = None, **fields: Any
) -> None:
    """A new outlet tells these, and all that is due is done."""
    name = f"Outlet {number}"
    host = f"https://outlet{number}.example"
    entries = [entry(one, at, **{"url": f"{host}/{at}", **fields}) for at, one in enumerate(told)]
    await newsroom.subscribe(*entries, outlet=new_outlet(name), title=name, owner=owner)
    await newsroom.work()


def sent(newsroom: Newsroom, to: str = "alerts") -> list[str]:
    return ["\n".join(words(document)) for document in newsroom.platform.documents[to]]


async def due(newsroom: Newsroom, id_: WatchId, span: timedelta, community: CommunityId = GUILD) -> None:
    """Later, when what that watch held is looked at."""
    newsroom.clock.advance(span)
    async with newsroom.database.begin() as tx:
        await tx.tasks.put(Stage.BUNDLE, [id_], community)
    await newsroom.work()


async def the_story(newsroom: Newsroom) -> StoryId:
    (coverage,) = await newsroom.stories()
    return coverage.story.id


async def test_an_alert_links_quotes_and_says_why(newsroom: Newsroom) -> None:
    id_ = await watch(newsroom, note="for the strike fund")
    await tell(newsroom, STRIKE, HARVEST, SUIT)
    (document,) = newsroom.platform.documents["alerts"]
    lead = document.blocks[0]
    assert isinstance(lead, Prose)
    assert lead.content == (Link(STRIKE[0], "https://outlet1.example/0"),)
    (told,) = sent(newsroom)
    assert "1 outlet: Outlet 1" in told
    assert STRIKE[1].split(". ")[0] in told
    assert "watch 1 found screenwriters" in told
    assert "for the strike fund" in told
    said = [button.invoke for button in buttons(document)]
    assert [" ".join(one.path) for one in said] == ["story", "follow", "watch pause", "watch remove"]
    assert said[2].given("watch") == str(id_)


def buttons(document: Document) -> list[Button]:
    (actions,) = [block for block in document.blocks if isinstance(block, Actions)]
    return [item for item in actions.items if isinstance(item, Button)]


async def test_ten_outlets_are_one_alert_that_is_updated(newsroom: Newsroom) -> None:
    id_ = await watch(newsroom)
    for number in range(1, 11):
        await tell(newsroom, STRIKE if number % 2 else STRIKE_TOO, number=number)
    assert len(sent(newsroom)) == 1
    async with newsroom.database.read() as tx:
        (stored,) = await tx.watches.pipeline_get([id_])
        (alert,) = await tx.alerts.of(stored, await the_story(newsroom), TODAY - HOUR)
    assert alert.outlets == tuple(f"Outlet {number}" for number in range(1, 11))
    _, edited = newsroom.platform.edits[-1]
    assert "10 outlets: Outlet 1, " in "\n".join(words(edited)), "where it stands"


async def test_a_message_that_was_not_sent_yet_says_what_its_alert_became(newsroom: Newsroom) -> None:
    await watch(newsroom)
    undelivered = [stage for stage in Stage if stage is not Stage.DELIVER]
    for number in (1, 2):
        await newsroom.subscribe(entry(STRIKE, number), outlet=new_outlet(f"Outlet {number}"), title=f"{number}")
        await newsroom.work(*undelivered)
    await newsroom.work()
    (told,) = sent(newsroom)
    assert "2 outlets: Outlet 1, Outlet 2" in told


async def test_late_news_is_no_alert(newsroom: Newsroom) -> None:
    """A new feed's backlog wakes nobody."""
    await watch(newsroom)
    await tell(newsroom, STRIKE, published=TODAY - timedelta(days=3))
    assert sent(newsroom) == []


async def test_a_story_off_the_topic_is_for_watches_of_everything(newsroom: Newsroom) -> None:
    await watch(newsroom, "dockworkers", to="some")
    await watch(newsroom, "dockworkers", to="all", everything=True)
    await tell(newsroom, WAGES)
    assert (sent(newsroom, "some"), len(sent(newsroom, "all"))) == ([], 1)


async def test_each_community_is_told_of_what_it_sees(newsroom: Newsroom) -> None:
    """A private feed's article alerts its owner alone; a hidden outlet's alerts everybody else."""
    await watch(newsroom, to="guild")
    await watch(newsroom, community=STUDIO, to="studio")
    await tell(newsroom, STRIKE, number=1, owner=GUILD)
    assert (len(sent(newsroom, "guild")), sent(newsroom, "studio")) == (1, [])
    async with newsroom.database.begin() as tx:
        await tx.preferences.show_outlet(STUDIO, "Outlet 2", shown=False)
    await tell(newsroom, STRIKE_TOO, number=2)
    assert sent(newsroom, "studio") == []
    await tell(newsroom, STRIKE, number=3)
    (told,) = sent(newsroom, "studio")
    assert "1 outlet: Outlet 3" in told
    assert "Outlet 1" not in told


async def test_a_paused_and_a_muted_watch_are_told_nothing(newsroom: Newsroom) -> None:
    await watch(newsroom, paused=True)
    await watch(newsroom, muted_until=TODAY + HOUR)
    await tell(newsroom, STRIKE)
    assert sent(newsroom) == []


async def test_a_removed_watch_is_told_nothing_and_a_changed_one_what_it_asks_now(newsroom: Newsroom) -> None:
    removed, changed = await watch(newsroom), await watch(newsroom, "walnuts")
    await tell(newsroom, STRIKE, number=1)
    assert len(sent(newsroom)) == 1
    async with newsroom.database.begin() as tx:
        assert await tx.watches.remove(GUILD, ANN, removed)
        assert await tx.watches.change(GUILD, ANN, changed, 1, query="novelists")
    await tell(newsroom, STRIKE_TOO, SUIT, number=2)
    assert [told.splitlines()[0] for told in sent(newsroom)[1:]] == [SUIT[0]]


async def test_a_query_that_is_not_understood_any_more_stops_no_other(newsroom: Newsroom) -> None:
    await watch(newsroom, "guild:nobody-knows-this-one")
    await watch(newsroom)
    await tell(newsroom, STRIKE)
    assert len(sent(newsroom)) == 1


@pytest.mark.parametrize(("rhythm", "wait"), [(Rhythm.HOURLY, HOUR), (Rhythm.DAILY, timedelta(days=1))])
async def test_what_an_hour_or_a_day_gathers_is_one_message(
    newsroom: Newsroom, rhythm: Rhythm, wait: timedelta
) -> None:
    id_ = await watch(newsroom, "screenwriters OR novelists", rhythm=rhythm, name="Writers")
    await tell(newsroom, STRIKE, SUIT)
    await due(newsroom, id_, timedelta(minutes=1))
    assert sent(newsroom) == []
    await due(newsroom, id_, wait)
    (told,) = sent(newsroom)
    assert told.startswith("“Writers”: 2 stories")
    assert STRIKE[0] in told
    assert SUIT[0] in told
    await due(newsroom, id_, wait)
    assert len(sent(newsroom)) == 1


async def test_more_than_the_throttle_lets_through_is_told_together_later(newsroom: Newsroom) -> None:
    id_ = await watch(
        newsroom, "screenwriters OR novelists OR ai", throttle=Throttle(most=1, per=HOUR), everything=True
    )
    await tell(newsroom, STRIKE, SUIT, DISMISSED)
    assert len(sent(newsroom)) == 1
    await due(newsroom, id_, HOUR)
    assert len(sent(newsroom)) == 2
    assert "2 stories" in sent(newsroom)[1]


@pytest.mark.parametrize("planned", [None, timedelta(days=3)], ids=["for good", "for three days"])
async def test_while_a_community_is_paused_alerts_wait_until_somebody_ends_that(
    newsroom: Newsroom, planned: timedelta | None
) -> None:
    id_ = await watch(newsroom)
    async with newsroom.database.begin() as tx:
        until = None if planned is None else newsroom.clock.now() + planned
        await tx.settings.set(GUILD, paused=True, paused_until=until)
    await tell(newsroom, STRIKE)
    await due(newsroom, id_, LOOK_AGAIN)
    assert sent(newsroom) == []
    async with newsroom.database.begin() as tx:
        await tx.settings.set(GUILD, paused=False, paused_until=None)
    await due(newsroom, id_, LOOK_AGAIN)
    assert len(sent(newsroom)) == 1


async def test_when_a_communitys_pause_is_over_alerts_are_told(newsroom: Newsroom) -> None:
    id_ = await watch(newsroom)
    async with newsroom.database.begin() as tx:
        await tx.settings.set(GUILD, paused=True, paused_until=newsroom.clock.now() + LOOK_AGAIN / 2)
    await tell(newsroom, STRIKE)
    await due(newsroom, id_, LOOK_AGAIN / 2)
    assert len(sent(newsroom)) == 1


async def test_a_follower_hears_of_what_is_added_and_not_of_what_they_had_read(newsroom: Newsroom) -> None:
    await watch(newsroom, "nothing-that-anybody-writes")  # so that stories are looked at
    await tell(newsroom, STRIKE, number=1)
    story = await the_story(newsroom)
    id_ = await watch(newsroom, story=story, owner=ANN, to="dm", everything=True)
    async with newsroom.database.begin() as tx:
        (stored,) = await tx.watches.pipeline_get([id_])
        read = new_alert(story, told_at=TODAY, known=True, outlets=("Outlet 1",), terms=())
        await tx.alerts.add(stored, read)
        await tx.tasks.put(Stage.ALERT, [story], COMMON)
    await newsroom.work()
    assert sent(newsroom, "dm") == []
    await tell(newsroom, STRIKE_TOO, number=2)
    (told,) = sent(newsroom, "dm")
    assert "you follow this story" in told
    assert "Outlet 2" in told
    assert "unfollow" in [" ".join(one.invoke.path) for one in buttons(newsroom.platform.documents["dm"][0])]


async def test_what_moved_is_told_once_a_place_and_only_where_a_source_says_so(newsroom: Newsroom) -> None:
    await watch(newsroom, CASE, to="here")
    await watch(newsroom, f"{CASE} OR screenwriters", to="here")
    await watch(newsroom, "judge", to="there")
    await tell(newsroom, DISMISSED)
    here = sent(newsroom, "here")
    assert ["dismissed" in told and "What moved" in told for told in here] == [True, False]
    assert ["What moved" in told for told in sent(newsroom, "there")] == [False], "it names no case"


async def test_a_move_is_told_anew_though_the_story_was_told(newsroom: Newsroom) -> None:
    """And as what it is: an update."""
    before = (DISMISSED[0].replace("dismisses", "hears"), DISMISSED[1].replace("dismissed", "was hearing"))
    await watch(newsroom, CASE)
    await tell(newsroom, before, number=1)
    await tell(newsroom, DISMISSED, number=2)
    first, second = sent(newsroom)
    assert "What moved" not in first
    assert second.startswith("Update: ")
    assert "dismissed" in second


async def test_an_edited_alert_goes_on_saying_what_moved(newsroom: Newsroom) -> None:
    await watch(newsroom, CASE)
    for number in (1, 2):
        await tell(newsroom, DISMISSED, number=number)
    assert len(sent(newsroom)) == 1
    _, edited = newsroom.platform.edits[-1]
    said = "\n".join(words(edited))
    assert "2 outlets" in said
    assert "What moved: " in said


async def test_a_reserved_text_is_not_quoted_and_a_paywalled_one_no_further_than_its_teaser(newsroom: Newsroom) -> None:
    content = f"{STRIKE[1]} The inner secret of the screenwriters is told to subscribers only."
    await watch(newsroom, "subscribers", to="deep")
    await watch(newsroom, to="paid")
    await newsroom.subscribe(
        entry(STRIKE, 1, content=content), outlet=new_outlet("Paid", paywalled=True), title="Paid", trusted=False
    )
    await newsroom.work()
    assert all("inner secret" not in told for to in ("deep", "paid") for told in sent(newsroom, to))
    assert (len(sent(newsroom, "deep")), len(sent(newsroom, "paid"))) == (1, 1)


async def test_merged_stories_are_one_alert(newsroom: Newsroom) -> None:
    id_ = await watch(newsroom, "screenwriters OR novelists")
    await tell(newsroom, STRIKE, number=1)
    await tell(newsroom, SUIT, number=2)
    assert len(sent(newsroom)) == 2
    one, other = [coverage.story.id for coverage in await newsroom.stories()]
    async with newsroom.database.begin() as tx:
        await tx.stories.merge(one, other, newsroom.clock.now())
        await tx.tasks.put(Stage.ALERT, [one], COMMON)
    await newsroom.work()
    assert len(sent(newsroom)) == 2
    async with newsroom.database.read() as tx:
        (stored,) = await tx.watches.pipeline_get([id_])
        assert {alert.story for alert in await tx.alerts.of(stored, one, TODAY + HOUR)} == {one}


async def test_doing_it_again_adds_nothing(newsroom: Newsroom) -> None:
    await watch(newsroom)
    await watch(newsroom, rhythm=Rhythm.HOURLY)
    await tell(newsroom, STRIKE)
    story = await the_story(newsroom)
    for _ in range(2):
        async with newsroom.database.begin() as tx:
            await tx.tasks.put(Stage.ALERT, [story], COMMON)
        await newsroom.work()
    assert len(sent(newsroom)) == 1
    async with newsroom.database.read() as tx:
        (hourly,) = await tx.watches.pipeline_get([WatchId(2)])
        assert len(await tx.alerts.of(hourly, StoryId(0), TODAY)) == 1


async def test_nobody_watching_costs_no_task(newsroom: Newsroom) -> None:
    await newsroom.subscribe(entry(STRIKE))
    await newsroom.work(Stage.POLL, Stage.SCORE, Stage.JOIN)
    assert await newsroom.waiting(Stage.ALERT) == 0


# --- reminders ----------------------------------------------------------------------------------------------

VOTE = date(2100, 3, 18)
CLAIM = "The guild votes on the contract on 18 March."


async def expecting(newsroom: Newsroom, **fields: Any) -> StoryId:
    """A story that was told to one watch and waits for a day."""
    await watch(newsroom, **fields)
    await tell(newsroom, STRIKE)
    (coverage,) = await newsroom.stories()
    article = coverage.members[0].article
    item = NewTrackedItem(
        story=coverage.story.id,
        owner=None,
        claim=CLAIM,
        article=article.id,
        sentence=CLAIM,
        due=VOTE,
        since=article.published,
        heard=article.published,
    )
    async with newsroom.database.begin() as tx:
        await tx.tracked.add(COMMON, [item])
        await tx.settings.set(GUILD, zone="America/Los_Angeles")
    return coverage.story.id


async def look(newsroom: Newsroom, story: StoryId, at: str) -> list[str]:
    """What was posted beside the alert itself."""
    newsroom.clock.time = TODAY.fromisoformat(at)
    async with newsroom.database.begin() as tx:
        await tx.tasks.put(Stage.REMIND, [story], COMMON)
    await newsroom.work()
    return sent(newsroom)[1:]


async def test_a_week_and_a_day_before_whoever_was_told_is_reminded_once(newsroom: Newsroom) -> None:
    """At nine in the community's morning: 17:00 UTC, and 16:00 once its clocks have changed."""
    story = await expecting(newsroom)
    assert await look(newsroom, story, "2100-03-11T16:59:00Z") == []
    week = await look(newsroom, story, "2100-03-11T17:00:00Z")
    assert len(week) == 1
    assert week[0].startswith("In 7 days: ")
    assert CLAIM in week[0]
    assert await look(newsroom, story, "2100-03-11T18:00:00Z") == week
    assert await look(newsroom, story, "2100-03-17T15:59:00Z") == week
    both = await look(newsroom, story, "2100-03-17T16:00:00Z")
    assert len(both) == 2
    assert both[1].startswith("Tomorrow: ")
    assert await look(newsroom, story, "2100-03-17T20:00:00Z") == both


async def test_what_is_settled_or_long_past_its_hour_is_not_reminded_of(newsroom: Newsroom) -> None:
    story = await expecting(newsroom)
    assert await look(newsroom, story, "2100-03-12T09:00:00Z") == [], "sixteen hours late"
    async with newsroom.database.begin() as tx:
        (item,) = await tx.tracked.of(COMMON, story)
        happened = replace(item, state=WatchState.HAPPENED, resolved_by=item.article, resolution=CLAIM)
        await tx.tracked.change(COMMON, happened)
    assert await look(newsroom, story, "2100-03-17T16:00:00Z") == []


async def test_a_hidden_outlets_day_and_a_paused_watch_are_not_reminded(newsroom: Newsroom) -> None:
    story = await expecting(newsroom)
    async with newsroom.database.begin() as tx:
        await tx.preferences.show_outlet(GUILD, "Outlet 1", shown=False)
    assert await look(newsroom, story, "2100-03-11T17:00:00Z") == []
    async with newsroom.database.begin() as tx:
        await tx.preferences.show_outlet(GUILD, "Outlet 1", shown=True)
        await tx.watches.change(GUILD, ANN, WatchId(1), 1, paused=True)
    assert await look(newsroom, story, "2100-03-11T17:00:00Z") == []
