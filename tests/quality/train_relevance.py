"""Fits the relevance model and writes `bot/data/models/relevance.npz`.

Trained on `relevance/headlines` without borderline rows and without rows under a non-commercial licence, and on the
headlines of `invented`: what ships on all dates; what `measure` of the relevance section reports on the older half
alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import as_file, files
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from sklearn.linear_model import LogisticRegression
from sklearn.svm import SVC

from adapters.models.shipped import load_gate
from bot.core.desk.gate import Gated
from bot.core.desk.relevance import BUCKETS, REACH, STEP, RelevanceModel, bag, features
from tests.quality.corpora import Item, headlines, lead_vectors
from tests.quality.invented import invented
from tests.quality.report import Report, Table

SLACK = 2.0
"""How much an example on the wrong side costs (the C of a support vector machine)."""
WORDS = 0.05
"""How much a shared word counts beside nearness."""
BLOCKS = 6
"""Runs of dates that are left out in turn, to see what scores mean on days not trained on."""
THRESHOLD = 0.5
"""More likely than not. In cross-validation before the split F1 is flat from 0.3 to 0.6, and 4 % of the hard negatives
are let in here."""


@dataclass(frozen=True, slots=True)
class Labelled:
    """Headlines, and by row what the gate found, features and words. In order of time."""

    items: Sequence[Item]
    gated: Sequence[Gated]
    features: NDArray[np.float32]  # rounded to what is shipped
    vectors: tuple[NDArray[np.float32], NDArray[np.float32]]
    words: Any  # sparse, BUCKETS wide
    positive: NDArray[np.bool_]

    def __getitem__(self, rows: NDArray[np.intp]) -> Labelled:
        return Labelled(
            [self.items[row] for row in rows],
            [self.gated[row] for row in rows],
            self.features[rows],
            (self.vectors[0][rows], self.vectors[1][rows]),
            self.words[rows],
            self.positive[rows],
        )


def labelled(items: Sequence[Item]) -> Labelled:
    """Without borderline rows."""
    chosen = [item for item in items if item.label != "borderline"]
    gate = load_gate()
    gated = [gate(item.title, item.text) for item in chosen]
    whole, titles = lead_vectors(chosen)
    dense = np.array([features(*row) for row in zip(gated, whole, titles, strict=True)])
    return Labelled(
        chosen,
        gated,
        (np.round(dense * STEP) / STEP).astype(np.float32),
        (whole, titles),
        _bags(chosen),
        np.array([item.label == "positive" for item in chosen]),
    )


def fit(real: Labelled, made_up: Labelled | None) -> RelevanceModel:
    """Margins become probabilities by what they are on blocks of dates left out; only real headlines count there."""
    passed = np.flatnonzero([one.passed for one in real.gated])
    margins = np.zeros(len(passed))
    for block in np.array_split(np.arange(len(passed)), BLOCKS):
        machine = _Machine(real[np.delete(passed, block)], made_up)
        margins[block] = machine.margins(real[passed[block]])
    scale = LogisticRegression(C=1e3).fit(margins[:, None], real.positive[passed])
    return _Machine(real[passed], made_up).model(float(scale.coef_[0, 0]), float(scale.intercept_[0]))


class _Machine:
    """A support vector machine over nearness and shared words."""

    def __init__(self, real: Labelled, made_up: Labelled | None) -> None:
        parts = [real] if made_up is None else [real, made_up[np.flatnonzero([one.passed for one in made_up.gated])]]
        self._dense = np.concatenate([part.features for part in parts])
        self._words = np.concatenate([part.words.toarray() for part in parts])
        positive = np.concatenate([part.positive for part in parts])
        self._svc = SVC(C=SLACK, kernel="precomputed").fit(self._likeness(self._dense, self._words), positive)

    def margins(self, rows: Labelled) -> NDArray[np.float64]:
        found: NDArray[np.float64] = self._svc.decision_function(self._likeness(rows.features, rows.words.toarray()))
        return found

    def model(self, scale: float, shift: float) -> RelevanceModel:
        rows, pulls = self._svc.support_, self._svc.dual_coef_[0] * scale
        return RelevanceModel(
            examples=np.round(self._dense[rows] * STEP).astype(np.int8),
            pulls=pulls.astype(np.float32),
            words=(WORDS * pulls @ self._words[rows]).astype(np.float32),
            bias=float(self._svc.intercept_[0]) * scale + shift,
            threshold=THRESHOLD,
        )

    def _likeness(self, dense: NDArray[np.float32], words: NDArray[np.float64]) -> NDArray[np.float64]:
        lengths, own = np.square(dense).sum(axis=1), np.square(self._dense).sum(axis=1)
        nearness = np.exp(-REACH * (lengths[:, None] + own - 2 * dense @ self._dense.T))
        return np.asarray(nearness + WORDS * words @ self._words.T, dtype=np.float64)


def _bags(items: Sequence[Item]) -> Any:
    bags = [bag(item.title, item.text) for item in items]
    row = [at for at, slots in enumerate(bags) for _ in slots]
    slot = [slot for slots in bags for slot in slots]
    weight = [weight for slots in bags for weight in slots.values()]
    return csr_array((weight, (row, slot)), shape=(len(items), BUCKETS))


def measure() -> Report:
    real, made_up = labelled(headlines()), labelled(invented())
    kept = np.flatnonzero([item.may_train for item in real.items])
    model = fit(real[kept], made_up)
    with as_file(files("bot.data").joinpath("models")) as folder:
        file = folder / "relevance.npz"
        np.savez_compressed(
            file,
            examples=model.examples,
            pulls=model.pulls,
            words=model.words.astype(np.float16),
            bias=np.float32(model.bias),
            threshold=np.float32(model.threshold),
        )
    size = file.stat().st_size // 1000
    rows = [(len(kept), int(real.positive[kept].sum()), len(made_up.items), len(model.pulls), size, model.threshold)]
    return Report(
        name="train-relevance",
        tables=[
            Table(
                title="Relevance model",
                columns=["headlines", "positive", "invented", "examples kept", "kB", "threshold"],
                rows=rows,
            )
        ],
    )


def f1(truth: NDArray[np.bool_], said: NDArray[np.bool_]) -> float:
    right = int((truth & said).sum())
    return 2 * right / max(1, int(truth.sum() + said.sum()))
