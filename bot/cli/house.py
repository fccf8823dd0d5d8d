"""The house, opened: every part made once, in one place, and handed to the use cases that need it.

Nothing here decides anything. The modules it names are imported when a command opens the house, not before.
"""

from __future__ import annotations

import asyncio
import gc
import os
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import tzinfo
from functools import cache, partial
from typing import TYPE_CHECKING, Protocol
from uuid import uuid4
from zoneinfo import ZoneInfo

from bot.core.errors import InputError, StoreAway, StoreBusy, StoreError, StoreFull

if TYPE_CHECKING:
    from rich.console import Console

    from adapters.models.embedder import MiniLmEmbedder
    from adapters.web.app import Doors
    from bot.app.analyses import Analyses
    from bot.app.budget import Budget
    from bot.app.commands.desk import CommandDesk
    from bot.app.compose import Compose
    from bot.app.explaining import Explaining
    from bot.app.join import Joining
    from bot.app.loops import Loops
    from bot.app.ports import Clock, Database, FeedReader, Platform, Stage, Wakes
    from bot.app.posting import Gate
    from bot.app.take_in import Terms
    from bot.app.tallies import Tallies
    from bot.app.telling import Telling
    from bot.app.work import Worker
    from bot.core.message.document import Document
    from bot.settings import Settings
    from feeds.discover import FeedParser
    from feeds.fetch import Fetcher
    from feeds.finder import WebFeedFinder

VISITS = 64
"""Feeds visited at the same time in one process."""
PAGES = 8
SENDS = 64
"""Places of one platform posted to at the same time."""
BATCH = 32
"""Articles scored at a time: enough to keep both cores busy, few enough that a stop need not wait."""


def log_to(settings: Settings, *, quiet: bool = False) -> None:
    """Set up logging; `quiet` keeps a command whose output is for people to its warnings."""
    from bot.logs import configure

    level = "warning" if quiet and settings.log_level == "info" else settings.log_level
    configure(level=level, style=settings.log_format, secrets=settings.secrets())


@contextmanager
def only_one(settings: Settings) -> Iterator[None]:
    """Refuse a second `run` on the same SQLite file. PostgreSQL takes any number of them."""
    file = settings.sqlite_file
    if file is None:
        yield
        return
    from filelock import FileLock, Timeout

    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with FileLock(f"{file}.run.lock", timeout=0):
            yield
    except Timeout:
        raise StoreBusy(
            f"another `slugline run` works on {file}; stop it first, or set SLUGLINE_DATABASE_URL to a PostgreSQL to"
            " run several (slugline migrate-store takes everything along)"
        ) from None
    except OSError as error:
        raise InputError(f"SLUGLINE_DATA_DIR: {file.parent} cannot be written to ({error.strerror or error})") from None


def has_ended(holder: str) -> bool:
    """Whether a holder of work on this installation's SQLite file is dead, to be asked within `only_one`: then no
    other `run` is alive, and other commands at work beside it run on this machine."""
    host, _, rest = holder.partition(":")
    number = rest.partition(":")[0]
    if not number.isdecimal() or os.name != "posix":  # asking Windows so would end the process
        return False
    if host != socket.gethostname() or int(number) == os.getpid():  # had our number before us
        return True
    try:
        os.kill(int(number), 0)
    except ProcessLookupError:
        return True
    except (OSError, OverflowError):
        return False
    return False


def version() -> str:
    """Slugline's own, for people."""
    from importlib.metadata import PackageNotFoundError
    from importlib.metadata import version as of_package

    try:
        return of_package("slugline")
    except PackageNotFoundError:
        return "from a checkout that was not installed"


def kind_of(error: StoreError) -> str:
    """Of a database's error, in a word."""
    kinds = {StoreBusy: "busy", StoreFull: "full", StoreAway: "away"}
    return next((kind for of, kind in kinds.items() if isinstance(error, of)), "other")


def terms(settings: Settings) -> Terms:
    """On what terms this installation takes articles in."""
    from bot.app.take_in import Terms
    from bot.cli.catalogue import catalogue

    return Terms(catalogue=catalogue(), max_age=settings.max_article_age)


class Sender(Protocol):
    def __call__(self, platform: Platform, at_once: int = SENDS) -> Worker:
        """Posts to so many places at the same time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """All parts of one process, wired."""

    settings: Settings
    clock: Clock
    database: Database
    wakes: Wakes
    fetcher: Fetcher
    reader: FeedReader
    parse_feed: FeedParser
    embedder: MiniLmEmbedder
    analyses: Analyses
    compose: Compose
    telling: Telling
    explaining: Explaining
    joining: Joining
    commands: CommandDesk
    stages: tuple[Worker, ...]
    """All but the last, which posts: `sender`."""
    sender: Sender
    """Makes the worker that posts to a platform's places: one for each that this process serves."""
    terminal: Platform
    tallies: Tallies
    gate: Gate
    budget: Budget
    """What platforms allow all processes together: to be asked before each request."""
    doors: Doors
    """Addresses on the web server that roles open."""
    holder: str
    stopping: asyncio.Event
    """Set when this process is told to end: it begins nothing any more."""
    out: Console

    @property
    def zone(self) -> tzinfo:
        """In which people read times here."""
        return ZoneInfo(self.settings.timezone)

    def loops(self, *stages: Stage) -> Loops:
        """These stages, or all of them with what is posted to this terminal, ready to run."""
        from bot.app.loops import Loops

        workers = [*self.stages, self.sender(self.terminal)]
        workers = [worker for worker in workers if not stages or worker.stage in stages]
        return Loops(self.database, workers, holder=self.holder, stopping=self.stopping)

    @property
    def finder(self) -> WebFeedFinder:
        """For what the operator names: with SLUGLINE_ALLOW_HOSTS."""
        from feeds.finder import WebFeedFinder

        return WebFeedFinder(self.fetcher, self.parse_feed, allow=self.settings.allow_hosts)

    def show(self, document: Document, form: str) -> None:
        """On standard output, in that form."""
        import click

        from adapters.console.render import render
        from adapters.text.html import html
        from adapters.text.markdown import markdown

        if form == "markdown":
            click.echo(markdown(document, zone=self.zone).rstrip("\n"))
        elif form == "html":
            click.echo(html(document, zone=self.zone).rstrip("\n"))
        else:
            self.out.print(render(document, zone=self.zone), crop=False)


@asynccontextmanager
async def open_house(settings: Settings, *, out: Console | None = None) -> AsyncIterator[House]:
    """Open everything `settings` asks for, and close it again whatever happens."""
    from rich.console import Console

    from adapters.clock import SystemClock
    from adapters.console.platform import ConsolePlatform
    from adapters.models.embedder import MiniLmEmbedder
    from adapters.models.shipped import load_gate, load_rarity, load_relevance_model, load_sides, new_story_index
    from adapters.storage import open_database
    from adapters.web.app import Doors
    from bot.app.alert import Alerting
    from bot.app.analyses import Analyses
    from bot.app.budget import Budget
    from bot.app.commands.assembly import command_desk
    from bot.app.compose import Compose
    from bot.app.correct import Correcting
    from bot.app.deliver import Deliver
    from bot.app.drafting import Drafting
    from bot.app.explaining import Explaining
    from bot.app.extractive import ExtractiveAnalyst
    from bot.app.join import Joining
    from bot.app.look import Look
    from bot.app.page import Page
    from bot.app.poll import Poll
    from bot.app.ports import Stage
    from bot.app.posting import Gate
    from bot.app.purge import Purge
    from bot.app.remind import Reminding
    from bot.app.review import Review
    from bot.app.rules import Rules
    from bot.app.score import Score
    from bot.app.tallies import DATABASE_ERRORS, Tallies
    from bot.app.telling import Telling
    from bot.app.work import Worker
    from bot.cli.catalogue import catalogue
    from bot.cli.packs import packs
    from bot.core.desk.ranking import story_weight
    from bot.core.desk.taste import taste_of
    from bot.core.message.digest import digest_document
    from bot.core.opt_out import OptOut
    from bot.core.topic import Topics
    from bot.core.watch.pack_names import PackNames
    from feeds.fetch import Fetcher
    from feeds.finder import WebFeedFinder
    from feeds.host_gate import HostGate
    from feeds.page import WebPageReader, page_crew
    from feeds.visit import WebFeedReader, feed_crew, parse_in

    out = out or Console(soft_wrap=False)
    clock = SystemClock()
    holder = f"{socket.gethostname()}:{os.getpid()}:{uuid4().hex[:8]}"
    async with AsyncExitStack() as stack:
        opt_out = OptOut(settings.opt_out)
        tallies = Tallies()
        database = await stack.enter_async_context(
            open_database(
                settings.database,
                opt_out=opt_out,
                told=lambda error: tallies.add(DATABASE_ERRORS, kind_of(error)),
            )
        )
        gate = HostGate(own=settings.allow_hosts)
        fetcher = await stack.enter_async_context(Fetcher(clock, contact=settings.contact or None, gate=gate))
        feed_parsers, page_parsers = feed_crew(), page_crew()
        stack.push_async_callback(feed_parsers.close)
        stack.push_async_callback(page_parsers.close)
        embedder = MiniLmEmbedder()
        stack.callback(embedder.close)
        model = load_relevance_model()
        sides, relevance_gate = load_sides(), load_gate()
        engine = ExtractiveAnalyst(embedder, sides)
        analyses = Analyses(database, {engine.engine: engine}, clock)
        tastes = partial(taste_of, threshold=model.threshold, rarity=load_rarity())
        known = cache(packs)
        topics = Topics(known)
        alerting = Alerting(database, known, Rules(cache(lambda: PackNames(known()))), clock)
        reminding = Reminding(database, clock, settings.timezone)
        drafting = Drafting(database, analyses, story_weight, tastes, topics)
        compose = Compose(database, drafting, clock)
        joining = Joining(database, model, new_story_index, clock, holder=holder, loaded=gc.freeze)
        stack.push_async_callback(joining.release)
        reader = WebFeedReader(fetcher, feed_parsers, clock, allow=settings.allow_hosts)
        pages = WebPageReader(fetcher, page_parsers, clock, allow=settings.allow_hosts)
        poll = Poll(database, reader, clock, terms(settings), tallies)
        score = Score(database, relevance_gate, model, embedder)
        page = Page(database, pages, clock)
        look = Look(database, pages, clock)
        review = Review(database, digest_document, clock)
        correcting = Correcting(database, digest_document, alerting, clock)
        switch = Gate(database)
        stopping = asyncio.Event()
        worker = partial(Worker, database, holder=holder, suspects=asyncio.Lock(), tallies=tallies)
        stages = (
            worker(Stage.POLL, poll.handle, concurrency=VISITS, aside=poll.set_aside),
            worker(Stage.SCORE, score.handle, batch=BATCH, prepare=score.prepare),
            worker(Stage.PAGE, page.handle, concurrency=PAGES),
            worker(Stage.JOIN, joining.handle, claim=BATCH, permit=joining.permit),
            worker(Stage.ANALYSE, analyses.handle),
            worker(Stage.COMPOSE, compose.handle),
            worker(Stage.REVIEW, review.handle),
            worker(Stage.ALERT, alerting.handle),
            worker(Stage.BUNDLE, alerting.bundle),
            worker(Stage.REMIND, reminding.handle),
            worker(Stage.PURGE, Purge(database, settings.retention, clock).handle),
            worker(Stage.CORRECT, correcting.handle),
            worker(Stage.ERRATUM, correcting.tell),
            worker(Stage.LOOK, look.handle, concurrency=PAGES),
            worker(Stage.CARD, review.redraw),
        )

        def sender(platform: Platform, at_once: int = SENDS) -> Worker:
            served = {platform.name: platform}
            deliver = Deliver(database, served, clock, tallies=tallies, gate=switch, ending=stopping.is_set)
            return worker(Stage.DELIVER, deliver.handle, concurrency=at_once, lost=None, platform=platform.name)

        telling = Telling(database, analyses, story_weight, tastes)
        explaining = Explaining(
            database, relevance_gate, model, new_story_index, embedder, sides, analyses, tastes, clock
        )
        parse_feed = parse_in(feed_parsers)
        commands = command_desk(
            database=database,
            clock=clock,
            telling=telling,
            drafting=drafting,
            topics=topics,
            analyses=analyses,
            explaining=explaining,
            finder=WebFeedFinder(fetcher, parse_feed),
            pages=pages,
            analyst=engine,
            embedder=embedder,
            opt_out=opt_out,
            catalogue=catalogue(),
            zone=settings.timezone,
            version=version(),
        )
        # What is loaded by now stays: looking through all of it for garbage held the loop for 70 ms at a time. The
        # same goes for the stories of the window, whenever joining has loaded them.
        gc.freeze()
        yield House(
            settings=settings,
            clock=clock,
            database=database,
            wakes=database,
            fetcher=fetcher,
            reader=reader,
            parse_feed=parse_feed,
            embedder=embedder,
            analyses=analyses,
            compose=compose,
            telling=telling,
            explaining=explaining,
            joining=joining,
            commands=commands,
            stages=stages,
            sender=sender,
            terminal=ConsolePlatform(out, zone=ZoneInfo(settings.timezone)),
            tallies=tallies,
            gate=switch,
            budget=Budget(database, tallies),
            doors=Doors(),
            holder=holder,
            stopping=stopping,
            out=out,
        )
