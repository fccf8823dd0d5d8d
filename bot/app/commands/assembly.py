"""The command desk put together: every subject's handlers, and who completes which names."""

from __future__ import annotations

from bot.app.analyses import Analyses
from bot.app.by_address import ByAddress
from bot.app.commands.ahead import Ahead
from bot.app.commands.asked import Completer, Handler
from bot.app.commands.community import CommunityCommands
from bot.app.commands.correcting import Corrections
from bot.app.commands.desk import CommandDesk
from bot.app.commands.feeds import Feeds
from bot.app.commands.help import Help
from bot.app.commands.reading import Reading
from bot.app.commands.review import ReviewDesk
from bot.app.commands.schedules import Schedules
from bot.app.commands.setup import Setup
from bot.app.commands.summarize import Summarize
from bot.app.commands.watching import Watching
from bot.app.drafting import Drafting
from bot.app.explaining import Explaining
from bot.app.feedback import Hearing
from bot.app.ports import Analyst, Clock, Database, Embedder, FeedFinder, PageReader
from bot.app.recasting import Recasting
from bot.app.telling import Telling
from bot.core.catalogue import Catalogue
from bot.core.command.command import Kind
from bot.core.command.set import COMMANDS
from bot.core.message.digest import digest_document
from bot.core.opt_out import OptOut
from bot.core.topic import Topics


def command_desk(
    *,
    database: Database,
    clock: Clock,
    telling: Telling,
    drafting: Drafting,
    topics: Topics,
    analyses: Analyses,
    explaining: Explaining,
    finder: FeedFinder,
    pages: PageReader,
    analyst: Analyst,
    embedder: Embedder,
    catalogue: Catalogue,
    opt_out: OptOut,
    zone: str,
    version: str,
) -> CommandDesk:
    """`finder` and `pages` are members': they reach no private network. `analyst` reads what `summarize` fetches.
    `zone` is the installation's, `version` for people."""
    reading = Reading(database, telling, topics, analyses, explaining, Hearing(database, clock), clock)
    feeds = Feeds(database, finder, catalogue, clock)
    community = CommunityCommands(database, clock, zone)
    ahead = Ahead(database, clock, zone)
    summarize = Summarize(database, pages, analyst, embedder, catalogue, opt_out, clock)
    schedules = Schedules(database, drafting, analyses, topics, clock, zone)
    watching = Watching(database, topics, clock, zone)
    recasting = Recasting(database, analyses, ByAddress(pages, catalogue, opt_out, clock))
    review = ReviewDesk(database, digest_document, recasting, clock)
    corrections = Corrections(database, digest_document, clock)
    help_ = Help(database, COMMANDS, version)
    handlers: dict[tuple[str, ...], Handler] = {
        **reading.handlers(),
        **summarize.handlers(),
        **ahead.handlers(),
        **Setup(database, schedules, zone).handlers(),
        **schedules.handlers(),
        **watching.handlers(),
        **review.handlers(),
        **corrections.handlers(),
        **feeds.handlers(),
        **community.handlers(),
        **help_.handlers(),
    }
    completers: dict[Kind, Completer] = {
        Kind.STORY: reading.stories_named,
        Kind.FEED: feeds.feeds_named,
        Kind.DESK: feeds.desks_named,
        Kind.OUTLET: feeds.outlets_named,
        Kind.WATCH: watching.watches_named,
        Kind.PACK: watching.packs_named,
        Kind.SCHEDULE: schedules.schedules_named,
        Kind.DRAFT: review.drafts_named,
        Kind.ENGINE: schedules.engines_named,
        Kind.ZONE: community.zones_named,
    }
    return CommandDesk(database, COMMANDS, handlers, completers)
