"""A sentence with its subjects marked: the entry, its two sides, and every other bill or case, one character each.

No text has these characters otherwise, so the shapes of `bill_shapes` and `case_shapes` can speak of "this bill" and
"another one" whatever they are called.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from bot.core.watch.naming import Word, words
from bot.core.watch.pack import Entry, Packs

THIS, OTHER, BY, AGAINST = "\ue000\ue001\ue002\ue003"
_MARKS = re.compile("[\ue000-\ue003]")
_POSSESSIVE = re.compile(r"['’`´]s$")
_OTHER_BILL = re.compile(
    r"\b(?:AB|SB|HB|HR|SF|HF|LB|LD|A\.\s?B\.|S\.\s?B\.|H\.\s?B\.|H\.\s?R\.|S\.|Assembly\sBill|Senate\sBill|House\sBill)"
    r"\s?(?:No\.\s)?\d[\d-]*\b"
    r"|\b(?:[A-Z][\w’'-]*,?\s(?:(?:and|of|for|in|to|the)\s)*){1,8}(?:Act|Bill)\b(?!\s\d)"
    r"|\b[A-Z][\w.&’'-]*(?:\s[A-Z][\w.&’'-]*){0,4}\svs?\.\s[A-Z][\w.&’'-]*(?:\s[A-Z][\w.&’'-]*){0,4}"
)
# "AB 412, the Puppet Act,", "the Puppet Act (AB 412)": one thing named twice.
_TWICE = re.compile(
    rf"{THIS}(?:\s\(|,\s|\s)(?:(?:also\s)?(?:known\sas|called|dubbed|titled|or)\s)?(?:the\s)?[\"“‘']?{THIS}[\"”’']?\)?,?"
)


def marked(sentence: str, entry: Entry, day: date, packs: Packs, context: str) -> str | None:
    """The sentence with marks, or None where it does not name the entry."""
    clean = _MARKS.sub(" ", sentence)
    spans: list[tuple[int, int, str]] = []
    for mention in packs.mentions(clean, day, context):
        other = packs.get(mention.entry)
        if mention.entry == entry.id:
            spans.append((mention.start, mention.end, THIS))
        elif other is not None and other.kind is entry.kind:
            spans.append((mention.start, mention.end, OTHER))
    named = any(mark == THIS for *_, mark in spans)
    if entry.parties is not None:
        read = words(clean)
        sides = [
            (start, end, mark)
            for mark, names in ((BY, entry.parties.by), (AGAINST, entry.parties.against))
            for start, end in _places(read, names)
        ]
        named = named or {mark for *_, mark in sides} == {BY, AGAINST}
        spans += sides
    if not named:
        return None
    ours = [(start, end) for start, end, mark in spans if mark == THIS]
    if all(_elsewhere(clean, clean[start:end], entry, packs) for start, end in ours) and ours:
        return None
    spans += [
        (found.start(), found.end(), OTHER)
        for found in _OTHER_BILL.finditer(clean)
        if not any(start < found.end() and found.start() < end for start, end in ours)
    ]
    pieces: list[str] = []
    at = 0
    for start, end, mark in sorted(spans, key=lambda span: (span[0], span[2] == OTHER, -span[1])):
        if start < at:
            continue
        if owned := _POSSESSIVE.search(clean[start:end]):
            end = start + owned.start()
        pieces += [clean[at:start], mark]
        at = end
    marked = " ".join("".join([*pieces, clean[at:]]).split())
    return _TWICE.sub(THIS, marked)


def _elsewhere(sentence: str, name: str, entry: Entry, packs: Packs) -> bool:
    """Whether a mere number stands in a sentence about another place: "Nevada’s governor signed AB 412"."""
    if entry.place is None or not any(letter.isdigit() for letter in name):
        return False
    here = packs.places_in(sentence)
    own = entry.place.code
    return own not in here and any(not own.startswith(f"{code}-") for code in here)


def _places(read: tuple[Word, ...], names: tuple[tuple[str, ...], ...]) -> Iterator[tuple[int, int]]:
    for name in names:
        size = len(name)
        for at in range(len(read) - size + 1):
            if all(word.key == key for word, key in zip(read[at : at + size], name, strict=True)) and read[at].capital:
                yield read[at].start, read[at + size - 1].end
