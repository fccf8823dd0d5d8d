"""The packs: what a person means by a name, what a text names, and mistakes in the files."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.errors import InputError
from bot.core.watch.naming import BillNumber, keys, words
from bot.core.watch.pack import EntryId, Kind, Packs, Session
from bot.core.watch.pack_file import parse

PLACES = """
[us]
short = "US"
names = ["United States"]
bodies = ["Congress", "Senator"]

[us-ca]
short = "CA"
names = ["California", "Calif."]
bodies = ["Sacramento"]

[us-nv]
short = "NV"
names = ["Nevada"]
"""
BILLS = """
kind = "bill"

[us-ca-ab-412-2025]
name = "Puppet Transparency Act"
place = "us-ca"
session = "2025-2026"
numbers = ["AB 412"]
source = "https://leg.example/412"

[us-nv-ab-412-2025]
name = "An act relating to marionettes"
place = "us-nv"
session = "2025"
numbers = ["AB 412"]
source = "https://leg.example/nv412"

[us-strings-118]
name = "STRINGS Act"
place = "us"
session = "118"
numbers = ["S. 77"]
source = "https://leg.example/118"

[us-strings-119]
name = "STRINGS Act"
place = "us"
session = "119"
numbers = ["S. 99", "H.R. 101"]
source = ["https://leg.example/119s", "https://leg.example/119h"]
"""
GUILDS = """
kind = "guild"

[puppeteers]
name = "Puppeteers Guild"
aliases = ["PGX"]
source = "https://guild.example/"

[puppeteers-north]
name = "Puppeteers Guild North"
part-of = "puppeteers"
source = "https://guild.example/north"

[shadow]
name = "Shadow Players’ Union"
only-with."Unity" = ["puppet", "shadow theatre"]
source = "https://shadow.example/"

[rumoured]
name = "Society of Glove Puppets"
verified = false
"""
CASES = """
kind = "case"

[gazette-v-automaton]
name = "Gazette Co. v. Automaton, Inc."
place = "us"
court = "S.D.N.Y."
dockets = ["1:25-cv-00123"]
by = ["The Gazette"]
against = ["Automaton"]
source = "https://court.example/123"
"""


@pytest.fixture(scope="module")
def packs() -> Packs:
    return parse({"bills.toml": BILLS, "guilds.toml": GUILDS, "cases.toml": CASES}, PLACES)


def named(packs: Packs, text: str, published: date | None = None) -> set[str]:
    return set(packs.named_in(text, published))


# --- names ---------------------------------------------------------------------------------------------------


def test_spellings_of_one_name_are_one() -> None:
    assert keys("The W.G.A.’s") == keys("the WGA") == ("the", "wga")
    assert keys("SAG-AFTRA") == keys("Sag/Aftra") == ("sag", "aftra")
    assert keys("Kadrey vs. Meta") == keys("Kadrey v. Meta") == ("kadrey", "v", "meta")
    assert keys("Writers’ Guild") == keys("Writers Guild") == keys("Writers' Guild")
    assert keys("ＷＧＡ") == ("wga",)


def test_words_keep_their_place() -> None:
    text = "So A.B. 412, it’s"
    assert [text[word.start : word.end] for word in words(text)] == ["So", "A.B.", "412", "it’s"]


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("AB 412", BillNumber("AB", 412)),
        ("A.B. 412", BillNumber("AB", 412)),
        ("AB412", BillNumber("AB", 412)),
        ("ab 412", None),
        ("S. 1367", BillNumber("S", 1367)),
        ("H.R. 2794", BillNumber("HR", 2794)),
        ("H. R. 2794", BillNumber("HR", 2794)),
        ("S.7676-B", BillNumber("S", 7676)),
        ("SB 24-205", BillNumber("SB", 205, "24")),
        ("SB24-205", BillNumber("SB", 205, "24")),
        ("QX 9", None),
        ("AB 0", None),
        ("the bill", None),
    ],
)
def test_bill_numbers_are_read_in_their_usual_spellings(written: str, number: BillNumber | None) -> None:
    assert BillNumber.parse(written) == number


@pytest.mark.parametrize("number", [BillNumber("AB", 412), BillNumber("HR", 7), BillNumber("SB", 205, "24")])
def test_a_number_is_among_its_own_spellings(number: BillNumber) -> None:
    assert all(BillNumber.parse(spelling) in (number, None) or number.year for spelling in number.spellings())
    assert BillNumber.parse(str(number)) == number


def test_sessions_know_their_years() -> None:
    congress, biennium = Session.parse("119"), Session.parse("2025-2026")
    assert congress is not None
    assert biennium is not None
    assert (congress.first, congress.last) == (2025, 2026)
    assert biennium.covers(date(2024, 12, 3))
    assert not biennium.covers(date(2024, 11, 3))
    assert not biennium.covers(date(2027, 1, 1))
    assert Session.parse("2026-2025") is None
    assert Session.parse("the last one") is None


# --- what a person means -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "asked",
    ["CA AB 412", "California A.B. 412", "california assembly bill 412", "ca ab412", "CA AB 412 2025",
     "AB 412 2025-2026", "us-ca AB-412", "us-ca-ab-412-2025", "puppet transparency act",
     "Puppet Transparency Act 2026"],
)  # fmt: skip
def test_a_bill_is_found_by_any_of_its_names(packs: Packs, asked: str) -> None:
    assert [entry.id for entry in packs.called(asked)] == ["us-ca-ab-412-2025"]


def test_a_shared_number_gives_every_place_that_has_it(packs: Packs) -> None:
    assert {entry.id for entry in packs.called("AB 412")} == {"us-ca-ab-412-2025", "us-nv-ab-412-2025"}
    assert [entry.id for entry in packs.called("NV AB 412")] == ["us-nv-ab-412-2025"]


def test_a_title_of_several_sessions_gives_the_newest_first(packs: Packs) -> None:
    assert [entry.id for entry in packs.called("strings act")] == ["us-strings-119", "us-strings-118"]
    assert [entry.id for entry in packs.called("STRINGS Act 118")] == ["us-strings-118"]
    assert [entry.label for entry in packs.called("strings act")] == ["STRINGS Act (US, 119)", "US S 77 (118)"]


def test_the_letter_of_an_amended_print_is_no_part_of_the_number(packs: Packs) -> None:
    assert [entry.id for entry in packs.called("S. 99-B")] == ["us-strings-119"]


def test_kinds_narrow_the_search(packs: Packs) -> None:
    assert packs.called("PGX", Kind.BILL) == ()
    assert [entry.id for entry in packs.called("PGX", Kind.GUILD, Kind.CASE)] == ["puppeteers"]


def test_completion_prefers_the_shortest_name(packs: Packs) -> None:
    assert [entry.id for entry in packs.complete("pupp", Kind.GUILD)] == ["puppeteers", "puppeteers-north"]
    assert packs.complete("   ") == ()
    assert len(packs.complete("s", limit=2)) == 2


def test_a_slip_of_the_pen_is_guessed(packs: Packs) -> None:
    assert packs.called("Pupeteers Gild") == ()
    assert [entry.id for entry in packs.suggest("Pupeteers Gild", limit=1)] == ["puppeteers"]
    assert packs.suggest("quantum chromodynamics") == ()


# --- what a text names ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("California lawmakers passed AB 412 on Monday.", {"us-ca-ab-412-2025"}),
        ("In Sacramento, A.B. 412 moved ahead.", {"us-ca-ab-412-2025"}),
        ("Assembly Bill No. 412, the Puppet Transparency Act, moved ahead.", {"us-ca-ab-412-2025"}),
        ("AB 412 moved ahead.", set()),
        ("Nevada's AB 412 moved ahead.", {"us-nv-ab-412-2025"}),
        ("Unlike California, Nevada AB 412 exempts marionettes.", {"us-nv-ab-412-2025"}),
        ("Nevada watched as California's AB 412 passed.", {"us-ca-ab-412-2025"}),
        ("California lawmakers passed AB 4120 and SB 412.", set()),
        ("The PGX voted.", {"puppeteers"}),
        ("the p.g.x.'s members voted", {"puppeteers"}),
        ("The Puppeteers Guild North voted.", {"puppeteers", "puppeteers-north"}),
        ("Unity, the puppet union, voted.", {"shadow"}),
        ("They called for unity in the puppet trade.", set()),
        ("Unity shares fell.", set()),
        ("The Society of Glove Puppets met.", {"rumoured"}),
        ("In Gazette Co. vs Automaton, Inc. a judge ruled.", {"gazette-v-automaton"}),
        ("See docket 1:25-cv-00123.", {"gazette-v-automaton"}),
        ("The Gazette sued Automaton on Friday.", {"gazette-v-automaton"}),
        ("Automaton bought a page in The Gazette.", set()),
        ("Automaton was sued. The Gazette reported it.", set()),
        ("", set()),
    ],
)
def test_a_text_names_what_it_names(packs: Packs, text: str, ids: set[str]) -> None:
    assert named(packs, text) == ids


def test_the_session_of_a_shared_title_is_that_of_the_articles_day(packs: Packs) -> None:
    assert named(packs, "The STRINGS Act is back.", date(2025, 4, 9)) == {"us-strings-119"}
    assert named(packs, "The STRINGS Act is new.", date(2024, 4, 9)) == {"us-strings-118"}
    assert named(packs, "The STRINGS Act died.", date(2028, 4, 9)) == {"us-strings-119"}
    assert named(packs, "The STRINGS Act.") == {"us-strings-118", "us-strings-119"}


def test_a_number_belongs_to_its_session(packs: Packs) -> None:
    assert named(packs, "California's AB 412 passed.", date(2023, 6, 1)) == set()
    assert named(packs, "California's AB 412 passed.", date(2028, 6, 1)) == set()
    assert named(packs, "California's AB 412 of 2025 took effect.", date(2028, 6, 1)) == {"us-ca-ab-412-2025"}


def test_a_mention_is_a_place_in_the_text(packs: Packs) -> None:
    text = "Ask the P.G.X. why."
    (mention,) = packs.mentions(text)
    assert (mention.entry, text[mention.start : mention.end]) == ("puppeteers", "P.G.X.")


def test_unverified_entries_are_found_but_never_vouched_for(packs: Packs) -> None:
    rumoured = packs.get("rumoured")
    assert rumoured is not None
    assert not rumoured.verified
    assert rumoured not in packs.verified
    assert packs.get(EntryId("nobody")) is None


@given(text=st.text(max_size=300), asked=st.text(max_size=60))
@settings(max_examples=150, deadline=None)
def test_no_text_raises(packs: Packs, text: str, asked: str) -> None:
    mixed = f"{asked} PGX AB 412 California {text} STRINGS Act"
    for mention in packs.mentions(mixed, date(2025, 5, 1)):
        assert 0 <= mention.start < mention.end <= len(mixed)
    assert "puppeteers" in packs.named_in(f"{text}\nPGX\n{asked}") or text[-1:].isalnum() or asked[:1].isalnum()
    packs.called(asked)
    packs.complete(asked)
    packs.suggest(asked)


# --- mistakes in the files -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('source = "https://guild.example/"', "", r"guilds.toml: line 4: \[puppeteers\]: source: is missing; give"),
        ('"https://guild.example/"', '"my notes"', r"line 7: \[puppeteers\]: source: 'my notes' is no address; give"),
        ('"https://guild.example/"', '"https://guild.example/"\nverified = true', r"line 8: .*verified: goes with no"),
        ('aliases = ["PGX"]', 'aliases = "PGX"', r"line 6: \[puppeteers\]: aliases: is 'PGX'; write a list"),
        ('aliases = ["PGX"]', 'aliasses = ["PGX"]', r"line 6: .*aliasses: is no key; did you mean aliases\?"),
        ('aliases = ["PGX"]', 'aliases = ["…"]', r"line 6: .*aliases: '…' has no word"),
        ('part-of = "puppeteers"', 'part-of = "nobody"', r"\[puppeteers-north\]: part-of: there is no 'nobody'"),
        ('["puppet", "shadow theatre"]', "[]", r"line 16: \[shadow\]: only-with: 'Unity' has no words; list"),
        ('kind = "guild"', 'kind = "club"', r"line 2: kind: 'club' is none; one of guild, bill"),
        ('kind = "guild"', "", r"guilds.toml: line 1: kind: is missing; add"),
        ("[puppeteers]", "[Puppeteers]", r"line 4: \[Puppeteers\]: is no id; use lower-case"),
        ("[puppeteers-north]", "[puppeteers]", r"guilds.toml: Cannot declare"),
        ('name = "Puppeteers Guild"', "name = 7", r"line 5: \[puppeteers\]: name: is 7; write it in quotes"),
        ('name = "Puppeteers Guild"', "", r"line 4: \[puppeteers\]: name: is missing; add name"),
        ('aliases = ["PGX"]', 'place = "atlantis"', r"line 6: .*place: 'atlantis' is not in places.toml; add it"),
        ('aliases = ["PGX"]', 'session = "soon"', r"line 6: .*session: 'soon' is none; write"),
        ('aliases = ["PGX"]', 'numbers = ["AB 1"]', r"line 6: .*numbers: say nothing without place and session"),
        ('aliases = ["PGX"]', 'numbers = ["nine"]', r"line 6: .*numbers: 'nine' is no bill's number; write"),
        ('aliases = ["PGX"]', 'by = ["A"]', r"line 6: .*by: stands alone; name both sides"),
        ("[puppeteers]", "[us-strings-119]", r"guilds.toml: line 4: \[us-strings-119\]: is in another file"),
    ],
)  # fmt: skip
def test_mistakes_are_named_with_the_way_out(old: str, new: str, said: str) -> None:
    assert old in GUILDS
    with pytest.raises(InputError, match=said):
        parse({"bills.toml": BILLS, "guilds.toml": GUILDS.replace(old, new, 1)}, PLACES)


def test_a_case_needs_its_court() -> None:
    with pytest.raises(
        InputError, match=r"cases.toml: line 4: \[gazette-v-automaton\]: court: is missing; name the court"
    ):
        parse({"cases.toml": CASES.replace('court = "S.D.N.Y."', "")}, PLACES)


def test_a_place_needs_its_names() -> None:
    with pytest.raises(InputError, match=r"places.toml: line 2: \[us\]: names: is None; write a list"):
        parse({}, '\n[us]\nshort = "US"\n')
