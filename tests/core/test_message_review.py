"""The editor's desk as documents: what they hold whatever the numbers and the text are."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.analysis import Claim, EvidenceId, Paragraph
from bot.core.article import ArticleId
from bot.core.command.binding import bind
from bot.core.command.invocation import decode, encode
from bot.core.command.set.review import REVIEW
from bot.core.delivery import DigestId
from bot.core.message.document import Actions, Button, Document, Select
from bot.core.message.review import (
    Card,
    Looked,
    card_document,
    cut_document,
    draft_document,
    edit_form,
    edited_numbers,
    evidence_document,
    merge_document,
    reject_form,
    sections_document,
    split_document,
)
from bot.core.review.draft import DraftId, Section, StoryDraft
from bot.core.review.release import Review
from bot.core.story import StoryId
from tests import specimens
from tests.core.test_message_digest import words
from tests.factories import GUILD, NOON, new_analysis

COMMANDS = {command.path: command for command in REVIEW}
HUGE = 10**12 - 1
LONG = 10**8


def a_draft(**fields: object) -> StoryDraft:
    values: dict[str, object] = {"original": specimens.guild_analysis(), "revision": LONG, **fields}
    return StoryDraft(id=DraftId(HUGE), community=GUILD, opened_at=NOON, **values)  # type: ignore[arg-type]


def documents(draft: StoryDraft) -> list[Document]:
    review = Review(digest=DigestId(HUGE), opened_at=NOON, drafts=(draft,))
    card = Card(digest=specimens.week_digest(), review=review, schedule="Schedule 1", policy=specimens.REVIEW_POLICY)
    return [
        card_document(card),
        draft_document(Looked(draft=draft), specimens.REVIEW_POLICY),
        evidence_document(draft, None),
        sections_document(draft),
        cut_document(draft),
        split_document(draft),
        merge_document(draft, [draft]),
    ]


def test_every_button_fits_its_platform_and_says_what_its_command_takes() -> None:
    """With the greatest numbers, too: making a button that no platform carries raises ValueError."""
    pressed = 0
    for document in documents(a_draft()):
        for block in document.blocks:
            for item in block.items if isinstance(block, Actions) else ():
                assert isinstance(item, Button | Select)
                said = decode(encode(item.invoke))
                if isinstance(item, Select):
                    said = said.with_arguments(**{item.into: item.options[0].value})
                bind(COMMANDS[said.path], said)
                pressed += 1
    assert pressed > 20
    assert len(encode(reject_form(DigestId(HUGE)).invoke)) <= 100


@pytest.mark.parametrize("count", [1, 5, 6, 12])
def test_a_long_section_is_edited_five_sentences_at_a_time_and_each_once(count: int) -> None:
    claims = tuple(Claim(text=f"Sentence {number}.", evidence=(EvidenceId(1),)) for number in range(count))
    original = new_analysis(StoryId(1), ArticleId(1), deck=None, told=(Paragraph(claims=claims),))
    draft = a_draft(original=original)
    numbers: list[int] = []
    values: list[str] = []
    parts = -(-count // 5)
    for part in range(1, parts + 1):
        form = edit_form(draft, Section.STORY, part)
        numbers += edited_numbers(draft, Section.STORY, part).values()
        values += [str(entry.value) for entry in form.entries]
    assert numbers == list(range(1, count + 1))
    assert values == [claim.text for claim in claims]
    with pytest.raises(IndexError):
        edit_form(draft, Section.STORY, parts + 1)
    buttons = [item for block in sections_document(draft).blocks if isinstance(block, Actions) for item in block.items]
    assert len(buttons) == 1 + parts


@given(text=st.text(min_size=1, max_size=300), name=st.text(min_size=1, max_size=40))
def test_whatever_an_outlet_wrote_is_shown_as_text(text: str, name: str) -> None:
    claim = Claim(text=text, evidence=(EvidenceId(1),))
    original = new_analysis(StoryId(1), ArticleId(1), headline=text, deck=claim, why=(claim,))
    for document in documents(a_draft(original=original)):
        assert words(document)
