"""A conversation in the terminal: the whole command set, with no account anywhere.

A line is a command. What an answer offers to press has a number, and a line that is only a number presses it; a form is
asked field by field. It is a platform like Discord and Slack, and as little: it knows lines and documents, and what
they mean is the command desk's.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import UTC, tzinfo
from pathlib import Path
from typing import Protocol

from rich.console import Console

from adapters.console.render import presses, render
from bot.core import strings
from bot.core.command.invocation import Invocation
from bot.core.errors import InputError
from bot.core.message.document import Answer, Ask, ChoiceEntry, Document, Entry, File, Form, Reply
from bot.core.message.notice import error_document
from bot.core.message.plain import inert

Lines = Callable[[str], Awaitable[str | None]]
"""Shows the prompt and gives the next line without its end; None where there are no more."""

LEAVING = frozenset({"quit", "exit", "bye"})

CANCEL = "cancel"
"""Typed to leave a form."""


class Desk(Protocol):
    """What the conversation needs of whoever answers it."""

    def read(self, line: str) -> Invocation: ...

    async def answer(self, said: Invocation, tell: Callable[[Document], Awaitable[None]]) -> Answer: ...


class Chat:
    """One conversation, from the first line to the last."""

    def __init__(self, desk: Desk, lines: Lines, console: Console, *, zone: tzinfo = UTC) -> None:
        self._desk = desk
        self._lines = lines
        self._console = console
        self._zone = zone
        self._presses: list[tuple[str, Invocation]] = []
        self._files: tuple[File, ...] = ()

    async def run(self) -> None:
        """Until the lines end, or say so."""
        while (line := await self._lines(strings.terminal.PROMPT)) is not None:
            line = line.strip().removeprefix("/").strip()
            if line.casefold() in LEAVING:
                return
            if line:
                await self._said(line)

    async def _said(self, line: str) -> None:
        try:
            if line.split()[0].casefold() == "save":
                self._save(line)
                return
            invocation = self._pressed(int(line)) if line.isascii() and line.isdecimal() else self._desk.read(line)
        except InputError as error:
            self._show(error_document(str(error)))
            return
        await self._answered(invocation)

    async def _answered(self, invocation: Invocation) -> None:
        while True:
            match await self._desk.answer(invocation, self._tell):
                case Reply(document=document):
                    self._show(document)
                    return
                case Ask(form=form):
                    filled = await self._fill(form)
                    if filled is None:
                        self._say(strings.terminal.FORM_LEFT)
                        return
                    invocation = filled

    def _pressed(self, number: int) -> Invocation:
        if not 1 <= number <= len(self._presses):
            raise InputError(strings.terminal.nothing_to_press(number))
        return self._presses[number - 1][1]

    async def _tell(self, document: Document) -> None:
        self._say(document.summary)

    def _show(self, document: Document) -> None:
        self._presses, self._files = presses(document), document.files
        self._console.print(render(document, zone=self._zone, pressable=True), crop=False)
        self._console.print()

    def _say(self, words: str) -> None:
        self._console.print(inert(words), style="dim", markup=False, highlight=False)

    async def _fill(self, form: Form) -> Invocation | None:
        """Each field in turn; an empty line keeps what stands there. None where the lines end or say `cancel`."""
        self._say(strings.terminal.filling(form.title))
        given: dict[str, str] = {}
        for entry in form.entries:
            while True:
                line = await self._lines(strings.terminal.field_prompt(entry.label, self._stands(entry)))
                if line is None or line.strip().casefold() == CANCEL:
                    return None
                value = line.strip() or entry.value or ""
                if (wrong := _wrong(entry, value)) is None:
                    break
                self._say(wrong)
            given[entry.name] = _meant(entry, value)
        return form.invoke.with_arguments(**given)

    def _stands(self, entry: Entry) -> str:
        if isinstance(entry, ChoiceEntry):
            labels = " / ".join(option.label for option in entry.options)
            return labels if entry.value is None else f"{labels}; {_label(entry)}"
        return entry.value or entry.hint

    def _save(self, line: str) -> None:
        words = line.split(maxsplit=2)
        if len(words) < 3 or not words[1].isdecimal() or not 1 <= int(words[1]) <= len(self._files):
            raise InputError(strings.terminal.HOW_TO_SAVE)
        file, path = self._files[int(words[1]) - 1], Path(words[2])
        try:
            with path.open("xb") as out:  # never over something that is there
                out.write(file.content)
        except OSError as error:
            raise InputError(strings.terminal.not_saved(str(path), error.strerror or "")) from None
        self._say(strings.terminal.saved(file.name, str(path)))


def _wrong(entry: Entry, value: str) -> str | None:
    """What is wrong with what was written, None where nothing is."""
    if not value:
        return strings.terminal.NEEDED if entry.required else None
    if isinstance(entry, ChoiceEntry):
        known = {option.label.casefold() for option in entry.options} | {option.value for option in entry.options}
        return None if value.casefold() in known or value in known else strings.terminal.ONE_OF_THESE
    return strings.terminal.too_long(len(value), entry.most) if len(value) > entry.most else None


def _meant(entry: Entry, value: str) -> str:
    if isinstance(entry, ChoiceEntry):
        by_label = {option.label.casefold(): option.value for option in entry.options}
        return by_label.get(value.casefold(), value)
    return value


def _label(entry: ChoiceEntry) -> str:
    return next((option.label for option in entry.options if option.value == entry.value), "")
