"""What stands in a document, told by its plain words."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from pydantic import TypeAdapter

from bot.core.analysis import Analysis, Claim, Evidence, EvidenceId, Paragraph, Perspective, Side, Source
from bot.core.article import ArticleId
from bot.core.community import LOCAL
from bot.core.delivery import DestinationId, Digest
from bot.core.message.digest import analysis_document, digest_document, evidence_document, nothing_new_document
from bot.core.message.document import (
    Bullets,
    Channel,
    Citation,
    Divider,
    Document,
    Fields,
    Heading,
    Jump,
    Link,
    Prose,
    Quote,
    Text,
    Time,
    Verbatim,
)
from bot.core.message.notice import DISCORD, SLACK, error_document, notice_document, setup_document
from bot.core.movement import Update
from bot.core.story import StoryId
from tests import specimens
from tests.factories import GUILD, new_schedule

ONE = EvidenceId(1)


def words(document: Document) -> list[str]:
    """A line a block or bullet."""
    lines = []
    for block in document.blocks:
        match block:
            case Heading(text=text):
                lines.append(text)
            case Prose(content=content) | Quote(content=content):
                lines.append(_line(content))
            case Bullets(items=items):
                lines += [_line(item) for item in items]
            case Verbatim(lines=shown):
                lines += shown
            case Divider():
                lines.append("---")
            case Fields(items=fields):
                lines += [f"{field.name}: {_line(field.value)}" for field in fields]
    return [line.replace("\u00a0", " ") for line in lines]


def _line(content: tuple[object, ...]) -> str:
    drawn = []
    for inline in content:
        match inline:
            case Text(text=text, style=style):
                drawn.append(f"`{text}`" if style == "code" else text)
            case Link(label=label) | Jump(label=label):
                drawn.append(label)
            case Channel(address=address):
                drawn.append(address)
            case Citation(number=number):
                drawn.append(f"[{number}]")
            case Time(at=at):
                drawn.append(f"{at:%Y-%m-%d}")
    return "".join(drawn)


def headings(document: Document) -> list[str]:
    return [block.text for block in document.blocks if isinstance(block, Heading)]


def source(number: int, outlet: str, **fields: object) -> Source:
    values: dict[str, object] = {
        "article": ArticleId(number),
        "outlet": outlet,
        "owner": None,
        "title": f"Title {number}",
        "url": f"https://outlet{number}.example/",
        "published": specimens.at(3),
    }
    return Source(**{**values, **fields})  # type: ignore[arg-type]


def test_the_parts_come_in_the_editorial_order() -> None:
    assert headings(analysis_document(specimens.guild_analysis())) == [
        "Screen authors' guild wins a say over AI rewrites in three-year contract",
        "Why This Matters",
        "Background",
        "Key Perspectives",
        "What to Watch",
        "Sources",
    ]


def test_a_part_with_nothing_to_say_is_left_out() -> None:
    assert headings(analysis_document(specimens.short_analysis())) == [
        "Northmoor newsroom staff walk out over AI summaries",
        "Sources",
    ]


@pytest.mark.parametrize("analysis", [specimens.guild_analysis(), specimens.short_analysis()])
def test_the_disclosure_always_stands(analysis: Analysis) -> None:
    assert "No editor has reviewed this." in words(analysis_document(analysis))[-1]


def test_every_claim_is_followed_by_its_numbers_leading_to_the_outlet() -> None:
    document = analysis_document(specimens.reviewed_analysis())
    deck = next(block for block in document.blocks if isinstance(block, Prose) and block.role == "deck")
    assert deck.content[1:] == (
        Citation(1, "https://docket.example/cases/palette", "Docket Watch"),
        Citation(2, "https://inkwell.example/hand", "Inkwell"),
    )


def test_an_outlets_own_words_carry_its_name_and_rewritten_ones_do_not() -> None:
    lines = words(analysis_document(specimens.guild_analysis()))
    assert (
        "The refusal clause is the first in the sector that costs a writer nothing to use.[8] — Backlot Daily" in lines
    )
    rewritten = words(analysis_document(specimens.reviewed_analysis()))
    assert "A ruling would reach every service that sells pictures by artist's name.[3]" in rewritten


def test_a_shortened_sentence_is_still_its_outlets() -> None:
    analysis = replace(
        specimens.short_analysis(),
        told=(Paragraph(claims=(Claim(text="The union said no.", evidence=(ONE,)),)),),
        evidence=(
            Evidence(
                id=ONE, article=ArticleId(21), sentence="However, the union (of editors) said no, sources told us."
            ),
        ),
    )
    assert "The union said no.[1] — Pressroom Weekly" in words(analysis_document(analysis))


def test_the_speaker_stands_before_the_words_unless_they_name_him() -> None:
    analysis = replace(
        specimens.guild_analysis(),
        perspectives=(
            Perspective(side=Side.COURTS, speaker="the judge", claim=Claim(text="“No,” the judge said.", evidence=())),
            Perspective(side=Side.WORKERS, speaker="Ines Okafor", claim=Claim(text="“We can say no.”", evidence=())),
            Perspective(
                side=Side.CRITICS,
                speaker="Ada Marsh, law professor",
                claim=Claim(text="Law professor Ada Marsh doubts it.", evidence=()),
            ),
            Perspective(side=Side.UNIONS, speaker=None, claim=Claim(text="“It is a floor.”", evidence=())),
        ),
    )
    lines = words(analysis_document(analysis))
    assert "Courts: “No,” the judge said." in lines
    assert "Working writers and other workers (Ines Okafor): “We can say no.”" in lines
    assert "Critics and scholars: Law professor Ada Marsh doubts it." in lines
    assert "Guilds and unions (unattributed): “It is a floor.”" in lines


def test_sides_not_heard_are_named_in_one_line() -> None:
    analysis = replace(specimens.guild_analysis(), not_heard=(Side.AI_COMPANIES, Side.COURTS))
    assert "Not heard in these reports: AI companies and platforms; courts." in words(analysis_document(analysis))
    nobody = replace(analysis, perspectives=(), not_heard=tuple(Side))
    assert "No side was found speaking in these reports." in words(analysis_document(nobody))


def test_a_source_says_whose_it_is_and_why_it_counts_or_not() -> None:
    analysis = replace(
        specimens.short_analysis(),
        sources=(
            source(21, "The Wire", owner="Wire Cooperative"),
            source(2, "The Wire", owner="Wire Cooperative", independent=False),
            source(3, "Second Post", owner="WIRE COOPERATIVE", independent=False),
            source(4, "Echo", independent=False, quoted=False, note="repeats the text of The Wire"),
            source(5, "Shut", quoted=False),
            source(6, "Own", owner="Own"),
        ),
    )
    assert words(analysis_document(analysis))[-7:-1] == [
        "The Wire: Title 21 · 2026-03-03 · owned by Wire Cooperative [1]",
        "The Wire: Title 2 · 2026-03-03 · owned by Wire Cooperative · same outlet as above",
        "Second Post: Title 3 · 2026-03-03 · owned by WIRE COOPERATIVE · sister outlet of one above",
        "Echo: Title 4 · 2026-03-03 · wire copy · repeats the text of The Wire",
        "Shut: Title 5 · 2026-03-03 · linked by title only",
        "Own: Title 6 · 2026-03-03",
    ]


@pytest.mark.parametrize(
    ("later", "said"),
    [
        (timedelta(0), "By Slugline · First seen 2026-03-05 · 1 min read"),
        (timedelta(minutes=1), "By Slugline · First seen 2026-03-05, updated 1 minute later · 1 min read"),
        (timedelta(hours=5, minutes=59), "By Slugline · First seen 2026-03-05, updated 5 hours later · 1 min read"),
        (timedelta(days=2), "By Slugline · First seen 2026-03-05, updated 2026-03-07 · 1 min read"),
    ],
)
def test_the_byline_tells_when_it_was_seen_and_updated(later: timedelta, said: str) -> None:
    analysis = specimens.short_analysis()
    document = analysis_document(replace(analysis, last_updated=analysis.first_seen + later))
    assert words(document)[1] == said


def test_a_long_digest_opens_with_contents_that_lead_to_its_stories() -> None:
    document = digest_document(specimens.week_digest())
    contents = next(block for block in document.blocks if isinstance(block, Bullets))
    jumps = [inline for item in contents.items for inline in item if isinstance(inline, Jump)]
    anchors = {block.anchor: block.text for block in document.blocks if isinstance(block, Heading) and block.anchor}
    assert contents.numbered
    assert {jump.anchor: jump.label for jump in jumps} == anchors
    assert len(anchors) == 3


def test_a_digest_of_two_stories_needs_no_contents() -> None:
    digest = replace(specimens.week_digest(), analyses=(specimens.short_analysis(), specimens.guild_analysis()))
    assert "In this digest" not in words(digest_document(digest))


def test_one_disclosure_closes_a_digest_whose_stories_share_it() -> None:
    digest = replace(specimens.week_digest(), analyses=(specimens.short_analysis(), specimens.guild_analysis()))
    said = [line for line in words(digest_document(digest)) if "No editor has reviewed this." in line]
    assert said == words(digest_document(digest))[-1:]


def test_an_empty_digest_says_plainly_that_nothing_new_was_found() -> None:
    document = digest_document(specimens.empty_digest())
    assert words(document) == [
        "AI and work this morning",
        "From 2026-03-09 to 2026-03-10",
        "Nothing new about AI and people's work was found in this time.",
    ]
    assert document.summary == "AI and work this morning: nothing new"


@pytest.mark.parametrize(
    ("since", "until", "said"),
    [
        (datetime(2026, 3, 2, tzinfo=UTC), datetime(2026, 3, 3, tzinfo=UTC), "2 March 2026"),
        (datetime(2026, 3, 30, tzinfo=UTC), datetime(2026, 4, 2, tzinfo=UTC), "30 March – 1 April 2026"),
        (datetime(2025, 12, 31, tzinfo=UTC), datetime(2026, 1, 2, tzinfo=UTC), "31 December 2025 – 1 January 2026"),
    ],
)
def test_whole_days_are_named_with_the_last_one_in(since: datetime, until: datetime, said: str) -> None:
    digest = Digest(community=LOCAL, title="Digest", since=since, until=until, analyses=())
    assert words(digest_document(digest))[1] == said


def test_evidence_shows_each_sentence_as_its_outlet_wrote_it() -> None:
    assert words(evidence_document(specimens.short_analysis())) == [
        "Evidence",
        "Northmoor newsroom staff walk out over AI summaries",
        "The source sentences behind the numbers, as the outlets wrote them.",
        "[1] Some 60 journalists left their desks at noon after the paper put machine-written summaries above their "
        "stories without telling them. — Pressroom Weekly, 2026-03-05",
    ]


def test_a_document_is_the_same_after_storage() -> None:
    stored = TypeAdapter(Document)
    document = digest_document(specimens.week_digest())
    assert stored.validate_json(stored.dump_json(document)) == document


def test_notices_say_what_to_do() -> None:
    assert words(error_document("It broke", "mend it")) == ["This did not work", "It broke", "What to do: mend it"]
    assert words(notice_document("Paused", ["Until Monday."])) == ["Paused", "Until Monday."]
    assert words(setup_document([DISCORD, SLACK]))[2:] == [
        "Discord: SLUGLINE_DISCORD_TOKEN, made on Discord's page for developers",
        "Slack: SLUGLINE_SLACK_BOT_TOKEN and SLUGLINE_SLACK_APP_TOKEN, made on Slack's page for developers",
    ]


def test_a_story_of_which_nothing_can_be_told_is_a_line_in_brief() -> None:
    full = specimens.guild_analysis()
    bare = replace(
        full,
        headline="Bare headline",
        deck=None,
        told=(),
        why=(),
        background=(),
        perspectives=(),
        watch=(),
        evidence=(),
        sources=(source(7, "The Bare Outlet"),),
    )
    digest = replace(specimens.week_digest(), analyses=(bare, full))
    document = digest_document(digest)
    assert "In brief" in headings(document)
    assert "Bare headline" not in headings(document)
    (line,) = [line for line in words(document) if line.startswith("The Bare Outlet: ")]
    assert words(document).index("In brief") < words(document).index(line)
    assert full.headline in headings(document)


def test_an_update_shows_what_is_new_and_not_the_story_again() -> None:
    """With the sentences' outlets, and the reports that moved it."""
    analysis = specimens.guild_analysis()
    claim = next(analysis.claims())
    article = analysis.sources[0].article
    told = datetime(2025, 3, 10, 9, tzinfo=UTC)
    update = Update(story=analysis.story, told=told, claims=(claim,), articles=(article,))
    digest = specimens.week_digest()
    shown = digest_document(replace(digest, analyses=(analysis,), updates=(update,), carried=(StoryId(7), StoryId(8))))
    lines = words(shown)
    assert f"Update: {analysis.headline}" in lines
    assert "Told here on 2025-03-10. New since then:" in lines
    assert any(line.startswith(claim.text) for line in lines)
    assert headings(shown)[-1] == "New reports"
    assert "Why This Matters" not in lines
    assert "2 stories more did not fit and are kept for the next digest." in lines
    assert shown.summary.endswith(f"Update: {analysis.headline}")


def test_a_digest_with_too_little_says_how_much_it_waits_for() -> None:
    schedule = new_schedule(GUILD, DestinationId(1), min_stories=3)
    digest = replace(specimens.week_digest(), analyses=(specimens.guild_analysis(),))
    little = words(nothing_new_document(schedule, digest))
    assert little[-1] == "There is 1 story so far; this digest comes with 3 or more."
    nothing = nothing_new_document(schedule, replace(digest, analyses=()))
    assert words(nothing)[-1] == "Nothing new about AI and people's work was found in this time."
    narrow = nothing_new_document(replace(schedule, topic="strike"), replace(digest, analyses=()))
    assert words(narrow)[-1] == "Nothing new that this digest keeps to was found in this time."


def test_an_editors_sentence_is_no_outlets_however_little_of_it_was_changed() -> None:
    """Who leaves out a "not" keeps all other words of the outlet's."""
    analysis = specimens.guild_analysis()
    told = Claim(text="The studio did accept.", evidence=(ONE,), by_editor=True)
    evidence = (Evidence(id=ONE, article=analysis.sources[0].article, sentence="The studio did not accept."),)
    edited = replace(analysis, deck=told, evidence=evidence, told=(), why=(), background=(), perspectives=(), watch=())
    lines = words(analysis_document(edited))
    assert lines[1] == "The studio did accept.[1] (an editor's words)"
    assert "that is not marked as an editor's is a named outlet's own" in lines[-1]


def test_what_waited_in_vain_for_an_editor_says_so() -> None:
    analysis = specimens.guild_analysis()
    analysis = replace(analysis, disclosure=replace(analysis.disclosure, overdue=True, reviewed_by=None))
    lines = words(analysis_document(analysis))
    assert lines[2].startswith("By Slugline, not reviewed · ")
    assert "An editor was to review this, and none did in time." in lines[-1]
