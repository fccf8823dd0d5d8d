"""An outlet that does not want to be quoted is linked by title only, however it says so."""

from __future__ import annotations

from adapters.storage import SqlDatabase
from bot.app.ports import Reserved, Stage
from bot.app.take_in import OPTED_OUT
from bot.core.analysis import Analysis
from bot.core.community import COMMON
from tests.app.newsroom import STRIKE, STRIKE_TOO, Newsroom, entry

RESERVED = "the outlet does not want its page read by AI"


async def analysis(newsroom: Newsroom) -> Analysis:
    (coverage,) = await newsroom.stories()
    return await newsroom.analyses.of(COMMON, coverage)


def quoted(analysis: Analysis) -> set[str]:
    """The addresses that any claim rests on."""
    urls = {source.article: source.url for source in analysis.sources}
    return {urls[evidence.article] for evidence in analysis.evidence}


async def test_a_reserved_page_makes_its_article_a_title_and_a_link(sqlite: SqlDatabase) -> None:
    newsroom = Newsroom(sqlite)
    open_, shy = entry(STRIKE, 1), entry(STRIKE_TOO, 2)
    newsroom.pages.answers[shy.url] = [Reserved(reason=RESERVED)]
    await newsroom.subscribe(open_, shy)
    await newsroom.work()
    told = await analysis(newsroom)
    assert quoted(told) == {open_.url}
    assert [(source.url, source.quoted, source.note) for source in told.sources if source.note] == [
        (shy.url, False, RESERVED)
    ]


async def test_what_was_told_before_the_reservation_was_seen_is_told_anew(sqlite: SqlDatabase) -> None:
    newsroom = Newsroom(sqlite)
    shy = entry(STRIKE, 1)
    newsroom.pages.answers[shy.url] = [Reserved(reason=RESERVED)]
    await newsroom.subscribe(shy, entry(STRIKE_TOO, 2))
    await newsroom.work(Stage.POLL, Stage.SCORE, Stage.JOIN, Stage.ANALYSE)
    before = await analysis(newsroom)
    await newsroom.work()
    after = await analysis(newsroom)
    assert shy.url in quoted(before)
    assert shy.url not in quoted(after)
    assert after.version > before.version


async def test_an_outlet_on_the_operators_list_is_never_quoted_nor_its_page_read(sqlite: SqlDatabase) -> None:
    newsroom = Newsroom(sqlite)
    shy = entry(STRIKE, 1, url="https://www.shy.example/strike")
    await newsroom.subscribe(shy, entry(STRIKE_TOO, 2))
    await newsroom.work()
    told = await analysis(newsroom)
    assert shy.url not in quoted(told)
    assert [source.note for source in told.sources if not source.quoted] == [OPTED_OUT]
    assert shy.url not in newsroom.pages.asked
