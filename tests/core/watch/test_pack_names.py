from __future__ import annotations

import pytest

from bot.core.feed import FeedId
from bot.core.watch.evaluation import Where, hits, holds
from bot.core.watch.fault import QueryError
from bot.core.watch.names import EntryKey, Meaning
from bot.core.watch.pack import Packs
from bot.core.watch.pack_file import parse as parse_packs
from bot.core.watch.pack_names import PackNames, watched
from bot.core.watch.parser import parse
from bot.core.watch.query import NameKind
from tests.factories import new_article

PLACES = """
[us]
short = "US"
names = ["United States"]
bodies = ["Congress"]

[us-ca]
short = "CA"
names = ["California"]
bodies = ["California Assembly"]

[us-nv]
short = "NV"
names = ["Nevada"]
"""
GUILDS = """
kind = "guild"

[wga]
name = "Writers Guild of America"
aliases = ["WGA"]
source = "https://guild.example/"

[wgc]
name = "Writers Guild of Canada"
aliases = ["WGC"]
source = "https://canada.example/"
"""
BILLS = """
kind = "bill"

[ca-412]
name = "Training data act"
place = "us-ca"
session = "2025-2026"
numbers = ["AB 412"]
source = "https://bills.example/412"

[nv-412]
name = "Water act"
place = "us-nv"
session = "2025"
numbers = ["AB 412"]
source = "https://bills.example/nv412"

[fakes-118]
name = "No Fakes Act"
place = "us"
session = "118"
source = "https://bills.example/118"

[fakes-119]
name = "No Fakes Act"
place = "us"
session = "119"
source = "https://bills.example/119"
"""


def means(*entries: str) -> Meaning:
    return Meaning(tuple(map(EntryKey, entries)))


@pytest.fixture(scope="module")
def packs() -> Packs:
    return parse_packs({"guilds.toml": GUILDS, "bills.toml": BILLS}, PLACES)


@pytest.mark.parametrize(
    ("kind", "name", "meaning"),
    [
        (NameKind.GUILD, "wga", means("wga")),
        (NameKind.GUILD, "writers guild of america", means("wga")),
        (NameKind.BILL, "CA AB 412", means("ca-412")),
        (NameKind.BILL, "no fakes act", means("fakes-119", "fakes-118")),
        (NameKind.BILL, "AB 412", Meaning(instead=("CA AB 412 (2025-2026)", "NV AB 412 (2025)"))),
        (NameKind.BILL, "no fakes", Meaning(instead=("No Fakes Act",))),
        (NameKind.CASE, "wga", Meaning()),
        (NameKind.PACK, "Guilds", means("wga", "wgc")),
        (NameKind.PACK, "us", means("fakes-118", "fakes-119")),
        (NameKind.PACK, "wgc", means("wgc")),
        (NameKind.PACK, "guild s", Meaning(instead=("guilds",))),
        (NameKind.PACK, "zzz", Meaning()),
    ],
)
def test_a_name_means(packs: Packs, kind: NameKind, name: str, meaning: Meaning) -> None:
    assert PackNames(packs).meaning(kind, name) == meaning


def test_what_is_offered_can_be_typed(packs: Packs) -> None:
    names = PackNames(packs)
    for kind, name in ((NameKind.BILL, "AB 412"), (NameKind.GUILD, "writers guild")):
        offered = names.meaning(kind, name).instead
        assert offered
        assert all(len(names.meaning(kind, one).entries) == 1 for one in offered)


def test_packs_are_listed_without_empty_ones(packs: Packs) -> None:
    listed = {name: len(entries) for name, entries in PackNames(packs).packs()}
    assert listed == {"guilds": 2, "bills": 4, "us": 2, "us-ca": 1, "us-nv": 1}


def test_an_article_has_the_names_that_the_packs_find_in_it(packs: Packs) -> None:
    text = "The Writers Guild of Canada and the WGA met in California over AB 412."
    made = watched(packs, new_article(FeedId(1), title="Talks"), text)
    names = PackNames(packs)
    assert holds(parse("guild:wga near/2 met", names), made)
    assert holds(parse('bill:"CA AB 412" pack:guilds', names), made)
    assert not holds(parse('bill:"NV AB 412"', names), made)
    found = hits(parse("pack:guilds", names), made)
    assert [text[hit.start : hit.end] for hit in found] == ["Writers Guild of Canada", "WGA"]
    assert {hit.where for hit in found} == {Where.TEXT}


def test_unknown_names_are_refused_with_what_there_is(packs: Packs) -> None:
    with pytest.raises(QueryError, match=r'did you mean bill:"CA AB 412 \(2025-2026\)" or bill:"NV AB 412 \(2025\)"\?'):
        parse('bill:"AB 412"', PackNames(packs))
