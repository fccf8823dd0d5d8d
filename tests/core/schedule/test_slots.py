"""When digests are due, across zones and changes of summer time."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.errors import InputError
from bot.core.schedule.quiet import QuietHours
from bot.core.schedule.slots import current_slot, next_slot

ZONES = (
    "UTC",
    "America/New_York",
    "Europe/London",
    "Australia/Lord_Howe",  # half an hour of summer time
    "America/Sao_Paulo",  # changed at midnight, until 2019
    "Asia/Kathmandu",  # 5 h 45
    "Pacific/Apia",  # left out a day in 2011
)
HOURS = timedelta(hours=1)
moments = st.datetimes(datetime(2011, 1, 1), datetime(2030, 1, 1)).map(lambda naive: naive.replace(tzinfo=UTC))
daily = st.tuples(st.integers(0, 59), st.integers(0, 23))


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("after", "slot"),
    [
        ("2025-03-08T07:30", "2025-03-09T07:00"),  # 2:30 on the day before; on that day the clock has no 2:30
        ("2025-03-09T06:59", "2025-03-09T07:00"),
        ("2025-03-09T07:00", "2025-03-10T06:30"),
    ],
)
def test_a_skipped_time_is_due_once_when_it_would_have_been(after: str, slot: str) -> None:
    assert next_slot("30 2 * * *", "America/New_York", at(after)) == at(slot)


@pytest.mark.parametrize(
    ("after", "slot"),
    [
        ("2025-11-02T05:00", "2025-11-02T05:30"),  # 1:30, the first time
        ("2025-11-02T05:30", "2025-11-03T06:30"),
        ("2025-11-02T06:15", "2025-11-03T06:30"),  # 1:15, the second time
        ("2025-11-02T06:30", "2025-11-03T06:30"),  # 1:30, the second time
    ],
)
def test_a_repeated_time_is_due_once(after: str, slot: str) -> None:
    assert next_slot("30 1 * * *", "America/New_York", at(after)) == at(slot)


@given(daily, st.sampled_from(ZONES), moments)
def test_a_daily_digest_comes_once_a_local_day(time: tuple[int, int], zone: str, after: datetime) -> None:
    minute, hour = time
    cron = f"{minute} {hour} * * *"
    slots = [next_slot(cron, zone, after)]
    while len(slots) < 4:
        slots.append(next_slot(cron, zone, slots[-1]))
    days = [slot.astimezone(ZoneInfo(zone)).date() for slot in slots]
    assert after < slots[0]
    assert len(set(days)) == 4
    gaps = {later - earlier for earlier, later in itertools.pairwise(slots)}
    left_out = zone == "Pacific/Apia" and slots[0] < at("2012-01-05T00:00")
    assert all(22 * HOURS <= gap <= 26 * HOURS for gap in gaps) or left_out


@given(
    st.sampled_from(["*/7 * * * *", "0 */3 * * *", "15,45 1-4 * * *", "30 9 * * 1-5"]), st.sampled_from(ZONES), moments
)
def test_slots_move_on_and_none_is_skipped_whatever_moment_is_asked_from(cron: str, zone: str, after: datetime) -> None:
    first = next_slot(cron, zone, after)
    assert first > after
    between = after + (first - after) / 2
    assert next_slot(cron, zone, between) == first


@given(daily, st.sampled_from(ZONES), moments, st.timedeltas(timedelta(0), timedelta(hours=30)))
def test_what_was_missed_is_caught_up_with_the_latest_slot_within_grace(
    time: tuple[int, int], zone: str, now: datetime, grace: timedelta
) -> None:
    cron = f"{time[0]} {time[1]} * * *"
    slot = current_slot(cron, zone, now, grace)
    if slot is None:
        assert next_slot(cron, zone, now - grace - timedelta(microseconds=1)) > now
    else:
        assert now - grace <= slot <= now < next_slot(cron, zone, slot)


def test_the_last_moment_of_grace_counts() -> None:
    slot = at("2025-03-10T09:00")
    assert current_slot("0 9 * * *", "UTC", slot + 12 * HOURS, 12 * HOURS) == slot
    assert current_slot("0 9 * * *", "UTC", slot + 12 * HOURS + timedelta(seconds=1), 12 * HOURS) is None


@pytest.mark.parametrize(
    "cron", ["", "0 9", "0 0 9 * * *", "0 25 * * *", "0 9 30 2 *", "@daily", "0 9 * * 1-5; rm", "x"]
)
def test_a_senseless_expression_is_refused_with_one_that_is_right(cron: str) -> None:
    with pytest.raises(InputError, match="five cron fields"):
        next_slot(cron, "UTC", at("2025-03-10T09:00"))


@pytest.mark.parametrize("zone", ["", "Europe", "Mars/Phobos", "../../etc/passwd", "a" * 300, "\0"])
def test_an_unknown_zone_is_refused_with_one_that_is_right(zone: str) -> None:
    with pytest.raises(InputError, match="Europe/London"):
        next_slot("0 9 * * *", zone, at("2025-03-10T09:00"))


# --- 400 days -----------------------------------------------------------------------------------------------

DAYS_400 = timedelta(days=400)
FOUR_HUNDRED_DAYS_IN = (
    "UTC",
    "America/New_York",
    "America/St_Johns",  # half an hour off the hour, with summer time
    "America/Santiago",  # changes at midnight
    "Europe/London",
    "Africa/Casablanca",  # winter time in Ramadan
    "Africa/Cairo",  # summer time again since 2023, from midnight on
    "Asia/Kolkata",
    "Asia/Kathmandu",
    "Australia/Lord_Howe",
    "Pacific/Chatham",  # 12 h 45, with summer time
    "Pacific/Apia",
)
# Each with what it means, by the days and the times on the wall.
MEANT: tuple[tuple[str, Callable[[date], bool], tuple[time, ...]], ...] = (
    ("0 9 * * *", lambda day: True, (time(9),)),
    ("30 2 * * *", lambda day: True, (time(2, 30),)),
    ("10 2 * * *", lambda day: True, (time(2, 10),)),
    ("0 0 * * *", lambda day: True, (time(0),)),
    ("45 23 * * 1-5", lambda day: day.isoweekday() <= 5, (time(23, 45),)),
    ("30 1,3 * * 0,6", lambda day: day.isoweekday() > 5, (time(1, 30), time(3, 30))),
    ("0 2 * * 1#1,5L", lambda day: _first_monday(day) or _last_friday(day), (time(2),)),
    ("0 9 1,15 * *", lambda day: day.day in (1, 15), (time(9),)),
)


def _first_monday(day: date) -> bool:
    return day.isoweekday() == 1 and day.day <= 7


def _last_friday(day: date) -> bool:
    return day.isoweekday() == 5 and (day + timedelta(days=7)).month != day.month


def on_the_wall(day: date, at: time, zone: ZoneInfo) -> datetime:
    """When a clock there shows that: of a repeated time the first, for a skipped one the first minute after it."""
    wall = datetime.combine(day, at)
    while (shown := wall.replace(tzinfo=zone).astimezone(UTC)).astimezone(zone).replace(tzinfo=None) != wall:
        wall += timedelta(minutes=1)
    return shown


def meant(days: Callable[[date], bool], times: Sequence[time], zone: str, begin: datetime) -> list[datetime]:
    where = ZoneInfo(zone)
    every = (begin.date() + timedelta(days=number) for number in range(-2, 404))
    slots = {on_the_wall(day, at, where) for day in every if days(day) for at in times}
    return sorted(slot for slot in slots if begin < slot <= begin + DAYS_400)


@pytest.mark.parametrize("zone", FOUR_HUNDRED_DAYS_IN)
@given(data=st.data())
@settings(max_examples=16)
def test_400_days_of_a_schedule_fire_exactly_once_a_slot(zone: str, data: st.DataObject) -> None:
    """Played as it is lived: whoever claims a due slot is late, asks what slot it is, and
    now and then asks again, as after a lease that ran out."""
    cron, days, times = data.draw(st.sampled_from(MEANT))
    begin = data.draw(st.datetimes(datetime(2023, 1, 1), datetime(2029, 1, 1))).replace(tzinfo=UTC)
    lateness = data.draw(st.lists(st.integers(0, 45), min_size=1, max_size=9))
    fired: list[datetime] = []
    now, due = begin, next_slot(cron, zone, begin)
    for late in itertools.cycle(lateness):
        if due > begin + DAYS_400:
            break
        now = max(now, due) + timedelta(minutes=late)
        for moment in (now, now + timedelta(seconds=1)):
            slot = current_slot(cron, zone, moment, 12 * HOURS)
            assert slot is not None
            if slot not in fired:  # unique in the database
                fired.append(slot)
        due = next_slot(cron, zone, now)
    assert fired == meant(days, times, zone, begin)


def test_two_skipped_times_of_one_schedule_are_one_slot() -> None:
    begin = at("2025-03-09T00:00")
    first = next_slot("0,30 2 * * *", "America/New_York", begin + 6 * HOURS)
    assert (first, next_slot("0,30 2 * * *", "America/New_York", first)) == (
        at("2025-03-09T07:00"),
        at("2025-03-10T06:00"),
    )


@pytest.mark.parametrize(("cron", "gap"), [("0 * * * *", 1), ("0 */1 * * *", 1)])
def test_every_hour_is_an_hour_whatever_the_clock_does(cron: str, gap: int) -> None:
    slots = [next_slot(cron, "Europe/London", at("2025-10-25T22:30"))]
    while len(slots) < 6:
        slots.append(next_slot(cron, "Europe/London", slots[-1]))
    assert {later - earlier for earlier, later in itertools.pairwise(slots)} == {gap * HOURS}


# --- quiet hours --------------------------------------------------------------------------------------------

NIGHT = QuietHours(time(22), time(7))


def test_a_slot_in_quiet_hours_comes_at_their_end() -> None:
    assert next_slot("30 23 * * *", "UTC", at("2025-03-10T12:00"), NIGHT) == at("2025-03-11T07:00")
    assert next_slot("30 23 * * *", "UTC", at("2025-03-11T01:00"), NIGHT) == at("2025-03-11T07:00")
    assert next_slot("30 23 * * *", "UTC", at("2025-03-11T07:00"), NIGHT) == at("2025-03-12T07:00")


def test_several_slots_of_one_night_are_one() -> None:
    slots = [next_slot("0 */2 * * *", "UTC", at("2025-03-10T19:00"), NIGHT)]
    while len(slots) < 4:
        slots.append(next_slot("0 */2 * * *", "UTC", slots[-1], NIGHT))
    assert slots == [at(f"2025-03-{day}") for day in ("10T20:00", "11T07:00", "11T08:00", "11T10:00")]


def test_the_slot_of_the_morning_after_a_quiet_night_keeps_its_name_all_day() -> None:
    for now in ("07:00", "09:30", "18:59"):
        assert current_slot("0 23 * * *", "UTC", at(f"2025-03-11T{now}"), 12 * HOURS, NIGHT) == at("2025-03-11T07:00")
    assert current_slot("0 23 * * *", "UTC", at("2025-03-11T06:59"), 12 * HOURS, NIGHT) is None


quiet_hours = (
    st.tuples(st.times(), st.times())
    .map(lambda ends: (ends[0].replace(second=0, microsecond=0), ends[1].replace(second=0, microsecond=0)))
    .filter(lambda ends: ends[0] != ends[1])
    .map(lambda ends: QuietHours(*ends))
)


@given(
    st.sampled_from([*(cron for cron, _, _ in MEANT), "0 */3 * * *", "*/30 9-17 * * 1-5"]),
    st.sampled_from(FOUR_HUNDRED_DAYS_IN),
    quiet_hours,
    moments,
)
def test_nothing_is_due_in_quiet_hours_and_nothing_is_lost_to_them(
    cron: str, zone: str, quiet: QuietHours, after: datetime
) -> None:
    until = after + timedelta(days=40)
    plain, moved = [after], [after]
    while plain[-1] <= until:
        plain.append(next_slot(cron, zone, plain[-1]))
    while moved[-1] <= until:
        moved.append(next_slot(cron, zone, moved[-1], quiet))
    where = ZoneInfo(zone)
    assert all(quiet.stretch(slot, where) is None for slot in moved[1:])
    wanted = {quiet.after(slot, where) for slot in plain[1:]}
    waiting = {slot for slot in moved[1:2] if slot not in wanted}  # of a slot before `after`
    assert {slot for slot in moved[1:] if slot <= until} - waiting == {slot for slot in wanted if slot <= until}
