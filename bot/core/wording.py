"""When two texts say the same: what counts as a change of words, and what is only typing.

An outlet's system touches its feed all day: quotes turn curly, entities appear and vanish, a comment count grows, a
link gets a tracking parameter. None of that is an edit. A changed word, number, question mark or per cent sign is.
"""

from __future__ import annotations

import html
import re
import unicodedata

from bot.core.address import canonical_address

_LINK = re.compile(r"https?://[^\s<>\"]+")
_COUNTER = re.compile(
    r"(?<![\d.,])\d[\d.,]{0,12}+[km]?\s?(?:comments?|points?|likes?|views?|replies|shares?|votes?|upvotes?|reactions?)\b"
    r"|\b(?:comments?|points?|likes?|views?|replies|shares?|votes?|score)\s?:\s?\d[\d.,]{0,12}"
    r"|\b(?:\d{1,3}|an?) (?:seconds?|minutes?|hours?|days?) ago\b"
)
_MAY_COUNT = re.compile(r"\d| ago\b")  # in whatever `_COUNTER` finds; much faster to look for
# A decimal number is one word; so is each sign that changes what a sentence means.
_WORD = re.compile(r"\d+(?:[.,:]\d+)*|[^\W\d_]+|[?!%$€£¥+=<>-](?=\S)|[?!%]")
_HYPHENS = re.compile("[\u2010-\u2015\u2212-]")


def wording(text: str) -> str:
    """The words of `text`, folded, separated by single spaces. Equal for texts that differ only in typing."""
    if "&" in text:
        text = html.unescape(text)
    text = text.lower() if text.isascii() else unicodedata.normalize("NFKC", text).casefold()
    if "http" in text:
        text = _LINK.sub(lambda link: canonical_address(link[0].rstrip(".,;)")), text)
    text = _HYPHENS.sub(" ", text).replace("'", "").replace("\u2019", "")
    if _MAY_COUNT.search(text):
        text = _COUNTER.sub(" ", text)
    return " ".join(_WORD.findall(text))


def same_wording(one: str, other: str) -> bool:
    return one == other or wording(one) == wording(other)


def alike(one: str, other: str, *, at_least: float = 0.5) -> bool:
    """Whether the words of two wordings overlap: shared over all different words."""
    words, others = set(one.split()), set(other.split())
    if not words or not others:
        return False
    return len(words & others) >= at_least * len(words | others)
