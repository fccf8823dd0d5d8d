"""How names are compared: words in one form, and all the spellings of a bill's number.

"W.G.A.’s", "WGA" and "wga" are one word, "SAG-AFTRA" is two, "v." and "vs." are one. Positions are kept, so that a
name found is a place in the text.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import NamedTuple

# Initials with their dots, or letters and digits with inner apostrophes.
_WORD = re.compile(r"(?<!\w)(?:[^\W\d_]\.){2,}(?:['’`´]s\b)?|[^\W_]+(?:['’`´][^\W_]+)*")
_APOSTROPHE = re.compile(r"['’`´]")
_POSSESSIVE = re.compile(r"['’`´]s$")


class Word(NamedTuple):  # a dataclass takes three times as long to make, and texts have many
    """`key` is the word's one form; `text[start:end]` is how it is written, in the text as given."""

    key: str
    start: int
    end: int
    capital: bool


def words(text: str) -> tuple[Word, ...]:
    """The words of a text in order. Never raises."""
    return tuple(
        Word(key=key, start=found.start(), end=found.end(), capital=found[0][0].isupper())
        for found in _WORD.finditer(text)
        if (key := _key(found[0]))
    )


def keys(text: str) -> tuple[str, ...]:
    """The words of a name in their one form."""
    return tuple(word.key for word in words(text))


def _key(word: str) -> str:
    if word.isascii() and word.isalnum():
        return word.lower() if word != "vs" else "v"
    plain = unicodedata.normalize("NFKC", _POSSESSIVE.sub("", word)).casefold()
    plain = _APOSTROPHE.sub("", plain).replace(".", "")
    return "v" if plain == "vs" else plain


# What the letters before a bill's number stand for. A letter pair means the same wherever it is used at all.
_CHAMBERS = {
    "AB": "Assembly Bill",
    "A": "Assembly Bill",
    "SB": "Senate Bill",
    "S": "Senate Bill",
    "HB": "House Bill",
    "H": "House Bill",
    "HR": "House Bill",
    "HF": "House File",
    "SF": "Senate File",
    "LB": "Legislative Bill",
    "LD": "Legislative Document",
    "AJR": "Assembly Joint Resolution",
    "SJR": "Senate Joint Resolution",
    "SCR": "Senate Concurrent Resolution",
    "HRES": "House Resolution",
}
_NUMBER = re.compile(
    r"(?P<letters>[A-Z]{1,4}|(?:[A-Z]\.\s?){1,4})[\s-]?(?:(?P<year>\d\d)-)?(?P<digits>[1-9]\d{0,5})(?:-?[A-Z])?"
)


@dataclass(frozen=True, slots=True, order=True)
class BillNumber:
    """ "AB 412". New York's amended prints carry a letter ("S 7676-B"), which is no part of the number; Colorado's
    numbers carry the year ("SB 24-205"), which outlets leave out as often as not."""

    letters: str
    digits: int
    year: str = ""

    def __str__(self) -> str:
        return f"{self.letters} {self._digits[0]}"

    @classmethod
    def parse(cls, text: str) -> BillNumber | None:
        """From "AB 412", "A.B. 412", "AB412", "S.7676-B" or "SB 24-205"; None for anything else."""
        found = _NUMBER.fullmatch(text.strip())
        if found is None:
            return None
        letters = re.sub(r"[.\s]", "", found["letters"])
        number = cls(letters, int(found["digits"]), found["year"] or "")
        return number if letters in _CHAMBERS else None

    def spellings(self) -> tuple[str, ...]:
        """How outlets write it; hyphens and capitals make no difference when words are compared."""
        chamber = _CHAMBERS[self.letters]
        written = []
        for digits in self._digits:
            for letters in (self.letters, ". ".join(self.letters) + "."):
                written += [f"{letters} {digits}", f"{letters} No. {digits}"]
            written.append(f"{self.letters}{digits}")
            written += [f"{chamber} {digits}", f"{chamber} No. {digits}", f"{chamber} Number {digits}"]
        return tuple(dict.fromkeys(written))

    @property
    def _digits(self) -> tuple[str, ...]:
        return (f"{self.year}-{self.digits}", str(self.digits)) if self.year else (str(self.digits),)
