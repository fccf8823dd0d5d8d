"""How a community is set up, who changed what, and what is stored about a member."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.core import strings
from bot.core.choices import Choices
from bot.core.community_settings import Change, CommunitySettings
from bot.core.message.document import (
    Block,
    Bullets,
    Channel,
    Document,
    Field,
    Fields,
    Heading,
    Inline,
    Prose,
    Text,
    Time,
)
from bot.core.message.spoken import spoken

PLACES = frozenset({"notices", "review"})
"""Settings whose values are addresses, by their names."""


def settings_document(
    settings: CommunitySettings, choices: Choices, zone: str, now: datetime, platform: str
) -> Document:
    """`zone` is the installation's, which holds where none is set; `platform` is whose addresses its places are."""
    posting: tuple[Inline, ...] = (Text(strings.community.GOING_ON),)
    if settings.is_paused(now):
        until = settings.paused_until
        posting = (
            (Text(strings.community.paused(None)),)
            if until is None
            else (Text(strings.community.PAUSED_UNTIL), Time(until, "datetime"))
        )
    fields = (
        Field(strings.community.POSTING, posting),
        Field(strings.community.ZONE, (Text(settings.zone or strings.community.installations(zone)),)),
        Field(strings.community.NOTICES, _place(platform, settings.notices, strings.community.OLDEST_SCHEDULES_PLACE)),
        Field(strings.review.REVIEW_PLACE, _place(platform, settings.review, strings.review.WHERE_NOTICES_GO)),
        Field(strings.review.REVIEW_APPROVERS, (Text(strings.review.one_each(settings.approvers)),)),
        Field(strings.review.REVIEW_TIME, (Text(_review_time(settings)),)),
        Field(strings.community.DESKS_OFF, (Text(", ".join(sorted(choices.desks_off)) or strings.community.NONE),)),
        Field(strings.community.OUTLETS_HIDDEN, (Text(", ".join(sorted(choices.hidden)) or strings.community.NONE),)),
    )
    return Document(summary=strings.community.SETTINGS, blocks=(Heading(strings.community.SETTINGS), Fields(fields)))


def _review_time(settings: CommunitySettings) -> str:
    patience = settings.review_patience
    return strings.review.HOLDS if patience is None else strings.review.patience(strings.community.length(patience))


def setting_document(name: str, value: str | None, platform: str) -> Document:
    """What a setting is, now that it was changed."""
    if name not in PLACES or value is None:
        title = strings.community.setting_is(name, value)
        return Document(summary=title, blocks=(Heading(title),))
    title = strings.community.goes_here(name)
    return Document(summary=title, blocks=(Heading(title), Prose((Channel(platform, value),))))


def history_document(changes: Sequence[Change], platform: str) -> Document:
    """The newest first."""
    blocks: list[Block] = [Heading(strings.community.HISTORY)]
    if changes:
        blocks.append(Bullets(tuple(_change(change, platform) for change in changes)))
    else:
        blocks.append(Prose((Text(strings.community.NOTHING_CHANGED),)))
    return Document(summary=strings.community.HISTORY, blocks=tuple(blocks))


def stored_document(name: str, lines: Sequence[str]) -> Document:
    """What is stored about the member of that name here."""
    title = strings.community.stored_about(name)
    blocks: list[Block] = [Heading(title)]
    blocks.append(Bullets(tuple(map(spoken, lines))) if lines else Prose((Text(strings.community.NOTHING_STORED),)))
    blocks.append(Prose((Text(strings.community.STORED_ELSEWHERE),), role="note"))
    return Document(summary=title, blocks=tuple(blocks))


def _place(platform: str, address: str | None, otherwise: str) -> tuple[Inline, ...]:
    return (Text(otherwise),) if address is None else (Channel(platform, address),)


def _change(change: Change, platform: str) -> tuple[Inline, ...]:
    return (
        Time(change.at, "datetime"),
        Text(f" · {change.by or strings.community.SOMEBODY} · ", "quiet"),
        Text(change.what, "strong"),
        *_from_to(change, platform),
    )


def _from_to(change: Change, platform: str) -> tuple[Inline, ...]:
    if change.what not in PLACES and not change.what.endswith(strings.schedules.CHANGED_PLACE):
        return (Text(f": {strings.community.from_to(change.before, change.after)}"),)
    before = () if change.before is None else (Channel(platform, change.before), Text(strings.community.BECAME))
    after = Text(strings.community.REMOVED) if change.after is None else Channel(platform, change.after)
    return (Text(": "), *before, after)
