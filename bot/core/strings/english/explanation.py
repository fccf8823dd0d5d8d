"""Why an article or a story is where it is."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from bot.core.strings.english.dates import calendar_day

RELEVANCE = "Is it about AI and people's work?"
ITS_STORY = "Its story"
COPIES = "Repeats of its text"
NEIGHBOURS = "Stories it was compared with"
ARTICLES = "Its articles"
SENTENCES = "Its sentences"
NOTHING_FOUND = "Neither AI nor work is spoken of, so it was not looked at further."
IN_NO_STORY = "It is in no story."
ITS_OWN = " (its story)"
NO_NEIGHBOURS = "No other story shares enough of its words."
NO_SENTENCES = "No sentence of its articles may be shown."
TOLD_HERE = "Told here."
NOT_TOLD_HERE = "Not told here."
CHOSEN_FOR = "Shown as "
LEFT_OUT = "Left out: "
NO_ROLE = "no clear role"


def why_of(title: str) -> str:
    return f"Why: {title}"


def why_article(number: int) -> str:
    return f"Why article {number} is where it is"


def why_story(number: int) -> str:
    return f"Why story {number} is told as it is"


def in_story(number: int) -> str:
    return f"Story {number}: "


def decision(relevant: bool) -> str:
    return "About AI and people's work." if relevant else "Not about AI and people's work."


def probability(relevance: float | None, threshold: float) -> str:
    if relevance is None:
        return "It was not scored."
    return f"Its probability is {relevance:.2f}; {threshold:.2f} is asked."


def decided_by(articles: Sequence[int]) -> str:
    named = ", ".join(map(str, articles))
    noun = "article" if len(articles) == 1 else "articles"
    return f"A story is as relevant as the most relevant fifth of its articles: here {noun} {named}."


def judged(relevance: float | None, reasons: Sequence[str]) -> str:
    number = "not scored" if relevance is None else f"{relevance:.2f}"
    return f" · {'; '.join([number, *reasons])}"


def repeats(article: int) -> str:
    return f"Repeats the text of article {article}."


def joins_at(score: float) -> str:
    return f"How likely each tells of the same event; from {score:.2f} on an article joins the likeliest."


def numbered_sentence(number: int) -> str:
    """Stands for words that the extract budget does not cover."""
    return f"(sentence {number} of its article)"


def due(day: date) -> str:
    return f"due {calendar_day(day)}"


def withdrawn(reason: str) -> str:
    return f"withdrawn: {reason}"


def set_aside(reason: str) -> str:
    return f"set aside: {reason}"


def title_only(reason: str) -> str:
    return f"linked by title only: {reason}"


MEASURES = {
    "middle": "middle",
    "terms": "terms",
    "title": "title",
    "names": "names",
    "other names": "other names",
    "number": "number",
    "other number": "other number",
    "conflict": "conflict",
    "evidence": "evidence",
    "gap": "gap",
    "size": "size",
}
"""What likeness is measured by (`bot.core.desk.affinity`)."""
