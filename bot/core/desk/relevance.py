"""How likely an article, and then a story, is about AI and people's work.

An article's probability comes from a small logistic model over its vector and what the gate found. The line it draws
is editorial.md's: about artificial intelligence *and* about jobs, pay, rights, credit, likeness, training data,
copyright, unions or the law that decides them. The decision is the story's, from all its articles: most reports of a
strike over AI never mention AI, and belong to the story all the same, but cannot make it one.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.core.desk.gate import Gated

Vector = NDArray[np.float32]

DIMENSION = 384


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """`relevance` in 0..1; `ai` says whether the article itself speaks of AI; `reasons` are for people."""

    relevance: float
    ai: bool
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """A story's. `relevance` in 0..1."""

    relevance: float
    relevant: bool


class RelevanceModel:
    """`weights` has the length of `features(…)`; `threshold` balanced precision and recall in training."""

    def __init__(self, weights: NDArray[np.float64], bias: float, threshold: float) -> None:
        self.weights = weights
        self.bias = bias
        self.threshold = threshold

    def judge(self, title: str, text: str, gated: Gated, vector: Vector) -> Judged:
        reasons = _reasons(gated)
        if not gated.passed:
            return Judged(relevance=0.0, ai=False, reasons=reasons)
        score = float(features(gated, vector) @ self.weights) + self.bias
        return Judged(relevance=_sigmoid(score), ai=bool(gated.ai), reasons=reasons)

    def decide(self, articles: Sequence[Judged]) -> Decision:
        return decide_story(articles, threshold=self.threshold)


SHARE = 0.2
"""A story is as relevant as the most relevant fifth of its articles: one stray article is not the story."""


def decide_story(articles: Sequence[Judged], *, threshold: float) -> Decision:
    """From all articles of a story, in any order. Copies should be left out. No articles: not relevant."""
    best = sorted((article.relevance for article in articles), reverse=True)[: math.ceil(SHARE * len(articles))]
    relevance = sum(best) / max(1, len(best))
    about_ai = any(article.ai and article.relevance >= threshold for article in articles)
    return Decision(relevance=relevance, relevant=about_ai and relevance >= threshold)


def features(gated: Gated, vector: Vector) -> NDArray[np.float64]:
    """What the model weighs: the vector, concepts in title and text (capped counts), and facets found together."""
    title = np.array(gated.title_counts, dtype=np.float64)
    text = np.array(gated.text_counts, dtype=np.float64)
    ai, work, people, rights = bool(gated.ai), bool(gated.work), bool(gated.people), bool(gated.rights)
    together = [ai, work, people, rights, ai and work, ai and people, ai and rights, ai and people and rights]
    return np.concatenate(
        [
            3 * vector.astype(np.float64),
            0.5 * np.minimum(title, 2),
            np.minimum(text, 3) / 3,
            0.5 * np.minimum(title + text, 1),
            np.array(together, dtype=np.float64),
        ]
    )


def _reasons(gated: Gated) -> tuple[str, ...]:
    """Such as "AI: generative AI", "work: screenwriters, strike"."""
    work = (*gated.people, *gated.work)
    parts = (("AI", gated.ai), ("work", work if gated.work or gated.ai else ()), ("rights", gated.rights))
    return tuple(f"{label}: {', '.join(names)}" for label, names in parts if names)


def _sigmoid(x: float) -> float:
    return 1 / (1 + math.exp(-max(-60.0, min(60.0, x))))
