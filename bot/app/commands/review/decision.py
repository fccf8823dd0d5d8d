"""What every decision at the editor's desk has in common: who decides, what is held meanwhile, and what it lets go."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.app.commands.asked import Asked
from bot.app.ports import Transaction
from bot.app.review import Rendered, Settled, settle
from bot.core import strings
from bot.core.community import CommunityId
from bot.core.delivery import DigestId
from bot.core.review.decisions import Decided
from bot.core.review.draft import DraftId, Reviewer, StoryDraft


class Overtaken(Exception):
    """The text is not the one that was seen any more."""

    def __init__(self, draft: DraftId) -> None:
        super().__init__(draft)
        self.draft = draft


def editor(asked: Asked) -> Reviewer:
    return Reviewer(member=asked.member.id, name=asked.member.name)


async def hold_digests(tx: Transaction, community: CommunityId, drafts: Sequence[DraftId]) -> list[DigestId]:
    """All digests that wait for any of these, held before any of them is changed and always in the same order: two
    editors then wait for each other, and not both for ever."""
    named = {digest for draft in drafts for digest in await tx.reviews.waiting(community, draft=draft)}
    for digest in sorted(named):
        await tx.reviews.hold(community, digest)
    return sorted(named)


async def keep(tx: Transaction, before: StoryDraft, decided: Decided) -> None:
    if not await tx.reviews.save(before.community, before, decided.draft):
        raise Overtaken(before.id)
    for entry in decided.entries:
        await tx.reviews.note(before.community, entry)


async def settled_now(
    tx: Transaction, community: CommunityId, digests: Sequence[DigestId], now: datetime, document: Rendered
) -> list[Settled]:
    settled = [await settle(tx, community, digest, now, document) for digest in digests]
    return [one for one in settled if one is not None]


def became_of(settled: Sequence[Settled]) -> list[str]:
    """What became of the digests that waited."""
    lines = []
    for one in settled:
        if one.waits_for:
            lines.append(strings.review.still_waits(one.digest, one.waits_for))
        else:
            lines.append(
                strings.review.on_its_way(one.digest) if one.posted else strings.review.nothing_left(one.digest)
            )
    return lines
