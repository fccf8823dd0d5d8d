"""A story's analysis under review in one community.

It is approved once for the whole community: a digest of another schedule that tells the same version in the same words
finds the same draft. What an editor changes is kept beside the original, by the number that each sentence has there, so
that a number means the same sentence whatever was cut meanwhile, and every sentence keeps the evidence it cites.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from hashlib import blake2b
from itertools import count
from typing import NewType

from bot.core.analysis import Analysis, Claim, Outlook, Paragraph, Perspective
from bot.core.community import CommunityId, MemberId

DraftId = NewType("DraftId", int)

HEADLINE = 0
"""The headline's number; the sentences count from 1, in the order shown."""


class Section(StrEnum):
    """The parts of an analysis that can be edited, in the order shown."""

    HEADLINE = "headline"
    DECK = "deck"
    STORY = "story"
    WHY = "why"
    BACKGROUND = "background"
    PERSPECTIVES = "perspectives"
    WATCH = "watch"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reviewer:
    """An editor. Two who have one id are one person, whatever they are called."""

    member: MemberId
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Approval:
    by: Reviewer
    at: datetime


@dataclass(frozen=True, slots=True)
class Edit:
    """What stands in place of a sentence (or of the headline); None where it was cut."""

    number: int
    text: str | None


@dataclass(frozen=True, slots=True)
class Numbered:
    """A sentence of the original under its number. `claim` is as it stands now, None where it was cut."""

    number: int
    section: Section
    original: Claim
    claim: Claim | None


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryDraft:
    """`approvals` are of the text as it stands: whoever changes it takes them back. `revision` counts changes of the
    text from 1, so that nobody approves or edits what they have not seen."""

    id: DraftId
    community: CommunityId
    original: Analysis
    opened_at: datetime
    edits: tuple[Edit, ...] = ()
    approvals: tuple[Approval, ...] = ()
    dropped: bool = False
    assigned: Reviewer | None = None
    revision: int = 1

    @property
    def analysis(self) -> Analysis:
        """As it stands."""
        return edited(self.original, self._edits)

    @property
    def sentences(self) -> tuple[Numbered, ...]:
        """All of the original, the cut ones too."""
        return tuple(
            Numbered(number, section, claim, _put(claim, number, self._edits))
            for number, (section, claim) in enumerate(sections(self.original), 1)
        )

    def sentence(self, number: int) -> Numbered | None:
        return next((one for one in self.sentences if one.number == number), None)

    def is_approved(self, approvers: int) -> bool:
        """By that many different people, or more."""
        return not self.dropped and len({approval.by.member for approval in self.approvals}) >= approvers

    def is_settled(self, approvers: int) -> bool:
        """Nothing is to be decided about it any more."""
        return self.dropped or self.is_approved(approvers)

    @property
    def reviewers(self) -> tuple[str, ...]:
        """The names of those who approved it, the first one first."""
        return tuple(dict.fromkeys(approval.by.name for approval in self.approvals))

    @property
    def _edits(self) -> Mapping[int, str | None]:
        return {edit.number: edit.text for edit in self.edits}


def sections(analysis: Analysis) -> Iterator[tuple[Section, Claim]]:
    """Every claim with its section, in the order of `Analysis.claims`."""
    if analysis.deck is not None:
        yield Section.DECK, analysis.deck
    for paragraph in analysis.told:
        yield from ((Section.STORY, claim) for claim in paragraph.claims)
    yield from ((Section.WHY, claim) for claim in analysis.why)
    for paragraph in analysis.background:
        yield from ((Section.BACKGROUND, claim) for claim in paragraph.claims)
    yield from ((Section.PERSPECTIVES, perspective.claim) for perspective in analysis.perspectives)
    yield from ((Section.WATCH, outlook.claim) for outlook in analysis.watch)


def edited(original: Analysis, edits: Mapping[int, str | None]) -> Analysis:
    """The original with these edits. Evidence that only cut sentences cite goes too; the rest keeps its number."""
    numbers = count(1)

    def put(claim: Claim) -> Claim | None:
        return _put(claim, next(numbers), edits)

    def paragraphs(before: tuple[Paragraph, ...]) -> Iterator[Paragraph]:
        for paragraph in before:
            left = tuple(claim for claim in map(put, paragraph.claims) if claim is not None)
            if left:
                yield Paragraph(claims=left)

    def perspectives() -> Iterator[Perspective]:
        for perspective in original.perspectives:
            if (claim := put(perspective.claim)) is not None:
                yield replace(perspective, claim=claim)

    def watch() -> Iterator[Outlook]:
        for outlook in original.watch:
            if (claim := put(outlook.claim)) is not None:
                yield replace(outlook, claim=claim)

    # In the order of `Analysis.claims`, by which they are numbered.
    changed = replace(
        original,
        headline=edits.get(HEADLINE) or original.headline,
        deck=None if original.deck is None else put(original.deck),
        told=tuple(paragraphs(original.told)),
        why=tuple(claim for claim in map(put, original.why) if claim is not None),
        background=tuple(paragraphs(original.background)),
        perspectives=tuple(perspectives()),
        watch=tuple(watch()),
    )
    cited = {number for claim in changed.claims() for number in claim.evidence}
    return replace(changed, evidence=tuple(one for one in original.evidence if one.id in cited))


def material_of(analysis: Analysis) -> str:
    """What an approval is of, in short: the words, what they cite, and the articles behind them."""
    claims = [(section.value, claim.text, claim.evidence) for section, claim in sections(analysis)]
    evidence = [(one.id, one.article, one.sentence) for one in analysis.evidence]
    sources = [(source.article, source.title, source.quoted, source.note) for source in analysis.sources]
    whole = (analysis.disclosure.engine, analysis.headline, claims, evidence, sources)
    return blake2b(repr(whole).encode("utf-8", "replace"), digest_size=16).hexdigest()


def _put(claim: Claim, number: int, edits: Mapping[int, str | None]) -> Claim | None:
    if number not in edits:
        return claim
    text = edits[number]
    return None if text is None else replace(claim, text=text, by_editor=True)
