"""The terminal as a platform: a destination like any other, so that the whole way can be walked without a chat."""

from __future__ import annotations

from datetime import UTC, datetime, tzinfo

from rich.console import Console

from adapters.console.render import render
from bot.core import strings
from bot.core.delivery import PLAINLY, CannotTell, Destination, Manner, Posted, Refused, SendOutcome
from bot.core.message.document import Document
from bot.core.outbox import Abilities, PartId


class ConsolePlatform:
    """Writes documents to a Rich console, one after the other; implements `bot.app.ports.Platform`."""

    def __init__(self, console: Console, *, zone: tzinfo = UTC) -> None:
        self._console = console
        self._zone = zone
        self._written = 0

    @property
    def name(self) -> str:
        return "console"

    def abilities(self, manner: Manner) -> Abilities:
        """What was printed stays as it is and is not read back, but to see it twice harms nobody."""
        return Abilities(repeats=True)

    def parts(self, document: Document) -> int:
        """Always one: a terminal has no limit."""
        return 1

    async def send(
        self,
        destination: Destination,
        document: Document,
        part: int,
        manner: Manner = PLAINLY,
        *,
        part_id: PartId,
        opening: str | None = None,
    ) -> SendOutcome:
        """Print the document, in the one manner that a terminal has. Refused where the file cannot be written; a closed
        pipe ends the process (Rich sees to that), as it does for any command."""
        try:
            self._console.print(render(document, zone=self._zone), crop=False)
            self._console.print()
            self._console.file.flush()
        except OSError as error:
            return Refused(reason=strings.terminal.not_written(error.strerror or type(error).__name__))
        self._written += 1
        return Posted(message=f"{self._written}")

    async def find(
        self, destination: Destination, part_id: PartId, since: datetime, *, opening: str | None = None
    ) -> Posted | CannotTell | None:
        return CannotTell(reason=strings.terminal.NOT_READ_BACK)

    async def edit(self, destination: Destination, message: str, document: Document, part: int) -> SendOutcome:
        return Refused(reason=strings.terminal.NOT_EDITED)
