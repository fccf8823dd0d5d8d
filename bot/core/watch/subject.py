"""What watches are held against: one article, cut into words once however many watches there are."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from bot.core.article import NewArticle
from bot.core.watch.names import Mention
from bot.core.watch.query import FactKind, fact_value, host_of
from bot.core.watch.words import placed_words, words

FARTHEST = 100
"""The most words that near/N may lie apart. Title and text are farther from each other than that."""
READ = 200_000
"""Characters of a text that are looked at: some 30,000 words, a short book. Bounds what hostile text can cost."""
READ_TITLE = 2_000
"""Characters of a title."""
LONGEST_NAME = 12
"""Words of an outlet's name that are looked at."""

Range = tuple[int, int]
"""First word and the word after the last, as numbers in `Subject.words`."""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False, eq=False)
class Subject:
    """Made by `subject`.

    `whole` is the title, a blank line and the text; `starts[n]` and `ends[n]` are where word n stands in it. Between
    the words of title and text are `FARTHEST` empty ones, so that no phrase and no near reaches across. `places` are
    the numbers at which a word stands, rising; `vocabulary` the different words, sorted. `mentions` are by entry.
    `facts` and `keys` are what a rule may be anchored to: words ("strike"), pairs ("sag aftra"), facts ("desk:guilds")
    and entries ("@wga").
    """

    whole: str
    title_end: int
    words: tuple[str, ...]
    starts: Sequence[int]
    ends: Sequence[int]
    places: Mapping[str, Sequence[int]]
    vocabulary: Sequence[str]
    mentions: Mapping[str, Sequence[Range]]
    facts: frozenset[str]
    keys: frozenset[str]


def whole_text(title: str, text: str) -> str:
    """In which mentions are to be found: their places are places in this."""
    return f"{title[:READ_TITLE]}\n\n{text[:READ]}"


def subject_of(
    article: NewArticle,
    text: str,
    *,
    desk: str | None = None,
    mentions: Iterable[Mention] = (),
    named: Iterable[str] = (),
) -> Subject:
    """Of an article. `text` is all we hold of it (`Article.text`); see `subject`."""
    return subject(
        article.title,
        text,
        outlet=article.outlet.name,
        url=article.url,
        desk=desk,
        language=article.language,
        mentions=mentions,
        named=named,
    )


def subject(
    title: str,
    text: str,
    *,
    outlet: str = "",
    url: str = "",
    desk: str | None = None,
    language: str | None = None,
    mentions: Iterable[Mention] = (),
    named: Iterable[str] = (),
) -> Subject:
    """Never raises for what an article says. `desk` is that of the feed it came by, `language` BCP 47; either may be
    unknown, and is then no desk and no language. `mentions` are places in the `whole_text`; `named` are entries that it
    is about without there being one place that names them (the suit of A against B)."""
    title = title[:READ_TITLE]
    whole = whole_text(title, text)
    read: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    places: dict[str, list[int]] = {}
    title_end, offset = len(title), len(title) + 2
    for word, start, end in placed_words(title):
        places.setdefault(word, []).append(len(read))
        read.append(word)
        starts.append(start)
        ends.append(end)
    read += [""] * FARTHEST
    starts += [title_end] * FARTHEST
    ends += [title_end] * FARTHEST
    for word, start, end in placed_words(whole[offset:]):
        places.setdefault(word, []).append(len(read))
        read.append(word)
        starts.append(start + offset)
        ends.append(end + offset)
    entries: dict[str, list[Range]] = {entry: [] for entry in named}
    for mention in mentions:
        first = bisect_right(ends, mention.start)
        if first < len(read) and 0 <= mention.start < mention.end:
            entries.setdefault(mention.entry, []).append((first, max(first + 1, bisect_left(starts, mention.end))))
    facts = frozenset(_facts(outlet, url, desk, language))
    pairs = {f"{one} {other}" for one, other in pairwise(read)}
    return Subject(
        whole=whole,
        title_end=title_end,
        words=tuple(read),
        starts=starts,
        ends=ends,
        places=places,
        vocabulary=sorted(places),
        mentions={entry: sorted(set(ranges)) for entry, ranges in entries.items()},
        facts=facts,
        keys=facts.union(places, pairs, (f"@{entry}" for entry in entries)),
    )


def _facts(outlet: str, url: str, desk: str | None, language: str | None) -> Iterable[str]:
    """Everything that `source:`, `desk:` and `lang:` may say of it: any words in a row of the outlet's name, the host
    and the domains above it, the language and what it is a kind of."""
    name = words(outlet)[:LONGEST_NAME]
    for first in range(len(name)):
        for last in range(first, len(name)):
            yield f"{FactKind.SOURCE}:{' '.join(name[first : last + 1])}"
    for host in filter(None, (host_of(url), host_of(outlet))):
        labels = host.split(".")
        for at in range(len(labels) - 1):
            yield f"{FactKind.SOURCE}:{'.'.join(labels[at:])}"
    if desk and (value := fact_value(FactKind.DESK, desk)):
        yield f"{FactKind.DESK}:{value}"
    if language and (tag := fact_value(FactKind.LANG, language)):
        subtags = tag.split("-")
        for upto in range(1, len(subtags) + 1):
            yield f"{FactKind.LANG}:{'-'.join(subtags[:upto])}"
