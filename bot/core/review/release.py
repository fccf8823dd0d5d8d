"""When a digest under review may be posted, and what it then says.

Every story that an editor did not drop has to be approved, by as many different people as the community asks for. Where
its time is out, and the community wants that, it is posted with whatever was not approved labelled so.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.core import strings
from bot.core.analysis import Analysis, Claim
from bot.core.coming import Coming
from bot.core.community_settings import CommunitySettings
from bot.core.delivery import Digest, DigestId
from bot.core.movement import Update
from bot.core.review.draft import StoryDraft, edited, sections
from bot.core.story import StoryId
from bot.core.wording import same_wording


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewPolicy:
    """So many different people approve each story. After `patience` a digest is posted although some were not approved;
    None: it waits for ever."""

    approvers: int = 1
    patience: timedelta | None = None


def policy_of(settings: CommunitySettings) -> ReviewPolicy:
    return ReviewPolicy(approvers=settings.approvers, patience=settings.review_patience)


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """A digest before its editors: a draft a story, in the digest's order. `waiting`: nothing is decided yet."""

    digest: DigestId
    opened_at: datetime
    drafts: tuple[StoryDraft, ...]
    waiting: bool = True

    @property
    def revision(self) -> int:
        """Rises with every change of any of its texts, so that all of them are approved only as they were seen."""
        return sum(draft.revision for draft in self.drafts)


def out_of_time(review: Review, policy: ReviewPolicy) -> datetime | None:
    """When it is posted without approval; None: never."""
    return None if policy.patience is None else review.opened_at + policy.patience


def undecided(drafts: Sequence[StoryDraft], policy: ReviewPolicy) -> tuple[StoryDraft, ...]:
    return tuple(draft for draft in drafts if not draft.is_settled(policy.approvers))


def published(digest: Digest, review: Review, policy: ReviewPolicy, now: datetime) -> Digest | None:
    """The digest as it may be posted now; None where it has to wait. Dropped stories are not in it."""
    waits = undecided(review.drafts, policy)
    until = out_of_time(review, policy)
    if waits and (until is None or now < until):
        return None
    drafts = {draft.original.story: draft for draft in review.drafts}
    if any(analysis.story not in drafts for analysis in digest.analyses):
        raise ValueError(f"digest {review.digest} has a story that is not under review")
    left = [analysis for analysis in digest.analyses if not drafts[analysis.story].dropped]
    told = tuple(_told(analysis, drafts[analysis.story], policy) for analysis in left)
    updates = tuple(
        _update(update, drafts[update.story])
        for update in digest.updates
        if update.story in drafts and not drafts[update.story].dropped
    )
    stories = {analysis.story for analysis in left}
    return replace(
        digest, analyses=told, updates=updates, merged=tuple(one for one in digest.merged if one.into in stories)
    )


def cleared(coming: Sequence[Coming], drafts: Mapping[StoryId, StoryDraft]) -> tuple[Coming, ...]:
    """What a digest may remind of from stories told before, by each one's newest draft: nothing of a story that an
    editor dropped, and no sentence that one cut or put otherwise."""

    def stands(one: Coming) -> bool:
        draft = drafts.get(one.story)
        if draft is None:
            return True
        changed = (sentence for sentence in draft.sentences if sentence.claim != sentence.original)
        return not draft.dropped and not any(same_wording(one.claim, each.original.text) for each in changed)

    return tuple(one for one in coming if stands(one))


def _told(analysis: Analysis, draft: StoryDraft, policy: ReviewPolicy) -> Analysis:
    approved = draft.is_approved(policy.approvers)
    disclosure = replace(
        analysis.disclosure,
        reviewed_by=strings.review.joined(draft.reviewers) if approved else None,
        overdue=not approved,
    )
    return replace(edited(analysis, {edit.number: edit.text for edit in draft.edits}), disclosure=disclosure)


def _update(update: Update, draft: StoryDraft) -> Update:
    """What is new, as it was edited. A sentence that stands in two places is what an editor made of it in either."""
    texts: dict[Claim, list[str | None]] = {}
    edits: Mapping[int, str | None] = {edit.number: edit.text for edit in draft.edits}
    for number, (_, claim) in enumerate(sections(draft.original), 1):
        if number in edits:
            texts.setdefault(claim, []).append(edits[number])
    claims: list[Claim] = []
    for claim in update.claims:
        if claim not in texts:
            claims.append(claim)
        elif written := next((text for text in texts[claim] if text is not None), None):
            claims.append(replace(claim, text=written, by_editor=True))
    return replace(update, claims=tuple(claims))
