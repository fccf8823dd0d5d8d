"""Whether feeds answer."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import ClassVar

from bot.app.feed_check import Checked, check
from bot.core.feed import Entry, Failed, Feed, Fetched, NewFeed, Outlet, ParsedFeed, Validators, Visit

NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)


def feed(name: str) -> NewFeed:
    return NewFeed(url=f"https://{name}.example/feed", outlet=Outlet(name=name))


def fetched(*entries: Entry, moved_to: str | None = None) -> Fetched:
    parsed = ParsedFeed(title="", link="", language=None, entries=entries, version="rss20")
    return Fetched(parsed=parsed, entries=(), validators=Validators(), moved_to=moved_to)


class Reader:
    answers: ClassVar[dict[str, Visit]] = {
        "good": fetched(
            Entry(guid="1", url="", title="Older", published=NOON.replace(hour=1)),
            Entry(guid="2", url="", title="Newest", published=NOON),
            Entry(guid="3", url="", title="Undated"),
            moved_to="https://good.example/new",
        ),
        "empty": fetched(),
        "gone": Failed(reason="gone for good", gone=True),
    }

    async def visit(self, feed: Feed) -> Visit:
        return self.answers[feed.outlet.name]


async def test_each_feed_is_visited_once_and_said_what_came_of_it() -> None:
    feeds = [feed("good"), feed("empty"), feed("gone")]
    results = {checked.feed.outlet.name: checked async for checked in check(feeds, Reader())}
    assert results == {
        "good": Checked(feed=feeds[0], problem=None, entries=3, newest=NOON, moved_to="https://good.example/new"),
        "empty": Checked(feed=feeds[1], problem="it has no entries"),
        "gone": Checked(feed=feeds[2], problem="gone for good"),
    }
