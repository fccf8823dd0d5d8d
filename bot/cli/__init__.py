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
    "chat": "bot.cli.chat:chat",
    "digest": "bot.cli.digest:digest",
    "why": "bot.cli.why:why",
    "feedback": "bot.cli.feedback:feedback",
    "feeds": "bot.cli.feeds:feeds",
    "outlets": "bot.cli.outlets:outlets",
    "ingest": "bot.cli.ingest:ingest",
    "classify": "bot.cli.desk:classify",
    "cluster": "bot.cli.desk:cluster",
    "analyse": "bot.cli.desk:analyse",
    "check-claims": "bot.cli.desk:check_claims",
    "deliveries": "bot.cli.deliveries:deliveries",
    "posting": "bot.cli.posting:posting",
    "discord": "bot.cli.discord:discord",
    "purge": "bot.cli.purge:purge",
    "slack": "bot.cli.slack:slack",
    "backup": "bot.cli.backup:backup",
    "restore": "bot.cli.backup:restore",
    "migrate-store": "bot.cli.moving:migrate_store",
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


EPILOG = """
\b
Examples:
  slugline demo                                 a sample week, offline
  slugline run                                  real feeds, digests in this terminal
  slugline chat                                 the whole bot in this terminal
  slugline digest --since 7d --format markdown  what the week brought
  slugline feeds add https://example.com        the feed behind any address
  slugline feeds import subscriptions.opml      your own feeds
  slugline doctor                               what is wrong, and what to do

Settings are environment variables that begin with SLUGLINE_; the README lists them. Results go to standard output,
logs and errors to standard error. Exit codes: 0 done, 1 bad input or a problem, 2 a wrong setting or usage,
130 interrupted.
"""


def _show_version(ctx: click.Context, _option: click.Parameter, wanted: bool) -> None:
    if not wanted:
        return
    from bot.cli.house import version

    click.echo(f"slugline {version()}")
    ctx.exit()


@click.group(
    cls=Commands,
    epilog=EPILOG,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.option(
    "--version", is_flag=True, is_eager=True, expose_value=False, callback=_show_version, help="Show the version."
)
def slugline() -> None:
    """News about AI and people's work, explained with evidence.

    Start with `slugline demo` (offline, invented news) or `slugline run` (real feeds).
    """
