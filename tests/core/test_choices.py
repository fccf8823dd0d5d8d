"""Which feeds are on, and the names that people type."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.core.choices import Choices, named
from bot.core.errors import InputError
from bot.core.feed import Feed, FeedId, Outlet

FEED = Feed(id=FeedId(7), url="https://trades.example/rss", outlet=Outlet(name="Trades"), desk="trades")
OFF = Choices(desks_off=frozenset({"trades"}))


def test_a_feed_is_on_as_its_desk_is_unless_it_has_a_switch_of_its_own() -> None:
    assert Choices().read(FEED)
    assert not OFF.read(FEED)
    assert replace(OFF, feeds={FEED.id: True}).read(FEED)
    assert not Choices(feeds={FEED.id: False}).read(FEED)
    assert OFF.read(replace(FEED, desk=None))


@pytest.mark.parametrize("choices", [Choices(), OFF])
@pytest.mark.parametrize("on", [True, False])
def test_a_switch_does_what_was_asked(choices: Choices, on: bool) -> None:
    switch = choices.switch(FEED, on=on)
    after = replace(choices, feeds={} if switch is None else {FEED.id: switch})
    assert after.read(FEED) is on


def test_switched_off_and_on_again_it_follows_its_desk() -> None:
    assert Choices(feeds={FEED.id: False}).switch(FEED, on=True) is None


def test_nothing_chosen_is_nothing() -> None:
    assert not Choices()
    assert len(replace(OFF, hidden=frozenset("AB"), feeds={FEED.id: True})) == 4


def test_a_name_is_found_whatever_its_case_and_spacing() -> None:
    known = ["The Daily Slug", "Variété"]
    assert named("  the daily  SLUG", known, "outlet") == "The Daily Slug"
    assert named("VARIÉTÉ", known, "outlet") == "Variété"


def test_a_name_nobody_has_is_refused_with_the_nearest() -> None:
    with pytest.raises(InputError, match=r"no outlet .Daily Slug.; did you mean .The Daily Slug.\?"):
        named("Daily Slug", ["The Daily Slug", "Other"], "outlet")
    with pytest.raises(InputError, match=r"^there is no outlet .x.$"):
        named("x", ["The Daily Slug"], "outlet")
