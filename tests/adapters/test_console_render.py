"""The terminal's bytes: no code in them is anybody's but ours, and nothing is wider than a page."""

from __future__ import annotations

import io
import json
import re
import unicodedata
from datetime import UTC, datetime

import pytest
from hypothesis import given
from rich.cells import cell_len
from rich.console import Console

from adapters.console.platform import ConsolePlatform
from adapters.console.render import MEASURE, render
from bot.app.ports import Platform
from bot.core.community import LOCAL
from bot.core.delivery import Destination, DestinationId, Posted, Refused
from bot.core.message.digest import digest_document
from bot.core.message.document import Bullets, Document, Heading, Link, Prose, Text, Time, Verbatim
from bot.core.outbox import PartId
from tests import specimens
from tests.hostile import documents, everywhere, linked, squeezed, words
from tests.shared import shared

OSC_8 = re.compile(r"\x1b]8;[^;\x1b]*;([^\x1b]*)\x1b\\")
SGR = re.compile(r"\x1b\[[0-9;]*m")
STDOUT = Destination(id=DestinationId(1), community=LOCAL, platform="console", address="stdout")


class Paper(io.StringIO):
    """A text stream with an encoding of its own."""

    def __init__(self, encoding: str = "utf-8") -> None:
        super().__init__()
        self._encoding = encoding

    @property
    def encoding(self) -> str:  # type: ignore[override]
        return self._encoding


def shown(document: Document, *, terminal: bool, width: int = 80, encoding: str = "utf-8") -> str:
    paper = Paper(encoding)
    console = Console(
        file=paper,
        width=width,
        force_terminal=terminal,
        color_system="truecolor" if terminal else None,
        legacy_windows=False,
        _environ={},
    )
    console.print(render(document), crop=False)
    return paper.getvalue()


def controls(text: str) -> set[str]:
    return {char for char in text if unicodedata.category(char) in ("Cc", "Cs")} - {"\n"}


def drawn_words(document: Document) -> str:
    """What a reader should see, but for the marks of lists, rules and the spaces between words."""
    return re.sub(r"[─═•│\ue000]", "", words(document, around_code="`"))


def check(document: Document) -> None:
    terminal = shown(document, terminal=True)
    assert set(OSC_8.findall(terminal)) - {""} <= linked(document)
    bare = SGR.sub("", OSC_8.sub("", terminal))
    assert not controls(bare)
    assert all(cell_len(line) <= MEASURE for line in bare.splitlines())
    pipe = shown(document, terminal=False)
    assert not controls(pipe)
    if not any(isinstance(block, Bullets) and block.numbered for block in document.blocks):
        assert squeezed(re.sub(r"[─═•│\ue000]", "", bare)) == squeezed(drawn_words(document))
    for line in pipe.splitlines():
        assert cell_len(line) <= MEASURE or line.strip() in linked(document)


@given(documents)
def test_no_code_but_ours_reaches_the_terminal(document: Document) -> None:
    check(document)


def test_links_are_clickable_on_a_terminal_and_written_out_in_a_pipe() -> None:
    document = Document("", (Bullets(((Link("Strike over", "https://outlet.example/strike"),),)),))
    assert OSC_8.findall(shown(document, terminal=True)) == ["https://outlet.example/strike", ""]
    assert "https" not in SGR.sub("", OSC_8.sub("", shown(document, terminal=True)))
    assert shown(document, terminal=False) == "• Strike over\n  https://outlet.example/strike\n"


def test_emphasis_is_on_its_own_words_only() -> None:
    line = (Text("Unions", "strong"), Text(" say "), Text("so", "quiet"))
    assert (
        shown(Document("", (Bullets((line,)),)), terminal=True)
        == "\x1b[2m• \x1b[0m\x1b[1mUnions\x1b[0m say \x1b[2mso\x1b[0m\n"
    )
    assert shown(Document("", (Heading("Title", 3),)), terminal=True) == "\x1b[1mTitle\x1b[0m\n"
    assert shown(Document("", (Prose((Text("Small"),), "note"),)), terminal=True) == "\x1b[2mSmall\x1b[0m\n"


def test_a_long_address_stays_whole_in_a_pipe() -> None:
    url = "https://outlet.example/" + "a" * 200
    assert url in shown(Document("", (Prose((Link("Long", url),)),)), terminal=False).split("\n")


def test_an_escape_sequence_in_a_headline_is_shown_as_text() -> None:
    assert shown(Document("", (Heading("\x1b[2JStrike", 3),)), terminal=False) == "[2JStrike\n"


def test_lines_that_point_keep_their_spaces() -> None:
    assert shown(Document("", (Verbatim(("every  other", "       ^^^^^")),)), terminal=False) == (
        "every  other\n       ^^^^^\n"
    )


def test_markup_of_the_library_is_shown_as_text() -> None:
    assert (
        shown(Document("", (Prose((Text("[bold]no[/bold] :smile:"),)),)), terminal=False) == "[bold]no[/bold] :smile:\n"
    )


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "latin-1"])
def test_letters_that_the_stream_lacks_become_question_marks(encoding: str) -> None:
    text = shown(digest_document(specimens.week_digest()), terminal=False, encoding=encoding)
    text.encode(encoding)
    assert "Screen authors' guild" in text


@pytest.mark.parametrize("width", [20, 40, 80, 200])
def test_lines_fit_the_terminal_and_never_exceed_a_page(width: int) -> None:
    text = SGR.sub("", OSC_8.sub("", shown(digest_document(specimens.week_digest()), terminal=True, width=width)))
    assert max(cell_len(line) for line in text.splitlines()) <= min(width, MEASURE)


def test_times_are_shown_in_the_readers_zone() -> None:
    from zoneinfo import ZoneInfo

    document = Document("", (Prose((Time(datetime(2026, 3, 1, 2, tzinfo=UTC), "datetime"),)),))
    paper = Paper()
    Console(file=paper, width=80, color_system=None).print(render(document, zone=ZoneInfo("America/Los_Angeles")))
    assert paper.getvalue() == "28 February 2026, 18:00 PST\n"


def test_the_big_list_of_naughty_strings_stays_text() -> None:
    for text in json.loads(shared("data/hostile/blns/blns.json").read_text(encoding="utf-8")):
        check(everywhere(text))


async def test_the_platform_prints_each_document_once_as_one_part() -> None:
    paper = Paper()
    platform: Platform = ConsolePlatform(Console(file=paper, width=80, color_system=None))
    document = Document("", (Prose((Text("Hello"),)),))
    assert (platform.name, platform.parts(document)) == ("console", 1)
    first = await platform.send(STDOUT, document, 0, part_id=PartId("1-0"))
    second = await platform.send(STDOUT, document, 0, part_id=PartId("1-0"))
    assert isinstance(first, Posted)
    assert isinstance(second, Posted)
    assert first != second
    assert paper.getvalue() == "Hello\n\nHello\n\n"


async def test_a_stream_that_cannot_be_written_refuses() -> None:
    class Full(Paper):
        def write(self, text: str) -> int:
            raise OSError(28, "No space left on device")

    outcome = await ConsolePlatform(Console(file=Full(), width=80)).send(
        STDOUT, Document("", ()), 0, part_id=PartId("1-0")
    )
    assert outcome == Refused(reason="the terminal cannot be written to: No space left on device")


def test_a_line_shown_as_it_was_written_keeps_its_spaces_so_that_a_caret_stands_under_its_place() -> None:
    document = Document("", (Verbatim(("voice  AND (", "           ^")),))
    assert shown(document, terminal=False) == "voice  AND (\n           ^\n"
