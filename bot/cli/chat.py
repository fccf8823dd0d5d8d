"""`slugline chat`: every command of the bot in this terminal, with no account anywhere."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

import click

from bot.cli.errors import command

if TYPE_CHECKING:
    from adapters.console.chat import Lines
    from bot.app.commands.asked import Member, Place
    from bot.app.commands.desk import CommandDesk
    from bot.cli.house import House
    from bot.core.command.invocation import Invocation
    from bot.core.message.document import Answer, Document


@click.command()
@click.option("--as", "member_name", default=None, metavar="NAME", help="Speak as a plain member of that name.")
@click.option("--sample", is_flag=True, help="With a sample week of invented news, of which nothing is kept.")
@click.option("--say", "said", multiple=True, metavar="LINE", help="Say this and leave; may be given several times.")
@command
async def chat(member_name: str | None, sample: bool, said: tuple[str, ...]) -> None:
    """Talk to Slugline as members do on Discord and Slack: digests, stories, searches, watches, schedules.

    Lines come from the terminal, a pipe, or --say. What is due meanwhile is for `slugline run` to do; with --sample,
    where nobody runs beside it, digests that are asked for or approved are posted here.
    """
    from bot.cli.house import log_to, open_house
    from bot.cli.sample import sample_house
    from bot.settings import load_settings

    settings = load_settings()
    if sample:
        async with sample_house(settings) as opened:
            if opened is not None:
                await _talk(opened[0], member_name, said, posting=True)
        return
    log_to(settings, quiet=True)
    async with open_house(settings) as house:
        await _talk(house, member_name, said)


async def _talk(house: House, member_name: str | None, said: tuple[str, ...], *, posting: bool = False) -> None:
    """`posting`: what an answer has made due is posted before the next line."""
    from adapters.console.chat import Chat
    from bot.app.commands.asked import Member, Place
    from bot.app.setup import OPERATOR, TERMINAL, terminal
    from bot.core import strings
    from bot.core.community import MemberId, Role

    async with house.database.begin() as tx:
        await tx.communities.ensure(terminal(house.clock.now()))
    if member_name is None:
        member = Member(id=OPERATOR, name="operator", role=Role.MANAGER)
    else:
        member = Member(id=MemberId(f"name:{member_name}"), name=member_name)
    platform, address = TERMINAL
    place = Place(platform=platform, address=address, zone=house.zone, private_to=f"member:{member.id}")
    interactive = not said and sys.stdin.isatty()
    if interactive:
        click.echo(strings.terminal.CHAT_OPENING)
    desk = _AsMember(house.commands, member, place)
    lines = _spoken(said) if said else _typed(interactive)
    await Chat(desk, _posting(lines, house) if posting else lines, house.out, zone=house.zone).run()


class _AsMember:
    """The command desk, asked by one member in one place."""

    def __init__(self, desk: CommandDesk, member: Member, place: Place) -> None:
        self._desk = desk
        self._member = member
        self._place = place

    def read(self, line: str) -> Invocation:
        return self._desk.read(line)

    async def answer(self, said: Invocation, tell: Callable[[Document], Awaitable[None]]) -> Answer:
        from bot.core.community import LOCAL

        return await self._desk.answer(LOCAL, self._member, self._place, said, tell)


def _posting(lines: Lines, house: House) -> Lines:
    from bot.app.ports import Stage

    async def posted_first(prompt: str) -> str | None:
        await house.loops(Stage.REVIEW, Stage.DELIVER).once()
        return await lines(prompt)

    return posted_first


def _spoken(said: tuple[str, ...]) -> Lines:
    """The given lines, each shown with its prompt, as if it had been typed."""
    waiting = iter(said)

    async def lines(prompt: str) -> str | None:
        line = next(waiting, None)
        if line is not None:
            click.echo(f"{prompt}{line}")
        return line

    return lines


def _typed(interactive: bool) -> Lines:
    async def lines(prompt: str) -> str | None:
        if interactive:
            click.echo(prompt, nl=False)
        line = await asyncio.to_thread(sys.stdin.readline)
        return line.removesuffix("\n") if line else None

    return lines
