"""Quiet hours by the clock on the wall."""

from __future__ import annotations

import contextlib
from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.errors import InputError
from bot.core.schedule.quiet import QuietHours, read_quiet

NEW_YORK = ZoneInfo("America/New_York")


@pytest.mark.parametrize("typed", ["22:00-07:00", "22-7", "22.00 – 7.00", "10pm-7am", "10 PM to 7 AM", "2200-0700"])
def test_quiet_hours_are_read_as_people_write_them(typed: str) -> None:
    assert read_quiet(typed) == QuietHours(time(22), time(7))


@pytest.mark.parametrize(
    "typed", ["", "night", "22:00", "25-7", "22:60-7", "13pm-7am", "22-7-9", "0am-3am", "22:00-07:00x"]
)
def test_what_names_no_quiet_hours_is_refused_with_what_would(typed: str) -> None:
    with pytest.raises(InputError, match="22:00-07:00, or none"):
        read_quiet(typed)


def test_a_day_that_is_all_quiet_is_refused() -> None:
    with pytest.raises(InputError, match="quiet all day"):
        read_quiet("7-7")


@given(st.text(max_size=30))
def test_no_text_stops_the_reader(typed: str) -> None:
    with contextlib.suppress(InputError):
        assert read_quiet(str(read_quiet(typed))) == read_quiet(typed)


@pytest.mark.parametrize(
    ("at", "end"),
    [
        ("2025-03-08T21:59", None),
        ("2025-03-08T22:00", "2025-03-09T07:00"),  # over the night in which the clocks go forward
        ("2025-03-09T06:59", "2025-03-09T07:00"),
        ("2025-03-09T07:00", None),
        ("2025-11-02T01:30", "2025-11-02T07:00"),  # and back
    ],
)
def test_they_reach_across_midnight_and_changes_of_the_clock(at: str, end: str | None) -> None:
    moment = datetime.fromisoformat(at).replace(tzinfo=NEW_YORK)
    found = QuietHours(time(22), time(7)).stretch(moment, NEW_YORK)
    wanted = None if end is None else datetime.fromisoformat(end).replace(tzinfo=NEW_YORK).astimezone(UTC)
    assert (None if found is None else found[1]) == wanted


def test_quiet_hours_that_end_at_a_time_the_clock_skips_end_with_the_skip() -> None:
    quiet = QuietHours(time(22), time(2, 30))
    moment = datetime(2025, 3, 9, 1, tzinfo=NEW_YORK)
    assert quiet.after(moment, NEW_YORK) == datetime(2025, 3, 9, 7, tzinfo=UTC)
