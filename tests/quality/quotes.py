"""Speakers of direct quotations against PolNeAR's human attributions (the dev part; the train part was for looking).

A gold quotation is an attribution whose content holds quotation marks. Ours counts as right where the words it names
as speaker overlap the gold source span. "Attributed" is how many of the gold quotations we name anybody for: the
others are shown as unattributed. Pronouns count by where they stand; the names they resolve to are not in the gold.
"""

from __future__ import annotations

import json
from typing import Any

from bot.core.desk.quotes import Quote, find_quotes
from tests.quality.report import Goal, Report, Table
from tests.shared import SHARED

GOALS = (Goal(figure="speaker right", value=0.9),)
MARKS = "“”\"'‘’"


def measure(part: str = "dev", show: int = 0) -> Report:
    right = wrong = silent = absent = resolved = 0
    with (SHARED / f"data/quotes/polnear_{part}.jsonl").open(encoding="utf-8") as lines:
        for line in lines:
            article = json.loads(line)
            gold = [one for one in article["attributions"] if one["source"]]
            for quote in find_quotes(article["text"]):
                if len(quote.words.split()) < 3:
                    continue
                sources = _sources(quote, gold)
                if not sources:
                    absent += 1
                elif quote.mention is None:
                    silent += 1
                elif any(quote.mention[0] < end and start < quote.mention[1] for start, end in sources):
                    right += 1
                    resolved += quote.speaker is not None
                else:
                    wrong += 1
                    if show:
                        show -= 1
                        _print(article["text"], quote, sources)
    attributed = right + wrong
    figures = {
        "speaker right": right / attributed,
        "attributed": attributed / (attributed + silent),
        "named": resolved / max(1, right),
    }
    return Report(
        name="quotes",
        tables=[
            Table(
                title=f"Quotes: PolNeAR {part}",
                columns=(
                    "quotations with a gold speaker",
                    "attributed",
                    "right",
                    "wrong",
                    "named, not a pronoun",
                    "not in gold",
                ),
                rows=[(attributed + silent, attributed, right, wrong, resolved, absent)],
            )
        ],
        figures=figures,
        goals=GOALS,
    )


def _sources(quote: Quote, gold: list[dict[str, Any]]) -> list[tuple[int, int]]:
    """Source spans of the gold attributions whose content covers most of the quotation."""
    spans: list[tuple[int, int]] = []
    for one in gold:
        content = [(start, end) for part in one["content"] for start, end in part["spans"]]
        covered = sum(max(0, min(end, quote.end) - max(start, quote.start)) for start, end in content)
        if covered >= 0.6 * (quote.end - quote.start):
            spans += [(start, end) for part in one["source"] for start, end in part["spans"]]
    return spans


def _print(text: str, quote: Quote, sources: list[tuple[int, int]]) -> None:
    assert quote.mention is not None
    around = text[max(0, quote.start - 160) : quote.end + 160].replace("\n", "⏎")
    print(f"ours {text[quote.mention[0] : quote.mention[1]]!r}, gold {[text[a:b] for a, b in sources]}: {around}\n")
