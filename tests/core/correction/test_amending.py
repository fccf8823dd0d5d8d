"""What an analysis and a digest say once an article that they cite has changed or is gone."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import date, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.analysis import (
    EXTRACT_BUDGET,
    Analysis,
    Claim,
    Disclosure,
    Evidence,
    EvidenceId,
    Outlook,
    Paragraph,
    Perspective,
    Side,
    Source,
)
from bot.core.article import Article, ArticleId, Revision
from bot.core.correction.amending import amend, amend_digest
from bot.core.correction.correction import Cause, Correction
from bot.core.correction.standing import Present
from bot.core.feed import FeedId
from bot.core.message.correction import erratum_document
from bot.core.message.digest import digest_document
from bot.core.movement import Update
from bot.core.story import StoryId
from tests.core.test_message_digest import words
from tests.factories import GUILD, NOON, new_article, new_digest, new_outlet

LEDGER, BACKLOT = ArticleId(1), ArticleId(2)
WALKED = "Screenwriters at Orbit Pictures walked out on Monday over artificial intelligence."
JOINED = "The guild said 400 screenwriters joined the strike."
JOINED_TOO = "About 400 screenwriters joined the strike, their guild said."
TALKS = "Orbit Pictures said it would keep negotiating."
VOTE = "The guild will vote on March 12 on a contract."
LATER = NOON + timedelta(hours=3)
NOTHING = "A story that its outlet withdrew"


def claim(text: str, *evidence: int, **fields: Any) -> Claim:
    return Claim(text=text, evidence=tuple(map(EvidenceId, evidence)), **fields)


def source(article: ArticleId, outlet: str, title: str) -> Source:
    address = f"https://{outlet.casefold()}.example/{article}"
    return Source(article=article, outlet=outlet, owner=None, title=title, url=address, published=NOON)


def analysis(**fields: Any) -> Analysis:
    """Told by the Ledger, with one sentence that the Backlot has too."""
    told: dict[str, Any] = {
        "story": StoryId(7),
        "version": 1,
        "headline": "Screenwriters strike at Orbit Pictures",
        "deck": claim(WALKED, 1),
        "first_seen": NOON,
        "last_updated": NOON,
        "told": (Paragraph(claims=(claim(JOINED, 2, 3),)),),
        "why": (),
        "background": (),
        "perspectives": (Perspective(side=Side.EMPLOYERS, speaker="Orbit Pictures", claim=claim(TALKS, 4)),),
        "not_heard": (),
        "watch": (Outlook(claim=claim(VOTE, 5), due=date(2026, 3, 12)),),
        "sources": (
            source(LEDGER, "Ledger", "Screenwriters strike at Orbit Pictures"),
            source(BACKLOT, "Backlot", "Orbit Pictures writers walk out"),
        ),
        "evidence": tuple(
            Evidence(id=EvidenceId(number), article=article, sentence=sentence)
            for number, (article, sentence) in enumerate(
                [(LEDGER, WALKED), (LEDGER, JOINED), (BACKLOT, JOINED_TOO), (LEDGER, TALKS), (LEDGER, VOTE)], 1
            )
        ),
        "disclosure": Disclosure(engine="extractive"),
    }
    return Analysis(**{**told, **fields})


LEDGERS = (WALKED, JOINED, TALKS, VOTE)


def ledger(*sentences: str, **fields: Any) -> Present:
    """The Ledger's article, which had all four sentences in its first revision and has these now."""
    text = " ".join(sentences)
    title = "Screenwriters strike at Orbit Pictures"
    was = Revision(article=LEDGER, revision=1, title=title, summary=" ".join(LEDGERS), content="", seen=NOON)
    known = asdict(new_article(FeedId(1), title=title, summary=text, url="https://ledger.example/1"))
    fields = {"outlet": new_outlet("Ledger"), "id": LEDGER, "revision": 2, **fields}
    return Present(article=Article(**{**known, **fields}), revisions=(was,))


def amended(present: Present, told: Analysis | None = None) -> tuple[Analysis, tuple[Correction, ...]]:
    return amend(told or analysis(), present, LATER, NOTHING)


def changes(corrections: tuple[Correction, ...]) -> list[tuple[Cause, str, str | None]]:
    return [(one.cause, one.was, one.now) for one in corrections]


def text_of(told: Analysis) -> list[str]:
    return [one.text for one in told.claims()]


FORTY = JOINED.replace("400", "40")


def test_an_outlets_sentence_says_what_the_outlet_says_now() -> None:
    now, corrections = amended(ledger(WALKED, FORTY, TALKS, VOTE))
    assert changes(corrections) == [(Cause.CHANGED, JOINED, FORTY)]
    (paragraph,) = now.told
    assert paragraph.claims == (claim(FORTY, 2),), "the Backlot does not say that it was 40"
    assert [one.sentence for one in now.evidence] == [WALKED, FORTY, TALKS, VOTE]
    assert now.sources[0].revision == 2


def test_doing_it_again_changes_nothing() -> None:
    for present in (ledger(WALKED, FORTY, TALKS, VOTE), ledger(withdrawn="retracted"), ledger(reserved="noai")):
        now, corrections = amended(present)
        assert corrections
        assert amended(present, now) == (now, ())


def test_a_change_that_nothing_cites_leaves_the_analysis_as_it_is() -> None:
    told = analysis()
    now, corrections = amended(ledger(WALKED, JOINED, TALKS, VOTE, "It rained."), told)
    assert now is told
    assert corrections == ()


def test_another_outlets_sentence_stands_in_for_one_that_is_withdrawn() -> None:
    now, corrections = amended(ledger(withdrawn="retracted"))
    assert text_of(now) == [JOINED_TOO]
    assert now.headline == "Orbit Pictures writers walk out"
    assert [one.outlet for one in now.sources] == ["Backlot"]
    assert (Cause.WITHDRAWN, JOINED, JOINED_TOO) in changes(corrections)
    assert (Cause.WITHDRAWN, WALKED, None) in changes(corrections)


def test_a_story_that_only_the_withdrawn_article_told_is_left_with_nothing() -> None:
    alone = analysis(told=(), sources=analysis().sources[:1])
    now, corrections = amended(ledger(withdrawn="retracted"), alone)
    assert (text_of(now), now.sources, now.headline) == ([], (), NOTHING)
    assert all(one.headline == NOTHING and one.url == "" for one in corrections)


def test_an_outlet_that_does_not_want_to_be_quoted_is_linked_by_title_only() -> None:
    now, corrections = amended(ledger(*LEDGERS, reserved="the outlet does not want to be quoted"))
    assert text_of(now) == [JOINED_TOO]
    assert (now.sources[0].quoted, now.headline) == (False, "Screenwriters strike at Orbit Pictures")
    assert {one.cause for one in corrections} == {Cause.RESERVED}


def test_a_sentence_in_other_words_than_the_outlets_stays_while_the_rest_bears_it_out() -> None:
    ours = claim("The guild counted 400 screenwriters who joined the strike.", 2, 3, by_editor=True)
    now, _ = amended(ledger(WALKED, FORTY, TALKS, VOTE), analysis(told=(Paragraph(claims=(ours,)),)))
    assert now.told == (Paragraph(claims=(replace(ours, evidence=(EvidenceId(2), EvidenceId(3))),)),) or (
        now.told[0].claims[0].text in (ours.text, FORTY)
    )


def test_an_editors_sentence_that_nothing_bears_out_any_more_gives_way() -> None:
    ours = claim("All 400 screenwriters joined the strike, the guild said.", 2, by_editor=True)
    now, corrections = amended(ledger(WALKED, FORTY, TALKS, VOTE), analysis(told=(Paragraph(claims=(ours,)),)))
    assert now.told[0].claims == (claim(FORTY, 2),)
    assert changes(corrections) == [(Cause.CHANGED, ours.text, FORTY)]


def test_a_day_that_was_the_old_words_is_not_the_new_ones() -> None:
    moved = VOTE.replace("12", "19")
    now, _ = amended(ledger(WALKED, JOINED, TALKS, moved))
    assert now.watch == (Outlook(claim=claim(moved, 5), due=None),)


def test_a_side_is_not_heard_by_a_sentence_that_does_not_name_its_speaker() -> None:
    heard = Perspective(side=Side.UNIONS, speaker="Ada Marsh", claim=claim(TALKS, 4))
    changed = TALKS.replace("Orbit Pictures", "The studio").replace("keep", "not keep")
    now, corrections = amended(ledger(WALKED, JOINED, changed, VOTE), analysis(perspectives=(heard,)))
    assert now.perspectives == ()
    assert (Cause.CHANGED, TALKS, None) in changes(corrections)


def test_the_extract_budget_holds_for_a_longer_sentence_too() -> None:
    """Too long to be quoted: the sentence is cut, or another outlet's stands there."""
    long = f"The guild said 40 screenwriters joined the strike, {'and more of them, ' * 40}in the end."
    now, _ = amended(ledger(WALKED, long, TALKS, VOTE))
    quoted = sum(len(one.sentence.split()) for one in now.evidence if one.article == LEDGER)
    assert quoted <= EXTRACT_BUDGET
    assert long not in text_of(now)


def test_what_was_told_as_new_is_corrected_with_its_story() -> None:
    told = analysis()
    update = Update(story=told.story, told=NOON, claims=(claim(JOINED, 2, 3), claim(WALKED, 1)), articles=(LEDGER,))
    digest = new_digest(GUILD, told, updates=(update,))
    now = amend_digest(digest, ledger(withdrawn="retracted"), LATER, posted=True, nothing=NOTHING).digest
    assert now.updates[0].claims == (claim(JOINED_TOO, 3),)
    assert now.updates[0].articles == ()


def test_what_nobody_has_read_is_changed_without_a_word_and_a_story_without_sources_is_left_out() -> None:
    digest = new_digest(GUILD, analysis(told=(), sources=analysis().sources[:1]))
    now = amend_digest(digest, ledger(withdrawn="retracted"), LATER, posted=False, nothing=NOTHING)
    assert now.digest.analyses == ()
    assert now.digest.corrections == ()


# --- whatever changes ---------------------------------------------------------------------------------------------

SENTENCES = st.sampled_from(
    [
        *LEDGERS,
        JOINED_TOO,
        FORTY,
        WALKED.replace("Monday", "Tuesday"),
        TALKS.replace("would", "would not"),
        VOTE.replace("12", "19"),
        "Correction: the number of strikers was wrong.",
        "It rained.",
    ]
)


@st.composite
def versions(draw: st.DrawFn) -> Present:
    sentences = draw(st.lists(SENTENCES, max_size=7, unique=True))
    gone = draw(st.sampled_from([{}, {}, {"withdrawn": "retracted"}, {"reserved": "noai"}]))
    title = draw(st.sampled_from(["Screenwriters strike at Orbit Pictures", "40 strike at Quillmark", "A strike"]))
    return ledger(*sentences, title=title, revision=draw(st.integers(2, 5)), **gone)


@settings(max_examples=150, deadline=None)
@given(st.lists(versions(), min_size=1, max_size=3))
def test_whatever_changes_nothing_lost_is_shown_and_nothing_uncited_added(history: list[Present]) -> None:
    """Over several changes, one after the other: a correction of a correction too."""
    digest = new_digest(GUILD, analysis())
    for number, present in enumerate(history):
        present = replace(present, article=replace(present.article, revision=2 + number))
        before = digest
        done = amend_digest(digest, present, LATER, posted=True, nothing=NOTHING)
        digest = done.digest
        (told,) = digest.analyses
        shown = " ".join(words(digest_document(digest))) + " ".join(words(erratum_document(done.corrections)))
        evidence = {one.id: one for one in told.evidence}
        sources = {one.article for one in told.sources}
        others = {one.sentence for one in told.evidence}
        for one in told.claims():
            assert one.evidence, "nothing is told that cites nothing"
            assert all(cited in evidence and evidence[cited].article in sources for cited in one.evidence)
            assert (
                one in set(before.analyses[0].claims())
                or any(one.text == evidence[cited].sentence for cited in one.evidence)
                or one.text in text_of(before.analyses[0])
            )
        for correction in done.corrections:
            if correction.was and correction.was not in others and correction.was != told.headline:
                assert correction.was not in shown
        if present.article.withdrawn or present.article.reserved:
            for sentence in LEDGERS:
                assert sentence not in shown
        assert (told != before.analyses[0]) == bool(done.corrections), "never in silence"
        again = amend_digest(digest, present, LATER, posted=True, nothing=NOTHING)
        assert again.digest is digest
