"""The links of a message that somebody wants analysed; where it has several, the question which.

A link's address is longer than an option can carry. So the question shows the links as a numbered list and an option
carries the number: what is chosen is read again from our own message, which Discord hands back with it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from bot.core import strings
from bot.core.command.invocation import Invocation, invocation
from bot.core.message.document import OPTIONS_LIMIT, Actions, Bullets, Document, Heading, Link, Option, Select
from bot.core.message.plain import address

ANALYSE = ("summarize",)
"""The command that takes a link."""
NUMBER = "link"
"""Stands for the argument until the number is an address again."""
SHOWN = 10
"""Links that are offered."""
LINK_LIMIT = 350
"""Characters of one that can be offered beside others."""

_URL = re.compile(r"https?://[^\s<>\"|\\^`]+", re.IGNORECASE)
_MASKED = re.compile(r"\]\((https?://[^\s)]+)\)", re.IGNORECASE)


def links_in(message: Mapping[str, Any]) -> list[str]:
    """Of a message as Discord hands it over: in its words, its embeds and its components, each once, in their order."""
    found = (url for text in _texts(message) for url in _links(text))
    return list(dict.fromkeys(url for url in map(address, found) if url is not None))


def analyse(url: str) -> Invocation:
    return invocation(*ANALYSE, address=url)


def which_link(urls: Iterable[str]) -> Document:
    """The question. What is chosen says the command with a number (`chosen_link`)."""
    offered = [url for url in urls if len(url) <= LINK_LIMIT][: min(SHOWN, OPTIONS_LIMIT)]
    options = tuple(Option(f"{number}. {_short(url)}", str(number)) for number, url in enumerate(offered, 1))
    title = strings.discord.WHICH_LINK
    return Document(
        summary=title,
        blocks=(
            Heading(title, level=3),
            Bullets(tuple((Link(_short(url), url),) for url in offered), numbered=True),
            Actions((Select(strings.discord.CHOOSE_LINK, invocation(*ANALYSE), NUMBER, options),)),
        ),
    )


def chosen_link(said: Invocation, message: Mapping[str, Any] | None) -> Invocation:
    """With the address that the number stands for, in the message that asked; else as it was."""
    number = said.given(NUMBER)
    if said.path != ANALYSE or number is None:
        return said
    urls = links_in(message or {})
    if not number.isdecimal() or not 1 <= int(number) <= len(urls):
        return invocation(*ANALYSE)
    return analyse(urls[int(number) - 1])


def _short(url: str) -> str:
    parts = urlsplit(url)
    shown = f"{parts.hostname}{parts.path.rstrip('/')}"
    return shown if len(shown) <= 60 else f"{shown[:59]}…"


def _texts(message: Mapping[str, Any]) -> Iterator[str]:
    yield str(message.get("content") or "")
    for embed in message.get("embeds") or ():
        yield str(embed.get("url") or "")
        yield str(embed.get("description") or "")
    yield from _displayed(message.get("components") or ())


def _displayed(components: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    for one in components:
        if isinstance(one.get("content"), str):
            yield one["content"]
        yield from _displayed(one.get("components") or ())


def _links(text: str) -> Iterator[str]:
    """Masked links first: a bare one inside of their parentheses would take the bracket along."""
    masked = [(found.start(1), found[1]) for found in _MASKED.finditer(text)]
    rest = _MASKED.sub(lambda found: " " * len(found[0]), text)
    bare = [(found.start(), _trimmed(found[0])) for found in _URL.finditer(rest)]
    yield from (url for _, url in sorted(masked + bare))


def _trimmed(url: str) -> str:
    """Without the punctuation of the sentence that it ends, and a bracket that it does not open."""
    while url and (url[-1] in _ENDS or (url[-1] == ")" and url.count("(") < url.count(")"))):
        url = url[:-1]
    return url


_ENDS = frozenset(".,;:!?'\"*_~]}")
