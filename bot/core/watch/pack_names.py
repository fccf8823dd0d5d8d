"""Packs as the names of queries: what `guild:wga` means, and which of the names an article has.

A name that several sessions' bills share means all of them: whoever watches for the NO FAKES Act wants the next one
too. A name that different things share means none, and theirs are offered. `pack:` takes a whole kind (`pack:guilds`),
everything of a place (`pack:us-ca`), or one entry of any kind.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence

from bot.core.article import NewArticle
from bot.core.watch.names import EntryKey, Meaning
from bot.core.watch.pack import Entry, Kind, Packs
from bot.core.watch.query import NameKind
from bot.core.watch.subject import Subject, subject_of, whole_text

OFFERED = 3
"""Names offered in place of one that is unknown."""

_KINDS = {NameKind.GUILD: Kind.GUILD, NameKind.BILL: Kind.BILL, NameKind.CASE: Kind.CASE}
_NAMES = {Kind.TRAINING: "training"} | {kind: f"{kind}s" for kind in Kind if kind is not Kind.TRAINING}
"""What each kind's pack is called; the kind's own word will do too."""
_PACKS = {name: kind for kind, name in _NAMES.items()} | {kind.value: kind for kind in Kind}


class PackNames:
    """A `names.Names` over packs."""

    def __init__(self, packs: Packs) -> None:
        self._packs = packs

    def meaning(self, kind: NameKind, name: str) -> Meaning:
        if kind is NameKind.PACK:
            return self._of_pack(name)
        return self._one(name, _KINDS[kind])

    def packs(self) -> Sequence[tuple[str, Sequence[Entry]]]:
        """The packs that `pack:` takes, by name, without empty ones: the kinds, then the places."""
        kinds = [(_NAMES[kind], self._packs.of(kind)) for kind in Kind]
        codes = dict.fromkeys(entry.place.code for entry in self._packs if entry.place is not None)
        places = [(code, self._of_place(code)) for code in sorted(codes)]
        return [(name, entries) for name, entries in (*kinds, *places) if entries]

    def _of_pack(self, name: str) -> Meaning:
        typed = name.casefold()
        entries = self._packs.of(_PACKS[typed]) if typed in _PACKS else self._of_place(typed)
        if entries:
            return Meaning(_keys(entries))
        close = difflib.get_close_matches(typed, [known for known, _ in self.packs()], n=OFFERED)
        meaning = self._one(name, *Kind)
        return meaning if meaning.entries or not close else Meaning(instead=tuple(close))

    def _of_place(self, code: str) -> Sequence[Entry]:
        return tuple(entry for entry in self._packs if entry.place is not None and entry.place.code == code)

    def _one(self, name: str, *kinds: Kind) -> Meaning:
        called = self._packs.called(name, *kinds)
        if _is_one(called):
            return Meaning(_keys(called))
        offered = map(self._label, called) if called else map(self._name, self._packs.suggest(name, *kinds))
        return Meaning(instead=tuple(dict.fromkeys(offered))[:OFFERED])

    def _label(self, entry: Entry) -> str:
        """What names this entry and no other: its label where that will do, else its id."""
        return entry.label if self._packs.called(entry.label, entry.kind) == (entry,) else entry.id

    def _name(self, entry: Entry) -> str:
        """Its shortest name, whatever the session, where nothing else has it."""
        name = min((entry.name, *entry.aliases), key=len)
        return name if _is_one(self._packs.called(name, entry.kind)) else self._label(entry)


def _is_one(called: Sequence[Entry]) -> bool:
    """Whether all of them are one thing: a single entry, or bills of one place in different sessions."""
    if len(called) < 2:
        return len(called) == 1
    sessions = {entry.session for entry in called}
    return None not in sessions and len(sessions) == len(called) and len({entry.place for entry in called}) == 1


def watched(packs: Packs, article: NewArticle, text: str, *, desk: str | None = None) -> Subject:
    """What watches are held against: the article with the names it has. `text` is all we hold of it."""
    mentions, named = packs.heard(whole_text(article.title, text), article.published.date())
    return subject_of(article, text, desk=desk, mentions=mentions, named=named)


def _keys(entries: Iterable[Entry]) -> tuple[EntryKey, ...]:
    return tuple(EntryKey(entry.id) for entry in entries)
