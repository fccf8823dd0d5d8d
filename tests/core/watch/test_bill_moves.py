"""What a sentence says moved, and all that sounds like it and is not.

Bills, cases and sentences are invented.
"""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.watch.bill_moves import moves
from bot.core.watch.move import Step
from bot.core.watch.pack import Entry, Kind, Packs
from bot.core.watch.pack_file import parse
from tests.guard import bounded_work

PLACES = """
[us]
short = "US"
names = ["United States"]
bodies = ["Congress", "Senator"]

[us-ca]
short = "CA"
names = ["California"]
bodies = ["Sacramento", "Gov. Vane"]

[us-nv]
short = "NV"
names = ["Nevada"]

[gb]
short = "UK"
names = ["Britain", "UK"]
"""
BILLS = """
kind = "bill"

[puppet]
name = "Puppet Transparency Act"
place = "us-ca"
session = "2025-2026"
numbers = ["AB 77"]
source = "https://leg.example/77"

[puppet-nv]
name = "An act relating to marionettes"
place = "us-nv"
session = "2025-2026"
numbers = ["AB 77"]
source = "https://leg.example/nv77"

[strings]
name = "STRINGS Act"
place = "us"
session = "119"
numbers = ["S. 99"]
source = "https://leg.example/99"

[stages]
name = "Stages (Automata) Bill"
place = "gb"
session = "2025-2026"
source = "https://leg.example/stages"

[hearsay]
name = "Hearsay Act"
verified = false
"""
CASES = """
kind = "case"

[gazette]
name = "Gazette Co. v. Automaton, Inc."
aliases = ["Gazette v. Automaton"]
place = "us"
court = "S.D.N.Y."
dockets = ["1:26-cv-00123"]
by = ["The Gazette"]
against = ["Automaton"]
source = "https://court.example/123"

[labels]
name = "Big Label v. Automaton"
place = "us"
court = "D. Mass."
dockets = ["1:26-cv-00789"]
by = ["Big Label", "Small Label"]
against = ["Automaton"]
jointly = true
source = "https://court.example/789"

[penrose]
name = "Penrose v. Automaton"
place = "us"
court = "N.D. Cal."
dockets = ["3:24-cv-00456"]
by = ["Ada Penrose", "Penrose"]
against = ["Automaton"]
source = "https://court.example/456"
"""
PACKS: Packs = parse({"bills.toml": BILLS, "cases.toml": CASES}, PLACES)
WRITTEN = date(2026, 5, 12)  # a Tuesday
CONTEXT = "California's lawmakers are at work in Sacramento."


def entry(id: str) -> Entry:
    found = PACKS.get(id)
    assert found is not None
    return found


def step(sentence: str, id: str = "puppet", written: date = WRITTEN, context: str = CONTEXT) -> str | None:
    move = moves(sentence, entry(id), written, PACKS, context)
    return None if move is None else move.step.name + (f" {move.house}" if move.house else "")


@pytest.mark.parametrize(
    ("sentence", "said"),
    [
        # signed, vetoed, law
        ("Gov. Vane signed AB 77 on Monday.", "SIGNED"),
        ("Gov. Vane signed AB 77 into law on Monday.", "SIGNED"),
        ("Gov. Vane signs AB 77, a first for puppeteers", "SIGNED"),
        ("AB 77 was signed into law Monday by Gov. Vane.", "SIGNED"),
        ("AB 77 has been signed.", "SIGNED"),
        ("AB 77, which would have puppets labelled as such, was signed by Gov. Vane.", "SIGNED"),
        ("The governor has signed the Puppet Transparency Act (AB 77), despite pressure from puppet makers.", "SIGNED"),
        ("Vane on Monday signed two bills, AB 78 and AB 77, that puppeteers had long wanted.", "SIGNED"),
        ("Gov. Vane signed the nation’s first puppet law, AB 77, at a theatre in Fresno.", "SIGNED"),
        ("Gov. Vane signed a package of bills including AB 77.", "SIGNED"),
        ("Gov. Vane vetoed AB 77 late on Sunday, saying that it went too far.", "VETOED"),
        ("Governor vetoes AB 77", "VETOED"),
        ("AB 77 was vetoed on May 10.", "VETOED"),
        ("AB 77 became law without the governor’s signature.", "LAW"),
        ("The Puppet Transparency Act is now law.", "LAW"),
        # through the houses
        ("AB 77 passed the Assembly 52-16 on Monday.", "PASSED_HOUSE assembly"),
        ("AB 77 passed the California State Senate on Monday.", "PASSED_HOUSE senate"),
        ("The Assembly passed AB 77 by 52 to 16.", "PASSED_HOUSE assembly"),
        ("The state Senate voted 31-9 to approve AB 77.", "PASSED_HOUSE senate"),
        ("California Senate passes AB 77", "PASSED_HOUSE senate"),
        ("AB 77 was approved by the Senate on Monday and now goes back to the Assembly.", "PASSED_HOUSE senate"),
        ("AB 77, the Puppet Transparency Act, cleared the Assembly.", "PASSED_HOUSE assembly"),
        ("AB 77 won final approval in the Senate.", "PASSED_HOUSE senate"),
        ("AB 77, which passed the Assembly on Monday, has puppeteers on edge.", "PASSED_HOUSE assembly"),
        ("AB 77 has cleared both houses.", "PASSED"),
        ("The Legislature has passed AB 77.", "PASSED"),
        ("AB 77 passed the Senate and was sent to the governor.", "PASSED_HOUSE senate"),
        ("AB 77 now heads to Gov. Vane’s desk.", "SENT"),
        ("AB 77 was sent to the governor on Monday.", "SENT"),
        ("Lawmakers sent AB 77 to the governor.", "SENT"),
        ("AB 77 is now awaiting the governor’s signature.", "SENT"),
        # beginnings, changes, ends
        ("Assemblymember Ode introduced AB 77 on Monday.", "INTRODUCED"),
        ("AB 77 was introduced this week.", "INTRODUCED"),
        ("AB 77 was amended on Monday to spare finger puppets.", "AMENDED"),
        ("AB 77 died in committee on Thursday.", "DIED"),
        ("AB 77 was shelved.", "DIED"),
        ("AB 77 failed in the Senate.", "DIED"),
        ("The Senate rejected AB 77.", "DIED"),
        ("Ode withdrew AB 77 on Monday.", "DIED"),
        ("AB 77 took effect on Friday.", "IN_FORCE"),
        ("AB 77 takes effect today.", "IN_FORCE"),
        ("AB 77 went into effect May 1.", "IN_FORCE"),
        ("The Puppet Transparency Act has come into force.", "IN_FORCE"),
        ("A.B. 77 was vetoed.", "VETOED"),
        ("Assembly Bill 77 was signed into law.", "SIGNED"),
    ],
)
def test_a_move_is_read_where_it_is_said(sentence: str, said: str) -> None:
    assert step(sentence) == said


@pytest.mark.parametrize(
    "sentence",
    [
        # to come, or wished for
        "Gov. Vane is expected to sign AB 77.",
        "Gov. Vane will sign AB 77 on Friday.",
        "AB 77 would be signed by the end of May.",
        "AB 77 will be heard 19 May in the Senate.",
        "AB 77 would take effect on Jan. 1.",
        "AB 77 takes effect on July 1.",
        "AB 77 goes into effect next month.",
        "Gov. Vane has until Friday to sign or veto AB 77.",
        "Puppeteers urged the governor to sign AB 77.",
        "Puppeteers want AB 77 signed into law.",
        "The union hopes to see AB 77 signed into law.",
        "Gov. Vane plans to have AB 77 signed by Friday.",
        "AB 77 could pass the Senate this week.",
        "Gov. Vane, who promised that he would, signs AB 77 tomorrow.",
        "The Senate is poised to pass AB 77.",
        # conditions
        "If AB 77 passed the Senate, makers would leave the state.",
        "Makers will sue if Gov. Vane signs AB 77.",
        "Unless AB 77 is signed, puppets stay unlabelled.",
        "Once AB 77 is signed into law, makers have a year.",
        "When Gov. Vane signs AB 77, makers get a year.",
        "After the Senate passes AB 77, it goes to the governor.",
        "It is unclear whether Gov. Vane signed AB 77.",
        "Had Gov. Vane signed AB 77, makers would have left.",
        # denied
        "Gov. Vane did not sign AB 77.",
        "Gov. Vane has not signed AB 77.",
        "Gov. Vane hasn’t signed AB 77.",
        "AB 77 never passed the Senate.",
        "AB 77 has yet to pass the Senate.",
        "Nobody in Sacramento has signed AB 77.",
        "AB 77 nearly died in committee.",
        "Gov. Vane refused to say whether he had vetoed AB 77.",
        "Posts claiming that Gov. Vane signed AB 77 are false.",
        "It is not true that Gov. Vane signed AB 77.",
        "Has Gov. Vane signed AB 77?",
        # another subject or object
        "Gov. Vane signed AB 78.",
        "Gov. Vane signed AB 78, a rival to AB 77.",
        "Gov. Vane signed a letter supporting AB 77.",
        "Gov. Vane signed the AB 77 petition.",
        "More than 400 puppeteers signed on to AB 77.",
        "Gov. Vane signed an amendment to AB 77.",
        "Gov. Vane signed a bill that is weaker than AB 77.",
        "Supporters of AB 77 passed the Assembly on their march.",
        "Opponents of AB 77 died of laughter.",
        "AB 77’s author passed the Senate leader a note.",
        "Unlike AB 77, AB 78 was signed into law.",
        "AB 78 was signed into law, but AB 77 stalled.",
        "Ode, the author of AB 77, was introduced to the crowd.",
        "Gov. Vane vetoed the budget and praised AB 77.",
        "Gov. Vane vetoed AB 78 and called AB 77 a better bill.",
        "Critics of AB 77, which is wide, signed a pledge.",
        # less than a move
        "AB 77 passed the Senate Judiciary Committee on Monday.",
        "The Assembly Appropriations Committee approved AB 77.",
        "AB 77 passed its first test on Monday.",
        "AB 77 heads to the Senate.",
        "AB 77, introduced by Assemblymember Ode, would have puppets labelled.",
        "AB 77, as amended, would spare finger puppets.",
        "AB 77 is signed by its author.",
        "Lawmakers debated AB 77 for hours.",
        "AB 77.",
        # long ago
        "Gov. Vane vetoed AB 77 last year.",
        "In 2025, Gov. Vane vetoed AB 77.",
        "AB 77 passed the Assembly in January.",
        "AB 77 was introduced on Feb. 4, 2025.",
        "Months ago, the Assembly passed AB 77.",
    ],
)
def test_what_only_sounds_like_a_move_is_none(sentence: str) -> None:
    assert step(sentence) is None


@pytest.mark.parametrize(
    ("sentence", "id", "said"),
    [
        ("Gov. Vane signed AB 77.", "puppet-nv", None),
        ("Nevada’s governor signed AB 77.", "puppet", None),
        ("Nevada’s governor signed AB 77.", "puppet-nv", "SIGNED"),
        ("Gov. Vane signed Nevada's AB 77.", "puppet", None),
        ("Senator Rook introduced the STRINGS Act on Monday.", "strings", "INTRODUCED"),
        ("The Senate passed the STRINGS Act, S. 99, by unanimous consent.", "strings", "PASSED_HOUSE senate"),
        ("The House of Representatives passed the STRINGS Act.", "strings", "PASSED_HOUSE house of representatives"),
        ("The President signed the STRINGS Act into law.", "strings", "SIGNED"),
        ("The STRINGS Act has not passed the House.", "strings", None),
        ("The Stages (Automata) Bill has received Royal Assent.", "stages", "SIGNED"),
        ("The Stages (Automata) Bill was approved by the House of Lords.", "stages", "PASSED_HOUSE house of lords"),
        ("The Hearsay Act was signed into law.", "hearsay", None),
    ],
)
def test_a_move_is_that_bills_own(sentence: str, id: str, said: str | None) -> None:
    assert step(sentence, id) == said


def test_a_number_alone_moves_only_where_its_place_is_named() -> None:
    assert step("AB 77 was vetoed.", context="") is None
    assert step("AB 77 was vetoed.", context="A report from California") == "VETOED"


def test_in_force_is_told_on_the_day_not_before() -> None:
    sentence = "AB 77 took effect on Jan. 1."
    assert step(sentence, written=date(2026, 1, 2)) == "IN_FORCE"
    assert step(sentence, written=date(2026, 6, 2)) is None
    assert step("AB 77 took effect on Jan. 1, 2027.", written=date(2026, 6, 2)) is None


@pytest.mark.parametrize(
    ("sentence", "id", "said"),
    [
        ("The Gazette sued Automaton on Monday, saying that its puppets read the paper.", "gazette", "FILED"),
        ("Automaton was sued by The Gazette.", "gazette", "FILED"),
        (
            "The Gazette and two authors have filed copyright infringement lawsuits against Automaton.",
            "gazette",
            "FILED",
        ),
        ("Small Label settled its lawsuit with Automaton.", "labels", None),  # Big Label did not
        ("The judge was told that both sides have settled Big Label v. Automaton.", "labels", "SETTLED"),
        ("The Gazette filed a copyright lawsuit against Automaton in Manhattan.", "gazette", "FILED"),
        ("Gazette sues Automaton", "gazette", None),
        ("Ada Penrose sued Automaton.", "penrose", None),  # in 2024
        ("The Gazette may sue Automaton.", "gazette", None),
        ("The Gazette, which has not sued Automaton, praised the ruling.", "gazette", None),
        ("Automaton sued The Gazette.", "gazette", None),
        ("A judge dismissed The Gazette’s lawsuit against Automaton.", "gazette", "DISMISSED"),
        ("A federal judge on Monday dismissed Penrose v. Automaton.", "penrose", "DISMISSED"),
        ("Penrose v. Automaton was dismissed.", "penrose", "DISMISSED"),
        ("A judge dismissed some of the claims in The Gazette’s case against Automaton.", "gazette", "RULED"),
        ("A judge refused to dismiss The Gazette’s lawsuit against Automaton.", "gazette", None),
        ("Automaton asked the judge to dismiss The Gazette’s lawsuit.", "gazette", None),
        ("Automaton and Ada Penrose have settled, Penrose’s lawyers said.", "penrose", "SETTLED"),
        ("Automaton has agreed to pay $9 million to settle a lawsuit by Ada Penrose.", "penrose", "SETTLED"),
        ("Automaton reached a settlement with Ada Penrose.", "penrose", "SETTLED"),
        ("Automaton is in talks to settle with Ada Penrose.", "penrose", None),
        ("The judge ruled in Penrose v. Automaton that puppets may not read novels.", "penrose", "RULED"),
        ("In Penrose v. Automaton, the judge held that reading is copying.", "penrose", "RULED"),
        ("A judge granted class certification in Penrose v. Automaton.", "penrose", "CERTIFIED"),
        ("A judge is expected to rule in Penrose v. Automaton.", "penrose", None),
        ("The judge in Penrose v. Automaton will rule on Friday.", "penrose", None),
        ("Automaton appealed the ruling in Penrose v. Automaton.", "penrose", "APPEALED"),
        ("Automaton plans to appeal in Penrose v. Automaton.", "penrose", None),
        ("A judge ruled in Gazette v. Automaton.", "penrose", None),
        ("A judge ruled in 2024 in Penrose v. Automaton.", "penrose", None),
        ("Penrose praised Automaton.", "penrose", None),
    ],
)
def test_cases_move_by_the_same_rules(sentence: str, id: str, said: str | None) -> None:
    assert step(sentence, id, context="") == said


def test_the_evidence_is_the_sentence_and_the_key_is_the_same_for_every_report() -> None:
    one = moves("The Assembly passed AB 77.", entry("puppet"), WRITTEN, PACKS, CONTEXT)
    two = moves("AB 77 cleared the Assembly on Monday.", entry("puppet"), WRITTEN, PACKS, CONTEXT)
    other = moves("AB 77 cleared the Senate on Monday.", entry("puppet"), WRITTEN, PACKS, CONTEXT)
    assert one is not None
    assert two is not None
    assert other is not None
    assert one.evidence == "The Assembly passed AB 77."
    assert one.key == two.key == "puppet:passed_house:assembly"
    assert other.key != one.key


OF_CASES = {Step.FILED, Step.RULED, Step.CERTIFIED, Step.DISMISSED, Step.SETTLED, Step.APPEALED}
PIECES = st.sampled_from(
    "AB 77|A.B. 77|STRINGS Act|The Gazette|Automaton|Penrose v. Automaton|signed|vetoed|passed|the Senate|Assembly|,|("
    "|)|and|which|’s|to the governor’s desk|on Jan. 32|in May|30 Feb|judge|dismissed|sued|settled|\ue000|“|—|not"
    "|\n".split("|")
)


@given(pieces=st.lists(st.one_of(PIECES, st.text(max_size=12)), max_size=30), written=st.dates(date(1990, 1, 1)))
@settings(max_examples=300, deadline=None)
def test_no_text_raises_and_what_moves_is_of_its_kind(pieces: list[str], written: date) -> None:
    sentence = " ".join(pieces)
    for one in PACKS:
        move = moves(sentence, one, written, PACKS, CONTEXT)
        assert move is None or (move.evidence == sentence and (move.step in OF_CASES) == (one.kind is Kind.CASE))


@pytest.mark.parametrize(
    "sentence",
    [
        "signed " + "bill, " * 110 + "AB 77",
        "signed " + "a" * 600 + " AB 77",
        "AB 77" + ", " * 330 + "signed",
        "AB 77 " * 110,
        "AB 77, " + "was then now " * 50,
        "judge " * 100 + "Penrose v. Automaton",
        "judge dismissed " + "The Gazette lawsuit " * 33,
        "The Gazette settled case Automaton " * 19,
        "Judge A A ruled Automaton The Gazette " * 18,
        "A Bill Act " * 60 + "AB 77",
    ],
)
def test_hostile_sentences_are_read_in_bounded_time(sentence: str) -> None:
    moves("", entry("puppet"), WRITTEN, PACKS)  # shapes are compiled once
    with bounded_work():
        for one in PACKS:
            moves(sentence, one, WRITTEN, PACKS, CONTEXT)
