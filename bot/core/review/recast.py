"""A story told anew from other articles, because an editor says so: two stories as one, one article less, one more.

The engine tells it again from what is left; the digest then holds that telling in place of the one before. What an
editor had put otherwise stays so where the sentence is still there.
"""

from __future__ import annotations

from dataclasses import replace

from bot.core.analysis import Analysis
from bot.core.delivery import Digest, Merged
from bot.core.review.draft import HEADLINE, Edit, StoryDraft, sections


def recast(digest: Digest, told: Analysis, absorbed: Analysis | None = None) -> Digest:
    """The digest with that telling of its story; `absorbed` is told within it. It is then told whole, also where only
    what is new was to be: what is new of other articles is another thing."""
    gone = None if absorbed is None else absorbed.story
    analyses = tuple(told if one.story == told.story else one for one in digest.analyses if one.story != gone)
    updates = tuple(update for update in digest.updates if update.story not in (told.story, gone))
    merged = digest.merged
    if absorbed is not None:
        merged = tuple(replace(one, into=told.story) if one.into == gone else one for one in merged)
        merged = (*merged, Merged(story=absorbed.story, version=absorbed.version, into=told.story))
    return replace(digest, analyses=analyses, updates=updates, merged=merged)


def carried(before: StoryDraft, told: Analysis) -> tuple[Edit, ...]:
    """The edits of the draft before, of sentences that the new telling has too."""
    edits = {edit.number: edit.text for edit in before.edits}
    texts = {one.original.text: edits[one.number] for one in before.sentences if one.number in edits}
    kept = [Edit(HEADLINE, edits[HEADLINE])] if HEADLINE in edits else []
    kept += [
        Edit(number, texts[claim.text]) for number, (_, claim) in enumerate(sections(told), 1) if claim.text in texts
    ]
    return tuple(kept)
