"""`slugline feeds …`: add, look at, switch, check, take in and give out feeds."""

from __future__ import annotations

import click

from bot.cli.feeds.adding import add, remove
from bot.cli.feeds.checking import check
from bot.cli.feeds.listing import health, list_
from bot.cli.feeds.switching import off, on
from bot.cli.feeds.transfer import export, import_, parse


class InOrder(click.Group):
    """Lists its commands in the order they were added."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.commands)


@click.group(cls=InOrder)
def feeds() -> None:
    """Add, list, switch, check, import and export feeds."""


for each in (add, list_, health, off, on, remove, import_, export, check, parse):
    feeds.add_command(each)
