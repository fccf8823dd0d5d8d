"""The packs that ship: each entry has a source, a name nobody else has, and is found by it."""

from __future__ import annotations

from collections import Counter
from urllib.parse import urlsplit

import pytest

from bot.cli.packs import packs as shipped
from bot.core.watch.pack import Kind, Packs


@pytest.fixture(scope="module")
def packs() -> Packs:
    return shipped()


def test_every_verified_entry_says_where_its_names_were_read(packs: Packs) -> None:
    for entry in packs.verified:
        assert all(urlsplit(source).hostname for source in entry.sources), entry.id


def test_every_entry_is_found_by_its_name_and_in_a_text_that_has_it(packs: Packs) -> None:
    for entry in packs:
        assert entry in packs.called(entry.name), entry.id
        assert entry in packs.called(entry.id), entry.id
        text = f"In the news: {entry.name}, {' '.join(entry.aliases)}."
        if not any(phrase.text == entry.name and phrase.with_any for phrase in entry.phrases):
            assert entry.id in packs.named_in(text), entry.id


def test_bills_are_told_apart_by_place_session_and_number(packs: Packs) -> None:
    held = Counter(
        (entry.place.code, entry.session.label, number)
        for entry in packs.of(Kind.BILL)
        for number in entry.numbers
        if entry.place and entry.session
    )
    assert not [key for key, count in held.items() if count > 1]


def test_dockets_are_of_one_case_each(packs: Packs) -> None:
    held = Counter((entry.court, docket) for entry in packs.of(Kind.CASE) for docket in entry.dockets)
    assert not [key for key, count in held.items() if count > 1]


def test_labels_tell_entries_apart(packs: Packs) -> None:
    assert not [label for label, count in Counter(entry.label for entry in packs).items() if count > 1]


@pytest.mark.parametrize(
    ("asked", "id"),
    [
        ("CA AB 412", "us-ca-ab-412-2025"),
        ("California SB 53", "us-ca-sb-53-2025"),
        ("NY S.8420-A", "us-ny-s-8420-2025"),
        ("Colorado SB 205", "us-co-sb-24-205-2024"),
        ("wga", "wga"),
        ("nyt v. openai", "nyt-v-openai"),
    ],
)
def test_what_people_type_finds_what_they_mean(packs: Packs, asked: str, id: str) -> None:
    assert [entry.id for entry in packs.called(asked)] == [id]


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("The WGA’s board met.", {"wga"}),
        ("The Writers Guild of Canada and WGA East met.", {"wgc", "wga", "wga-east"}),
        ("Pay equity is a matter of justice.", set()),
        ("Private Equity Firms Circle Studio", set()),
        ("Equity, the UK performers' union, said so.", {"equity-uk"}),
        ("The DGA's directors ratified it.", {"dga"}),
        ("Screen Actors Guild Awards: the winners", set()),
        ("Musicians at the AFM talks", {"afm"}),
        ("AFM buyers flew to Santa Monica", set()),
    ],
)
def test_ambiguous_names_need_their_context(packs: Packs, text: str, ids: set[str]) -> None:
    assert set(packs.named_in(text)) == ids
