"""`schedule`: digests on time, made, listed, looked at ahead, changed and removed.

Two managers may edit one schedule at once. A line is read and written in one transaction; a form remembers the revision
that it showed, and where that stands no more its sender is told what does, with what they wrote beside it.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from bot.app.analyses import Analyses
from bot.app.commands.asked import Asked, Completing, Completion, Handler
from bot.app.commands.pages import page_of
from bot.app.commands.record import note
from bot.app.compose import keep
from bot.app.drafting import Drafting
from bot.app.ports import Clock, Database, Transaction
from bot.app.subject import find_story
from bot.core import strings
from bot.core.catalogue import Desk
from bot.core.choices import named
from bot.core.command.suggestion import did_you_mean
from bot.core.community import CommunityId
from bot.core.delivery import Empty, Post, Schedule, ScheduleId
from bot.core.errors import InputError
from bot.core.message.document import Answer, Ask, Reply
from bot.core.message.notice import notice_document
from bot.core.message.schedules import (
    NONE,
    Listed,
    edit_form,
    overtaken_document,
    preview_document,
    schedule_document,
    schedule_name,
    schedules_document,
    standing_document,
    told_settings,
)
from bot.core.schedule.quiet import read_quiet
from bot.core.schedule.words import read_when
from bot.core.schedule.zones import zone_named
from bot.core.topic import Topics

MOST = 50
"""Schedules of one community."""
WORDS = (100, 10_000)
"""Fewest and most that a digest may be kept to."""
SETTINGS = (
    *("when", "zone", "name", "place", "topic", "desks", "least", "stories", "words", "empty", "quiet", "engine"),
    *("review", "mention", "post"),
)

_ROLE = re.compile(r"(?:<@&|<!subteam\^)?(?P<id>[A-Za-z0-9_-]{1,40})(?:\|[^>]*)?>?")
_EVERYBODY = frozenset({"everyone", "here", "channel", "all"})


class Schedules:
    """`zone` is the installation's, for communities that have set none."""

    def __init__(
        self,
        database: Database,
        drafting: Drafting,
        analyses: Analyses,
        topics: Topics,
        clock: Clock,
        zone: str,
    ) -> None:
        self._database = database
        self._drafting = drafting
        self._analyses = analyses
        self._topics = topics
        self._clock = clock
        self._zone = zone

    def handlers(self) -> Mapping[tuple[str, ...], Handler]:
        return {
            ("schedule", "add"): self.add,
            ("schedule", "list"): self.listed,
            ("schedule", "preview"): self.preview,
            ("schedule", "now"): self.now,
            ("schedule", "edit"): self.edit,
            ("schedule", "remove"): self.remove,
        }

    async def add(self, asked: Asked) -> Answer:
        await self._make_ready(asked)
        now = self._clock.now()
        async with self._database.begin() as tx:
            there = await tx.schedules.of(asked.community)
            if len(there) >= MOST:
                raise InputError(strings.schedules.too_many(MOST))
            zone = (await tx.settings.of(asked.community)).zone or self._zone
            here = await tx.schedules.destination(asked.community, asked.place.platform, asked.place.address)
            blank = Schedule(id=ScheduleId(0), community=asked.community, destination=here.id, cron="", zone=zone)
            wanted = replace(await self._with(tx, asked, blank), created_by=asked.member.id)
            number = await tx.schedules.add(wanted, due=wanted.next_slot(now))
            made = replace(wanted, id=number)
            listed = await _listed(tx, made, now)
            said = told_settings(made, listed.place.address)["when"]
            await note(tx, asked, now, strings.schedules.changed_schedule(number), None, f"{said}, {made.zone}")
        return Reply(document=schedule_document(listed, strings.schedules.schedule_made(schedule_name(made))))

    async def listed(self, asked: Asked) -> Answer:
        now = self._clock.now()
        async with self._database.read() as tx:
            schedules = await tx.schedules.of(asked.community)
            listed = [await _listed(tx, schedule, now) for schedule in schedules]
        return Reply(document=schedules_document(sorted(listed, key=lambda one: (one.due, one.schedule.id))))

    async def preview(self, asked: Asked) -> Answer:
        now = self._clock.now()
        expected = asked.arguments.text("story")
        async with self._database.read() as tx:
            schedule = await _schedule(tx, asked)
            listed = await _listed(tx, schedule, now)
            story = None if expected is None else await find_story(tx, asked.community, expected)
        await asked.tell(notice_document(strings.reading.THINKING, []))
        draft = await self._drafting.draft(schedule, now)
        if story is not None:
            standing = await self._drafting.standing(schedule, draft, story)
            async with self._database.read() as tx:
                coverage = await tx.stories.get(asked.community, story)
            headline = None if coverage is None else coverage.members[0].article.title
            return Reply(document=standing_document(listed, headline, standing))
        return page_of(asked, preview_document(listed, draft.digest, enough=draft.enough))

    async def now(self, asked: Asked) -> Answer:
        """The slot is this very moment; what it tells counts as told, as with any other."""
        now = self._clock.now()
        async with self._database.read() as tx:
            schedule = await _schedule(tx, asked)
            if (await tx.settings.of(asked.community)).is_paused(now):
                raise InputError(strings.schedules.PAUSED_HERE)
        await asked.tell(notice_document(strings.reading.THINKING, []))
        draft = await self._drafting.draft(schedule, now)
        if not draft.enough:
            said = strings.digest.waits(len(draft.digest.analyses), schedule.min_stories)
            said = said if draft.digest.analyses else strings.digest.NOTHING_NEW
            return Reply(document=notice_document(strings.schedules.nothing_posted(schedule_name(schedule)), [said]))
        async with self._database.begin() as tx:
            await keep(tx, schedule, now, draft)
        lines = [strings.schedules.EDITOR_FIRST] if schedule.review else []
        return Reply(document=notice_document(strings.schedules.posted_now(schedule_name(schedule)), lines))

    async def edit(self, asked: Asked) -> Answer:
        if not any(name in asked.arguments for name in SETTINGS):
            async with self._database.read() as tx:
                return Ask(edit_form(await _schedule(tx, asked)))
        await self._make_ready(asked)
        now = self._clock.now()
        seen = asked.arguments.number("revision")
        async with self._database.begin() as tx:
            before = await _schedule(tx, asked)
            place = await _place(tx, before)
            wanted = await self._with(tx, asked, before)
            was = told_settings(before, place)
            if seen is not None and seen != before.revision:
                written = [name for name in SETTINGS if name in asked.arguments]
                return Reply(document=overtaken_document(before, place, wanted, await _place(tx, wanted), written))
            is_ = told_settings(wanted, await _place(tx, wanted))
            changed = [name for name in SETTINGS if was[name] != is_[name]]
            if changed:
                wanted = replace(wanted, created_by=before.created_by or asked.member.id)
                if not await tx.schedules.change(wanted, due=wanted.next_slot(now)):
                    raise InputError(strings.schedules.changed_meanwhile(schedule_name(before)))
                wanted = replace(wanted, revision=before.revision + 1)
            for name in changed:
                what = strings.schedules.changed_schedule(before.id, strings.schedules.SETTING_NAMES[name].lower())
                await note(tx, asked, now, what, was[name], is_[name])
            listed = await _listed(tx, wanted, now)
        title = strings.schedules.schedule_changed if changed else strings.schedules.schedule_same
        return Reply(document=schedule_document(listed, title(schedule_name(wanted))))

    async def remove(self, asked: Asked) -> Answer:
        async with self._database.begin() as tx:
            schedule = await _schedule(tx, asked)
            await tx.schedules.remove(asked.community, schedule.id)
            said = told_settings(schedule, "")["when"]
            what = strings.schedules.changed_schedule(schedule.id)
            await note(tx, asked, self._clock.now(), what, f"{said}, {schedule.zone}", None)
        title = strings.schedules.schedule_removed(schedule_name(schedule))
        return Reply(document=notice_document(title, [strings.schedules.REMOVED_MEANS]))

    # --- names ------------------------------------------------------------------------------------------------

    async def schedules_named(self, completing: Completing) -> list[Completion]:
        async with self._database.read() as tx:
            schedules = await tx.schedules.of(completing.community)
        labelled = [
            Completion(f"{one.id}: {one.name or told_settings(one, '')['when']}"[:100], str(one.id))
            for one in schedules
        ]
        typed = completing.typed.casefold().strip()
        return [one for one in labelled if typed in one.label.casefold()]

    async def engines_named(self, completing: Completing) -> list[Completion]:
        typed = completing.typed.casefold().strip()
        return [Completion(name, name) for name in self._analyses.engines if typed in name.casefold()]

    # --- settings ---------------------------------------------------------------------------------------------

    async def _make_ready(self, asked: Asked) -> None:
        """Packs are read from disk once: not within a transaction, and not in the event loop."""
        if "topic" in asked.arguments:
            await asyncio.to_thread(self._topics.packs)

    async def _with(self, tx: Transaction, asked: Asked, schedule: Schedule) -> Schedule:
        """The schedule with what was said. Raises InputError for what makes no sense."""
        given = asked.arguments
        read: dict[str, Callable[[str], dict[str, Any]]] = {
            "when": lambda said: {"cron": read_when(said).cron},
            "zone": lambda said: {"zone": zone_named(said)},
            "topic": lambda said: {"topic": self._topic(said)},
            "empty": lambda said: {"empty": Empty(said)},
            "quiet": lambda said: {"quiet": None if _is_none(said) else read_quiet(said)},
            "engine": lambda said: {"engine": named(said, self._analyses.engines, "engine")},
            "words": lambda said: {"max_words": None if _is_none(said) else _words(said)},
            "mention": lambda said: {"mention": None if _is_none(said) else _role(asked.community, said)},
            "post": lambda said: {"post": Post(said)},
        }
        values: dict[str, Any] = {}
        for name, reader in read.items():
            if (said := given.text(name)) is not None:
                values |= reader(said)
        for name, field in (("least", "min_stories"), ("stories", "max_stories")):
            if (number := given.number(name)) is not None:
                values[field] = number
        if (review := given.switch("review")) is not None:
            values["review"] = review
        if (desks := given.text("desks")) is not None:
            values["desks"] = () if _is_none(desks) else await _desks(tx, asked.community, desks)
        if (name_ := given.text("name")) is not None:
            values["name"] = "" if _is_none(name_) else await _free_name(tx, schedule, name_)
        if (address := given.text("place")) is not None:
            where = asked.place.address if address.casefold() == "here" else address
            values["destination"] = (await tx.schedules.destination(asked.community, asked.place.platform, where)).id
        wanted = replace(schedule, **values)
        if wanted.min_stories > wanted.max_stories:
            raise InputError(strings.schedules.least_over_most(wanted.min_stories, wanted.max_stories))
        return wanted

    def _topic(self, said: str) -> str | None:
        if _is_none(said):
            return None
        self._topics.read(said)
        return said


def _is_none(said: str) -> bool:
    return said.casefold() == NONE


def _words(said: str) -> int:
    fewest, most = WORDS
    if said.isascii() and said.isdecimal() and fewest <= (count := int(said)) <= most:
        return count
    raise InputError(strings.schedules.no_words(said, fewest, most))


def _role(community: CommunityId, said: str) -> str:
    """The platform's id of a role; never one that is everybody."""
    found = _ROLE.fullmatch(said)
    native = community.partition(":")[2]
    if found is None or found["id"].casefold() in _EVERYBODY or found["id"] == native:
        raise InputError(strings.schedules.no_mention(said))
    return found["id"]


async def _desks(tx: Transaction, community: CommunityId, said: str) -> tuple[str, ...]:
    known = {feed.desk for feed in await tx.feeds.visible(community) if feed.desk} | {each.value for each in Desk}
    return tuple(dict.fromkeys(named(part.strip(), known, "desk") for part in said.split(",") if part.strip()))


async def _free_name(tx: Transaction, schedule: Schedule, name: str) -> str:
    said = " ".join(name.split())
    if said.removeprefix("#").isdecimal():
        raise InputError(strings.document.name_like_number(said))
    for other in await tx.schedules.of(schedule.community):
        if other.id != schedule.id and other.name.casefold() == said.casefold():
            raise InputError(strings.schedules.name_taken(other.id, other.name))
    return said


async def _schedule(tx: Transaction, asked: Asked) -> Schedule:
    """By its number or name. Raises InputError where there is none."""
    said = " ".join(asked.arguments.needed("schedule").split())
    schedules = await tx.schedules.of(asked.community)
    digits = said.removeprefix("#")
    by_number = {str(schedule.id): schedule for schedule in schedules}
    by_name = {schedule.name.casefold(): schedule for schedule in schedules if schedule.name}
    if found := by_number.get(digits.lstrip("0") or digits) or by_name.get(said.casefold()):
        return found
    hint = did_you_mean(said, [schedule.name for schedule in schedules if schedule.name])
    raise InputError(strings.schedules.no_schedule(said, hint, [schedule.id for schedule in schedules]))


async def _place(tx: Transaction, schedule: Schedule) -> str:
    destination = await tx.schedules.get_destination(schedule.community, schedule.destination)
    assert destination is not None
    return destination.address


async def _listed(tx: Transaction, schedule: Schedule, now: datetime) -> Listed:
    destination = await tx.schedules.get_destination(schedule.community, schedule.destination)
    assert destination is not None
    refusals = await tx.deliveries.refusals(schedule.community)
    return Listed(
        schedule=schedule,
        due=schedule.next_slot(now),
        place=destination,
        refusal=refusals.get(destination.id),
        paused=(await tx.settings.of(schedule.community)).is_paused(now),
    )
