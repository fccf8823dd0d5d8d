"""What is coming up, and what became of what was: the calendar, and the digest's part of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from bot.core import strings
from bot.core.coming import Coming
from bot.core.desk.outlook import names_day
from bot.core.desk.tracking import WatchState
from bot.core.message.document import Block, Bullets, Document, Heading, Inline, Link, Prose, Text

_BY = " —\u00a0"


def calendar_document(items: Sequence[Coming], today: date, days: int) -> Document:
    """What is due in the next `days` days, by day, and before it what was due of late with what became of it."""
    title = strings.coming.coming_in(days)
    ahead = [item for item in items if item.day >= today]
    behind = [item for item in items if item.day < today]
    blocks: list[Block] = [Heading(title)]
    if ahead:
        blocks.append(Bullets(tuple(coming_line(item) for item in ahead)))
    else:
        blocks.append(Prose((Text(strings.coming.NOTHING_COMING),)))
    if behind:
        blocks += [Heading(strings.coming.WHAT_BECAME, level=2), Bullets(tuple(coming_line(item) for item in behind))]
    blocks.append(Prose((Text(strings.coming.COMING_NOTE),), role="note"))
    return Document(summary=f"{title}: {len(ahead)}", blocks=tuple(blocks))


def coming_line(item: Coming) -> tuple[Inline, ...]:
    """Its day, the outlet's own words with who wrote them and where, and what became of it."""
    line: list[Inline] = [Text(f"{due_day(item.day, item.claim)}: ", "strong"), Text(item.claim)]
    line += [Text(_BY, "quiet"), Link(item.outlet, item.url)]
    if item.resolution is not None:
        line += [Text(f" · {strings.coming.state(item.state)}: ", "strong"), Text(item.resolution)]
        line += [Text(_BY, "quiet"), Link(item.resolved_outlet, item.resolved_url)]
    elif item.state is not WatchState.OPEN:
        line.append(Text(f" · {strings.coming.state(item.state)}", "strong"))
    line.append(Text(f" · {strings.reading.story_number(item.story)}", "quiet"))
    return tuple(line)


def due_day(day: date, said: str) -> str:
    """When that is due, by those words: the day that they give, or the last one of the time that they speak of."""
    return strings.dates.calendar_day(day) if names_day(said) else strings.dates.at_the_latest(day)
