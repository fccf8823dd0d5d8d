"""What ships in `bot/data` for the desk, read into values of the core: lexicons and trained weights.

`bot/data/README.md` says where each file comes from. A missing or malformed file is a broken installation and raises.
"""

from __future__ import annotations

import io
import json
from importlib.resources import files

import numpy as np

from bot.core.desk.affinity import Affinity
from bot.core.desk.gate import Gate
from bot.core.desk.lexicon import Lexicon
from bot.core.desk.relevance import RelevanceModel
from bot.core.desk.sides import Sides
from bot.core.desk.story_index import StoryIndex, Thresholds
from bot.core.desk.traits import Rarity

_DATA = files("bot.data")


def load_gate() -> Gate:
    return Gate(Lexicon.read(_DATA.joinpath("lexicons/relevance.toml").read_text("utf-8")))


def load_relevance_model() -> RelevanceModel:
    with np.load(io.BytesIO(_DATA.joinpath("models/relevance.npz").read_bytes()), allow_pickle=False) as stored:
        return RelevanceModel(
            examples=stored["examples"],
            pulls=stored["pulls"],
            words=stored["words"].astype(np.float32),
            bias=float(stored["bias"]),
            threshold=float(stored["threshold"]),
        )


def load_sides() -> Sides:
    return Sides.parse(_DATA.joinpath("lexicons/sides.toml").read_text("utf-8"))


def load_rarity() -> Rarity:
    with np.load(io.BytesIO(_DATA.joinpath("models/rarity.npz").read_bytes()), allow_pickle=False) as stored:
        return Rarity(stored["rarity"].astype(np.float32))


def new_story_index() -> StoryIndex:
    """Empty, with the trained weights and thresholds."""
    stored = json.loads(_DATA.joinpath("models/stories.json").read_text("utf-8"))
    return StoryIndex(
        Affinity(stored["weights"], stored["bias"], load_rarity()),
        Thresholds(**stored["thresholds"]),
    )
