"""The headline: the most central title of the story, in the outlet's own words, cleaned of what is not headline.

Cleaning cuts an outlet's name after "|" or " - ", and prefixes such as "Live:". A title that teases ("here's which
ones", "you won't believe", a question) gives way to one that tells.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from bot.core.analysis import HEADLINE_LIMIT

_PREFIX = re.compile(
    r"^(?:live(?:\s(?:updates?|blog))?|breaking(?:\snews)?|update(?:d)?(?:\s\d)?|exclusive|watch|"
    r"video|opinion|analysis|report|just in|developing|"
    r"in pictures|podcast|explainer|show hn|news)\s?[:|–—-]\s+",
    re.IGNORECASE,
)
_LIVE_SUFFIX = re.compile(
    r"\s?[–—:|-]\s?(?:live(?:\supdates?)?|as it happened|report(?:s)?|video|watch|"
    r"study(?: finds)?|sources?|exclusive)\s*$",
    re.IGNORECASE,
)
_TEASE = re.compile(
    r"\?|\bhere(?:[’']s| is| are)\b|\bthis is (?:why|how|what)\b|\b(?:you won[’']t|you need|"
    r"you should|what you|everything you|"
    r"what we know|find out|the reason|guess|believe it|surpris\w+|shocking|stunning|unsettling|"
    r"insane|terrifying|finally|just got|these are)\b|!|^\d+ (?:things|ways|reasons)|"
    r"^(?:how|why|what|when|if|the morning after|opinion)\b|\.\.\.|…|\b(?:your?|I|we|me|my)\b",
    re.IGNORECASE,
)
_CUTS = (" — ", " – ", " | ", "; ", ": ", ", as ", ", while ", ", after ", ", but ", ", and ", ", ")


def clean_title(title: str, outlet: str) -> str:
    """The title without outlet suffix and label prefix, white space tidied; at most 2,000 characters are read."""
    text = " ".join(title[:2_000].split())
    for _ in range(2):
        text = _PREFIX.sub("", text)
        text = _LIVE_SUFFIX.sub("", text)
        text = _without_outlet(text, outlet)
    return text.strip(" |–—-")


def _without_outlet(text: str, outlet: str) -> str:
    head, mark, tail = _last_cut(text)
    if not mark:
        return text
    if mark.strip() == "|" and len(head.split()) >= 3 and len(tail.split()) <= 5:
        return head
    name = re.sub(r"\W|\b(?:www|com|co|uk|org|net|the)\b", "", outlet.casefold())
    folded = re.sub(r"\W|\bthe\b", "", tail.casefold())
    same = bool(folded) and bool(name) and (folded in name or name in folded)
    return head if same and len(head.split()) >= 3 else text


def _last_cut(text: str) -> tuple[str, str, str]:
    best = max((" | ", " - ", " – ", " — "), key=text.rfind)
    return text.rpartition(best) if best in text else (text, "", "")


def teases(title: str) -> bool:
    """Whether a title asks, teases or talks to the reader instead of telling."""
    return bool(_TEASE.search(title))


def fit(title: str, limit: int = HEADLINE_LIMIT) -> str:
    """The title within `limit` characters, cut at a clause border if there is one, else at a word with "…"."""
    if len(title) <= limit:
        return title
    for mark in _CUTS:
        at = title.rfind(mark, 0, limit + 1)
        if at >= 30:
            return title[:at]
    at = title.rfind(" ", 0, limit)
    return title[: at if at > 0 else limit - 1].rstrip(" ,;:") + "…"


SHARED = 0.3
"""What a title gains whose every word another title has too: it tells what is agreed, not an aside of one outlet."""
ENOUGH = 6
"""Titles from which on their words are compared; among a few, sharing is chance."""


def shared(titles: Sequence[str], *, enough: int = ENOUGH) -> list[float]:
    """For each title the share of its longer words that also stand in another title; 0 where there are fewer titles
    than are `enough`."""
    if len(titles) < enough:
        return [0.0] * len(titles)
    bags = [frozenset(word for word in re.findall(r"[^\W_]+", title.casefold()) if len(word) > 3) for title in titles]
    times = Counter(word for bag in bags for word in bag)
    return [sum(times[word] > 1 for word in bag) / len(bag) if bag else 0.0 for bag in bags]


def choose_title(titles: Sequence[str], centrality: Sequence[float]) -> int | None:
    """Index of the title to use: central, telling, of a good length; None if none has two words.

    `titles` are cleaned; `centrality` is each one's likeness to the story, about 0 to 1.
    """
    best: tuple[float, int] | None = None
    common = shared(titles)
    for index, (title, central) in enumerate(zip(titles, centrality, strict=True)):
        words = len(title.split())
        if words < 2:
            continue
        score = (
            central
            + SHARED * common[index]
            - 0.25 * teases(title)
            - 0.1 * (words < 5)
            - 0.15 * (len(title) > HEADLINE_LIMIT)
            - 0.08 * title.isupper()
        )
        if best is None or score > best[0] + 1e-9:
            best = (score, index)
    return best[1] if best else None
