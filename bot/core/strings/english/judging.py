"""What the desk found: why an article is set aside or only linked, and how a sentence stands to its sources.

What is kept with an article (why it was set aside or withdrawn, what speaks for its relevance) stays in the language in
which it was found; names of what the lexicons look for are theirs (`bot/data`).
"""

from __future__ import annotations

from collections.abc import Sequence

FACETS = {"ai": "AI", "work": "work", "people": "people", "rights": "rights"}
ROLES = {
    "what happened": "what happened",
    "significance": "significance",
    "background": "background",
    "position": "position",
    "outlook": "outlook",
}
"""Parts that a sentence may play, by `Role`'s values."""
PARTS = {
    "deck": "deck",
    "story": "story",
    "why": "why this matters",
    "background": "background",
    "watch": "what to watch",
}
"""Parts of an analysis that a sentence is shown in."""
OFF_TOPIC = "it speaks neither of AI nor of work"
OPTED_OUT = "the outlet does not want to be quoted"
WITHDRAWN = "withdrawn"


def perspective(side: str) -> str:
    return f"perspective: {side}"


def foreign(language: str) -> str:
    return f"it is in a language Slugline cannot read: {language}"


def withdrawn(reason: str) -> str:
    return f"withdrawn: {reason}"


def spoken_of(facet: str, names: Sequence[str]) -> str:
    """What speaks for an article's relevance: "work: screenwriters, strike"."""
    return f"{FACETS[facet]}: {', '.join(names)}"


def called(*, relevant: bool) -> str:
    return f"this story was called {'relevant' if relevant else 'not relevant'} here"


def bar_moved(asked: float, usual: float, *, up: bool) -> str:
    """Probabilities: what a community's feedback asks for, and what is asked without it."""
    return f"feedback here asks for a probability of {asked:.2f}, {'more' if up else 'less'} than the usual {usual:.2f}"


def counted_against(terms: Sequence[str], asked: float) -> str:
    return f"feedback here counts against {', '.join(terms)}: it takes {asked:.2f} with that"


def not_there(what: str) -> str:
    return f"{what} is not in the sources"


def few_words_there(share: float) -> str:
    return f"only {share:.0%} of its words are in the sources"


YES_FOR_NO = "says yes where the source says no, or the reverse"
STITCHED = "joins words of several sentences into something none of them says"
CLAIM_EMPTY = "the claim is empty"
CLAIM_TOO_LONG = "the claim is too long to be checked"
NOTHING_CITED = "no source is cited"


def opposite(word: str) -> str:
    return f"“{word}…” is the opposite of what the nearest sentence says"


def scattered(share: float) -> str:
    return f"no one sentence has more than {share:.0%} of its words"


def no_such_quotation(words: str) -> str:
    return f'the quotation "{words}" is not in the sources'


NUMBERS_SWAPPED = "numbers have changed places"


def turned_round(one: str, two: str) -> str:
    return f"turns round who did what: {one} and {two}"


def instead(what: str, source: str) -> str:
    return f"{what} stands where the source has {source}"


def others_stronger(role: str, strength: float) -> str:
    return f"others were stronger, newer or nearer the story ({ROLES[role]}, {strength:.2f})"


def off_the_story(likeness: float, least: float) -> str:
    return f"off the story: its likeness is {likeness:.2f}, at least {least:.2f} is asked"


def repeats_shown(likeness: float) -> str:
    return f"repeats a sentence that is shown (likeness {likeness:.2f})"


def over_budget(spent: int, words: int, most: int) -> str:
    return f"{spent} words of its article are shown already, and with its {words} it would be over {most}"


def not_grounded(reasons: Sequence[str]) -> str:
    return f"not grounded once trimmed: {'; '.join(reasons)}"


def no_part_clearly(role: str, strength: float) -> str:
    return f"plays no part clearly: the strongest is {ROLES[role]}, {strength:.2f}"


def cited_beside(part: str) -> str:
    return f"{part}, cited beside"


PAYWALLED = "behind a paywall: linked by title only"


def other_language(language: str) -> str:
    return f"in a language Slugline cannot analyse ({language})"


def repeats_text(outlet: str) -> str:
    return f"repeats the text of {outlet}"


TEASER_ONLY = "behind a paywall: nothing beyond its own teaser is quoted"
UNTITLED = "Untitled story"
MARKED_TAKEN_BACK = "marked as taken back by the outlet"
SAID_TAKEN_BACK = "the outlet says the article was taken back"
DELETED = "deleted from the outlet's feed"
PAGE_GONE = "its page is gone for good"
PAGE_MISSING = "its page was not found for days"
