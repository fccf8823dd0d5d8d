"""Why each sentence that could be shown was chosen or was not: the extractive choice, looked at from outside.

What is said of a sentence that was not chosen is the first of the choice's own conditions that it fails against the
finished analysis; one that fails none gave way to stronger ones.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from bot.core import strings
from bot.core.analysis import EXTRACT_BUDGET, Analysis, Claim
from bot.core.article import ArticleId
from bot.core.desk.grounding import check
from bot.core.desk.reading import Candidate, Reading
from bot.core.desk.roles import Role
from bot.core.desk.table import ON_TOPIC, REPEATS, Matrix, likenesses
from bot.core.explanation import SentenceChoice

OPENING = 6
"""Words that name a sentence which is not shown."""


def explain_choice(reading: Reading, vectors: Matrix, analysis: Analysis) -> tuple[SentenceChoice, ...]:
    """The candidates in the order of articles and sentences. `vectors` as for `extract.choose`; `analysis` is what was
    made of the same articles, by whichever engine."""
    central, likeness = likenesses(reading, vectors)
    used: defaultdict[tuple[ArticleId, str], list[str]] = defaultdict(list)
    evidence = {one.id: (one.article, one.sentence) for one in analysis.evidence}
    for part, claim in _claims(analysis):
        for place, number in enumerate(claim.evidence):
            if number in evidence:
                used[evidence[number]].append(part if place == 0 else strings.judging.cited_beside(part))
    spent: defaultdict[ArticleId, int] = defaultdict(int)
    for one in analysis.evidence:
        spent[one.article] += len(one.sentence.split())
    shown = [at for at, one in enumerate(reading.candidates) if (one.article, one.evidence) in used]
    outlets = {source.article: source.outlet for source in reading.sources}
    choices = []
    quoted = dict(spent)
    for at, candidate in enumerate(reading.candidates):
        text = candidate.text
        if (candidate.article, candidate.evidence) not in used:
            opening = text.split()[:OPENING]
            quoted[candidate.article] = quoted.get(candidate.article, 0) + len(opening)
            text = f"{' '.join(opening)} …" if quoted[candidate.article] <= EXTRACT_BUDGET else ""
        chosen = tuple(dict.fromkeys(used.get((candidate.article, candidate.evidence), ())))
        nearest = max((float(likeness[at, other]) for other in shown if other != at), default=0.0)
        choices.append(
            SentenceChoice(
                article=candidate.article,
                outlet=outlets[candidate.article],
                order=candidate.order,
                text=text,
                roles={role.value: round(candidate.roles[role], 2) for role in Role},
                side=None if candidate.side is None else candidate.side.value,
                due=candidate.due,
                likeness=round(float(central[at]), 2),
                chosen_for=chosen,
                why_not=None if chosen else _why_not(candidate, float(central[at]), nearest, spent[candidate.article]),
            )
        )
    return tuple(choices)


def _claims(analysis: Analysis) -> Iterator[tuple[str, Claim]]:
    if analysis.deck is not None:
        yield strings.judging.PARTS["deck"], analysis.deck
    for paragraph in analysis.told:
        for claim in paragraph.claims:
            yield strings.judging.PARTS["story"], claim
    for claim in analysis.why:
        yield strings.judging.PARTS["why"], claim
    for paragraph in analysis.background:
        for claim in paragraph.claims:
            yield strings.judging.PARTS["background"], claim
    for perspective in analysis.perspectives:
        yield strings.judging.perspective(strings.analysis.SIDES[perspective.side.name.lower()]), perspective.claim
    for outlook in analysis.watch:
        yield strings.judging.PARTS["watch"], outlook.claim


def _why_not(candidate: Candidate, central: float, nearest: float, spent: int) -> str:
    if central < ON_TOPIC:
        return strings.judging.off_the_story(central, ON_TOPIC)
    if nearest >= REPEATS:
        return strings.judging.repeats_shown(nearest)
    words = len(candidate.evidence.split())
    if spent + words > EXTRACT_BUDGET:
        return strings.judging.over_budget(spent, words, EXTRACT_BUDGET)
    verdict = check(candidate.text, [candidate.evidence])
    if verdict.verdict != "supported":
        return strings.judging.not_grounded(verdict.reasons)
    role = candidate.roles.main
    if candidate.roles[role] < 0.5:
        return strings.judging.no_part_clearly(role.value, candidate.roles[role])
    return strings.judging.others_stronger(role.value, candidate.roles[role])
