"""Every bullet of every analysis of every real multi-article story: cited, grounded, standing alone, said once, in
budget.

All must be 100 %. Beside it stands how often each part of the form is filled: honest shortness shows there, since most
of `ai_labour_events` are feed teasers of a sentence or two. `python -m tests.quality bullets` measures;
`python -m tests.quality.bullets EVENT …` prints analyses to be read.
"""

from __future__ import annotations

import asyncio
import sys
from collections import Counter, defaultdict
from datetime import UTC, datetime

from adapters.models.embedder import MiniLmEmbedder
from adapters.models.shipped import load_sides
from adapters.text.markdown import markdown
from bot.app.extractive import ExtractiveAnalyst
from bot.core.analysis import EXTRACT_BUDGET, HEADLINE_LIMIT, Analysis
from bot.core.desk.clauses import opens_unresolved
from bot.core.desk.grounding import check
from bot.core.desk.wording import content_words
from bot.core.message.digest import analysis_document
from bot.core.story import Coverage
from tests.quality.real_stories import real_stories
from tests.quality.report import Goal, Report, Table

NOW = datetime(2024, 1, 1, tzinfo=UTC)
RULES = ("cited", "grounded", "in the source", "stands alone", "said once", "within budget")
GOALS = tuple(Goal(figure=rule, value=1.0) for rule in RULES)
SAME = 0.8
"""Share of shared content words from which two bullets say the same."""


def measure() -> Report:
    kept: dict[str, list[bool]] = defaultdict(list)
    filled: Counter[str] = Counter()
    stories = list(real_stories())
    analyses = asyncio.run(_analyses([coverage for _, coverage in stories]))
    for (_, coverage), analysis in zip(stories, analyses, strict=True):
        for rule, holds in _rules(coverage, analysis):
            kept[rule].append(holds)
        filled.update(_parts(analysis))
    figures = {rule: sum(kept[rule]) / len(kept[rule]) for rule in RULES}
    return Report(
        name="bullets",
        tables=[
            Table(
                title=f"Bullets: {len(kept['cited'])} of {len(stories)} real stories",
                columns=("rule", "checked", "kept"),
                rows=[(rule, len(kept[rule]), figures[rule]) for rule in RULES],
            ),
            Table(
                title="Parts filled",
                columns=("part", "stories", "share"),
                rows=[(part, count, count / len(stories)) for part, count in filled.most_common()],
            ),
        ],
        figures=figures,
        goals=GOALS,
    )


async def _analyses(stories: list[Coverage]) -> list[Analysis]:
    embedder = MiniLmEmbedder()
    try:
        analyst = ExtractiveAnalyst(embedder, load_sides())
        return [await analyst.analyse(story, {}, NOW) for story in stories]
    finally:
        embedder.close()


def _rules(coverage: Coverage, analysis: Analysis) -> list[tuple[str, bool]]:
    texts = {m.article.id: " ".join(f"{m.article.summary}\n{m.article.content}".split()) for m in coverage.members}
    evidence = {one.id: one for one in analysis.evidence}
    found: list[tuple[str, bool]] = []
    claims = list(analysis.claims())
    words = [content_words(claim.text) for claim in claims]
    for number, claim in enumerate(claims):
        cited = [evidence[one] for one in claim.evidence]
        found.append(("cited", bool(cited)))
        grounded = check(claim.text, [one.sentence for one in cited]).verdict == "supported"
        found.append(("grounded", grounded))
        found.append(("in the source", all(" ".join(one.sentence.split()) in texts[one.article] for one in cited)))
        found.append(("stands alone", not opens_unresolved(claim.text)))
        # Outlets that disagree on a number say nearly the same on purpose, in one paragraph.
        beside = {n for p in analysis.told if claim in p.claims for n, other in enumerate(claims) if other in p.claims}
        twins = [
            other
            for at, other in enumerate(words[:number])
            if at not in beside and len(other & words[number]) >= SAME * max(1, min(len(other), len(words[number])))
        ]
        found.append(("said once", not twins))
    spent: Counter[int] = Counter()
    for one in analysis.evidence:
        spent[one.article] += len(one.sentence.split())
    found.append(("within budget", all(count <= EXTRACT_BUDGET for count in spent.values())))
    found.append(("within budget", 0 < len(analysis.headline) <= HEADLINE_LIMIT))
    return found


def _parts(analysis: Analysis) -> list[str]:
    parts = {
        "deck": analysis.deck,
        "story": analysis.told,
        "story of two paragraphs or more": len(analysis.told) > 1,
        "why this matters": analysis.why,
        "background": analysis.background,
        "key perspectives": analysis.perspectives,
        "what to watch": analysis.watch,
        "a date to watch": any(one.due for one in analysis.watch),
    }
    return [part for part, there in parts.items() if there]


def _show(events: list[str]) -> None:
    stories = [(event, coverage) for event, coverage in real_stories() if not events or event in events]
    for analysis in asyncio.run(_analyses([coverage for _, coverage in stories])):
        print(markdown(analysis_document(analysis)))


if __name__ == "__main__":
    _show(sys.argv[1:])
