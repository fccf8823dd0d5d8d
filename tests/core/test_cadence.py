"""When a feed is visited again and how its health is told."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.core.cadence import LONGEST, LONGEST_REST, SHORTEST, START, next_visit
from bot.core.feed import (
    Entry,
    Failed,
    Feed,
    FeedId,
    FeedState,
    Fetched,
    Health,
    News,
    Outlet,
    ParsedFeed,
    Unchanged,
    Validators,
    Visit,
    VisitRecord,
)

NOW = datetime(2026, 3, 4, 12, tzinfo=UTC)
FEED = Feed(id=FeedId(1), url="https://a.example/feed", outlet=Outlet(name="A"))
ENTRY = Entry(guid="1", url="https://a.example/1", title="One")
OLD = Validators(etag='"1"', body_hash="1")
NEW = Validators(etag='"2"', body_hash="2")


def fetched(*entries: Entry, hint: timedelta | None = None, keep_for: timedelta | None = None) -> Fetched:
    parsed = ParsedFeed(title="The A", link="", language=None, entries=entries, version="rss20", hint=hint)
    return Fetched(parsed=parsed, entries=(), validators=NEW, keep_for=keep_for)


def after(feed: Feed, record: VisitRecord) -> Feed:
    return replace(
        feed,
        validators=record.validators,
        health=record.health,
        interval=record.interval,
        url=record.url or feed.url,
        title=record.title or feed.title,
    )


spans = st.timedeltas(min_value=timedelta(0), max_value=timedelta(days=4000))
visits = st.one_of(
    st.builds(fetched, hint=st.none() | spans, keep_for=st.none() | spans),
    st.builds(lambda hint: fetched(ENTRY, hint=hint), hint=st.none() | spans),
    st.builds(
        Unchanged,
        validators=st.just(NEW),
        keep_for=st.none() | spans,
        moved_to=st.sampled_from([None, "https://b.example/"]),
    ),
    st.builds(
        Failed,
        reason=st.just("no"),
        retry_after=st.none() | spans,
        blocked=st.booleans(),
        gone=st.booleans(),
        asked=st.booleans(),
    ),
)
jitters = st.floats(min_value=0, max_value=1, exclude_max=True)


@given(st.lists(st.tuples(visits, st.booleans(), jitters), min_size=1, max_size=30))
def test_whatever_happens_the_wait_stays_within_bounds(history: list[tuple[Visit, bool, float]]) -> None:
    feed = FEED
    for visit, changed, jitter in history:
        record = next_visit(feed, visit, changed, NOW, jitter)
        assert SHORTEST <= record.interval <= LONGEST
        if record.next_due is None:
            assert record.health.state is FeedState.GONE
        else:
            assert SHORTEST <= record.next_due - NOW <= LONGEST_REST * 1.5
        feed = after(feed, record)


@given(visits, st.booleans(), jitters)
def test_we_never_come_earlier_than_asked(visit: Visit, changed: bool, jitter: float) -> None:
    record = next_visit(FEED, visit, changed, NOW, jitter)
    if record.next_due is None:
        return
    match visit:
        case Failed(retry_after=timedelta() as asked):
            assert record.next_due - NOW >= min(asked, LONGEST_REST)
        case Fetched(keep_for=timedelta() as asked) | Unchanged(keep_for=timedelta() as asked):
            assert record.next_due - NOW >= min(asked, LONGEST)


@given(jitters)
def test_failures_in_a_row_wait_ever_longer_up_to_a_day(jitter: float) -> None:
    feed, waits = FEED, []
    for _ in range(40):
        record = next_visit(feed, Failed(reason="no"), False, NOW, 0.0)
        assert record.next_due is not None
        waits.append(record.next_due - NOW)
        feed = after(feed, record)
    assert waits == sorted(waits)
    assert waits[0] == START
    assert waits[-1] == LONGEST
    stretched = next_visit(FEED, Failed(reason="no"), False, NOW, jitter).next_due
    assert stretched is not None
    assert START <= stretched - NOW <= START * 1.5


def test_a_feed_that_brings_news_each_time_is_asked_every_quarter_of_an_hour() -> None:
    feed = FEED
    for _ in range(10):
        feed = after(feed, next_visit(feed, fetched(ENTRY), True, NOW, 0.0))
    assert feed.interval == SHORTEST


def test_a_silent_feed_is_asked_once_a_day() -> None:
    feed = FEED
    for _ in range(30):
        feed = after(feed, next_visit(feed, Unchanged(validators=NEW), False, NOW, 0.0))
    assert feed.interval == LONGEST


def test_first_visit_does_not_count_as_a_change() -> None:
    assert next_visit(FEED, fetched(ENTRY), True, NOW, 0.0).interval == START


def test_a_feed_asking_for_a_longer_rest_gets_it() -> None:
    record = next_visit(FEED, fetched(ENTRY, hint=timedelta(hours=6)), True, NOW, 0.0)
    assert record.next_due == NOW + timedelta(hours=6)


def test_failure_keeps_validators_interval_and_last_success() -> None:
    feed = replace(
        FEED,
        validators=OLD,
        interval=timedelta(hours=2),
        health=Health(state=FeedState.HEALTHY, since=NOW, last_success=NOW),
    )
    later = NOW + timedelta(hours=2)
    assert next_visit(feed, Failed(reason="404: not found"), False, later, 0.0) == VisitRecord(
        validators=OLD,
        health=Health(state=FeedState.FAILING, since=later, last_success=NOW, failures=1, error="404: not found"),
        interval=timedelta(hours=2),
        next_due=later + timedelta(hours=2),
    )


def test_failing_since_is_when_it_began_not_the_last_failure() -> None:
    feed = FEED
    for hour in range(5):
        feed = after(feed, next_visit(feed, Failed(reason="no"), False, NOW + timedelta(hours=hour), 0.0))
    assert feed.health == Health(state=FeedState.FAILING, since=NOW, failures=5, error="no")


def test_an_answer_heals() -> None:
    feed = replace(FEED, health=Health(state=FeedState.FAILING, since=NOW, failures=7, error="no"))
    later = NOW + timedelta(hours=1)
    record = next_visit(feed, fetched(ENTRY), True, later, 0.0)
    assert record.health == Health(state=FeedState.HEALTHY, since=later, last_success=later)


def test_gone_is_not_visited_again() -> None:
    record = next_visit(FEED, Failed(reason="410: gone for good", gone=True), False, NOW, 0.5)
    assert (record.health.state, record.next_due) == (FeedState.GONE, None)


def test_an_outlet_that_refuses_us_is_asked_once_a_day() -> None:
    record = next_visit(FEED, Failed(reason="403", blocked=True), False, NOW, 0.0)
    assert (record.health.state, record.next_due) == (FeedState.BLOCKED, NOW + LONGEST)


def test_a_moved_feed_is_moved_once_and_healthy_at_its_new_address() -> None:
    record = next_visit(FEED, replace(fetched(ENTRY), moved_to="https://b.example/feed"), True, NOW, 0.0)
    assert (record.health.state, record.url) == (FeedState.MOVED, "https://b.example/feed")
    again = next_visit(after(FEED, record), Unchanged(validators=NEW), False, NOW, 0.0)
    assert (again.health.state, again.url) == (FeedState.HEALTHY, None)


def test_a_feed_without_entries_is_empty_until_it_has_some() -> None:
    record = next_visit(FEED, fetched(), False, NOW, 0.0)
    assert record.health.state is FeedState.EMPTY
    empty = after(FEED, record)
    assert next_visit(empty, Unchanged(validators=NEW), False, NOW, 0.0).health.state is FeedState.EMPTY
    assert next_visit(empty, fetched(ENTRY), True, NOW, 0.0).health.state is FeedState.HEALTHY


def test_a_title_a_person_chose_stays() -> None:
    assert next_visit(FEED, fetched(ENTRY), True, NOW, 0.0).title == "The A"
    assert next_visit(replace(FEED, title="Mine"), fetched(ENTRY), True, NOW, 0.0).title is None


def test_a_feed_whose_host_wants_rest_waits_without_blame() -> None:
    feed = replace(FEED, validators=OLD, health=Health(state=FeedState.HEALTHY, since=NOW, last_success=NOW))
    visit = Failed(reason="429: we asked too often", retry_after=timedelta(hours=3), asked=False)
    record = next_visit(feed, visit, False, NOW, 0.0)
    assert (record.health, record.validators) == (feed.health, OLD)
    assert record.next_due == NOW + timedelta(hours=3)


def failing(feed: Feed, hours: float, *, blocked: bool = False) -> VisitRecord:
    return next_visit(feed, Failed(reason="no", blocked=blocked), False, NOW + timedelta(hours=hours), 0.0)


def test_a_feed_that_failed_for_a_day_is_told_once_and_once_that_it_is_back() -> None:
    feed, told = FEED, []
    for hour in (0, 12, 23.9, 24, 30, 60):
        record = failing(feed, hour, blocked=hour == 12)
        told.append(record.news)
        feed = after(feed, record)
    record = next_visit(feed, Unchanged(validators=NEW), False, NOW + timedelta(days=3), 0.0)
    told.append(record.news)
    feed = after(feed, record)
    told.append(next_visit(feed, fetched(ENTRY), True, NOW + timedelta(days=4), 0.0).news)
    assert told == [None, None, None, News.LOST, None, None, News.BACK, None]


def test_a_night_of_trouble_is_not_worth_a_word() -> None:
    feed = after(FEED, failing(FEED, 0))
    feed = after(feed, failing(feed, 8))
    assert next_visit(feed, fetched(ENTRY), True, NOW + timedelta(hours=10), 0.0).news is None


def test_a_feed_that_is_gone_is_told_at_once() -> None:
    record = next_visit(FEED, Failed(reason="410", gone=True), False, NOW, 0.0)
    assert (record.news, record.health.told) == (News.LOST, True)


@given(st.lists(st.tuples(visits, jitters, st.integers(1, 40)), max_size=30))
def test_lost_and_back_take_turns(history: list[tuple[Visit, float, int]]) -> None:
    feed, now, news = FEED, NOW, []
    for visit, jitter, hours in history:
        now += timedelta(hours=hours)
        record = next_visit(feed, visit, False, now, jitter)
        news.append(record.news)
        feed = after(feed, record)
    told = [each for each in news if each is not None]
    assert told == [News.LOST, News.BACK] * (len(told) // 2) + [News.LOST] * (len(told) % 2)
