from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.desk.grounding import check

SOURCE = (
    "The Writers Guild of America said on Tuesday that 11,500 members would strike from May 2, "
    "after six weeks of talks with Netflix and Disney. "
    "“We are fighting for the survival of our profession,” said Chris Keyser, a chair of the negotiating committee. "
    "Studios offered $97.5 million a year, against the $429 million the guild sought, and would not sign A.B. 412."
)


@pytest.mark.parametrize(
    "claim",
    [
        "The Writers Guild of America said 11,500 members would strike from May 2.",
        'Chris Keyser said: "We are fighting for the survival of our profession."',
        "Studios offered $97.5m a year, and would not sign AB 412.",
        "Studios offered 97.5 million dollars a year.",
    ],
)
def test_what_the_source_says_is_supported(claim: str) -> None:
    assert check(claim, [SOURCE]).verdict == "supported"


@pytest.mark.parametrize(
    ("claim", "reason"),
    [
        ("“We are fighting for the survival of our business,” said Chris Keyser.", "quotation"),
        ("The Writers Guild of America said 11,000 members would strike.", "11,000"),
        ("The guild sought $429 billion a year from studios.", "429 billion"),
        ("The Writers Guild of America said members would strike from June 2.", "June"),
        ("The Writers Guild of America said on Monday that members would strike.", "Monday"),
        ("Members would strike after six weeks of talks with Netflix and Paramount.", "Paramount"),
        ("Studios would not sign A.B. 413.", "413"),
        ("The moon is made of very old cheese, experts believe.", "words"),
    ],
)
def test_what_the_source_does_not_say_is_caught_with_the_reason(claim: str, reason: str) -> None:
    verdict = check(claim, [SOURCE])
    assert verdict.verdict == "unsupported"
    assert any(reason in why for why in verdict.reasons)


@pytest.mark.parametrize(
    ("claim", "source"),
    [
        ("Studios offered $429 million a year, against the $97.5 million the guild sought.", SOURCE),
        ("The Writers Guild of America did not say that 11,500 members would strike from May 2.", SOURCE),
        ("The guild sued the studio over AI scripts.", "The studio sued the guild over AI scripts."),
        ("Netflix sued Disney on Friday.", "Disney sued Netflix on Friday."),
        ("The union accepted the offer on AI.", "The union rejected the offer on AI."),
        ("Pay for AI scripts rose last year.", "Pay for AI scripts fell last year."),
        ("The union rejected the offer on AI.", "The union did not reject the offer on AI."),
        ("The studios have never denied the report.", "The studios denied the report."),
    ],
)
def test_a_statement_turned_round_is_not_supported(claim: str, source: str) -> None:
    assert check(claim, [source]).verdict != "supported"


def test_a_denial_that_another_turns_down_is_still_one() -> None:
    source = "The studios refused the offer; the guild did not refuse it."
    assert check("The studios refused the offer.", [source]).verdict == "supported"
    assert check("The union rejected the offer.", ["On Monday the union rejected the offer."]).verdict == "supported"


def test_passive_voice_is_not_mistaken_for_a_change_of_roles() -> None:
    assert check("Disney was sued by Netflix on Friday.", ["Netflix sued Disney on Friday."]).verdict == "supported"


def test_a_claim_without_sources_is_unsupported() -> None:
    assert check("Anything at all.", []).verdict == "unsupported"
    assert check("", [SOURCE]).verdict == "unsupported"


QUOTATION = "We are fighting for the survival of our profession"


@given(st.integers(0, 8), st.sampled_from("money industry never studios happily".split()))
def test_a_quotation_altered_by_one_word_is_always_caught(place: int, word: str) -> None:
    words = QUOTATION.split()
    words[place] = word
    assert check(f"“{' '.join(words)},” said Chris Keyser.", [SOURCE]).verdict == "unsupported"


@given(st.integers(0, 10**9))
def test_a_changed_number_is_always_caught(number: int) -> None:
    present = {11_500, 2, 6, 97, 429, 412}
    claim = f"The Writers Guild of America said on Tuesday that {number:,} members would strike."
    if number not in present:
        assert check(claim, [SOURCE]).verdict == "unsupported"


@given(st.from_regex(re.compile(r"[A-Z][a-z]{3,9} [A-Z][a-z]{3,9}"), fullmatch=True))
def test_a_changed_name_is_always_caught(name: str) -> None:
    if not any(part in SOURCE for part in name.split()):
        assert check(f"“{QUOTATION},” said {name}.", [SOURCE]).verdict == "unsupported"


@given(st.text(max_size=300), st.lists(st.text(max_size=300), max_size=3))
def test_any_text_is_survived(claim: str, sources: list[str]) -> None:
    assert check(claim, sources).verdict in ("supported", "doubtful", "unsupported")


# Each names, numbers, days and sums of one also stand in the others: presence alone would not catch an exchange.
REPORTS = (
    "Palisade Pictures will cut 140 jobs on Monday, at a cost of $12 million, its president Renata Colvin said.",
    "Orrery Studios will hire 85 writers on Friday, at a cost of $30 million, its president Grant Pell said.",
    "Ironwick Games fined Lumenary 25 percent of its fee in March after 11 weeks of talks led by Odile Marchbanks.",
    "Nine Lanterns paid Pellucid 40 percent of its fee in June after 19 weeks of talks led by Denise Okafor.",
)
KINDS = {
    "number": ("140", "85", "11 weeks", "19 weeks"),
    "sum": ("$12 million", "$30 million"),
    "share": ("25 percent", "40 percent"),
    "day": ("Monday", "Friday"),
    "month": ("March", "June"),
    "person": ("Renata Colvin", "Grant Pell", "Odile Marchbanks", "Denise Okafor"),
    "company": ("Palisade Pictures", "Orrery Studios", "Ironwick Games", "Nine Lanterns"),
}


@pytest.mark.parametrize("kind", KINDS)
@settings(deadline=None)
@given(data=st.data())
def test_a_fact_exchanged_for_another_of_the_sources_is_always_caught(kind: str, data: st.DataObject) -> None:
    facts = KINDS[kind]
    report = data.draw(st.sampled_from([one for one in REPORTS if any(fact in one for fact in facts)]))
    true = next(fact for fact in facts if fact in report)
    false = data.draw(st.sampled_from([fact for fact in facts if fact not in report]))
    assert check(report.replace(true, false), REPORTS).verdict == "unsupported"


@given(
    st.sampled_from(REPORTS), st.sampled_from(["Tuesday", "Sunday", "October", "$99 million", "77 percent", "Ada Moss"])
)
def test_a_fact_from_nowhere_is_always_caught(report: str, false: str) -> None:
    for facts in KINDS.values():
        for true in facts:
            if true in report:
                assert check(report.replace(true, false), REPORTS).verdict == "unsupported"


@settings(max_examples=20, deadline=None)
@given(st.sampled_from(["a. ", "A. ", "1. ", '"a" ', "Aa ", "no "]), st.integers(1, 2_000))
def test_hostile_lengths_are_judged_quickly(piece: str, times: int) -> None:
    check(piece * times, [piece * (times + 1) + "end."])
    check(piece * 50 + "end", [piece * times])
