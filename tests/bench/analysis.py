"""An extractive analysis of a seven-article story of full texts: wall time, and how long the event loop was held.

Beside it stands what an idle loop was held in the same minute: on a machine with other work the scheduler alone makes
it wait.

Text is made of the sample week's own reports, lengthened to the size of real ones (about 5,000 characters), so the
bench needs no shared data.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from dataclasses import replace
from statistics import median

from adapters.models.embedder import MiniLmEmbedder
from adapters.models.shipped import load_sides
from bot.app.extractive import ExtractiveAnalyst
from bot.core.article import ArticleId
from bot.core.story import Coverage, Member
from tests.quality.report import Goal, Report, Table
from tests.sample_stories import NOW, WEEK, sample_coverage

ARTICLES = 7
SIZE = 5_000
ROUNDS = 5
GOALS = (
    Goal(figure="seconds", value=1.5, at_most=True),
    Goal(figure="event loop held, ms", value=50.0, at_most=True),
)


def measure(options: Mapping[str, str]) -> Report:
    seconds, held, sentences, idle = asyncio.run(_run(int(options.get("rounds", ROUNDS))))
    figures = {"seconds": seconds, "event loop held, ms": held * 1_000}
    return Report(
        name="analysis",
        tables=[
            Table(
                title=f"Analysis of a {ARTICLES}-article story, median of {options.get('rounds', ROUNDS)}",
                columns=("characters an article", "claims", "seconds", "event loop held, ms", "an idle one, ms"),
                rows=[(SIZE, sentences, seconds, held * 1_000, idle * 1_000)],
            )
        ],
        figures=figures,
        goals=GOALS,
    )


async def _run(rounds: int) -> tuple[float, float, int, float]:
    embedder = MiniLmEmbedder()
    try:
        analyst = ExtractiveAnalyst(embedder, load_sides())
        story = _story()
        analysis = await analyst.analyse(story, {}, NOW)  # loads the model and the segmenter
        times, held = [], 0.0
        for _ in range(rounds):
            watch = asyncio.create_task(_longest_hold())
            await asyncio.sleep(0)
            start = time.perf_counter()
            analysis = await analyst.analyse(story, {}, NOW)
            times.append(time.perf_counter() - start)
            watch.cancel()
            held = max(held, await watch)
        watch = asyncio.create_task(_longest_hold())
        await asyncio.sleep(median(times))
        watch.cancel()
        return median(times), held, len(list(analysis.claims())), await watch
    finally:
        embedder.close()


async def _longest_hold() -> float:
    """The longest the loop kept a task waiting that wanted every millisecond, in seconds beyond that."""
    longest = 0.0
    try:
        while True:
            asked = time.perf_counter()
            await asyncio.sleep(0.001)
            longest = max(longest, time.perf_counter() - asked - 0.001)
    except asyncio.CancelledError:
        return longest


def _story() -> Coverage:
    """One relevant story of the sample week, its reports filled up with those of others and repeated in turn."""
    coverages = [sample_coverage(story.key) for story in WEEK.stories if story.relevant]
    largest = max(coverages, key=lambda coverage: len(coverage.members))
    others = [member.article for coverage in coverages for member in coverage.members]
    members = []
    for number in range(ARTICLES):
        article = largest.members[number % len(largest.members)].article
        text = article.content or article.summary
        for other in others[number::ARTICLES]:
            if len(text) >= SIZE:
                break
            text += "\n" + (other.content or other.summary)
        members.append(Member(article=replace(article, id=ArticleId(number + 1), content=text[:SIZE], language="en")))
    return Coverage(story=largest.story, members=tuple(members))
