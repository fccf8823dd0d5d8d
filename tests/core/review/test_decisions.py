"""What editors may do with a draft, and what of it is ever posted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.analysis import HEADLINE_LIMIT, Analysis, Claim
from bot.core.article import ArticleId
from bot.core.coming import Coming
from bot.core.community import MemberId
from bot.core.delivery import Digest, DigestId
from bot.core.desk.tracking import WatchState
from bot.core.errors import InputError
from bot.core.movement import Update
from bot.core.review.changes import changed
from bot.core.review.decisions import approve, assign, cut, drop, edit
from bot.core.review.draft import HEADLINE, DraftId, Edit, Reviewer, Section, StoryDraft, edited, material_of, sections
from bot.core.review.entry import Action
from bot.core.review.release import Review, ReviewPolicy, cleared, published, undecided
from bot.core.story import StoryId
from tests import specimens
from tests.factories import GUILD, NOON, new_analysis, new_digest

ANN, BEA = Reviewer(member=MemberId("ann"), name="Ann"), Reviewer(member=MemberId("bea"), name="Bea")
HOUR = timedelta(hours=1)
ONE, TWO = ReviewPolicy(), ReviewPolicy(approvers=2)


def a_draft(number: int = 1, original: Analysis | None = None) -> StoryDraft:
    original = original or replace(specimens.guild_analysis(), story=StoryId(number))
    return StoryDraft(id=DraftId(number), community=GUILD, original=original, opened_at=NOON)


def a_review(*drafts: StoryDraft) -> tuple[Digest, Review]:
    digest = new_digest(GUILD, *(draft.original for draft in drafts))
    return digest, Review(digest=DigestId(1), opened_at=NOON, drafts=drafts)


# --- edits ------------------------------------------------------------------------------------------------------


def test_an_untouched_draft_is_the_analysis_itself() -> None:
    original = specimens.guild_analysis()
    assert edited(original, {}) == original
    assert [claim for _, claim in sections(original)] == list(original.claims())


def test_every_sentence_has_one_number_and_is_edited_by_it() -> None:
    original = specimens.guild_analysis()
    count = len(list(original.claims()))
    draft = a_draft(original=original)
    for number in range(1, count + 1):
        told = edit(draft, {number: "Anew."}, ANN, NOON).draft.analysis
        texts = [claim.text for claim in told.claims()]
        assert texts == ["Anew." if place == number else claim.text for place, claim in enumerate(original.claims(), 1)]
        gone = cut(draft, number, ANN, NOON).draft.analysis
        assert [claim.text for claim in gone.claims()] == [
            claim.text for place, claim in enumerate(original.claims(), 1) if place != number
        ]


def test_an_edited_sentence_keeps_what_it_cites_and_is_the_editors() -> None:
    draft = a_draft()
    second = draft.sentences[1]
    decided = edit(draft, {2: "  The two sides\nagreed. "}, ANN, NOON)
    assert decided.draft.sentences[1].claim == Claim(
        text="The two sides agreed.", evidence=second.original.evidence, by_editor=True
    )
    (entry,) = decided.entries
    assert (entry.action, entry.before, entry.after) == (
        Action.EDITED,
        second.original.text,
        "The two sides agreed.",
    )
    assert entry.part == "story, sentence 2"


def test_numbers_mean_the_same_sentence_whatever_was_cut() -> None:
    draft = cut(a_draft(), 1, ANN, NOON).draft
    with pytest.raises(InputError, match="cut already"):
        cut(draft, 1, BEA, NOON)
    later = cut(draft, 2, BEA, NOON)
    assert later.entries[0].before == draft.sentences[1].original.text


def test_evidence_of_what_was_cut_goes_and_the_rest_keeps_its_numbers() -> None:
    original = specimens.guild_analysis()
    only = next(
        number
        for number, (_, claim) in enumerate(sections(original), 1)
        if not any(set(claim.evidence) & set(other.evidence) for other in original.claims() if other is not claim)
    )
    left = cut(a_draft(original=original), only, ANN, NOON).draft.analysis
    gone = set(list(original.claims())[only - 1].evidence)
    assert [one.id for one in left.evidence] == [one.id for one in original.evidence if one.id not in gone]


def test_what_is_put_back_as_it_was_is_the_outlets_again() -> None:
    draft = a_draft()
    anew = edit(draft, {2: "Anew."}, ANN, NOON).draft
    back = edit(anew, {2: draft.sentences[1].original.text}, ANN, NOON).draft
    assert back.analysis == draft.original
    restored = edit(cut(draft, 2, ANN, NOON).draft, {2: draft.sentences[1].original.text}, ANN, NOON)
    assert restored.draft.analysis == draft.original
    assert restored.entries[0].before is None


def test_an_edit_that_changes_nothing_takes_no_approval_back() -> None:
    draft = approve(a_draft(), ANN, NOON, approvers=1).draft
    same = edit(draft, {HEADLINE: draft.original.headline, 2: draft.sentences[1].original.text}, BEA, NOON)
    assert (same.draft, same.entries) == (draft, ())


@pytest.mark.parametrize("change", [lambda d: edit(d, {HEADLINE: "Anew"}, ANN, NOON), lambda d: cut(d, 3, ANN, NOON)])
def test_a_changed_text_has_to_be_approved_again(change: Callable[[StoryDraft], object]) -> None:
    draft = approve(a_draft(), ANN, NOON, approvers=1).draft
    decided = change(draft)
    assert not decided.draft.is_approved(1)  # type: ignore[attr-defined]
    assert decided.draft.revision == draft.revision + 1  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("number", "text", "why"),
    [
        (HEADLINE, "x" * (HEADLINE_LIMIT + 1), "at most 110"),
        (1, "x" * 1001, "at most 1000"),
        (1, " \n ", "has to say something"),
        (99, "x", "has no sentence 99"),
    ],
)
def test_what_makes_no_sense_is_refused(number: int, text: str, why: str) -> None:
    with pytest.raises(InputError, match=why):
        edit(a_draft(), {number: text}, ANN, NOON)


# --- approval ---------------------------------------------------------------------------------------------------


def test_two_approvers_are_two_people() -> None:
    once = approve(a_draft(), ANN, NOON, approvers=2).draft
    assert not once.is_approved(2)
    with pytest.raises(InputError, match="it takes 2 different people"):
        approve(once, replace(ANN, name="Another name"), NOON, approvers=2)
    twice = approve(once, BEA, NOON, approvers=2).draft
    assert twice.is_approved(2)
    assert twice.reviewers == ("Ann", "Bea")


def test_a_dropped_story_is_brought_back_by_approving_it() -> None:
    dropped = drop(approve(a_draft(), ANN, NOON, approvers=1).draft, "no news", BEA, NOON)
    assert dropped.draft.is_settled(1)
    assert not dropped.draft.is_approved(1)
    with pytest.raises(InputError, match="dropped already"):
        drop(dropped.draft, None, ANN, NOON)
    back = approve(dropped.draft, BEA, NOON, approvers=1)
    assert back.draft.is_approved(1)
    assert [entry.action for entry in back.entries] == [Action.BROUGHT_BACK, Action.APPROVED]


def test_assigning_changes_nothing_that_was_approved() -> None:
    draft = approve(a_draft(), ANN, NOON, approvers=1).draft
    given = assign(draft, BEA, ANN, NOON)
    assert given.draft == replace(draft, assigned=BEA)
    assert (given.entries[0].before, given.entries[0].after) == (None, "Bea")
    assert assign(given.draft, BEA, ANN, NOON).entries == ()


# --- what is posted ---------------------------------------------------------------------------------------------


def test_the_byline_names_who_approved_it() -> None:
    draft = a_draft()
    for by in (ANN, BEA):
        draft = approve(draft, by, NOON, approvers=2).draft
    digest, review = a_review(draft)
    told = published(digest, review, TWO, NOON)
    assert told is not None
    assert told.analyses[0].disclosure.reviewed_by == "Ann and Bea"
    assert not told.analyses[0].disclosure.overdue


def test_a_dropped_story_is_not_told() -> None:
    kept, gone = approve(a_draft(1), ANN, NOON, approvers=1).draft, drop(a_draft(2), None, ANN, NOON).draft
    digest, review = a_review(kept, gone)
    told = published(digest, review, ONE, NOON)
    assert told is not None
    assert told.stories == (StoryId(1),)


def test_out_of_time_it_is_posted_and_says_that_nobody_reviewed_it() -> None:
    policy = ReviewPolicy(patience=6 * HOUR)
    reviewed, waits = approve(a_draft(1), ANN, NOON, approvers=1).draft, edit(a_draft(2), {2: "x"}, ANN, NOON).draft
    digest, review = a_review(reviewed, waits, drop(a_draft(3), None, ANN, NOON).draft)
    assert published(digest, review, policy, NOON + 6 * HOUR - timedelta(microseconds=1)) is None
    assert published(digest, review, ONE, NOON + 999 * HOUR) is None, "it holds"
    told = published(digest, review, policy, NOON + 6 * HOUR)
    assert told is not None
    marks = [(one.disclosure.reviewed_by, one.disclosure.overdue) for one in told.analyses]
    assert marks == [("Ann", False), (None, True)]


def test_an_update_says_what_the_editor_made_of_it() -> None:
    draft = a_draft()
    told = [claim for _, claim in sections(draft.original)]
    update = Update(story=StoryId(1), told=NOON, claims=(told[1], told[2], told[3]), articles=())
    draft = cut(edit(draft, {2: "Anew."}, ANN, NOON).draft, 3, ANN, NOON).draft
    digest, review = a_review(approve(draft, ANN, NOON, approvers=1).draft)
    issue = published(replace(digest, updates=(update,)), review, ONE, NOON)
    assert issue is not None
    assert issue.updates[0].claims == (replace(told[1], text="Anew.", by_editor=True), told[3])


def test_a_sentence_that_stands_twice_is_not_told_as_it_was_where_one_was_cut() -> None:
    draft = a_draft(original=new_analysis(StoryId(1), ArticleId(1)))  # its deck is its story
    update = Update(story=StoryId(1), told=NOON, claims=tuple(draft.original.claims())[:1], articles=())
    draft = approve(cut(draft, 1, ANN, NOON).draft, ANN, NOON, approvers=1).draft
    digest, review = a_review(draft)
    issue = published(replace(digest, updates=(update,)), review, ONE, NOON)
    assert issue is not None
    assert issue.updates[0].claims == ()


@dataclass
class Model:
    """What a reader of the rules would note down: who approved each text as it stands, and what was dropped."""

    approved: dict[int, set[str]] = field(default_factory=dict)
    dropped: set[int] = field(default_factory=set)


ACTIONS = st.lists(
    st.tuples(
        st.sampled_from(["approve", "approve", "approve", "edit", "cut", "drop", "assign"]),
        st.integers(0, 2),
        st.sampled_from(["ann", "bea", "cy"]),
        st.integers(0, 4),
        st.sampled_from(["Anew.", "Otherwise."]),
    ),
    max_size=14,
)


@settings(max_examples=150)
@given(actions=ACTIONS, approvers=st.integers(1, 3))
def test_no_sequence_of_actions_posts_what_was_not_approved_as_it_is_posted(
    actions: list[tuple[str, int, str, int, str]], approvers: int
) -> None:
    """Nor by fewer different people than asked for; and whatever is posted is the text that they saw."""
    original = new_analysis(StoryId(1), ArticleId(1), why=(Claim(text="Jobs are at stake.", evidence=()),))
    drafts = [a_draft(number, replace(original, story=StoryId(number))) for number in range(3)]
    model = Model()
    for kind, which, who, number, text in actions:
        by, draft = Reviewer(member=MemberId(who), name=who), drafts[which]
        before = draft.analysis
        try:
            match kind:
                case "approve":
                    draft = approve(draft, by, NOON, approvers=approvers).draft
                    model.approved.setdefault(which, set()).add(who)
                    model.dropped.discard(which)
                case "edit":
                    draft = edit(draft, {number: text}, by, NOON).draft
                case "cut":
                    draft = cut(draft, number, by, NOON).draft
                case "drop":
                    draft = drop(draft, None, by, NOON).draft
                    model.dropped.add(which)
                    model.approved[which] = set()
                case _:
                    draft = assign(draft, by, by, NOON).draft
        except InputError:
            continue
        if draft.analysis != before:
            model.approved[which] = set()
        drafts[which] = draft
    digest, review = a_review(*drafts)
    told = published(digest, review, ReviewPolicy(approvers=approvers), NOON + 9999 * HOUR)
    settled = all(len(model.approved.get(i, ())) >= approvers or i in model.dropped for i in range(3))
    assert (told is not None) == settled
    assert len(undecided(review.drafts, ReviewPolicy(approvers=approvers))) == sum(
        len(model.approved.get(i, ())) < approvers and i not in model.dropped for i in range(3)
    )
    if told is not None:
        assert told.stories == tuple(StoryId(i) for i in range(3) if i not in model.dropped)
        for analysis in told.analyses:
            shown = drafts[analysis.story].analysis
            assert replace(analysis, disclosure=shown.disclosure) == shown


# --- versions ---------------------------------------------------------------------------------------------------


def test_an_approval_is_of_words_and_sources_not_of_times() -> None:
    told = specimens.guild_analysis()
    assert material_of(told) == material_of(replace(told, last_updated=told.last_updated + HOUR, version=9))
    assert material_of(told) != material_of(replace(told, headline="Anew"))
    assert material_of(told) != material_of(replace(told, sources=told.sources[:-1]))
    assert material_of(told) != material_of(replace(told, watch=()))


def test_a_new_version_says_what_changed_since() -> None:
    before = a_draft()
    before = replace(before, edits=(Edit(2, "As the editor put it."),))
    now = replace(
        specimens.guild_analysis(),
        sources=(*before.original.sources, replace(before.original.sources[0], outlet="The New Voice")),
    )
    found = changed(before.analysis, now)
    assert found.new == (before.sentences[1].original.text,)
    assert found.gone == ("As the editor put it.",)
    assert found.outlets == ("The New Voice",)


def test_a_reminder_says_nothing_that_an_editor_took_out() -> None:
    draft = a_draft()
    number = next(one.number for one in draft.sentences if one.section is Section.WATCH)
    claim = draft.sentences[number - 1].original.text
    vote = Coming(
        day=NOON.date(),
        claim=claim,
        story=StoryId(1),
        state=WatchState.OPEN,
        outlet="The Example",
        url="https://example.com/a",
    )
    other = replace(vote, claim="Another thing happens.")
    elsewhere = replace(vote, story=StoryId(2))
    everything = (vote, other, elsewhere)
    assert cleared(everything, {}) == everything
    assert cleared(everything, {StoryId(1): draft}) == everything
    for changed_draft in (cut(draft, number, ANN, NOON).draft, edit(draft, {number: "Anew."}, ANN, NOON).draft):
        assert cleared(everything, {StoryId(1): changed_draft}) == (other, elsewhere)
    assert cleared(everything, {StoryId(1): drop(draft, None, ANN, NOON).draft}) == (elsewhere,)
