"""`slugline deliveries`: what waits to be posted, what could not be, and what to do about it."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import click

from bot.cli.errors import command

if TYPE_CHECKING:
    from bot.app.ports import Delivery, Listed


@click.group()
def deliveries() -> None:
    """See what waits to be posted and what could not be; send it again, or let it go."""


@deliveries.command("list")
@click.option("--all", "everything", is_flag=True, help="Also what was sent or dropped.")
@click.option("--limit", default=50, show_default=True, type=click.IntRange(1, 10_000))
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@command
async def list_(everything: bool, limit: int, as_json: bool) -> None:
    """The newest first: number, state, where to, how old, and why. What they say is not shown."""
    from adapters.storage import open_database

    async with open_database(_settings()) as database, database.read() as tx:
        now = await tx.now()
        found = await tx.outbox.listed(now, community=None, unfinished=not everything, limit=limit)
    for each in found:
        if as_json:
            click.echo(json.dumps(_listed_json(each, now), ensure_ascii=False))
        else:
            click.echo(_line(each, now))
    if not found and not as_json:
        click.echo("Nothing waits." if not everything else "Nothing was ever posted.")


@deliveries.command()
@click.argument("number", type=int)
@click.option("--json", "as_json", is_flag=True)
@command
async def show(number: int, as_json: bool) -> None:
    """One delivery and its parts: which were posted, as which message, and which were refused, and why."""
    from adapters.storage import open_database

    async with open_database(_settings()) as database, database.read() as tx:
        now = await tx.now()
        found = await _found(tx, number)
        (listed,) = await tx.outbox.listed(now, community=None, unfinished=False, limit=1, only=found.id)
    facts: dict[str, Any] = {
        "delivery": found.id,
        "state": listed.standing.value,
        "because": listed.reason,
        "priority": found.priority.name.lower(),
        "community": found.community,
        "platform": found.destination.platform,
        "address": found.destination.address,
        "queued": found.queued_at.isoformat(),
        "not before": None if found.not_before is None else found.not_before.isoformat(),
        "attempts": found.attempts,
        "reason": found.reason,
        "paused": found.destination.paused,
        "if uncertain": found.destination.uncertain.value,
        "digest": found.digest,
        "edits": found.revision - 1,
        "parts": {str(part): message for part, message in found.sent_parts.items()},
        "refused": {str(part): reason for part, reason in found.refused_parts.items()},
        "perhaps posted": None if found.open is None else found.open.part,
    }
    if as_json:
        click.echo(json.dumps(facts, ensure_ascii=False))
        return
    from bot.core.message.plain import inert

    for name, value in facts.items():
        if value not in (None, {}):
            click.echo(f"{name + ':':16}{inert(str(value))}")


@deliveries.command()
@click.argument("numbers", metavar="NUMBER…", type=int, nargs=-1, required=True)
@command
async def retry(numbers: tuple[int, ...]) -> None:
    """Send what of a delivery was not sent, at once; and lift the pause of where it goes.

    Of one that is uncertain, look first whether it is there: this sends it again.
    """
    await _each(numbers, "will be sent again", "was sent, or is being sent; there is nothing to send again")


@deliveries.command()
@click.argument("numbers", metavar="NUMBER…", type=int, nargs=-1, required=True)
@command
async def drop(numbers: tuple[int, ...]) -> None:
    """Never send what of a delivery was not sent yet."""
    await _each(numbers, "dropped", "was sent, dropped before, or is being sent")


@deliveries.command()
@click.argument("number", type=int)
@click.argument("policy", type=click.Choice(["leave", "repeat"]))
@command
async def uncertain(number: int, policy: str) -> None:
    """What the place where a delivery goes wants of messages that may be there already, where nobody can find out:
    leave it at that and tell (the default), or send them again."""
    from adapters.storage import open_database
    from bot.core.delivery import WhenUncertain
    from bot.core.message.plain import inert

    async with open_database(_settings()) as database, database.begin() as tx:
        found = await _found(tx, number)
        await tx.deliveries.set_policy(found.community, found.destination.id, WhenUncertain(policy))
    click.echo(f"{found.destination.platform} {inert(found.destination.address)}: {policy}")


def _settings() -> str:
    from bot.cli.house import log_to
    from bot.settings import load_settings

    settings = load_settings()
    log_to(settings, quiet=True)
    return settings.database


async def _each(numbers: tuple[int, ...], done: str, not_done: str) -> None:
    """Retry or drop them, each in a transaction of its own. Exits with 1 where one could not be."""
    from adapters.storage import open_database

    failed = False
    async with open_database(_settings()) as database:
        for number in numbers:
            async with database.begin() as tx:
                found = await _found(tx, number)
                act = tx.deliveries.drop if done == "dropped" else tx.deliveries.retry
                changed = await act(found.community, found.id)
            failed = failed or not changed
            click.echo(f"{number}: {done if changed else not_done}", err=not changed)
    if failed:
        raise SystemExit(1)


async def _found(tx: Any, number: int) -> Delivery:
    from bot.core.delivery import DeliveryId
    from bot.core.errors import InputError

    found: Delivery | None = await tx.outbox.get(DeliveryId(number))
    if found is None:
        raise InputError(f"there is no delivery {number}; `slugline deliveries list --all` shows their numbers")
    return found


def _line(each: Listed, now: datetime) -> str:
    from bot.core.message.plain import inert

    why = f"  {_why(each)}".rstrip()
    place, state = f"{each.platform} {inert(each.address)}", each.standing.value
    return f"{each.id:>6}  {state:<9}  {place}  {_age(now - each.queued_at)}{why}"


def _why(each: Listed) -> str:
    from bot.core.message.plain import inert
    from bot.core.outbox import Standing

    reason = inert(each.reason) if each.reason else ""
    match each.standing:
        case Standing.DEFERRED if each.not_before is not None:
            until = f"until {each.not_before:%Y-%m-%d %H:%M} UTC"
            return f"{until}: {reason}" if reason else until
        case Standing.HELD | Standing.REJECTED | Standing.UNCERTAIN if reason:
            return f"because {reason}"
        case _:
            return reason


def _age(span: timedelta) -> str:
    if span.days:
        return f"{span.days} d"
    return f"{span.seconds // 3600} h" if span.seconds >= 3600 else f"{span.seconds // 60} min"


def _listed_json(each: Listed, now: datetime) -> dict[str, Any]:
    return {
        "delivery": each.id,
        "state": each.standing.value,
        "priority": each.priority.name.lower(),
        "community": each.community,
        "platform": each.platform,
        "address": each.address,
        "age_s": round((now - each.queued_at).total_seconds()),
        "attempts": each.attempts,
        "parts": each.shown,
        "not_before": None if each.not_before is None else each.not_before.isoformat(),
        "reason": each.reason,
    }
