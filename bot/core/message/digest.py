"""Analyses and digests as documents, in the form that editorial.md gives them.

A part with nothing to say is left out, never padded; the disclosure always stands. Where a sentence is an outlet's
own (the extractive engine's all are), that outlet is named beside it, whichever engine put it there: words that are
someone's are never shown as ours. Nor are an editor's shown as an outlet's, however few of them they changed.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import Literal

from bot.core import strings
from bot.core.analysis import (
    EXTRACTIVE,
    WORDS_PER_MINUTE,
    Analysis,
    Claim,
    Disclosure,
    Earlier,
    Evidence,
    EvidenceId,
    Outlook,
    Paragraph,
    Perspective,
    Side,
    Source,
)
from bot.core.article import ArticleId
from bot.core.delivery import Destination, Digest, Schedule
from bot.core.message.coming import coming_line, due_day
from bot.core.message.correction import marks
from bot.core.message.document import (
    Block,
    Bullets,
    Channel,
    Citation,
    Divider,
    Document,
    Heading,
    Inline,
    Jump,
    Link,
    Prose,
    Text,
    Time,
)
from bot.core.movement import Update

CONTENTS_FROM = 3
"""Stories from which on a digest opens with a list of them."""


def digest_document(digest: Digest) -> Document:
    """The whole issue: title, window, contents where it is long, then every analysis in the digest's order.

    A story of which nothing can be told (its outlets gave only titles, or may not be quoted) is a line with its links
    at the end, "in brief". The disclosure closes the issue where it is the same for every story, else each story.
    """
    headlines = [_title(digest, analysis) for analysis in digest.analyses]
    corrected = {one.story for one in digest.corrections}
    told = [
        one
        for one in digest.analyses
        if digest.update_of(one.story) or next(one.claims(), None) is not None or one.story in corrected
    ]
    brief = [analysis for analysis in digest.analyses if analysis not in told]
    blocks: list[Block] = [Heading(digest.title), Prose(tuple(_window(digest)), role="note")]
    if not headlines:
        blocks.append(Prose((Text(strings.digest.NOTHING_NEW),)))
    if len(told) >= CONTENTS_FROM:
        blocks.append(Prose((Text(strings.digest.CONTENTS, "strong"),)))
        lines = tuple(_contents_line(digest, analysis, index) for index, analysis in enumerate(told))
        blocks.append(Bullets(lines, numbered=True))
    closings = list(dict.fromkeys(_closing(analysis) for analysis in digest.analyses))
    for index, analysis in enumerate(told):
        blocks.append(Divider())
        update = digest.update_of(analysis.story)
        notes = marks([one for one in digest.corrections if one.story == analysis.story])
        if update is None:
            blocks.extend(_Told(analysis).blocks(headline=2, anchor=_anchor(index), notes=notes))
        else:
            blocks.extend(_Told(analysis).update(update, anchor=_anchor(index), notes=notes))
        if len(closings) > 1:
            blocks.append(_closing(analysis))
    if brief:
        blocks += [Divider(), Heading(strings.digest.IN_BRIEF, level=2), Bullets(tuple(map(_brief_line, brief)))]
    if digest.coming:
        lines = tuple(map(coming_line, digest.coming))
        blocks += [Divider(), Heading(strings.coming.COMING_UP, level=2), Bullets(lines)]
    elsewhere = [one for one in digest.corrections if one.story not in digest.stories]
    if elsewhere:
        blocks += [Divider(), *marks(elsewhere)]
    if digest.carried:
        blocks += [Divider(), Prose((Text(strings.digest.carried(len(digest.carried))),), role="note")]
    if len(closings) == 1:
        blocks += [Divider(), closings[0]]
    return Document(summary=strings.digest.digest_summary(digest.title, headlines), blocks=tuple(blocks))


def nothing_new_document(schedule: Schedule, digest: Digest) -> Document:
    """Said by a digest that has too little to tell: how much there is, and how much it waits for."""
    narrow = schedule.topic is not None or bool(schedule.desks)
    said = strings.digest.NOTHING_NEW_OF_THIS if narrow else strings.digest.NOTHING_NEW
    if digest.analyses:
        said = strings.digest.waits(len(digest.analyses), schedule.min_stories)
    blocks = (Heading(digest.title), Prose(tuple(_window(replace(digest, analyses=()))), role="note"))
    return Document(summary=f"{digest.title}: {said}", blocks=(*blocks, Prose((Text(said),))))


def analysis_document(analysis: Analysis) -> Document:
    """One story by itself."""
    blocks = (*_Told(analysis).blocks(headline=1, anchor=None), _closing(analysis))
    return Document(summary=analysis.headline, blocks=blocks)


def evidence_document(analysis: Analysis) -> Document:
    """The source sentences behind the numbers of an analysis, each with its outlet."""
    told = _Told(analysis)
    blocks: list[Block] = [Heading(strings.analysis.EVIDENCE), Prose((Text(analysis.headline),), role="deck")]
    if analysis.evidence:
        blocks.append(Prose((Text(strings.analysis.EVIDENCE_INTRO),), role="note"))
        blocks.append(Bullets(tuple(told.evidence_line(evidence) for evidence in analysis.evidence)))
    else:
        blocks.append(Prose((Text(strings.analysis.NO_EVIDENCE),)))
    return Document(summary=strings.analysis.evidence_summary(analysis.headline), blocks=tuple(blocks))


# --- a digest's opening -------------------------------------------------------------------------------------


def _anchor(index: int) -> str:
    return f"story-{index + 1}"


def _brief_line(analysis: Analysis) -> tuple[Inline, ...]:
    """Each outlet's own title, with its link: all that may be said."""
    line: list[Inline] = []
    for source in analysis.sources:
        line += [Text(f"{'; ' if line else ''}{source.outlet}: "), Link(source.title, source.url)]
    return tuple(line)


def posted_document(document: Document, at: datetime, place: Destination) -> Document:
    """A digest that was posted, with when and where under its title."""
    said = (
        Text(strings.reading.POSTED),
        Time(at, "datetime"),
        Text(strings.reading.POSTED_IN),
        Channel(place.platform, place.address),
    )
    return replace(document, blocks=(*document.blocks[:1], Prose(said, role="note"), *document.blocks[1:]))


def _title(digest: Digest, analysis: Analysis) -> str:
    return strings.digest.update(analysis.headline) if digest.update_of(analysis.story) else analysis.headline


def _contents_line(digest: Digest, analysis: Analysis, index: int) -> tuple[Inline, ...]:
    return (
        Jump(_title(digest, analysis), _anchor(index)),
        Text(f" · {strings.digest.outlets(_outlets([analysis]))}", "quiet"),
    )


def _window(digest: Digest) -> Iterator[Inline]:
    """Whole days as days, the last one included; else the two moments."""
    last = digest.until - timedelta(microseconds=1)
    if _is_midnight(digest.since) and _is_midnight(digest.until) and last >= digest.since:
        yield Text(strings.dates.days(digest.since.date(), last.date()))
    else:
        yield Text(strings.digest.FROM)
        yield Time(digest.since, "datetime")
        yield Text(strings.digest.UNTIL)
        yield Time(digest.until, "datetime")
    if digest.analyses:
        facts = (
            strings.digest.stories(len(digest.analyses)),
            strings.digest.outlets(_outlets(digest.analyses)),
            strings.analysis.minutes(_minutes(digest)),
        )
        yield Text(f" · {' · '.join(facts)}")


def _minutes(digest: Digest) -> int:
    """Of an update only what is new is read."""
    updated = {update.story for update in digest.updates}
    whole = sum(one.reading_minutes for one in digest.analyses if one.story not in updated)
    return whole + sum(max(1, round(update.words / WORDS_PER_MINUTE)) for update in digest.updates)


def _is_midnight(at: datetime) -> bool:
    return at.astimezone(UTC).time() == time()


def _outlets(analyses: Sequence[Analysis]) -> int:
    return len({source.outlet for analysis in analyses for source in analysis.sources})


# --- one analysis -------------------------------------------------------------------------------------------


class _Told:
    """An analysis being written down: its sources and evidence by number."""

    def __init__(self, analysis: Analysis) -> None:
        self._analysis = analysis
        self._evidence = {evidence.id: evidence for evidence in analysis.evidence}
        self._sources = {source.article: source for source in analysis.sources}
        self._places = {source.article: place for place, source in enumerate(analysis.sources)}
        self._cited: defaultdict[ArticleId, list[int]] = defaultdict(list)
        for evidence in analysis.evidence:
            self._cited[evidence.article].append(evidence.id)

    def blocks(self, *, headline: Literal[1, 2], anchor: str | None, notes: Sequence[Block] = ()) -> Iterator[Block]:
        """`notes` stand under the byline: what was corrected."""
        analysis = self._analysis
        part: Literal[2, 3] = 2 if headline == 1 else 3
        yield Heading(analysis.headline, level=headline, anchor=anchor)
        if analysis.deck is not None:
            yield Prose(tuple(self._own_words([analysis.deck])), role="deck")
        yield Prose(tuple(self._byline()), role="note")
        yield from notes
        if notes and next(analysis.claims(), None) is None:
            yield Prose((Text(strings.correction.NOTHING_LEFT),))
        yield from self._paragraphs(analysis.told)
        if analysis.why:
            yield Heading(strings.analysis.WHY, level=part)
            yield Bullets(tuple(tuple(self._own_words([claim])) for claim in analysis.why))
        if analysis.background or analysis.earlier:
            yield Heading(strings.analysis.BACKGROUND, level=part)
            yield from self._paragraphs(analysis.background)
            for earlier in analysis.earlier:
                yield _earlier(earlier)
        if analysis.perspectives or analysis.not_heard:
            yield Heading(strings.analysis.PERSPECTIVES, level=part)
            yield from self._perspectives()
        if analysis.watch:
            yield Heading(strings.analysis.WATCH, level=part)
            yield Bullets(tuple(tuple(self._outlook(outlook)) for outlook in analysis.watch))
        if analysis.sources:
            yield Heading(strings.analysis.SOURCES, level=part)
            yield Bullets(tuple(tuple(self._source(source)) for source in analysis.sources), role="note")

    def update(self, update: Update, *, anchor: str | None, notes: Sequence[Block] = ()) -> Iterator[Block]:
        """Only what is new since it was told."""
        yield Heading(strings.digest.update(self._analysis.headline), level=2, anchor=anchor)
        since = f". {strings.analysis.OVERDUE.capitalize()}{strings.digest.NEW_SINCE}"
        since = since if self._analysis.disclosure.overdue else strings.digest.NEW_SINCE
        yield Prose((Text(strings.digest.TOLD_ON), Time(update.told), Text(since)), role="note")
        yield from notes
        if update.claims:
            yield Bullets(tuple(tuple(self._own_words([claim])) for claim in update.claims))
        reports = [self._sources[article] for article in update.articles if article in self._sources]
        if reports:
            yield Heading(strings.digest.NEW_REPORTS, level=3)
            yield Bullets(tuple(tuple(self._source(source)) for source in reports), role="note")

    def evidence_line(self, evidence: Evidence) -> tuple[Inline, ...]:
        source = self._sources.get(evidence.article)
        inlines: list[Inline] = [self._citation(evidence.id), Text(f" {evidence.sentence}")]
        if source is not None:
            inlines += [Text(f"{strings.analysis.own_words_of([source.outlet])}, ", "quiet"), Time(source.published)]
        return tuple(inlines)

    def _byline(self) -> Iterator[Inline]:
        analysis = self._analysis
        reviewer = analysis.disclosure.reviewed_by
        by = (
            strings.analysis.BY
            if reviewer is None
            else f"{strings.analysis.BY}, {strings.analysis.reviewed_by(reviewer)}"
        )
        if analysis.disclosure.overdue:
            by = f"{strings.analysis.BY}, {strings.analysis.OVERDUE}"
        yield Text(f"{by} · {strings.analysis.FIRST_SEEN}")
        yield Time(analysis.first_seen)
        later = analysis.last_updated - analysis.first_seen
        if later >= timedelta(days=1):
            yield Text(f", {strings.analysis.UPDATED}")
            yield Time(analysis.last_updated)
        elif later >= timedelta(minutes=1):
            yield Text(f", {strings.analysis.updated_after(later)}")
        yield Text(f" · {strings.analysis.minutes(analysis.reading_minutes)}")

    def _paragraphs(self, paragraphs: Sequence[Paragraph]) -> Iterator[Block]:
        for paragraph in paragraphs:
            if paragraph.claims:
                yield Prose(tuple(self._own_words(paragraph.claims)))

    def _own_words(self, claims: Sequence[Claim]) -> Iterator[Inline]:
        """The claims with their citations, and at the end the outlets whose own words they are."""
        speakers: dict[str, None] = {}
        for index, claim in enumerate(claims):
            if index:
                yield Text(" ")
            yield from self._claim(claim)
            if claim.by_editor:
                yield Text(strings.analysis.BY_EDITOR, "quiet")
            speakers |= dict.fromkeys(self._quoted_outlets(claim))
        if speakers:
            yield Text(strings.analysis.own_words_of(list(speakers)), "quiet")

    def _claim(self, claim: Claim) -> Iterator[Inline]:
        yield Text(claim.text)
        for number in claim.evidence:
            yield self._citation(number)

    def _citation(self, number: EvidenceId) -> Citation:
        """Without an address where its article is not among the sources; it is then shown as a bare number."""
        evidence = self._evidence.get(number)
        source = self._sources.get(evidence.article) if evidence else None
        return Citation(number, source.url if source else "", source.outlet if source else "")

    def _quoted_outlets(self, claim: Claim) -> Iterator[str]:
        """Those of whose sentence it keeps words in their order, adding none: at most shortened. None for what an
        editor wrote: a "not" left out keeps all other words."""
        words = [] if claim.by_editor else _words(claim.text)
        for number in claim.evidence:
            evidence = self._evidence.get(number)
            source = self._sources.get(evidence.article) if evidence else None
            if evidence and source and words:
                written = iter(_words(evidence.sentence))
                if all(word in written for word in words):
                    yield source.outlet

    def _perspectives(self) -> Iterator[Block]:
        analysis = self._analysis
        if analysis.perspectives:
            yield Bullets(tuple(tuple(self._perspective(heard)) for heard in analysis.perspectives))
        if analysis.not_heard:
            unheard = [_side(side) for side in analysis.not_heard]
            everyone = len(unheard) == len(Side)
            yield Prose(
                (Text(strings.analysis.NOBODY_HEARD if everyone else strings.analysis.not_heard(unheard)),), role="note"
            )

    def _perspective(self, heard: Perspective) -> Iterator[Inline]:
        """The speaker is set before the words unless the sentence itself says who is speaking."""
        yield Text(_side(heard.side), "strong")
        named = heard.speaker is not None and _named(heard.speaker, heard.claim.text)
        yield Text(": " if named else f" ({heard.speaker or strings.analysis.UNATTRIBUTED}): ")
        yield from self._own_words([heard.claim])

    def _outlook(self, outlook: Outlook) -> Iterator[Inline]:
        if outlook.due is not None:
            yield Text(due_day(outlook.due, outlook.claim.text), "strong")
            yield Text(": ")
        yield from self._own_words([outlook.claim])

    def _source(self, source: Source) -> Iterator[Inline]:
        yield Text(source.outlet, "strong")
        yield Text(": ")
        yield Link(source.title, source.url)
        yield Text(" · ", "quiet")
        yield Time(source.published)
        remarks = [strings.analysis.owned_by(source.owner)] if source.owner and source.owner != source.outlet else []
        remarks += _standing(source, self._analysis.sources[: self._places[source.article]])
        yield Text("".join(f" · {remark}" for remark in remarks), "quiet")
        if numbers := self._cited.get(source.article):
            yield Text(strings.analysis.cited_as(numbers), "quiet")


def _earlier(earlier: Earlier) -> Prose:
    return Prose(
        (
            Text(strings.analysis.EARLIER, "strong"),
            Text(f"{earlier.outlet}: "),
            Link(earlier.headline, earlier.url),
            Text(" · ", "quiet"),
            Time(earlier.published),
        )
    )


def _standing(source: Source, above: Sequence[Source]) -> list[str]:
    """Why it does not count as an independent voice, and the engine's note on how it was used."""
    remarks = []
    if not source.independent:
        if any(_same(source.outlet, other.outlet) for other in above):
            remarks.append(strings.analysis.SAME_OUTLET)
        elif any(_same(source.owner or source.outlet, other.owner or other.outlet) for other in above):
            remarks.append(strings.analysis.SISTER_OUTLET)
        else:
            remarks.append(strings.analysis.WIRE_COPY)
    if source.note:
        remarks.append(source.note)
    elif not source.quoted:
        remarks.append(strings.analysis.TITLE_ONLY)
    return remarks


def _same(one: str, other: str) -> bool:
    return one.casefold() == other.casefold()


def _closing(analysis: Analysis) -> Prose:
    return _disclosure(analysis.disclosure, edited=any(claim.by_editor for claim in analysis.claims()))


def _disclosure(disclosure: Disclosure, *, edited: bool) -> Prose:
    chosen = strings.analysis.EDITED_CHOSEN if edited else strings.analysis.CHOSEN
    not_reviewed = strings.analysis.REVIEW_OVERDUE if disclosure.overdue else strings.analysis.NOT_REVIEWED
    said = (
        chosen if disclosure.engine == EXTRACTIVE else strings.analysis.written_by(disclosure.engine),
        strings.analysis.reviewed(disclosure.reviewed_by) if disclosure.reviewed_by else not_reviewed,
        strings.analysis.sent_to(disclosure.text_sent_to) if disclosure.text_sent_to else strings.analysis.NOTHING_SENT,
    )
    return Prose((Text(" ".join(said)),), role="note")


_WORD = re.compile(r"[^\W_]+")


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold())


def _named(speaker: str, sentence: str) -> bool:
    """In whatever order: "Ada Marsh, guild president" in "Guild president Ada Marsh said …"."""
    return set(_words(speaker)) <= set(_words(sentence))


def _side(side: Side) -> str:
    return strings.analysis.SIDES[side.name.lower()]
