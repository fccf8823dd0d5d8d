"""Documents as Discord messages: within its limits, and with nothing in them but what we meant."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from adapters.discord.markup import WORD_JOINER, fitted, size
from adapters.discord.payload import message
from adapters.discord.pieces import COMPONENTS_LIMIT, TEXT_LIMIT
from adapters.discord.render import Part, _messages, parts
from bot.core import strings
from bot.core.command.invocation import invocation
from bot.core.message.document import (
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
    Pager,
    Picture,
    Prose,
    Quote,
    Select,
    Text,
    Time,
    Tone,
    Verbatim,
)
from bot.core.message.notice import error_document
from bot.core.outbox import PartId
from tests.hostile import blocks, documents, everywhere, hostile_text, inlines, linked, squeezed, words
from tests.platforms.discord_reader import Mark, read
from tests.shared import shared

SAY = invocation("story", story=1)
FOUND_IN_RAW_TEXT = re.compile(r"@(?:everyone|here)|<@[!&]?\d|discord(?:app)?\.(?:gg|com)", re.IGNORECASE)
HOSTILE_LINES = (
    *("# x", "## x", "-# x", "> x", ">>> x", "- x", "* x", "+ x", "1. x", "1) x", "1986. A great season", "```\nx```"),
    *("**x**", "__x__", "*x*", "_x_", "~~x~~", "||x||", "`x`", "``x``", "a\\", "\\", "a\\*b"),
    *(":smile:", ":x:", "<:a:123>", "<a:ab:123>", ":+1:", "👍🏽"),
    *("<@123>", "<@!123>", "<@&123>", "<#123>", "@everyone", "@here", "</help:123>", "</watch add:123>", "<id:guide>"),
    *("<t:1700000000:R>", "<t:0>", "<https://evil.test>", "https://evil.test", "HTTPS://EVIL.TEST", "discord://x"),
    *("discord.gg/abc", "https://discord.gg/abc", "discordapp.com/invite/abc", "Discord.com/invite/x"),
    *("[a](https://evil.test)", "](https://evil.test)", "a](https://evil.test) [b", "[", "]", "[[", "]]", "[a](b)[c"),
    *("x](https:evil.test) [y", "[x](<https://evil.test>)", "\\](https://evil.test)", "a@evil.test", "<a@evil.test>"),
    *("<+15551234>", "¯\\_(ツ)_/¯", "\u202eevil", "ev\u200bil", "a\u2060b", "http:/", "[](https://evil.test)"),
)


def text_displays(part: Part) -> list[str]:
    return [one["content"] for one in _components(part) if one["type"] == 10]


def _components(part: Part) -> Iterator[dict[str, Any]]:
    def walk(found: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
        for one in found:
            yield one
            yield from walk(one.get("components", []))
            if "accessory" in one:
                yield one["accessory"]

    yield from walk(layout(part))


def layout(part: Part) -> list[dict[str, Any]]:
    """As it is sent."""
    found: list[dict[str, Any]] = part.view.to_components()  # type: ignore[no-untyped-call]
    return found


def check_limits(part: Part) -> None:
    found = list(_components(part))
    assert 1 <= len(found) <= COMPONENTS_LIMIT
    assert sum(map(size, text_displays(part))) <= TEXT_LIMIT
    ids = [one["custom_id"] for one in found if "custom_id" in one]
    assert len(ids) == len(set(ids))
    assert all(1 <= len(custom_id) <= 100 for custom_id in ids)
    for one in found:
        match one["type"]:
            case 1:
                kinds = [child["type"] for child in one["components"]]
                assert kinds == [3] or (set(kinds) == {2} and len(kinds) <= 5)
            case 2:
                assert 1 <= len(one["label"]) <= 80
                assert one["label"].strip()
                assert len(one.get("url", "")) <= 512
            case 3:
                values = [option["value"] for option in one["options"]]
                assert 1 <= len(values) == len(set(values)) <= 25
                assert all(option["label"].strip() and len(option["label"]) <= 100 for option in one["options"])
                assert len(one["placeholder"]) <= 150
            case 9:
                assert 1 <= len(one["components"]) <= 3
            case 10:
                assert one["content"].strip()


def check(document: Document) -> None:
    """Nothing is there but what the document has; every word of it is."""
    found = parts(document)
    for part in found:
        check_limits(part)
    contents = [content for part in found for content in text_displays(part)]
    for content in contents:
        outside = re.sub(r"\]\(https?://[^)\s]*\)|<https?://[^>\s]*>", "", content)
        if "```" not in content:
            assert not FOUND_IN_RAW_TEXT.search(outside)
    for knows_escapes in (False, True):
        results = [read(content, knows_escapes=knows_escapes) for content in contents]
        marks = [mark for result in results for mark in result.marks]
        check_marks(document, marks)
        if expected := words(document):
            assert _as_read(result.seen for result in results) == _as_read([expected])


def _as_read(found: Iterable[str]) -> str:
    """Without white space and joiners; brackets as the parentheses that may stand for them in a link's words."""
    return squeezed("".join(found).translate(_AS_READ))


_AS_READ = str.maketrans({WORD_JOINER: None, "\u200d": None, "[": "(", "]": ")"})


def check_marks(document: Document, marks: list[Mark]) -> None:
    assert {mark.kind for mark in marks} <= {
        *("channel", "link", "strong", "em", "code", "time", "heading", "small", "quote", "bullet", "number", "fence")
    }
    assert {mark.held for mark in marks if mark.kind == "link"} <= linked(document)
    kinds = Counter(mark.kind for mark in marks)
    has = Counter(type(block) for block in document.blocks)
    items = [item for block in document.blocks if isinstance(block, Bullets) for item in block.items]
    prose = [one for one in document.blocks if isinstance(one, Prose)]
    notes = [one for one in prose if one.role == "note"]
    leads = [one for one in prose if one.content and isinstance(one.content[-1], Link)]
    assert kinds["heading"] <= has[Heading] + len(leads)  # a link that leads is a headline
    assert kinds["quote"] <= has[Quote]
    assert kinds["fence"] <= has[Verbatim]
    assert kinds["bullet"] + kinds["number"] <= len(items)
    assert kinds["small"] <= len(notes) + has[Pager] + has[Heading] + len(items)
    texts = [one for line in _lines(document) for one in line if isinstance(one, Text)]
    assert kinds["code"] <= sum(one.style == "code" for one in texts)
    assert kinds["time"] <= sum(isinstance(one, Time) for line in _lines(document) for one in line)


def _lines(document: Document) -> Iterator[tuple[Any, ...]]:
    for block in document.blocks:
        match block:
            case Prose(content=content) | Quote(content=content):
                yield content
            case Bullets(items=items):
                yield from items
            case Fields(items=fields):
                yield from (field.value for field in fields)


unpressed = st.builds(
    Document,
    hostile_text,
    st.lists(blocks.filter(lambda block: not isinstance(block, Actions)), max_size=5).map(tuple),
)


@given(unpressed)
@example(Document("", (Prose((Text("look!"), Link("here", "https://outlet.example/"))),)))
@example(
    Document(
        "",
        (
            Prose(
                (Link("x", "https://outlet.example/"), Text("]("), Text("https:evil.test) y]")),
            ),
        ),
    )
)
@example(Document("", (Prose((Text("a", "strong"), Text("b", "quiet"), Text("c", "strong"))),)))
@example(Document("", (Prose((Text("a", "code"), Text("b"), Text("c`", "code"), Text("d", "code"))),)))
@example(Document("", (Prose((Text("`"), Text("a", "code"), Text("`"))),)))
@example(Document("", (Prose((Link("", "https://outlet.example/a@evil.test"),)),)))
@example(Document("", (Prose((Text("@"), Text("everyone", "strong"))),)))
@example(Document("", (Prose((Text("discord"), Citation(1, "", ""), Text(".gg/x"))),)))
def test_text_stays_text_and_only_our_links_are_links(document: Document) -> None:
    check(document)


@pytest.mark.parametrize("text", HOSTILE_LINES)
def test_what_discord_would_obey_is_shown_as_it_stands(text: str) -> None:
    check(everywhere(text))
    check(Document(text, (Quote((Text(text),)), Fields((Field("Name", (Text(text),)),)), Verbatim((text, text)))))
    check(Document("", (Prose((Text(text, "code"), Text(text), Text(text, "code"), Text("`"))),)))


def test_the_big_list_of_naughty_strings_stays_text() -> None:
    for text in json.loads(shared("data/hostile/blns/blns.json").read_text(encoding="utf-8")):
        check(everywhere(text))


@given(documents)
def test_every_part_is_within_discords_limits(document: Document) -> None:
    for part in parts(document):
        check_limits(part)


LONG = ("word " * 400, "x" * 5000, "👩‍💻" * 900, "*_[" * 700, "sentence. " * 30)


CITED = (Citation(1, "https://o.example/" + "a" * 300, ""),) * 3
SELECT = Select("Choose", SAY, "view", (Option("a", "a"),))
long_text = st.sampled_from(LONG)
long_blocks: st.SearchStrategy[Block] = st.one_of(
    st.builds(
        lambda text, role: Prose((Text(text), *CITED), role), long_text, st.sampled_from(("body", "deck", "note"))
    ),
    st.builds(lambda text: Prose((Link(text, "https://o.example/"),)), long_text),
    st.builds(lambda text, count: Bullets(((Text(text),),) * count), long_text, st.integers(1, 30)),
    st.builds(Heading, st.sampled_from((*LONG, "Short")), st.sampled_from((1, 2, 3))),
    st.builds(lambda text: Verbatim((text,) * 5), long_text),
    st.builds(lambda count: Actions((Button("Press", SAY),) * count), st.integers(1, 25)),
    st.builds(lambda count: Actions((SELECT,) * count), st.integers(1, 25)),
    st.builds(Divider),
    inlines.map(lambda inline: Prose((inline,))),
)


@given(st.lists(long_blocks, max_size=12))
def test_what_one_message_cannot_hold_goes_into_several(found: list[Block]) -> None:
    document = Document("Summary", tuple(found))
    split = parts(document)
    assert list(map(layout, split)) == list(map(layout, parts(document)))
    for part in split:
        check_limits(part)


@given(st.lists(st.one_of(inlines, st.sampled_from(LONG).map(Text)), max_size=6))
def test_a_long_line_is_broken_without_losing_a_word(content: list[Any]) -> None:
    lines = fitted(content, 2000)
    assert all(size(one) <= 2000 for one in lines)
    seen = _as_read(read(one, knows_escapes=False).seen for one in lines)
    assert seen == _as_read([words(Document("", (Prose(tuple(content)),)))])


def test_a_story_stays_in_one_message_where_it_can() -> None:
    story = (Heading("Story", level=2), *(Prose((Text("A sentence of some length. " * 25),)),) * 4)
    document = Document("", (Heading("Digest"), Divider(), *story, Divider(), *story))
    assert [len([one for one in text_displays(part) if one.startswith("## ")]) for part in parts(document)] == [1, 1]


def test_a_story_larger_than_a_message_goes_on_under_its_name() -> None:
    document = Document("", (Heading("A [long] story", level=2), *(Prose((Text("A sentence. " * 90),)),) * 6))
    first, second, *_ = parts(document)
    assert text_displays(first)[0].startswith("## A \\[long\\] story\nA sentence.")
    assert text_displays(second)[0] == "-# A \\[long\\] story, continued"


def test_a_heading_is_not_left_behind() -> None:
    filling = Prose((Text("x" * 3500),))
    document = Document("", (filling, Heading("Sources", 3), Bullets(((Text("y" * 600),),), role="note")))
    assert [len(text_displays(part)) for part in parts(document)] == [1, 1]
    assert "Sources" in text_displays(parts(document)[1])[0]


def test_a_heading_of_small_print_stands_below_a_rule() -> None:
    document = Document(
        "", (Prose((Text("Told."),)), Heading("Sources", 3), Bullets(((Text("The Ledger", "strong"),),), role="note"))
    )
    (container,) = layout(parts(document)[0])
    assert [one["type"] for one in container["components"]] == [10, 14, 10]
    assert container["components"][2]["content"] == "-# **Sources**\n-# **The Ledger**"


def test_one_button_stands_beside_a_short_text() -> None:
    document = Document("", (Prose((Text("The whole story"),)), Actions((LinkButton("Read", "https://o.example/a"),))))
    (container,) = layout(parts(document)[0])
    (section,) = container["components"]
    assert section["type"] == 9
    assert section["accessory"]["url"] == "https://o.example/a"


def test_equal_buttons_of_one_message_are_told_apart_and_say_the_same() -> None:
    document = Document("", (Prose((Text("a"),)), Actions((Button("One", SAY), Button("Two", SAY)))))
    ids = [one["custom_id"] for one in _components(parts(document)[0]) if "custom_id" in one]
    assert ids == ["story?story=1", "story?story=1#1"]


def test_a_button_that_no_client_could_open_is_shown_as_words() -> None:
    far = LinkButton("Far", "https://o.example/" + "a" * 600)
    document = Document("", (Actions((LinkButton("Read", "javascript:x"), far)),))
    shown = text_displays(parts(document)[0])
    assert shown[0].startswith("Read\n\n[Far](https://o.example/aaa")


def test_a_picture_is_shown_in_words_to_whoever_sees_none() -> None:
    chart = File("chart.png", "image/png", b"\x89PNG")
    (part,) = parts(Document("", (Prose((Text("Weeks"),)), Picture("chart.png", "Articles a week")), files=(chart,)))
    (gallery,) = (one for one in _components(part) if one["type"] == 12)
    assert gallery["items"][0]["media"]["url"] == "attachment://chart.png"
    assert gallery["items"][0]["description"] == "Articles a week"
    assert [(file.filename, file.description) for file in part.files] == [("chart.png", "Articles a week")]


def test_a_file_is_handed_over_with_the_last_part() -> None:
    long = (*(Prose((Text("A sentence. " * 90),)),) * 6,)
    opml = File("feeds.opml", "text/x-opml", b"<opml/>")
    split = parts(Document("", long, files=(opml,)))
    assert [[file.filename for file in part.files] for part in split] == [[], ["feeds.opml"]]
    assert any(one["type"] == 13 for one in _components(split[-1]))


def test_a_moment_is_shown_in_the_readers_own_zone() -> None:
    at = datetime(2026, 3, 2, 9, tzinfo=UTC)
    document = Document("", (Prose((Text("On "), Time(at), Text(" at "), Time(at, "datetime"))),))
    assert text_displays(parts(document)[0]) == ["On <t:1772442000:D> at <t:1772442000:f>"]


def test_a_document_of_nothing_says_what_it_is() -> None:
    assert text_displays(parts(Document("Nothing *new*", ()))[0]) == ["Nothing \\*new\\*"]
    assert text_displays(parts(Document("", (Heading(""),)))[0]) == [strings.document.NAME]


def test_prose_keeps_a_readable_source() -> None:
    text = "R&D at AT&T cost $5 million (4.5% more) — that's what he said: 'no'! Q3/2026 at 10.30, U.S."
    assert text_displays(parts(Document("", (Prose((Text(text),)),)))[0]) == [text]


def test_tones_are_told_apart_by_the_edge() -> None:
    said = Document("", (Prose((Text("x"),)),))
    tones: tuple[Tone, ...] = ("news", "alert", "error", "review")
    assert len({layout(parts(replace(said, tone=tone))[0])[0]["accent_color"] for tone in tones}) == len(tones)


def test_a_document_is_set_once_however_often_its_parts_are_asked_for() -> None:
    """Whoever posts asks for all parts before each of them."""
    document = Document("", (Heading("Digest"), Divider(), *(Prose((Text("A sentence. " * 90),)),) * 6))
    first = parts(document)
    before = _messages.cache_info().hits
    again = parts(replace(document))
    assert _messages.cache_info().hits == before + 1
    assert list(map(layout, again)) == list(map(layout, first))
    assert all(one.view is not other.view for one, other in zip(first, again, strict=True))


def test_what_is_to_be_said_is_set_as_code_and_what_members_wrote_is_not_obeyed_in_it() -> None:
    (said,) = text_displays(parts(error_document("there is no `wat`ch`*x*`; `help` lists them all"))[0])[-1:]
    assert said.splitlines()[-1] == "there is no `wat`ch\\*x\\*; `help` lists them all"


def test_a_channel_is_shown_by_its_name_there() -> None:
    there = Document("", (Prose((Text("Posts to "), Channel("discord", "81384788765712384"))),))
    assert text_displays(parts(there)[0]) == ["Posts to <#81384788765712384>"]
    private = Document("", (Prose((Channel("discord", "dm:1"),)),))
    assert text_displays(parts(private)[0]) == ["private messages"]
    check(Document("", (Prose((Channel("discord", "1> @everyone <@&2"), Channel("console", "stdout"))),)))


def test_messages_of_one_part_share_nothing() -> None:
    """A digest is drawn once for all places it goes to, and each message is marked as its own."""
    (part,) = parts(Document("", (Heading("Digest"), Divider(), Prose((Text("One."),)))))
    first = message(part, part_id=PartId("1-0"))
    before = json.dumps(first.body)
    second = message(part, mention="42", part_id=PartId("2-0"))
    assert json.dumps(first.body) == before
    assert first.body["components"][0]["id"] != second.body["components"][0]["id"]
