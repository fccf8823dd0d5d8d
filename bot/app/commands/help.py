"""`help` and `about`: what can be asked, and what it is one asks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.app.commands.asked import Asked, Handler
from bot.app.ports import Database
from bot.core import strings
from bot.core.command.command import Command
from bot.core.command.suggestion import did_you_mean
from bot.core.community import Role
from bot.core.errors import InputError
from bot.core.message.document import Answer, Reply
from bot.core.message.help import command_document, commands_document, queries_document
from bot.core.message.notice import notice_document

QUERIES = "queries"
"""The topic that is no command: how a watch's query is written."""


class Help:
    """`version` is Slugline's own, for people."""

    def __init__(self, database: Database, commands: Sequence[Command], version: str) -> None:
        self._database = database
        self._commands = commands
        self._version = version

    def handlers(self) -> Mapping[tuple[str, ...], Handler]:
        return {("help",): self.help, ("about",): self.about}

    async def help(self, asked: Asked) -> Answer:
        """All commands that the member may say; one of them; or those of a group."""
        topic = " ".join((asked.arguments.text("topic") or "").casefold().split())
        if not topic:
            commands = [one for one in self._commands if _may(asked, one)]
            return Reply(document=commands_document(commands, set_up=await self._is_set_up(asked)), private=True)
        if topic == QUERIES:
            return Reply(document=queries_document(), private=True)
        named = [one for one in self._commands if one.name == topic]
        if named:
            return Reply(document=command_document(named[0]), private=True)
        group = [one for one in self._commands if one.path[0] == topic]
        if group:
            return Reply(document=commands_document(group), private=True)
        hint = did_you_mean(topic, [QUERIES, *(one.name for one in self._commands)])
        raise InputError(strings.help.no_help(topic, hint))

    async def _is_set_up(self, asked: Asked) -> bool:
        """Or whether this member should be told that it is not: whoever brings Slugline to a server can be told
        nowhere else, since it posts nothing uninvited."""
        if asked.member.role < Role.MANAGER:
            return True
        async with self._database.read() as tx:
            return bool(await tx.schedules.of(asked.community))

    async def about(self, asked: Asked) -> Answer:
        async with self._database.read() as tx:
            feeds = len(await tx.feeds.visible(asked.community))
            articles = await tx.articles.count(asked.community)
        lines = [
            *strings.help.ABOUT_LINES,
            strings.help.about_numbers(feeds, articles),
            strings.help.version(self._version),
        ]
        return Reply(document=notice_document(strings.help.ABOUT, lines), private=True)


def _may(asked: Asked, command: Command) -> bool:
    return asked.member.role >= max(command.role, Role.MEMBER)
