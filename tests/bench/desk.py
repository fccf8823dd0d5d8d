"""The desk's speed: the gate, scoring, joining, and whether a join costs the same however many stories there are.

Texts are made of the desk's own vocabulary by a seeded generator (teasers of some 45 words, each story with its own
names and numbers), so the bench needs no shared data. What runs on one core is timed by the process's own time, so that
what else the machine does plays no part. `stories=10000` makes the largest index smaller.

The index is frozen out of the garbage collector before joins are timed: one full collection over 100,000 stories takes
about a second, and would be shared by however few joins are measured.
"""

from __future__ import annotations

import gc
import json
import random
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from importlib.resources import files

import numpy as np
import psutil
from numpy.typing import NDArray

from adapters.models.embedder import MiniLmEmbedder
from adapters.models.shipped import load_gate, load_relevance_model, new_story_index
from bot.core.article import ArticleId
from bot.core.community import COMMON
from bot.core.desk.lead import lead
from bot.core.desk.relevance import Judged
from bot.core.desk.story_index import Found, JoinFacts
from bot.core.story import StoryId
from tests.quality.report import Goal, Report, Table

LARGEST = 100_000
SCORED = 300
PLACED = 300
GOALS = (
    Goal(figure="gate, articles/s", value=3_000),
    Goal(figure="scored and joined, articles/s", value=40),
    Goal(figure="join cost, largest to smallest", value=1.5, at_most=True),
)
START = datetime(2026, 3, 1, tzinfo=UTC)
UNJUDGED = Judged(relevance=0.0, ai=False, reasons=())


@dataclass(frozen=True, slots=True)
class _Teaser:
    title: str
    text: str


def measure(options: Mapping[str, str]) -> Report:
    largest = int(options.get("stories", LARGEST))
    teasers = list(_teasers(2_000, seed=1))
    gate, model, embedder = load_gate(), load_relevance_model(), MiniLmEmbedder()

    full = [(teaser.title, " ".join([teaser.text] * 12)) for teaser in teasers]
    gate_teasers = _rate(lambda: [gate(teaser.title, teaser.text) for teaser in teasers], len(teasers))
    gate_full = _rate(lambda: [gate(title, text) for title, text in full], len(full))

    embedder.embed_now(["loaded"])
    index = new_story_index()
    start = time.perf_counter()
    for number, teaser in enumerate(teasers[:SCORED]):
        gated = gate(teaser.title, teaser.text)
        (vector,), (of_title,) = embedder.embed_leads_now([lead(teaser.title, teaser.text)])
        judged = model.judge(teaser.title, teaser.text, gated, vector, of_title)
        facts = _facts(number, teaser, vector, judged)
        placed = index.place(facts)
        index.add(StoryId(number) if isinstance(placed, Found) else placed.story, COMMON, facts)
    scored = SCORED / (time.perf_counter() - start)

    sizes = [size for size in (1_000, 10_000, 100_000) if size <= largest]
    costs = [_join_cost(size) for size in sizes]
    memory = psutil.Process().memory_info().rss / 1e6
    figures = {
        "gate, articles/s": gate_full,
        "scored and joined, articles/s": scored,
        "join cost, largest to smallest": costs[-1] / costs[0],
    }
    return Report(
        name="desk",
        tables=[
            Table(
                title="The gate, articles a second",
                columns=("teasers", f"full texts of {len(full[0][1])} characters"),
                rows=[(gate_teasers, gate_full)],
            ),
            Table(title="Gated, embedded, judged and joined", columns=("articles/s",), rows=[(scored,)]),
            Table(
                title=f"One join, mean of {PLACED} ({memory:.0f} MB at the end)",
                columns=("stories in the window", "ms"),
                rows=[(size, cost * 1_000) for size, cost in zip(sizes, costs, strict=True)],
            ),
        ],
        figures=figures,
        goals=GOALS,
    )


def _join_cost(stories: int) -> float:
    """Seconds of this process's own time a placement, half of the articles with a story to join and half without."""
    index, noise = new_story_index(), np.random.default_rng(7)
    asked: list[JoinFacts] = []
    for number, teaser in enumerate(_teasers(stories, seed=2)):
        vector = _unit(noise.standard_normal(384))
        index.add(StoryId(number), COMMON, _facts(number, teaser, vector, UNJUDGED))
        if number >= stories - PLACED // 2:
            near = _unit(vector + 0.02 * noise.standard_normal(384))
            asked.append(_facts(stories + number, teaser, near, UNJUDGED))
    for number, teaser in enumerate(_teasers(PLACED // 2, seed=3)):
        asked.append(_facts(3 * stories + number, teaser, _unit(noise.standard_normal(384)), UNJUDGED))
    index.place(asked[0])
    gc.collect()
    gc.freeze()
    start = time.process_time()
    for facts in asked:
        index.place(facts)
    cost = (time.process_time() - start) / len(asked)
    gc.unfreeze()
    return cost


def _facts(
    number: int, teaser: _Teaser, vector: np.ndarray[tuple[int], np.dtype[np.float32]], judged: Judged
) -> JoinFacts:
    return JoinFacts(
        id=ArticleId(number),
        owner=COMMON,
        outlet=f"Outlet {number % 200}",
        title=teaser.title,
        text=teaser.text,
        published=START + timedelta(seconds=6 * number),
        vector=vector,
        judged=judged,
    )


def _teasers(count: int, *, seed: int) -> Iterator[_Teaser]:
    """Everyday words by Zipf's law, words of the desk, and names of each story's own."""
    chance = random.Random(seed)
    everyday = _english()
    chance.shuffle(everyday)
    odds = [1 / rank for rank in range(1, len(everyday) + 1)]
    desk = (
        "AI",
        "writers",
        "union",
        "contract",
        "layoffs",
        "studio",
        "copyright",
        "jobs",
        "strike",
        "actors",
        "workers",
    )
    drawn = iter(chance.choices(everyday, odds, k=count * 45))
    for _ in range(count):
        names = [_word(chance).capitalize() for _ in range(3)]
        told = [next(drawn) for _ in range(45)]
        title = [*names[:2], *chance.sample(desk, 2), *told[:6]]
        text = [
            *told[6:25],
            names[0],
            names[2],
            *chance.sample(desk, 2),
            *told[25:],
            str(chance.randrange(100, 90_000)),
        ]
        yield _Teaser(" ".join(title), " ".join(text) + ".")


def _english() -> list[str]:
    """Whole words of the tokenizer's vocabulary: real ones, that cost the embedder what real ones cost."""
    tokenizer = json.loads(files("bot.data").joinpath("minilm/tokenizer.json").read_text("utf-8"))
    return [word for word in tokenizer["model"]["vocab"] if word.isascii() and word.isalpha() and len(word) > 3]


def _word(chance: random.Random) -> str:
    syllables = chance.choices("ba ke li mo nu pra ste tri vo ran del mis tor gal sen".split(), k=chance.randint(2, 4))
    return "".join(syllables)


def _unit(vector: NDArray[np.float64]) -> NDArray[np.float32]:
    return np.asarray(vector / np.linalg.norm(vector), dtype=np.float32)


def _rate(work: object, count: int) -> float:
    assert callable(work)
    start = time.process_time()
    work()
    return count / (time.process_time() - start)
