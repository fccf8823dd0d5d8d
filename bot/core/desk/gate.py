"""The cheap first look: does a text speak of artificial intelligence, or of people's work, at all?

Recall comes first: what the gate turns away is never embedded and joins no story, while what it lets in is still
judged. Either facet is enough, because most reports of a strike over AI do not mention AI.
"""

from __future__ import annotations

from dataclasses import dataclass

from bot.core.desk.lexicon import Lexicon, words

SCANNED = 2_500
"""Characters of a text that are looked at. News says what it is about well before that; a megabyte is not news."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gated:
    """What was found: names of concepts a facet, and how often each concept of the lexicon occurs.

    `title_counts` and `text_counts` are in the order of the lexicon's concepts; the text is counted without the title.
    """

    ai: tuple[str, ...]
    work: tuple[str, ...]
    people: tuple[str, ...]
    rights: tuple[str, ...]
    cues: tuple[str, ...]
    title_counts: tuple[int, ...]
    text_counts: tuple[int, ...]

    @property
    def passed(self) -> bool:
        return bool(self.ai or self.work)


class Gate:
    """Three thousand articles a second and more on one core (`python -m tests.bench desk`)."""

    def __init__(self, lexicon: Lexicon) -> None:
        self.lexicon = lexicon

    def __call__(self, title: str, text: str) -> Gated:
        top, below = words(title[:SCANNED]), words(text[:SCANNED])
        present = {*top, *below}
        in_title, in_text = self.lexicon.find(top, present), self.lexicon.find(below, present)
        found: dict[str, list[str]] = {"ai": [], "work": [], "people": [], "rights": [], "cue": []}
        for concept, *counts in zip(self.lexicon.concepts, in_title, in_text, strict=True):
            if any(counts):
                found[concept.facet].append(concept.name)
        return Gated(
            ai=tuple(found["ai"]),
            work=tuple(found["work"]),
            people=tuple(found["people"]),
            rights=tuple(found["rights"]),
            cues=tuple(found["cue"]),
            title_counts=tuple(in_title),
            text_counts=tuple(in_text),
        )
