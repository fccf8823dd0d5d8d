"""Packs: the guilds, bills, regulators, cases and kinds of work that people watch, under all their names.

An entry's names and what they need beside them are read from files by `bot.core.watch.pack_file`.

*Ambiguous names.* A phrase under `only-with` counts where one of the words listed stands in the same text, and where
it is written with the capitals it has here ("Equity", not "equity"). A bill's number counts only where its place, that
place's legislature or another of the entry's names stands in the text, not right after another place's name, and not
outside its session's years unless the text names one of these: every state has an AB 412, and so has every session.
Of names that overlap the longest wins: "Writers Guild of Canada" is no mention of the WGA.

*Unverified entries* (`verified = false` in place of a source) are found in texts and by name, so that somebody may
watch for their words, but nothing is ever said of them: `Packs.verified` leaves them out and `bill_moves` refuses them.

Whether a bill lives, or a case is lost, is never data. Feeds say that.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NewType

from bot.core.watch.naming import BillNumber, Word, keys, words

EntryId = NewType("EntryId", str)


class Kind(StrEnum):
    GUILD = "guild"
    BILL = "bill"  # a bill, and the law that it became
    REGULATOR = "regulator"
    CASE = "case"
    TRAINING = "training"  # the work of training AI: platforms, their trade names, the terms of the trade


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A country, state or union, as a scope for bills. `names` are words that mean it, `bodies` its legislature and
    those who act in it; `code` is "us-ca", `short` what people write before a bill's number ("CA")."""

    code: str
    short: str
    names: tuple[str, ...]
    bodies: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Session:
    """`label` is "2025-2026", "2024", or the number of a Congress of the United States."""

    label: str
    first: int
    last: int

    @classmethod
    def parse(cls, label: str) -> Session | None:
        """None where it is no session. The 1st Congress met in 1789, and each sits for two years."""
        if found := re.fullmatch(r"(\d{4})(?:-(\d{4}))?", label):
            first, last = int(found[1]), int(found[2] or found[1])
            return cls(label, first, last) if 0 <= last - first <= 5 else None
        if re.fullmatch(r"1\d\d", label):
            first = 1789 + 2 * (int(label) - 1)
            return cls(label, first, first + 1)
        return None

    def covers(self, day: date) -> bool:
        """Bills are numbered from the December before."""
        return date(self.first - 1, 12, 1) <= day <= date(self.last, 12, 31)


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrase:
    """Words by which a text may name an entry.

    `keys` are compared with `naming.words` of the text. `with_any` are phrases of which one must stand in the same
    text; empty: none need. `cased`: words with a capital here need one there.
    `number`: a bill's number, which besides is bound to the session and must not follow another place's name.
    """

    text: str
    keys: tuple[str, ...]
    capitals: tuple[bool, ...]
    with_any: tuple[tuple[str, ...], ...] = ()
    number: bool = False

    @property
    def cased(self) -> bool:
        return bool(self.with_any) and not self.number


@dataclass(frozen=True, slots=True, kw_only=True)
class Parties:
    """Who sues and who is sued: "the Times' suit against OpenAI" names the case though its caption is not there.

    Each name is its words in their one form. `jointly`: several sue, or are sued, so that what one of them settles is
    not the case.
    """

    by: tuple[tuple[str, ...], ...]
    against: tuple[tuple[str, ...], ...]
    jointly: bool = False

    def meet(self, there: Sequence[str], known: Collection[str]) -> bool:
        """Whether one of each side is among the words."""
        return any(_stands(name, there, known) for name in self.by) and any(
            _stands(name, there, known) for name in self.against
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One thing with its names. `sources` are empty where nobody has checked it; see the module's note.

    `part_of`: a text that names this one names that one too (WGA West is the WGA). `place` is None for what has none,
    such as a term of the trade. `court` and `dockets` are a case's.
    """

    id: EntryId
    kind: Kind
    name: str
    phrases: tuple[Phrase, ...]
    aliases: tuple[str, ...] = ()
    place: Place | None = None
    session: Session | None = None
    numbers: tuple[BillNumber, ...] = ()
    court: str | None = None
    dockets: tuple[str, ...] = ()
    parties: Parties | None = None
    part_of: EntryId | None = None
    sources: tuple[str, ...] = ()

    @property
    def verified(self) -> bool:
        return bool(self.sources)

    @property
    def label(self) -> str:
        """What tells it from its namesakes: "CA AB 412 (2025-2026)", "ELVIS Act (TN, 2024)", "Society of Authors"."""
        if self.place is None or self.session is None:
            return self.name
        if len(self.numbers) == 1:
            return f"{self.place.short} {self.numbers[0]} ({self.session.label})"
        return f"{min((self.name, *self.aliases), key=len)} ({self.place.short}, {self.session.label})"


@dataclass(frozen=True, slots=True)
class Mention:
    """`text[start:end]` names the entry, or, for a party of it, an entry that it is part of."""

    entry: EntryId
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Use:
    """A phrase of an entry, in the index of first words."""

    phrase: Phrase
    entry: Entry


class Packs:
    """All entries. Build it with `pack_file.parse`; it is a value and never changes."""

    def __init__(self, entries: Iterable[Entry], places: Iterable[Place] = ()) -> None:
        self.entries: tuple[Entry, ...] = tuple(entries)
        self._by_id = {entry.id: entry for entry in self.entries}
        self._places = tuple(places)
        first: dict[str, list[_Use]] = {}
        for entry in self.entries:
            for phrase in entry.phrases:
                first.setdefault(phrase.keys[0], []).append(_Use(phrase=phrase, entry=entry))
        self._first: Mapping[str, tuple[_Use, ...]] = {
            key: tuple(sorted(uses, key=lambda use: -len(use.phrase.keys))) for key, uses in first.items()
        }
        self._place_words = {
            keys(name): place.code for place in self._places for name in (*place.names, place.short) if keys(name)
        }
        self._sued = tuple(entry for entry in self.entries if entry.parties)
        self._called: dict[tuple[str, ...], list[Entry]] = {}
        for entry in self.entries:
            for name in _called(entry):
                held = self._called.setdefault(name, [])
                if entry not in held:
                    held.append(entry)

    def __len__(self) -> int:
        return len(self.entries)

    def __iter__(self) -> Iterator[Entry]:
        return iter(self.entries)

    def get(self, id: EntryId | str) -> Entry | None:
        return self._by_id.get(EntryId(id))

    @property
    def verified(self) -> tuple[Entry, ...]:
        """Those that claims and statuses may speak of."""
        return tuple(entry for entry in self.entries if entry.verified)

    def of(self, kind: Kind) -> tuple[Entry, ...]:
        return tuple(entry for entry in self.entries if entry.kind is kind)

    # --- what a person means ---------------------------------------------------------------------------------

    def called(self, name: str, *kinds: Kind) -> tuple[Entry, ...]:
        """The entries with this id, name, alias or number, of these kinds (none: of any); newest session first.

        A bill's number may have its place before it ("CA AB 412", "California AB 412") and its session or a year of
        it after it. Several: the name is shared, and the caller asks which; none: see `suggest`.
        """
        wanted = keys(name)
        if wanted not in self._called and len(wanted) > 2 and len(wanted[-1]) == 1 and wanted[-2].isdecimal():
            wanted = wanted[:-1]  # the letter of an amended print: S 8420-A
        found = [entry for entry in self._called.get(wanted, ()) if not kinds or entry.kind in kinds]
        return tuple(sorted(found, key=lambda entry: -(entry.session.last if entry.session else 0)))

    def complete(self, prefix: str, *kinds: Kind, limit: int = 10) -> tuple[Entry, ...]:
        """Entries with a name that begins so, the shortest such name first."""
        start = " ".join(keys(prefix))
        if not start:
            return ()
        best: dict[EntryId, tuple[int, str]] = {}
        for name, entries in self._called.items():
            spoken = " ".join(name)
            if spoken.startswith(start):
                for entry in entries:
                    if not kinds or entry.kind in kinds:
                        best[entry.id] = min(best.get(entry.id, (999, "")), (len(spoken), spoken))
        return tuple(self._by_id[id] for id in sorted(best, key=lambda id: (best[id], id))[:limit])

    def suggest(self, name: str, *kinds: Kind, limit: int = 3) -> tuple[Entry, ...]:
        """Did you mean: entries with a name much like this one, the likest first."""
        if begun := self.complete(name, *kinds, limit=limit):
            return begun
        spoken = {
            " ".join(called): entries
            for called, entries in self._called.items()
            if any(not kinds or entry.kind in kinds for entry in entries)
        }
        found: list[Entry] = []
        for close in difflib.get_close_matches(" ".join(keys(name[:200])), spoken, n=3 * limit, cutoff=0.7):
            found += [entry for entry in spoken[close] if entry not in found and (not kinds or entry.kind in kinds)]
        return tuple(found[:limit])

    # --- what a text names -----------------------------------------------------------------------------------

    def mentions(self, text: str, published: date | None = None, context: str = "") -> tuple[Mention, ...]:
        """Where the text names entries, in order; of overlapping names the longest counts. Never raises.

        `published` is the article's day: of bills that share a title in several sessions the one of its time is
        meant, and a number belongs to its session. Without it every session's is taken. Give title and text of an
        article together, since the words that an ambiguous name needs may stand in either; for a sentence of it
        alone, give the rest as `context`.
        """
        return self._mentions(words(text), published, keys(context) if context else ())

    def _mentions(
        self, read: Sequence[Word], published: date | None, context: Sequence[str] = ()
    ) -> tuple[Mention, ...]:
        there = [word.key for word in read]
        around = [*there, "", *context]
        known = frozenset(around)
        years = {int(key) for key in known if len(key) == 4 and key.isascii() and key.isdecimal()}
        found: list[Mention] = []
        at = 0
        while at < len(read):
            uses = self._first.get(there[at])
            if uses is None:
                at += 1
                continue
            hits: list[_Use] = []
            length = 0
            for use in uses:
                size = len(use.phrase.keys)
                if size < length:
                    break
                if tuple(there[at : at + size]) != use.phrase.keys:
                    continue
                if self._counts(use, read, at, around, known, years, published):
                    hits.append(use)
                    length = size
            for entry in _of_its_time((use.entry for use in hits), published):
                start, end = read[at].start, read[at + length - 1].end
                found.append(Mention(entry.id, start, end))
                if entry.part_of is not None:
                    found.append(Mention(entry.part_of, start, end))
            at += length or 1
        return tuple(found)

    def named_in(self, text: str, published: date | None = None) -> frozenset[EntryId]:
        """The entries that the text names (see `mentions`); cases also by who sues whom in one sentence."""
        return self.heard(text, published)[1]

    def heard(self, text: str, published: date | None = None) -> tuple[Sequence[Mention], frozenset[EntryId]]:
        """`mentions` and `named_in`, in one reading."""
        read = words(text)
        mentions = self._mentions(read, published)
        named = {mention.entry for mention in mentions}
        for sentence in _sentences(text, read):
            known = frozenset(sentence)
            if not _SUIT.isdisjoint(known):
                named |= {entry.id for entry in self._sued if entry.parties and entry.parties.meet(sentence, known)}
        return mentions, frozenset(named)

    def places_in(self, text: str) -> frozenset[str]:
        """The codes of the places that the text names, not counting what people write before numbers."""
        there = keys(text)
        known = frozenset(there)
        return frozenset(
            place.code for place in self._places if any(_stands(keys(name), there, known) for name in place.names)
        )

    def _counts(
        self,
        use: _Use,
        read: Sequence[Word],
        at: int,
        there: Sequence[str],
        known: frozenset[str],
        years: set[int],
        published: date | None,
    ) -> bool:
        phrase = use.phrase
        if phrase.cased and any(
            needed and not word.capital for needed, word in zip(phrase.capitals, read[at:], strict=False)
        ):
            return False
        if phrase.with_any and not any(_stands(context, there, known) for context in phrase.with_any):
            return False
        if not phrase.number:
            return True
        return self._place_before(there, at) in (None, _code(use.entry)) and _in_session(use.entry, years, published)

    def _place_before(self, there: Sequence[str], at: int) -> str | None:
        """The place whose name stands right before the word `at`: "Nevada AB 412", "Nevada’s AB 412"."""
        for size in (3, 2, 1):
            if at >= size and (code := self._place_words.get(tuple(there[at - size : at]))):
                return code
        return None


_SENTENCE_END = re.compile(r"[.!?]\s+(?=[^a-z])|\n")
_SUIT = frozenset(
    """
    sue sues sued suing suit suits lawsuit lawsuits litigation complaint case court judge ruling settlement settle
    settles settled infringement copyright
    """.split()
)


def _sentences(text: str, read: Sequence[Word]) -> Iterator[Sequence[str]]:
    """The words of each sentence, roughly cut."""
    ends = [found.start() for found in _SENTENCE_END.finditer(text)]
    sentence: list[str] = []
    at = 0
    for word in read:
        while at < len(ends) and ends[at] < word.start:
            at += 1
            if sentence:
                yield sentence
            sentence = []
        sentence.append(word.key)
    yield sentence


def _code(entry: Entry) -> str | None:
    return entry.place.code if entry.place else None


def _in_session(entry: Entry, years: set[int], published: date | None) -> bool:
    session = entry.session
    if session is None or published is None or session.covers(published):
        return True
    return published.year > session.last and any(session.first <= year <= session.last for year in years)


def _of_its_time(entries: Iterable[Entry], published: date | None) -> tuple[Entry, ...]:
    """Of bills of one title, those whose session the day lies in; or else the last one before it."""
    named = tuple(dict.fromkeys(entries))
    scoped = [entry for entry in named if entry.session]
    if published is None or len(scoped) < 2:
        return named
    current = [entry for entry in scoped if entry.session and entry.session.covers(published)]
    if not current:
        before = [entry for entry in scoped if entry.session and entry.session.last < published.year]
        latest = max((entry.session.last for entry in before if entry.session), default=0)
        current = [entry for entry in before if entry.session and entry.session.last == latest] or scoped
    return tuple(entry for entry in named if entry.session is None or entry in current)


def _stands(phrase: tuple[str, ...], there: Sequence[str], known: Collection[str]) -> bool:
    """Whether the words stand in the text in a row; `known` are the same words as a set."""
    size = len(phrase)
    if any(word not in known for word in phrase):
        return False
    return size == 1 or any(key == phrase[0] and tuple(there[at : at + size]) == phrase for at, key in enumerate(there))


def _called(entry: Entry) -> Iterator[tuple[str, ...]]:
    """Everything somebody may type for an entry."""
    plain = [entry.id, entry.name, *entry.aliases, *(phrase.text for phrase in entry.phrases), *entry.dockets]
    numbers = [spelling for number in entry.numbers for spelling in number.spellings()]
    titles = [entry.name, *entry.aliases] if entry.session else []
    for name in [*plain, *numbers]:
        yield keys(name)
    if entry.place is None:
        return
    for place in (entry.place.short, entry.place.code, *entry.place.names):
        for number in numbers:
            yield keys(f"{place} {number}")
    if entry.session:
        for when in {entry.session.label, str(entry.session.first), str(entry.session.last)}:
            for name in titles:
                yield keys(f"{name} {when}")
            for number in numbers:
                yield keys(f"{number} {when}")
                yield keys(f"{entry.place.short} {number} {when}")
