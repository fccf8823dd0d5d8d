"""The files of packs: one TOML file a kind in `bot/data/packs`, and `places.toml`, read with every mistake named.

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
"""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar
from urllib.parse import urlsplit

from bot.core.errors import InputError
from bot.core.watch.naming import BillNumber, keys, words
from bot.core.watch.pack import Entry, EntryId, Kind, Packs, Parties, Phrase, Place, Session


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
