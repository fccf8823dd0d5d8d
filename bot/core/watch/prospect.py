"""Whether a query may hold for a text at all: a quick look before the text is cut into words.

A digest on a topic holds one query against every article of its time, and hardly any article is about it. To cut a
text into words and find the names in it takes some ten times as long as to look for a word's letters in it. So the
letters are looked for first. A word may be written with dots ("A.I."), apostrophes or characters nobody sees inside it;
those are taken out of text and word alike, which can only make more texts pass.
"""

from __future__ import annotations

import re
import unicodedata

from bot.core.watch.query import And, Fact, Named, Near, Not, Or, Query, Words
from bot.core.watch.subject import whole_text
from bot.core.watch.words import APOSTROPHES, IGNORED

_UNSEEN = re.compile(f"[{''.join(f'{chr(first)}-{chr(last)}' for first, last in IGNORED)}]+")


def letters(title: str, text: str) -> str:
    """Of an article, in the form that `may_hold` looks through: decomposed, so that no letter hides in another."""
    folded = whole_text(title, text)
    if folded.isascii():
        return _parted(folded.lower())
    for _ in range(4):  # as `words.fold`
        before, folded = folded, unicodedata.normalize("NFKD", _UNSEEN.sub("", folded.casefold()))
        if folded == before:
            break
    return _parted(folded)


def may_hold(query: Query, there: str) -> bool:
    """False only where the query surely does not hold for an article with these `letters`. Names and facts always may:
    letters do not tell."""
    match query:
        case Words():
            return all(_of_word(word) in there for word in query.words)
        case Named() | Fact() | Not():
            return True
        case Near():
            return all(any(may_hold(term, there) for term in spot.terms) for spot in query.spots)
        case And():
            return all(may_hold(part, there) for part in query.parts)
        case Or():
            return any(may_hold(part, there) for part in query.parts)


def _parted(folded: str) -> str:
    """Without what may stand inside a word that is looked for without it."""
    if folded.isascii():
        return folded.replace(".", "").replace("'", "")
    for char in (*APOSTROPHES, "."):
        folded = folded.replace(char, "")
    return folded


def _of_word(word: str) -> str:
    return _parted(unicodedata.normalize("NFKD", word))
