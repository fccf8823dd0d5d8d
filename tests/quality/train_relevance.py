"""Fits the relevance model and writes `bot/data/models/relevance.npz`.

Trained on `relevance/headlines` without borderline rows and without rows under a non-commercial licence: what ships
on all dates; what `measure` of the relevance section reports on the older half alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib.resources import as_file, files
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, hstack
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold, cross_val_predict

from adapters.models.shipped import load_gate
from bot.core.desk.gate import Gated
from bot.core.desk.relevance import BUCKETS, RelevanceModel, bag, features
from tests.quality.corpora import Item, headlines, vectors
from tests.quality.report import Report, Table

STRENGTH = 1.0
"""Inverse of the L2 penalty."""


def labelled() -> tuple[list[Item], list[Gated], NDArray[np.float32], NDArray[np.bool_]]:
    """Headlines without borderline rows: item, what the gate found, vector, whether positive."""
    items = headlines()
    found = vectors(items)
    kept = [at for at, item in enumerate(items) if item.label != "borderline"]
    gate = load_gate()
    chosen = [items[at] for at in kept]
    return (
        chosen,
        [gate(item.title, item.text) for item in chosen],
        found[kept],
        np.array([item.label == "positive" for item in chosen]),
    )


def fit(
    items: Sequence[Item], gated: Sequence[Gated], found: NDArray[np.float32], positive: NDArray[np.bool_]
) -> RelevanceModel:
    """The threshold is the one with the best F1 in cross-validation on the same rows."""
    dense = np.array([features(one, vector) for one, vector in zip(gated, found, strict=True)])
    rows = hstack([csr_array(dense), _bags(items)]).tocsr()
    passed = np.array([one.passed for one in gated])
    folds = StratifiedKFold(5, shuffle=True, random_state=412)
    held_out = cross_val_predict(_classifier(), rows, positive, cv=folds, method="predict_proba")[:, 1] * passed
    threshold = max(np.linspace(0.1, 0.9, 81), key=lambda at: f1(positive, held_out >= at))
    classifier = _classifier().fit(rows[passed], positive[passed])
    weights, words = np.split(classifier.coef_[0], [dense.shape[1]])
    return RelevanceModel(weights, words, float(classifier.intercept_[0]), float(threshold))


def _bags(items: Sequence[Item]) -> Any:
    bags = [bag(item.title, item.text) for item in items]
    row = [at for at, slots in enumerate(bags) for _ in slots]
    slot = [slot for slots in bags for slot in slots]
    weight = [weight for slots in bags for weight in slots.values()]
    return csr_array((weight, (row, slot)), shape=(len(items), BUCKETS))


def measure() -> Report:
    items, gated, found, positive = labelled()
    kept = [at for at, item in enumerate(items) if item.may_train]
    model = fit([items[at] for at in kept], [gated[at] for at in kept], found[kept], positive[kept])
    with as_file(files("bot.data").joinpath("models")) as folder:
        np.savez_compressed(
            folder / "relevance.npz",
            weights=model.weights.astype(np.float32),
            words=model.words.astype(np.float16),
            bias=np.float32(model.bias),
            threshold=np.float32(model.threshold),
        )
    rows = [(len(kept), int(positive[kept].sum()), len(model.weights) + len(model.words), model.threshold)]
    return Report(
        name="train-relevance",
        tables=[Table(title="Relevance model", columns=["rows", "positive", "weights", "threshold"], rows=rows)],
    )


def f1(truth: NDArray[np.bool_], said: NDArray[np.bool_]) -> float:
    right = int((truth & said).sum())
    return 2 * right / max(1, int(truth.sum() + said.sum()))


def _classifier() -> LogisticRegression:
    return LogisticRegression(C=STRENGTH, max_iter=5000)
