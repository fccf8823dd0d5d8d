"""Capacity on paper: what so many channels need, and how long the worst minute of the day lasts.

Nothing is run here but arithmetic and a simulation in simulated time, from constants that were measured elsewhere (each
names where) and from assumptions about communities (each is named, and an option). The simulation is of the rush: all
digests of one time zone fall due at 9:00 sharp, since schedules keep to their minute; they are composed, and then sent
part by part through the platform's limit, while alerts come in and overtake. `rows=20000` measures what rows take anew,
in a store of that many articles, instead of using the constants.
"""

from __future__ import annotations

import math
import random
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field

from tests.quality.report import Goal, Report, Table

SIZES = (1_000, 100_000)
DAY = 86_400


# --- measured -----------------------------------------------------------------------------------------------

BYTES_A_ROW: Mapping[str, float] = {
    "articles": 1725,
    "stories": 137,
    "analyses": 7763,
    "tracked_items": 397,
    "digests": 8954,
    "deliveries": 16835,
    "alert deliveries": 1499,
    "alerts": 164,
    "watches": 213,
    "schedules": 328,
    "feeds": 217,
}
"""With indexes, parts, keys, vectors and search index: `rows=20000`, SQLite, 24 November 2026."""
POLL_MS, POLL_CHANGED_MS = 0.9, 3.3
"""Processor time a visit, unchanged and changed: `bench poll`, 24 November 2026."""
ARTICLE_MS = 2_000 / 57
"""Of both cores, to gate, embed, judge and join an article: `bench desk`, 57 a second."""
ANALYSIS_MS = 2_000.0
"""Of both cores, to analyse a story of seven full texts: `bench desk`, 1.0 s."""
WATCH_MS = 1.9 + 1.6
"""To hold an article against 100,000 watches: `bench watch`."""
COMPOSE_MS = 41.0
"""To tell a digest from stored analyses, in an archive of a million articles: `bench search`, the median."""
DELIVERY_MS = 2_000 / 3_026
"""Of both cores, for a delivery of one part through the outbox, PostgreSQL's server included: `bench outbox`."""
WORKER_MB, SENDER_MB = 458, 208
"""Resident: `bench desk` with the models loaded, `bench poll` without."""
POOL = 15 + 1
"""Connections to PostgreSQL a process may open: SQLAlchemy's pool of 5 and its overflow of 10, and one that listens."""
PARTS = {"discord": 4, "slack": 2}
"""Messages that a digest of three stories is set in (`adapters.*.render.parts` of a specimen's stories)."""
LANES = 64
"""Places a process posts to at the same time (`bot.cli.house.SENDS`)."""
DISCORD_RATE = 48.7
"""Requests a second of one bot, over all processes: 50 less what `adapters.discord.pace` keeps back."""
GUILDS_A_SHARD, IDENTIFY_S = 2_500, 5
"""Discord's bounds: sharding is mandatory at that many guilds, and one shard connects every five seconds."""


# --- assumed ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Assumed:
    """About communities. `in_step` of a zone's channels have their digest at 9:00 of the zone with the most."""

    channels_a_community: float = 2
    discord: float = 0.6
    private_feeds: float = 0.2  # a community
    articles_a_feed: float = 9  # a day; as in the archive of `bench search`
    visits_a_feed: float = 48  # a day
    relevant: float = 0.02  # of articles; likewise
    stories_a_digest: int = 3
    digests: float = 5 / 7  # a channel a day: on weekdays
    watches: float = 3  # a channel
    alerts: float = 1.5  # a channel a day
    in_step: float = 0.35
    answer_s: float = 0.2  # how long a platform takes over a message
    years: float = 1  # that articles, messages and alerts are kept (SLUGLINE_KEEP_…)
    defaults: int = 152  # feeds of the catalogue


# --- what there is ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """Of an installation with so many channels."""

    channels: int
    assumed: Assumed

    @property
    def communities(self) -> int:
        return math.ceil(self.channels / self.assumed.channels_a_community)

    @property
    def guilds(self) -> int:
        return math.ceil(self.communities * self.assumed.discord)

    @property
    def feeds(self) -> int:
        return self.assumed.defaults + round(self.communities * self.assumed.private_feeds)

    @property
    def articles_a_day(self) -> float:
        return self.feeds * self.assumed.articles_a_feed

    @property
    def messages_a_day(self) -> Mapping[str, float]:
        share = {"discord": self.assumed.discord, "slack": 1 - self.assumed.discord}
        return {
            platform: self.channels * share[platform] * (self.assumed.digests * PARTS[platform] + self.assumed.alerts)
            for platform in PARTS
        }

    @property
    def rows(self) -> Mapping[str, float]:
        """After as long as they are kept."""
        days = 365 * self.assumed.years
        a, relevant = self.assumed, self.articles_a_day * self.assumed.relevant
        return {
            "articles": self.articles_a_day * days,
            "stories": self.articles_a_day * 0.1 * days,  # two in ten articles are in stories, two to each
            "analyses": relevant * days,  # one for each article that changes a story about AI and work
            "tracked_items": relevant * 0.5 * days,
            "digests": self.channels * a.digests * days,
            "deliveries": self.channels * a.digests * days,
            "alert deliveries": self.channels * a.alerts * days,
            "alerts": self.channels * a.alerts * days,
            "watches": self.channels * a.watches,
            "schedules": self.channels,
            "feeds": self.feeds,
        }

    @property
    def core_seconds(self) -> Mapping[str, float]:
        """Processor time a day, by stage."""
        a = self.assumed
        changed = min(a.articles_a_feed, a.visits_a_feed)
        visits = self.feeds * ((a.visits_a_feed - changed) * POLL_MS + changed * POLL_CHANGED_MS)
        watches = self.channels * a.watches
        messages = sum(self.messages_a_day.values())
        return {
            "poll": visits / 1000,
            "score and join": self.articles_a_day * ARTICLE_MS / 1000,
            "analyse": self.articles_a_day * a.relevant * ANALYSIS_MS / 1000,
            "alert": self.articles_a_day * a.relevant * WATCH_MS * max(1.0, watches / 100_000) / 1000,
            "compose": self.channels * a.digests * COMPOSE_MS / 1000,
            "deliver": messages * DELIVERY_MS / 1000,
        }


# --- the rush -----------------------------------------------------------------------------------------------


@dataclass(slots=True)
class Rush:
    """What came of it, in seconds from 9:00: when the last digest was there whole, and how long alerts waited."""

    last: float = 0.0
    waits: list[float] = field(default_factory=list)

    def wait(self, part: float) -> float:
        ordered = sorted(self.waits)
        return ordered[min(len(ordered) - 1, int(part * len(ordered)))] if ordered else 0.0


def rush(
    digests: int,
    parts: int,
    *,
    rate: float,
    composed_a_second: float,
    lanes: int,
    alerts_a_second: float,
    seed: int = 1,
) -> Rush:
    """`lanes` deliveries are in hand at a time, each with one request waiting for its turn, one turn every 1/`rate`
    seconds; what is done makes room for an alert first. An alert that comes finds the digests' next parts before it
    in that short line, and no more."""
    chance = random.Random(seed)
    came = Rush()
    next_alert = chance.expovariate(alerts_a_second) if alerts_a_second else math.inf
    waiting_alerts: deque[float] = deque()
    line: deque[tuple[int, float]] = deque()  # parts left, and when an alert came (or less than 0)
    begun, left, now = 0, digests, 0.0
    while left:
        while next_alert <= now:
            waiting_alerts.append(next_alert)
            next_alert += chance.expovariate(alerts_a_second)
        while len(line) < lanes and (waiting_alerts or (begun < digests and begun < now * composed_a_second)):
            if waiting_alerts:
                line.append((1, waiting_alerts.popleft()))
            else:
                begun += 1
                line.append((parts, -1.0))
        now += 1 / rate
        if not line:
            continue
        missing, since = line.popleft()
        if missing > 1:
            line.append((missing - 1, since))
        elif since >= 0:
            came.waits.append(now - since)
        else:
            left -= 1
            came.last = now
    return came


def rushes(load: Load, processes: int) -> Mapping[str, Rush]:
    """On both platforms at once. Slack's limit is a message a second to a channel, which digests of two messages do not
    meet: what bounds it is how many places we post to at a time."""
    a = load.assumed
    due = load.channels * a.in_step
    composed = processes * 1000 / COMPOSE_MS
    share = {"discord": a.discord, "slack": 1 - a.discord}
    rate = {"discord": DISCORD_RATE, "slack": processes * LANES / a.answer_s}
    return {
        platform: rush(
            math.ceil(due * share[platform]),
            PARTS[platform],
            rate=rate[platform],
            composed_a_second=composed * share[platform],
            lanes=processes * LANES,
            alerts_a_second=load.channels * share[platform] * a.alerts / DAY,
        )
        for platform in PARTS
    }


def most_channels(minutes: float, assumed: Assumed, processes: int) -> int:
    """How many, to the hundred, so that every digest of 9:00 is there by so many minutes later."""
    low, high = 0, 4_000
    while high - low > 1:
        middle = (low + high) // 2
        came = rushes(Load(channels=middle * 100, assumed=assumed), processes)
        low, high = (middle, high) if max(each.last for each in came.values()) <= minutes * 60 else (low, middle)
    return low * 100


# --- the report ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """How such an installation is run: `workers` do everything but posting, `senders` post."""

    workers: int
    senders: int
    database: str


SHAPES = {
    1_000: Shape(workers=1, senders=0, database="SQLite"),
    100_000: Shape(workers=4, senders=2, database="PostgreSQL"),
}


def measure(options: Mapping[str, str]) -> Report:
    assumed = Assumed()
    sizes: Mapping[str, float] = BYTES_A_ROW
    if "rows" in options:
        from tests.bench.row_sizes import row_sizes

        sizes = row_sizes(int(options["rows"]))
    loads = [Load(channels=channels, assumed=assumed) for channels in SIZES]
    figures: dict[str, float] = {}
    rows: list[list[str]] = []
    for load in loads:
        column, facts = _column(load, SHAPES[load.channels], sizes)
        rows.append(column)
        figures |= {f"{load.channels}.{name}": value for name, value in facts.items()}
    alone = most_channels(10, assumed, 1)
    figures["one_process_channels"] = alone
    figures["four_processes_channels"] = most_channels(10, assumed, 4)
    return Report(
        name="capacity",
        tables=[
            Table(
                title="What so many channels need",
                columns=["", *(f"{channels:,}" for channels in SIZES)],
                rows=[[name, *(column[at] for column in rows)] for at, name in enumerate(NAMES)],
            ),
            Table(
                title="Bytes a row",
                columns=["table", "bytes"],
                rows=[[name, f"{size:,.0f}"] for name, size in sizes.items()],
            ),
        ],
        figures=figures,
        goals=[
            Goal(figure="1000.cores", value=0.25, at_most=True),
            Goal(figure="1000.store_gb", value=20, at_most=True),
            Goal(figure="1000.discord_last_minutes", value=5, at_most=True),
            Goal(figure="1000.alert_p99_s", value=5, at_most=True),
            Goal(figure="100000.discord_last_minutes", value=60, at_most=True),
            Goal(figure="100000.alert_p99_s", value=10, at_most=True),
            Goal(figure="one_process_channels", value=10_000),
        ],
    )


NAMES = (
    "communities",
    "feeds",
    "articles a day",
    "articles after a year",
    "messages a day",
    "messages a second, on average",
    "store after a year, GB",
    "of that: messages and digests, GB",
    "processor time, cores",
    "of that: the most",
    "digests due at one 9:00",
    "the last of them is there: Discord, minutes",
    "the last of them is there: Slack, minutes",
    "an alert meanwhile waits, median and 99 %, s",
    "Discord shards, and seconds until all are connected",
    "processes",
    "memory, MB",
    "connections to PostgreSQL, at most",
)


def _column(load: Load, shape: Shape, sizes: Mapping[str, float]) -> tuple[list[str], Mapping[str, float]]:
    rows, seconds = load.rows, load.core_seconds
    size = {table: rows[table] * sizes[table] / 1e9 for table in rows}
    messages = sum(load.messages_a_day.values())
    cores = sum(seconds.values()) / DAY
    most = max(seconds, key=lambda stage: seconds[stage])
    came = rushes(load, max(1, shape.workers))
    shards = math.ceil(load.guilds / GUILDS_A_SHARD)
    processes = shape.workers + shape.senders
    memory = shape.workers * WORKER_MB + shape.senders * SENDER_MB
    connections = processes * POOL if shape.database == "PostgreSQL" else 0
    posted = size["deliveries"] + size["alert deliveries"] + size["digests"]
    facts = {
        "articles_a_day": load.articles_a_day,
        "messages_a_day": messages,
        "store_gb": sum(size.values()),
        "cores": cores,
        "discord_last_minutes": came["discord"].last / 60,
        "slack_last_minutes": came["slack"].last / 60,
        "alert_p99_s": came["discord"].wait(0.99),
        "shards": shards,
        "connections": connections,
        "memory_mb": memory,
    }
    column = [
        f"{load.communities:,} ({load.guilds:,} on Discord)",
        f"{load.feeds:,}",
        f"{load.articles_a_day:,.0f}",
        f"{rows['articles']:,.0f}",
        f"{messages:,.0f}",
        f"{messages / DAY:.2f}",
        f"{sum(size.values()):,.1f}",
        f"{posted:,.1f}",
        f"{cores:.2f}",
        f"{most} ({seconds[most] / DAY:.2f})",
        f"{load.channels * load.assumed.in_step:,.0f}",
        f"{came['discord'].last / 60:.1f}",
        f"{came['slack'].last / 60:.1f}",
        f"{came['discord'].wait(0.5):.1f}, {came['discord'].wait(0.99):.1f}",
        f"{shards}, {(shards - 1) * IDENTIFY_S}",
        f"{processes} ({shape.database})",
        f"{memory:,}",
        f"{connections}" if connections else "–",
    ]
    return column, facts
