"""How long to wait after a failure, and lengths of time as people write them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.backoff import FIRST, LONGEST, backoff
from bot.core.duration import parse_duration


def test_waits_double_from_half_a_minute_to_an_hour() -> None:
    waits = [backoff(attempt, 0.0) / timedelta(seconds=1) for attempt in range(1, 10)]
    assert waits == [30, 60, 120, 240, 480, 960, 1920, 3600, 3600]


@given(st.integers(1, 10_000), st.floats(0, 1))
def test_jitter_takes_off_at_most_half(attempt: int, jitter: float) -> None:
    assert FIRST / 2 <= backoff(attempt, jitter) <= LONGEST
    assert backoff(attempt, 0.0) / 2 <= backoff(attempt, jitter) <= backoff(attempt, 0.0)


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("90s", timedelta(seconds=90)),
        ("15m", timedelta(minutes=15)),
        (" 12H ", timedelta(hours=12)),
        ("30 d", timedelta(days=30)),
        ("2w", timedelta(weeks=2)),
        ("0d", timedelta(0)),
    ],
)
def test_a_length_of_time_is_read_as_written(text: str, length: timedelta) -> None:
    assert parse_duration(text) == length


@pytest.mark.parametrize("text", ["", "d", "30", "-1d", "1.5h", "1d2h", "30 days", "٣d", "1000000s"])
def test_what_is_no_length_of_time_is_refused_with_one_that_is(text: str) -> None:
    with pytest.raises(ValueError, match="12h"):
        parse_duration(text)


@given(st.integers(0, 999_999), st.sampled_from("smhdw"))
def test_whatever_is_accepted_can_be_taken_from_any_date_of_ours(number: int, unit: str) -> None:
    try:
        length = parse_duration(f"{number}{unit}")
    except ValueError:
        length = timedelta(0)
    assert datetime(1971, 1, 1, tzinfo=UTC) - length
