"""Corrections: in the message itself, beneath it, and in the corrections log."""

from __future__ import annotations

from collections.abc import Sequence

CORRECTED = "Corrected "
COLON = ": "
CORRECTION = "Correction"
CORRECTIONS = "Corrections"
COMING_UP = "Coming up"
NOTHING_LEFT = "What was told here is not told any more."
SAYS_SO_NOW = "Where this place allows it, the message above was changed and says so."
WAS_DELETED = "the message that it is about was deleted"
WAS_NEVER_POSTED = "the message that it is about was never posted, as far as is known"
NO_CORRECTIONS = "Nothing that was posted here had to be corrected."
BEFORE, AFTER = "It said: ", "It says: "
WHY = "Why: "
WITHDRAWN_STORY = "A story that its outlet withdrew"
"""Heads a story that has no headline left."""


def _sentences(count: int) -> str:
    return "a sentence" if count == 1 else f"{count}\u00a0sentences"


def _with(reason: str) -> str:
    return f" ({reason})" if reason else ""


def _listed(differences: Sequence[tuple[str, str]]) -> str:
    return "; ".join(f"“{before}” is now “{after}”" for before, after in differences)


def changed(outlet: str, differences: Sequence[tuple[str, str]], others: int) -> str:
    """`others` are sentences whose difference is too long to be said."""
    said = f"{outlet} changed {_sentences(len(differences) + others)}"
    return f"{said}: {_listed(differences)}." if differences else f"{said} that was told here."


def changed_and_out(outlet: str, count: int) -> str:
    return f"{outlet} changed {_sentences(count)}; what it said before is not told here any more."


def changed_and_replaced(outlet: str, count: int) -> str:
    return f"{outlet} changed {_sentences(count)}; what others say is told here instead."


def removed(outlet: str, count: int) -> str:
    return f"{outlet} took {_sentences(count)} out of its article, and so it was taken out here."


def marked(outlet: str) -> str:
    return f"{outlet} marked its article as corrected; what is told here still stands in it."


def withdrawn(outlet: str, reason: str) -> str:
    """Where nothing that is told had to change."""
    return f"{outlet} withdrew its article{_with(reason)}. What is told here rests on others."


def withdrawn_and_out(outlet: str, reason: str, count: int) -> str:
    return f"{outlet} withdrew its article{_with(reason)}. What rested on it alone was taken out: {_sentences(count)}."


def withdrawn_and_replaced(outlet: str, reason: str, count: int) -> str:
    said = "stands" if count == 1 else "stand"
    return f"{outlet} withdrew its article{_with(reason)}. In its place {said} {_sentences(count)} of others."


def reserved(outlet: str) -> str:
    return f"{outlet} does not want to be quoted any more. What was quoted of it was taken out."


def by_editor(name: str | None, differences: Sequence[tuple[str, str]], others: int) -> str:
    who = f"An editor, {name}," if name else "An editor"
    said = f"{who} corrected {_sentences(len(differences) + others)}"
    return f"{said}: {_listed(differences)}." if differences else f"{said}."


def by_editor_out(name: str | None, count: int) -> str:
    who = f"An editor, {name}," if name else "An editor"
    return f"{who} took {_sentences(count)} out."


def because(reason: str) -> str:
    return f" Reason: {reason}"


def outlet_says(notice: str) -> str:
    return f" It says: “{notice}”"


def reads_now(sentence: str) -> str:
    return f" It reads now: “{sentence}”"


def summary(headlines: Sequence[str]) -> str:
    return f"{CORRECTION}: {'; '.join(headlines)}" if headlines else CORRECTION


def log_title(count: int, more: bool) -> str:
    if count == 0:
        return NO_CORRECTIONS
    return f"{CORRECTIONS}: the latest {count}" if more else f"{CORRECTIONS}: {count}"


def of_digest(number: int) -> str:
    return f"digest {number}"


# --- the editor's decision --------------------------------------------------------------------------------------

WHICH_SENTENCE = "Which sentence shall be corrected?"
CORRECT, SAYS_THEN, REASON, SAVE = "Correct …", "What it shall say", "Why", "Correct it"
EMPTY_TAKES_OUT = "leave empty to take it out"
REASON_HINT = "posted with the correction"
SAME = "it says that already"
OVERTAKEN = "it was corrected meanwhile and says something else now; look at it again"


def form_title(number: int) -> str:
    return f"Correct sentence {number}" if number else "Correct the headline"


def part(story: int, number: int) -> str:
    """Of what was posted, for the record."""
    return f"story {story}, {f'sentence {number}' if number else 'headline'}"


def done(headline: str, messages: int) -> str:
    if not messages:
        return f"Corrected: {headline}. It was not posted yet, and will be posted so."
    where = "The message" if messages == 1 else f"{messages}\u00a0messages"
    return f"Corrected: {headline}. {where} will say so, with a reply beneath."


def no_sentence(number: int, count: int) -> str:
    return f"that story has no sentence {number}; they go from 1 to {count}, and 0 is the headline"


def headline_says(most: int) -> str:
    return f"a headline cannot be taken out, and has at most {most} characters"


def not_posted(story: int) -> str:
    return f"no digest that was posted here tells story {story}; `review edit` is for what waits"
