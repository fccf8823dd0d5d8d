"""Words that point at a subject: whole-word phrases by facet and concept, with the phrases that only look alike.

A lexicon is data (`bot/data/lexicons`, TOML; the file's head says what its keys mean). Here it becomes a value that
scans a text once: the words are cut, a dict of first words finds the places worth looking at, and at each the longest
phrase wins. "Air strike" therefore swallows its "strike", and the cost hardly depends on how many phrases there are.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Any

_WORD = re.compile(r"[^\W_]+")
_INITIALS = re.compile(r"\b(?:[A-Z]\.){2,}")
_APOSTROPHE = re.compile(r"['’`´](s\b)?")


def words(text: str) -> list[str]:
    """The words of a text in lower case: "A.I." is `ai`, "SAG-AFTRA's" is `sag`, `aftra`."""
    if "." in text:
        text = _INITIALS.sub(lambda found: found[0].replace(".", ""), text)
    if "'" in text or "’" in text:
        text = _APOSTROPHE.sub("", text)
    return _WORD.findall(text.lower())


@dataclass(frozen=True, slots=True, kw_only=True)
class Concept:
    """One thing looked for, such as "unions", under one facet, such as "work"."""

    facet: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Phrase:
    words: tuple[str, ...]
    concept: int | None  # None: a look-alike
    needs: frozenset[str] = frozenset()
    unless: frozenset[str] = frozenset()


class Lexicon:
    """Finds concepts in texts. Build it with `read`."""

    def __init__(
        self, concepts: Sequence[Concept], phrases: Iterable[_Phrase], labour_words: frozenset[str] = frozenset()
    ) -> None:
        self.concepts = tuple(concepts)
        self._labour = labour_words
        first: dict[str, list[_Phrase]] = {}
        for phrase in phrases:
            first.setdefault(phrase.words[0], []).append(phrase)
        # Longest first; of two equally long ones the look-alike.
        self._first: Mapping[str, tuple[_Phrase, ...]] = {
            word: tuple(sorted(found, key=lambda phrase: (-len(phrase.words), phrase.concept is not None)))
            for word, found in first.items()
        }

    @classmethod
    def read(cls, toml: str) -> Lexicon:
        """From the text of a lexicon file. Raises `tomllib.TOMLDecodeError` or KeyError on a malformed one."""
        data: dict[str, Any] = tomllib.loads(toml)
        concepts: list[Concept] = []
        phrases: list[_Phrase] = []
        for entry in data["concept"]:
            concept = Concept(facet=entry["facet"], name=entry["name"])
            if concept not in concepts:
                concepts.append(concept)
            phrases += [
                _Phrase(
                    words=form,
                    concept=concepts.index(concept),
                    needs=frozenset(entry.get("needs", ())),
                    unless=frozenset(entry.get("unless", ())),
                )
                for form in _forms(entry["terms"])
            ]
        phrases += [_Phrase(words=form, concept=None) for form in _forms(data.get("lookalikes", ()))]
        return cls(concepts, phrases, frozenset(data.get("labour_words", ())))

    def find(self, text: Sequence[str], present: AbstractSet[str]) -> list[int]:
        """How often each concept occurs in these `words`, in the order of `concepts`.

        `present` are the words around, these included: what `needs` and `unless` look at.
        """
        counts = [0] * len(self.concepts)
        if self._first.keys().isdisjoint(present):
            return counts
        labour = not self._labour.isdisjoint(present)
        after = 0  # the first word not yet covered by a phrase
        for at, word in enumerate(text):
            if at < after or word not in self._first:
                continue
            for phrase in self._first[word]:
                end = at + len(phrase.words)
                if len(phrase.words) > 1 and tuple(text[at:end]) != phrase.words:
                    continue
                if phrase.needs and phrase.needs.isdisjoint(present):
                    continue
                if phrase.unless and not labour and not phrase.unless.isdisjoint(present):
                    continue
                after = end
                if phrase.concept is not None:
                    counts[phrase.concept] += 1
                break
        return counts


def _forms(terms: Iterable[str]) -> Iterable[tuple[str, ...]]:
    """Each term and its plural, once."""
    forms: dict[tuple[str, ...], None] = {}
    for term in terms:
        single = tuple(words(term))
        forms[single] = None
        if len(single[-1]) > 2 and not single[-1].endswith("s"):
            forms[(*single[:-1], single[-1] + "s")] = None
    return forms
