"""What may be told of an article that a watch wants: where it says so, in one sentence of its own, and what moved.

The rules of every surface hold here too: of an article at most one sentence is shown, and never one as long as the
extract budget; nothing of an outlet that keeps its text to itself, and of one behind a paywall nothing but the teaser
that it gives away. Where no sentence may be shown, its title, which is its link, says enough.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from bot.core.analysis import EXTRACT_BUDGET
from bot.core.article import Article, BodySource
from bot.core.desk.headline import choose_title, clean_title, fit, shared
from bot.core.desk.sentences import split
from bot.core.story import StoryId
from bot.core.watch.bill_moves import moves
from bot.core.watch.evaluation import Where, hits
from bot.core.watch.move import Move, Step
from bot.core.watch.pack import Entry, Kind, Packs
from bot.core.watch.pack_names import watched
from bot.core.watch.query import Named, Query, terms
from bot.core.watch.subject import Subject

LONGEST = EXTRACT_BUDGET // 2
"""Words of a sentence that an alert shows."""
_ORDER = {step: number for number, step in enumerate(Step)}


@dataclass(slots=True, eq=False)
class Read:
    """An article read for watches: once, however many want it. Not safe for threads: it remembers."""

    article: Article
    subject: Subject
    packs: Packs
    _sentences: list[tuple[int, int]] | None = None
    _moves: dict[str, Move | None] = field(default_factory=dict)

    @property
    def quotable(self) -> str:
        """The part of `article.text`, from its start, of which a sentence may be shown."""
        article = self.article
        if article.reserved is not None or article.withdrawn is not None:
            return ""
        if article.outlet.paywalled:
            return article.summary if article.text.startswith(article.summary) else ""
        return article.text

    def sentences(self) -> Sequence[tuple[int, int]]:
        """Those that may be shown, as places in `article.text`."""
        if self._sentences is None:
            text = self.quotable
            spans = split(text, teaser=self.article.body_source is BodySource.TEASER)
            self._sentences = [
                (span.start, span.end)
                for span in spans
                if span.whole and len(text[span.start : span.end].split()) <= LONGEST
            ]
        return self._sentences

    def sentence_at(self, place: int) -> str | None:
        text = self.article.text
        return next((text[start:end] for start, end in self.sentences() if start <= place < end), None)

    def move(self, entry: Entry) -> Move | None:
        """The furthest that one of its sentences, or its title, reports of that bill or case."""
        if entry.id not in self._moves:
            self._moves[entry.id] = self._furthest(entry) if entry.id in self.subject.mentions else None
        return self._moves[entry.id]

    def _furthest(self, entry: Entry) -> Move | None:
        article, text = self.article, self.article.text
        said = [article.title, *(text[start:end] for start, end in self.sentences())]
        found = [moves(one, entry, article.published.date(), self.packs, self.subject.whole) for one in said]
        return max((move for move in found if move is not None), key=lambda move: _ORDER[move.step], default=None)


def read(packs: Packs, article: Article, desk: str | None) -> Read:
    return Read(article, watched(packs, article, article.text, desk=desk), packs)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Finding:
    """An article that a watch wants: what of the query it has, and one sentence of its that does, where one may be
    shown. `titled`: its title has some of it."""

    read: Read
    terms: tuple[str, ...] = ()
    quote: str | None = None
    titled: bool = False

    @property
    def article(self) -> Article:
        return self.read.article


def finding(query: Query | None, of: Read) -> Finding | None:
    """None where the query does not hold. Whatever is added to a story that is followed (no query) is wanted."""
    if query is None:
        first = next(iter(of.sentences()), None)
        return Finding(read=of, quote=None if first is None else of.article.text[first[0] : first[1]])
    found = hits(query, of.subject)
    if not found:
        return None
    shown = (of.sentence_at(hit.start) for hit in found if hit.where is Where.TEXT)
    return Finding(
        read=of,
        terms=tuple(dict.fromkeys(hit.term for hit in found)),
        quote=next((sentence for sentence in shown if sentence is not None), None),
        titled=any(hit.where is Where.TITLE for hit in found),
    )


def entries_named(query: Query | None, packs: Packs) -> frozenset[str]:
    """The bills and cases of which a watch may be told what moved."""
    if query is None:
        return frozenset()
    named = {entry for term in terms(query) if isinstance(term, Named) for entry in term.entries}
    known = (packs.get(entry) for entry in named)
    return frozenset(entry.id for entry in known if entry and entry.verified and entry.kind in (Kind.BILL, Kind.CASE))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Moved:
    """A bill or case moved, and which article says so."""

    entry: Entry
    move: Move
    article: Article


def moved(findings: Iterable[Finding], entries: Collection[str], packs: Packs) -> Mapping[str, Moved]:
    """By `Move.key`: each from the article that said it first."""
    found: dict[str, Moved] = {}
    for one in sorted(findings, key=lambda one: (one.article.published, one.article.id)):
        for id_ in sorted(entries & one.read.subject.mentions.keys()):
            entry = packs.get(id_)
            if entry is not None and (move := one.read.move(entry)) is not None:
                found.setdefault(move.key, Moved(entry=entry, move=move, article=one.article))
    return found


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class StoryReport:
    """A story as an alert tells it. `findings` come in the order they were published, at least one."""

    story: StoryId
    findings: tuple[Finding, ...]
    moved: tuple[Moved, ...] = ()
    update: bool = False

    @property
    def best(self) -> Article:
        """Whose title and link lead: one that everybody can read, whose title has what was looked for, and tells what
        several of them tell; the first of equals."""
        public = [one for one in self.findings if not (one.article.outlet.paywalled or one.article.reserved)]
        titled = [one for one in public or self.findings if one.titled]
        among = [one.article for one in titled or public or self.findings]
        titles = [clean_title(one.title, one.outlet.name) for one in among]
        chosen = choose_title(titles, shared(titles, enough=3))
        return among[chosen or 0]

    @property
    def headline(self) -> str:
        best = self.best
        return fit(clean_title(best.title, best.outlet.name)) or best.outlet.name

    @property
    def outlets(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(one.article.outlet.name for one in self.findings))

    @property
    def terms(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(term for one in self.findings for term in one.terms))


def story_report(
    story: StoryId, findings: Iterable[Finding], moved: Iterable[Moved] = (), *, update: bool = False
) -> StoryReport:
    ordered = tuple(sorted(findings, key=lambda one: (one.article.published, one.article.id)))
    return StoryReport(story=story, findings=ordered, moved=tuple(moved), update=update)
