"""What the use cases need of the outside, and what each promises.

Storage is one `Database` that opens transactions; a transaction offers one collection an aggregate, and the use case
decides what commits together. Every method that touches what a community owns takes the viewer or the community.
No transaction is held across a network, model or chat call.

Work is handed from stage to stage as rows of due `Task`s in the same transaction as the facts they follow from, so
a stage can die anywhere and restart: a claimed task whose lease runs out, by the database's clock, is due again.

Changing a row that its owner does not have raises LookupError: a bug of the caller, or a reach for another's row.
"""

from bot.app.ports.community import Changes, Communities, Feedback, Preferences, Settings
from bot.app.ports.installing import Heard, Installation, Installations
from bot.app.ports.news import Analyses, AnalysisKey, Articles, Feeds, Stories, Tracked, Vector
from bot.app.ports.outside import (
    Analyst,
    Clock,
    Embedder,
    FeedFinder,
    FeedReader,
    FoundFeed,
    NoPage,
    NotThere,
    PageReader,
    PageText,
    Platform,
    Reserved,
    SamePage,
    Subscription,
)
from bot.app.ports.pages import PageLook, PageLooks
from bot.app.ports.posting import (
    Corrections,
    Deliveries,
    Delivery,
    Digests,
    HeldUp,
    Lane,
    Listed,
    Outbox,
    Posting,
    Reviews,
    Schedules,
)
from bot.app.ports.store import Database, Key, Purging, TalliesStore, Tally, Transaction, VitalsStore, Wakes
from bot.app.ports.watching import Alerts, Watches
from bot.app.ports.work import SUSPECT, Budgets, Leases, Marks, Processes, Stage, Task, Tasks

__all__ = [
    "SUSPECT",
    "Alerts",
    "Analyses",
    "AnalysisKey",
    "Analyst",
    "Articles",
    "Budgets",
    "Changes",
    "Clock",
    "Communities",
    "Corrections",
    "Database",
    "Deliveries",
    "Delivery",
    "Digests",
    "Embedder",
    "FeedFinder",
    "FeedReader",
    "Feedback",
    "Feeds",
    "FoundFeed",
    "Heard",
    "HeldUp",
    "Installation",
    "Installations",
    "Key",
    "Lane",
    "Leases",
    "Listed",
    "Marks",
    "NoPage",
    "NotThere",
    "Outbox",
    "PageLook",
    "PageLooks",
    "PageReader",
    "PageText",
    "Platform",
    "Posting",
    "Preferences",
    "Processes",
    "Purging",
    "Reserved",
    "Reviews",
    "SamePage",
    "Schedules",
    "Settings",
    "Stage",
    "Stories",
    "Subscription",
    "TalliesStore",
    "Tally",
    "Task",
    "Tasks",
    "Tracked",
    "Transaction",
    "Vector",
    "VitalsStore",
    "Wakes",
    "Watches",
]
