"""What an editor should look at before approving: hints, each with its reason, never a verdict.

Named people are found by the shapes in which news introduces and quotes them, legal allegations by the verbs that make
one beside a name. Both miss some and find some too many: they say where to look.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from bot.core.analysis import EXTRACTIVE, Analysis
from bot.core.desk.grounding import check
from bot.core.desk.headline import clean_title, fit
from bot.core.desk.names import proper_words
from bot.core.desk.quotes import introduced


@dataclass(frozen=True, slots=True)
class OneSource:
    """Nobody but this outlet, and whoever copies it, tells it."""

    outlet: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Ungrounded:
    """A sentence that what it cites does not bear out: `doubtful`, or not at all; or a headline with what no source of
    the story says. `reasons` are plain words."""

    text: str
    doubtful: bool
    by_editor: bool
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NamedPersons:
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Allegation:
    """A sentence that says of somebody named that they broke the law, or that they were said to have."""

    text: str
    word: str


@dataclass(frozen=True, slots=True)
class ReservedSources:
    """Outlets that are linked by title only: what they say was read by nobody here."""

    outlets: tuple[str, ...]


Flag = OneSource | Ungrounded | NamedPersons | Allegation | ReservedSources


def flags_of(analysis: Analysis) -> tuple[Flag, ...]:
    """In the order of the kinds above. Takes some milliseconds: each sentence is held against what it cites."""
    return (
        *_one_source(analysis),
        *_ungrounded(analysis),
        *_named(analysis),
        *_allegations(analysis),
        *_reserved(analysis),
    )


def _one_source(analysis: Analysis) -> Iterator[OneSource]:
    voices = dict.fromkeys(source.outlet for source in analysis.sources if source.independent and source.quoted)
    if len(voices) == 1:
        yield OneSource(*voices)


def _ungrounded(analysis: Analysis) -> Iterator[Ungrounded]:
    outlets = {source.article: source.outlet for source in analysis.sources}
    evidence = {one.id: one for one in analysis.evidence}
    yield from _headline(analysis)
    for claim in dict.fromkeys(analysis.claims()):
        cited = [evidence[number] for number in claim.evidence if number in evidence]
        # A claim may say who reports it.
        names = dict.fromkeys(outlets[one.article] for one in cited if one.article in outlets)
        verdict = check(claim.text, [*(one.sentence for one in cited), *names])
        if verdict.verdict != "supported":
            yield Ungrounded(
                text=claim.text,
                doubtful=verdict.verdict == "doubtful",
                by_editor=claim.by_editor,
                reasons=verdict.reasons,
            )


def _headline(analysis: Analysis) -> Iterator[Ungrounded]:
    """An outlet's title is its own; whatever else an engine or an editor wrote is held against all that is cited. That
    it joins what several sentences say is what a headline is for."""
    titles = [fit(clean_title(source.title, source.outlet)) for source in analysis.sources]
    if analysis.headline in titles:
        return
    outlets = [source.outlet for source in analysis.sources]
    verdict = check(analysis.headline, [*(one.sentence for one in analysis.evidence), *titles, *outlets])
    if verdict.verdict not in ("supported", "doubtful"):
        yield Ungrounded(
            text=analysis.headline,
            doubtful=False,
            by_editor=analysis.disclosure.engine == EXTRACTIVE,  # that one takes outlets' titles only
            reasons=verdict.reasons,
        )


_TITLED = re.compile(
    r"\b(?:Mr|Mrs|Ms|Dr|Sen|Rep|Gov|Prof)\.?\s(?P<name>[A-Z][\w’'-]+(?:\s[A-Z][\w’'-]+){0,2})"
    r"|\b(?:Judge|Justice|Senator|Professor|President|Governor|Attorney General)\s"
    r"(?P<other>[A-Z][\w’'-]+(?:\s(?:[A-Z]\.\s)?[A-Z][\w’'-]+){0,2})"
)
_TITLE = re.compile(r"^(?:Mr|Mrs|Ms|Dr|Sen|Rep|Gov|Prof|Judge|Justice|Senator|Professor|President|Governor)\.?\s")
_BODIES = frozenset(
    """
    guild union association alliance federation council committee commission congress senate house court department
    ministry office agency bureau university college school institute society league authority board party
    studio studios pictures films entertainment media news press times post journal books publishing records games
    group inc corp company ltd llc labs ai systems technologies technology network foundation center centre
    interactive digital platforms producers writers authors novelists actors performers workers artists animators
    illustrators journalists scribes statistics labor labour
    act bill law street city state states kingdom america europe california york england
""".split()
)


def _named(analysis: Analysis) -> Iterator[NamedPersons]:
    names: dict[str, None] = {}
    for perspective in analysis.perspectives:
        if perspective.speaker is not None and _is_person(speaker := perspective.speaker.partition(",")[0].strip()):
            names[speaker] = None
    for claim in analysis.claims():
        for person in introduced(claim.text):
            # "the Society of Working Authors", "the Screen Producers"
            of_a_body = claim.text[: person.at].endswith((" of ", " the ", "The "))
            if not of_a_body and _is_person(name := _TITLE.sub("", person.name)):
                names[name] = None
        names |= dict.fromkeys(found["name"] or found["other"] for found in _TITLED.finditer(claim.text))
    outlets = {source.outlet for source in analysis.sources}
    # "Marsh" is said already by "Ada Marsh".
    whole = [
        name for name in names if name not in outlets and not any(name != other and name in other for other in names)
    ]
    if whole:
        yield NamedPersons(tuple(whole))


def _is_person(name: str) -> bool:
    """Two or three capitalised words side by side, none of which belongs to a body's name."""
    words = proper_words(f"said {name}")
    side_by_side = all(at + len(word) + 1 == following for (at, word), (following, _) in pairwise(words))
    if not 2 <= len(words) <= 4 or not side_by_side or len(name.split()) != len(words):
        return False
    return not any(word.casefold().rstrip(".") in _BODIES or (word.isupper() and len(word) > 2) for _, word in words)


_ALLEGED = re.compile(
    r"\b(?:accus(?:e|es|ed|ing|ations?)|alleg(?:e|es|ed|edly|ing|ations?)|su(?:es|ed|ing)|sue|lawsuits?|"
    r"fraud(?:ulent(?:ly)?)?|charged\swith|criminal\scharges?|charges\sagainst|indict(?:s|ed|ments?)|"
    r"convict(?:s|ed|ion)|arrest(?:s|ed)?|guilty|infring(?:e|es|ed|ing|ements?)|pira(?:cy|ted|ting)|"
    r"defam(?:e|ed|ation|atory)|libel|slander|embezzl\w+|brib(?:e|es|ed|ery)|harass(?:ed|ment)|"
    r"plagiari\w+|theft|st(?:ole|olen|ealing)|misappropriat\w+|perjury|conspir(?:ed|acy)|illegal(?:ly)?|"
    r"unlawful(?:ly)?|negligen(?:ce|t)|breach(?:ed|es)?)\b",
    re.IGNORECASE,
)


def _allegations(analysis: Analysis) -> Iterator[Allegation]:
    for text in dict.fromkeys((analysis.headline, *(claim.text for claim in analysis.claims()))):
        found = _ALLEGED.search(text)
        if found is not None and (proper_words(text) or text == analysis.headline):
            yield Allegation(text, found.group().casefold())


def _reserved(analysis: Analysis) -> Iterator[ReservedSources]:
    outlets = tuple(dict.fromkeys(source.outlet for source in analysis.sources if not source.quoted))
    if outlets:
        yield ReservedSources(outlets)
