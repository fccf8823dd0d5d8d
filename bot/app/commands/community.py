"""`settings`, `pause`, `resume` and `privacy`: how this community is set up, and what is stored about a member."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.app.commands.asked import Asked, Completing, Completion, Handler
from bot.app.commands.pages import page_of
from bot.app.commands.record import note
from bot.app.forgetting import forget_member
from bot.app.ports import Clock, Database
from bot.app.review import look_again
from bot.core import strings
from bot.core.command.invocation import invocation
from bot.core.command.suggestion import nearest
from bot.core.community import MemberId, Role
from bot.core.community_settings import CommunitySettings
from bot.core.duration import parse_duration
from bot.core.errors import InputError
from bot.core.message.community import history_document, setting_document, settings_document, stored_document
from bot.core.message.document import Actions, Answer, Button, Document, Reply
from bot.core.message.notice import notice_document
from bot.core.schedule.zones import zone_named, zone_names, zones_like

SHOWN = 200
"""Changes that the history shows."""
NONE = "none"
"""What clears a setting."""
HOLD = "hold"
"""What lets a draft wait for an editor however long."""
MOST_APPROVERS = 5
LEAST_REVIEW_TIME = timedelta(minutes=15)


class CommunityCommands:
    """`zone` is the installation's own, where a community has set none."""

    def __init__(self, database: Database, clock: Clock, zone: str) -> None:
        self._database = database
        self._clock = clock
        self._zone = zone

    def handlers(self) -> Mapping[tuple[str, ...], Handler]:
        return {
            ("settings", "show"): self.show,
            ("settings", "set"): self.set,
            ("settings", "history"): self.history,
            ("settings", "role"): self.role,
            ("pause",): self.pause,
            ("resume",): self.resume,
            ("privacy", "show"): self.stored,
            ("privacy", "purge"): self.purge,
        }

    async def show(self, asked: Asked) -> Answer:
        async with self._database.read() as tx:
            settings = await tx.settings.of(asked.community)
            choices = await tx.preferences.of(asked.community)
        return Reply(document=settings_document(settings, choices, self._zone, self._clock.now(), asked.place.platform))

    async def set(self, asked: Asked) -> Answer:
        name, said = asked.arguments.needed("setting"), asked.arguments.needed("value")
        field, read = SETTINGS[name]
        value = read(asked, said)
        async with self._database.begin() as tx:
            before = _shown(getattr(await tx.settings.of(asked.community), field))
            after = _shown(getattr(await tx.settings.set(asked.community, **{field: value}), field))
            await note(tx, asked, self._clock.now(), name, before, after)
            if field in RULES_OF_REVIEW:
                await look_again(tx, asked.community)
        return Reply(document=setting_document(name, after, asked.place.platform))

    async def history(self, asked: Asked) -> Answer:
        async with self._database.read() as tx:
            changes = await tx.changes.of(asked.community, limit=SHOWN)
        return page_of(asked, history_document(changes, asked.place.platform))

    async def role(self, asked: Asked) -> Answer:
        member = MemberId(asked.arguments.needed("member"))
        role = Role[asked.arguments.needed("role").upper()]
        if member == asked.member.id and role < Role.MANAGER:
            raise InputError(strings.community.NOT_YOUR_OWN_ROLE)
        async with self._database.begin() as tx:
            before = await tx.communities.role(asked.community, member)
            await tx.communities.set_role(asked.community, member, role)
            what = strings.community.changed_role(member)
            await note(tx, asked, self._clock.now(), what, before.name.lower(), role.name.lower())
        return Reply(document=notice_document(strings.community.role_is(member, role.name.lower()), []))

    async def pause(self, asked: Asked) -> Answer:
        span, now = asked.arguments.span("span"), self._clock.now()
        until = None if span is None else now + span
        await self._pause(asked, paused=True, until=until, now=now)
        when = None if until is None else strings.dates.moment(until.astimezone(await self._zone_of(asked)))
        resume = Actions((Button(strings.community.RESUME, invocation("resume")),))
        said = notice_document(strings.community.paused(when), [strings.community.PAUSED_MEANS])
        return Reply(document=Document(said.summary, (*said.blocks, resume)))

    async def resume(self, asked: Asked) -> Answer:
        await self._pause(asked, paused=False, until=None, now=self._clock.now())
        return Reply(document=notice_document(strings.community.RESUMED, []))

    async def stored(self, asked: Asked) -> Answer:
        async with self._database.read() as tx:
            role = await tx.communities.role(asked.community, asked.member.id)
            changes = await tx.changes.count_by(asked.community, asked.member.id)
            watches = await tx.watches.count(asked.community, asked.member.id)
            schedules = [one.id for one in await tx.schedules.of(asked.community) if one.created_by == asked.member.id]
            entries = await tx.reviews.count_by(asked.community, asked.member.id)
        lines = [strings.community.stored_role(role.name.lower())] if role > Role.MEMBER else []
        lines += [strings.community.stored_changes(changes)] if changes else []
        lines += [strings.community.stored_schedules(schedules)] if schedules else []
        lines += [strings.watching.stored_watches(watches)] if watches else []
        lines += [strings.review.stored(entries)] if entries else []
        return Reply(document=stored_document(asked.member.name, lines), private=True)

    async def purge(self, asked: Asked) -> Answer:
        if not asked.arguments.switch("confirm"):
            really = Button(strings.community.PURGE, invocation("privacy", "purge", confirm="yes"), "danger")
            ask = notice_document(strings.community.PURGE_ASK, [strings.community.PURGE_MEANS])
            return Reply(document=Document(ask.summary, (*ask.blocks, Actions((really,)))), private=True)
        async with self._database.begin() as tx:
            await forget_member(tx, asked.community, asked.member.id)
        return Reply(document=notice_document(strings.community.PURGED, []), private=True)

    async def zones_named(self, completing: Completing) -> list[Completion]:
        found = zones_like(completing.typed) or nearest(completing.typed, zone_names())
        return [Completion(zone, zone) for zone in found]

    async def _pause(self, asked: Asked, *, paused: bool, until: datetime | None, now: datetime) -> None:
        async with self._database.begin() as tx:
            before = await tx.settings.of(asked.community)
            after = await tx.settings.set(asked.community, paused=paused, paused_until=until)
            await note(tx, asked, now, strings.community.CHANGED_PAUSE, _standing(before, now), _standing(after, now))

    async def _zone_of(self, asked: Asked) -> ZoneInfo:
        async with self._database.read() as tx:
            return ZoneInfo((await tx.settings.of(asked.community)).zone or self._zone)


def _standing(settings: CommunitySettings, now: datetime) -> str:
    if not settings.is_paused(now):
        return strings.community.GOING_ON
    until = settings.paused_until
    return strings.community.paused(None if until is None else strings.dates.moment(until.astimezone(UTC)))


def _zone(_asked: Asked, said: str) -> str | None:
    return None if said.casefold() == NONE else zone_named(said)


def _notices(asked: Asked, said: str) -> str | None:
    if said.casefold() == NONE:
        return None
    if said.casefold() == "here":
        return asked.place.address
    raise InputError(strings.community.NOTICES_GO)


def _review(asked: Asked, said: str) -> str | None:
    if said.casefold() == NONE:
        return None
    if said.casefold() == "here":
        return asked.place.address
    raise InputError(strings.community.REVIEW_GOES)


def _approvers(_asked: Asked, said: str) -> int:
    if said.isascii() and said.isdecimal() and 1 <= int(said) <= MOST_APPROVERS:
        return int(said)
    raise InputError(strings.community.no_approvers(said, MOST_APPROVERS))


def _review_time(_asked: Asked, said: str) -> timedelta | None:
    if said.casefold() in (NONE, HOLD):
        return None
    try:
        span = parse_duration(said)
    except ValueError as error:
        raise InputError(strings.community.or_hold(str(error), HOLD)) from None
    if span < LEAST_REVIEW_TIME:
        raise InputError(strings.community.too_little_time(said, LEAST_REVIEW_TIME, HOLD))
    return span


def _shown(value: str | int | timedelta | None) -> str | None:
    return strings.community.length(value) if isinstance(value, timedelta) else None if value is None else str(value)


SETTINGS: Mapping[str, tuple[str, Callable[[Asked, str], Any]]] = {
    "zone": ("zone", _zone),
    "notices": ("notices", _notices),
    "review": ("review", _review),
    "approvers": ("approvers", _approvers),
    "review-time": ("review_patience", _review_time),
}
"""The field of `CommunitySettings` that each is, and what reads it."""
RULES_OF_REVIEW = frozenset({"approvers", "review_patience"})
