"""The editor's desk as documents: the card of a digest under review, one draft with its numbered sentences and what
they stand on, forms to edit it, and the audit trail.

A card's buttons carry the revision of the text that it shows: who presses one after somebody else changed that text is
told so. A sentence has the number of the original, however many were cut before it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from bot.core import strings
from bot.core.analysis import Analysis, EvidenceId
from bot.core.command.invocation import Invocation, invocation
from bot.core.delivery import Digest, DigestId
from bot.core.message.coming import coming_line
from bot.core.message.document import (
    FIELDS_LIMIT,
    OPTIONS_LIMIT,
    Actions,
    Block,
    Bullets,
    Button,
    Citation,
    Divider,
    Document,
    Field,
    Fields,
    Form,
    Heading,
    Inline,
    Link,
    Option,
    Prose,
    Quote,
    Select,
    Text,
    TextEntry,
    Time,
    label_of,
)
from bot.core.message.spoken import spoken
from bot.core.review.changes import Changed
from bot.core.review.decisions import SENTENCE_LIMIT
from bot.core.review.draft import HEADLINE, DraftId, Numbered, Section, StoryDraft
from bot.core.review.entry import Action, ReviewEntry
from bot.core.review.flags import Allegation, Flag, NamedPersons, OneSource, ReservedSources, Ungrounded
from bot.core.review.release import Review, ReviewPolicy, out_of_time

TEXTS = ("text", "second", "third", "fourth", "fifth")
"""The fields of a form that edits several sentences, as parameters of `review edit`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """A draft and what to look at in it; `changed` since an earlier version of the story was reviewed, None where none
    was."""

    draft: StoryDraft
    flags: tuple[Flag, ...] = ()
    changed: Changed | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """A digest under review. `schedule` is what people call the one it is of."""

    digest: Digest
    review: Review
    schedule: str
    policy: ReviewPolicy
    looked: Mapping[DraftId, Looked] = field(default_factory=dict)

    def of(self, draft: StoryDraft) -> Looked:
        return self.looked.get(draft.id) or Looked(draft=draft)


def card_document(card: Card) -> Document:
    """What editors see of a digest: each story's headline, state, flags and sources, with all that can be done."""
    review, digest = card.review, card.digest
    blocks: list[Block] = [Heading(strings.review.card_title(digest.title)), Fields(tuple(_facts(card)))]
    for draft in review.drafts:
        looked = card.of(draft)
        blocks += [Divider(), Heading(strings.review.draft_named(draft.id, draft.analysis.headline), level=2)]
        if draft.analysis.deck is not None:
            blocks.append(Prose((Text(draft.analysis.deck.text),), role="deck"))
        update = digest.update_of(draft.original.story)
        if update is not None:
            lines = tuple((Text(claim.text),) for claim in update.claims)
            blocks += [Prose((Text(strings.review.ONLY_NEW, "strong"),)), Bullets(lines)] if lines else []
        blocks.append(Fields(tuple(_standing(draft, card.policy, linked=False))))
        blocks += _changes(looked.changed)
        blocks += _flags(looked.flags)
        blocks.append(Actions(tuple(_draft_buttons(draft, whole=False))))
    if digest.coming:
        blocks += [
            Divider(),
            Heading(strings.coming.COMING_UP, level=2),
            Bullets(tuple(map(coming_line, digest.coming))),
        ]
    everything = (
        Button(
            strings.review.APPROVE_ALL,
            invocation("review", "approve", digest=review.digest, revision=review.revision),
            "primary",
        ),
        Button(strings.review.REJECT, invocation("review", "reject", digest=review.digest), "danger"),
    )
    blocks += [Divider(), Actions(everything)]
    return Document(
        summary=strings.review.card_summary(digest.title, len(review.drafts)), blocks=tuple(blocks), tone="review"
    )


def closed_card_document(card: Card, *, posted: bool) -> Document:
    """The card of a digest that does not wait any more: what became of each story, and nothing to press."""
    title = strings.review.card_closed(card.digest.title, posted=posted)
    lines = tuple(_listed(draft, card.policy) for draft in card.review.drafts)
    blocks: tuple[Block, ...] = (Heading(title), *((Bullets(lines),) if lines else ()))
    return Document(summary=title, blocks=blocks)


def call_document(card: Card) -> Document:
    """Said where everybody reads: that a digest waits for an editor, and how editors get at it; nothing of what is in
    it, since nobody has passed that."""
    title = strings.review.waits_for_an_editor(card.digest.title, len(card.review.drafts))
    return Document(summary=title, blocks=(Heading(title, level=3), Prose(spoken(strings.review.HOW_TO_REVIEW))))


def draft_document(looked: Looked, policy: ReviewPolicy) -> Document:
    """The whole text, every sentence with its number and what it cites; cut ones too."""
    draft = looked.draft
    blocks: list[Block] = [
        Heading(strings.review.draft_named(draft.id, draft.analysis.headline)),
        Fields(tuple(_standing(draft, policy, linked=True))),
        *_changes(looked.changed),
        *_flags(looked.flags),
    ]
    for section in Section:
        sentences = [one for one in draft.sentences if one.section is section]
        if sentences:
            blocks.append(Heading(strings.review.SECTIONS[section], level=3))
            blocks.append(Bullets(tuple(tuple(_sentence(draft, one)) for one in sentences)))
    blocks.append(Actions(tuple(_draft_buttons(draft, whole=True))))
    return Document(
        summary=strings.review.draft_named(draft.id, draft.analysis.headline), blocks=tuple(blocks), tone="review"
    )


def evidence_document(draft: StoryDraft, number: int | None) -> Document:
    """What each sentence stands on, or one of them: the outlets' sentences as they wrote them, and what the outlet said
    where an editor changed it."""
    title = f"{strings.review.EVIDENCE_OF}: {strings.review.draft_named(draft.id, draft.analysis.headline)}"
    blocks: list[Block] = [Heading(title)]
    evidence = {one.id: one for one in draft.original.evidence}
    outlets = {source.article: source for source in draft.original.sources}
    for sentence in draft.sentences:
        if number not in (None, sentence.number) or (number is None and sentence.claim is None):
            continue
        blocks.append(Prose(tuple(_sentence(draft, sentence))))
        if sentence.claim != sentence.original:
            blocks.append(
                Prose((Text(strings.review.OUTLET_WROTE, "strong"), Text(sentence.original.text)), role="note")
            )
        cited = [evidence[one] for one in sentence.original.evidence if one in evidence]
        for one in cited:
            source = outlets.get(one.article)
            said: list[Inline] = [Text(f"[{one.id}] {one.sentence}")]
            if source is not None:
                said += [Text(" — ", "quiet"), Link(source.outlet, source.url), Text(", ", "quiet")]
                said.append(Time(source.published))
            blocks.append(Quote(tuple(said)))
        if not cited:
            blocks.append(Prose((Text(strings.review.CITES_NOTHING),), role="note"))
    blocks.append(Actions(tuple(_draft_buttons(draft, whole=True))))
    return Document(summary=title, blocks=tuple(blocks), tone="review")


def waiting_document(cards: Sequence[Card]) -> Document:
    """All that waits, each draft with where it stands."""
    if not cards:
        return Document(summary=strings.review.NOTHING_WAITS, blocks=(Heading(strings.review.NOTHING_WAITS, level=3),))
    blocks: list[Block] = []
    for card in cards:
        blocks += [Heading(strings.review.card_title(card.digest.title), level=2), Fields(tuple(_facts(card)))]
        blocks.append(Bullets(tuple(_listed(draft, card.policy) for draft in card.review.drafts)))
        show = invocation("review", "show", digest=card.review.digest)
        blocks.append(Actions((Button(strings.review.READ, show),)))
    return Document(summary=strings.review.FOR_REVIEW, blocks=tuple(blocks), tone="review")


def sections_document(draft: StoryDraft) -> Document:
    """Which part shall be edited: a button a form."""
    title = f"{strings.review.draft_named(draft.id, draft.analysis.headline)}. {strings.review.WHICH_PART}"
    buttons = []
    for section in Section:
        parts = list(_parts(draft, section))
        for number, _ in enumerate(parts, 1):
            label = strings.review.part_of(section, number, len(parts))
            buttons.append(Button(label, _edit(draft, section, number if len(parts) > 1 else None)))
    return Document(summary=title, blocks=(Heading(title, level=3), Actions(tuple(buttons))))


def edit_form(draft: StoryDraft, section: Section, part: int) -> Form:
    """A field a sentence, at most five; a section with more has several parts. Raises IndexError for one beyond."""
    parts = list(_parts(draft, section))
    sentences = parts[part - 1]
    many = part if len(parts) > 1 else None
    entries = tuple(
        TextEntry(
            name=name,
            label=strings.review.SECTIONS[section] if number == HEADLINE else strings.review.sentence_label(number),
            value=text,
            long=number != HEADLINE,
            most=SENTENCE_LIMIT,
        )
        for name, (number, text) in zip(TEXTS, sentences, strict=False)
    )
    return Form(
        title=strings.review.edit_title(draft.id, section),
        invoke=_edit(draft, section, many),
        entries=entries,
        submit=strings.review.SAVE,
    )


def edited_numbers(draft: StoryDraft, section: Section, part: int) -> Mapping[str, int]:
    """Which sentence each field of that form is. Raises IndexError likewise."""
    return {name: number for name, (number, _) in zip(TEXTS, list(_parts(draft, section))[part - 1], strict=False)}


def cut_document(draft: StoryDraft) -> Document:
    """Which sentence shall go."""
    title = f"{strings.review.draft_named(draft.id, draft.analysis.headline)}. {strings.review.WHICH_SENTENCE}"
    options = [
        Option(label_of(f"{one.number}: {one.claim.text}"), str(one.number))
        for one in draft.sentences
        if one.claim is not None
    ]
    return _choosing(title, strings.review.CUT, "sentence", options, draft, "cut")


def split_document(draft: StoryDraft) -> Document:
    """Which article shall go."""
    title = f"{strings.review.draft_named(draft.id, draft.analysis.headline)}. {strings.review.WHICH_ARTICLE}"
    options = [
        Option(label_of(strings.review.article_line(place, source.outlet, source.title)), str(place))
        for place, source in enumerate(draft.original.sources, 1)
    ]
    return _choosing(title, strings.review.SPLIT, "article", options, draft, "split")


def merge_document(draft: StoryDraft, others: Sequence[StoryDraft]) -> Document:
    """Which story shall be told with it."""
    title = f"{strings.review.draft_named(draft.id, draft.analysis.headline)}. {strings.review.WHICH_OTHER}"
    options = [
        Option(label_of(strings.review.draft_named(other.id, other.analysis.headline)), str(other.id))
        for other in others
    ]
    return _choosing(title, strings.review.MERGE, "other", options, draft, "merge")


def reject_form(digest: DigestId) -> Form:
    return Form(
        title=strings.review.REJECT,
        invoke=invocation("review", "reject", digest=digest),
        entries=(
            TextEntry(
                name="reason", label=strings.review.WHY_REJECT, hint=strings.review.REJECT_HINT, long=True, most=500
            ),
        ),
        submit=strings.review.REJECT,
    )


def overtaken_document(looked: Looked, policy: ReviewPolicy, wrote: Sequence[str]) -> Document:
    """Somebody was faster: what stands now, and what was written, which is not lost."""
    title = strings.review.overtaken(looked.draft.id)
    mine = tuple(Quote((Text(strings.review.YOU_WROTE, "strong"), Text(text))) for text in wrote)
    note = Prose((Text(strings.review.OVERTAKEN_MEANS),))
    return Document(
        summary=title, blocks=(Heading(title, level=3), *mine, note, *draft_document(looked, policy).blocks)
    )


def decided_document(title: str, lines: Sequence[str], draft: StoryDraft | None = None) -> Document:
    """What became of it, with the way on to the draft."""
    blocks: list[Block] = [Heading(title, level=3), *(Prose((Text(line),)) for line in lines)]
    if draft is not None:
        blocks.append(Actions((Button(strings.review.READ, invocation("review", "show", draft=draft.id)),)))
    return Document(summary=title, blocks=tuple(blocks), tone="review")


def trail_document(entries: Sequence[ReviewEntry], draft: DraftId | None) -> Document:
    """The newest first; with what stood before an edit and after it."""
    title = strings.review.history_of(draft)
    blocks: list[Block] = [Heading(title)]
    if not entries:
        blocks.append(Prose((Text(strings.review.NO_HISTORY),)))
    for entry in entries:
        blocks.append(Prose(tuple(_entry(entry, named=draft is None))))
        if entry.action in (Action.EDITED, Action.CUT, Action.CORRECTED):
            blocks += [
                Quote((Text(f"{sign} ", "strong"), Text(text)))
                for sign, text in (("−", entry.before), ("+", entry.after))
                if text is not None
            ]
    return Document(summary=title, blocks=tuple(blocks), tone="review")


def _choosing(
    title: str, label: str, into: str, options: Sequence[Option], draft: StoryDraft, command: str
) -> Document:
    choices = [options[start : start + OPTIONS_LIMIT] for start in range(0, len(options), OPTIONS_LIMIT)]
    said = invocation("review", command, draft=draft.id, revision=draft.revision)
    selects = tuple(Select(label, said, into, tuple(some)) for some in choices)
    return Document(summary=title, blocks=(Heading(title, level=3), Actions(selects)))


# --- parts of them ----------------------------------------------------------------------------------------------


def _facts(card: Card) -> Iterator[Field]:
    yield Field(strings.review.DIGEST, (Text(str(card.review.digest)),))
    yield Field(strings.review.SCHEDULE, (Text(card.schedule),))
    yield Field(strings.review.APPROVERS, (Text(strings.review.one_each(card.policy.approvers)),))
    until = out_of_time(card.review, card.policy)
    if until is None:
        yield Field(strings.review.WAITS_UNTIL, (Text(strings.review.FOR_EVER),))
    else:
        waits = (Text(strings.review.UNTIL), Time(until, "datetime"), Text(strings.review.THEN_UNREVIEWED))
        yield Field(strings.review.WAITS_UNTIL, waits)


def _standing(draft: StoryDraft, policy: ReviewPolicy, *, linked: bool) -> Iterator[Field]:
    yield Field(strings.review.STATE, (Text(_state(draft, policy)),))
    if draft.assigned is not None:
        yield Field(strings.review.ASSIGNED_TO, (Text(draft.assigned.name),))
    if draft.original.sources:
        yield Field(strings.review.SOURCES, tuple(_sources(draft.original, linked=linked)))


def _state(draft: StoryDraft, policy: ReviewPolicy) -> str:
    return strings.review.state(draft.reviewers, policy.approvers, dropped=draft.dropped)


def _sources(analysis: Analysis, *, linked: bool) -> Iterator[Inline]:
    """Each outlet once, by what it published first."""
    first = {source.outlet: source for source in reversed(analysis.sources)}
    for index, outlet in enumerate(dict.fromkeys(source.outlet for source in analysis.sources)):
        if index:
            yield Text(", ")
        yield Link(outlet, first[outlet].url) if linked else Text(outlet)


def _listed(draft: StoryDraft, policy: ReviewPolicy) -> tuple[Inline, ...]:
    line: list[Inline] = [Text(f"{draft.id}: ", "strong"), Text(draft.analysis.headline)]
    line.append(Text(f" · {_state(draft, policy)}", "quiet"))
    if draft.assigned is not None:
        line.append(Text(f" · {strings.review.assigned_to(draft.assigned.name)}", "quiet"))
    return tuple(line)


def _flags(flags: Sequence[Flag]) -> list[Block]:
    if not flags:
        return [Prose((Text(strings.review.NO_FLAGS),), role="note")]
    return [Prose((Text(strings.review.FLAGS, "strong"),)), Bullets(tuple((Text(flag_line(flag)),) for flag in flags))]


def flag_line(flag: Flag) -> str:
    """In words."""
    match flag:
        case OneSource(outlet=outlet):
            return strings.review.one_source(outlet)
        case Ungrounded(text=text, doubtful=doubtful, by_editor=by_editor, reasons=reasons):
            return strings.review.ungrounded(text, reasons, doubtful=doubtful, by_editor=by_editor)
        case NamedPersons(names=names):
            return strings.review.named_persons(names)
        case Allegation(text=text, word=word):
            return strings.review.allegation(text, word)
        case ReservedSources(outlets=outlets):
            return strings.review.reserved(outlets)


def _changes(changed: Changed | None) -> list[Block]:
    if changed is None:
        return []
    lines: list[tuple[Inline, ...]] = [(Text(strings.review.NEW, "strong"), Text(text)) for text in changed.new]
    lines += [(Text(strings.review.GONE, "strong"), Text(text)) for text in changed.gone]
    if changed.outlets:
        lines.append((Text(strings.review.NEW_OUTLETS, "strong"), Text(", ".join(changed.outlets))))
    if not lines:
        return []
    return [Prose((Text(strings.review.WHAT_CHANGED, "strong"),)), Bullets(tuple(lines))]


def _sentence(draft: StoryDraft, sentence: Numbered) -> Iterator[Inline]:
    yield Text(f"{sentence.number} ", "strong")
    if sentence.claim is None:
        yield Text(sentence.original.text, "quiet")
        yield Text(strings.review.WAS_CUT, "strong")
        return
    yield Text(sentence.claim.text)
    for number in sentence.claim.evidence:
        yield _citation(draft.original, number)
    if sentence.claim.by_editor:
        yield Text(strings.review.BY_EDITOR, "quiet")


def _citation(analysis: Analysis, number: EvidenceId) -> Citation:
    evidence = next((one for one in analysis.evidence if one.id == number), None)
    source = next((one for one in analysis.sources if evidence and one.article == evidence.article), None)
    return Citation(number, source.url if source else "", source.outlet if source else "")


def _parts(draft: StoryDraft, section: Section) -> Iterator[list[tuple[int, str]]]:
    """What of a section can be edited, by number, a form at a time."""
    if section is Section.HEADLINE:
        yield [(HEADLINE, draft.analysis.headline)]
        return
    there = [(one.number, one.claim.text) for one in draft.sentences if one.section is section and one.claim]
    for start in range(0, len(there), FIELDS_LIMIT):
        yield there[start : start + FIELDS_LIMIT]


def _edit(draft: StoryDraft, section: Section, part: int | None) -> Invocation:
    return invocation("review", "edit", draft=draft.id, section=section, part=part, revision=draft.revision)


def _draft_buttons(draft: StoryDraft, *, whole: bool) -> Iterator[Button]:
    """What can be done with a draft that is shown; `whole`: its whole text is."""

    def button(label: str, command: str, **arguments: object) -> Button:
        return Button(label, invocation("review", command, draft=draft.id, **arguments))

    if not whole:
        yield button(strings.review.READ, "show")
    approve = invocation("review", "approve", draft=draft.id, revision=draft.revision)
    yield Button(strings.review.APPROVE, approve, "primary")
    yield button(strings.review.EDIT, "edit")
    yield button(strings.review.EVIDENCE, "evidence")
    yield button(strings.review.CUT, "cut")
    drop = invocation("review", "drop", draft=draft.id, revision=draft.revision)
    yield Button(strings.review.DROP, drop, "danger")
    yield button(strings.review.ASSIGN_ME, "assign", to="me")
    if whole:
        yield button(strings.review.MERGE, "merge")
        yield button(strings.review.SPLIT, "split")
        yield button(strings.review.HISTORY, "history")


def _entry(entry: ReviewEntry, *, named: bool) -> Iterator[Inline]:
    yield Time(entry.at, "datetime")
    mine = entry.action in (Action.OPENED, Action.RELEASED, Action.TIMED_OUT, Action.EMPTIED, Action.SOURCE_CHANGED)
    who = entry.by.name if entry.by else strings.review.SLUGLINE if mine else strings.review.SOMEBODY
    yield Text(f" · {who} · ", "quiet")
    if entry.draft is not None and named:
        yield Text(f"{strings.review.draft_number(entry.draft)} ", "strong")
    elif entry.digest is not None and entry.draft is None:
        yield Text(f"{strings.review.digest_number(entry.digest)} ", "strong")
    yield Text(strings.review.ACTIONS[entry.action])
    if entry.digest is not None and entry.draft is not None:
        yield Text(f" ({strings.review.digest_number(entry.digest)})")
    if entry.part:
        yield Text(f" ({entry.part})")
    if entry.action in (Action.MERGED, Action.SPLIT, Action.ADDED) and entry.after:
        yield Text(f": {entry.after}")
    if entry.action is Action.ASSIGNED:
        yield Text(f" {strings.review.to_whom(entry.after)}")
    elif entry.action in (Action.REJECTED, Action.DROPPED) and entry.after:
        yield Text(f". {strings.review.because(entry.after)}")
