"""`setup`: a digest on time in three steps, for whoever has just brought Slugline to a place.

Where, when and which desks, each with a default that makes sense; all of it is what `schedule add` takes, and made by
it. Nobody is asked twice: where there is a schedule, that is what is shown.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from bot.app.commands.asked import Asked, Handler
from bot.app.commands.schedules import Schedules
from bot.app.ports import Database
from bot.core import strings
from bot.core.command.binding import Arguments
from bot.core.message.document import Answer, Ask, Prose, Reply
from bot.core.message.schedules import ready_document, setup_form
from bot.core.message.spoken import spoken

WHEN = "weekdays at 9"
ALL = "all"


class Setup:
    """`zone` is the installation's, for communities that have set none."""

    def __init__(self, database: Database, schedules: Schedules, zone: str) -> None:
        self._database = database
        self._schedules = schedules
        self._zone = zone

    def handlers(self) -> Mapping[tuple[str, ...], Handler]:
        return {("setup",): self.setup}

    async def setup(self, asked: Asked) -> Answer:
        async with self._database.read() as tx:
            there = await tx.schedules.of(asked.community)
            zone = (await tx.settings.of(asked.community)).zone or self._zone
        if there:
            return await self._stands(asked)
        given = asked.arguments
        if not any(name in given for name in ("place", "when", "zone", "desks")):
            return Ask(setup_form(WHEN, zone, ALL, {room.address: room.name for room in asked.place.rooms}))
        values = {"when": WHEN, **given.values}
        if (given.text("desks") or ALL).casefold() == ALL:
            values.pop("desks", None)
        made = await self._schedules.add(replace(asked, arguments=Arguments(values)))
        async with self._database.read() as tx:
            schedule = (await tx.schedules.of(asked.community))[-1]
        assert isinstance(made, Reply)
        return replace(made, document=ready_document(made.document, schedule))

    async def _stands(self, asked: Asked) -> Answer:
        listed = await self._schedules.listed(asked)
        assert isinstance(listed, Reply)
        remark = Prose(spoken(strings.schedules.SET_UP_ALREADY))
        return replace(listed, document=replace(listed.document, blocks=(*listed.document.blocks, remark)))
