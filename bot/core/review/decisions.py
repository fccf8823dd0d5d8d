"""What editors decide about a draft: the draft as it is then, and what the audit trail says of it.

Whatever changes the text takes all approvals back. An edit is never refused for what it says: a name or a number that
no cited sentence has is flagged (`flags`), and whoever approves sees that. Each raises InputError for what makes no
sense.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from bot.core import strings
from bot.core.analysis import HEADLINE_LIMIT
from bot.core.errors import InputError
from bot.core.review.draft import HEADLINE, Approval, Edit, Numbered, Reviewer, StoryDraft
from bot.core.review.entry import Action, ReviewEntry

SENTENCE_LIMIT = 1000
"""Characters of an edited sentence."""


@dataclass(frozen=True, slots=True)
class Decided:
    draft: StoryDraft
    entries: tuple[ReviewEntry, ...]


def approve(draft: StoryDraft, by: Reviewer, now: datetime, *, approvers: int) -> Decided:
    """As it stands. One that was dropped is brought back by it. Nobody approves a text twice."""
    if any(approval.by.member == by.member for approval in draft.approvals):
        if not draft.is_approved(approvers):
            raise InputError(strings.deciding.approved_by_you(draft.id, approvers))
        raise InputError(strings.deciding.approved_already(draft.id))
    entries = [ReviewEntry(action=Action.APPROVED, at=now, by=by, draft=draft.id)]
    if draft.dropped:
        entries.insert(0, ReviewEntry(action=Action.BROUGHT_BACK, at=now, by=by, draft=draft.id))
        draft = replace(draft, dropped=False, revision=draft.revision + 1)
    return Decided(replace(draft, approvals=(*draft.approvals, Approval(by=by, at=now))), tuple(entries))


def edit(draft: StoryDraft, texts: Mapping[int, str], by: Reviewer, now: datetime) -> Decided:
    """These sentences, by their numbers, in other words; `HEADLINE` is the headline. One that was cut comes back so.
    One that says just what it said at first is its outlet's again. What is not changed is no edit."""
    texts = {number: " ".join(text.split()) for number, text in texts.items()}
    before = {number: _text(draft, number) for number in texts}
    changed = {number: text for number, text in texts.items() if text != before[number]}
    for number, text in changed.items():
        _check(number, text)
    if not changed:
        return Decided(draft, ())
    edits = {one.number: one for one in draft.edits}
    for number, text in changed.items():
        if text == _original(draft, number):
            edits.pop(number, None)
        else:
            edits[number] = Edit(number, text)
    entries = tuple(
        ReviewEntry(
            action=Action.EDITED,
            at=now,
            by=by,
            draft=draft.id,
            part=_part(draft, number),
            before=before[number],
            after=text,
        )
        for number, text in sorted(changed.items())
    )
    return Decided(_rewritten(draft, edits), entries)


def cut(draft: StoryDraft, number: int, by: Reviewer, now: datetime) -> Decided:
    """Leave a sentence out."""
    found = _sentence(draft, number)
    if found.claim is None:
        raise InputError(strings.deciding.cut_already(draft.id, number))
    edits = {one.number: one for one in draft.edits} | {number: Edit(number, None)}
    entry = ReviewEntry(
        action=Action.CUT, at=now, by=by, draft=draft.id, part=_part(draft, number), before=found.claim.text
    )
    return Decided(_rewritten(draft, edits), (entry,))


def drop(draft: StoryDraft, reason: str | None, by: Reviewer, now: datetime) -> Decided:
    """Leave the whole story out, wherever this text waits."""
    if draft.dropped:
        raise InputError(strings.deciding.dropped_already(draft.id))
    entry = ReviewEntry(action=Action.DROPPED, at=now, by=by, draft=draft.id, after=reason)
    return Decided(replace(draft, dropped=True, approvals=(), revision=draft.revision + 1), (entry,))


def assign(draft: StoryDraft, to: Reviewer | None, by: Reviewer, now: datetime) -> Decided:
    """Give it to somebody, or (None) to nobody in particular. The text stays as it is, and so do approvals."""
    if draft.assigned == to:
        return Decided(draft, ())
    before = None if draft.assigned is None else draft.assigned.name
    after = None if to is None else to.name
    entry = ReviewEntry(action=Action.ASSIGNED, at=now, by=by, draft=draft.id, before=before, after=after)
    return Decided(replace(draft, assigned=to), (entry,))


def _rewritten(draft: StoryDraft, edits: Mapping[int, Edit]) -> StoryDraft:
    inorder = tuple(edits[number] for number in sorted(edits))
    return replace(draft, edits=inorder, approvals=(), revision=draft.revision + 1)


def _check(number: int, text: str) -> None:
    headline = number == HEADLINE
    most = HEADLINE_LIMIT if headline else SENTENCE_LIMIT
    if not text:
        raise InputError(strings.deciding.says_nothing(headline=headline))
    if len(text) > most:
        raise InputError(strings.deciding.too_long(len(text), most, headline=headline))


def _text(draft: StoryDraft, number: int) -> str | None:
    if number == HEADLINE:
        return draft.analysis.headline
    claim = _sentence(draft, number).claim
    return None if claim is None else claim.text


def _original(draft: StoryDraft, number: int) -> str:
    return draft.original.headline if number == HEADLINE else _sentence(draft, number).original.text


def _sentence(draft: StoryDraft, number: int) -> Numbered:
    found = draft.sentence(number)
    if found is None:
        raise InputError(strings.deciding.no_sentence(draft.id, number, len(draft.sentences)))
    return found


def _part(draft: StoryDraft, number: int) -> str:
    if number == HEADLINE:
        return strings.review.SECTIONS["headline"].lower()
    return strings.review.part(_sentence(draft, number).section.value, number)
