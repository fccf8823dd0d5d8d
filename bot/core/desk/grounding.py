"""Does a claim stand in its sources? The check every engine's sentence must pass before it is shown.

No model: what can be compared exactly is (quotations, numbers, sums, dates, names, bills), and a difference there
makes the claim *unsupported*. What can only be judged by likeness (wording, negation, who did what to whom) makes
it *unsupported* where the evidence is plain and *doubtful* where it is not. A doubtful claim is not shown either:
what cannot be grounded is dropped, not softened.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from typing import Literal

from bot.core import strings
from bot.core.desk.names import fold, proper_words, tokens
from bot.core.desk.opposites import opposed
from bot.core.desk.quantities import Quantity, quantities
from bot.core.desk.substitution import substitutions
from bot.core.desk.wording import content_words, coverage, plain_sentences, stems, torn_apart

Judgement = Literal["supported", "doubtful", "unsupported"]


@dataclass(frozen=True, slots=True)
class Verdict:
    """`reasons` are plain words, empty where the claim is supported."""

    verdict: Judgement
    reasons: tuple[str, ...] = ()


_FOLD = str.maketrans(
    {
        "“": '"',
        "”": '"',
        "„": '"',
        "«": '"',
        "»": '"',
        "‘": "'",
        "’": "'",
        "–": "-",
        "—": "-",
        "\u00a0": " ",
        "\u2011": "-",
    }
)
_QUOTED = re.compile(r'"([^"]{1,2000})"')
_MONTHS = """
    january february march april may june july august september october november december
""".split()
_DAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
_MONTH_WORD = re.compile(
    r"\b(" + "|".join(_MONTHS) + r")\b|\b(jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)\b\.?", re.IGNORECASE
)
_WEEKDAY = re.compile(r"\b(" + "|".join(_DAYS) + r")\b", re.IGNORECASE)
_BILL = re.compile(
    r"\b((?:[A-Z]\.){1,3}|[A-Z]{2,4}\.?|Assembly Bill|Senate Bill|House Bill|Senate File|"
    r"House Resolution|Bill C)[\s-]?(\d{1,5})\b"
)
_BILL_NAMES = {
    "assembly bill": "ab",
    "senate bill": "sb",
    "house bill": "hb",
    "senate file": "sf",
    "house resolution": "hr",
    "bill c": "c",
}
_NEGATION = re.compile(
    r"\b(?:not|never|no|none|nobody|nothing|neither|nor|without|cannot|fail(?:s|ed)?\sto|"
    r"refus(?:e|es|ed|ing)|den(?:y|ies|ied)|reject(?:s|ed)?|unable|unlikely)\b|n't\b",
    re.IGNORECASE,
)
_DENYING = re.compile(
    r"(?P<not>\b(?:not|never|neither|nor|cannot)\s(?:\w+\s){0,2}?|n't\s(?:\w+\s){0,2}?)?"
    r"\b(?P<verb>refus|den(?=y|ies|ied)|reject|fail)\w*",
    re.IGNORECASE,
)
"""Verbs that deny by themselves, and what turns them round: "did not reject"."""
MOST_SENTENCES = 20
"""Sentences of a claim that are compared one by one."""
LONGEST_CLAIM = 4_000
"""Characters; hostile text is not compared word by word."""
LONGEST_SOURCE = 40_000
"""Characters read of one source."""
COVERED = 0.3
"""Share of the claim's content words that some source has; under it nothing speaks for the claim."""
ONE_SENTENCE = 0.86
"""A claim wholly in the sources' words must have this share of them in one sentence, or it was stitched together."""
SHORT, SHORT_COVERED = 12, 0.75
"""A claim of so few content words must have this share of them in one sentence."""
SMALL = 12
"""Up to this a writer may count up what the sources name one by one."""


def check(claim: str, sources: Sequence[str]) -> Verdict:
    """Judge one claim against the sentences it cites. Never raises; a claim without sources is unsupported."""
    claim, evidence = _tidy(claim[: 2 * LONGEST_CLAIM]), [_tidy(source[:LONGEST_SOURCE]) for source in sources]
    evidence = [source for source in evidence if source]
    if not claim:
        return Verdict("unsupported", (strings.judging.CLAIM_EMPTY,))
    if len(claim) > LONGEST_CLAIM:
        return Verdict("unsupported", (strings.judging.CLAIM_TOO_LONG,))
    if not evidence:
        return Verdict("unsupported", (strings.judging.NOTHING_CITED,))
    if any(_verbatim(claim, source) for source in evidence):
        return Verdict("supported")
    whole = "\n".join(evidence)
    wrong = _wrong(claim, evidence)
    claimed, said = stems(claim), stems(whole)
    covered = coverage(claimed, set(said))
    if covered < COVERED:
        wrong.append(strings.judging.few_words_there(covered))
    if wrong:
        return Verdict("unsupported", tuple(dict.fromkeys(wrong)))
    doubts = _doubts(claim, whole, claimed, said)
    return Verdict("doubtful", tuple(dict.fromkeys(doubts))) if doubts else Verdict("supported")


def _wrong(claim: str, evidence: Sequence[str]) -> list[str]:
    """What of it can be compared exactly, and differs."""
    whole = "\n".join(evidence)
    return [
        *_misquoted(claim, whole),
        *_missing_quantities(claim, whole),
        *_missing_dates(claim, whole),
        *_missing_bills(claim, whole),
        *_missing_names(claim, whole),
        *substitutions(claim, evidence),
    ]


def contradicts(claim: str, version: str) -> bool:
    """Whether a sentence is not borne out by another version of it: a quotation, number, date, bill or name that the
    other lacks, somebody else who does it, or a yes for a no. Other words for the same are nothing."""
    claim, version = _tidy(claim[:LONGEST_CLAIM]), _tidy(version[:LONGEST_CLAIM])
    if _verbatim(claim, version):
        return False
    return (
        bool(_wrong(claim, [version]))
        or _flipped(claim, version)
        or opposed(stems(claim), set(stems(version))) is not None
    )


_ASIDE = re.compile(r"\s?\([^()]{1,200}\)")


def _verbatim(claim: str, source: str) -> bool:
    """Whether the claim is the source's own words, apart from brackets left out, a capital and the final stop."""
    words = claim.rstrip(" .")
    forms = (words, words[:1].lower() + words[1:])
    return any(form in text for form in forms for text in (source, _ASIDE.sub("", source)))


def _doubts(claim: str, whole: str, claimed: Sequence[str], said: Sequence[str]) -> list[str]:
    doubts = []
    if _flipped(claim, whole):
        doubts.append(strings.judging.YES_FOR_NO)
    singles = [frozenset(stems(sentence)) for sentence in plain_sentences(whole)] or [frozenset()]
    pairs = [one | two for one, two in pairwise(singles)] or singles
    fewest = 1.0
    for sentence in plain_sentences(claim, MOST_SENTENCES):
        mine = stems(sentence)
        nearest = max(pairs, key=partial(coverage, mine))
        turned = opposed(mine, nearest)
        if turned is not None:
            doubts.append(strings.judging.opposite(turned))
        fewest = min(fewest, max(coverage(mine, single) for single in singles))
    novel = coverage(claimed, set(said)) < 1.0
    if not novel and (fewest < ONE_SENTENCE or torn_apart(claimed, said)):
        doubts.append(strings.judging.STITCHED)
    elif len(claimed) <= SHORT and fewest < SHORT_COVERED:
        doubts.append(strings.judging.scattered(fewest))
    return doubts


_SPLIT_NUMBER = re.compile(r"(?<=\d)\s?,\s?(?=\d{3}\b)|(?<=\d)\s(?=\.\d)")
_ENUMERATOR = re.compile(r"(?:^|(?<=[.:]\s)|(?<=\s))\d\.\s(?=[A-Z*\"])")


def _tidy(text: str) -> str:
    """One spelling of quotation marks, dashes, spaces and numbers; list numbers are no numbers."""
    text = " ".join(text.translate(_FOLD).split())
    return _ENUMERATOR.sub("", _SPLIT_NUMBER.sub(lambda found: "," if "," in found.group() else "", text))


def _misquoted(claim: str, whole: str) -> list[str]:
    wrong = []
    for match in _QUOTED.finditer(claim):
        words = match[1].strip().rstrip(",.!?;:").strip()
        if (
            words
            and words not in whole
            and words[:1].lower() + words[1:] not in whole
            and words[:1].upper() + words[1:] not in whole
        ):
            wrong.append(strings.judging.no_such_quotation(_short(words)))
    return wrong


def _missing_quantities(claim: str, whole: str) -> list[str]:
    there = quantities(whole)
    return [
        strings.judging.not_there(quantity.shown)
        for quantity in quantities(claim)
        if not any(_same(quantity, other) for other in there) and not _mere_count(quantity, there)
    ]


def _mere_count(quantity: Quantity, there: Sequence[Quantity]) -> bool:
    """A spelled-out small count ("two films") that no small number in the sources competes with: it counts them up."""
    small = quantity.value <= SMALL and quantity.kind == "number" and quantity.shown.isalpha()
    return small and not any(other.value <= SMALL for other in there)


def _same(claimed: Quantity, other: Quantity) -> bool:
    if claimed.value != other.value:
        return False
    return claimed.kind == other.kind or (claimed.kind == "number" and other.kind != "percent")


def _missing_dates(claim: str, whole: str) -> list[str]:
    there = {(match[1] or match[2])[:3].casefold() for match in _MONTH_WORD.finditer(whole)}
    wrong = [
        strings.judging.not_there(match.group())
        for match in _MONTH_WORD.finditer(claim)
        if match.group()[0].isupper() and (match[1] or match[2])[:3].casefold() not in there
    ]
    days = {match[1].casefold() for match in _WEEKDAY.finditer(whole)}
    wrong += [
        strings.judging.not_there(match.group())
        for match in _WEEKDAY.finditer(claim)
        if match[1].casefold() not in days
    ]
    return wrong


def _bills(text: str) -> dict[str, str]:
    found = {}
    for match in _BILL.finditer(text):
        prefix = match[1].casefold()
        found[_BILL_NAMES.get(prefix, prefix.replace(".", "")) + match[2]] = match.group()
    return found


def _missing_bills(claim: str, whole: str) -> list[str]:
    there = _bills(whole)
    return [strings.judging.not_there(shown) for bill, shown in _bills(claim).items() if bill not in there]


_ALIASES = {
    "tv": frozenset({"television"}),
    "television": frozenset({"tv"}),
    "uk": frozenset({"britain", "british", "kingdom", "united"}),
    "britain": frozenset({"uk", "british"}),
    "british": frozenset({"uk", "britain"}),
    "us": frozenset({"america", "american", "americans", "states", "united"}),
    "america": frozenset({"us", "american"}),
    "american": frozenset({"us", "america"}),
    "states": frozenset({"us", "american"}),
    "eu": frozenset({"european", "union"}),
}
_QUARTERS = {1: "first", 2: "second", 3: "third", 4: "fourth"}


def _missing_names(claim: str, whole: str) -> list[str]:
    there = {fold(word) for _, word in tokens(whole)}
    there |= {part for word in there for part in word.split("-")}
    for one, others in _ALIASES.items():
        if one in there:
            there |= others
    quarters = {f"q{number}" for number, word in _QUARTERS.items() if re.search(rf"\b{word}[\s-]quarter", whole, re.I)}
    there |= quarters
    bills = {part.casefold() for shown in _bills(claim).values() for part in re.findall(r"\w+", shown)}
    wrong = []
    for _, word in proper_words(claim):
        folded = fold(word)
        if folded in there or folded in bills or not any(letter.isalpha() for letter in folded):
            continue
        if all(fold(part) in there for part in word.split("-") if part[:1].isupper() or part[:1].isdigit()):
            continue
        wrong.append(strings.judging.not_there(word))
    return wrong


_SAYING = frozenset(("say", "said", "says", "told", "tell", "stat", "state"))


def _negated(text: str) -> list[frozenset[str]]:
    """For each negation, the stems of what it denies: the next four content words of the clause."""
    scopes = []
    for match in _NEGATION.finditer(text):
        clause = re.split(r"[.;:!?\n]\s|,\s(?:but|and|while)\s", text[match.end() : match.end() + 160])[0]
        denied = [word for word in stems(clause) if word not in _SAYING][:4]
        if denied:
            scopes.append(frozenset(denied))
    return scopes


def _denies(text: str, *, turned: bool = False) -> frozenset[str]:
    """The denying verbs that stand in a text only plainly, or only `turned` round by a negation before them."""
    plain: set[str] = set()
    negated: set[str] = set()
    for match in _DENYING.finditer(text):
        (negated if match["not"] else plain).add(match["verb"].casefold())
    return frozenset(negated - plain if turned else plain - negated)


def _flipped(claim: str, source: str) -> bool:
    """Whether one denies what the other says plainly."""
    if _denies(claim) & _denies(source, turned=True) or _denies(claim, turned=True) & _denies(source):
        return True
    in_claim, in_source = _negated(claim), _negated(source)
    for scopes, others, text in ((in_source, in_claim, claim), (in_claim, in_source, source)):
        words = content_words(text)
        for scope in scopes:
            if len(scope & words) / len(scope) >= 0.75 and not any(scope & other for other in others):
                return True
    return False


def _short(words: str) -> str:
    return words if len(words) <= 60 else words[:57] + "…"
