"""Documents as Slack messages: within its limits, and with nothing in them but what we meant."""

from __future__ import annotations

import json
import re
from dataclasses import fields, is_dataclass, replace
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from adapters.slack.blocks import BLOCKS, CHARACTERS, weight
from adapters.slack.render import parts
from adapters.slack.small import small
from bot.core.command.invocation import encode, invocation
from bot.core.message.digest import digest_document
from bot.core.message.document import (
    Action,
    Actions,
    Block,
    Bullets,
    Button,
    Channel,
    Citation,
    Divider,
    Document,
    Field,
    Fields,
    File,
    Heading,
    Link,
    LinkButton,
    Option,
    Picture,
    Prose,
    Select,
    Text,
    Time,
)
from bot.core.message.plain import inert
from tests import specimens
from tests.hostile import documents, everywhere, hostile_text, inlines, linked, moments, squeezed, words
from tests.platforms.slack_reader import read
from tests.platforms.slack_rules import faults_of_message
from tests.shared import shared

Json = dict[str, Any]
SAY = invocation("story", story=1)
HOSTILE_LINES = (
    *("&", "<", ">", "&amp;", "&lt;!channel&gt;", "<!channel>", "<!here|x>", "<!everyone>", "<!subteam^S1>"),
    *(
        "<@U123>",
        "<@U123|ann>",
        "<#C1|general>",
        "<https://evil.test|ok>",
        "<mailto:a@evil.test|x>",
        "<!date^0^{date}|x>",
    ),
    *(":x:", ":smile:", "a:b:c", "12:30:15", "*x*", "_x_", "~x~", "`x`", "```x```", "> x", "&gt; x", "• x", "1. x"),
    *("@here", "@channel", "#general", "https://evil.test", "www.evil.test", "a|b", "|", ">|<", "x> <y"),
    *("\u202eevil", "ev\u200bil", "a\u2060b", "\u202dx\u202c", "👩‍💻", "\ud800", "\x00", "a\nb", "*", "**", "x*y*z"),
)


def check(document: Document) -> None:
    """Nothing is there but what the document has; every word of it is, in its order."""
    drawn = parts(document)
    assert drawn
    for part in drawn:
        assert 1 <= len(part.blocks) <= BLOCKS
        assert weight(part.blocks) <= CHARACTERS
        assert faults_of_message(_sent(part.blocks)) == []
        assert part.text.strip()
        assert not re.search(r"[<>]|&(?!amp;|lt;|gt;)", part.text)
        seen = read(part.blocks)
        assert seen.obeyed == ()
        assert set(seen.links) <= linked(document)
        assert set(seen.channels) <= channels_of(document)
    if len(drawn) == 1 and (expected := words(document)):
        shown = _as_read(read(drawn[0].blocks).words)
        assert shown == _as_read(expected)


def channels_of(value: Any) -> set[str]:
    """Of Slack's, by their ids."""
    if isinstance(value, Channel):
        return {value.address} if value.platform == "slack" else set()
    if is_dataclass(value):
        return set().union(*(channels_of(getattr(value, each.name)) for each in fields(value)))
    return set().union(*map(channels_of, value)) if isinstance(value, tuple) else set()


def _sent(blocks: tuple[Json, ...]) -> list[Json]:
    """With ids where the wire puts them."""
    return [{**each, "slack_file": {"id": "F1"}} if each["type"] == "image" else each for each in blocks]


def _as_read(found: str) -> str:
    """Without white space, joiners, and the marks between a fact's name and the fact."""
    return squeezed(found.replace("\u200d", "").replace(":", "").replace("–", ""))


@given(documents)
def test_any_document_keeps_the_limits_and_shows_only_what_it_has(document: Document) -> None:
    blocks = tuple(_plainly(block) for block in document.blocks)
    check(replace(document, blocks=blocks))


def _plainly(block: Block) -> Block:
    """Links to press are buttons here, which the other forms write out."""
    if isinstance(block, Actions):
        return Actions(tuple(one for one in block.items if not isinstance(one, LinkButton)))
    return block


@pytest.mark.parametrize("text", HOSTILE_LINES)
def test_hostile_lines_stay_text(text: str) -> None:
    check(everywhere(text))
    check(Document(text, (Prose((Text(text),), "note"), Bullets(((Text(text),),), role="note"))))
    check(Document(text, (Fields((Field("Name", (Text(text),)),)),)))
    check(Document(text, (Prose((Text(text),)), Actions((Button("Go", SAY),)))))


def test_hostile_input_of_the_shared_data_stays_text() -> None:
    folder = shared("data/hostile")
    found = 0
    for file in sorted(each for each in folder.rglob("*") if each.is_file()):
        text = file.read_bytes()[:20_000].decode("utf-8", "replace")
        for line in text.splitlines()[:40]:
            check(everywhere(line[:2_000]))
            found += 1
    assert found


@given(st.lists(inlines, max_size=6))
@example([Text("a*b"), Text("c*")])
@example([Text("x", "strong"), Text("*y")])
@example([Link("a|b>c", "https://outlet.example/a&b|c")])
def test_small_print_is_literal_or_is_not_mrkdwn(line: list[Any]) -> None:
    if (drawn := small(line)) is None:
        return
    seen = read([{"type": "mrkdwn", "text": drawn}])
    assert seen.obeyed == ()
    expected = words(Document("", (Prose(tuple(line)),)))
    assert squeezed(seen.words) == expected


@given(hostile_text, hostile_text)
def test_a_label_never_forges_where_a_link_leads(label: str, text: str) -> None:
    line = (Text(text), Link(label, "https://outlet.example/true"))
    for role in ("body", "note", "deck"):
        part = parts(Document("x", (Heading("x"), Prose(line, role))))[0]
        assert set(read(part.blocks).links) <= {"https://outlet.example/true"}


@given(moments)
def test_a_moment_is_shown_in_the_readers_own_zone(at: Any) -> None:
    small_print, body = parts(Document("x", (Prose((Time(at),), "note"), Prose((Time(at, "datetime"),)))))[0].blocks
    assert small_print["elements"][0]["text"].startswith(f"<!date^{int(at.timestamp())}^{{date_short}}|")
    (date,) = body["elements"][0]["elements"]
    assert (date["type"], date["timestamp"]) == ("date", int(at.timestamp()))


@pytest.mark.parametrize("text", [*HOSTILE_LINES, "U123", "C12 3", "C123>", "C123|x", "c123", "CABC", "CT12"])
def test_only_a_channels_own_id_names_a_channel(text: str) -> None:
    for platform in ("slack", "discord"):
        line = (Text("to "), Channel(platform, text))
        check(Document("x", (Prose(line), Prose(line, "note"), Bullets((line,)), Fields((Field("To", line),)))))


def test_a_channel_is_shown_by_its_name() -> None:
    line = (Text("to "), Channel("slack", "CT12"))
    body, note = parts(Document("x", (Prose(line), Prose(line, "note"))))[0].blocks
    assert body["elements"][0]["elements"][1] == {"type": "channel", "channel_id": "CT12"}
    assert note["elements"][0]["text"] == "to <#CT12>"
    elsewhere = (Text("to "), Channel("slack", "UMEMBER"))
    (body,) = parts(Document("x", (Prose(elsewhere),)))[0].blocks
    assert body["elements"][0]["elements"] == [{"type": "text", "text": "to UMEMBER"}], "a member would be told of it"


# --- how it is set ------------------------------------------------------------------------------------------


def test_feed_prose_is_rich_text_and_its_heading_is_in_the_same_block() -> None:
    blocks = parts(
        Document("x", (Heading("Title"), Prose((Text("one *two*"),)), Heading("Why", 3), Prose((Text("so"),))))
    )
    header, prose, why = blocks[0].blocks
    assert header == {"type": "header", "text": {"type": "plain_text", "text": "Title", "emoji": False}}
    assert prose["elements"][0]["elements"] == [{"type": "text", "text": "one *two*"}]
    assert why["elements"][0]["elements"] == [
        {"type": "text", "text": "Why\n", "style": {"bold": True}},
        {"type": "text", "text": "so"},
    ]


def test_sources_are_small_print_under_a_small_heading_unless_one_has_markup_in_it() -> None:
    def of(title: str) -> list[Json]:
        line = (Text("Post", "strong"), Text(": "), Link(title, "https://post.example/1"))
        return list(parts(Document("x", (Heading("Sources", 3), Bullets((line,), role="note"))))[0].blocks)

    assert of("Deal & talks") == [
        {
            "type": "context",
            "elements": [
                {
                    "type": "mrkdwn",
                    "text": "*Sources*\n*Post*: <https://post.example/1|Deal &amp; talks>",
                    "verbatim": True,
                }
            ],
        }
    ]
    (literal,) = of("what *exactly*")
    assert literal["type"] == "rich_text"


def test_a_citation_stands_close_behind_its_sentence() -> None:
    line = (
        Text("So it is."),
        Citation(1, "https://a.example/", "A"),
        Citation(2, "https://b.example/", "B"),
        Text(" On."),
    )
    (block,) = parts(Document("x", (Prose(line),)))[0].blocks
    assert [each["text"] for each in block["elements"][0]["elements"]] == ["So it is.\u00a0", "[1]", "[2]", " On."]


def test_one_button_stands_beside_its_line() -> None:
    (block,) = parts(Document("x", (Heading("Too late", 3), Actions((Button("Go on", SAY),)))))[0].blocks
    assert (block["type"], block["text"]["text"]) == ("section", "*Too late*")
    assert block["accessory"]["value"] == encode(SAY)


def test_the_less_used_actions_go_behind_an_overflow_menu() -> None:
    names = ("Read", "Approve", "Edit", "Evidence", "Cut", "Drop", "Assign")
    styles = {"Approve": "primary", "Drop": "danger"}
    items: tuple[Action, ...] = tuple(
        Button(name, invocation("review", name.lower()), styles.get(name, "plain"))  # type: ignore[arg-type]
        for name in names
    )
    (row,) = parts(Document("x", (Actions(items),)))[0].blocks
    *buttons, menu = row["elements"]
    assert [each["text"]["text"] for each in buttons] == ["Read", "Approve", "Edit", "Evidence", "Drop"]
    assert [each["text"]["text"] for each in menu["options"]] == ["Cut", "Assign"]
    assert menu["type"] == "overflow"


def test_equal_buttons_all_stay_in_sight() -> None:
    items: tuple[Action, ...] = tuple(Button(f"Part {number}", SAY) for number in range(12))
    (row,) = parts(Document("x", (Actions(items),)))[0].blocks
    assert len(row["elements"]) == 12


def test_an_option_that_slack_has_no_room_for_is_left_out_rather_than_cut() -> None:
    select = Select("Which", SAY, "view", (Option("long", "x" * 151), Option("short", "told")))
    (row,) = parts(Document("x", (Prose((Text("a"), Text("b", "strong"))), Actions((select,)))))[0].blocks[-1:]
    assert [each["value"] for each in row["elements"][0]["options"]] == ["told"]


def test_what_can_be_chosen_among_never_makes_a_message_too_large() -> None:
    options = tuple(Option("label " * 12, f"{number}{'v' * 140}") for number in range(25))
    items = tuple(Select(f"Which {number}", SAY, "view", options) for number in range(3))
    check(Document("x", (Heading("x"), Prose((Text("word " * 500),)), Actions((*items, Button("Go", SAY))))))


def test_a_heading_over_no_small_print_is_still_shown() -> None:
    for heading in ("Sources", "*Sources*"):
        check(Document("x", (Prose((Text("a"),)), Heading(heading, 3), Bullets((), role="note"))))


def test_facts_stand_side_by_side_ten_to_a_section() -> None:
    facts = tuple(Field(f"Name {number}", (Text("value"),)) for number in range(12))
    first, second = parts(Document("x", (Fields(facts),)))[0].blocks
    assert (len(first["fields"]), len(second["fields"])) == (10, 2)
    assert first["fields"][0]["text"] == "*Name 0*\nvalue"


def test_a_picture_says_in_words_what_it_shows() -> None:
    file = File("trend.png", "image/png", b"x")
    (part,) = parts(Document("x", (Picture("trend.png", "A rising line"),), files=(file,)))
    assert part.blocks == ({"type": "image", "slack_file": {"name": "trend.png"}, "alt_text": "A rising line"},)
    assert part.files == (file,)


# --- several messages -----------------------------------------------------------------------------------------


def story(number: int, size: int) -> tuple[Block, ...]:
    return (
        Divider(),
        Heading(f"Story {number}", 2),
        *(Prose((Text(f"{number} {'word ' * 100}"),)) for _ in range(size)),
    )


def test_a_page_is_turned_between_stories() -> None:
    document = Document("News: all", (Heading("News"), *story(1, 8), *story(2, 8), *story(3, 3)))
    headlines = [[each["text"]["text"] for each in part.blocks if each["type"] == "header"] for part in parts(document)]
    assert headlines == [["News", "Story 1"], ["Story 2", "Story 3"]]


def test_a_story_that_goes_on_in_the_thread_says_so() -> None:
    _, *rest = parts(Document("x", (Heading("News"), *story(1, 40))))
    assert rest
    for part in rest:
        assert part.blocks[0]["elements"][0]["text"] == "Story 1, continued"
        assert part.text.startswith("Story 1")


def test_many_small_blocks_keep_to_fifty_a_message() -> None:
    drawn = parts(Document("x", tuple(Prose((Text(str(number)),)) for number in range(120))))
    assert all(len(part.blocks) <= BLOCKS for part in drawn)
    assert squeezed("".join(read(part.blocks).words for part in drawn)) == "".join(map(str, range(120)))


def test_words_without_end_are_split_and_none_is_lost() -> None:
    text = "x" * 30_000
    for block in (Prose((Text(text),)), Bullets(((Text(text),), (Text("end"),)), numbered=True)):
        drawn = parts(Document("x", (block,)))
        assert all(weight(part.blocks) <= CHARACTERS for part in drawn)
        assert "".join(read(part.blocks).words for part in drawn).count("x") == len(text)


def test_the_same_document_gives_the_same_parts() -> None:
    document = digest_document(specimens.week_digest())
    assert parts(document) == parts(document)


def test_the_text_beside_the_blocks_is_the_summary_and_for_the_thread_what_it_begins_with() -> None:
    document = Document("News: <all> & more", (Heading("News"), *story(1, 8), *story(2, 8)))
    first, second = parts(document)[:2]
    assert first.text == "News: &lt;all&gt; &amp; more"
    assert second.text.startswith("Story 2. 2 word word")
    assert len(second.text) <= 400


def test_a_document_that_shows_nothing_is_still_a_message() -> None:
    (part,) = parts(Document("", ()))
    assert read(part.blocks).words.strip()
    assert json.dumps(part.blocks)
    assert inert(part.text)
