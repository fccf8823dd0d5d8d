"""Plain words for when, read as cron, and cron said in words."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.core.schedule.fault import WhenError
from bot.core.schedule.sentence import sentence
from bot.core.schedule.words import When, read_when


@pytest.mark.parametrize(
    ("typed", "cron", "said"),
    [
        ("weekdays at 9", "0 9 * * 1-5", "on weekdays at 09:00"),
        ("every Friday 16:00", "0 16 * * 5", "on Fridays at 16:00"),
        ("daily at 9am and 5pm", "0 9,17 * * *", "every day at 09:00 and 17:00"),
        ("mondays and thursdays 8:30", "30 8 * * 1,4", "on Mondays and Thursdays at 08:30"),
        ("first Monday of the month 9:00", "0 9 * * 1#1", "on the first Monday of the month at 09:00"),
        ("0 9 * * 1-5", "0 9 * * 1-5", "on weekdays at 09:00"),
        ("  30  16 * *  FRI ", "30 16 * * 5", "on Fridays at 16:30"),
        ("at 9 on weekdays", "0 9 * * 1-5", "on weekdays at 09:00"),
        ("Mon-Fri 9", "0 9 * * 1-5", "on weekdays at 09:00"),
        ("SATURDAY through monday, 5 p.m.", "0 17 * * 0,1,6", "on Mondays, Saturdays and Sundays at 17:00"),
        ("every monday wednesday friday at 9", "0 9 * * 1,3,5", "on Mondays, Wednesdays and Fridays at 09:00"),
        ("weekly on Friday at 9", "0 9 * * 5", "on Fridays at 09:00"),
        ("weekends at noon", "0 12 * * 0,6", "at weekends at 12:00"),
        ("12am daily", "0 0 * * *", "every day at 00:00"),
        ("0930", "30 9 * * *", "every day at 09:30"),
        ("every day at 9:15 and 9:45", "15,45 9 * * *", "every day at 09:15 and 09:45"),
        ("1st and 15th at noon", "0 12 1,15 * *", "on the 1st and 15th of the month at 12:00"),
        ("on 1 March at 9", "0 9 1 3 *", "on the 1st of the month in March at 09:00"),
        ("the last Friday of the month at 16", "0 16 * * 5L", "on the last Friday of the month at 16:00"),
        ("last day of the month 18:00", "0 18 L * *", "on the last day of the month at 18:00"),
        ("last weekday of the month at 9", "0 9 LW * *", "on the last weekday of the month at 09:00"),
        ("1st & 3rd Monday of each month, 9", "0 9 * * 1#1,1#3", "on the first and third Monday of the month at 09:00"),
        ("every second Monday of the month at 9", "0 9 * * 1#2", "on the second Monday of the month at 09:00"),
        ("1st Mon and last Fri, 9", "0 9 * * 1#1,5L", "on the first Monday and last Friday of the month at 09:00"),
        ("on the 1st at 9 in January and July", "0 9 1 1,7 *", "on the 1st of the month in January and July at 09:00"),
        ("every hour", "0 * * * *", "every hour"),
        ("hourly from 9 to 17 on weekdays", "0 9-17 * * 1-5", "every hour from 09:00 to 17:00 on weekdays"),
        ("every 2 hours", "0 */2 * * *", "every 2 hours"),
        ("every 30 minutes from 8 to 20", "*/30 8-20 * * *", "every 30 minutes from 08:00 to 20:00"),
        ("0 9 13 * 5", "0 9 13 * 5", "at 09:00 on the 13th day of month and on Friday (cron 0 9 13 * 5)"),
    ],
)  # fmt: skip
def test_plain_words_become_cron_and_are_said_back(typed: str, cron: str, said: str) -> None:
    assert read_when(typed) == When(cron, said)


@pytest.mark.parametrize(
    ("typed", "place", "why"),
    [
        ("every 2 weeks at 9", "2 weeks", "first and third Monday of the month"),
        ("every other Monday at 9", "other", "first and third Monday of the month"),
        ("every second Friday at 9", "second", "first and third Monday of the month"),
        ("fortnightly", "fortnightly", "every Monday at 9"),
        ("every 3 days at 9", "3 days", "Mondays, Wednesdays and Fridays"),
        ("every 2 months", "2 months", "January, April, July and October"),
        ("every 5 hours", "5", "every 2, 3, 4, 6, 8 or 12 hours do"),
        ("every 7 minutes", "7", "every 5, 10, 15, 20 or 30 minutes do"),
        ("9:00 and 17:30", "9:00 and 17:30", "make a second schedule"),
        ("every day at 9 and every Friday at 16", "Friday", "make a second schedule"),
        ("mondays at 9 and 5pm", "9 and 5pm", "am or pm"),
        ("daily at 25", "25", "no time of day"),
        ("daily at 13pm", "13pm", "no time of day"),
        ("9am EST", "EST", "zone:America/New_York"),
        ("9am Europe/London", "Europe/London", "zone:America/New_York"),
        ("first weekday of the month at 9", "first weekday", "last weekday of the month"),
        ("6th Monday of the month at 9", "6th", "from first to fifth"),
        ("32nd at 9", "32nd", "1st to 31st"),
        ("31 February at 9", "31 February at 9", "never comes"),
        ("whenever it suits", "whenever", "weekdays at 9"),
        ("tomorrow at 9", "tomorrow", "again and again"),
        ("weekdays", "", "add a time of day"),
        ("weekly", "weekly", "name the day"),
        ("", "", "weekdays at 9"),
        ("9 <@everyone>", "<", "weekdays at 9"),
        ("0 25 * * *", "25", "no hour; it goes from 0 to 23"),
        ("0 9 * *", "*", "five fields"),
        ("0 0 9 * * *", "*", "this has 6"),
        ("0 9 * * 1-5; rm", "rm", "this has 6"),
        ("0 9 30 2 *", "30 2 *", "never comes"),
        ("0 9 * XYZ 1", "XYZ", "no month; it goes from 1 to 12"),
        ("@daily", "@daily", "0 9 \\* \\* 1-5"),
    ],
)
def test_what_is_no_time_is_refused_at_its_place_with_what_would_be(typed: str, place: str, why: str) -> None:
    with pytest.raises(WhenError, match=why) as caught:
        read_when(typed)
    assert typed[caught.value.start : caught.value.end] == place


def test_a_very_long_line_is_refused() -> None:
    with pytest.raises(WhenError, match="too long"):
        read_when("9 " * 200)


DAYS = (
    "Mondays",
    "weekdays",
    "weekends",
    "every day",
    "Tue-Thu",
    "the 1st and 31st",
    "the first Friday of the month",
    "the last day of the month",
    "Sat and Sun",
)
TIMES = ("at 9", "at 16:30", "at 9am and 5pm", "at noon", "at 0:05", "at 7, 12 and 19")
MONTHS = ("", "in March", "in June and December", "in Nov-Feb")  # fmt: skip


@pytest.mark.parametrize(("days", "times", "months"), [*itertools.product(DAYS, TIMES, MONTHS)])
def test_a_sentence_is_read_as_what_it_was_made_of_in_either_order(days: str, times: str, months: str) -> None:
    read = read_when(f"{days} {times} {months}")
    assert read_when(f"{times} {months} {days}") == read
    assert read_when(read.said).cron == read.cron


WORDS = st.lists(
    st.sampled_from(
        "every other the first 2nd last monday mon-fri weekdays day month of in at 9 9am 17:30 noon and , - to from"
        " hours minutes 2 30 january 31 weekly hourly * */5 # L @ ; \U0001f980".split()
    ),
    max_size=9,
).map(" ".join)
FIELDS = st.lists(
    st.text("0123456789*,-/#LWlw", min_size=1, max_size=7) | st.sampled_from(["*", "1-5", "MON", "*/2"]),
    min_size=4,
    max_size=6,
).map(" ".join)


@given(st.text(max_size=60) | WORDS | FIELDS)
@example("0 9 * * 1L2")
@example("0 0 5-L * *")
@example("²")
@example("every every every 2")
@example("last")
@example("from 9 to")
def test_no_text_stops_the_reader_and_what_is_read_can_be_said(typed: str) -> None:
    read = faulty = None
    try:
        read = read_when(typed)
    except WhenError as error:
        faulty = error
    if read is None:
        assert faulty is not None
        assert 0 <= faulty.start <= faulty.end <= len(typed)
        assert len(faulty.caret()) == 2
        return
    assert sentence(read.cron) == read.said
    if "cron" not in read.said:
        assert read_when(read.said).said == read.said
