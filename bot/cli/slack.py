"""`slugline slack`: what it takes to have Slugline in a Slack workspace."""

from __future__ import annotations

import json

import click

from bot.cli.errors import command
from bot.core.errors import InputError


@click.group()
def slack() -> None:
    """Set Slugline up in Slack."""


@slack.command()
@click.option(
    "--mode",
    type=click.Choice(["socket", "http"]),
    default="socket",
    help="socket: for one workspace, behind any firewall. http: for many, with an address that Slack can reach.",
)
@click.option("--url", default="", metavar="ADDRESS", help="Where Slack reaches SLUGLINE_WEB, in mode http: https://…")
@click.option(
    "--with", "more", multiple=True, metavar="SCOPE", help="An optional scope to ask for too; may be repeated."
)
@click.option("--format", "form", type=click.Choice(["yaml", "json"]), default="yaml", help="How to print it.")
@command
async def manifest(mode: str, url: str, more: tuple[str, ...], form: str) -> None:
    """Print the app's manifest, to paste at api.slack.com/apps → Create New App → From a manifest.

    It asks for the fewest scopes that everything works with. What the optional ones add stands beside them.
    """
    from adapters.slack import manifest as made
    from bot.core.command.suggestion import did_you_mean

    for scope in more:
        if scope not in made.OPTIONAL:
            raise InputError(f"--with: no optional scope is called {scope!r:.60}{did_you_mean(scope, made.OPTIONAL)}")
    if mode == "http":
        if not url.startswith("https://"):
            raise InputError("--url: Slack sends to https:// only; give the address at which it reaches SLUGLINE_WEB")
        described = made.manifest("http", url, more)
    else:
        if url:
            raise InputError("--url is for --mode http; in mode socket Slack sends to no address")
        described = made.manifest("socket", more=more)
    click.echo(json.dumps(described, indent=2) if form == "json" else made.as_yaml(described), nl=form == "json")
