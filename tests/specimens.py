"""Analyses and a digest made by hand, to look at. People, outlets, guilds and bills in them are invented."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from bot.core.analysis import (
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
from bot.core.article import ArticleId
from bot.core.community import LOCAL, MemberId
from bot.core.delivery import Digest, DigestId
from bot.core.message.review import Card, Looked
from bot.core.review.changes import changed
from bot.core.review.decisions import approve, assign, cut, drop, edit
from bot.core.review.draft import HEADLINE, DraftId, Reviewer, StoryDraft
from bot.core.review.entry import Action, ReviewEntry
from bot.core.review.flags import flags_of
from bot.core.review.release import Review, ReviewPolicy
from bot.core.story import StoryId


def at(day: int, hour: int = 9, minute: int = 0) -> datetime:
    return datetime(2026, 3, day, hour, minute, tzinfo=UTC)


def _claim(text: str, *evidence: int) -> Claim:
    return Claim(text=text, evidence=tuple(EvidenceId(number) for number in evidence))


def _evidence(*sentences: tuple[int, str]) -> tuple[Evidence, ...]:
    return tuple(
        Evidence(id=EvidenceId(number), article=ArticleId(article), sentence=sentence)
        for number, (article, sentence) in enumerate(sentences, 1)
    )


def guild_analysis() -> Analysis:
    """Every part is there: four outlets, one of them a wire copy and one linked by title only; extractive."""
    return Analysis(
        story=StoryId(1),
        version=3,
        headline="Screen authors' guild wins a say over AI rewrites in three-year contract",
        deck=_claim("Members vote next month on terms that let a writer refuse to polish a machine's draft.", 1),
        first_seen=at(3, 16, 40),
        last_updated=at(4, 8, 15),
        told=(
            Paragraph(
                claims=(
                    _claim(
                        "The Guild of Screen Authors and the Producers' Table reached a tentative three-year agreement "
                        "on Tuesday night after eleven weeks of talks.",
                        2,
                        3,
                    ),
                    _claim("About 9,200 writers are covered.", 4),
                )
            ),
            Paragraph(
                claims=(
                    _claim(
                        "Under the deal a company must tell a writer in writing when material handed over was made "
                        "with generative AI, and the writer may decline the job without penalty.",
                        5,
                    ),
                )
            ),
            Paragraph(
                claims=(
                    _claim("The Harbour Tribune puts the rise in minimum pay at 4.5 percent in the first year.", 6),
                    _claim("Backlot Daily says the first-year figure is 4 percent.", 7),
                )
            ),
        ),
        why=(
            _claim("The refusal clause is the first in the sector that costs a writer nothing to use.", 8),
            _claim("Rewrites of machine drafts have been paid at the lower polish rate since 2024.", 9),
        ),
        background=(
            Paragraph(
                claims=(_claim("The guild's last contract, signed in 2023, did not mention training data.", 10),)
            ),
        ),
        perspectives=(
            Perspective(
                side=Side.WORKERS,
                speaker="Ines Okafor, staff writer",
                claim=_claim("“For the first time I can say no and still make my rent,” Okafor said.", 11),
            ),
            Perspective(
                side=Side.UNIONS,
                speaker="Dara Whitlock, the guild's president",
                claim=_claim("Whitlock called the deal “a floor, not a ceiling”.", 12),
            ),
            Perspective(
                side=Side.EMPLOYERS,
                speaker=None,
                claim=_claim("The producers said the terms leave room for new tools.", 13),
            ),
        ),
        not_heard=(Side.AI_COMPANIES, Side.LAWMAKERS, Side.COURTS, Side.CRITICS),
        watch=(
            Outlook(claim=_claim("Ballots go out to members and are counted on 10 April.", 14), due=date(2026, 4, 10)),
            Outlook(claim=_claim("A joint panel is to propose a licence fee for training on past scripts.", 15)),
        ),
        sources=(
            Source(
                article=ArticleId(11),
                outlet="Harbour Tribune",
                owner="Tideline Media",
                title="Writers' guild and producers strike deal with AI limits",
                url="https://harbour-tribune.example/2026/03/guild-deal?edition=late&page=2",
                published=at(3, 16, 40),
            ),
            Source(
                article=ArticleId(12),
                outlet="Backlot Daily",
                owner=None,
                title="Inside the [redacted] clause: what *exactly* can a writer refuse?",
                url="https://backlot.example/refusal_clause_(explained)",
                published=at(3, 21, 5),
            ),
            Source(
                article=ArticleId(13),
                outlet="Eastgate Evening Post",
                owner="Tideline Media",
                title="Deal ends eleven weeks of screenwriter talks",
                url="https://eastgate-post.example/news/81723",
                published=at(4, 6, 30),
                independent=False,
            ),
            Source(
                article=ArticleId(14),
                outlet="The Ledger",
                owner=None,
                title="Studios count the cost of the writers' truce",
                url="https://ledger.example/a/truce",
                published=at(4, 8, 15),
                quoted=False,
                note="behind a paywall: linked by title only",
            ),
        ),
        evidence=_evidence(
            (12, "Members vote next month on terms that let a writer refuse to polish a machine's draft."),
            (
                11,
                "The Guild of Screen Authors and the Producers' Table reached a tentative three-year agreement on "
                "Tuesday night after eleven weeks of talks, both sides said.",
            ),
            (13, "The Guild of Screen Authors and the Producers' Table have reached a tentative agreement."),
            (11, "About 9,200 writers are covered."),
            (
                12,
                "Under the deal a company must tell a writer in writing when material handed over was made with "
                "generative AI, and the writer may decline the job without penalty.",
            ),
            (11, "Minimum pay rises by 4.5 percent in the first year."),
            (12, "Minimums go up 4 percent in year one."),
            (12, "The refusal clause is the first in the sector that costs a writer nothing to use."),
            (12, "Rewrites of machine drafts have been paid at the lower polish rate since 2024."),
            (11, "The guild's last contract, signed in 2023, did not mention training data."),
            (12, "“For the first time I can say no and still make my rent,” Okafor said."),
            (11, "Whitlock called the deal “a floor, not a ceiling”."),
            (11, "The producers said the terms leave room for new tools."),
            (11, "Ballots go out to members and are counted on 10 April."),
            (12, "A joint panel is to propose a licence fee for training on past scripts."),
        ),
        disclosure=Disclosure(engine="extractive"),
    )


def short_analysis() -> Analysis:
    """One outlet, a teaser only: honestly short."""
    return Analysis(
        story=StoryId(2),
        version=1,
        headline="Northmoor newsroom staff walk out over AI summaries",
        deck=None,
        first_seen=at(5, 11, 20),
        last_updated=at(5, 11, 20),
        told=(
            Paragraph(
                claims=(
                    _claim(
                        "Some 60 journalists left their desks at noon after the paper put machine-written summaries "
                        "above their stories without telling them.",
                        1,
                    ),
                )
            ),
        ),
        why=(),
        background=(),
        perspectives=(),
        not_heard=(),
        watch=(),
        sources=(
            Source(
                article=ArticleId(21),
                outlet="Pressroom Weekly",
                owner=None,
                title="Walkout at Northmoor Chronicle",
                url="https://pressroom.example/northmoor",
                published=at(5, 11, 20),
            ),
        ),
        evidence=_evidence(
            (
                21,
                "Some 60 journalists left their desks at noon after the paper put machine-written summaries above "
                "their stories without telling them.",
            ),
        ),
        disclosure=Disclosure(engine="extractive"),
    )


def reviewed_analysis() -> Analysis:
    """Written afresh by a model and passed by an editor."""
    return Analysis(
        story=StoryId(3),
        version=2,
        headline="Two illustrators sue Palette Labs, saying its model paints in their names",
        deck=_claim("The suit asks what a style is worth once a prompt can order it.", 1, 2),
        first_seen=at(2, 7),
        last_updated=at(6, 18, 30),
        told=(
            Paragraph(
                claims=(
                    _claim("Two illustrators have sued Palette Labs over pictures made with their names.", 1),
                    _claim("The company denies that a name in a prompt copies anyone's work.", 2),
                )
            ),
        ),
        why=(_claim("A ruling would reach every service that sells pictures by artist's name.", 3),),
        background=(),
        perspectives=(
            Perspective(
                side=Side.AI_COMPANIES,
                speaker="a Palette Labs spokesperson",
                claim=_claim("The company says that its model learns from pictures and keeps none.", 2),
            ),
        ),
        not_heard=(Side.UNIONS,),
        watch=(Outlook(claim=_claim("The first hearing is set for 21 May.", 4), due=date(2026, 5, 21)),),
        sources=(
            Source(
                article=ArticleId(31),
                outlet="Docket Watch",
                owner=None,
                title="Illustrators v. Palette Labs",
                url="https://docket.example/cases/palette",
                published=at(2, 7),
            ),
            Source(
                article=ArticleId(32),
                outlet="Inkwell",
                owner="Inkwell",
                title="“They sell my hand by the second”",
                url="https://inkwell.example/hand",
                published=at(6, 18, 30),
            ),
        ),
        evidence=_evidence(
            (31, "The complaint says that Palette Labs sold 31,000 pictures whose prompts named one of the two."),
            (32, "“Our model learns from pictures and keeps none of them,” a spokesperson said, denying any copying."),
            (31, "The court is asked to bar the sale of pictures requested by an artist's name."),
            (31, "A first hearing is set for 21 May."),
        ),
        disclosure=Disclosure(engine="local-model 8B", reviewed_by="M. Arden", text_sent_to="localhost:11434"),
    )


def week_digest() -> Digest:
    return Digest(
        community=LOCAL,
        title="AI and work, the week in stories",
        since=at(2, 0),
        until=at(9, 0),
        analyses=(guild_analysis(), reviewed_analysis(), short_analysis()),
    )


def empty_digest() -> Digest:
    return Digest(
        community=LOCAL, title="AI and work this morning", since=at(9, 7, 30), until=at(10, 7, 30), analyses=()
    )


# --- the editor's desk ------------------------------------------------------------------------------------------

ARDEN, OKORO = (
    Reviewer(member=MemberId("arden"), name="M. Arden"),
    Reviewer(member=MemberId("okoro"), name="J. Okoro"),
)
REVIEW_POLICY = ReviewPolicy(approvers=2, patience=timedelta(hours=12))


def _draft(number: int, analysis: Analysis) -> StoryDraft:
    return StoryDraft(id=DraftId(number), community=LOCAL, original=analysis, opened_at=at(9, 8))


def edited_draft() -> Looked:
    """An edit with a number that no source has, a headline, and a sentence that was cut; a newer version of a story."""
    draft = edit(
        _draft(4, guild_analysis()),
        {HEADLINE: "Guild wins a say over AI rewrites", 3: "About 12,000 writers are covered."},
        ARDEN,
        at(9, 8, 20),
    ).draft
    draft = assign(cut(draft, 1, ARDEN, at(9, 8, 25)).draft, OKORO, ARDEN, at(9, 8, 26)).draft
    before = replace(guild_analysis(), told=guild_analysis().told[:1], sources=guild_analysis().sources[:1])
    return Looked(draft=draft, flags=flags_of(draft.analysis), changed=changed(before, draft.original))


def review_card() -> Card:
    """Three stories: one edited and assigned, one approved once, one dropped."""
    edited = edited_draft()
    once = approve(_draft(5, reviewed_analysis()), ARDEN, at(9, 8, 30), approvers=2).draft
    dropped = drop(_draft(6, short_analysis()), "told before", OKORO, at(9, 8, 31)).draft
    review = Review(digest=DigestId(7), opened_at=at(9, 8), drafts=(edited.draft, once, dropped))
    looked = {edited.draft.id: edited} | {
        draft.id: Looked(draft=draft, flags=flags_of(draft.analysis)) for draft in (once, dropped)
    }
    return Card(
        digest=week_digest(), review=review, schedule="Schedule 1, The week", policy=REVIEW_POLICY, looked=looked
    )


def review_trail() -> tuple[ReviewEntry, ...]:
    """The newest first."""
    draft = _draft(4, guild_analysis())
    edits = edit(draft, {3: "About 12,000 writers are covered."}, ARDEN, at(9, 8, 20)).entries
    return (
        ReviewEntry(action=Action.RELEASED, at=at(9, 9), digest=DigestId(7)),
        ReviewEntry(action=Action.APPROVED, at=at(9, 8, 40), draft=DraftId(4)),
        *drop(_draft(6, short_analysis()), "told before", OKORO, at(9, 8, 31)).entries,
        *assign(draft, OKORO, ARDEN, at(9, 8, 26)).entries,
        *cut(draft, 1, ARDEN, at(9, 8, 25)).entries,
        *edits,
        ReviewEntry(action=Action.OPENED, at=at(9, 8), draft=DraftId(4), digest=DigestId(7)),
    )
