"""Which digest and which draft somebody means."""

from __future__ import annotations

from bot.app.commands.asked import Asked
from bot.app.ports import Transaction
from bot.app.review import card_of
from bot.core import strings
from bot.core.community import CommunityId
from bot.core.delivery import DigestId
from bot.core.desk.lexicon import words
from bot.core.errors import InputError
from bot.core.message.review import Card
from bot.core.review.draft import DraftId, StoryDraft


async def any_draft(tx: Transaction, asked: Asked, name: str = "draft") -> StoryDraft:
    """By its number; by words of its headline, as it was or is, only one that waits. Raises InputError otherwise."""
    said = " ".join((asked.arguments.text(name) or "").split())
    digits = said.casefold().removeprefix("draft").strip().removeprefix("#")
    if digits.isascii() and digits.isdecimal() and len(digits) <= 18:
        draft = await tx.reviews.draft(asked.community, DraftId(int(digits)))
        if draft is not None:
            return draft
    elif wanted := set(words(said)):
        for card in await cards_waiting(tx, asked.community):
            for draft in card.review.drafts:
                if wanted <= set(words(f"{draft.original.headline} {draft.analysis.headline}")):
                    return draft
    raise InputError(strings.deciding.no_draft(said))


async def waiting_draft(tx: Transaction, asked: Asked, name: str = "draft") -> StoryDraft:
    draft = await any_draft(tx, asked, name)
    if not await tx.reviews.waiting(asked.community, draft=draft.id):
        raise InputError(strings.deciding.draft_waits_no_more(draft.id))
    return draft


async def drafts_beside(tx: Transaction, draft: StoryDraft) -> list[StoryDraft]:
    """The other drafts of the digests that wait for this one."""
    found: dict[DraftId, StoryDraft] = {}
    for digest in await tx.reviews.waiting(draft.community, draft=draft.id):
        review = await tx.reviews.of(draft.community, digest)
        assert review is not None
        found |= {one.id: one for one in review.drafts if one.id != draft.id and not one.dropped}
    return list(found.values())


async def card_meant(tx: Transaction, asked: Asked) -> Card:
    """The digest that is named, or the only one that waits."""
    number = asked.arguments.number("digest")
    waiting = await tx.reviews.waiting(asked.community)
    if number is None and len(waiting) == 1:
        number = waiting[0]
    card = None if number is None else await card_of(tx, asked.community, DigestId(number))
    if card is not None:
        return card
    if number is None:
        raise InputError(strings.deciding.which_digest(waiting))
    raise InputError(strings.deciding.no_digest(number, waiting))


async def cards_waiting(tx: Transaction, community: CommunityId) -> list[Card]:
    cards = [await card_of(tx, community, digest) for digest in await tx.reviews.waiting(community)]
    return [card for card in cards if card is not None]
