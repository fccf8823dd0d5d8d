"""`slugline posting`: the operator's switch."""

from __future__ import annotations

import getpass
import json
import socket
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from bot.cli.errors import command

if TYPE_CHECKING:
    from bot.core.posting_stop import Scope, Stop

_platform = click.option(
    "--platform",
    type=click.Choice(["discord", "slack", "console"], case_sensitive=False),
    help="Only on this platform.",
)
_community = click.option("--community", metavar="ID", help="Only for this community, as `deliveries show` names it.")


@click.group()
def posting() -> None:
    """Stop all posting at once, everywhere, and let it go on."""


@posting.command()
@click.option("--reason", default="", help="Why, for whoever looks next.")
@_platform
@_community
@command
async def stop(reason: str, platform: str | None, community: str | None) -> None:
    """Send nothing and edit nothing, in any process of this installation, until `posting resume`.

    Feeds are read, stories told and digests made as ever; what there is to post waits.
    """
    from adapters.storage import open_database
    from bot.app.posting import stop_posting

    scope = _scope(platform, community)
    async with open_database(_settings()) as database:
        stopped = await stop_posting(database, scope, by=_whoever(), reason=reason)
        async with database.read() as tx:
            known = scope.community is None or await tx.communities.get(scope.community) is not None
    click.echo(_capital(str(stopped)) if stopped is not None else f"Posting is stopped {scope} already.")
    if not known:
        click.echo(f"There is no community {scope.community} yet; `slugline deliveries show` names them.", err=True)


@posting.command()
@click.option("--all", "everything", is_flag=True, help="Also what was stopped for a platform or a community alone.")
@_platform
@_community
@command
async def resume(everything: bool, platform: str | None, community: str | None) -> None:
    """Post again what waits, but what is no news any more.

    Let go are alerts of more than a day ago, digests before the latest of their schedule (their stories come again in
    the next one, if they still rank), and anything of more than a week ago. What was begun is finished.
    """
    from adapters.storage import open_database
    from bot.app.posting import resume_posting

    scope = None if everything else _scope(platform, community)
    async with open_database(_settings()) as database:
        lifted, gone = await resume_posting(database, scope, by=_whoever())
        async with database.read() as tx:
            left = await tx.posting.in_force()
    for each in lifted:
        click.echo(f"Posting goes on {each.scope}.")
    if not lifted:
        click.echo(f"Posting was not stopped{'' if scope is None else f' {scope}'}.")
    if gone:
        shown = ", ".join(map(str, gone[:10])) + (" …" if len(gone) > 10 else "")
        click.echo(f"Too old to be news, and not posted: {len(gone)} (deliveries {shown}).")
    for each in left:
        click.echo(f"Still in force: {each}")


@posting.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@click.option("--limit", default=10, show_default=True, type=click.IntRange(1, 1000))
@command
async def status(as_json: bool, limit: int) -> None:
    """What is stopped and was: where, since when, by whom and why. Exits with 1 while anything is."""
    from adapters.storage import open_database

    async with open_database(_settings()) as database, database.read() as tx:
        in_force, history = await tx.posting.in_force(), await tx.posting.history(limit=limit)
    if as_json:
        for each in (*in_force, *(each for each in history if each.lifted_at is not None)):
            click.echo(json.dumps(_json(each), ensure_ascii=False))
    else:
        _tell(in_force, history)
    if in_force:
        raise SystemExit(1)


def _tell(in_force: Sequence[Stop], history: Sequence[Stop]) -> None:
    from bot.core.message.plain import inert

    for each in in_force:
        click.echo(inert(_capital(str(each))))
    if not in_force:
        click.echo("Posting is on.")
    for each in history:
        if each.lifted_at is not None:
            why = f": {each.reason}" if each.reason else ""
            span = f"{each.since:%Y-%m-%d %H:%M} to {each.lifted_at:%Y-%m-%d %H:%M} UTC"
            click.echo(inert(f"Before: stopped {each.scope}, {span}, by {each.by}, lifted by {each.lifted_by}{why}"))


def _json(stop: Stop) -> dict[str, Any]:
    return {
        "platform": stop.scope.platform,
        "community": stop.scope.community,
        "since": stop.since.isoformat(),
        "by": stop.by,
        "reason": stop.reason,
        "lifted": None if stop.lifted_at is None else stop.lifted_at.isoformat(),
        "lifted_by": stop.lifted_by,
    }


def _scope(platform: str | None, community: str | None) -> Scope:
    from bot.core.community import CommunityId
    from bot.core.posting_stop import Scope

    return Scope(platform=platform, community=None if community is None else CommunityId(community))


def _whoever() -> str:
    """Who is at this shell, as the computer knows them."""
    try:
        return f"{getpass.getuser()}@{socket.gethostname()}"
    except (KeyError, OSError):  # a container's user without a name
        return socket.gethostname()


def _capital(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]


def _settings() -> str:
    from bot.cli.house import log_to
    from bot.settings import load_settings

    settings = load_settings()
    log_to(settings, quiet=True)
    return settings.database
