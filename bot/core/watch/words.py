"""Words as watches compare them: the same cutting and folding for a query and for a text.

A word is a run of letters, digits and the marks that belong to them (so Hindi stays whole), in NFKC and case-folded.
Everything else parts words. Decided beyond that:

- Hyphens and slashes part words, so `WGA` is found in "WGA-backed", and `SAG-AFTRA` is the phrase "sag aftra"
  whatever dash was typed.
- An apostrophe inside a word belongs to it ("don't", "o'brien", curly or straight), but a possessive 's is taken off,
  so `OpenAI` is found in "OpenAI's"; and what French and Italian elide is a word of its own, so `intelligence` is found
  in "l'intelligence".
- Initials with dots are one word: `AI` is found in "A.I.", `WGA` in "W.G.A.". Unless they would make an everyday word:
  "U.S." stays the words u and s, or every "us" were America.
- In scripts without spaces between words (Chinese, Japanese, Thai …) every character, with its marks, is a word. So
  what is looked for is found as a substring.
- Accents count: "résumé" is not "resume".

Folding is stable: words written with spaces between them are cut into the same words again.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

Placed = tuple[str, int, int]
"""A word and where the text has it: `text[start:end]`."""

APOSTROPHES = frozenset("'\u2019\u2018\u02bc\uff07")
"""What stands for one inside a word."""
_ELIDED = frozenset("c d j l m n s t qu jusqu lorsqu puisqu un all dall dell nell sull quell".split())
_EVERYDAY = frozenset("am an as at be by do go he if in is it me my no of on or so to up us we".split())

# Initials with dots, and a possessive behind them; or letters and digits with apostrophes inside. Over a text in which
# `_FLAT` has left nothing but words, dots, apostrophes and spaces.
_RUN = re.compile(r"(?<!\S)[^\W\d_](?:\.[^\W\d_])+(?:\.?'s)?(?![^ .])|[^ .']+(?:'[^ .']+)*")
_SHAPED = re.compile(r"nm*|[wm]+(?:'[wm]+)*")

_SPACELESS = (
    *((0x0E00, 0x0FFF), (0x1000, 0x109F), (0x1780, 0x17FF), (0x1950, 0x19DF), (0x1A20, 0x1AAF), (0x1B00, 0x1B7F)),
    *((0x3005, 0x3007), (0x3041, 0x312F), (0x31A0, 0x31BF), (0x31F0, 0x31FF), (0x3400, 0x4DBF), (0x4E00, 0x9FFF)),
    *((0xA000, 0xA4CF), (0xA980, 0xA9FF), (0xAA60, 0xAA7F), (0xF900, 0xFAFF), (0xFF66, 0xFF9F), (0x1B000, 0x1B16F)),
    (0x20000, 0x3FFFF),
)
"""Thai, Lao, Tibetan; Burmese; Khmer; New Tai Lue; Tai Tham; Balinese; kana, Bopomofo, Han; Yi; Javanese and others."""
IGNORED = (
    *((0x00AD, 0x00AD), (0x034F, 0x034F), (0x061C, 0x061C), (0x180B, 0x180F), (0x200C, 0x200F), (0x202A, 0x202E)),
    *((0x2060, 0x206F), (0xFE00, 0xFE0F), (0xFEFF, 0xFEFF), (0xE0000, 0xE0FFF)),
)
"""Soft hyphens, joiners, direction marks, variation selectors: seen by nobody, so no part of a word (UAX 44,
Default_Ignorable_Code_Point). The zero-width space is not here: it does part words."""


_REMEMBERED = 20_000
"""Characters, and short runs of them, whose folding is kept: what is written in a dozen languages. More is worked out
each time, so that hostile text cannot fill the memory."""
_SHORT = 64
"""Characters of a run that is worth keeping."""


class _Flat(dict[int, str]):
    """Maps each character to itself where it can be part of a word, to ' or a dot, else to a space. Filled as met."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        if char in APOSTROPHES:
            flat = "'"
        elif char == "." or _within(code, IGNORED):
            flat = char
        else:
            flat = char.lower() if char.isascii() else char
            flat = flat if unicodedata.category(char)[0] in "LNM" else " "
        if len(self) < _REMEMBERED:
            self[code] = flat
        return flat


class _Shape(dict[int, str]):
    """Maps each character to its part in a word: letter, character of a spaceless script, mark, apostrophe, none."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        kind = unicodedata.category(char)[0]
        if char in APOSTROPHES:
            shape = "'"
        elif kind == "M":
            shape = "m"
        elif kind == "L" and _within(code, _SPACELESS):
            shape = "n"
        else:
            shape = "w" if kind in "LN" else " "
        if len(self) < _REMEMBERED:
            self[code] = shape
        return shape


def _within(code: int, ranges: tuple[tuple[int, int], ...]) -> bool:
    return any(first <= code <= last for first, last in ranges)


_FLAT = _Flat()
_SHAPE = _Shape()


def words(text: str) -> tuple[str, ...]:
    """The words of a text, in order. Never raises; takes time in proportion to the text."""
    return tuple(word for word, _, _ in placed_words(text))


def placed_words(text: str) -> Iterator[Placed]:
    """Each word with its place in the text as given. Words of one run may share a place, where folding changed its
    length. Positions of a text's words never fall."""
    for run in _RUN.finditer(text.translate(_FLAT)):
        written, start, end = run[0], run.start(), run.end()
        if "." in written:
            yield from _initials(written, start, end)
        elif not written.isascii():
            for word, first, last in _folded(written):
                yield word, start + first, start + last
        elif "'" in written:
            yield from _parted(written, start, end)
        else:
            yield written, start, end


def fold(text: str) -> str:
    """NFKC and case folding, until neither changes anything, without what nobody sees."""
    if text.isascii():
        return text.lower()
    for _ in range(4):
        seen = "".join(char for char in text if not _within(ord(char), IGNORED))
        folded = unicodedata.normalize("NFKC", seen.casefold())
        if folded == text:
            break
        text = folded
    return text


def is_spaceless(word: str) -> bool:
    """Whether the word is a character of a script that puts no spaces between words."""
    return _SHAPE[ord(word[0])] == "n"


def _initials(written: str, start: int, end: int) -> Iterator[Placed]:
    letters = written.removesuffix("'s").replace(".", "")
    joined = [word for word, _, _ in _folded(letters)]
    if "".join(joined) in _EVERYDAY:
        joined = [word for letter in letters for word, _, _ in _folded(letter)]
    for word in joined:
        yield word, start, end


def _parted(word: str, start: int, end: int) -> Iterator[Placed]:
    """A word with apostrophes: without its possessive, what was elided by itself."""
    parts = word.split("'")
    at = start
    while len(parts) > 1 and parts[-1] == "s":
        parts.pop()
    while len(parts) > 1 and parts[0] in _ELIDED:
        elided = parts.pop(0)
        yield elided, at, at + len(elided)
        at += len(elided) + 1
    yield "'".join(parts), at, end


def _folded(run: str) -> tuple[Placed, ...]:
    """The words of a run in any script, with their places in the run."""
    return _folded_short(run) if len(run) <= _SHORT else _folded_any(run)


def _folded_any(run: str) -> tuple[Placed, ...]:
    folded = fold(run)
    same_length = len(folded) == len(run)
    found: list[Placed] = []
    for shaped in _SHAPED.finditer(folded.translate(_SHAPE)):
        word = folded[shaped.start() : shaped.end()].replace("\u2019", "'").replace("\u02bc", "'")
        for part, start, end in _parted(word, shaped.start(), shaped.end()):
            if any(_SHAPE[ord(char)] in "wn" for char in part):  # marks alone are no word
                found.append((part, start, end) if same_length else (part, 0, len(run)))
    return tuple(found)


_folded_short = lru_cache(maxsize=_REMEMBERED)(_folded_any)
