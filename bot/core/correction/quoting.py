"""What becomes of the sentences and titles that a message quotes, where it is no digest."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.core.correction.correction import Cause, Correction, Quoted
from bot.core.correction.standing import (
    Changed,
    Fate,
    Gone,
    Present,
    Stands,
    correction_notice,
    fate,
    title_changed,
)


def corrections_of(quotes: Sequence[Quoted], present: Present, at: datetime) -> list[Correction]:
    """Of quotations of that article: a correction for each that is not right any more. Takes some milliseconds each."""
    return [
        _correction(quote, became, present, at)
        for quote in quotes
        if not isinstance(became := _fate(quote, present), Stands)
    ]


def _fate(quote: Quoted, present: Present) -> Fate:
    if quote.sentence != present.before(quote.revision).title:
        return fate(quote.sentence, present, quote.revision)
    if present.article.withdrawn is not None:
        return Gone(Cause.WITHDRAWN, present.article.withdrawn)
    # A title stays the name of its link, whether or not the text may be quoted.
    return Changed(present.article.title) if title_changed(present, quote.revision) else Stands()


def _correction(quote: Quoted, became: Changed | Gone, present: Present, at: datetime) -> Correction:
    article = present.article
    notice = correction_notice(present, quote.revision)
    return Correction(
        story=quote.story,
        headline="",
        at=at,
        cause=Cause.CHANGED if isinstance(became, Changed) else became.cause,
        was=quote.sentence,
        now=became.sentence if isinstance(became, Changed) else None,
        outlet=article.outlet.name,
        url="" if article.withdrawn is not None else article.url,
        reason=(became.reason if isinstance(became, Gone) else "") or notice,
    )
