"""Commands for people. The composition root: with `bot.__main__`, the only place that names adapters and feeds.

Nothing heavy is imported before a command needs it: `slugline --help` must answer at once. A command's module is
imported when help lists it, so its own imports at the top are light, and the rest stand in its functions.
"""

from __future__ import annotations

import importlib

import click

COMMANDS = {
    "run": "bot.cli.run:run",
    "demo": "bot.cli.demo:demo",
    "digest": "bot.cli.digest:digest",
    "feeds": "bot.cli.feeds:feeds",
    "ingest": "bot.cli.ingest:ingest",
    "classify": "bot.cli.desk:classify",
    "cluster": "bot.cli.desk:cluster",
    "analyse": "bot.cli.desk:analyse",
    "doctor": "bot.cli.doctor:doctor",
}
"""In the order that help shows."""


class Commands(click.Group):
    """Imports a command when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        module, _, attribute = COMMANDS[name].partition(":")
        command = getattr(importlib.import_module(module), attribute)
        assert isinstance(command, click.Command)
        return command


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="slugline")
def slugline() -> None:
    """News about AI and people's work, explained with evidence.

    Start with `slugline demo` (offline, invented news) or `slugline run` (real feeds).
    """
