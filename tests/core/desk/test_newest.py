"""A story that turned is headed and led by what came of it, not by its announcement."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.core.analysis import Analysis
from bot.core.article import Article
from bot.core.desk.extract import choose
from bot.core.desk.newest import Newest, newest_state
from bot.core.desk.reading import read
from tests.core.test_extract import NOW, SIDES, article, coverage, embed

ANNOUNCED = (
    "Narrators to vote on strike over AI voices",
    "Audiobook narrators will vote this week on a strike over artificial voices after talks with Halden Audio failed."
    " The Narrators’ Guild says Halden Audio trained artificial voices on its members’ recordings without pay.",
)
PREPARED = (
    "Audiobook narrators set for strike vote over AI voices",
    "The Narrators’ Guild is to vote on a strike over artificial voices at Halden Audio by Friday."
    " Narrators fear that artificial voices could take their work.",
)
VOTED = (
    "Narrators back strike over AI voices at Halden Audio",
    "Audiobook narrators voted by nine to one for a strike over artificial voices at Halden Audio, the Narrators’ Guild"
    " said on Friday. Halden Audio called the vote a disappointment.",
)
BEGUN = (
    "Narrators walk out",
    "Narrators at Halden Audio went on strike over AI voices on Friday, the Narrators’ Guild said.",
)


def written(number: int, day: int, told: tuple[str, str], hour: int = 12) -> Article:
    return article(number, f"Outlet {number}", *told, published=datetime(2026, 3, day, hour, tzinfo=UTC))


def analysed(*articles: Article) -> tuple[Newest, Analysis]:
    reading = read(coverage(*articles), SIDES)
    return newest_state(reading), choose(reading, embed(reading.texts()), NOW)


def test_a_vote_that_was_held_is_no_vote_to_come() -> None:
    newest, analysis = analysed(written(1, 9, ANNOUNCED), written(2, 10, PREPARED), written(3, 13, VOTED))
    assert newest.titles == {0, 1}
    assert newest.turned == datetime(2026, 3, 13, 12, tzinfo=UTC)
    assert newest.early == {1, 2}
    assert analysis.headline == VOTED[0]
    assert "voted by nine to one" in analysis.told[0].claims[0].text
    shown = " ".join(claim.text for claim in analysis.claims())
    assert "will vote" not in shown
    assert "is to vote" not in shown


def test_what_was_only_announced_is_still_to_come() -> None:
    newest, analysis = analysed(written(1, 9, ANNOUNCED), written(2, 10, PREPARED))
    assert newest == Newest()
    assert analysis.headline in (ANNOUNCED[0], PREPARED[0])


@pytest.mark.parametrize(
    "told",
    [
        ("Dubbing actors back strike over AI voices", "Dubbing actors at Orsel Studio voted for a strike on Friday."),
        ("Narrators could strike", "Audiobook narrators would have voted for a strike over artificial voices."),
        ("Narrators look back", "In 2019 audiobook narrators voted for a strike over pay at Halden Audio."),
    ],
)
def test_another_vote_overtakes_nothing(told: tuple[str, str]) -> None:
    newest, _ = analysed(written(1, 9, ANNOUNCED), written(3, 13, told))
    assert newest == Newest()


def test_reports_of_one_turn_are_of_one_state() -> None:
    """Which of two reports of the same evening is compared first makes neither of them old."""
    again = (VOTED[0].replace("back", "approve"), VOTED[1].replace("voted by nine to one for", "approved"))
    newest, _ = analysed(written(1, 9, ANNOUNCED), written(2, 13, VOTED, hour=9), written(3, 13, again, hour=17))
    assert newest.early == {1}


@pytest.mark.parametrize(
    "title",
    [
        "Narrators’ Guild recommends strike over AI voices",
        "Narrators’ Guild poised to strike over AI voices",
        "Narrators’ strike over AI voices looms",
        "Halden Audio narrators on the brink of strike",
    ],
)
def test_headlines_foretell_in_many_ways(title: str) -> None:
    newest, analysis = analysed(written(1, 9, (title, "")), written(2, 13, BEGUN))
    assert newest.titles == {0}
    assert analysis.headline == BEGUN[0]


def test_what_still_awaits_the_act_does_not_lead() -> None:
    foretold = ("Narrators’ Guild poised to strike over AI voices", "")
    late = (
        "What narrators want",
        "With no breakthrough in two weeks of meetings, the prospect of audiobook narrators and singers on picket lines"
        " in a strike over artificial voices is imminent.",
    )
    newest, analysis = analysed(written(1, 9, foretold), written(2, 13, late, 9), written(3, 13, BEGUN))
    assert newest.behind
    assert analysis.deck is None or "prospect" not in analysis.deck.text


def test_an_earlier_report_overtakes_no_later_announcement() -> None:
    newest, _ = analysed(written(1, 9, VOTED), written(2, 13, ANNOUNCED))
    assert newest == Newest()
