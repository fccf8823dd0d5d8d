"""Fits how joining weighs its measures, and the table of how rare terms are; writes them into `bot/data/models`.

The older half of the AI-and-labour events is replayed with the true stories; each arriving article against each
candidate story is an example. Unassigned articles are stories of their own, and a pair of them is no example.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Sequence
from datetime import datetime
from importlib.resources import as_file, files

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from adapters.models.shipped import load_gate
from bot.core.article import ArticleId
from bot.core.community import COMMON
from bot.core.desk.affinity import MEASURES, Affinity
from bot.core.desk.relevance import Judged
from bot.core.desk.story_index import JoinFacts, StoryIndex, Thresholds
from bot.core.desk.traits import BUCKETS, READ, Rarity, terms_of
from bot.core.story import StoryId
from tests.quality.corpora import SPLIT, Item, ai_labour_stream, day, headlines, vectors
from tests.quality.report import Report, Table

STRENGTH = 3.0
"""Inverse of the L2 penalty, on measures scaled to one standard deviation."""
EVIDENCE = 1.25
"""The weight of `evidence`. The events fitted on have teasers only, which never show any; this one was chosen on the
older half of the 2017 set, whose articles have full texts."""
CONFLICT = -2.0
"""The weight of `conflict`, too rare in the events to be fitted: set, and seen to cost nothing."""
THRESHOLDS = {"join": 0.065, "absorb": 0.15, "merge": 1.25, "loose": 0.01}
"""Chosen on the older halves, and on the days of the stream for merging."""
UNJUDGED = Judged(relevance=0.0, ai=False, reasons=())


def facts(number: int, item: Item, vector: NDArray[np.float32]) -> JoinFacts:
    return JoinFacts(
        id=ArticleId(number),
        owner=COMMON,
        outlet=item.outlet,
        title=item.title,
        text=item.text,
        published=item.published,
        vector=vector,
        judged=UNJUDGED,
    )


def rarity_before(moment: datetime) -> NDArray[np.float32]:
    """Inverse document frequency by hashed term, over what the gate lets in."""
    gate = load_gate()
    items = [item for item in (*headlines(), *ai_labour_stream(), *day("2023-05-02")) if item.may_train]
    seen = {(item.title, item.text): item for item in items if item.published < moment}
    frequency = np.zeros(BUCKETS)
    count = 0
    for item in seen.values():
        if gate(item.title, item.text).passed:
            count += 1
            terms = {*terms_of(item.title[:READ]), *terms_of(item.text[:READ])}
            frequency[list({zlib.crc32(term.encode()) % BUCKETS for term in terms})] += 1
    return np.log((count + 1) / (frequency + 1)).astype(np.float32)


def examples(
    items: Sequence[Item], found: NDArray[np.float32], affinity: Affinity
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    index = StoryIndex(affinity, Thresholds(join=1.0, absorb=1.0, merge=2.0, loose=0.0))
    stories: dict[str, StoryId] = {}
    event_of: dict[StoryId, str | None] = {}
    rows: list[NDArray[np.float64]] = []
    same: list[bool] = []
    for number, (item, vector) in enumerate(zip(items, found, strict=True)):
        arriving = facts(number, item, vector)
        for story, measures in index.measured(arriving):
            if item.label is not None or event_of[story] is not None:
                rows.append(measures)
                same.append(item.label is not None and item.label == event_of[story])
        fresh = StoryId(number)
        story = fresh if item.label is None else stories.setdefault(item.label, fresh)
        event_of[story] = item.label
        index.add(story, COMMON, arriving)
    return np.array(rows), np.array(same)


def measure() -> Report:
    items = ai_labour_stream()
    found = vectors(items)
    older = [at for at, item in enumerate(items) if item.published < SPLIT]
    rarity = rarity_before(SPLIT)
    untrained = Affinity(dict.fromkeys(MEASURES, 0.0), 0.0, Rarity(rarity))
    rows, same = examples([items[at] for at in older], found[older], untrained)
    rows[:, [MEASURES.index("evidence"), MEASURES.index("conflict")]] = 0.0
    spread = np.where(rows.std(axis=0) > 0, rows.std(axis=0), 1.0)
    classifier = LogisticRegression(C=STRENGTH, max_iter=5000).fit(rows / spread, same)
    fitted = zip(MEASURES, classifier.coef_[0] / spread, strict=True)
    weights = {name: round(float(weight), 4) for name, weight in fitted} | {"evidence": EVIDENCE, "conflict": CONFLICT}
    stored = {"weights": weights, "bias": round(float(classifier.intercept_[0]), 4), "thresholds": THRESHOLDS}
    with as_file(files("bot.data").joinpath("models")) as folder:
        np.savez_compressed(folder / "rarity.npz", rarity=rarity.astype(np.float16))
        (folder / "stories.json").write_text(json.dumps(stored, indent=2) + "\n", encoding="utf-8")
    return Report(
        name="train-stories",
        tables=[
            Table(
                title=f"Joining: {len(rows)} pairs, {int(same.sum())} of them true",
                columns=["measure", "weight"],
                rows=list(weights.items()),
            )
        ],
    )
