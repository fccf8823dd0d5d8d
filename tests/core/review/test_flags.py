"""What an editor is shown to look at."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.core.analysis import Analysis, Claim, Evidence, EvidenceId, Paragraph, Source
from bot.core.article import ArticleId
from bot.core.review.draft import HEADLINE, edited
from bot.core.review.flags import (
    Allegation,
    Flag,
    NamedPersons,
    OneSource,
    ReservedSources,
    Ungrounded,
    flags_of,
)
from bot.core.story import StoryId
from tests.factories import NOON, new_analysis


def source(number: int, outlet: str, *, independent: bool = True, quoted: bool = True) -> Source:
    return Source(
        article=ArticleId(number),
        outlet=outlet,
        owner=None,
        title="Talks",
        url=f"https://outlet{number}.example/",
        published=NOON,
        independent=independent,
        quoted=quoted,
    )


def telling(*sentences: str, headline: str = "Talks resume", sources: tuple[Source, ...] = ()) -> Analysis:
    claims = tuple(Claim(text=text, evidence=(EvidenceId(number),)) for number, text in enumerate(sentences, 1))
    evidence = tuple(
        Evidence(id=EvidenceId(number), article=ArticleId(1), sentence=text) for number, text in enumerate(sentences, 1)
    )
    sources = sources or (source(1, "The Daily Slug"), source(2, "The Evening Slug"))
    return new_analysis(
        StoryId(1),
        ArticleId(1),
        headline=headline,
        deck=None,
        told=(Paragraph(claims=claims),),
        evidence=evidence,
        sources=sources,
    )


def of(kind: type[Flag], analysis: Analysis) -> list[Flag]:
    return [flag for flag in flags_of(analysis) if isinstance(flag, kind)]


PLAIN = "The talks resumed on Monday after a long break."


def test_a_plain_story_of_two_outlets_has_no_flag() -> None:
    assert flags_of(telling(PLAIN)) == ()


def test_one_source_is_one_however_many_copy_it() -> None:
    copies = (source(1, "The Daily Slug"), source(2, "The Evening Slug", independent=False))
    assert of(OneSource, telling(PLAIN, sources=copies)) == [OneSource("The Daily Slug")]
    assert of(OneSource, telling(PLAIN)) == []


def test_outlets_that_nobody_could_read_are_named() -> None:
    some = (source(1, "The Daily Slug"), source(2, "The Evening Slug"), source(3, "The Paywall", quoted=False))
    assert of(ReservedSources, telling(PLAIN, sources=some)) == [ReservedSources(("The Paywall",))]


def test_an_edit_that_adds_a_number_or_a_name_is_flagged_as_the_editors() -> None:
    told = telling("Eleven novelists asked the company for damages on Monday.", PLAIN)
    (flag,) = of(Ungrounded, edited(told, {1: "Eleven novelists asked Quillmark for 40 million dollars on Monday."}))
    assert isinstance(flag, Ungrounded)
    assert (flag.by_editor, flag.doubtful) == (True, False)
    assert any("40 million" in reason for reason in flag.reasons)
    assert any("Quillmark" in reason for reason in flag.reasons)
    assert of(Ungrounded, edited(told, {1: "Eleven novelists asked for damages on Monday."})) == []


def test_a_headline_that_adds_a_number_or_a_name_is_flagged_as_the_editors() -> None:
    told = telling("Eleven novelists asked the company for damages on Monday.", PLAIN)
    (flag,) = of(Ungrounded, edited(told, {HEADLINE: "AI firm Quillmark owes 999 novelists"}))
    assert isinstance(flag, Ungrounded)
    assert (flag.text, flag.by_editor, flag.doubtful) == ("AI firm Quillmark owes 999 novelists", True, False)
    assert any("999" in reason for reason in flag.reasons)
    assert any("Quillmark" in reason for reason in flag.reasons)


@pytest.mark.parametrize(
    "headline", ["Talks", "Eleven novelists ask for damages", "Novelists and the company in talks"]
)
def test_a_headline_that_its_sources_bear_out_is_not_flagged(headline: str) -> None:
    told = telling("Eleven novelists asked the company for damages on Monday.", PLAIN)
    assert of(Ungrounded, edited(told, {HEADLINE: headline})) == []


def test_a_sentence_that_turned_into_its_reverse_is_doubtful() -> None:
    told = telling("The studio did not accept the guild's terms on Monday.", PLAIN)
    (flag,) = of(Ungrounded, edited(told, {1: "The studio did accept the guild's terms on Monday."}))
    assert isinstance(flag, Ungrounded)
    assert flag.doubtful


@pytest.mark.parametrize(
    ("sentence", "names"),
    [
        ("Ada Marsh, the president of the guild, called the offer a start.", ("Ada Marsh",)),
        ("The ruling by Judge Elena Ruiz came on Tuesday.", ("Elena Ruiz",)),
        ("“We will not be replaced,” said Tomas Wren.", ("Tomas Wren",)),
        ("Orbit Pictures and the Writers Guild of America resumed talks.", ()),
        ("The Screen Actors Guild met on Monday.", ()),
        ("The Society of Working Authors and the Office of Labor Statistics were asked.", ()),
        ("Voices were cloned at Nine Lanterns Interactive, its owner said.", ()),
    ],
)
def test_people_are_named_and_bodies_are_not(sentence: str, names: tuple[str, ...]) -> None:
    found = of(NamedPersons, telling(sentence))
    assert found == ([NamedPersons(names)] if names else [])


@pytest.mark.parametrize(
    ("sentence", "word"),
    [
        ("Eleven novelists sued Quillmark in a federal court.", "sued"),
        ("The guild accused Orbit Pictures of breaking the contract.", "accused"),
        ("Prosecutors said that Lena Hart was charged with fraud.", "charged with"),
        ("The company charged $20 a month, Quillmark said.", None),
        ("They were accused of nothing.", None),
        ("The guild raised the issue on Monday.", None),
    ],
)
def test_an_allegation_needs_a_name_and_the_law(sentence: str, word: str | None) -> None:
    assert of(Allegation, telling(sentence)) == ([] if word is None else [Allegation(sentence, word)])


def test_a_headline_can_allege_too() -> None:
    told = replace(telling(PLAIN), headline="Novelists sue Quillmark over training")
    assert of(Allegation, told) == [Allegation("Novelists sue Quillmark over training", "sue")]
