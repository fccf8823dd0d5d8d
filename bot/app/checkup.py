"""What `doctor` looks at in a running installation, as plain findings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

from bot.app.ports import Database, Stage
from bot.core.community import LOCAL
from bot.core.feed import Feed, FeedState
from bot.core.outbox import Standing
from bot.core.process import unserved

Level = Literal["ok", "note", "problem"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """`advice` says what to do; "" where there is nothing to do."""

    level: Level
    subject: str
    text: str
    advice: str = ""


SHOWN = 20
"""Pieces of set-aside work that are shown one by one."""
PATIENCE = 3
"""Failures in a row after which a feed's trouble is a problem: before, it is the usual weather."""
NAMED = 5
"""Outlets named of those whose feeds have the same trouble."""
WELL = {FeedState.HEALTHY, FeedState.MOVED, FeedState.NEW, FeedState.EMPTY}


async def check_feeds(database: Database) -> list[Finding]:
    """How the feeds are, as the operator sees them: the common ones and the local community's."""
    async with database.read() as tx:
        feeds = await tx.feeds.visible(LOCAL)
    if not feeds:
        return [Finding(level="note", subject="feeds", text="none yet", advice="slugline run adds the default feeds")]
    files = [feed for feed in feeds if feed.url.startswith("file:")]  # taken in from disk, never visited
    feeds = [feed for feed in feeds if not feed.url.startswith("file:")]
    states = Counter[str](feed.health.state.value for feed in feeds)
    counts = [f"{count} {state}" for state, count in sorted(states.items())]
    if files:
        counts.append(f"{len(files)} taken in from disk")
    findings = [Finding(level="ok", subject="feeds", text=", ".join(counts))]
    if len(feeds) > 1 and set(states) == {FeedState.FAILING.value}:
        findings.append(
            Finding(
                level="problem",
                subject="network",
                text="no feed at all could be read",
                advice="check this machine's connection and its firewall or proxy",
            )
        )
    ill = sorted((feed for feed in feeds if feed.health.state not in WELL), key=_trouble)
    for (state, error), alike in groupby(ill, key=_trouble):
        findings.append(_finding(state, error, list(alike)))
    return findings


def _trouble(feed: Feed) -> tuple[str, str]:
    return feed.health.state.value, feed.health.error or "no reason known"


def _finding(state: str, error: str, feeds: Sequence[Feed]) -> Finding:
    """Feeds with the same trouble, in a line: a machine without a network has it a hundred times."""
    names = list(dict.fromkeys(feed.outlet.name for feed in feeds))
    named = ", ".join(names[:NAMED]) + (f" and {len(names) - NAMED} more outlets" if len(names) > NAMED else "")
    gone = state == FeedState.GONE.value
    return Finding(
        level="problem" if gone or any(feed.health.failures > PATIENCE for feed in feeds) else "note",
        subject=f"{len(feeds)} feed{'s' if len(feeds) > 1 else ''} {state}",
        text=f"{error} ({named})",
        advice="not asked again: remove it, or add its new address"
        if gone
        else "tried again by itself; slugline feeds list shows each",
    )


async def check_work(database: Database) -> list[Finding]:
    """What is waiting and what was set aside."""
    async with database.read() as tx:
        waiting = {stage: await tx.tasks.waiting(stage) for stage in Stage}
        parked = await tx.tasks.parked()
    busy = ", ".join(f"{count} to {stage.value}" for stage, count in waiting.items() if count) or "nothing waits"
    findings = [Finding(level="ok", subject="work", text=busy)]
    for stage, key, error in parked[:SHOWN]:
        findings.append(
            Finding(
                level="problem",
                subject=f"{stage.value} {key}",
                text=f"set aside: {error}",
                advice="please report it; everything else goes on",
            )
        )
    if len(parked) > SHOWN:
        findings.append(Finding(level="problem", subject="work", text=f"{len(parked) - SHOWN} more set aside"))
    return findings


async def check_processes(database: Database) -> list[Finding]:
    """Which processes run, and what waits for one that does not."""
    async with database.read() as tx:
        running = await tx.processes.alive()
        left = unserved(await tx.outbox.waiting(), running)
    if not running:
        return [Finding(level="note", subject="processes", text="none runs", advice="start slugline run")]
    of_each = Counter((", ".join(process.roles), process.version) for process in running)
    named = "; ".join(f"{count} with {roles} ({version})" for (roles, version), count in of_each.items())
    findings = [Finding(level="ok", subject="processes", text=named)]
    for platform, number in sorted(left.items()):
        findings.append(
            Finding(
                level="problem",
                subject=f"deliveries to {platform}",
                text=f"{number} wait{'s' if number == 1 else ''}, and no process serves {platform}",
                advice=f"start slugline run with the role {platform}, or drop them (slugline deliveries list)",
            )
        )
    return findings


async def check_posting(database: Database) -> list[Finding]:
    """Whether the operator stopped it. That is no problem: it was meant."""
    async with database.read() as tx:
        stops = await tx.posting.in_force()
    return [
        Finding(
            level="note",
            subject="posting",
            text=str(stop).removeprefix("posting is "),
            advice="slugline posting resume lets it go on",
        )
        for stop in stops
    ]


async def check_outbox(database: Database) -> list[Finding]:
    """What waits to be posted, and what somebody should look at."""
    async with database.read() as tx:
        counts = await tx.outbox.counts(await tx.now())
        stuck = await tx.outbox.stuck()  # what a community or an operator holds is as they want it
    named = ", ".join(f"{counts[each]} {each.value}" for each in Standing if counts.get(each)) or "nothing waits"
    ill = bool(stuck or counts.get(Standing.UNCERTAIN))
    return [
        Finding(
            level="problem" if ill else "ok",
            subject="deliveries",
            text=named,
            advice="slugline deliveries list shows which and why" if ill else "",
        )
    ]
