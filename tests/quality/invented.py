"""Headlines we made up, to train on beside the labelled ones: kinds of news that those show too few of.

They say what `editorial.md`'s line is where real examples are rare: a publisher's licence deal is in, a list of prompts
for a better résumé is out. Names of companies and products are drawn from short lists, so that none is told of
something it never did, and the model does not learn one name.
"""

from __future__ import annotations

import zlib
from datetime import UTC, datetime
from pathlib import Path

from tests.quality.corpora import SPLIT, Item

VARIANTS = 2
"""Fillings of a headline that has a name to fill in."""
NAMES = {
    "{lab}": ("OpenAI", "Google", "Microsoft", "Meta", "Anthropic", "Stability AI", "an AI company", "Amazon"),
    "{bot}": ("ChatGPT", "chatbots", "AI", "Bard", "generative AI", "Claude", "AI chatbots", "GPT-4"),
    "{image}": ("Midjourney", "Stable Diffusion", "an AI image generator", "DALL-E"),
    "{guild}": ("WGA", "SAG-AFTRA", "Writers Guild", "actors union", "Guild"),
    "{co}": ("Tech giant", "Retailer", "Software company", "Bank", "Insurer", "Startup"),
}


def invented() -> list[Item]:
    """Items whose label is positive or negative_hard. Those that recall news of the held-out months are dated there."""
    lines = Path(__file__).with_suffix(".tsv").read_text("utf-8").splitlines()
    return [item for at, line in enumerate(lines) if not line.startswith("#") for item in _items(line, at)]


def _items(line: str, at: int) -> list[Item]:
    sign, kind, title, *teaser = line.split("\t")
    text = teaser[0] if teaser else ""
    return [
        Item(
            id=f"invented {at}.{variant}",
            title=_filled(title, variant),
            text=_filled(text, variant),
            outlet="",
            published=SPLIT if sign.endswith("later") else datetime(1970, 1, 1, tzinfo=UTC),
            label="positive" if sign.startswith("+") else "negative_hard",
            origin="invented",
            subtopic=kind,
        )
        for variant in range(VARIANTS if "{" in line else 1)
    ]


def _filled(text: str, variant: int) -> str:
    for slot, names in NAMES.items():
        text = text.replace(slot, names[(zlib.crc32(text.encode()) + 3 * variant) % len(names)])
    return text
