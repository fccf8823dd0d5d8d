"""Proper names in running text, without a recogniser: capitalised words that are not capitalised for another reason."""

from __future__ import annotations

import re
from collections.abc import Iterator

_TOKEN = re.compile(r"[^\W_](?:[\w.&’'-]*\w)?\.?")
_STARTS = re.compile(r"(?:^|[.!?…]['\"”’)]*\s+|[\"“‘]|[:;•]\s+|\n\s*|—\s*)$")

FUNCTION_WORDS = frozenset(
    """
    a about above according across after against all almost along already also although always am amid among
    an and another any are around as asked at away back be because been before behind being below between both
    but by can cannot could currently despite did do does doing down due during each earlier early either else
    even ever every everyone few first following for former from further get given had half has have having he
    her here hers him his how however i if in including indeed instead into is it its itself just last late
    later least less like made many may me meanwhile might more moreover most much must my near nearly neither
    never nevertheless new next no nor not nothing now of off often on once one only onto or other others our
    out over own part per perhaps previously rather recently same second several she should since so some
    someone soon still such than that the their them then there these they third this those though three
    through throughout thus to today together tomorrow tonight too toward towards two under unless unlike
    until up upon us used very was we well were what when where whether which while who whom whose why will
    with within without would yes yesterday yet you your
""".split()
)

_MONTHS_AND_DAYS = frozenset(
    """
    january february march april may june july august september october november december monday tuesday
    wednesday thursday friday saturday sunday
""".split()
)


def fold(word: str) -> str:
    """One form of a name's spellings: no dots, no possessive, straight quotes, lower case ("W.G.A.’s" → "wga")."""
    word = word.replace("’", "'").replace("‘", "'")
    word = re.sub(r"'s?$", "", word)
    return word.replace(".", "").casefold()


def tokens(text: str) -> Iterator[tuple[int, str]]:
    """(position, word) of each word, hyphens and inner dots kept."""
    for match in _TOKEN.finditer(text):
        yield match.start(), match.group()


def proper_words(text: str) -> tuple[tuple[int, str], ...]:
    """(position, word) of the words that are names or parts of names.

    A word that opens a sentence or a quotation counts only where the next one is capitalised too or it has a
    capital inside ("OpenAI", "WGA"); a month or weekday counts as a date, not as a name.
    """
    words = list(tokens(text))
    found: list[tuple[int, str]] = []
    for number, (at, word) in enumerate(words):
        if not word[0].isupper() or word.casefold() in _MONTHS_AND_DAYS:
            continue
        inner = any(letter.isupper() for letter in word[1:])
        folded = fold(word)
        if folded in FUNCTION_WORDS and not (inner and len(word) > 1):
            continue
        if not inner and _STARTS.search(text[:at][-6:] if at > 6 else text[:at] or ""):
            following = words[number + 1] if number + 1 < len(words) else None
            if following is None or not following[1][0].isupper() or text[at + len(word) : following[0]].strip():
                continue
        found.append((at, word))
    return tuple(found)
