"""Weights of the cues in `roles.py`: what happened, significance, background, position, outlook.

Fitted on 419 labelled sentences by `python -m tests.quality train-roles`; not edited by hand.
"""

from __future__ import annotations

from collections.abc import Mapping

BIAS: tuple[float, ...] = (-0.21, -1.13, -0.30, -1.06, -0.01)

WEIGHTS: Mapping[str, tuple[float, ...]] = {
    "a number": (0.31, -1.00, -0.12, -0.47, 0.83),
    "a question": (-0.31, 0.98, -0.36, 0.15, -0.34),
    "a rule or definition": (-0.19, 0.68, 0.34, -0.23, -0.94),
    "a state": (-0.17, 0.16, 0.10, 0.36, 0.12),
    "a sum": (0.33, -0.47, 0.04, -0.48, -0.27),
    "a year": (-0.53, 0.25, 0.67, -0.40, -0.50),
    "according to": (-0.32, 1.17, -0.41, -0.15, 0.29),
    "ago": (-0.24, 0.32, 0.56, -0.56, -0.42),
    "an event, past": (1.03, -1.06, -0.47, -0.73, -1.14),
    "an event, present": (0.91, -0.58, 0.19, -0.19, -0.88),
    "attribution beside a quotation": (-0.42, -0.34, 0.32, 0.20, -1.06),
    "before": (-0.06, 0.57, -0.09, -0.43, 0.05),
    "could have an effect": (0.19, 0.23, -0.44, -0.63, 0.46),
    "ends with a quotation": (-0.68, -0.85, 0.16, 0.74, -0.60),
    "first person": (-0.46, -0.96, -1.07, 1.58, -1.11),
    "following": (-0.26, 1.09, 0.29, -0.18, -0.79),
    "had done": (0.42, -0.24, 0.16, -0.63, -0.30),
    "has done": (0.09, -0.63, -0.06, 0.19, -0.60),
    "in a month": (-1.21, -0.58, 1.19, -0.74, 0.40),
    "in a year": (-0.46, -0.52, 0.84, -0.59, -0.38),
    "is a": (-0.18, -0.13, 0.60, -0.23, -1.00),
    "is set to": (-0.03, -0.13, -0.77, -0.36, 1.74),
    "length: long": (-0.02, 0.56, -0.08, -0.11, -0.41),
    "length: middling": (0.04, -0.28, 0.28, -0.16, -0.19),
    "length: short": (-0.04, -0.28, -0.24, 0.28, 0.60),
    "long quotation": (-0.11, -1.29, -0.36, 1.01, -1.07),
    "may or could": (0.02, 1.84, -0.53, -0.58, 1.05),
    "one of several": (0.15, 0.37, 0.13, -0.33, -0.65),
    "opens with a contrast": (-0.17, 0.24, 0.07, -0.27, 0.40),
    "opens with a pronoun": (-0.64, -0.99, 0.72, -0.02, -0.59),
    "opens with a quotation": (-1.57, -0.50, -1.36, 1.62, -0.50),
    "opens with an article": (0.31, 0.02, 0.09, -0.73, 0.54),
    "past tense": (0.79, -0.97, 0.30, -0.39, -0.59),
    "pending": (-0.40, -0.46, 0.13, -0.10, 0.16),
    "place: 1st": (1.15, -0.55, -0.59, -0.97, 0.82),
    "place: 2nd": (-0.12, -0.26, -0.03, -0.03, 0.59),
    "place: 3rd or 4th": (0.09, 0.22, -0.09, -0.05, -0.66),
    "place: 5th to 8th": (-0.45, 0.09, 0.32, 0.31, -0.02),
    "place: later": (-0.70, 0.50, 0.35, 0.74, -0.73),
    "plans to": (-0.25, -0.46, -0.55, -0.24, 1.63),
    "says that": (-0.62, 0.46, -0.78, 1.03, -0.38),
    "short quotation": (0.55, 0.60, -0.38, -0.36, -0.75),
    "statement or post": (0.83, -0.45, -0.68, -0.06, -0.22),
    "takes a stance": (0.07, -1.01, 0.09, 0.41, -0.47),
    "this week": (0.71, -0.46, -0.64, 0.08, -0.04),
    "time to come": (-0.28, -0.15, -0.36, -0.59, 1.26),
    "told or wrote": (0.25, -0.15, -0.21, -0.14, -0.23),
    "verb of saying": (-0.01, -0.56, -0.39, 0.94, -0.39),
    "will": (-0.73, 1.09, -1.34, 0.23, 2.53),
    "words of weight": (-1.01, 2.87, -0.68, 0.18, -0.54),
    "work and worry": (-0.30, 0.29, 0.33, -0.12, -0.92),
}
