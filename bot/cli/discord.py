"""`slugline discord`: what it takes to have Slugline on a Discord server."""

from __future__ import annotations

import base64
import binascii

import click

from bot.cli.errors import command

GREETING = """
Whoever adds it is sent the three steps to a digest, privately, where Discord says who that is: on your application's
page Webhooks set the Endpoint URL to https://…/discord/events, the address at which SLUGLINE_WEB is reached, and switch
Application Authorized on. Without that, whoever manages the server gets them with their first command."""


@click.group()
def discord() -> None:
    """Set Slugline up on Discord."""


@discord.command()
@command
async def invite() -> None:
    """Print the address at which it is added to a server, and what each permission is for.

    It asks for these permissions and no others. The application is SLUGLINE_DISCORD_APP_ID, or the one that
    SLUGLINE_DISCORD_TOKEN is of; Discord is not asked.
    """
    from adapters.discord.permissions import PERMISSIONS, invitation
    from bot.core.errors import SettingsError
    from bot.settings import load_settings

    settings = load_settings()
    application = settings.discord_app_id
    if application is None and settings.discord_token is not None:
        application = application_of(settings.discord_token.get_secret_value())
    if application is None:
        raise SettingsError(
            "SLUGLINE_DISCORD_APP_ID",
            "it is not set, and no token tells it",
            "it takes the Application ID on the page General Information of your application",
        )
    click.echo(invitation(application))
    click.echo("\nWhoever manages a server opens it, chooses the server and confirms. What is asked for:\n")
    for each in PERMISSIONS:
        click.echo(f"  {each.name:<26} {each.purpose}{'' if each.needed else ' (can be refused)'}")
    click.echo(f"  {'Use Application Commands':<26} the commands, such as /setup, which come with the invitation")
    click.echo(GREETING)


def application_of(token: str) -> int | None:
    """The id in a bot token's first part; None where there is none."""
    first = token.partition(".")[0]
    try:
        said = base64.urlsafe_b64decode(first + "=" * (-len(first) % 4)).decode("ascii")
    except (binascii.Error, ValueError):
        return None
    return int(said) if said.isdecimal() and len(said) <= 20 else None
