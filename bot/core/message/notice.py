"""Short documents that are no news: something went wrong, or something could be set up."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.core import strings
from bot.core.delivery import DeliveryId, Destination
from bot.core.feed import Feed, FeedState, Health, News
from bot.core.message.document import (
    Block,
    Bullets,
    Channel,
    Document,
    Heading,
    Inline,
    Link,
    Prose,
    Text,
    Time,
    Verbatim,
)
from bot.core.message.spoken import spoken
from bot.core.watch.fault import QueryError

_ADDRESS = re.compile(r"\b[a-z][a-z0-9+.-]*://\S+", re.I)


SHOWN = 60
"""Characters of what was written on either side of the place that is wrong."""


@dataclass(frozen=True, slots=True)
class Reach:
    """What a platform needs before Slugline can post there: settings' names, and where their values are made."""

    platform: str
    settings: tuple[str, ...]
    made_at: str


DISCORD = Reach("Discord", ("SLUGLINE_DISCORD_TOKEN",), "https://discord.com/developers/applications")
SLACK = Reach("Slack", ("SLUGLINE_SLACK_BOT_TOKEN", "SLUGLINE_SLACK_APP_TOKEN"), "https://api.slack.com/apps")


def error_document(message: str, remedy: str | None = None) -> Document:
    """`message` says what went wrong in a line, `remedy` what the reader can do."""
    blocks: list[Block] = [Heading(strings.notices.ERROR, level=3), Prose(spoken(message))]
    if remedy:
        blocks.append(Prose((Text(f"{strings.notices.WHAT_TO_DO}: ", "strong"), *spoken(remedy))))
    return Document(summary=f"{strings.notices.ERROR}: {message}", blocks=tuple(blocks), tone="error")


def fault_document(fault: QueryError, remedy: str | None = None) -> Document:
    """What a member wrote, with a caret under the place where it cannot be read, what is wrong there and what would be
    right."""
    said = error_document(str(fault), remedy)
    return replace(said, blocks=(said.blocks[0], Verbatim(fault.caret()), *said.blocks[1:]))


def notice_document(title: str, lines: Sequence[str]) -> Document:
    """A title and a line or a few under it."""
    body: tuple[Block, ...] = tuple(Prose(spoken(line)) for line in lines)
    return Document(summary=title, blocks=(Heading(title), *body))


def feed_news_document(feed: Feed, news: News, health: Health) -> Document:
    """What whoever added `feed` is told; `health` is how it is now. Names the feed, never its address, which may hold a
    token: a title or a reason that holds one is not shown as it is."""
    name: Inline = Text(feed_name(feed), "strong")
    if news is News.BACK:
        return _feed_news(feed, strings.notices.FEED_BACK, (name, Text(strings.notices.READ_AGAIN)))
    if health.state is FeedState.GONE or health.since is None:
        return _feed_news(
            feed, strings.notices.FEED_GONE, (name, Text(strings.notices.TAKEN_DOWN)), strings.notices.NOT_TRIED
        )
    reason = without_addresses(health.error or "")
    why = strings.notices.because(reason) if reason else "."
    said = (name, Text(strings.notices.UNREADABLE_SINCE), Time(health.since, "datetime"), Text(why))
    then = strings.notices.SET_ASIDE if news is News.STOPPED else strings.notices.STILL_TRIED
    return _feed_news(feed, strings.notices.FEED_LOST, said, then)


def without_addresses(text: str) -> str:
    """A reason as it may be shown to anybody: an address in it may hold a token."""
    return _ADDRESS.sub("…", text)


def feed_name(feed: Feed) -> str:
    """What people know a feed by: its title, with its outlet where that says more; never its address."""
    outlet, title = feed.outlet.name, feed.title
    if not title or _ADDRESS.search(title):
        return outlet
    return title if outlet.casefold() in title.casefold() else f"{outlet} · {title}"


def _feed_news(feed: Feed, title: str, said: tuple[Inline, ...], then: str = "") -> Document:
    body = (Prose(said), Prose((Text(then),))) if then else (Prose(said),)
    return Document(
        summary=strings.notices.feed_news_summary(title, feed_name(feed)), blocks=(Heading(title, level=3), *body)
    )


def setup_document(missing: Sequence[Reach]) -> Document:
    """What to set to reach the platforms that are not connected yet."""
    return Document(
        summary=strings.notices.SETUP,
        blocks=(
            Heading(strings.notices.SETUP, level=3),
            Prose((Text(strings.notices.SETUP_INTRO),)),
            Bullets(tuple(_reach(reach) for reach in missing)),
        ),
    )


def _reach(reach: Reach) -> tuple[Inline, ...]:
    inlines: list[Inline] = [Text(f"{reach.platform}: ")]
    for index, setting in enumerate(reach.settings):
        if index:
            inlines.append(Text(strings.notices.AND))
        inlines.append(Text(setting, "strong"))
    return (
        *inlines,
        Text(strings.notices.MADE_ON),
        Link(strings.notices.developer_page(reach.platform), reach.made_at),
    )


def undelivered_document(
    delivery: DeliveryId,
    destination: Destination,
    reason: str,
    *,
    paused: bool,
    perhaps: bool,
    partly: bool = False,
) -> Document:
    """What a community is told of a message that did not arrive, or of which that is not known (`perhaps`), or not all
    of which did (`partly`), or of a place where nothing arrives any more (`paused`)."""
    said = strings.notices
    if paused:
        title, then = said.CANNOT_POST, said.KEPT
    elif perhaps:
        title, then = said.PERHAPS_POSTED, said.LOOK_THERE
    elif partly:
        title, then = said.PARTLY_POSTED, said.SEND_THE_REST_AGAIN
    else:
        title, then = said.NOT_POSTED, said.SEND_IT_AGAIN
    place = (
        Text(strings.notices.on_platform(destination.platform), "strong"),
        Channel(destination.platform, destination.address),
        Text(strings.notices.PLACE_ENDS, "strong"),
    )
    why = without_addresses(reason)
    blocks: list[Block] = [
        Heading(title, level=3),
        Prose((*place, Text(f"{why}."))),
        Prose((Text(then), *spoken(strings.notices.retry_command(delivery)))),
    ]
    return Document(summary=title, blocks=tuple(blocks))
