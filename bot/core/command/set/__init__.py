"""The one command set, a module a subject. In the order that `help` shows."""

from __future__ import annotations

from bot.core.command.command import Command
from bot.core.command.set.community import COMMUNITY
from bot.core.command.set.feeds import FEEDS
from bot.core.command.set.reading import READING
from bot.core.command.set.review import REVIEW
from bot.core.command.set.schedules import SCHEDULES
from bot.core.command.set.watching import WATCHING

COMMANDS: tuple[Command, ...] = (*READING, *WATCHING, *SCHEDULES, *REVIEW, *FEEDS, *COMMUNITY)
