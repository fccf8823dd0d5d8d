"""Alerts as documents: one story, or those that an hour or a day gathered, and reminders of days that stories wait for.

Whose words are shown is always said, and where they stand; all of them are data.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from bot.core import strings
from bot.core.coming import Coming
from bot.core.command.invocation import invocation
from bot.core.correction.correction import Quoted
from bot.core.message.coming import coming_line
from bot.core.message.document import (
    Action,
    Actions,
    Block,
    Bullets,
    Button,
    Document,
    Heading,
    Inline,
    Link,
    Prose,
    Quote,
    Text,
)
from bot.core.message.spoken import spoken
from bot.core.watch.report import Finding, Moved, StoryReport
from bot.core.watch.watch import Watch

QUOTES = 3
"""Sentences that an alert shows, each of another article."""
TOGETHER = 20
"""Stories that one message tells; of more it says how many."""


def alert_document(watch: Watch, report: StoryReport) -> Document:
    """One story, with what can be done about it."""
    headline = f"{strings.alert.UPDATE}: {report.headline}" if report.update else report.headline
    blocks = (*_story(report, alone=True), *_why(watch, report.terms), _actions(watch, report))
    return Document(summary=headline, blocks=blocks, tone="alert")


def bundle_document(watch: Watch, reports: Sequence[StoryReport], *, more: int = 0) -> Document:
    """Several stories, a heading each; `more` are those that are not shown."""
    if len(reports) == 1 and not more:
        return alert_document(watch, reports[0])
    title = strings.alert.bundle_title(strings.alert.watch_name(watch.id, watch.name), len(reports) + more)
    blocks: list[Block] = [Heading(title)]
    for report in reports:
        blocks += _story(report, alone=False)
    if more:
        blocks.append(Prose(spoken(strings.alert.and_more(more)), role="note"))
    terms = tuple(dict.fromkeys(term for report in reports for term in report.terms))
    blocks += _why(watch, terms)
    blocks.append(Actions(tuple(_watch_actions(watch))))
    return Document(summary=title, blocks=tuple(blocks), tone="alert")


def reminder_document(items: Sequence[Coming], day: date, days: int) -> Document:
    """What a story waits for on that day, `days` from now; all items are of one story."""
    title = f"{strings.alert.reminder_title(days)}: {strings.dates.calendar_day(day)}"
    blocks: tuple[Block, ...] = (
        Heading(title, level=2),
        Bullets(tuple(coming_line(item) for item in items)),
        Prose((Text(strings.alert.REMINDED),), role="note"),
        Actions((Button(strings.alert.FULL_STORY, invocation("story", story=items[0].story)),)),
    )
    return Document(summary=f"{title}: {items[0].claim}", blocks=blocks, tone="alert")


def _story(report: StoryReport, *, alone: bool) -> Iterator[Block]:
    """The headline is the link of the best report; below others it is a heading, and the outlets are links."""
    best = report.best
    lead: tuple[Inline, ...] = (Text(f"{strings.alert.UPDATE}: ", "strong"),) if report.update else ()
    if alone:
        yield Prose((*lead, Link(report.headline, best.url)))
    else:
        yield Heading(report.headline, level=2)
        yield Prose((*lead, Link(best.outlet.name, best.url)))
    yield Prose((Text(strings.alert.told_by(report.outlets)),), role="note")
    for one in report.moved:
        yield Prose(tuple(_moved(one)))
    for found, quote in _quotes(report, alone=alone):
        yield Quote((Text(quote), *_by(found.article.outlet.name, found.article.url)))


def _quotes(report: StoryReport, *, alone: bool) -> Iterator[tuple[Finding, str]]:
    shown = {one.article.id for one in report.moved}
    for found in report.findings:
        if len(shown) >= (QUOTES if alone else 1):
            break
        if found.quote is not None and found.article.id not in shown:
            shown.add(found.article.id)
            yield found, found.quote


def quoted_in(reports: Sequence[StoryReport]) -> tuple[Quoted, ...]:
    """What an alert of these says in outlets' words: titles, what moved, and sentences."""
    said = []
    for report in reports:
        said.append((report, report.best, report.best.title))
        said += [(report, one.article, one.move.evidence) for one in report.moved]
        said += [(report, found.article, quote) for found, quote in _quotes(report, alone=len(reports) == 1)]
    return tuple(
        Quoted(story=report.story, article=article.id, revision=article.revision, sentence=sentence)
        for report, article, sentence in dict.fromkeys(said)
    )


def _moved(one: Moved) -> Iterator[Inline]:
    yield Text(strings.alert.MOVED, "strong")
    yield Text(f"{strings.alert.stepped(one.entry.label, one.move.step, one.move.house)}. ")
    if one.move.evidence != one.article.title:
        yield Text(f"“{one.move.evidence}”", "quiet")
    yield from _by(one.article.outlet.name, one.article.url)


def _by(outlet: str, url: str) -> tuple[Inline, ...]:
    return (Text(strings.alert.SAID_BY, "quiet"), Link(outlet, url))


def _why(watch: Watch, terms: Sequence[str]) -> Iterator[Block]:
    name = strings.alert.watch_name(watch.id, watch.name)
    why = strings.alert.FOLLOWED if watch.story is not None else strings.alert.matched(terms, name)
    yield Prose((Text(strings.alert.WHY_TOLD), Text(why)), role="note")
    if watch.note:
        yield Prose((Text(strings.alert.NOTE), Text(watch.note)), role="note")


def _actions(watch: Watch, report: StoryReport) -> Actions:
    story = Button(strings.alert.FULL_STORY, invocation("story", story=report.story), "primary")
    if watch.story is not None:
        return Actions((story, Button(strings.alert.UNFOLLOW, invocation("unfollow", story=report.story))))
    return Actions(
        (story, Button(strings.reading.FOLLOW, invocation("follow", story=report.story)), *_watch_actions(watch))
    )


def _watch_actions(watch: Watch) -> Iterator[Action]:
    yield Button(strings.alert.PAUSE_A_DAY, invocation("watch", "pause", watch=watch.id, span="1d"))
    yield Button(strings.alert.REMOVE_WATCH, invocation("watch", "remove", watch=watch.id), "danger")
