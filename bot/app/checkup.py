"""What `doctor` looks at in a running installation, as plain findings."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Literal

from bot.app.ports import Database, Stage
from bot.core.community import LOCAL
from bot.core.feed import FeedState

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
TRIED_AGAIN = "it is tried again by itself; slugline feeds list shows all"
WELL = {FeedState.HEALTHY, FeedState.MOVED, FeedState.NEW, FeedState.EMPTY}


async def check_feeds(database: Database) -> list[Finding]:
    """How the feeds are, as the operator sees them: the common ones and the local community's."""
    async with database.read() as tx:
        feeds = await tx.feeds.visible(LOCAL)
    if not feeds:
        return [Finding(level="note", subject="feeds", text="none yet", advice="slugline run adds the default feeds")]
    states = Counter(feed.health.state for feed in feeds)
    summary = ", ".join(f"{count} {state.value}" for state, count in sorted(states.items()))
    findings = [Finding(level="ok", subject="feeds", text=f"{len(feeds)}: {summary}")]
    for feed in feeds:
        if feed.health.state not in WELL:
            gone = feed.health.state is FeedState.GONE
            findings.append(
                Finding(
                    level="problem" if gone or feed.health.failures > 3 else "note",
                    subject=f"feed {feed.id}",
                    text=f"{feed.outlet.name}: {feed.health.state.value}, {feed.health.error or 'no reason known'}",
                    advice="it is not asked again; remove it, or add its new address" if gone else TRIED_AGAIN,
                )
            )
    return findings


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
