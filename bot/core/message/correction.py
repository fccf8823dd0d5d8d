"""Corrections as documents: what a corrected message says of itself, the reply beneath it, and the log.

What was taken back, and what may not be quoted any more, is never repeated here; of a changed sentence only the words
that differ are.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from bot.core import strings
from bot.core.analysis import Analysis
from bot.core.command.invocation import invocation
from bot.core.correction.correction import Cause, Correction
from bot.core.correction.difference import difference
from bot.core.delivery import DigestId
from bot.core.message.document import (
    OPTIONS_LIMIT,
    Actions,
    Block,
    Bullets,
    Document,
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
from bot.core.review.decisions import SENTENCE_LIMIT
from bot.core.review.draft import HEADLINE, sections
from bot.core.story import StoryId


def marks(corrections: Sequence[Correction]) -> list[Block]:
    """What a message says of what was corrected in it: a line for all that one cause did at one time."""
    return [
        Prose(
            (
                Text(strings.correction.CORRECTED, "strong"),
                Time(group[0].at),
                Text(f"{strings.correction.COLON}{_said(group)}"),
            ),
            role="note",
        )
        for group in _groups(corrections)
    ]


def marked(document: Document, corrections: Sequence[Correction]) -> Document:
    """A document of another kind, with what was corrected in it at its end, before what can be done with it."""
    if not corrections:
        return document
    at = next((number for number, block in enumerate(document.blocks) if block.kind == "actions"), len(document.blocks))
    return Document(
        summary=document.summary,
        blocks=(*document.blocks[:at], *marks(corrections), *document.blocks[at:]),
        files=document.files,
    )


def nothing_left_document(corrections: Sequence[Correction]) -> Document:
    """In place of a message of which nothing can be told any more."""
    title = strings.correction.CORRECTION
    note = Prose((Text(strings.correction.NOTHING_LEFT),))
    return Document(summary=title, blocks=(Heading(title, level=2), *marks(corrections), note))


def erratum_document(corrections: Sequence[Correction]) -> Document:
    """The reply beneath a message: what was corrected in it since the last one."""
    blocks: list[Block] = [Heading(strings.correction.CORRECTION, level=3)]
    headlines = []
    for headline, group in groupby(sorted(corrections, key=lambda one: one.headline), key=lambda one: one.headline):
        headlines.append(headline or strings.correction.COMING_UP)
        blocks.append(Prose((Text(headlines[-1], "strong"),)))
        lines = [(Text(_said(same)), *_reading(same)) for same in _groups(list(group))]
        blocks.append(Bullets(tuple(lines)))
    blocks.append(Prose((Text(strings.correction.SAYS_SO_NOW),), role="note"))
    return Document(summary=strings.correction.summary(headlines), blocks=tuple(blocks))


def log_document(found: Sequence[tuple[Correction, DigestId | None]], *, more: bool) -> Document:
    """The corrections log, the newest first; `more` where there are others."""
    title = strings.correction.log_title(len(found), more)
    blocks: list[Block] = [Heading(title, level=2)]
    for (digest, headline), entries in groupby(found, key=lambda one: (one[1], one[0].headline)):
        for group in _groups([correction for correction, _ in entries]):
            line: list[Inline] = [Time(group[0].at, "datetime"), Text(" · ", "quiet")]
            line.append(Text(headline or strings.correction.COMING_UP, "strong"))
            if digest is not None:
                line.append(Text(f" · {strings.correction.of_digest(digest)}", "quiet"))
            blocks += [Prose(tuple(line)), Prose((Text(_said(group)),))]
            for correction in group:
                blocks += _entry(correction)
    return Document(summary=title, blocks=tuple(blocks))


def story_corrections(corrections: Sequence[Correction]) -> list[Block]:
    """At the end of a story's page."""
    if not corrections:
        return []
    return [Heading(strings.correction.CORRECTIONS, level=2), *marks(corrections)]


def correct_which_document(analysis: Analysis, state: int) -> Document:
    """Which sentence of a story that was posted shall be corrected. `state` is the digest's."""
    title = f"{analysis.headline}. {strings.correction.WHICH_SENTENCE}"
    named = [(HEADLINE, analysis.headline), *((n, c.text) for n, (_, c) in enumerate(sections(analysis), 1))]
    options = [Option(label_of(f"{number}: {text}"), str(number)) for number, text in named]
    said = invocation("review", "correct", story=analysis.story, revision=state)
    parts = [options[start : start + OPTIONS_LIMIT] for start in range(0, len(options), OPTIONS_LIMIT)]
    selects = tuple(Select(strings.correction.CORRECT, said, "sentence", tuple(some)) for some in parts)
    lines = tuple((Text(f"{number} ", "strong"), Text(text)) for number, text in named)
    return Document(summary=title, blocks=(Heading(title, level=3), Bullets(lines), Actions(selects)))


def correct_form(story: StoryId, number: int, was: str, state: int, most: int | None) -> Form:
    """What it shall say instead, and why."""
    return Form(
        title=strings.correction.form_title(number),
        invoke=invocation("review", "correct", story=story, sentence=number, revision=state),
        entries=(
            TextEntry(
                name="text",
                label=strings.correction.SAYS_THEN,
                value=was,
                hint=strings.correction.EMPTY_TAKES_OUT if number != HEADLINE else "",
                long=number != HEADLINE,
                required=number == HEADLINE,
                most=most or SENTENCE_LIMIT,
            ),
            TextEntry(
                name="reason", label=strings.correction.REASON, hint=strings.correction.REASON_HINT, long=True, most=500
            ),
        ),
        submit=strings.correction.SAVE,
    )


def _groups(corrections: Sequence[Correction]) -> Iterator[list[Correction]]:
    """Those that one cause made at one time, in the order they came."""

    def same(one: Correction) -> tuple[object, ...]:
        kind = "out" if one.now is None else "changed"
        return one.at, one.cause, one.outlet, one.reason, one.by, kind if one.was else ""

    return (list(group) for _, group in groupby(corrections, key=same))


def _said(group: Sequence[Correction]) -> str:
    """Of corrections that one cause made."""
    one, count, words = group[0], len(group), strings.correction
    out = one.now is None
    found = [difference(each.was, each.now) for each in group if each.now is not None]
    differences = list(dict.fromkeys(each for each in found if each is not None))
    others = found.count(None)
    notice = words.outlet_says(one.reason) if one.reason else ""
    match one.cause:
        case Cause.CHANGED if out:
            return words.changed_and_out(one.outlet, count) + notice
        case Cause.CHANGED:
            return words.changed(one.outlet, differences, others) + notice
        case Cause.REMOVED:
            return (words.removed(one.outlet, count) if out else words.changed_and_replaced(one.outlet, count)) + notice
        case Cause.MARKED:
            return words.marked(one.outlet) + notice
        case Cause.WITHDRAWN if not one.was:
            return words.withdrawn(one.outlet, one.reason)
        case Cause.WITHDRAWN if out:
            return words.withdrawn_and_out(one.outlet, one.reason, count)
        case Cause.WITHDRAWN:
            return words.withdrawn_and_replaced(one.outlet, one.reason, count)
        case Cause.RESERVED:
            return words.reserved(one.outlet)
        case Cause.EDITOR:
            because = words.because(one.reason) if one.reason else ""
            said = words.by_editor_out(one.by, count) if out else words.by_editor(one.by, differences, others)
            return said + because


def _reading(group: Sequence[Correction]) -> Iterator[Inline]:
    """The present sentence, where the difference is too long to be named and the platform may not have changed it."""
    for one in group:
        if one.now is not None and difference(one.was, one.now) is None:
            yield Text(strings.correction.reads_now(one.now))
            if one.url and one.cause is Cause.CHANGED:
                yield Text(" — ", "quiet")
                yield Link(one.outlet, one.url)


def _entry(correction: Correction) -> Iterator[Block]:
    if correction.repeatable:
        yield Quote((Text(strings.correction.BEFORE, "strong"), Text(correction.repeatable)))
    if correction.now is not None:
        said: list[Inline] = [Text(strings.correction.AFTER, "strong"), Text(correction.now)]
        if correction.url and correction.cause is Cause.CHANGED:
            said += [Text(" — ", "quiet"), Link(correction.outlet, correction.url)]
        yield Quote(tuple(said))
