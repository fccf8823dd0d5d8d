"""How likely an article, and then a story, is about AI and people's work.

An article's probability comes from a small trained model: how near it is to some hundreds of labelled headlines, each
pulling it in or pushing it out, by the meaning of its start, the meaning of its title and what the gate found; and
which words it uses. A weighted sum of the same cannot tell "AI takes jobs" from "AI gets you a job" as well as nearness
can (`python -m tests.quality relevance`, "without nearness").

The line it draws is editorial.md's: about artificial intelligence *and* about jobs, pay, rights, credit, likeness,
training data, copyright, unions or the law that decides them. The decision is the story's, from all its articles: most
reports of a strike over AI never mention AI, and belong to the story all the same, but cannot make it one.
"""

from __future__ import annotations

import math
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise

import numpy as np
from numpy.typing import NDArray

from bot.core import strings
from bot.core.desk.gate import Gated
from bot.core.desk.traits import terms_of

Vector = NDArray[np.float32]

BUCKETS = 1 << 13
"""Slots for words and pairs of words; a word's slot is its CRC-32 modulo this."""
REACH = 0.05
"""How fast nearness falls with the squared distance of `features`: to 1/e at 20, where two headlines are about as far
apart as any two. Chosen by cross-validation over blocks of dates; 0.04 to 0.08 do about as well."""
STEP = 126
"""`features` are kept as whole multiples of 1/STEP, a byte each: what the gate finds is a multiple of 1/6 and so
exact, a vector's parts are off by 1/252 at most."""
READ = 700
TITLE_WEIGHT = 1.5
TELLING_CUES = ("threat", "dispute", "advice", "product", "leak or danger")


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
    """A support vector machine whose margin was turned into a probability.

    `examples` are rows of `features(…)` times `STEP`, `pulls` how much nearness to each counts for (+) or against (-),
    `words` has the length of `BUCKETS`. `threshold` is the probability from which an article is called relevant.
    """

    def __init__(
        self,
        examples: NDArray[np.int8],
        pulls: NDArray[np.float32],
        words: NDArray[np.float32],
        bias: float,
        threshold: float,
    ) -> None:
        self.examples = examples
        self.pulls = pulls
        self.words = words
        self.bias = bias
        self.threshold = threshold
        self._rows = examples.astype(np.float32) / np.float32(STEP)
        self._lengths = np.square(self._rows).sum(axis=1)

    def judge(self, title: str, text: str, gated: Gated, vector: Vector, title_vector: Vector) -> Judged:
        """`vector` is that of the article's lead, `title_vector` that of the title in it (`Embedder.embed_leads`)."""
        reasons = _reasons(gated)
        if not gated.passed:
            return Judged(relevance=0.0, ai=False, reasons=reasons)
        own = features(gated, vector, title_vector)
        # einsum stays on this thread: beside the embedder, waking others for so small a product took five times as
        # long.
        distances = self._lengths + own @ own - 2 * np.einsum("ij,j->i", self._rows, own)
        score = float(np.exp(-REACH * distances) @ self.pulls) + self.bias
        score += sum(weight * float(self.words[slot]) for slot, weight in bag(title, text).items())
        return Judged(relevance=_sigmoid(score), ai=not NOT_ENOUGH.issuperset(gated.ai), reasons=reasons)

    def relevant(self, article: Judged) -> bool:
        """Whether an article by itself is about AI and work, at the balanced threshold."""
        return article.ai and article.relevance >= self.threshold

    def decide(self, articles: Sequence[Judged]) -> Decision:
        return decide_story(articles, threshold=self.threshold)


NOT_ENOUGH = frozenset({"automation"})
"""Concepts of the AI facet that alone do not say AI: a robot or an automated process often is none. Of the labelled
headlines that name nothing else, 3 are about AI and work and 11 are not."""
LONE = 0.65
"""A story with a single report must be this probable: no other article speaks for it. In cross-validation 3 % of the
hard negatives reach it and 4 % the threshold (bot/data/README.md)."""
SHARE = 0.2
"""A story is as relevant as the most relevant fifth of its articles: one stray article is not the story."""


def decide_story(articles: Sequence[Judged], *, threshold: float) -> Decision:
    """From all articles of a story, in any order. Copies should be left out. No articles: not relevant."""
    best = sorted((article.relevance for article in articles), reverse=True)[: math.ceil(SHARE * len(articles))]
    relevance = sum(best) / max(1, len(best))
    about_ai = any(article.ai and article.relevance >= threshold for article in articles)
    least = max(threshold, LONE) if len(articles) == 1 else threshold
    return Decision(relevance=relevance, relevant=about_ai and relevance >= least)


def features(gated: Gated, vector: Vector, title_vector: Vector) -> Vector:
    """What nearness is measured by: both vectors, concepts in title and text (capped counts), and what is found
    together. Each within -1..1."""
    title = np.array(gated.title_counts, dtype=np.float32)
    text = np.array(gated.text_counts, dtype=np.float32)
    ai, work, people, rights = bool(gated.ai), bool(gated.work), bool(gated.people), bool(gated.rights)
    together = [ai, work, people, rights, ai and work, ai and people, ai and rights, ai and people and rights]
    beside_ai = [ai and found for found in (work, people, rights, *(cue in gated.cues for cue in TELLING_CUES))]
    return np.concatenate(
        [
            np.clip(3 * vector, -1, 1),
            np.clip(3 * title_vector, -1, 1),
            np.minimum(title, 2) / 2,
            np.minimum(text, 3) / 3,
            np.minimum(title + text, 1) / 2,
            np.array(together, dtype=np.float32),
            np.array([one and other for one, other in combinations(beside_ai, 2)], dtype=np.float32) / 2,
        ],
        dtype=np.float32,
    )


def bag(title: str, text: str) -> Mapping[int, float]:
    """Words and neighbouring pairs by slot, the title's the heavier, three long as a vector."""
    weights: dict[str, float] = {}
    for part, weight in ((text, 1.0), (title, TITLE_WEIGHT)):
        terms = terms_of(part[:READ])
        for term in (*terms, *(" ".join(pair) for pair in pairwise(terms))):
            weights[term] = weight
    length = math.sqrt(sum(weight * weight for weight in weights.values())) or 1.0
    slots: dict[int, float] = {}
    for term, weight in weights.items():
        slot = zlib.crc32(term.encode("utf-8", "replace")) % BUCKETS
        slots[slot] = slots.get(slot, 0.0) + 3 * weight / length
    return slots


def _reasons(gated: Gated) -> tuple[str, ...]:
    """Such as "AI: generative AI", "work: screenwriters, strike"."""
    work = (*gated.people, *gated.work)
    parts = (("ai", gated.ai), ("work", work if gated.work or gated.ai else ()), ("rights", gated.rights))
    return tuple(strings.judging.spoken_of(facet, names) for facet, names in parts if names)


def _sigmoid(x: float) -> float:
    return 1 / (1 + math.exp(-max(-60.0, min(60.0, x))))
