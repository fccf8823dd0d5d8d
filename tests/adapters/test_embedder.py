"""The embedder: vectors that mean something, the same each time, whatever the text."""

from __future__ import annotations

import asyncio

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.models.embedder import DIMENSION, SLICE, MiniLmEmbedder
from bot.core.desk.lead import Lead, lead


@pytest.fixture(scope="module")
def embedder() -> MiniLmEmbedder:
    return MiniLmEmbedder()


def test_paraphrases_are_closer_than_other_news(embedder: MiniLmEmbedder) -> None:
    walkout, same_walkout, soup = embedder.embed_now(
        [
            "Screenwriters walk out after talks with the studios collapse",
            "Film and TV writers go on strike as negotiations break down",
            "A recipe for pumpkin soup with ginger",
        ]
    )
    assert walkout @ same_walkout > 0.5
    assert walkout @ soup < 0.2


def test_a_vector_does_not_depend_on_its_neighbours(embedder: MiniLmEmbedder) -> None:
    alone = embedder.embed_now(["The union voted yes."])
    among = embedder.embed_now(["x", "The union voted yes.", "A much longer text " * 40])
    assert np.array_equal(alone[0], among[1])


@settings(max_examples=25, deadline=None)
@given(st.text(st.characters(), max_size=200))
def test_any_text_gives_a_row_of_unit_length(text: str) -> None:
    rows = _shared().embed_now([text])
    assert rows.shape == (1, DIMENSION)
    assert np.linalg.norm(rows[0]) == pytest.approx(1, abs=1e-4)


def test_a_leads_vector_is_that_of_its_text(embedder: MiniLmEmbedder) -> None:
    one = lead("Guild ratifies AI terms", "Members voted on Tuesday to accept the contract.")
    whole, _ = embedder.embed_leads_now([one])
    assert np.array_equal(whole, embedder.embed_now([one.text]))


def test_a_titles_vector_leaves_out_what_only_the_text_says(embedder: MiniLmEmbedder) -> None:
    text = "Also this week: pumpkin soup with ginger, a walk by the river, and the winners of the crossword."
    whole, titles = embedder.embed_leads_now([lead("Screenwriters go on strike over pay", text)])
    strike, soup = embedder.embed_now(["Film and TV writers walk out", "pumpkin soup with ginger"])
    assert titles[0] @ soup < 0.2 < whole[0] @ soup
    assert titles[0] @ strike > 0.4


def test_without_a_title_its_vector_is_the_leads(embedder: MiniLmEmbedder) -> None:
    whole, titles = embedder.embed_leads_now([lead("", "The guild and the studios met again.")])
    assert np.array_equal(whole, titles)


@settings(max_examples=25, deadline=None)
@given(st.text(st.characters(), max_size=60), st.text(st.characters(), max_size=200), st.integers(0, 300))
def test_any_lead_gives_two_rows_of_unit_length(title: str, text: str, length: int) -> None:
    for one in (lead(title, text), Lead(text, length)):
        for rows in _shared().embed_leads_now([one]):
            assert rows.shape == (1, DIMENSION)
            assert np.linalg.norm(rows[0]) == pytest.approx(1, abs=1e-4)


async def test_more_than_a_slice_comes_back_in_order(embedder: MiniLmEmbedder) -> None:
    leads = [lead(f"Studio number {n}", f"It signed contract {n}.") for n in range(SLICE + 3)]
    for rows, alone in zip(await embedder.embed_leads(leads), embedder.embed_leads_now(leads), strict=True):
        assert np.array_equal(rows, alone)


def test_a_megabyte_costs_no_more_than_its_start(embedder: MiniLmEmbedder) -> None:
    start = "The guild and the studios met again on Thursday. " * 200
    assert np.array_equal(embedder.embed_now([start]), embedder.embed_now([start * 100]))


async def test_the_event_loop_stays_free_while_embedding(embedder: MiniLmEmbedder) -> None:
    embedder.embed_now(["loaded before the loop is watched"])
    loop = asyncio.get_running_loop()
    beats: list[float] = []

    async def beat() -> None:
        while True:
            beats.append(loop.time())
            await asyncio.sleep(0.005)

    watching = asyncio.create_task(beat())
    rows = await embedder.embed(["A contract was signed after a long night of talks."] * 40)
    watching.cancel()
    assert rows.shape == (40, DIMENSION)
    assert len(beats) > 3


async def test_no_texts_give_no_rows(embedder: MiniLmEmbedder) -> None:
    assert (await embedder.embed([])).shape == (0, DIMENSION)


_ONE: list[MiniLmEmbedder] = []


def _shared() -> MiniLmEmbedder:
    if not _ONE:
        _ONE.append(MiniLmEmbedder())
    return _ONE[0]
