"""Fits the cue weights of `bot/core/desk/role_weights.py` on all labelled sentences: `python -m tests.quality
train-roles`.

One logistic regression a role, each class weighing the same. What the section `roles` reports is cross-validated by
article with the same fit, never measured on what was fitted.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression

from bot.core.desk import role_weights
from bot.core.desk.roles import Role, cues
from tests.quality.report import Report, Table
from tests.quality.roles import Labelled, read_labels

STRENGTH = 0.5
"""Inverse of the L2 penalty; between 0.1 and 1 nothing much changes."""


def measure() -> Report:
    """Writes the weights; the table shows the heaviest cues a role."""
    sentences = read_labels()
    bias, weights = fit(sentences)
    path = Path(role_weights.__file__)
    path.write_text(_module(bias, weights, len(sentences)), encoding="utf-8")
    rows = []
    for at, role in enumerate(Role):
        heaviest = sorted(weights, key=lambda cue: -weights[cue][at])[:6]
        rows.append((str(role), ", ".join(f"{cue} {weights[cue][at]:+.2f}" for cue in heaviest)))
    return Report(
        name="train-roles", tables=[Table(title=f"Written: {path.name}", columns=("role", "cues"), rows=rows)]
    )


def fit(sentences: Sequence[Labelled]) -> tuple[tuple[float, ...], Mapping[str, tuple[float, ...]]]:
    """Bias a role, and a weight a cue and role, in the order of `Role`."""
    found = [cues(one.text, one.position) for one in sentences]
    names = sorted({cue for one in found for cue in one})
    matrix = np.array([[float(name in one) for name in names] for one in found])
    fitted = []
    for role in Role:
        truth = [one.role is role for one in sentences]
        fitted.append(LogisticRegression(C=STRENGTH, class_weight="balanced", max_iter=5_000).fit(matrix, truth))
    bias = tuple(round(float(model.intercept_[0]), 2) for model in fitted)
    weights = {name: tuple(round(float(model.coef_[0][at]), 2) for model in fitted) for at, name in enumerate(names)}
    return bias, weights


def _module(bias: Sequence[float], weights: Mapping[str, Sequence[float]], count: int) -> str:
    lines = [f'    "{name}": ({", ".join(f"{value:.2f}" for value in row)}),' for name, row in weights.items()]
    return (
        '"""Weights of the cues in `roles.py`: what happened, significance, background, position, outlook.\n\n'
        f"Fitted on {count} labelled sentences by `python -m tests.quality train-roles`; not edited by hand.\n"
        '"""\n\nfrom __future__ import annotations\n\nfrom collections.abc import Mapping\n\n'
        f"BIAS: tuple[float, ...] = ({', '.join(f'{value:.2f}' for value in bias)})\n\n"
        "WEIGHTS: Mapping[str, tuple[float, ...]] = {\n" + "\n".join(lines) + "\n}\n"
    )
