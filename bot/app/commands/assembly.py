"""The command desk put together: every subject's handlers, and who completes which names."""

from __future__ import annotations

from collections.abc import Sequence

from bot.app.analyses import Analyses
from bot.app.commands.asked import Completer, Handler
from bot.app.commands.community import CommunityCommands
from bot.app.commands.desk import CommandDesk
from bot.app.commands.feeds import Feeds
from bot.app.commands.help import Help
from bot.app.commands.reading import Reading
from bot.app.explaining import Explaining
from bot.app.feedback import Hearing
from bot.app.ports import Clock, Database, FeedFinder
from bot.app.telling import Telling
from bot.core.catalogue import Catalogue
from bot.core.command.command import Command, Kind
from bot.core.command.set import COMMANDS


def command_desk(
    *,
    database: Database,
    clock: Clock,
    telling: Telling,
    analyses: Analyses,
    explaining: Explaining,
    finder: FeedFinder,
    catalogue: Catalogue,
    zone: str,
    version: str,
) -> CommandDesk:
    """`finder` is a member's: it reaches no private network. `zone` is the installation's, `version` for people."""
    reading = Reading(database, telling, analyses, explaining, Hearing(database, clock), clock)
    feeds = Feeds(database, finder, catalogue, clock)
    community = CommunityCommands(database, clock, zone)
    help_ = Help(database, COMMANDS, version)
    handlers: dict[tuple[str, ...], Handler] = {
        **reading.handlers(),
        **feeds.handlers(),
        **community.handlers(),
        **help_.handlers(),
    }
    completers: dict[Kind, Completer] = {
        Kind.STORY: reading.stories_named,
        Kind.FEED: feeds.feeds_named,
        Kind.DESK: feeds.desks_named,
        Kind.OUTLET: feeds.outlets_named,
        Kind.ZONE: community.zones_named,
    }
    answered: Sequence[Command] = [command for command in COMMANDS if command.path in handlers]
    return CommandDesk(database, answered, handlers, completers)
