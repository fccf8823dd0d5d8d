"""Any article by its address, fetched once and kept nowhere.

What a member types is fetched as everything is: by the one safe fetcher, with no private network, by robots.txt and
the outlet's word on machine use.
"""

from __future__ import annotations

from datetime import UTC, datetime, time

from bot.app.ports import Clock, NoPage, PageReader, PageText, Reserved
from bot.app.trial import TrialArticle
from bot.core import strings
from bot.core.catalogue import Catalogue
from bot.core.desk.language import foreign
from bot.core.errors import InputError
from bot.core.opt_out import OptOut


class ByAddress:
    def __init__(self, pages: PageReader, catalogue: Catalogue, opt_out: OptOut, clock: Clock) -> None:
        self._pages = pages
        self._catalogue = catalogue
        self._opt_out = opt_out
        self._clock = clock

    async def article(self, url: str) -> TrialArticle:
        """Raises InputError, which says why, for one that cannot or may not be read."""
        if (objection := self._opt_out.reason(url)) is not None:
            raise InputError(strings.reading.not_summarized(objection))
        outlet = self._catalogue.outlet_for(url, "")
        if outlet.paywalled:
            raise InputError(strings.reading.not_summarized(strings.reading.SOLD))
        match await self._pages.read(url, trusted=False):
            case Reserved(reason=reason) | NoPage(reason=reason):
                raise InputError(strings.reading.not_summarized(reason))
            case PageText() as page:
                pass
        language = foreign(page.title, page.text, page.language)
        if language is not None:
            raise InputError(strings.reading.not_summarized(strings.reading.cannot_read(language)))
        now = self._clock.now()
        published = now if page.published is None else datetime.combine(page.published, time(), UTC)
        return TrialArticle(
            title=page.title or outlet.name,
            published=min(published, now),
            text=page.text,
            outlet=outlet.name,
            url=url,
            language=page.language,
        )
