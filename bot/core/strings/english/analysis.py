"""An analysis: its parts, who is heard in it, its evidence, and what its reader is told of how it was made."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from bot.core.strings.english.document import NAME

WHY = "Why This Matters"
BACKGROUND = "Background"
PERSPECTIVES = "Key Perspectives"
WATCH = "What to Watch"
SOURCES = "Sources"
EARLIER = "Earlier in this story: "
UNATTRIBUTED = "unattributed"
FIRST_SEEN = "First seen "
UPDATED = "updated "
SAME_OUTLET = "same outlet as above"
SISTER_OUTLET = "sister outlet of one above"
WIRE_COPY = "wire copy"
TITLE_ONLY = "linked by title only"
BY = f"By {NAME}"


def reviewed_by(name: str) -> str:
    return f"reviewed by {name}"


OVERDUE = "not reviewed"


def minutes(count: int) -> str:
    return f"{count}\u00a0min read"


def updated_after(later: timedelta) -> str:
    """Less than a day, and so free of time zones."""
    count, unit = (
        (int(later / timedelta(hours=1)), "hour") if later >= timedelta(hours=1) else (later.seconds // 60, "minute")
    )
    return f"updated {count}\u00a0{unit}{'s' * (count != 1)} later"


NOBODY_HEARD = "No side was found speaking in these reports."
SIDES = {
    "workers": "Working writers and other workers",
    "unions": "Guilds and unions",
    "employers": "Studios, publishers and other employers",
    "ai_companies": "AI companies and platforms",
    "lawmakers": "Lawmakers and regulators",
    "courts": "Courts",
    "critics": "Critics and scholars",
}
"""By `Side`'s names, in lower case."""


def not_heard(sides: Sequence[str]) -> str:
    """The first word's capital goes, but not an abbreviation's."""
    named = (side if side[1:2].isupper() else side[:1].lower() + side[1:] for side in sides)
    return f"Not heard in these reports: {'; '.join(named)}."


def owned_by(owner: str) -> str:
    return f"owned by {owner}"


def own_words_of(outlets: Sequence[str]) -> str:
    """Behind sentences that are these outlets' own."""
    return f" —\u00a0{', '.join(outlets)}"


def cited_as(numbers: Sequence[int]) -> str:
    listed = ",\u00a0".join(map(str, numbers))
    return f" [{listed}]"


def citation(number: int, outlet: str) -> str:
    """What a screen reader says for [n]."""
    return f"[{number}] {outlet}"


# --- disclosure ------------------------------------------------------------------------------------------------

CHOSEN = (
    "Every sentence under a headline is a named outlet's own, chosen and at most shortened by "
    f"{NAME}'s extractive engine; the numbers lead to where it stands."
)
NOT_REVIEWED = "No editor has reviewed this."
REVIEW_OVERDUE = "An editor was to review this, and none did in time."
BY_EDITOR = " (an editor's words)"
EDITED_CHOSEN = (
    "Every sentence under a headline that is not marked as an editor's is a named outlet's own, chosen and at most "
    f"shortened by {NAME}'s extractive engine; the numbers lead to where it stands. An editor's words rest on the "
    "sentences that their numbers lead to."
)
NOTHING_SENT = "No text was sent anywhere to make it."


def written_by(engine: str) -> str:
    return f"Written by {engine} from the numbered source sentences; each sentence was checked against those it cites."


def reviewed(name: str) -> str:
    return f"Reviewed by {name}."


def sent_to(receiver: str) -> str:
    return f"The outlets' sentences were sent to {receiver} to make it."


# --- evidence --------------------------------------------------------------------------------------------------

EVIDENCE = "Evidence"
EVIDENCE_INTRO = "The source sentences behind the numbers, as the outlets wrote them."
NO_EVIDENCE = "Nothing is claimed here beyond the headline, so there are no source sentences to show."


def evidence_summary(headline: str) -> str:
    return f"Evidence: {headline}"
