"""How a community is set up, who changed what, and what is stored about a member."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.core.choices import Choices
from bot.core.community_settings import Change, CommunitySettings
from bot.core.message import strings
from bot.core.message.document import Block, Bullets, Document, Field, Fields, Heading, Inline, Prose, Text, Time
from bot.core.review import strings as review


def settings_document(settings: CommunitySettings, choices: Choices, zone: str, now: datetime) -> Document:
    """`zone` is the installation's, which holds where none is set."""
    posting: tuple[Inline, ...] = (Text(strings.GOING_ON),)
    if settings.is_paused(now):
        until = settings.paused_until
        posting = (
            (Text(strings.paused(None)),) if until is None else (Text(strings.PAUSED_UNTIL), Time(until, "datetime"))
        )
    fields = (
        Field(strings.POSTING, posting),
        Field(strings.ZONE, (Text(settings.zone or strings.installations(zone)),)),
        Field(strings.NOTICES, (Text(settings.notices or strings.OLDEST_SCHEDULES_PLACE),)),
        Field(review.REVIEW_PLACE, (Text(settings.review or review.WHERE_NOTICES_GO),)),
        Field(review.REVIEW_APPROVERS, (Text(review.one_each(settings.approvers)),)),
        Field(review.REVIEW_TIME, (Text(_review_time(settings)),)),
        Field(strings.DESKS_OFF, (Text(", ".join(sorted(choices.desks_off)) or strings.NONE),)),
        Field(strings.OUTLETS_HIDDEN, (Text(", ".join(sorted(choices.hidden)) or strings.NONE),)),
    )
    return Document(summary=strings.SETTINGS, blocks=(Heading(strings.SETTINGS), Fields(fields)))


def _review_time(settings: CommunitySettings) -> str:
    patience = settings.review_patience
    return review.HOLDS if patience is None else review.patience(strings.length(patience))


def history_document(changes: Sequence[Change]) -> Document:
    """The newest first."""
    blocks: list[Block] = [Heading(strings.HISTORY)]
    if changes:
        blocks.append(Bullets(tuple(_change(change) for change in changes)))
    else:
        blocks.append(Prose((Text(strings.NOTHING_CHANGED),)))
    return Document(summary=strings.HISTORY, blocks=tuple(blocks))


def stored_document(name: str, lines: Sequence[str]) -> Document:
    """What is stored about the member of that name here."""
    title = strings.stored_about(name)
    blocks: list[Block] = [Heading(title)]
    blocks.append(Bullets(tuple((Text(line),) for line in lines)) if lines else Prose((Text(strings.NOTHING_STORED),)))
    blocks.append(Prose((Text(strings.STORED_ELSEWHERE),), role="note"))
    return Document(summary=title, blocks=tuple(blocks))


def _change(change: Change) -> tuple[Inline, ...]:
    return (
        Time(change.at, "datetime"),
        Text(f" · {change.by or strings.SOMEBODY} · ", "quiet"),
        Text(change.what, "strong"),
        Text(f": {strings.from_to(change.before, change.after)}"),
    )
