"""Feeds as documents: what is read, and what cannot be. Never an address."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import groupby

from bot.core import strings
from bot.core.choices import Choices
from bot.core.feed import Feed
from bot.core.message.document import Block, Bullets, Document, File, Heading, Inline, Prose, Text, Time
from bot.core.message.notice import feed_name, without_addresses


def feeds_document(feeds: Sequence[Feed], choices: Choices) -> Document:
    """By desk, each with its number, and whether it is left out here."""
    title = strings.feeds.feeds_read(sum(choices.read(feed) for feed in feeds), len(feeds))
    blocks: list[Block] = [Heading(title)]
    ordered = sorted(feeds, key=lambda feed: (feed.desk or "~", feed_name(feed).casefold()))
    for desk, group in groupby(ordered, key=lambda feed: feed.desk):
        blocks.append(Heading(desk or strings.feeds.NO_DESK, level=2))
        blocks.append(Bullets(tuple(_line(feed, choices) for feed in group)))
    if choices.hidden:
        blocks.append(Prose((Text(strings.feeds.hidden(sorted(choices.hidden))),), role="note"))
    return Document(summary=title, blocks=tuple(blocks))


def health_document(feeds: Sequence[Feed], ill: Sequence[Feed]) -> Document:
    """How many are in which state, and of each that cannot be read since when and why."""
    counts = Counter(feed.health.state for feed in feeds)
    told = [strings.feeds.in_state(counts[state], state) for state in sorted(counts)]
    title = ", ".join(told) or strings.feeds.NO_FEEDS
    blocks: list[Block] = [Heading(strings.feeds.FEED_HEALTH), Prose((Text(title),))]
    if ill:
        blocks.append(Bullets(tuple(_trouble(feed) for feed in ill)))
    return Document(summary=f"{strings.feeds.FEED_HEALTH}: {title}", blocks=tuple(blocks))


def exported_document(count: int, file: File) -> Document:
    title = strings.feeds.exported(count)
    return Document(
        summary=title, blocks=(Heading(title, level=3), Prose((Text(strings.feeds.EXPORT_PRIVATE),))), files=(file,)
    )


def _line(feed: Feed, choices: Choices) -> tuple[Inline, ...]:
    notes = [strings.feeds.PRIVATE] if feed.owner is not None else []
    notes += [] if choices.read(feed) else [strings.feeds.LEFT_OUT_HERE]
    noted = f" ({', '.join(notes)})" if notes else ""
    return (Text(f"{feed.id} · ", "quiet"), Text(f"{feed_name(feed)}{noted}"))


def _trouble(feed: Feed) -> tuple[Inline, ...]:
    health = feed.health
    line: list[Inline] = [
        Text(f"{feed.id} · ", "quiet"),
        Text(feed_name(feed), "strong"),
        Text(f" · {strings.feeds.STATES[health.state]}"),
    ]
    if health.since is not None:
        line += [Text(strings.feeds.SINCE), Time(health.since, "datetime")]
    line.append(Text(f": {without_addresses(health.error or strings.feeds.NO_REASON)}"))
    return tuple(line)
