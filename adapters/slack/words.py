"""What people are told of Slack's refusals: what is wrong there, and what mends it."""

from __future__ import annotations

from adapters.slack.api import No
from adapters.slack.manifest import purpose
from bot.core import strings


def closes(no: No) -> bool:
    """Whether nothing can be posted at that place until somebody mends it."""
    return no.code in strings.slack.CLOSED


def refusal(no: No) -> tuple[str, bool]:
    """In a person's words, and whether the place is closed to us."""
    if no.code == "missing_scope":
        return missing_scope(no.needed), True
    if (said := strings.slack.CLOSED.get(no.code) or strings.slack.OUT.get(no.code)) is not None:
        return said, True
    return strings.slack.refused(no.code, "; ".join(no.details)[:300]), False


def missing_scope(needed: str) -> str:
    """Names the scope, what it is for, and the line of the manifest that adds it."""
    first = needed.split(",")[0].strip() or "?"
    return strings.slack.no_scope(first, purpose(first))
