"""What one reading of a feed changes: decided from facts, done by others.

`decide` gets the identified entries of a parse and the articles already known under any of their keys, and says
which are new, which were edited and how, which were taken back, and which keys to learn. It changes nothing itself,
and the same facts always give the same answer, whatever the order of the entries. So a feed that is re-ordered,
re-dated, re-tracked, given new guids, or publishes everything again, gives an empty `Intake`. That holds for what was
too old to be kept as well: it is remembered (`bot.core.bygones`).

Only the feed through which an article came may edit it or take it back: a second feed that carries it is noted, but
an aggregator's wording never replaces the outlet's. One thing more another feed may do, if it is the outlet's own: give
the text that the first one lacked.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from bot.core import strings
from bot.core.article import Article, ArticleId, BodySource, NewArticle
from bot.core.bygones import NO_BYGONES, Bygones
from bot.core.feed import Entry, Feed, Identified
from bot.core.identity import guid_key
from bot.core.wording import alike, same_wording, wording

TITLE_FROM_TEXT = 120
"""Characters of text that stand for a title where the feed gives none."""


class Part(StrEnum):
    """What of an article an edit changed."""

    TITLE = "title"
    SUMMARY = "summary"
    CONTENT = "content"


class Passed(StrEnum):
    """Why an entry was passed over."""

    TOO_OLD = "too old"
    REPEATED = "listed twice"
    SAYS_NOTHING = "says nothing"
    TAKEN_BACK = "taken back before it was seen"


@dataclass(frozen=True, slots=True, kw_only=True)
class Update:
    """An edit: the article's new text, whole, and which parts of it differ in their words."""

    article: ArticleId
    title: str
    summary: str
    content: str
    changed: frozenset[Part]


@dataclass(frozen=True, slots=True, kw_only=True)
class Retraction:
    article: ArticleId
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """A known article seen again with `keys` it did not have, or in a feed it did not come from (`elsewhere`)."""

    article: ArticleId
    keys: tuple[str, ...]
    elsewhere: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Intake:
    """Sequences keep the order of the feed. Sightings and what is remembered as too old are no news: `changes_nothing`
    ignores them."""

    new: tuple[NewArticle, ...] = ()
    updates: tuple[Update, ...] = ()
    retractions: tuple[Retraction, ...] = ()
    sightings: tuple[Sighting, ...] = ()
    passed: Mapping[Passed, int]
    bygones: Bygones = NO_BYGONES

    @property
    def changes_nothing(self) -> bool:
        return not (self.new or self.updates or self.retractions)


def decide(
    entries: Sequence[Identified],
    known: Mapping[str, Article],
    feed: Feed,
    now: datetime,
    max_age: timedelta | None,
    deleted: Collection[str] = (),
    bygones: Bygones = NO_BYGONES,
) -> Intake:
    """What this reading of `feed` changes.

    `known` holds articles of the feed's owner by identity key, for at least the keys of `entries` and of `deleted`
    (see `keys_to_look_up`). New articles published before `now - max_age` are passed over; None keeps all. `deleted`
    are guids of entries the feed says it took back. `bygones` is what of this feed was too old before.
    """
    passed: Counter[Passed] = Counter()
    seen: defaultdict[ArticleId, list[Identified]] = defaultdict(list)
    unknown: list[Identified] = []
    for identified in entries:
        if not identified.keys:
            passed[Passed.SAYS_NOTHING] += 1
        elif article := _match(identified, known):
            seen[article.id].append(identified)
        else:
            unknown.append(identified)
    articles = {article.id: article for article in known.values()}
    updates: list[Update] = []
    retractions: list[Retraction] = []
    sightings: list[Sighting] = []
    taken = set(known)
    for id_, listed in seen.items():
        article = articles[id_]
        passed[Passed.REPEATED] += len(listed) - 1
        identified = _latest(listed)
        sightings.extend(_sighting(listed, article, feed, known))
        if article.feed != feed.id:
            if update := _enrichment(identified.entry, article, feed):
                updates.append(update)
            continue
        if reason := _taken_back(identified.entry, article):
            if article.withdrawn is None:
                retractions.append(Retraction(article=id_, reason=reason))
        elif update := _edit(identified.entry, article):
            updates.append(update)
    for guid in deleted:
        gone = known.get(guid_key(guid, feed.id))
        if gone and gone.feed == feed.id and gone.withdrawn is None and gone.id not in seen:
            retractions.append(Retraction(article=gone.id, reason=strings.judging.DELETED))
    new: list[NewArticle] = []
    too_old: list[tuple[Sequence[Identified], datetime]] = []
    for group in _groups(unknown, taken):
        passed[Passed.REPEATED] += len(group) - 1
        entry = _latest(group).entry
        keys = tuple(dict.fromkeys(key for one in group for key in one.keys if key not in taken))
        if _BRACKETED.match(entry.title):
            passed[Passed.TAKEN_BACK] += 1
            continue
        article_ = _new(entry, keys, feed, now)
        if (before := bygones.published(group)) is not None and before < article_.published:
            article_ = replace(article_, published=before)
        if max_age is not None and article_.published < now - max_age:
            passed[Passed.TOO_OLD] += 1
            too_old.append((group, article_.published))
        else:
            new.append(article_)
    return Intake(
        new=tuple(new),
        updates=tuple(updates),
        retractions=tuple(retractions),
        sightings=tuple(sightings),
        passed={reason: count for reason, count in passed.items() if count},
        bygones=bygones.with_(too_old),
    )


def taken_back_on_page(title: str, text: str, article: Article) -> str | None:
    """How an article's page says that it was taken back, in words for people; None where it does not."""
    return _said_to_be_taken_back(title, (text,), article)


def keys_to_look_up(entries: Iterable[Identified], feed: Feed, deleted: Collection[str] = ()) -> frozenset[str]:
    """The keys `decide` needs to know about."""
    return frozenset(key for one in entries for key in one.keys) | {guid_key(guid, feed.id) for guid in deleted}


# --- same article? ------------------------------------------------------------------------------------------


def _match(identified: Identified, known: Mapping[str, Article]) -> Article | None:
    """The known article this entry is, by the strongest key that nothing speaks against."""
    candidates = [(key, known[key]) for key in identified.keys if key in known]
    for key, article in candidates:
        if _is_same(key, identified, article):
            return article
    # Every key belongs to an article that something speaks against: a further article could never be found again.
    return candidates[0][1] if candidates and len(candidates) == len(identified.keys) else None


def _is_same(key: str, identified: Identified, article: Article) -> bool:
    """Whether an agreeing key outweighs a contradicting one.

    Where address or guid agrees and the other contradicts (an outlet changed its guids, or the slug of an address; or
    a feed uses one address for everything), the words or the time decide. Where only the words agree, they must
    agree exactly.
    """
    contradicted = _contradicts("url:", identified, article) or _contradicts("guid:", identified, article)
    if not contradicted:
        return True
    entry, (title, summary) = identified.entry, identified.words
    same_time = article.dated and entry.published == article.published
    if key.startswith(("url:", "guid:")):
        return (
            same_time
            or alike(title, wording(article.title))
            or (bool(summary) and alike(summary, wording(article.summary)))
        )
    if key.startswith("text:"):
        return True
    return title == wording(article.title) and (same_time or summary == wording(article.summary))


def _contradicts(kind: str, identified: Identified, article: Article) -> bool:
    """Whether both have keys of this kind and none in common."""
    ours = {key for key in identified.keys if key.startswith(kind)}
    theirs = {key for key in article.keys if key.startswith(kind)}
    return bool(ours) and bool(theirs) and not ours & theirs


def _sighting(
    listed: Iterable[Identified], article: Article, feed: Feed, known: Mapping[str, Article]
) -> list[Sighting]:
    keys = tuple(dict.fromkeys(key for one in listed for key in one.keys if key not in known))
    elsewhere = article.feed != feed.id
    return [Sighting(article=article.id, keys=keys, elsewhere=elsewhere)] if keys or elsewhere else []


def _groups(unknown: Iterable[Identified], taken: Collection[str]) -> list[list[Identified]]:
    """Entries that share a key are one article. In order of first appearance."""
    groups: list[list[Identified]] = []
    by_key: dict[str, list[Identified]] = {}
    for identified in unknown:
        keys = [key for key in identified.keys if key not in taken]
        joined = [identified]
        for group in {id(found): found for key in keys if (found := by_key.get(key))}.values():
            joined = [*group, *joined]
            groups.remove(group)
        groups.append(joined)
        for one in joined:
            for key in one.keys:
                by_key[key] = joined
    return groups


def _latest(listed: Sequence[Identified]) -> Identified:
    """The one to believe where a feed lists an article several times; the same one in any order."""
    return max(
        listed, key=lambda one: (_last_touched(one.entry), len(one.entry.content), one.entry.title, one.entry.summary)
    )


def _last_touched(entry: Entry) -> datetime:
    return entry.updated or entry.published or datetime.min.replace(tzinfo=UTC)


# --- new ----------------------------------------------------------------------------------------------------

_DAY_IN_PATH = re.compile(r"/(20\d\d|199\d)/(\d\d?)/(\d\d?)(?:/|$)")


def _new(entry: Entry, keys: tuple[str, ...], feed: Feed, now: datetime) -> NewArticle:
    published = entry.published or _day_in(entry.url) or now
    return NewArticle(
        keys=keys,
        feed=feed.id,
        owner=feed.owner,
        url=entry.url,
        outlet=feed.outlet,
        title=_title(entry),
        summary=entry.summary,
        content=entry.content,
        published=min(published, now),
        dated=entry.published is not None and entry.published <= now,
        first_seen=now,
        language=entry.language or feed.language,
        authors=entry.authors,
    )


def _title(entry: Entry) -> str:
    """Its title, or the first line of its text where it has none (as posts on social networks)."""
    if entry.title:
        return entry.title
    line = (entry.summary or entry.content).partition("\n")[0]
    return line if len(line) <= TITLE_FROM_TEXT else line[:TITLE_FROM_TEXT].rsplit(" ", 1)[0] + "…"


def _day_in(url: str) -> datetime | None:
    """The day many outlets put into an article's address, for entries without a date: better than today."""
    found = _DAY_IN_PATH.search(url)
    if not found:
        return None
    try:
        return datetime(int(found[1]), int(found[2]), int(found[3]), tzinfo=UTC)
    except ValueError:
        return None


# --- edited -------------------------------------------------------------------------------------------------


def _edit(entry: Entry, article: Article) -> Update | None:
    """The edit, or None where nothing changed but typing.

    A part that the feed no longer gives is kept. Text that came from the article's page is compared with nothing in
    the feed, so it is kept too. An article whose text was purged is past editing: a feed that still carries it would
    bring back what was let go.
    """
    if article.body_source is BodySource.PURGED:
        return None
    title, summary = _title(entry) or article.title, entry.summary or article.summary
    from_feed = article.body_source is not BodySource.PAGE
    content = entry.content if entry.content and from_feed else article.content
    changed = frozenset(
        part
        for part, before, after in (
            (Part.TITLE, article.title, title),
            (Part.SUMMARY, article.summary, summary),
            (Part.CONTENT, article.content, content),
        )
        if not same_wording(before, after)
    )
    if not changed:
        return None
    return Update(article=article.id, title=title, summary=summary, content=content, changed=changed)


def _enrichment(entry: Entry, article: Article, feed: Feed) -> Update | None:
    """The article with the text this further feed of its outlet has and the first one had not.

    Title and summary stay the first feed's, so two feeds that word a teaser differently do not edit it in turn.
    """
    lacking = article.body_source is BodySource.TEASER and not article.content
    if not (lacking and entry.content and feed.outlet == article.outlet):
        return None
    return Update(
        article=article.id,
        title=article.title,
        summary=article.summary,
        content=entry.content,
        changed=frozenset({Part.CONTENT}),
    )


# --- taken back ---------------------------------------------------------------------------------------------

_MARK = r"(?:retracted|withdrawn|removed|deleted|unpublished|taken down)"
_BRACKETED = re.compile(rf"\s*[\[(]\s*(?:article |story )?{_MARK}(?: by [\w ]{{1,30}})?\s*[\])]", re.I)
_PREFIXED = re.compile(rf"\s*(?:{_MARK}|retraction)\s*(?::|\s[-–—|])\s*(?P<rest>.*)", re.I | re.S)
_ONLY_MARK = re.compile(rf"\W*(?:{_MARK}|retraction)\W*", re.I)
_SAID_IN_TEXT = re.compile(
    r"\W*(?:(?:editor['’]?s['’]? note|update|note)\W+)?(?:this|the) (?:article|story|post|report|column|item|piece)"
    r" (?:has been|was|is|has now been) (?:retracted|withdrawn|removed|deleted|unpublished|taken down)\b",
    re.I,
)


def _taken_back(entry: Entry, article: Article) -> str | None:
    """How the outlet says so, in words for people; None where it does not."""
    return _said_to_be_taken_back(entry.title, (entry.summary, entry.content), article)


def _said_to_be_taken_back(title: str, texts: Iterable[str], article: Article) -> str | None:
    """The mark must be new: a report *about* a retraction ("Retracted: the study behind …") carries it from the
    start."""
    for mark in (_BRACKETED.match, _ONLY_MARK.fullmatch):
        if mark(title) and not mark(article.title):
            return strings.judging.MARKED_TAKEN_BACK
    found = _PREFIXED.match(title)
    if found and not _PREFIXED.match(article.title):
        rest = wording(found["rest"])
        if not rest or alike(rest, wording(article.title)):
            return strings.judging.MARKED_TAKEN_BACK
    known = any(_SAID_IN_TEXT.match(before) for before in (article.summary, article.content))
    if not known and any(_SAID_IN_TEXT.match(after) for after in texts):
        return strings.judging.SAID_TAKEN_BACK
    return None
