"""Relevance by held-out months: fitted on headlines before the split, measured on those after it.

`borderline` rows are left out. The keyword rule says yes where the gate finds both AI and work.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score

from bot.core.desk.relevance import RelevanceModel
from tests.quality.corpora import SPLIT, headlines
from tests.quality.invented import invented
from tests.quality.report import Goal, Report, Table
from tests.quality.train_relevance import Labelled, f1, fit, labelled

GOALS = (
    Goal(figure="f1", value=0.94),
    Goal(figure="average precision", value=0.98),
    Goal(figure="hard negatives let in", value=0.04, at_most=True),
)


def measure() -> Report:
    real, made_up = labelled(headlines()), labelled([item for item in invented() if item.published < SPLIT])
    items, gated = real.items, real.gated
    old = np.array([item.published < SPLIT and item.may_train for item in items])
    new = np.array([item.published >= SPLIT for item in items])
    older, newer = real[np.flatnonzero(old)], real[np.flatnonzero(new)]
    hard = np.array([item.label == "negative_hard" for item in newer.items])
    truth, positive = newer.positive, real.positive

    rows: list[tuple[str | float, ...]] = []
    keywords = np.array([float(bool(one.ai and one.work)) for one in newer.gated])
    rows.append(("AI word and work word", *_figures(truth, hard, keywords, 0.5)))
    plain = LogisticRegression(C=10, max_iter=5000).fit(older.vectors[0] * 3, older.positive)
    rows.append(("vector alone", *_figures(truth, hard, plain.predict_proba(newer.vectors[0] * 3)[:, 1], 0.5)))
    linear = LogisticRegression(max_iter=5000).fit(older.features, older.positive)
    rows.append(("without nearness", *_figures(truth, hard, linear.predict_proba(newer.features)[:, 1], 0.5)))
    rows.append(("without the invented", *_measured(fit(older, None), newer, hard)))
    figures = _measured(fit(older, made_up), newer, hard)
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


def _measured(model: RelevanceModel, newer: Labelled, hard: NDArray[np.bool_]) -> tuple[float, ...]:
    scores = [
        model.judge(item.title, item.text, one, *pair).relevance
        for item, one, *pair in zip(newer.items, newer.gated, *newer.vectors, strict=True)
    ]
    return _figures(newer.positive, hard, np.array(scores), model.threshold)


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
