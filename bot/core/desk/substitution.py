"""A near copy with one thing exchanged: a number, sum, day or name changed, or the parties turned round.

That each number and name stands *somewhere* in the sources is not enough where the claim nearly repeats one sentence:
then what stands in its place there is what counts. The claim's sentence is laid beside the most similar source
sentences, word by word.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import SequenceMatcher
from itertools import pairwise

from bot.core import strings
from bot.core.desk.names import FUNCTION_WORDS, fold, proper_words, tokens
from bot.core.desk.quantities import quantities
from bot.core.desk.wording import plain_sentences, stem

NEAR_COPY = 0.75
"""Likeness (difflib's ratio over words) from which one sentence is a copy of another with changes."""
MOST_SENTENCES = 20
"""Sentences of a claim that are laid beside the sources."""
SHARED = 0.6
"""Share of the claim's words a source sentence must have before the two are laid side by side (it saves time)."""

_DATE_WORDS = frozenset(
    "january february march april may june july august september october november december "
    "monday tuesday wednesday thursday friday saturday sunday".split()
)


def substitutions(claim: str, sources: Sequence[str]) -> list[str]:
    """What was exchanged, in plain words; empty where nothing was. Both texts have straight quotation marks."""
    found: list[str] = []
    said = [sentence for source in sources for sentence in plain_sentences(source)]
    for sentence in plain_sentences(claim, MOST_SENTENCES):
        copies = _copies(sentence, said)
        wrong = [_exchanged(sentence, copy) for copy in copies]
        if copies and all(wrong):
            found += wrong[0]
        turned = _turned_round(sentence, said)
        if turned:
            found.append(turned)
    return found


def _copies(sentence: str, said: Sequence[str]) -> list[str]:
    """Source sentences that the claim's sentence nearly repeats, nearest first."""
    mine = [fold(word) for _, word in tokens(sentence)]
    kept: list[tuple[float, str]] = []
    for other in said:
        theirs = [fold(word) for _, word in tokens(other[:1_500])]
        there = set(theirs)
        if not mine or sum(word in there for word in mine) < SHARED * len(mine):
            continue
        blocks = SequenceMatcher(None, mine, theirs, autojunk=False).get_matching_blocks()
        share = sum(block.size for block in blocks) / len(mine)
        if share >= NEAR_COPY:
            kept.append((share, other))
    return [other for _, other in sorted(kept, key=lambda pair: -pair[0])[:4]]


def _exchanged(sentence: str, copy: str) -> list[str]:
    """Hard facts of the sentence that stand nowhere in its copy, where the copy has another in their place."""
    mine, theirs = list(tokens(sentence)), list(tokens(copy))
    names = {at for at, _ in proper_words(sentence)}
    other_names = {at for at, _ in proper_words(copy)}
    values = {quantity.value for quantity in quantities(copy)}
    there = {fold(word) for _, word in theirs}
    wrong = []
    matcher = SequenceMatcher(None, [fold(w) for _, w in mine], [fold(w) for _, w in theirs], autojunk=False)
    for kind, start, end, other_start, other_end in matcher.get_opcodes():
        if kind != "replace":
            continue
        mine_part, their_part = mine[start:end], theirs[other_start:other_end]
        shown = " ".join(word for _, word in mine_part)
        instead = " ".join(word for _, word in their_part)
        numbers = quantities(shown)
        hard = (
            (numbers and quantities(instead) and any(number.value not in values for number in numbers))
            or (any(at in names for at, _ in mine_part) and any(at in other_names for at, _ in their_part))
            or (_dates(mine_part) and _dates(their_part))
        )
        if hard and any(fold(word) not in there for _, word in mine_part):
            wrong.append(strings.judging.instead(shown, instead))
    numbers_here = [quantity.value for quantity in quantities(sentence)]
    numbers_there = iter([quantity.value for quantity in quantities(copy)])
    if set(numbers_here) <= values and not all(value in numbers_there for value in numbers_here):
        wrong.append(strings.judging.NUMBERS_SWAPPED)
    return wrong


def _dates(part: Sequence[tuple[int, str]]) -> bool:
    return any(fold(word) in _DATE_WORDS for _, word in part)


_PARTIES = frozenset(
    "guild union studio company publisher employer network court judge writer author actor artist journalist musician "
    "worker staff government senate regulator producer streamer platform developer newspaper outlet".split()
)
_BY = re.compile(r"\b(?:by|from)\b")


def _turned_round(sentence: str, said: Sequence[str]) -> str | None:
    """Whether "A sued B" stands where every source sentence with both says "B sued A"."""
    mine = _order(sentence)
    if not mine:
        return None
    parties = {name for one, _, two in mine for name in (one, two)}
    orders = [
        (order, bool(_BY.search(other)) != bool(_BY.search(sentence)))
        for other in said
        if parties & {fold(word) for word in other.split()}
        for order in _order(other[:1_500])
    ]
    for one, act, two in mine:
        forward = backward = False
        for (first, verb, second), passive in orders:
            if verb == act:
                forward |= (first, second) == ((two, one) if passive else (one, two))
                backward |= (first, second) == ((one, two) if passive else (two, one))
        if backward and not forward:
            return strings.judging.turned_round(one, two)
    return None


def _order(sentence: str) -> list[tuple[str, str, str]]:
    """(party, word between, party) for neighbouring names or parties of a sentence, folded; the word is a stem."""
    words = list(tokens(sentence))
    names = {at for at, _ in proper_words(sentence)}
    first = words[0][0] if words else -1
    places = [
        number
        for number, (at, word) in enumerate(words)
        if at in names
        or fold(word).removesuffix("s") in _PARTIES
        or (at == first and word[0].isupper() and fold(word) not in FUNCTION_WORDS)
    ]
    found = []
    for left, right in pairwise(places):
        for at, word in words[left + 1 : right]:
            folded = fold(word)
            if at not in names and folded not in FUNCTION_WORDS and len(folded) >= 2:
                found.append((fold(words[left][1]), stem(folded), fold(words[right][1])))
    return found
