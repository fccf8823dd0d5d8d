"""An analysis: one story told and explained, every sentence with its evidence.

The parts are those of the editorial form: headline, deck, story, Why This Matters, Background, Key Perspectives,
What to Watch, Sources, disclosure. Both engines produce this value, and the same grounding check passes over it.
A part with nothing to say is empty and is left out when shown; it is never padded.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import NewType

from bot.core.article import ArticleId
from bot.core.story import StoryId

EvidenceId = NewType("EvidenceId", int)
"""The number shown in square brackets: 1, 2, 3 … within one analysis, in the order of first use."""

WORDS_PER_MINUTE = 230
EXTRACT_BUDGET = 120
"""At most this many words of any one article in an analysis (editorial.md, "We quote, we do not republish")."""
HEADLINE_LIMIT = 110
"""Characters."""


EXTRACTIVE = "extractive"
"""The name of the engine that chooses and shortens outlets' own sentences."""


class Side(StrEnum):
    """Who may be heard on an AI-and-labour story, in the order shown."""

    WORKERS = "Working writers and other workers"
    UNIONS = "Guilds and unions"
    EMPLOYERS = "Studios, publishers and other employers"
    AI_COMPANIES = "AI companies and platforms"
    LAWMAKERS = "Lawmakers and regulators"
    COURTS = "Courts"
    CRITICS = "Critics and scholars"


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """One source sentence, exactly as the outlet wrote it."""

    id: EvidenceId
    article: ArticleId
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A sentence we show and the evidence that supports it (never empty). `by_editor`: an editor put it so; it is no
    outlet's own any more, whatever words it kept."""

    text: str
    evidence: tuple[EvidenceId, ...]
    by_editor: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph:
    claims: tuple[Claim, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Perspective:
    """What one side says. `speaker` is who says it as the source names them, or None: shown as "unattributed"."""

    side: Side
    speaker: str | None
    claim: Claim


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """Something that can be seen to happen or not. `due` where a source gives a date."""

    claim: Claim
    due: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """An article of the story. `independent` is False for wire copies and sister outlets of one listed before it.

    `quoted` is False where the outlet is only linked by title (opted out, paywalled, a language we cannot analyse);
    `note` says why in plain words. `revision` is the one of the article that was read.
    """

    article: ArticleId
    outlet: str
    owner: str | None
    title: str
    url: str
    published: datetime
    independent: bool = True
    quoted: bool = True
    note: str | None = None
    revision: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Earlier:
    """A story before this one in the same saga, from our own archive: the title, outlet and address of the article that
    told it first, and when. The rest says which article that is and in which revision it was read; None where that was
    not written down yet."""

    story: StoryId
    headline: str
    outlet: str
    url: str
    published: datetime
    article: ArticleId | None = None
    revision: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Disclosure:
    """Which engine wrote it, whether an editor passed it, and what text left the server (None: none did). `overdue`: an
    editor was to pass it, and none did in the time that the community gives them."""

    engine: str
    reviewed_by: str | None = None
    text_sent_to: str | None = None
    overdue: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Analysis:
    story: StoryId
    version: int
    headline: str
    deck: Claim | None
    first_seen: datetime
    last_updated: datetime
    told: tuple[Paragraph, ...]
    why: tuple[Claim, ...]
    background: tuple[Paragraph, ...]
    perspectives: tuple[Perspective, ...]
    not_heard: tuple[Side, ...]
    watch: tuple[Outlook, ...]
    sources: tuple[Source, ...]
    evidence: tuple[Evidence, ...]
    disclosure: Disclosure
    earlier: tuple[Earlier, ...] = ()  # the latest first; part of the background

    def claims(self) -> Iterator[Claim]:
        """Every claim in the order shown."""
        if self.deck is not None:
            yield self.deck
        for paragraph in self.told:
            yield from paragraph.claims
        yield from self.why
        for paragraph in self.background:
            yield from paragraph.claims
        for perspective in self.perspectives:
            yield perspective.claim
        for outlook in self.watch:
            yield outlook.claim

    @property
    def reading_minutes(self) -> int:
        """At 230 words a minute, at least 1."""
        return max(1, round(self.words / WORDS_PER_MINUTE))

    @property
    def words(self) -> int:
        """Of the headline and every claim."""
        return len(self.headline.split()) + sum(len(claim.text.split()) for claim in self.claims())
