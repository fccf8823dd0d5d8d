"""Looking again at the page of an article that a message was posted from: when, and what a page that is gone means.

A feed forgets an entry after days, and most outlets never say in it that they took an article back: the page does.
"410 Gone" is the outlet's word that it is gone on purpose and for good (RFC 9110 §15.5.11), and counts at once. "404
Not Found" says only that it is not there now (§15.5.5): a new address, a new system behind the site, an hour of trouble
and a refusal in disguise say the same. It counts where every look has found it so for `MISSING_FOR`, at least
`MISSING_LOOKS` times, and the outlet's other pages are there: a site that was built anew took nothing back.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.core.article import Article, BodySource, Revision
from bot.core.correction.standing import Present, correction_notice, lost_sentences
from bot.core.wording import wording

RHYTHM = (timedelta(hours=1), timedelta(hours=6), timedelta(days=1), timedelta(days=3), timedelta(days=7))
"""When a page is looked at again, from when a message was last posted from it. Most corrections come within a day."""
BETWEEN = timedelta(hours=5)
"""At least, between two looks at one page, however often something is posted from it."""
MISSING_FOR = timedelta(days=3)
MISSING_LOOKS = 4
MISSING_EVERY = timedelta(days=1)
HOST_REST = timedelta(minutes=1)
"""At least, between two such looks at one host by all processes together: nobody waits for them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """A page that was not found, at every look `since` then; how many."""

    since: datetime
    looks: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Neighbours:
    """Of an outlet's other pages that are looked at: how many are there, and how many are missing."""

    there: int
    missing: int


def may_look(article: Article) -> bool:
    """Only pages that are free to read, as far as we know, and that the outlet keeps from nobody: as for full texts."""
    stands = article.withdrawn is None and article.reserved is None and article.body_source is not BodySource.PURGED
    return stands and bool(article.url) and article.outlet.paywalled is False


def next_look(posted: datetime, now: datetime, missing: Missing | None = None) -> datetime | None:
    """After a look at `now`; None where there is none any more. A page that is missing is looked at until it is known
    whether it is gone."""
    if missing is not None:
        return now + MISSING_EVERY if now < missing.since + 2 * MISSING_FOR else None
    later = (posted + span for span in RHYTHM)
    return next((max(moment, now + BETWEEN) for moment in later if moment > now), None)


def still_missing(before: Missing | None, now: datetime) -> Missing:
    """Not found, once more."""
    return Missing(since=now, looks=1) if before is None else Missing(since=before.since, looks=before.looks + 1)


def is_gone(missing: Missing, now: datetime, others: Neighbours) -> bool:
    """Whether a page that is not found was taken back."""
    long_enough = now >= missing.since + MISSING_FOR and missing.looks >= MISSING_LOOKS
    site_moved = others.missing > 0 and others.missing >= others.there
    return long_enough and not site_moved


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """What an article says by its page."""

    summary: str
    content: str


def new_version(article: Article, text: str) -> Version | None:
    """Of an article whose page has that text now: where that lost a sentence, or has a notice of a correction. What
    stands around an article changes at every look, and is nothing. A teaser with a sentence that the page does not say
    any more is out of date, since feeds forget: it is dropped. Takes some milliseconds."""
    if article.body_source is not BodySource.PAGE:
        return None  # its own text is the feed's, and how the two differ says nothing
    lost = lost_sentences(article.content, text)
    if not lost and not _newly_corrected(article, text):
        return None
    teaser = f" {wording(article.summary)} "
    outdated = any(f" {wording(one)} " in teaser for one in lost)
    return Version(summary="" if outdated else article.summary, content=text)


def _newly_corrected(article: Article, text: str) -> bool:
    before = Revision(
        article=article.id,
        revision=article.revision,
        title=article.title,
        summary=article.summary,
        content=article.content,
        seen=article.first_seen,
    )
    after = replace(article, content=text, revision=article.revision + 1)
    return bool(correction_notice(Present(article=after, revisions=(before,)), article.revision))
