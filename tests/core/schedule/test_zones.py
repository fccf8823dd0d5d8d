"""Time zones by the names that people type."""

from __future__ import annotations

import contextlib
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.errors import InputError
from bot.core.schedule.zones import zone_named, zone_names, zones_like


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("Europe/London", "Europe/London"),
        ("america/los angeles", "America/Los_Angeles"),
        ("los angeles", "America/Los_Angeles"),
        ("KOLKATA", "Asia/Kolkata"),
        ("utc", "UTC"),
    ],
)
def test_a_zone_may_be_called_by_its_city(typed: str, name: str) -> None:
    assert zone_named(typed) == name


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("Europe/Lodnon", "Europe/London"),
        ("new yrok", "New York"),
        ("EST", "America/New_York"),
        ("ist", "Asia/Kolkata or Europe/Dublin"),
        ("Mars/Phobos", "IANA name such as Europe/London"),
        ("", "IANA name such as Europe/London"),
        ("../../etc/passwd", "IANA name"),
    ],
)
def test_a_zone_that_is_not_there_is_refused_with_what_was_probably_meant(typed: str, meant: str) -> None:
    with pytest.raises(InputError, match=meant):
        zone_named(typed)


def test_every_zone_that_is_offered_is_one() -> None:
    assert len(zone_names()) > 300
    assert all(zone_named(name) == name and ZoneInfo(name) for name in zone_names())


def test_completion_begins_with_what_begins_so() -> None:
    assert zones_like("lond")[0] == "Europe/London"
    assert "America/New_York" in zones_like("york")


@given(st.text(max_size=40))
def test_no_text_stops_the_reader(typed: str) -> None:
    zones_like(typed)
    with contextlib.suppress(InputError):
        ZoneInfo(zone_named(typed))
