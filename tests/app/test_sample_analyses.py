"""The extractive engine on the sample week: ten analyses as a person last read them, and what holds for every story.

The ten are made with the real model, whose int8 arithmetic differs between processors: `probe.txt` beside them holds
the hash of one vector, and where the machine's differs, so may the choice of sentences, and the ten are skipped. What
holds for every story is tested everywhere, with bags of hashed words for vectors, because it holds for any vectors.
"""

from __future__ import annotations

import hashlib
import os
from collections import Counter
from collections.abc import Iterator

import pytest

from adapters.models.embedder import MiniLmEmbedder
from adapters.text.markdown import markdown
from bot.app.extractive import ExtractiveAnalyst
from bot.app.ports import Embedder
from bot.core.analysis import EXTRACT_BUDGET, Analysis, Claim
from bot.core.desk.grounding import check
from bot.core.message.digest import analysis_document
from bot.core.sample import Edition
from tests.core.test_extract import SIDES
from tests.fakes import BagOfWords
from tests.golden import GOLDEN, check_golden
from tests.sample_stories import NOW, WEEK, sample_coverage

READ = (
    "authors-pellucid-suit",
    "forecast-report",
    "freelance-traps",
    "game-actors-deal",
    "palisade-layoffs",
    "quillmark-licence",
    "replica-bill",
    "scribes-vote-result",
    "sentinel-newsroom",
    "songmill-musicians",
)
RELEVANT = [story.key for story in WEEK.stories if story.relevant]


@pytest.fixture(scope="module")
def model() -> Iterator[MiniLmEmbedder]:
    """The model, on a machine that computes as the one did on which the golden files were read."""
    embedder = MiniLmEmbedder()
    probe = hashlib.sha256(embedder.embed_now(["Screenwriters will vote on a strike over AI."]).tobytes()).hexdigest()
    recorded = GOLDEN / "sample" / "probe.txt"
    if os.environ.get("SLUGLINE_UPDATE_GOLDEN"):
        recorded.write_text(probe + "\n")
    elif recorded.read_text().strip() != probe:
        embedder.close()
        pytest.skip("this machine's int8 arithmetic differs from that of the golden files")
    yield embedder
    embedder.close()


async def analysis_of(key: str, edition: Edition = Edition.FIRST, embedder: Embedder | None = None) -> Analysis:
    analyst = ExtractiveAnalyst(embedder or BagOfWords(), SIDES)
    return await analyst.analyse(sample_coverage(key, edition), {}, NOW)


@pytest.mark.parametrize("key", READ)
async def test_the_analysis_reads_as_it_was_last_read(key: str, model: MiniLmEmbedder) -> None:
    check_golden(f"sample/{key}.md", outline(await analysis_of(key, embedder=model)))


def outline(analysis: Analysis) -> str:
    """What was chosen and on what it stands. Not the renderers' Markdown: they have golden files of their own."""
    outlets = {source.article: source.outlet for source in analysis.sources}

    def shown(claim: Claim) -> str:
        return f"{claim.text} {''.join(f'[{number}]' for number in claim.evidence)}"

    sections = {
        "Story": [" ".join(shown(claim) for claim in paragraph.claims) for paragraph in analysis.told],
        "Why This Matters": [shown(claim) for claim in analysis.why],
        "Background": [" ".join(shown(claim) for claim in paragraph.claims) for paragraph in analysis.background],
        "Key Perspectives": [
            f"{one.side} ({one.speaker or 'unattributed'}): {shown(one.claim)}" for one in analysis.perspectives
        ],
        "Not heard": [str(side) for side in analysis.not_heard],
        "What to Watch": [f"{one.due or 'no date'}: {shown(one.claim)}" for one in analysis.watch],
        "Sources": [
            f"{one.outlet}: {one.title}{'' if one.independent else ' (not independent)'}"
            + (f" ({one.note})" if one.note else "")
            for one in analysis.sources
        ],
        "Evidence": [f"[{one.id}] {outlets[one.article]}: {one.sentence}" for one in analysis.evidence],
    }
    lines = [f"# {analysis.headline}", "", f"> {shown(analysis.deck) if analysis.deck else '(no deck)'}"]
    for title, entries in sections.items():
        if entries:
            lines += ["", f"## {title}", "", *(f"- {entry}" for entry in entries)]
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize("key", RELEVANT)
async def test_every_claim_stands_on_a_sentence_of_its_source(key: str) -> None:
    coverage = sample_coverage(key)
    texts = {m.article.id: " ".join(f"{m.article.summary}\n{m.article.content}".split()) for m in coverage.members}
    analysis = await analysis_of(key)
    evidence = {one.id: one for one in analysis.evidence}
    for one in analysis.evidence:
        assert " ".join(one.sentence.split()) in texts[one.article]
    for claim in analysis.claims():
        assert claim.evidence
        assert check(claim.text, [evidence[number].sentence for number in claim.evidence]).verdict == "supported"


@pytest.mark.parametrize("key", RELEVANT)
async def test_no_article_gives_more_than_the_extract_budget(key: str) -> None:
    words: Counter[int] = Counter()
    for one in (await analysis_of(key)).evidence:
        words[one.article] += len(one.sentence.split())
    assert all(count <= EXTRACT_BUDGET for count in words.values())


@pytest.mark.parametrize("key", RELEVANT)
async def test_a_paywalled_outlet_is_quoted_from_its_teaser_only(key: str) -> None:
    walled = {m.article.id: m.article for m in sample_coverage(key).members if m.article.outlet.paywalled}
    for one in (await analysis_of(key)).evidence:
        if one.article in walled:
            assert one.sentence in walled[one.article].summary


async def test_wire_copies_and_sister_outlets_are_not_counted_as_independent() -> None:
    forecast = {source.outlet: source.independent for source in (await analysis_of("forecast-report")).sources}
    assert [outlet for outlet, independent in forecast.items() if not independent] == [
        "Calloway Standard",
        "Westmark Tribune",
    ]
    vote = {source.outlet: source.independent for source in (await analysis_of("scribes-vote-result")).sources}
    assert [outlet for outlet, independent in vote.items() if not independent] == ["Backlot Wire"]


async def test_a_corrected_number_is_gone_from_the_analysis() -> None:
    """From all but the address, which outlets keep."""
    first, second = [await analysis_of("nine-lanterns-layoffs", edition) for edition in Edition]
    assert "191" in said(first)
    assert "191" not in said(second)


def said(analysis: Analysis) -> str:
    titles = [source.title for source in analysis.sources]
    return "\n".join([analysis.headline, *titles, *(claim.text for claim in analysis.claims())])


async def test_another_language_is_linked_and_not_quoted() -> None:
    analysis = await analysis_of("doublage-petition")
    assert [source.quoted for source in analysis.sources] == [False]
    assert not analysis.evidence


async def test_hostile_text_does_nothing() -> None:
    text = markdown(analysis_document(await analysis_of("freelance-traps")))
    assert "](https://phish.example" not in text
    assert "<script" not in text
    assert "@everyone" not in text
