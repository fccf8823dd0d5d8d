"""Joining on streams with known events: B-cubed precision, recall and F1 (Bagga & Baldwin 1998; Amigó et al. 2009).

Articles arrive by their date. The unassigned articles of the AI-and-labour stream arrive among the others and are
not scored, except that what they wrongly glue together counts. The weights were fitted on the events before the split
only, so its later half, and the 2017 set, are unseen.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Sequence
from datetime import timedelta

import numpy as np
from numpy.typing import NDArray

from adapters.models.shipped import new_story_index
from bot.core.community import COMMON
from bot.core.desk.story_index import Found, Join
from bot.core.story import StoryId
from tests.quality.corpora import SPLIT, Item, ai_labour_stream, giveme5w1h, vectors
from tests.quality.report import Goal, Report, Table
from tests.quality.train_stories import facts

GOALS = (Goal(figure="ai_labour_events f1", value=0.96), Goal(figure="giveme5w1h_2017 f1", value=0.95))

Joiner = Callable[[Sequence[Item], NDArray[np.float32]], list[Hashable]]


def joined(items: Sequence[Item], found: NDArray[np.float32]) -> list[Hashable]:
    """The story of each item, as the desk joins them in the order given."""
    index = new_story_index()
    for number, (item, vector) in enumerate(zip(items, found, strict=True)):
        arriving = facts(number, item, vector)
        match index.place(arriving):
            case Join(story=story, merges=merges):
                for merge in merges:
                    index.merge(merge.kept, merge.absorbed)
                index.add(story, COMMON, arriving)
            case Found():
                index.add(StoryId(number), COMMON, arriving)
    return [index.story_of(facts(number, item, found[number]).id) for number, item in enumerate(items)]


def by_vector_alone(items: Sequence[Item], found: NDArray[np.float32]) -> list[Hashable]:
    """The baseline: the closest story within four days by the mean vector, from a cosine of 0.66 on."""
    sums: list[NDArray[np.float32]] = []
    last: list[Item] = []
    stories: list[Hashable] = []
    for item, vector in zip(items, found, strict=True):
        cosines = [
            float(vector @ total) / float(np.linalg.norm(total))
            if item.published - latest.published <= timedelta(days=4)
            else -1.0
            for total, latest in zip(sums, last, strict=True)
        ]
        best = int(np.argmax(cosines)) if cosines else -1
        if best >= 0 and cosines[best] >= 0.66:
            sums[best] = sums[best] + vector
            last[best] = item
        else:
            best = len(sums)
            sums.append(vector)
            last.append(item)
        stories.append(best)
    return stories


def b_cubed(items: Sequence[Item], stories: Sequence[Hashable]) -> tuple[float, float, float]:
    """Precision, recall and F1 over the items that have a label."""
    true: dict[str, set[int]] = defaultdict(set)
    said: dict[Hashable, set[int]] = defaultdict(set)
    scored = [
        (at, item.label, story) for at, (item, story) in enumerate(zip(items, stories, strict=True)) if item.label
    ]
    for at, label, story in scored:
        true[str(label)].add(at)
        said[story].add(at)
    overlap = [(len(true[str(label)] & said[story]), true[str(label)], said[story]) for _, label, story in scored]
    precision = sum(shared / len(cluster) for shared, _, cluster in overlap) / len(scored)
    recall = sum(shared / len(event) for shared, event, _ in overlap) / len(scored)
    return precision, recall, 2 * precision * recall / (precision + recall)


def measure() -> Report:
    stream, staged = ai_labour_stream(), giveme5w1h()
    found, found_staged = vectors(stream), vectors(staged)
    newer = [at for at, item in enumerate(stream) if item.published >= SPLIT]
    older = [at for at, item in enumerate(stream) if item.published < SPLIT]
    sets = {
        "ai_labour_events": ([stream[at] for at in newer], found[newer]),
        "(older half, fitted on)": ([stream[at] for at in older], found[older]),
        "(both halves)": (stream, found),
        "giveme5w1h_2017": (staged, found_staged),
    }
    joiners: dict[str, Joiner] = {"vector and window": by_vector_alone, "the desk": joined}
    rows: list[tuple[str | float, ...]] = []
    figures: dict[str, float] = {}
    for name, (items, rows_of) in sets.items():
        for joiner, join in joiners.items():
            precision, recall, score = b_cubed(items, join(items, rows_of))
            rows.append((name, joiner, precision, recall, score))
            figures[f"{name} f1"] = score  # the desk is last
    return Report(
        name="stories",
        tables=[Table(title="Stories, B-cubed", columns=["set", "", "precision", "recall", "f1"], rows=rows)],
        figures={name: value for name, value in figures.items() if not name.startswith("(")},
        goals=GOALS,
    )
