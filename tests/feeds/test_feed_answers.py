"""What the parent believes of a feed child's answer."""

from __future__ import annotations

import pickle

import pytest

from bot.core.feed import Entry, ParsedFeed, Validators
from feeds.crew import JobFailed
from feeds.visit import _parsed

ENTRY = Entry(guid="1", url="https://a.example/1", title="One")
FEED = ParsedFeed(title="A", link="", language=None, entries=(ENTRY,), version="rss20")


def test_a_child_that_was_taken_over_cannot_give_orders() -> None:
    class Order:
        def __reduce__(self) -> tuple[object, tuple[str]]:
            return print, ("owned",)

    with pytest.raises(JobFailed):
        _parsed(pickle.dumps(Order()))


@pytest.mark.parametrize("reply", [b"", b"junk", pickle.dumps(1), pickle.dumps(Validators()), pickle.dumps((FEED, []))])
def test_an_answer_that_is_no_feed_is_a_failed_job(reply: bytes) -> None:
    with pytest.raises(JobFailed):
        _parsed(reply)
