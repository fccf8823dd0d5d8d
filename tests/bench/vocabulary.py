"""Invented news is made of these words."""

from __future__ import annotations

import json
import random
from functools import cache
from importlib.resources import files

TRADE = """
    AI writers actors union strike studio contract copyright guild lawsuit layoffs jobs training OpenAI Hollywood
    residuals consent likeness voice screenwriters authors publishers journalists Anthropic Netflix Disney chatbot
    bargaining settlement licensing labor workers newsroom deepfake streaming regulators senate judge ruling fair use
    automation animators editors translators musicians performers compensation artists games developers visual effects
    voiceover dubbing synthetic replicas arbitration negotiations ratify picket walkout unionize organizers grievance
    showrunner rewrite script pilot greenlight staffing freelancers contractors moderators annotation outsourcing wages
    overtime pensions royalties plagiarism scraping datasets watermark disclosure transparency whistleblower injunction
    appeal damages infringement class certification discovery testimony legislature governor veto amendment hearing
    commission directive enforcement antitrust merger acquisition bankruptcy restructuring redundancies severance
    podcast audiobook narrators illustrators photographers composers novelists playwrights libraries archives education
    teachers universities curriculum plagiarised essays grading programmers engineers warehouse drivers nurses customer
    service centres translators subtitles localization esports modders quality assurance testers crunch studios closure
""".split()
"""Of the trade, from common to rare."""


@cache
def english() -> list[str]:
    """Whole words of the tokenizer's vocabulary, which lists them from common to rare."""
    tokenizer = json.loads(files("bot.data").joinpath("minilm/tokenizer.json").read_text("utf-8"))
    return [word for word in tokenizer["model"]["vocab"] if word.isascii() and word.isalpha() and len(word) > 1]


@cache
def names() -> list[str]:
    """20,000 of nobody."""
    chance = random.Random(7)
    parts = "ba ke li mo nu pra ste tri vo ran del mis tor gal sen wick ford ham".split()
    return ["".join(chance.choices(parts, k=chance.randint(2, 4))) for _ in range(20_000)]
