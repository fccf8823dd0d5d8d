"""`calendar` and `trend`: what is coming up, and how often something was spoken of."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from zoneinfo import ZoneInfo

from bot.app.calendar import coming
from bot.app.commands.asked import Asked, Handler
from bot.app.commands.pages import page_of
from bot.app.ports import Clock, Database
from bot.core import strings
from bot.core.desk.lexicon import words
from bot.core.errors import InputError
from bot.core.message.coming import calendar_document
from bot.core.message.document import Answer, Reply
from bot.core.message.trend import trend_document
from bot.core.trend import by_week, monday

DAYS = 30
"""How far ahead the calendar looks where nothing else is said."""
BEFORE = timedelta(days=14)
"""How far back it tells what became of things: as long as one is waited for (`tracking.SILENCE`)."""
WEEKS = 8
COUNTED = 20_000
"""Articles that a trend counts at most."""


class Ahead:
    """`zone` is the installation's, for communities that set none."""

    def __init__(self, database: Database, clock: Clock, zone: str) -> None:
        self._database = database
        self._clock = clock
        self._zone = zone

    def handlers(self) -> Mapping[tuple[str, ...], Handler]:
        return {("calendar",): self.calendar, ("trend",): self.trend}

    async def calendar(self, asked: Asked) -> Answer:
        days = asked.arguments.number("days") or DAYS
        now = self._clock.now()
        async with self._database.read() as tx:
            zone = ZoneInfo((await tx.settings.of(asked.community)).zone or self._zone)
            today = now.astimezone(zone).date()
            items = await coming(tx, asked.community, today - BEFORE, today + timedelta(days=days), now)
        return page_of(asked, calendar_document(items, today, days))

    async def trend(self, asked: Asked) -> Answer:
        term = asked.arguments.needed("term")
        weeks = asked.arguments.number("weeks") or WEEKS
        if not words(term):
            raise InputError(strings.coming.no_word(term))
        now = self._clock.now()
        async with self._database.read() as tx:
            zone = ZoneInfo((await tx.settings.of(asked.community)).zone or self._zone)
            since = now - timedelta(weeks=weeks) - timedelta(days=monday(now.date()).weekday() + 1)
            mentions = await tx.articles.mentions(asked.community, term, since, limit=COUNTED)
        counts = by_week(mentions, now, weeks, zone)
        return Reply(document=trend_document(term, counts, at_least=len(mentions) >= COUNTED))
