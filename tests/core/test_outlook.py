from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.desk.outlook import HORIZON, due_date, names_day
from bot.core.message.coming import due_day

MONDAY = date(2026, 3, 16)


@pytest.mark.parametrize(
    ("sentence", "due"),
    [
        ("The guild's contract expires by 1 May.", date(2026, 5, 1)),
        ("Members will vote next Tuesday.", date(2026, 3, 17)),
        ("A hearing is scheduled for June 30.", date(2026, 6, 30)),
        ("A ruling will come on 30 June 2027.", date(2027, 6, 30)),
        ("The law takes effect in September.", date(2026, 9, 30)),
        ("Talks will resume in January.", date(2027, 1, 31)),
        ("A vote is expected later this month.", date(2026, 3, 31)),
        ("The court will hear arguments on Friday.", date(2026, 3, 20)),
        ("Studios must reply within 30 days.", date(2026, 4, 15)),
        ("The plan will be published next month.", date(2026, 4, 30)),
        ("The rules will apply by the end of the year.", date(2026, 12, 31)),
        ("The pilot begins tomorrow.", date(2026, 3, 17)),
        ("The Senate is expected to vote 2026-04-02.", date(2026, 4, 2)),
    ],
)
def test_a_promised_date_is_resolved_against_the_articles_own(sentence: str, due: date) -> None:
    assert due_date(sentence, MONDAY) == due


@pytest.mark.parametrize(
    "sentence",
    [
        "The strike ended on 27 September 2023.",
        "Writers may lose their credits.",
        "A second vote will follow the march on Washington.",
        "The 2023 contract will be reopened.",
        "He filed the suit on Friday.",
        "Talks will go on.",
        "It will take 31 June to get there.",
        "The union will march with 2,000 people.",
    ],
)
def test_no_date_is_made_up(sentence: str) -> None:
    assert due_date(sentence, MONDAY) is None


@given(
    st.sampled_from(["by", "on", "until"]),
    st.dates(date(2000, 1, 1), date(2090, 1, 1)),
    st.integers(0, 1_000),
)
def test_a_full_date_ahead_is_found_and_a_past_one_never(how: str, written: date, ahead: int) -> None:
    when = written + timedelta(days=ahead)
    assert due_date(f"The guild will vote {how} {when.day} {when:%B} {when.year}.", written) == when
    past = written - timedelta(days=ahead + 1)
    assert due_date(f"The guild said it will abide, as it did {how} {past.day} {past:%B} {past.year}.", written) is None


@given(st.text(max_size=300), st.dates(date(1, 1, 1), date(9990, 1, 1)))
def test_any_text_and_any_date_are_survived(text: str, written: date) -> None:
    due = due_date("It will happen by May " + text, written)
    assert due is None or written <= due <= written + HORIZON


@pytest.mark.parametrize(
    ("sentence", "named"),
    [
        ("The vote is due on 3 March.", True),
        ("Talks resume Monday, the guild said.", True),
        ("Ballots close tomorrow.", True),
        ("The act takes effect on 2027-01-01.", True),
        ("The strike might delay the awards until next year.", False),
        ("The court will rule in September.", False),
        ("A decision is expected within two weeks.", False),
    ],
)
def test_whether_a_sentence_gives_the_day(sentence: str, named: bool) -> None:
    assert names_day(sentence) is named


def test_the_end_of_a_stretch_of_time_is_not_told_as_the_day() -> None:
    assert (
        due_day(date(2027, 12, 31), "The strike might delay the awards until next year.") == "by 31\u00a0December 2027"
    )
    assert due_day(date(2026, 3, 30), "Ballots close on 30 March.") == "30\u00a0March 2026"
