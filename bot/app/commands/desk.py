"""Where every platform brings what its members say, and gets the answer.

An adapter makes an `Invocation` of what happened (a typed line, a menu, a button, a form) and calls `answer`; it never
sees a handler. Here the arguments are bound, the role is checked (of a button as of a typed line: it may have been
pressed by anybody, or be older than the member's role), and whatever goes wrong becomes a document. A member's words
are not logged: they may be a private watch.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace

import structlog

from bot.app.commands.asked import MOST, Asked, Completer, Completing, Completion, Handler, Member, NotAllowed, Place
from bot.app.ports import Database
from bot.core import strings
from bot.core.command.binding import bind
from bot.core.command.command import Command, Kind
from bot.core.command.invocation import Invocation
from bot.core.command.line import read_line
from bot.core.community import CommunityId
from bot.core.errors import InputError, StoreBusy, StoreError
from bot.core.message.document import Answer, Document, Reply
from bot.core.message.notice import error_document, fault_document
from bot.core.watch.fault import QueryError

Tell = Callable[[Document], Awaitable[None]]

log = structlog.get_logger(__name__)


class CommandDesk:
    """`commands` is the one set; `handlers` has one for each of its paths (else ValueError is raised
    here, so that no command is listed that nobody answers). `completers` know the names of a kind."""

    def __init__(
        self,
        database: Database,
        commands: Sequence[Command],
        handlers: Mapping[tuple[str, ...], Handler],
        completers: Mapping[Kind, Completer],
    ) -> None:
        self._database = database
        self._commands = {command.path: command for command in commands}
        self._handlers = dict(handlers)
        self._completers = dict(completers)
        if different := self._commands.keys() ^ self._handlers.keys():
            raise ValueError(f"commands without a handler, or the reverse: {sorted(map(' '.join, different))}")

    @property
    def commands(self) -> Sequence[Command]:
        """In the order of `help`."""
        return tuple(self._commands.values())

    def command(self, path: tuple[str, ...]) -> Command | None:
        return self._commands.get(path)

    def read(self, line: str) -> Invocation:
        """A typed line. Raises InputError, with what was probably meant."""
        return read_line(line, self.commands)[1]

    async def answer(
        self, community: CommunityId, member: Member, place: Place, said: Invocation, tell: Tell | None = None
    ) -> Answer:
        """Never raises for what a member said; a bug is logged, and answered as one."""
        command = self._commands.get(said.path)
        try:
            if command is None:
                raise InputError(strings.asking.no_command(" ".join(said.path)))
            member = await self._with_role(community, member)
            if member.role < command.role:
                raise NotAllowed(strings.asking.command(command.name), command.role)
            asked = Asked(community=community, member=member, place=place, said=said, arguments=bind(command, said))
            answer = await self._handlers[command.path](asked if tell is None else replace(asked, tell=tell))
        except QueryError as error:
            return Reply(document=fault_document(error, _remedy(command)), private=True, failed=True)
        except InputError as error:
            return _failed(str(error), command)
        except StoreBusy:
            return _failed(strings.asking.BUSY, command)
        except StoreError as error:
            log.warning("a command met the store's refusal", command=" ".join(said.path), error=str(error))
            return _failed(strings.asking.STORE_REFUSED, command)
        except Exception:
            log.exception("a command failed", command=" ".join(said.path))
            return _failed(strings.asking.OUR_FAULT, command)
        return _as_shared(answer, command, asked)

    async def complete(
        self, community: CommunityId, member: Member, path: tuple[str, ...], parameter: str, typed: str
    ) -> list[Completion]:
        """Names for a parameter while it is typed; nothing for one that has none, where anything goes wrong, or for a
        member who may not say the command: names may be of what only those see who may, such as drafts."""
        command = self._commands.get(path)
        found = command.parameter(parameter) if command else None
        if command is None or found is None:
            return []
        if found.choices:
            folded = typed.casefold()
            return [Completion(choice, choice) for choice in found.choices if folded in choice.casefold()][:MOST]
        completer = self._completers.get(found.kind)
        if completer is None:
            return []
        try:
            if member.role < command.role and (await self._with_role(community, member)).role < command.role:
                return []
            return (await completer(Completing(community=community, member=member, typed=typed)))[:MOST]
        except (InputError, StoreError):
            return []

    async def _with_role(self, community: CommunityId, member: Member) -> Member:
        """With what the community gave them, where that is more."""
        async with self._database.read() as tx:
            return replace(member, role=max(member.role, await tx.communities.role(community, member.id)))


def _failed(message: str, command: Command | None) -> Reply:
    return Reply(document=error_document(message, _remedy(command)), private=True, failed=True)


def _remedy(command: Command | None) -> str:
    return strings.asking.help_on(command.name) if command is not None else strings.asking.HELP


def _as_shared(answer: Answer, command: Command, asked: Asked) -> Answer:
    """A private command's answer is for whoever asked, unless they share it."""
    if isinstance(answer, Reply) and command.private and not answer.private:
        shared = "share" in asked.arguments and asked.arguments.switch("share")
        return replace(answer, private=not shared)
    return answer
