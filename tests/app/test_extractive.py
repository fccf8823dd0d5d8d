from __future__ import annotations

from bot.app.extractive import ExtractiveAnalyst
from bot.app.ports import Analyst
from tests.core.test_extract import BACKLOT, LEDGER, NOW, SIDES, analyse, coverage
from tests.fakes import BagOfWords


async def test_the_engine_gives_what_the_plain_functions_choose() -> None:
    analyst: Analyst = ExtractiveAnalyst(BagOfWords(), SIDES)
    story = coverage(LEDGER, BACKLOT)
    assert analyst.engine == "extractive"
    assert await analyst.analyse(story, {}, NOW) == analyse(story)
