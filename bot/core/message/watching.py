"""Watches as members see them: one, all of theirs, what a query would have sent, and the packs' names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.core import strings
from bot.core.command.invocation import CODE_LIMIT, Invocation, encode, invocation
from bot.core.message.document import (
    ENTRY_LIMIT,
    Action,
    Actions,
    Block,
    Bullets,
    Button,
    ChoiceEntry,
    Document,
    Field,
    Fields,
    Form,
    Heading,
    Inline,
    Link,
    Option,
    Pager,
    Prose,
    Select,
    Text,
    TextEntry,
    Time,
)
from bot.core.watch.pack import Entry, Kind
from bot.core.watch.report import StoryReport
from bot.core.watch.watch import Rhythm, Watch

NONE = "none"
"""What clears a name or a note."""
EXAMPLES = 3
QUERY_SHOWN = 200
ENTRIES = 12
"""Entries of packs on a page, with a button each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A watch and what it is called for people: its story's headline where it follows one. `refusal` is why nothing can
    be posted where it tells."""

    watch: Watch
    headline: str | None = None
    refusal: str | None = None


def watch_document(watch: Watch, title: str, *, before: Sequence[Block] = (), after: Sequence[str] = ()) -> Document:
    """One watch with its settings and what can be done with it. `before` is shown under its title, `after` below."""
    facts = [
        Field(strings.watching.LOOKS_FOR, (Text(watch.query),)),
        Field(strings.watching.TOLD, (Text(strings.watching.rhythm(watch.rhythm)),)),
        Field(
            strings.watching.TOLD_TO, (Text(strings.watching.TO_YOU if watch.private else strings.watching.TO_CHANNEL),)
        ),
    ]
    if watch.note:
        facts.append(Field(strings.watching.WHY_WATCHED, (Text(watch.note),)))
    if watch.everything:
        facts.append(Field(strings.watching.ALSO, (Text(strings.watching.EVERYTHING),)))
    blocks: tuple[Block, ...] = (
        Heading(title, level=3),
        *before,
        Fields(tuple(facts)),
        *(Prose((Text(line),), role="note") for line in after),
        Actions(
            (
                Button(strings.watching.TRY, invocation("watch", "test", query=watch.id)),
                Button(strings.schedules.EDIT, invocation("watch", "edit", watch=watch.id)),
                Button(strings.alert.REMOVE_WATCH, invocation("watch", "remove", watch=watch.id), "danger"),
            )
        ),
    )
    return Document(summary=title, blocks=blocks)


def watches_document(listed: Sequence[Listed]) -> Document:
    """The member's own first, then the community's."""
    blocks: list[Block] = [Heading(strings.watching.WATCHES)]
    if not listed:
        blocks.append(Prose((Text(strings.watching.NO_WATCHES),)))
        return Document(summary=strings.watching.WATCHES, blocks=tuple(blocks))
    for title, private in ((strings.watching.YOURS, True), (strings.watching.OURS, False)):
        some = [one for one in listed if one.watch.private is private]
        if some:
            blocks += [Heading(title, level=2), Bullets(tuple(tuple(_line(one)) for one in some))]
    editable = [one.watch for one in listed if one.watch.story is None][:25]
    if editable:
        options = tuple(
            Option(strings.watching.option(watch.id, watch.name or watch.query)[:75], str(watch.id))
            for watch in editable
        )
        blocks.append(Actions((Select(strings.watching.EDIT_WHICH, invocation("watch", "edit"), "watch", options),)))
    return Document(summary=strings.watching.WATCHES, blocks=tuple(blocks))


def edit_form(watch: Watch) -> Form:
    """With the revision that it shows. A query that is longer than a form's field is changed by name."""
    rhythms = tuple(Option(strings.watching.rhythm(rhythm), rhythm.value) for rhythm in Rhythm)
    query = (TextEntry(name="query", label=strings.watching.LOOKS_FOR, value=watch.query, long=True),)
    return Form(
        title=strings.watching.edit_title(watch.id),
        invoke=invocation("watch", "edit", watch=watch.id, revision=watch.revision),
        entries=(
            *(query if len(watch.query) <= ENTRY_LIMIT else ()),
            TextEntry(
                name="name",
                label=strings.watching.NAME,
                value=watch.name or NONE,
                hint=strings.watching.NONE_CLEARS,
                most=60,
                required=False,
            ),
            ChoiceEntry(name="rhythm", label=strings.watching.TOLD, options=rhythms, value=watch.rhythm.value),
            TextEntry(
                name="note",
                label=strings.watching.WHY_WATCHED,
                value=watch.note or NONE,
                hint=strings.watching.NONE_CLEARS,
                most=300,
                required=False,
            ),
        ),
        submit=strings.schedules.SAVE,
    )


def hindsight_blocks(reports: Sequence[StoryReport], stories: int, days: int, *, most: int) -> Sequence[Block]:
    """How many stories a query would have sent in that many days, and the newest of them."""
    blocks: list[Block] = [Prose((Text(strings.watching.would_have_sent(stories, days)),))]
    if reports:
        blocks.append(Bullets(tuple(tuple(_report(report)) for report in reports[:most])))
    if stories > len(reports[:most]) > EXAMPLES:
        blocks.append(Prose((Text(strings.watching.newest(len(reports[:most]))),), role="note"))
    return blocks


def packs_document(packs: Mapping[str, int]) -> Document:
    """The packs with how many entries each has."""
    lines = tuple(
        (Text(name, "strong"), Text(f" · {strings.watching.entries(count)}")) for name, count in packs.items()
    )
    options = tuple(Option(name, name) for name in packs)[:25]
    blocks: tuple[Block, ...] = (
        Heading(strings.watching.PACKS),
        Prose((Text(strings.watching.PACKS_INTRO),)),
        Bullets(lines),
        Actions((Select(strings.watching.SHOW_PACK, invocation("watch", "packs"), "words", options),)),
    )
    return Document(summary=strings.watching.PACKS, blocks=blocks)


def entries_document(entries: Sequence[Entry], title: str, turn: Invocation, number: int) -> Document:
    """Page `number`, from 1, of the entries by kind, each with the source that was read for it and a button that
    watches it. `turn` is what asks for another page."""
    pages = max(1, -(-len(entries) // ENTRIES))
    number = min(max(1, number), pages)
    entries = entries[(number - 1) * ENTRIES : number * ENTRIES]
    blocks: list[Block] = [Heading(title)]
    for kind in Kind:
        of_kind = [entry for entry in entries if entry.kind is kind]
        if of_kind:
            blocks += [
                Heading(strings.watching.KINDS[kind.value], level=2),
                Bullets(tuple(tuple(_entry(one)) for one in of_kind)),
            ]
    buttons: list[Action] = []
    for entry in entries:
        say = invocation("watch", "add", query=entry_query(entry))
        if len(encode(say)) <= CODE_LIMIT:
            buttons.append(Button(strings.watching.watch_this(entry.label)[:75], say))
    if buttons:
        blocks.append(Actions(tuple(buttons)))
    if pages > 1:
        earlier = turn.with_arguments(page=str(number - 1)) if number > 1 else None
        later = turn.with_arguments(page=str(number + 1)) if number < pages else None
        blocks.append(Pager(number=number, of=pages, earlier=earlier, later=later))
    return Document(summary=title, blocks=tuple(blocks))


def entry_query(entry: Entry) -> str:
    """The query that names it and nothing else, by its id, which no other has."""
    field = entry.kind.value if entry.kind in (Kind.GUILD, Kind.BILL, Kind.CASE) else "pack"
    return f"{field}:{entry.id}"


def _entry(entry: Entry) -> list[Inline]:
    line: list[Inline] = [Text(entry.label, "strong")]
    if entry.name != entry.label:
        line.append(Text(f" · {entry.name}"))
    line.append(Text(f" · {entry_query(entry)}", "quiet"))
    if entry.verified:
        line += [Text(" · ", "quiet"), Link(strings.watching.SOURCE, entry.sources[0])]
    else:
        line.append(Text(f" · {strings.watching.UNVERIFIED}", "quiet"))
    return line


def _line(listed: Listed) -> list[Inline]:
    watch = listed.watch
    if watch.story is not None:
        line: list[Inline] = [
            Text(strings.watching.option(watch.id, strings.watching.following(watch.story)), "strong")
        ]
        if listed.headline:
            line.append(Text(f" · {listed.headline}"))
    else:
        line = [Text(strings.watching.numbered(watch.id, watch.name), "strong"), Text(f" · {_short(watch.query)}")]
        line.append(Text(f" · {strings.watching.rhythm(watch.rhythm)}", "quiet"))
    if watch.paused:
        line.append(Text(f" · {strings.watching.PAUSED}", "strong"))
    elif watch.muted_until is not None:
        line += [Text(f" · {strings.watching.PAUSED_UNTIL}", "strong"), Time(watch.muted_until, "datetime")]
    if watch.note:
        line.append(Text(f" · {watch.note}", "quiet"))
    if listed.refusal is not None:
        line.append(Text(f" · {strings.schedules.cannot_post(listed.refusal)}", "strong"))
    return line


def _report(report: StoryReport) -> list[Inline]:
    best = report.best
    return [
        Link(report.headline, best.url),
        Text(f" · {strings.alert.told_by(report.outlets, 3)} · ", "quiet"),
        Time(best.published),
        Text(f" · {strings.reading.story_number(report.story)}", "quiet"),
    ]


def _short(query: str) -> str:
    return query if len(query) <= QUERY_SHOWN else f"{query[: QUERY_SHOWN - 1]}…"
