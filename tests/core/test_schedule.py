"""When digests are due, across zones and changes of summer time."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.errors import InputError
from bot.core.schedule import current_slot, next_slot

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
