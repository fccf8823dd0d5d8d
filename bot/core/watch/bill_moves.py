"""What moved: a sentence that says of a bill that it was signed, or of a case that it was settled.

An alert about a bill or a case may say what moved only where a source says it, so everything here prefers silence:

*Of that one.* The entry must be named in the sentence (`Packs.mentions`; a case also by who sues whom) and be the
subject or the object of the verb itself. "Supporters of AB 412", "an amendment to AB 412", "AB 412's author" and
"unlike AB 412" are not AB 412, and what happened to another bill of the sentence did not happen to this one.

*Done.* The verb stands in the past, or in the present of a headline ("Newsom signs AB 412"). With "would", "to", "if",
"unless", "until", "not", "refused", "expected" and their like before it, or as a question, it reports nothing.

*Now.* A date in the clause must be the article's: what is dated after it has not happened, and what is dated more than
`RECENT` before it is background, not a move. "Takes effect on 1 January" is therefore none; on 2 January, "took effect"
is one. A suit was filed in the year of its docket, whatever a later article recalls.

The same move told by ten outlets is one: `Move.key` names it, and whoever alerts remembers the keys.
"""

from __future__ import annotations

import re
from datetime import date

from bot.core.watch.bill_shapes import bill_shapes
from bot.core.watch.case_shapes import case_shapes
from bot.core.watch.marking import THIS, marked
from bot.core.watch.move import Move, Step
from bot.core.watch.pack import Entry, Kind, Packs
from bot.core.watch.reported import NO_REPORT, reports

LONGEST = 700
"""Characters; beyond this it is no sentence."""
_ORDER = {step: number for number, step in enumerate(Step)}


def moves(sentence: str, entry: Entry, article_date: date, packs: Packs, context: str = "") -> Move | None:
    """The furthest move of `entry` that the sentence reports, or None. Never raises.

    `context` is the article's title and text, where words may stand that tell which AB 412 is meant. Entries that
    nobody has verified never move.
    """
    if not entry.verified or len(sentence) > LONGEST or entry.kind not in (Kind.BILL, Kind.CASE):
        return None
    text = marked(sentence, entry, article_date, packs, context)
    if text is None or NO_REPORT.search(text):
        return None
    shapes = bill_shapes() if entry.kind is Kind.BILL else case_shapes()
    best: Move | None = None
    for shape in shapes:
        for found in shape.pattern.finditer(text):
            if not reports(text, found, shape, article_date):
                continue
            if shape.step is Step.FILED and not _filed_in(entry, article_date):
                continue
            if shape.step is Step.SETTLED and THIS not in found[0] and entry.parties and entry.parties.jointly:
                continue
            house = _house(found) if shape.step is Step.PASSED_HOUSE else None
            move = Move(entry=entry.id, step=shape.step, evidence=sentence, house=house)
            if best is None or _ORDER[move.step] > _ORDER[best.step]:
                best = move
    return best


def _filed_in(entry: Entry, day: date) -> bool:
    """Whether the case's docket is of that year; without one nobody can tell a suit from a memory of it."""
    years = {int(found[1]) for docket in entry.dockets if (found := re.search(r":(\d\d)-cv-", docket))}
    return day.year % 100 in years


def _house(found: re.Match[str]) -> str:
    return " ".join(found["house"].split()).casefold()
