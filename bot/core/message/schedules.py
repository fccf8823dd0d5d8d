"""Schedules as members see them: one, all of them, the next digest of one, and an edit that came too late."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import assert_never

from bot.core import strings
from bot.core.command.invocation import CODE_LIMIT, encode, invocation
from bot.core.delivery import Destination, Digest, Empty, Post, Schedule
from bot.core.errors import InputError
from bot.core.message.digest import digest_document, nothing_new_document
from bot.core.message.document import (
    OPTIONS_LIMIT,
    Actions,
    Block,
    Bullets,
    Button,
    Channel,
    ChoiceEntry,
    Document,
    Entry,
    Field,
    Fields,
    Form,
    Heading,
    Inline,
    Option,
    Prose,
    Text,
    TextEntry,
    Time,
)
from bot.core.message.spoken import spoken
from bot.core.schedule.sentence import sentence
from bot.core.schedule.words import read_when
from bot.core.selection import (
    AlreadyTold,
    Failed,
    Hidden,
    Included,
    NoSuchStory,
    NotRelevant,
    OffDesk,
    OffTopic,
    OverLength,
    OverMaximum,
    Standing,
    Unchanged,
    Unwanted,
)

NONE = "none"
"""What is typed to clear a setting, and so how one that is not set is told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A schedule and how it stands: when it is due next, where it posts, and why nothing arrives there (None: it does).
    `paused` while the community is."""

    schedule: Schedule
    due: datetime
    place: Destination
    refusal: str | None = None
    paused: bool = False


def told_settings(schedule: Schedule, place: str) -> Mapping[str, str]:
    """Every setting by the name that its parameter has, in words that the parameter takes."""
    return {
        "when": sentence(schedule.cron),
        "zone": schedule.zone,
        "name": schedule.name or NONE,
        "place": place,
        "topic": schedule.topic or NONE,
        "desks": ", ".join(schedule.desks) or NONE,
        "least": str(schedule.min_stories),
        "stories": str(schedule.max_stories),
        "words": NONE if schedule.max_words is None else str(schedule.max_words),
        "empty": schedule.empty.value,
        "quiet": NONE if schedule.quiet is None else str(schedule.quiet),
        "engine": schedule.engine,
        "review": "yes" if schedule.review else "no",
        "mention": schedule.mention or NONE,
        "post": schedule.post.value,
    }


def schedule_name(schedule: Schedule) -> str:
    return strings.schedules.schedule_named(schedule.id, schedule.name)


def schedule_document(listed: Listed, title: str) -> Document:
    """One schedule with all its settings, and what can be done with it."""
    schedule = listed.schedule
    settings = told_settings(schedule, listed.place.address)
    facts = [
        Field(strings.schedules.SETTING_NAMES[name], (Text(_shown(name, value)),))
        for name, value in settings.items()
        if value != NONE and name not in ("when", "zone", "place", "name")  # which stand above
    ]
    blocks: tuple[Block, ...] = (
        Heading(title, level=3),
        Prose(tuple(_comes(listed))),
        Fields(tuple(facts)),
        Actions(
            (
                Button(strings.schedules.PREVIEW, invocation("schedule", "preview", schedule=schedule.id)),
                Button(strings.schedules.EDIT, invocation("schedule", "edit", schedule=schedule.id)),
                Button(strings.schedules.REMOVE, invocation("schedule", "remove", schedule=schedule.id), "danger"),
            )
        ),
    )
    return Document(summary=title, blocks=blocks)


def schedules_document(all_: Sequence[Listed]) -> Document:
    """All of a community, with when each is due next."""
    blocks: list[Block] = [Heading(strings.schedules.SCHEDULES)]
    if all_:
        blocks.append(Bullets(tuple(tuple(_line(listed)) for listed in all_)))
    else:
        blocks.append(Prose(spoken(strings.schedules.NO_SCHEDULES)))
    return Document(summary=strings.schedules.SCHEDULES, blocks=tuple(blocks))


def edit_form(schedule: Schedule) -> Form:
    """The settings that change most; the others are said by name."""
    said = told_settings(schedule, "")
    empties = tuple(Option(strings.schedules.EMPTY_OPTIONS[choice], choice) for choice in (Empty.SILENT, Empty.SAY))
    return Form(
        title=strings.schedules.edit_title(schedule.id),
        invoke=invocation("schedule", "edit", schedule=schedule.id, revision=schedule.revision),
        entries=(
            TextEntry(name="when", label=strings.schedules.SETTING_NAMES["when"], value=_readable(schedule), most=200),
            TextEntry(
                name="topic",
                label=strings.schedules.SETTING_NAMES["topic"],
                value=said["topic"],
                hint=strings.schedules.NONE_FOR_ALL,
                required=False,
                most=1000,
            ),
            TextEntry(name="stories", label=strings.schedules.SETTING_NAMES["stories"], value=said["stories"], most=2),
            TextEntry(
                name="quiet",
                label=strings.schedules.SETTING_NAMES["quiet"],
                value=said["quiet"],
                hint=strings.schedules.QUIET_HINT,
                required=False,
                most=20,
            ),
            ChoiceEntry(
                name="empty",
                label=strings.schedules.SETTING_NAMES["empty"],
                options=empties,
                value=schedule.empty.value,
            ),
        ),
        submit=strings.schedules.SAVE,
    )


def setup_form(when: str, zone: str, desks: str, rooms: Mapping[str, str] = MappingProxyType({})) -> Form:
    """Where, when and which desks, with what is proposed; of the `rooms`, where there are any: names by address."""
    said = strings.schedules
    place: Entry = TextEntry(name="place", label=said.SETUP_WHERE, value=strings.schedules.HERE, most=100)
    if rooms:
        options = tuple(Option(name, address) for address, name in list(rooms.items())[:OPTIONS_LIMIT])
        place = ChoiceEntry(name="place", label=said.SETUP_WHERE, options=options, value=options[0].value)
    return Form(
        title=said.SETUP_TITLE,
        invoke=invocation("setup"),
        entries=(
            place,
            TextEntry(name="when", label=said.SETUP_WHEN, value=when, most=200),
            TextEntry(name="zone", label=said.SETUP_ZONE, value=zone, most=60),
            TextEntry(name="desks", label=said.SETUP_DESKS, value=desks, hint=said.SETUP_DESKS_HINT, most=300),
        ),
        submit=said.SET_UP,
    )


def ready_document(made: Document, schedule: Schedule) -> Document:
    """Of the schedule that was just made, which `made` shows: when it comes, and what can be done now."""
    said = strings.schedules
    comes = [block for block in made.blocks if isinstance(block, Prose)][:1]
    blocks: tuple[Block, ...] = (
        Heading(said.SETUP_READY, level=3),
        *comes,
        Prose((Text(said.SETUP_NEXT),)),
        Prose(spoken(said.SETUP_MEMBERS)),
        Actions(
            (
                Button(said.PREVIEW, invocation("schedule", "preview", schedule=schedule.id), "primary"),
                Button(said.POST_NOW, invocation("schedule", "now", schedule=schedule.id)),
                Button(said.EDIT, invocation("schedule", "edit", schedule=schedule.id)),
            )
        ),
    )
    return Document(summary=said.SETUP_READY, blocks=blocks)


def overtaken_document(
    stands: Schedule, place: str, mine: Schedule, my_place: str, written: Collection[str]
) -> Document:
    """Somebody changed the schedule since this member began: what stands, what they wrote, and both ways on. `written`
    are the names of the settings that `mine` has of their own."""
    now, then = told_settings(stands, place), told_settings(mine, my_place)
    differing = [name for name in then if name in written and then[name] != now[name]]
    title = strings.schedules.overtaken(schedule_name(stands))
    blocks: list[Block] = [Heading(title, level=3)]
    actions = [Button(strings.schedules.EDIT_AGAIN, invocation("schedule", "edit", schedule=stands.id))]
    if differing:
        blocks.append(Prose((Text(strings.schedules.OVERTAKEN_MEANS),)))
        lines = ((name, strings.schedules.stands_and_wrote(now[name], then[name])) for name in differing)
        blocks.append(
            Bullets(tuple((Text(f"{strings.schedules.SETTING_NAMES[n]}: ", "strong"), Text(said)) for n, said in lines))
        )
        said = {name: _readable(mine) if name == "when" else then[name] for name in differing}
        save = invocation("schedule", "edit", schedule=stands.id, revision=stands.revision, **said)
        if len(encode(save)) <= CODE_LIMIT:
            actions.insert(0, Button(strings.schedules.SAVE_MINE, save, "primary"))
        else:
            words = " ".join(f'{name}:"{value}"' if " " in value else f"{name}:{value}" for name, value in said.items())
            typed = f"schedule edit {stands.id} {words}"
            blocks.append(Prose((Text(strings.schedules.TO_SAVE_MINE), Text(typed, "strong"))))
    else:
        blocks.append(Prose((Text(strings.schedules.SAME_EDIT),)))
    return Document(summary=title, blocks=(*blocks, Actions(tuple(actions))))


def preview_document(listed: Listed, digest: Digest, *, enough: bool) -> Document:
    """The next digest as it would be now."""
    opening: list[Block] = [Prose(tuple(_due(listed)), role="note")]
    shown = digest_document(digest) if enough else nothing_new_document(listed.schedule, digest)
    title = strings.schedules.preview_of(schedule_name(listed.schedule))
    return Document(summary=title, blocks=(Heading(title, level=3), *opening, *shown.blocks))


def standing_document(listed: Listed, headline: str | None, standing: Standing) -> Document:
    """Where one story stands in the next digest."""
    title = strings.schedules.standing_of(headline)
    blocks = (
        Heading(title, level=3),
        Prose(tuple(_why(standing))),
        Prose(tuple(_due(listed)), role="note"),
    )
    return Document(summary=title, blocks=blocks)


# --- lines ------------------------------------------------------------------------------------------------------


def _line(listed: Listed) -> Iterator[Inline]:
    schedule = listed.schedule
    yield Text(f"{schedule_name(schedule)}: ", "strong")
    yield from _comes(listed)
    remarks = []
    if schedule.topic:
        remarks.append(strings.schedules.on_topic(schedule.topic))
    if schedule.desks:
        remarks.append(strings.schedules.of_desks(schedule.desks))
    if schedule.review:
        remarks.append(strings.schedules.AN_EDITOR_PASSES)
    if schedule.post is not Post.MESSAGE:
        remarks.append(strings.schedules.as_post(schedule.post.value))
    yield from (Text(f" · {remark}", "quiet") for remark in remarks)


def _comes(listed: Listed) -> Iterator[Inline]:
    """When and where, and whether anything stands against it."""
    yield Text(strings.schedules.comes(sentence(listed.schedule.cron), listed.schedule.zone))
    yield Text(strings.schedules.NEXT)
    yield Time(listed.due, "datetime")
    yield Text(strings.schedules.POSTS_TO, "quiet")
    yield Channel(listed.place.platform, listed.place.address)
    if listed.paused:
        yield Text(f" · {strings.schedules.PAUSED_NOW}", "strong")
    if listed.refusal is not None:
        yield Text(f" · {strings.schedules.cannot_post(listed.refusal)}", "strong")


def _due(listed: Listed) -> Iterator[Inline]:
    yield Text(strings.schedules.DUE_ON)
    yield Time(listed.due, "datetime")
    yield Text(strings.schedules.AS_IT_WOULD_BE)
    if listed.paused:
        yield Text(f" {strings.schedules.PAUSED_NOW_MEANS}")
    if listed.refusal is not None:
        yield Text(f" {strings.schedules.cannot_post(listed.refusal)}")


def _why(standing: Standing) -> Iterator[Inline]:
    match standing:
        case Included(place=place, update=update):
            yield Text(strings.schedules.is_in(place, update=update))
        case NoSuchStory():
            yield Text(strings.schedules.NO_SUCH_STORY)
        case Hidden():
            yield from spoken(strings.schedules.HIDDEN_HERE)
        case NotRelevant(relevance=relevance, least=least):
            yield Text(strings.schedules.not_relevant(relevance, least))
        case Unwanted(reasons=reasons):
            yield Text(strings.schedules.unwanted(reasons))
        case OffDesk(desks=desks):
            yield Text(strings.schedules.off_desk(desks))
        case OffTopic(topic=topic):
            yield Text(strings.schedules.off_topic(topic))
        case AlreadyTold(at=at):
            yield Text(strings.schedules.TOLD_BEFORE)
            yield Time(at, "datetime")
            yield Text(strings.schedules.NOT_MOVED)
        case Unchanged(since=since):
            yield Text(strings.schedules.NOT_NEW)
            yield Time(since, "datetime")
            yield Text(strings.schedules.NOT_NEW_END)
        case OverMaximum(place=place, of=of, most=most):
            yield Text(strings.schedules.over_maximum(place, of, most))
        case OverLength(words=words, left=left, most=most):
            yield Text(strings.schedules.over_length(words, left, most))
        case Failed():
            yield Text(strings.schedules.ENGINE_FAILED)
        case _:
            assert_never(standing)


def _readable(schedule: Schedule) -> str:
    """The sentence where it reads as the same cron, else cron itself: a sentence in another language is not read."""
    said = sentence(schedule.cron)
    try:
        return said if read_when(said).cron == schedule.cron else schedule.cron
    except InputError:
        return schedule.cron


def _shown(name: str, value: str) -> str:
    """A setting's value: a word of ours in the reader's language, and anything else as it was typed."""
    return strings.schedules.VALUES[value] if name in ("empty", "review", "post") else value
