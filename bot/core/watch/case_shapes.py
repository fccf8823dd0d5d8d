"""How sentences say that a case moved: shapes over a marked sentence, by its caption or by who sues whom."""

from __future__ import annotations

import re
from functools import cache

from bot.core.watch.marking import AGAINST, BY, OTHER, THIS
from bot.core.watch.move import ADVERB, HAS, Shape, Step

_SIDE = f"[{BY}{AGAINST}]"
_ANY = rf"[^;:?!{OTHER}]"  # within one clause, and with no other case in it
_COURT = (
    r"(?:[Jj]udge|[Cc]ourt|[Jj]ury|[Jj]ustices?|[Mm]agistrate|[Pp]anel|[Tt]ribunal)(?:\s[A-Z][\w.’'-]*){0,4}\s"
    rf"{HAS}{ADVERB}"
)
_SUIT = r"(?:lawsuit|suit|case|complaint|action|litigation|dispute|claims?)"
# "Dismissed some of the claims in" is a ruling, not a dismissal.
_ALL = r"(?:(?!(?:part|parts|some|most|many|several|portions?|claims?|counts?|one|two|three|motion|bid)\b)[^;:?!,])"
_THE_CASE = (
    rf"(?:{THIS}|{BY}{_ANY}{{0,60}}{_SUIT}{_ANY}{{0,30}}{AGAINST}|{_SUIT}{_ANY}{{0,60}}{_SIDE}{_ANY}{{0,60}}{_SIDE})"
)
_BOTH_SIDES = rf"{_SIDE}{_ANY}{{0,120}}?{_SIDE}"
_SUBJECT = rf"(?:{THIS}|{BY}(?:’s|')?\s(?:\w+\s){{0,3}}{_SUIT}\sagainst\s{AGAINST})(?:,[^;:]{{1,120}},)?\s"
_WAS = rf"(?:was|has\sbeen)\s{ADVERB}"

_SUED = r"sued|sues|filed\s(?:[\w-]+\s){0,5}(?:lawsuits?|suits?|complaints?)\sagainst"
_DISMISSED = r"dismissed|dismisses|tossed\sout|tossed|tosses|threw\sout|throws\sout"
_SETTLED = (
    r"settled|settles|(?:reached|reaches|struck|strikes)\s(?:an?|the)\s(?:[\w$.-]+\s){0,4}settlement"
    r"|agree[ds]\sto\ssettle|agree[ds]\sto\spay\s(?:[\w$.-]+\s){1,6}to\ssettle"
)
_CERTIFIED = r"certified|certifies|granted\sclass(?:-action)?\s(?:certification|status)"
_RULED = (
    r"ruled|rules|held|found|finds|granted|grants|denied|denies|rejected|rejects|sided\swith|sides\swith|allowed|allows"
    r"|ordered|orders|dismissed|dismisses|tossed|approved|approves"
)
_APPEALED = r"appealed|appeals|filed\s(?:an|its|their|a\snotice\sof)\sappeal"


@cache
def case_shapes() -> tuple[Shape, ...]:
    """In no order; several may fit one sentence."""
    by_others = (
        (Step.FILED, rf"{BY}{_ANY}{{0,80}}?(?P<verb>\b(?:{_SUED}))\b{_ANY}{{0,60}}?{AGAINST}"),
        (Step.FILED, rf"{AGAINST}\s{ADVERB}(?P<verb>(?:was|has\sbeen)\ssued)\s(?:on\s\w+\s)?by\s{_ANY}{{0,60}}?{BY}"),
        (Step.DISMISSED, rf"{_COURT}(?P<verb>{_DISMISSED})\s{_ALL}{{0,60}}?{_THE_CASE}"),
        (Step.SETTLED, rf"{_SIDE}{_ANY}{{0,80}}?(?P<verb>\b(?:{_SETTLED}))\b{_ANY}{{0,120}}?{_SIDE}"),
        (Step.SETTLED, rf"{_BOTH_SIDES}\s{HAS}{ADVERB}(?P<verb>settled|settle|(?:reached|struck)\sa\ssettlement)\b"),
        (Step.SETTLED, rf"(?P<verb>\b(?:settled|agreed\sto\ssettle))\s{_ALL}{{0,40}}?{THIS}"),
        (Step.CERTIFIED, rf"{_COURT}(?P<verb>{_CERTIFIED}){_ANY}{{0,120}}?(?:{THIS}|{_BOTH_SIDES})"),
        (Step.RULED, rf"{_COURT}(?P<verb>{_RULED})\b{_ANY}{{0,160}}?(?:\b(?:in|of)\s{THIS}|{_BOTH_SIDES})"),
        (Step.RULED, rf"\b[Ii]n\s{THIS},\s[^;:]{{0,60}}?{_COURT}(?P<verb>{_RULED})\b"),
        (Step.APPEALED, rf"{_SIDE}{_ANY}{{0,60}}?(?P<verb>\b(?:{_APPEALED}))\b{_ANY}{{0,120}}?{_SIDE}"),
        (Step.APPEALED, rf"(?P<verb>\b(?:{_APPEALED}))\b{_ANY}{{0,80}}?\bin\s{THIS}"),
    )  # fmt: skip
    of_itself = (
        (Step.DISMISSED, rf"{_SUBJECT}(?P<verb>{_WAS}(?:dismissed|thrown\sout|tossed))\b"),
        (Step.SETTLED, rf"{_SUBJECT}(?P<verb>{_WAS}settled)\b"),
        (Step.CERTIFIED, rf"{_SUBJECT}(?P<verb>{_WAS}certified)\b"),
        (Step.APPEALED, rf"{_SUBJECT}(?P<verb>{_WAS}appealed)\b"),
    )
    return tuple(
        Shape(step, re.compile(pattern), subject=subject)
        for shapes, subject in ((by_others, False), (of_itself, True))
        for step, pattern in shapes
    )
