"""When to come again, and how a feed is doing: decided from the feed, its last visit and the time alone.

Cadence. The interval halves when a visit found something new and grows by a quarter when it did not, so it settles
where about one visit in four finds news, within bounds. What server and feed ask for (Cache-Control, `ttl`,
`sy:updatePeriod`, Retry-After) can only lengthen the wait. Failures double it. Every wait is stretched by a random
part, so that feeds added together do not stay together.

Health. The states are those of `FeedState`; `Health.since` is when the present one began.

    NEW ─▶ HEALTHY ◀─▶ EMPTY        an answer that is a feed, with or without entries
              ▲ │ ▲
              │ │ └─▶ MOVED         such an answer from a new permanent address; the next one there is HEALTHY
              │ ▼
           FAILING ◀─▶ BLOCKED      no usable answer; refused by the outlet
              └─▶ GONE              410: not visited again, until somebody adds the feed anew

A feed that was set aside, since visits to it never come to an end, is FAILING and not visited again either.

Whoever added the feed is told once when it has failed for a day (or is gone), and once when it is back: `Health.told`
remembers, in the same row, so that a crash tells neither twice nor never.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.core import strings
from bot.core.feed import (
    Failed,
    Feed,
    FeedState,
    Fetched,
    Health,
    News,
    Unchanged,
    Validators,
    Visit,
    VisitRecord,
)

SHORTEST = timedelta(minutes=15)
LONGEST = timedelta(hours=24)
START = timedelta(hours=1)
"""The interval after the first visit, whose articles all look new."""
LONGEST_REST = timedelta(days=7)
"""No server's wish is honoured beyond this: a typing error must not end a feed."""
PATIENCE = timedelta(days=1)
"""How long a feed may fail before anybody is told: most trouble passes overnight."""
SPREAD = 0.1
"""The random part of a wait."""
FAILING_SPREAD = 0.5
"""The random part after a failure: a server that comes back must not meet all its readers in one minute."""


_TROUBLE = {FeedState.FAILING, FeedState.BLOCKED}


def next_visit(feed: Feed, visit: Visit, changed: bool, now: datetime, jitter: float) -> VisitRecord:
    """What to write down after `visit`.

    `changed` says whether it brought new or edited articles; `jitter` is a random number in [0, 1).
    The record is to be stored together with the visit's articles, or not at all.
    """
    match visit:
        case Failed():
            return _after_failure(feed, visit, now, jitter)
        case Fetched() | Unchanged():
            return _after_answer(feed, visit, changed, now, jitter)


def set_aside(feed: Feed, now: datetime) -> VisitRecord:
    """What to write down of a feed whose visits never come to an end (they fail in us, or end the process): it is not
    visited again until somebody adds it anew, so it must not look healthy."""
    return VisitRecord(
        validators=feed.validators,
        health=Health(
            state=FeedState.FAILING,
            since=_since(feed, FeedState.FAILING, now),
            last_success=feed.health.last_success,
            failures=feed.health.failures + 1,
            error=strings.notices.READING_FAILED,
            told=True,
        ),
        interval=feed.interval or START,
        next_due=None,
        news=News.STOPPED,
    )


def _after_answer(feed: Feed, visit: Fetched | Unchanged, changed: bool, now: datetime, jitter: float) -> VisitRecord:
    interval = _interval(feed, visit, changed)
    wait = max(interval, min(visit.keep_for or timedelta(0), LONGEST))
    state = _state(feed, visit)
    return VisitRecord(
        validators=visit.validators,
        health=Health(state=state, since=_since(feed, state, now), last_success=now),
        interval=interval,
        next_due=now + _stretched(wait, SPREAD, jitter),
        url=visit.moved_to if visit.moved_to != feed.url else None,
        title=visit.parsed.title or None if isinstance(visit, Fetched) and not feed.title else None,
        news=News.BACK if feed.health.told else None,
    )


def _after_failure(feed: Feed, visit: Failed, now: datetime, jitter: float) -> VisitRecord:
    interval = feed.interval or START
    if not visit.asked:  # says nothing about this feed: it only waits
        wait = min(max(visit.retry_after or timedelta(0), SHORTEST), LONGEST_REST)
        due = now + _stretched(wait, FAILING_SPREAD, jitter)
        return VisitRecord(validators=feed.validators, health=feed.health, interval=interval, next_due=due)
    failures = feed.health.failures + 1
    if visit.gone:
        state, next_due = FeedState.GONE, None
    else:
        state = FeedState.BLOCKED if visit.blocked else FeedState.FAILING
        backoff = LONGEST if visit.blocked else min(LONGEST, interval * 2 ** min(failures - 1, 16))
        wait = max(backoff, min(visit.retry_after or timedelta(0), LONGEST_REST))
        next_due = now + _stretched(wait, FAILING_SPREAD, jitter)
    since = _since(feed, state, now)
    lost = visit.gone or now - since >= PATIENCE
    return VisitRecord(
        validators=feed.validators if not visit.gone else Validators(),
        health=Health(
            state=state,
            since=since,
            last_success=feed.health.last_success,
            failures=failures,
            error=visit.reason,
            told=feed.health.told or lost,
        ),
        interval=interval,
        next_due=next_due,
        news=News.LOST if lost and not feed.health.told else None,
    )


def _interval(feed: Feed, visit: Fetched | Unchanged, changed: bool) -> timedelta:
    interval = START
    if feed.interval is not None:
        interval = feed.interval / 2 if changed else feed.interval * 1.25
    hint = visit.parsed.hint if isinstance(visit, Fetched) else None
    return min(max(interval, hint or timedelta(0), SHORTEST), LONGEST)


def _state(feed: Feed, visit: Fetched | Unchanged) -> FeedState:
    if isinstance(visit, Fetched) and not visit.parsed.entries:
        return FeedState.EMPTY
    if visit.moved_to is not None and visit.moved_to != feed.url:
        return FeedState.MOVED
    if isinstance(visit, Unchanged) and feed.health.state is FeedState.EMPTY:
        return FeedState.EMPTY
    return FeedState.HEALTHY


def _since(feed: Feed, state: FeedState, now: datetime) -> datetime:
    before = feed.health
    same = before.state is state or {before.state, state} == _TROUBLE
    return before.since if same and before.since is not None else now


def _stretched(wait: timedelta, spread: float, jitter: float) -> timedelta:
    return wait * (1 + spread * jitter)
