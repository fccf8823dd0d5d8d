"""Packs: the guilds, bills, regulators, cases and kinds of work that people watch, under all their names.

A pack is a file of `bot/data/packs` (TOML), one a kind, read once by the composition root and parsed here. Each table
is an entry and its name the entry's id:

    kind = "bill"                               # of every entry of this file

    [us-ca-ab-412-2025]
    name = "Generative artificial intelligence: training data: copyrighted materials"
    place = "us-ca"                             # a key of places.toml
    session = "2025-2026"
    numbers = ["AB 412"]                        # its usual spellings follow from it
    aliases = ["AI Copyright Transparency Act"] # beside the name, which is one too
    only-with."Copyright Transparency Act" = ["Bauer-Kahan"]
    source = "https://..."                      # a page, or a list of pages, read by whoever added the entry, that
                                                # show these names

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
import tomllib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any, NewType, TypeVar
from urllib.parse import urlsplit

from bot.core.errors import InputError
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
    """All entries. Build it with `parse`; it is a value and never changes."""

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
        read = words(text)
        named = {mention.entry for mention in self._mentions(read, published)}
        for sentence in _sentences(text, read):
            known = frozenset(sentence)
            if not _SUIT.isdisjoint(known):
                named |= {entry.id for entry in self._sued if entry.parties and entry.parties.meet(sentence, known)}
        return frozenset(named)

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


# --- reading the files ----------------------------------------------------------------------------------------


def parse(packs: Mapping[str, str], places: str) -> Packs:
    """From the texts of the pack files by file name, and of `places.toml`.

    Raises `InputError` with file, line and key, what is wrong and what would be right.
    """
    known = _places(places)
    entries: dict[EntryId, Entry] = {}
    for file, text in packs.items():
        for entry in _pack(file, text, known):
            if entry.id in entries:
                raise InputError(
                    f"{file}: {_line(text, entry.id)}: [{entry.id}]: is in another file; give it another id"
                )
            entries[entry.id] = entry
    for entry in entries.values():
        if entry.part_of is not None and entry.part_of not in entries:
            raise InputError(f"[{entry.id}]: part-of: there is no {entry.part_of!r}; give the id of an entry")
    return Packs(entries.values(), known.values())


def _places(text: str) -> Mapping[str, Place]:
    found: dict[str, Place] = {}
    for code, table in _tables("places.toml", text):
        found[code] = Place(
            code=code,
            short=table.take("short", str),
            names=table.strings("names", needed=True),
            bodies=table.strings("bodies"),
        )
        table.finish()
    return found


def _pack(file: str, text: str, places: Mapping[str, Place]) -> Iterator[Entry]:
    kind: Kind | None = None
    for name, table in _tables(file, text, top=("kind",)):
        if name == "":
            said = table.take("kind", str)
            try:
                kind = Kind(said)
            except ValueError:
                raise table.error("kind", f"{said!r} is none", f"one of {', '.join(Kind)}") from None
            table.finish()
        elif kind is None:
            raise InputError(f'{file}: line 1: kind: is missing; begin the file with kind = "guild" or another kind')
        else:
            yield _entry(name, kind, table, places)


def _entry(id: str, kind: Kind, table: _Table, places: Mapping[str, Place]) -> Entry:
    if not re.fullmatch(r"[a-z0-9]+(?:-[a-z0-9]+)*", id):
        raise table.error("", "is no id", "use lower-case letters, digits and hyphens, as in wga-west")
    name = table.take("name", str)
    place = _place(table, places)
    session = _session(table)
    numbers = _numbers(table)
    if numbers and (place is None or session is None):
        raise table.error("numbers", "say nothing without place and session", "add both")
    aliases = table.strings("aliases")
    contexts = table.contexts("only-with")
    parties = _parties(table)
    dockets = table.strings("dockets")
    entry = Entry(
        id=EntryId(id),
        kind=kind,
        name=name,
        phrases=tuple(_phrases(table, name, aliases, contexts, numbers, dockets, place)),
        aliases=aliases,
        place=place,
        session=session,
        numbers=numbers,
        court=table.maybe("court"),
        dockets=dockets,
        parties=parties,
        part_of=EntryId(part) if (part := table.maybe("part-of")) else None,
        sources=_sources(table),
    )
    if kind is Kind.CASE and not entry.court:
        raise table.error("court", "is missing", 'name the court, as in court = "N.D. Cal."')
    table.finish()
    return entry


def _place(table: _Table, places: Mapping[str, Place]) -> Place | None:
    code = table.maybe("place")
    if code is None:
        return None
    if code not in places:
        raise table.error("place", f"{code!r} is not in places.toml", "add it there, or use one of its keys")
    return places[code]


def _session(table: _Table) -> Session | None:
    label = table.maybe("session")
    if label is None:
        return None
    session = Session.parse(label)
    if session is None:
        raise table.error("session", f"{label!r} is none", 'write "2025-2026", "2024" or the number of a Congress')
    return session


def _numbers(table: _Table) -> tuple[BillNumber, ...]:
    found = []
    for said in table.strings("numbers"):
        number = BillNumber.parse(said)
        if number is None:
            raise table.error("numbers", f"{said!r} is no bill's number", 'write "AB 412", "S. 1367" or "H.R. 2794"')
        found.append(number)
    return tuple(found)


def _parties(table: _Table) -> Parties | None:
    by, against, jointly = table.strings("by"), table.strings("against"), bool(table.flag("jointly"))
    if bool(by) != bool(against):
        raise table.error("by" if by else "against", "stands alone", "name both sides, by and against")
    return Parties(by=tuple(map(keys, by)), against=tuple(map(keys, against)), jointly=jointly) if by else None


def _sources(table: _Table) -> tuple[str, ...]:
    sources, verified = table.string_or_strings("source"), table.flag("verified")
    if not sources:
        if verified is not False:
            raise table.error("source", "is missing", "give the address of a page you have read, or verified = false")
        return ()
    if verified is not None:
        raise table.error("verified", "goes with no source", "an entry with a source is verified: leave it out")
    for source in sources:
        address = urlsplit(source)
        if address.scheme not in ("http", "https") or not address.hostname or " " in source:
            raise table.error("source", f"{source!r} is no address", "give https://… of the page you have read")
    return sources


def _phrases(
    table: _Table,
    name: str,
    aliases: Sequence[str],
    contexts: Mapping[str, tuple[str, ...]],
    numbers: Sequence[BillNumber],
    dockets: Sequence[str],
    place: Place | None,
) -> Iterator[Phrase]:
    plain = [text for text in dict.fromkeys((name, *aliases, *dockets)) if text not in contexts]
    for text in plain:
        if not keys(text):
            raise table.error("aliases", f"{text!r} has no word", "leave it out")
        yield _phrase(text)
    for text, context in contexts.items():
        yield _phrase(text, context)
    scope = (*place.names, *place.bodies, *plain, *contexts) if place else ()
    for spelling in dict.fromkeys(spelling for number in numbers for spelling in number.spellings()):
        yield _phrase(spelling, scope, number=True)


def _phrase(text: str, context: Sequence[str] = (), *, number: bool = False) -> Phrase:
    said = words(text)
    return Phrase(
        text=text,
        keys=tuple(word.key for word in said),
        capitals=tuple(word.capital for word in said),
        with_any=tuple(dict.fromkeys(found for one in context if (found := keys(one)))),
        number=number,
    )


_Value = TypeVar("_Value", str, bool)


@dataclass(slots=True)
class _Table:
    """A TOML table whose keys are taken one by one; what is left over at the end was a misspelling."""

    file: str
    text: str
    name: str
    values: dict[str, Any]
    taken: set[str] = field(default_factory=set)

    def error(self, key: str, wrong: str, right: str) -> InputError:
        where = f"[{self.name}]: " if self.name else ""
        said = f"{key}: " if key else ""
        return InputError(f"{self.file}: {_line(self.text, self.name, key)}: {where}{said}{wrong}; {right}")

    def maybe(self, key: str) -> str | None:
        return self.take(key, str) if key in self.values else None

    def flag(self, key: str) -> bool | None:
        return self.take(key, bool) if key in self.values else None

    def take(self, key: str, type_: type[_Value]) -> _Value:
        self.taken.add(key)
        value = self.values.get(key)
        if value is None:
            raise self.error(key, "is missing", f"add {key} = …")
        if not isinstance(value, type_) or value == "":
            right = 'write it in quotes, as in key = "value"' if type_ is str else "write true or false"
            raise self.error(key, f"is {value!r}", right)
        return value

    def strings(self, key: str, *, needed: bool = False) -> tuple[str, ...]:
        self.taken.add(key)
        value = self.values.get(key, None if needed else [])
        return self._strings(key, value)

    def string_or_strings(self, key: str) -> tuple[str, ...]:
        said = self.values.get(key, [])
        self.taken.add(key)
        return (said,) if isinstance(said, str) and said else self._strings(key, said)

    def contexts(self, key: str) -> Mapping[str, tuple[str, ...]]:
        """`only-with."Equity" = ["actors"]`, as a mapping."""
        self.taken.add(key)
        value = self.values.get(key, {})
        if not isinstance(value, dict):
            raise self.error(key, f"is {value!r}", 'write only-with."Equity" = ["actors", "theatre"]')
        found = {}
        for phrase, context in value.items():
            said = self._strings(key, context)
            if not said or not keys(phrase):
                raise self.error(key, f"{phrase!r} has no words", "list those of which one must stand in the text")
            found[phrase] = said
        return found

    def finish(self) -> None:
        for key in self.values:
            if key not in self.taken:
                close = difflib.get_close_matches(key, self.taken, n=1)
                raise self.error(
                    key, "is no key", f"did you mean {close[0]}?" if close else f"use {', '.join(sorted(self.taken))}"
                )

    def _strings(self, key: str, value: object) -> tuple[str, ...]:
        if not isinstance(value, list) or not all(isinstance(one, str) and one.strip() for one in value):
            raise self.error(key, f"is {value!r}", 'write a list, as in ["one", "another"]')
        return tuple(value)


def _tables(file: str, text: str, top: Sequence[str] = ()) -> Iterator[tuple[str, _Table]]:
    """The tables of a file in order, those keys that stand above them first, under the name ""."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InputError(f"{file}: {error}; see https://toml.io") from error
    head = {key: value for key, value in data.items() if not isinstance(value, dict)}
    if head or top:
        table = _Table(file, text, "", head)
        if not top:
            raise table.error(next(iter(head)), "stands in no table", "put it under [id]")
        yield "", table
    for name, values in data.items():
        if isinstance(values, dict):
            yield name, _Table(file, text, name, values)


def _line(text: str, table: str, key: str = "") -> str:
    """ "line 12" of the key, or of its table where the key is not there."""
    lines = text.splitlines()
    start = next((at for at, line in enumerate(lines) if table and line.strip() == f"[{table}]"), 0)
    for at, line in enumerate(lines[start:], start):
        if at > start and line.startswith("["):
            break
        if key and re.match(rf"\s*{re.escape(key)}\s*[.=]", line):
            return f"line {at + 1}"
    return f"line {start + 1}"
