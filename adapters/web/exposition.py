"""The numbers of an installation in Prometheus' text format 0.0.4
(https://prometheus.io/docs/instrumenting/exposition_formats/).

Gauges are counted in the database when asked, counters and histograms are its sums of what all processes counted
(`bot.app.tallies`): so every process answers the same, and one of them is enough to ask. The names are part of what
operators build on: they stay.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.exposition import generate_latest
from prometheus_client.registry import Collector, CollectorRegistry

from bot.app.ports import Tally
from bot.app.tallies import ALL, BUCKET, SUM, Counted
from bot.core.posting_stop import Stop
from bot.core.vitals import Vitals


def exposition(vitals: Vitals, sums: Mapping[Tally, float], stops: Sequence[Stop]) -> bytes:
    return _text([_up(1), *_gauges(vitals), _stopped(stops), *(_counted(what, sums) for what in ALL)])


def without_database() -> bytes:
    """All that can be said where the database does not answer."""
    return _text([_up(0)])


def _up(value: int) -> Metric:
    return GaugeMetricFamily("slugline_database_up", "Whether the database answers (1) or not (0).", value=value)


def _gauges(vitals: Vitals) -> Iterator[Metric]:
    yield _gauge("feeds", "Feeds by state.", ("state",), {(state,): n for state, n in vitals.feeds.items()})
    states = ("due", "held", "later", "parked")
    yield _gauge(
        "tasks",
        "Tasks by stage and whether they are due, held, for later, or parked (set aside for good).",
        ("stage", "state"),
        {(stage, state): getattr(queue, state) for stage, queue in vitals.queues.items() for state in states},
    )
    yield _gauge(
        "stage_lag_seconds",
        "How long the oldest task that is due has been so, by stage.",
        ("stage",),
        {(stage,): queue.lag.total_seconds() for stage, queue in vitals.queues.items()},
    )
    yield _gauge(
        "deliveries",
        "Deliveries that are not finished: queued, held (their place is paused), sending or deferred.",
        ("state",),
        {(standing.value,): n for standing, n in vitals.deliveries.items()},
    )
    yield _gauge(
        "delivery_age_seconds",
        "How long the oldest unfinished delivery has been queued, by priority.",
        ("priority",),
        {(priority.name.lower(),): wait.total_seconds() for priority, wait in vitals.waits.items()},
    )
    yield _gauge(
        "processes",
        "Processes that run, by role; one has several.",
        ("role",),
        {(role,): n for role, n in vitals.processes.items()},
    )
    yield _gauge(
        "deliveries_unserved",
        "Deliveries for a platform that no process serves.",
        ("platform",),
        {(platform,): n for platform, n in vitals.unserved.items()},
    )
    yield _gauge("articles", "The highest article number.", (), {(): vitals.articles})
    yield _gauge("stories", "The highest story number.", (), {(): vitals.stories})
    yield _gauge("communities", "Communities.", (), {(): vitals.communities})


def _stopped(stops: Sequence[Stop]) -> Metric:
    scopes = dict.fromkeys(("everywhere", "platform", "community", "both"), 0)
    for stop in stops:
        scope = stop.scope
        if scope.platform is not None and scope.community is not None:
            scopes["both"] += 1
        elif scope.community is not None:
            scopes["community"] += 1
        else:
            scopes["everywhere" if scope.platform is None else "platform"] += 1
    return _gauge(
        "posting_stops",
        "Stops of posting in force, by what they cover.",
        ("scope",),
        {(scope,): count for scope, count in scopes.items()},
    )


def _gauge(name: str, says: str, labels: tuple[str, ...], values: Mapping[tuple[str, ...], float]) -> Metric:
    family = GaugeMetricFamily(f"slugline_{name}", says, labels=labels)
    for of, value in values.items():
        family.add_metric(of, value)
    return family


def _counted(what: Counted, sums: Mapping[Tally, float]) -> Metric:
    if what.buckets:
        return _histogram(what, sums)
    family = CounterMetricFamily(what.name, what.says, labels=what.labels)
    for (name, labels), total in sorted(sums.items()):
        if name == what.name:
            family.add_metric(labels, total)
    return family


def _histogram(what: Counted, sums: Mapping[Tally, float]) -> Metric:
    """Prometheus wants each bucket with all below it."""
    family = HistogramMetricFamily(what.name, what.says, labels=what.labels)
    bounds = [*(f"{bound:g}" for bound in what.buckets), "+Inf"]
    for labels in sorted(labels for name, labels in sums if name == what.name + SUM):
        below, buckets = 0.0, list[tuple[str, float]]()
        for bound in bounds:
            below += sums.get((what.name + BUCKET, (*labels, bound)), 0)
            buckets.append((bound, below))
        family.add_metric(labels, buckets, sums[what.name + SUM, labels])
    return family


class _Families(Collector):
    def __init__(self, families: Iterable[Metric]) -> None:
        self._families = list(families)

    def collect(self) -> Iterable[Metric]:
        return self._families


def _text(families: Iterable[Metric]) -> bytes:
    registry = CollectorRegistry()
    registry.register(_Families(families))
    return generate_latest(registry)
