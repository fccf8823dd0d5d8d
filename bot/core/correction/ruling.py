"""What an editor decides about a sentence that was posted: other words, or none, wherever it was told.

An edit is never refused for what it says; where it says what its sources do not bear out, whoever decides is told.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from bot.core.analysis import Analysis, Claim
from bot.core.correction.amending import Amended
from bot.core.correction.correction import Cause, Correction
from bot.core.delivery import Digest
from bot.core.review.draft import HEADLINE, edited, sections
from bot.core.story import StoryId


def told(analysis: Analysis, number: int) -> str | None:
    """What stands under that number: `HEADLINE`, or a sentence from 1."""
    if number == HEADLINE:
        return analysis.headline
    return next((claim.text for place, (_, claim) in enumerate(sections(analysis), 1) if place == number), None)


def rule(
    digest: Digest,
    stories: Iterable[StoryId],
    was: str,
    now: str | None,
    *,
    reason: str,
    by: str,
    at: datetime,
    posted: bool,
) -> Amended:
    """The digest with that sentence put so (None: cut) wherever one of these stories tells it. A headline is never cut.
    Where nobody has read it, nothing is marked."""
    corrections: list[Correction] = []
    analyses: list[Analysis] = []
    claims: dict[Claim, Claim | None] = {}
    for analysis in digest.analyses:
        edits = {} if analysis.story not in set(stories) else _edits(analysis, was, now)
        if not edits:
            analyses.append(analysis)
            continue
        changed = edited(analysis, edits)
        for number, (_, claim) in enumerate(sections(analysis), 1):
            if number in edits:
                claims[claim] = None if now is None else replace(claim, text=now, by_editor=True)
        analyses.append(changed)
        corrections.append(
            Correction(
                story=analysis.story,
                headline=changed.headline,
                at=at,
                cause=Cause.EDITOR,
                was=was,
                now=now,
                reason=reason,
                by=by,
            )
        )
    if not corrections:
        return Amended(digest, ())
    updates = tuple(
        replace(update, claims=tuple(one for claim in update.claims if (one := claims.get(claim, claim)) is not None))
        for update in digest.updates
    )
    marked = (*digest.corrections, *corrections) if posted else digest.corrections
    return Amended(replace(digest, analyses=tuple(analyses), updates=updates, corrections=marked), tuple(corrections))


def _edits(analysis: Analysis, was: str, now: str | None) -> dict[int, str | None]:
    edits: dict[int, str | None] = {
        number: now for number, (_, claim) in enumerate(sections(analysis), 1) if claim.text == was
    }
    if analysis.headline == was and now is not None:
        edits[HEADLINE] = now
    return edits
