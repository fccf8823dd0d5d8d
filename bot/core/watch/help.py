"""The query language explained: examples with what each finds, and what goes for all of them."""

from __future__ import annotations

from dataclasses import dataclass

from bot.core import strings
from bot.core.watch.parser import DEEPEST, MOST_CHARACTERS, MOST_TERMS, SHORTEST_STEM
from bot.core.watch.subject import FARTHEST


@dataclass(frozen=True, slots=True)
class Example:
    """`query` as a member may type it; `finds` in words."""

    query: str
    finds: str


@dataclass(frozen=True, slots=True)
class QueryHelp:
    title: str
    examples: tuple[Example, ...]
    rules: tuple[str, ...]


def query_help() -> QueryHelp:
    return QueryHelp(
        title=strings.query.HELP_TITLE,
        examples=tuple(Example(query, finds) for query, finds in strings.query.EXAMPLES),
        rules=strings.query.rules(
            terms=MOST_TERMS, characters=MOST_CHARACTERS, deep=DEEPEST, stem=SHORTEST_STEM, near=FARTHEST
        ),
    )
