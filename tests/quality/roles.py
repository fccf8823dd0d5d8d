"""Roles of sentences against labels made by reading, and the choice of bullets beside lead-3 and TextRank.

The labels hold article ids, offsets and roles only; the texts stay in the shared data. One label a sentence, for its
main part; headings, captions and half sentences were left out. Every figure is held out by article: eight folds, three
times, each fitted without the articles it is measured on. The cues themselves were written by the one who labelled.

Bullets: of each article that has a sentence with that label, three sentences are taken by our score for the role, by
lead-3 and by TextRank; the share that bears the label is shown.
"""

from __future__ import annotations

import json
import random
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from statistics import mean

import numpy as np

from bot.core.desk.roles import Role, cues
from bot.core.desk.sentences import split
from bot.core.desk.wording import stems
from tests.quality.report import Goal, Report, Table
from tests.shared import SHARED

LABELS = Path(__file__).parent / "role_labels.jsonl"
GOALS = (Goal(figure="macro F1", value=0.55),)  # no goal was given; below this a change has broken something
FOLDS, REPEATS = 8, 3
Fit = Callable[[Sequence["Labelled"]], tuple[Sequence[float], Mapping[str, Sequence[float]]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Labelled:
    article: str
    text: str
    position: int
    role: Role
    said: Role | None = None
    scores: Mapping[Role, float] = field(default_factory=dict)


def measure() -> Report:
    from tests.quality.train_roles import fit  # which needs the labels of this module

    sentences = read_labels()
    judged = [one for seed in range(REPEATS) for one in _held_out(sentences, fit, seed)]
    rows: list[tuple[str | float, ...]] = [
        (str(role), sum(one.role is role for one in sentences), f1(judged, role)) for role in Role
    ]
    figures = {"macro F1": mean(f1(judged, role) for role in Role)}
    rows.append(("macro", len(sentences), figures["macro F1"]))
    articles: dict[str, list[Labelled]] = defaultdict(list)
    for one in judged[: len(sentences)]:
        articles[one.article].append(one)
    choices: list[tuple[str | float, ...]] = []
    for role in (Role.SIGNIFICANCE, Role.BACKGROUND, Role.OUTLOOK):
        having = [mine for mine in articles.values() if any(one.role is role for one in mine)]
        choices.append(
            (
                str(role),
                len(having),
                mean(_precision(mine, role, [-float(one.position) for one in mine]) for mine in having),
                mean(_precision(mine, role, textrank([one.text for one in mine])) for mine in having),
                mean(_precision(mine, role, [one.scores[role] for one in mine]) for mine in having),
            )
        )
    return Report(
        name="roles",
        tables=[
            Table(
                title=f"Roles: {len(sentences)} labelled sentences of {len(articles)} articles, held out by article",
                columns=("role", "labelled", "F1"),
                rows=rows,
            ),
            Table(
                title="Three bullets an article: how many bear the role",
                columns=("role", "articles", "lead-3", "TextRank", "ours"),
                rows=choices,
            ),
        ],
        figures=figures,
        goals=GOALS,
    )


def _held_out(sentences: Sequence[Labelled], fit: Fit, seed: int) -> list[Labelled]:
    """Every sentence judged by weights fitted without its article, in the order of `sentences`."""
    articles = sorted({one.article for one in sentences})
    random.Random(seed).shuffle(articles)
    fold = {article: number % FOLDS for number, article in enumerate(articles)}
    fitted = {number: fit([one for one in sentences if fold[one.article] != number]) for number in range(FOLDS)}
    return [_judged(one, *fitted[fold[one.article]]) for one in sentences]


def _judged(one: Labelled, bias: Sequence[float], weights: Mapping[str, Sequence[float]]) -> Labelled:
    found = [weights[cue] for cue in cues(one.text, one.position) if cue in weights]
    scores = {role: bias[at] + sum(row[at] for row in found) for at, role in enumerate(Role)}
    return replace(one, said=max(Role, key=lambda role: scores[role]), scores=scores)


def read_labels() -> list[Labelled]:
    """The labelled sentences with their texts, in the file's order."""
    texts: dict[tuple[str, str], str] = {}
    for source in ("relevance/fulltext", "stories/giveme5w1h_2017"):
        with (SHARED / f"data/{source}.jsonl").open(encoding="utf-8") as lines:
            for line in lines:
                row = json.loads(line)
                texts[source, row["id"]] = row["text"]
    found = []
    with LABELS.open(encoding="utf-8") as lines:
        for line in lines:
            label = json.loads(line)
            text = texts[label["source"], label["article"]]
            position = sum(span.start < label["start"] for span in split(text[: label["end"]]))
            sentence = text[label["start"] : label["end"]]
            found.append(Labelled(article=label["article"], text=sentence, position=position, role=Role(label["role"])))
    return found


def f1(sentences: Sequence[Labelled], role: Role) -> float:
    right = sum(one.role is role and one.said is role for one in sentences)
    return 2 * right / max(1, sum((one.role is role) + (one.said is role) for one in sentences))


def _precision(mine: Sequence[Labelled], role: Role, scores: Sequence[float]) -> float:
    best = sorted(range(len(mine)), key=lambda at: -scores[at])[:3]
    return sum(mine[at].role is role for at in best) / len(best)


def textrank(sentences: Sequence[str]) -> list[float]:
    """Mihalcea and Tarau's sentence ranking: shared words over the logs of both lengths, damped by 0.85."""
    words = [set(stems(sentence)) for sentence in sentences]
    size = len(words)
    weights = np.zeros((size, size))
    for one in range(size):
        for two in range(size):
            if one != two and len(words[one]) > 1 and len(words[two]) > 1:
                weights[one, two] = len(words[one] & words[two]) / (np.log(len(words[one])) + np.log(len(words[two])))
    sums = weights.sum(axis=1, keepdims=True)
    spread = np.divide(weights, sums, out=np.full_like(weights, 1 / size), where=sums > 0)
    rank = np.full(size, 1 / size)
    for _ in range(50):
        rank = 0.15 / size + 0.85 * spread.T @ rank
    return [float(value) for value in rank]
