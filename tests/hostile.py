"""Documents out of hostile text, for every renderer's property tests: nothing in them may become more than text."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from hypothesis import strategies as st

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
    Heading,
    Inline,
    Jump,
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
    Verbatim,
)
from bot.core.message.plain import address, inert

FRAGMENTS = (
    *"\\`*_{}[]()<>#+-.!|~$^=&;:@/'\" \n\t",
    *("**", "__", "~~", "```", "---", "===", "<!--", "-->", "](", "![", "[x]: /u", "1. ", "2) ", "- ", "    ", "> "),
    *(
        "&amp;",
        "&#60;",
        "&copy",
        "<b>",
        "</p>",
        "<script>",
        "<a href=x>",
        "javascript:",
        "http://",
        "https://evil.test",
    ),
    *(
        "www.evil.test",
        "a@evil.test",
        "@everyone",
        "@here",
        "<@123>",
        "<#1>",
        "#12",
        "GH-7",
        ":smile:",
        "mailto:a@b.test",
    ),
    *(
        "\x1b[31m",
        "\x1b]8;;http://evil.test\x07",
        "\x9b2J",
        "\u202e",
        "\u200b",
        "\ud800",
        "\x00",
        "é",
        "שלום",
        "日本",
        "👩‍💻",
    ),
    *(
        "word",
        "AI",
        "union",
        "5",
        "$5",
        "2026",
        "www",
        "http",
        "http:",
        "//evil.test",
        "\u00a0",
        "\u3000",
        "€",
        "\u2060",
    ),
)

hostile_text = st.one_of(
    st.lists(st.sampled_from(FRAGMENTS), max_size=8).map("".join),
    st.text(st.characters(exclude_categories=()), max_size=20),
)

urls = st.one_of(
    st.sampled_from(
        (
            "https://outlet.example/a",
            "https://outlet.example/a_b*c*(d)?e=1&copy;=2&lt;#f",
            "javascript:alert(1)",
            "https://user@outlet.example/",
            "",
        )
    ),
    hostile_text.map("https://outlet.example/".__add__),
    hostile_text,
)

moments = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))

inlines: st.SearchStrategy[Inline] = st.one_of(
    st.builds(Text, hostile_text, st.sampled_from(("plain", "strong", "quiet", "code"))),
    st.builds(Link, hostile_text, urls),
    st.builds(Jump, hostile_text, st.just("story-1")),
    st.builds(Channel, st.sampled_from(("console", "discord", "slack")), hostile_text),
    st.builds(Citation, st.integers(1, 99), urls, hostile_text),
    st.builds(Time, moments, st.sampled_from(("date", "datetime"))),
)
lines = st.lists(inlines, max_size=5).map(tuple)

SAY = invocation("story", story=1)
labels = hostile_text.map(lambda text: text[:75] or "x")
actions: st.SearchStrategy[Actions] = st.lists(
    st.one_of(
        st.builds(Button, labels, st.just(SAY)),
        st.builds(LinkButton, labels, urls),
        st.builds(lambda label, option: Select(label, SAY, "view", (Option(option, "told"),)), labels, hostile_text),
    ),
    max_size=4,
).map(lambda found: Actions(tuple(found)))

blocks: st.SearchStrategy[Block] = st.one_of(
    st.builds(Heading, hostile_text, st.sampled_from((1, 2, 3))),
    st.builds(Prose, lines, st.sampled_from(("body", "deck", "note"))),
    st.builds(Bullets, st.lists(lines, max_size=3).map(tuple), st.booleans()),
    st.builds(Divider),
    st.builds(Quote, lines),
    st.builds(Verbatim, st.lists(hostile_text, min_size=1, max_size=3).map(tuple)),
    st.builds(Fields, st.lists(st.builds(Field, hostile_text, lines), max_size=3).map(tuple)),
    st.builds(Picture, st.just("chart.png"), hostile_text),
    actions,
    st.builds(Pager, st.integers(1, 9), st.integers(1, 9), st.sampled_from((None, SAY)), st.sampled_from((None, SAY))),
)

documents = st.builds(Document, hostile_text, st.lists(blocks, max_size=5).map(tuple))


def everywhere(text: str) -> Document:
    """`text` in every place that a feed, a member or a model can fill."""
    line: tuple[Inline, ...] = (
        Text(text),
        Link(text, "https://outlet.example/a"),
        Text(text, "strong"),
        Citation(1, "https://outlet.example/a", text),
        Text(text, "quiet"),
        Link(text, text),
        Jump(text, "story-1"),
    )
    headings: tuple[Block, ...] = (Heading(text, 1), Heading(text, 2, anchor="story-1"), Heading(text, 3))
    return Document(text, (*headings, Prose(line), Prose((Text(text),), "deck"), Bullets((line, (Text(text),)))))


def linked(document: Document) -> set[str]:
    """The only addresses that a rendering may lead to."""
    found = set()
    for line in _content(document):
        for inline in line:
            if isinstance(inline, Link | Citation) and (target := address(inline.url)) is not None:
                found.add(target)
    return found


def words(document: Document, *, around_code: str = "") -> str:
    """All that a reader should see, without any white space, in order."""
    return squeezed("".join(_seen(inline, around_code) for line in _content(document) for inline in line))


def squeezed(text: str) -> str:
    return "".join(text.split())


def _content(document: Document) -> Iterator[tuple[Inline, ...]]:
    for block in document.blocks:
        match block:
            case Heading(text=text):
                yield (Text(text),)
            case Prose(content=content):
                yield content
            case Bullets(items=items):
                yield from items
            case Quote(content=content):
                yield content
            case Verbatim(lines=shown):
                yield from ((Text(line),) for line in shown)
            case Fields(items=fields):
                yield from ((Text(f"{field.name}: "), *field.value) for field in fields)
            case Picture(alt=alt):
                yield (Text(strings.document.picture(alt)),)
            case Actions(items=found):  # nothing can be pressed in a file
                yield from ((Link(one.label, one.url),) for one in found if isinstance(one, LinkButton))
            case Pager(number=number, of=of):
                yield (Text(strings.document.page_of(number, of)),)


def _seen(inline: Inline, around_code: str) -> str:
    match inline:
        case Text(text=text, style="code"):
            return inert(f"{around_code}{text}{around_code}")
        case Text(text=text):
            return inert(text)
        case Link(label=label, url=url):
            return inert(label).strip() or address(url) or ""
        case Jump(label=label):
            return inert(label)
        case Channel(address=place):
            return inert(place)
        case Citation(number=number):
            return f"[{number}]"
        case Time(at=at, style=style):
            return strings.dates.calendar_day(at) if style == "date" else strings.dates.moment(at)
