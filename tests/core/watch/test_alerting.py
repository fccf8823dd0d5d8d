from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.community import CommunityId, MemberId, Role
from bot.core.delivery import DestinationId
from bot.core.errors import InputError
from bot.core.story import StoryId
from bot.core.watch.alerting import (
    SEEN_FOR,
    Alert,
    AlertId,
    Decision,
    Hold,
    Nothing,
    Reason,
    Sighting,
    Tell,
    Update,
    Waiting,
    decide,
    due_now,
    next_bundle,
    next_due,
    taken_in,
)
from bot.core.watch.watch import NewWatch, Rhythm, Throttle, Watch, WatchId, may_change, may_see

NOON = datetime(2025, 3, 10, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
GUILD, OTHER = CommunityId("discord:100"), CommunityId("discord:200")
ANN, BEN = MemberId("1"), MemberId("2")


def watch(**fields: Any) -> Watch:
    return Watch(
        **{
            "id": WatchId(1),
            "community": GUILD,
            "owner": ANN,
            "query": "wga strike",
            "destination": DestinationId(1),
            "created_at": NOON,
            **fields,
        }
    )


def seen(*outlets: str, story: int = 1, version: int = 1, **fields: Any) -> Sighting:
    return Sighting(story=StoryId(story), version=version, outlets=outlets, terms=("wga",), **fields)


def alert(*outlets: str, id: int = 1, story: int = 1, version: int = 1, **fields: Any) -> Alert:
    return Alert(id=AlertId(id), story=StoryId(story), version=version, outlets=outlets, terms=("wga",), **fields)


def test_a_new_story_is_told_at_once() -> None:
    assert decide(watch(), seen("Variety"), (), NOON) == Tell()


def test_another_outlet_updates_the_alert_of_its_story() -> None:
    told = alert("Variety", told_at=NOON)
    decision = decide(watch(), seen("Variety", "Deadline", version=2), [told], NOON + HOUR)
    assert decision == Update(told.id, outlets=("Deadline",), terms=())


def test_more_of_the_query_in_a_told_story_updates_it() -> None:
    told = alert("Variety", told_at=NOON)
    more = replace(seen("Variety", version=2), terms=("wga", "strike"))
    assert decide(watch(), more, [told], NOON + HOUR) == Update(told.id, outlets=(), terms=("strike",))


@pytest.mark.parametrize(
    "again",
    [seen("Variety"), seen("Variety", version=7), seen(), seen("Variety", "Deadline", version=0)],
    ids=["same", "edited only", "its outlet is gone", "an older version"],
)
def test_nothing_new_is_not_told(again: Sighting) -> None:
    assert decide(watch(), again, [alert("Variety", told_at=NOON)], NOON + HOUR) == Nothing(Reason.NOTHING_NEW)


def test_what_moves_after_days_is_told_anew_as_an_update() -> None:
    told = alert("Variety", told_at=NOON)
    moved = seen("Variety", "Deadline", version=9)
    assert decide(watch(), moved, [told], NOON + SEEN_FOR + HOUR) == Tell(renews=told.id)
    daily = watch(rhythm=Rhythm.DAILY)
    held = decide(daily, moved, [told], NOON + SEEN_FOR + HOUR)
    assert held == Hold(datetime(2025, 3, 13, 9, tzinfo=UTC), Waiting.RHYTHM, renews=told.id)


def test_the_latest_alert_of_a_story_is_the_one_that_is_updated() -> None:
    first = alert("Variety", id=1, told_at=NOON - 5 * SEEN_FOR)
    second = alert("Variety", "Deadline", id=2, told_at=NOON, renews=first.id)
    moved = seen("Variety", "Deadline", "Wired", version=3)
    assert decide(watch(), moved, [second, first], NOON + HOUR) == Update(second.id, ("Wired",), ())


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"paused": True}, Reason.PAUSED),
        ({"muted_until": NOON + HOUR}, Reason.MUTED),
        ({"paused": True, "muted_until": NOON + HOUR}, Reason.PAUSED),
    ],
)
def test_a_silent_watch_tells_nothing_and_says_why(fields: dict[str, Any], reason: Reason) -> None:
    assert decide(watch(**fields), seen("Variety"), (), NOON) == Nothing(reason)


def test_a_mute_ends_by_itself() -> None:
    assert decide(watch(muted_until=NOON), seen("Variety"), (), NOON) == Tell()


def test_stories_off_topic_are_told_to_those_who_want_everything() -> None:
    off = seen("Variety", relevant=False)
    assert decide(watch(), off, (), NOON) == Nothing(Reason.OFF_TOPIC)
    assert decide(watch(everything=True), off, (), NOON) == Tell()


def test_an_hourly_watch_gathers_until_the_hour() -> None:
    hourly = watch(rhythm=Rhythm.HOURLY)
    at = NOON + timedelta(minutes=20)
    assert decide(hourly, seen("Variety"), (), at) == Hold(NOON + HOUR, Waiting.RHYTHM)
    waiting = alert("Variety", due=NOON + HOUR)
    more = seen("Variety", "Deadline", version=2)
    assert decide(hourly, more, [waiting], at) == Hold(NOON + HOUR, Waiting.RHYTHM, alert=waiting.id)
    assert decide(hourly, seen("Variety"), [waiting], at) == Nothing(Reason.NOTHING_NEW)


@pytest.mark.parametrize(
    ("now", "zone", "at", "expected"),
    [
        (datetime(2025, 3, 10, 12, tzinfo=UTC), "Europe/London", time(9), datetime(2025, 3, 11, 9, tzinfo=UTC)),
        (datetime(2025, 7, 10, 12, tzinfo=UTC), "Europe/London", time(9), datetime(2025, 7, 11, 8, tzinfo=UTC)),
        (
            datetime(2025, 3, 9, 9, tzinfo=UTC),
            "America/New_York",
            time(2, 30),
            datetime(2025, 3, 10, 6, 30, tzinfo=UTC),
        ),
        (
            datetime(2025, 11, 2, 5, 45, tzinfo=UTC),
            "America/New_York",
            time(1, 30),
            datetime(2025, 11, 3, 6, 30, tzinfo=UTC),
        ),
        (datetime(2025, 3, 11, 9, tzinfo=UTC), "UTC", time(9), datetime(2025, 3, 12, 9, tzinfo=UTC)),
    ],
    ids=["winter", "summer", "after the skipped hour", "the repeated hour once", "strictly later"],
)
def test_a_daily_watch_is_told_at_its_own_time_of_day(now: datetime, zone: str, at: time, expected: datetime) -> None:
    assert next_bundle(watch(rhythm=Rhythm.DAILY, zone=zone, daily_at=at), now) == expected


def test_a_zone_that_does_not_exist_is_refused() -> None:
    with pytest.raises(InputError, match="Mars"):
        next_bundle(watch(rhythm=Rhythm.DAILY, zone="Mars/Olympus"), NOON)


def test_what_is_too_much_waits_and_is_told_together() -> None:
    slow = watch(throttle=Throttle(most=2, per=HOUR))
    told = [alert("Variety", id=n, story=n, told_at=NOON + timedelta(minutes=n)) for n in (1, 2)]
    now = NOON + timedelta(minutes=10)
    first = decide(slow, seen("Variety", story=3), told, now)
    assert first == Hold(NOON + timedelta(minutes=61), Waiting.THROTTLE)
    assert isinstance(first, Hold)
    waiting = alert("Variety", id=3, story=3, due=first.due)
    later = first.due + timedelta(minutes=1)
    assert decide(slow, seen("Variety", story=4), [*told, waiting], later) == first, "not before those that wait"
    assert decide(slow, seen("Variety", story=4), told, later) == Tell()


def test_alerts_told_together_count_once() -> None:
    slow = watch(throttle=Throttle(most=2, per=HOUR))
    told = [alert("Variety", id=n, story=n, told_at=NOON) for n in range(1, 6)]
    assert decide(slow, seen("Variety", story=9), told, NOON + timedelta(minutes=5)) == Tell()


def test_updates_are_not_throttled() -> None:
    slow = watch(throttle=Throttle(most=1, per=HOUR))
    told = alert("Variety", told_at=NOON)
    more = seen("Variety", "Deadline", version=2)
    assert decide(slow, more, [told], NOON + timedelta(minutes=1)) == Update(told.id, ("Deadline",), ())


def test_a_bundle_is_what_is_due_in_the_order_it_came() -> None:
    alerts = [
        alert("a", id=3, story=3, due=NOON),
        alert("b", id=1, story=1, due=NOON - HOUR),
        alert("c", id=2, story=2, due=NOON + HOUR),
        alert("d", id=4, story=4, due=NOON - HOUR, told_at=NOON - HOUR),
    ]
    assert [one.id for one in due_now(watch(), alerts, NOON)] == [1, 3]
    assert due_now(watch(muted_until=NOON + HOUR), alerts, NOON) == ()
    assert due_now(watch(paused=True), alerts, NOON) == ()
    assert next_due(alerts) == NOON - HOUR
    assert next_due(()) is None


# --- over many days -----------------------------------------------------------------------------------------


@dataclass
class Ledger:
    """Writes decisions down, as the store does, and tells what is due every minute that something happens."""

    watch: Watch
    alerts: dict[AlertId, Alert] = field(default_factory=dict)
    posts: list[datetime] = field(default_factory=list)

    def happens(self, sighting: Sighting, now: datetime) -> Decision:
        self.tick(now)
        decision = decide(self.watch, sighting, list(self.alerts.values()), now)
        match decision:
            case Tell():
                self._make(sighting, told_at=now, renews=decision.renews)
                self.posts.append(now)
            case Update():
                self.alerts[decision.alert] = taken_in(self.alerts[decision.alert], sighting)
            case Hold(alert=None):
                self._make(sighting, due=decision.due, renews=decision.renews)
            case Hold():
                assert decision.alert is not None
                self.alerts[decision.alert] = taken_in(self.alerts[decision.alert], sighting)
            case Nothing():
                pass
        return decision

    def tick(self, now: datetime) -> None:
        if bundle := due_now(self.watch, self.alerts.values(), now):
            self.posts.append(now)
            self.alerts |= {one.id: replace(one, told_at=now) for one in bundle}

    def _make(self, sighting: Sighting, **fields: Any) -> None:
        id = AlertId(len(self.alerts) + 1)
        self.alerts[id] = alert(*sighting.outlets, id=id, story=sighting.story, version=sighting.version, **fields)


EVENTS = st.lists(
    st.tuples(st.integers(1, 3), st.sampled_from("abcdef"), st.integers(0, 3 * 24 * 60)), min_size=1, max_size=30
)
WATCHES = st.builds(
    watch,
    rhythm=st.sampled_from(Rhythm),
    throttle=st.none() | st.builds(Throttle, most=st.integers(1, 3), per=st.sampled_from((HOUR, timedelta(days=1)))),
)


@given(WATCHES, EVENTS)
def test_every_outlet_is_told_once_in_one_alert_and_never_too_much(
    settings: Watch, events: list[tuple[int, str, int]]
) -> None:
    ledger, outlets, now = Ledger(settings), dict[int, tuple[str, ...]](), NOON
    for version, (story, outlet, minutes) in enumerate(events, 1):
        now += timedelta(minutes=minutes)
        outlets[story] = tuple(dict.fromkeys((*outlets.get(story, ()), outlet)))
        sighting = seen(*outlets[story], story=story, version=version)
        ledger.happens(sighting, now)
        assert ledger.happens(sighting, now) == Nothing(Reason.NOTHING_NEW)
    for days in range(1, 5):
        ledger.tick(now + timedelta(days=days))
    for story, expected in outlets.items():
        mine = [one for one in ledger.alerts.values() if one.story == story]
        assert set(mine[-1].outlets) == set(expected)
        assert all(one.told_at is not None for one in mine)
        assert [one.renews for one in mine] == [None, *(one.id for one in mine[:-1])]
        told = [one.told_at for one in mine if one.told_at is not None]
        assert all(later - earlier > SEEN_FOR for earlier, later in pairwise(told))
    if settings.throttle is not None and settings.rhythm is Rhythm.INSTANT:
        posts, most = ledger.posts, settings.throttle.most
        assert all(later - posts[n] >= settings.throttle.per for n, later in enumerate(posts[most:]))


# --- who sees it --------------------------------------------------------------------------------------------


def test_a_private_watch_is_its_members_only() -> None:
    private = watch(private=True)
    assert may_see(private, GUILD, ANN)
    assert not may_see(private, GUILD, BEN)
    assert not may_see(private, OTHER, ANN)
    assert not may_change(private, GUILD, BEN, Role.MANAGER)


def test_an_open_watch_is_seen_by_its_community_and_changed_by_its_owner_or_a_manager() -> None:
    mine = watch()
    assert may_see(mine, GUILD, BEN)
    assert not may_see(mine, OTHER, BEN)
    allowed = [(who, role) for who in (ANN, BEN) for role in Role if may_change(mine, GUILD, who, role)]
    assert allowed == [(ANN, Role.MEMBER), (ANN, Role.EDITOR), (ANN, Role.MANAGER), (BEN, Role.MANAGER)]


def test_a_communitys_own_watch_is_changed_by_its_editors() -> None:
    ours = watch(owner=None)
    assert [role for role in Role if may_change(ours, GUILD, BEN, role)] == [Role.EDITOR, Role.MANAGER]


def test_a_private_watch_of_nobody_is_a_defect() -> None:
    with pytest.raises(ValueError, match="somebody"):
        watch(owner=None, private=True)


def test_what_a_watch_is_about_is_not_printed() -> None:
    secret: NewWatch = watch(query="my old boss", note="the lawsuit", name="him", private=True)
    assert not any(word in repr(secret) for word in ("boss", "lawsuit", "him"))
