"""Relevance by held-out months: fitted on headlines before the split, measured on those after it.

`borderline` rows are left out. The keyword rule says yes where the gate finds both AI and work.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score

from tests.quality.corpora import SPLIT
from tests.quality.report import Goal, Report, Table
from tests.quality.train_relevance import f1, fit, labelled

GOALS = (
    Goal(figure="f1", value=0.94),
    Goal(figure="average precision", value=0.98),
    Goal(figure="hard negatives let in", value=0.04, at_most=True),
)


def measure() -> Report:
    items, gated, found, positive = labelled()
    old = np.array([item.published < SPLIT and item.may_train for item in items])
    new = np.array([item.published >= SPLIT for item in items])
    hard = np.array([item.label == "negative_hard" for item in items])[new]
    truth = positive[new]

    rows: list[tuple[str | float, ...]] = []
    keywords = np.array([float(bool(one.ai and one.work)) for one in gated])[new]
    rows.append(("AI word and work word", *_figures(truth, hard, keywords, 0.5)))
    plain = LogisticRegression(C=10, max_iter=5000).fit(found[old] * 3, positive[old])
    rows.append(("vector alone", *_figures(truth, hard, plain.predict_proba(found[new] * 3)[:, 1], 0.5)))
    older = np.flatnonzero(old)
    model = fit([items[at] for at in older], [gated[at] for at in older], found[old], positive[old])
    scores = np.array(
        [
            model.judge(item.title, item.text, one, vector).relevance
            for item, one, vector, use in zip(items, gated, found, new, strict=True)
            if use
        ]
    )
    figures = _figures(truth, hard, scores, model.threshold)
    rows.append(("this model", *figures))

    missed_by_gate = sum(not one.passed for one, use, yes in zip(gated, new, positive, strict=True) if use and yes)
    turned_away = np.mean(
        [not one.passed for one, use, yes in zip(gated, new, positive, strict=True) if use and not yes]
    )
    names = ("f1", "average precision", "precision", "recall", "hard negatives let in")
    return Report(
        name="relevance",
        tables=[
            Table(
                title=f"Relevance: fitted on {old.sum()} headlines before {SPLIT:%Y-%m-%d}, measured on {len(truth)}",
                columns=["", *names],
                rows=rows,
            ),
            Table(
                title="The gate",
                columns=["positives turned away", "of", "negatives turned away"],
                rows=[(missed_by_gate, int(truth.sum()), float(turned_away))],
            ),
        ],
        figures=dict(zip(names, figures, strict=True)),
        goals=GOALS,
    )


def _figures(
    truth: NDArray[np.bool_], hard: NDArray[np.bool_], scores: NDArray[np.float64], threshold: float
) -> tuple[float, ...]:
    said = scores >= threshold
    return (
        f1(truth, said),
        float(average_precision_score(truth, scores)),
        float(truth[said].mean()),
        float(said[truth].mean()),
        float(said[hard].mean()),
    )
