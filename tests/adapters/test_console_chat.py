"""A conversation in the terminal: lines, numbers, forms and files, with whoever answers played."""

from __future__ import annotations

import io
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path

from rich.console import Console

from adapters.console.chat import Chat
from bot.core import strings
from bot.core.command.invocation import Invocation, invocation
from bot.core.errors import InputError
from bot.core.message.document import (
    Actions,
    Answer,
    Ask,
    Button,
    ChoiceEntry,
    Document,
    File,
    Form,
    Heading,
    LinkButton,
    Option,
    Pager,
    Reply,
    Select,
    TextEntry,
    label_of,
)

FOLLOW = invocation("follow", story=12)


@dataclass(slots=True)
class Played:
    """Answers what was prepared, and writes down what was said."""

    answers: list[Answer]
    said: list[Invocation] = field(default_factory=list)

    def read(self, line: str) -> Invocation:
        if line == "wrong":
            raise InputError("there is no command 'wrong'")
        return invocation(*line.split())

    async def answer(self, said: Invocation, tell: Callable[[Document], Awaitable[None]]) -> Answer:
        self.said.append(said)
        await tell(Document("Working", ()))
        return self.answers.pop(0)


async def talk(desk: Played, *typed: str) -> str:
    waiting = iter(typed)
    paper = io.StringIO()

    async def lines(prompt: str) -> str | None:
        paper.write(prompt)
        return next(waiting, None)

    await Chat(desk, lines, Console(file=paper, width=80)).run()
    return paper.getvalue()


def shown(*blocks: object, files: tuple[File, ...] = ()) -> Reply:
    return Reply(document=Document("shown", (Heading("Shown"), *blocks), files))  # type: ignore[arg-type]


async def test_a_line_is_said_with_or_without_a_slash_and_the_answer_shown() -> None:
    desk = Played([shown(), shown()])
    out = await talk(desk, "/help", "help", "", "  ")
    assert desk.said == [invocation("help")] * 2
    assert "Shown" in out
    assert "Working" in out


async def test_a_number_presses_what_the_last_answer_offered() -> None:
    actions = Actions(
        (
            Button("Follow", FOLLOW),
            LinkButton("Open", "https://x.example/"),
            Select("Desk", invocation("digest"), "topic", (Option("Games", "games"), Option("Courts", "courts"))),
        )
    )
    pager = Pager(number=2, of=3, earlier=invocation("story", page=1), later=invocation("story", page=3))
    desk = Played([shown(actions, pager) for _ in range(5)])
    out = await talk(desk, "story", "1", "3", "4", "5")
    assert desk.said[1:] == [
        FOLLOW,
        invocation("digest", topic="courts"),
        invocation("story", page=1),
        invocation("story", page=3),
    ]
    for offered in ("[1]\u00a0Follow", "[3]\u00a0Desk: Courts", "[5]\u00a0Next page", "https://x.example/"):
        assert offered.replace("\u00a0", " ") in out


async def test_long_choices_stand_on_a_line_each_and_break_between_words() -> None:
    sentence = "The guild said 400 screenwriters joined the strike over AI scripts at Orbit Pictures on Monday."
    options = tuple(Option(label_of(f"{n}: {sentence}"), str(n)) for n in (1, 2))
    out = await talk(Played([shown(Actions((Select("Cut", FOLLOW, "sentence", options),)))]), "cut")
    lines = out.splitlines()
    (first,) = (number for number, line in enumerate(lines) if line.startswith("[1] Cut: 1: The guild said"))
    assert [line.split()[-1] for line in lines[first : first + 4]] == ["scripts", "at…", "scripts", "at…"]
    assert "[2] Cut: 2: The guild said" in lines[first + 2]


async def test_a_number_that_was_not_offered_is_said_to_be_none() -> None:
    desk = Played([shown()])
    assert "there is no [7] to press" in await talk(desk, "help", "7")
    assert len(desk.said) == 1


async def test_what_is_no_command_is_said_and_the_conversation_goes_on() -> None:
    desk = Played([shown()])
    assert "there is no command 'wrong'" in await talk(desk, "wrong", "help")
    assert len(desk.said) == 1


async def test_quit_ends_it() -> None:
    desk = Played([])
    await talk(desk, "quit", "help")
    assert desk.said == []


FORM = Form(
    title="Edit watch",
    invoke=invocation("watch", "edit", watch=3),
    entries=(
        TextEntry(name="query", label="Query", value="voice", most=10),
        ChoiceEntry(name="rhythm", label="Rhythm", options=(Option("Every hour", "hourly"), Option("Daily", "daily"))),
        TextEntry(name="note", label="Note", required=False),
    ),
    submit="Save",
)


async def test_a_form_is_asked_field_by_field_and_an_empty_line_keeps_what_stands_there() -> None:
    desk = Played([Ask(FORM), shown()])
    out = await talk(desk, "watch edit", "", "every hour", "")
    assert desk.said[1] == FORM.invoke.with_arguments(query="voice", rhythm="hourly", note="")
    assert "Query (voice): " in out


async def test_a_field_is_asked_again_until_it_can_be_taken() -> None:
    desk = Played([Ask(FORM), shown()])
    out = await talk(desk, "watch edit", "x" * 11, "clon*", "", "weekly", "daily", "why not")
    assert desk.said[1] == FORM.invoke.with_arguments(query="clon*", rhythm="daily", note="why not")
    assert strings.terminal.too_long(11, 10) in out
    assert strings.terminal.NEEDED in out
    assert strings.terminal.ONE_OF_THESE in out


async def test_a_form_can_be_left() -> None:
    desk = Played([Ask(FORM)])
    assert strings.terminal.FORM_LEFT in await talk(desk, "watch edit", "cancel")
    assert len(desk.said) == 1


async def test_a_file_is_saved_where_it_is_told_and_never_over_another(tmp_path: Path) -> None:
    path = tmp_path / "feeds.opml"
    desk = Played([shown(files=(File("feeds.opml", "text/x-opml", b"<opml/>"),))])
    out = await talk(desk, "feeds export", f"save 1 {path}", f"save 1 {path}", "save 2 x")
    assert path.read_bytes() == b"<opml/>"
    assert "File exists" in " ".join(out.split())
    assert "save NUMBER PATH" in out
