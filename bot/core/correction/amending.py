"""What a told analysis, and a whole digest, says once an article that it cites changed or is gone.

A claim that is an outlet's own sentence says what that outlet says now, where that may be quoted; else the sentence of
another outlet that it cited beside it; else it is cut. A claim in other words stays while what is left of its evidence
bears it out. Nothing is ever put there that cites nothing, and every change is told (`Correction`). Doing it again
changes nothing: the analysis then is of the article as it is now.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.core.analysis import (
    EXTRACT_BUDGET,
    Analysis,
    Claim,
    Earlier,
    Evidence,
    EvidenceId,
    Outlook,
    Paragraph,
    Perspective,
    Source,
)
from bot.core.article import Article, ArticleId
from bot.core.coming import Coming
from bot.core.correction.correction import Cause, Correction
from bot.core.correction.standing import Changed, Fate, Gone, Present, Stands, correction_notice, fate, title_changed
from bot.core.delivery import Digest
from bot.core.desk.grounding import check
from bot.core.desk.headline import clean_title, fit
from bot.core.desk.names import fold, tokens
from bot.core.movement import Update
from bot.core.wording import wording


@dataclass(frozen=True, slots=True)
class Amended:
    """`corrections` is empty where nothing that is shown had to change."""

    digest: Digest
    corrections: tuple[Correction, ...]


def amend_digest(digest: Digest, present: Present, at: datetime, *, posted: bool, nothing: str) -> Amended:
    """The digest as it is to be told since that article is as it is. Where it was `posted` it says itself what was
    corrected; else nobody has read it, and a story of which nothing is left is not in it at all. `nothing` heads a
    story that has no other headline left."""
    analyses = []
    corrections: list[Correction] = []
    updates = {update.story: update for update in digest.updates}
    for analysis in digest.analyses:
        amending = _Amending(analysis, present, at, nothing)
        amended, retold = _earlier_told(amending.analysis(), present, at)
        corrections += [*amending.corrections, *retold]
        if amended.story in updates:
            updates[amended.story] = amending.update(updates[amended.story])
        if posted or amended.sources or amended is analysis:
            analyses.append(amended)
    coming = []
    for one in digest.coming:
        lost = _lost(one, present, at)
        coming += [one] if lost is None else []
        corrections += [lost] if lost is not None else []
    told = {analysis.story for analysis in analyses}
    before = digest.corrections
    if corrections and (present.article.withdrawn is not None or present.article.reserved is not None):
        before = tuple(one for one in before if not _repeats(one, present))
    amended_digest = replace(
        digest,
        analyses=tuple(analyses),
        updates=tuple(update for story, update in updates.items() if story in told),
        coming=tuple(coming),
        corrections=(*before, *corrections) if posted else digest.corrections,
    )
    return Amended(digest if amended_digest == digest else amended_digest, tuple(corrections))


def amend(analysis: Analysis, present: Present, at: datetime, nothing: str) -> tuple[Analysis, tuple[Correction, ...]]:
    """One analysis; itself where nothing that is shown had to change."""
    amending = _Amending(analysis, present, at, nothing)
    return amending.analysis(), tuple(amending.corrections)


class _Amending:
    """One analysis, while it is gone through for one article."""

    def __init__(self, analysis: Analysis, present: Present, at: datetime, nothing: str) -> None:
        self.corrections: list[Correction] = []
        self._before = analysis
        self._present = present
        self._at = at
        self._nothing = nothing
        self._article = present.article
        self._source = next((one for one in analysis.sources if one.article == self._article.id), None)
        self._evidence = {one.id: one for one in analysis.evidence}
        self._said = {wording(claim.text) for claim in analysis.claims()}
        self._put: dict[Claim, Claim | None] = {}
        revision = self._source.revision if self._source is not None else 1
        self._fates: dict[EvidenceId, Fate] = {
            one.id: fate(one.sentence, present, revision)
            for one in analysis.evidence
            if one.article == self._article.id and self._concerned
        }
        self._notice = correction_notice(present, revision) if self._concerned else ""

    @property
    def _concerned(self) -> bool:
        """Whether it was told of the article as it was before."""
        source, article = self._source, self._article
        if source is None:
            return False
        newly_reserved = article.reserved is not None and source.quoted
        return article.withdrawn is not None or newly_reserved or self._present.changed_since(source.revision)

    def analysis(self) -> Analysis:
        before, source = self._before, self._source
        if source is None or not self._concerned:
            return before
        changed = replace(
            before,
            deck=None if before.deck is None else self._claim(before.deck),
            told=tuple(self._paragraphs(before.told)),
            why=tuple(claim for one in before.why if (claim := self._claim(one)) is not None),
            background=tuple(self._paragraphs(before.background)),
            perspectives=tuple(self._perspectives()),
            watch=tuple(self._watch()),
            sources=tuple(self._sources()),
        )
        if next(changed.claims(), None) is None:
            changed = replace(changed, not_heard=())
        cited = {number for claim in changed.claims() for number in claim.evidence}
        changed = replace(changed, evidence=tuple(self._left(one) for one in before.evidence if one.id in cited))
        changed = self._headed(changed)
        if not self.corrections:
            cause = self._whole()
            if cause is None:
                return before
            self._note(cause, "", None)
        self.corrections = [replace(one, headline=changed.headline) for one in self.corrections]
        return changed

    def update(self, update: Update) -> Update:
        """What was told as new, likewise; to be asked after `analysis`."""
        gone = self._article.withdrawn is not None
        return replace(
            update,
            claims=tuple(claim for one in update.claims if (claim := self._put.get(one, one)) is not None),
            articles=tuple(one for one in update.articles if not gone or one != self._article.id),
        )

    # --- claims ---------------------------------------------------------------------------------------------------

    def _claim(self, claim: Claim) -> Claim | None:
        if claim not in self._put:
            self._put[claim] = self._amended(claim)
        return self._put[claim]

    def _amended(self, claim: Claim) -> Claim | None:
        lost = {n: f for n in claim.evidence if isinstance(f := self._fates.get(n), Changed | Gone)}
        if not lost:
            return claim
        kept = [number for number in claim.evidence if number not in lost]
        if any(self._is_own(claim, number) for number in kept):
            return replace(claim, evidence=tuple(kept))  # another outlet's words in the first place
        stated = next((number for number in lost if self._is_own(claim, number)), None)
        if stated is None:
            bearing = [*kept, *(number for number, one in lost.items() if isinstance(one, Changed))]
            if self._bears_out(claim.text, bearing):
                return replace(claim, evidence=tuple(bearing))
            stated = next(iter(lost))
        became = lost[stated]
        if isinstance(became, Changed) and self._affordable(stated, became.sentence):
            beside = [number for number in kept if self._bears_out(became.sentence, [number])]
            return self._instead(claim, became.sentence, [stated, *beside], Cause.CHANGED)
        cause = Cause.CHANGED if isinstance(became, Changed) else became.cause
        for number in kept:
            sentence = self._evidence[number].sentence
            if wording(sentence) not in self._said:
                beside = [other for other in kept if other == number or self._bears_out(sentence, [other])]
                return self._instead(claim, sentence, beside, cause)
        self._note(cause, claim.text, None)
        return None

    def _instead(self, claim: Claim, text: str, evidence: Sequence[EvidenceId], cause: Cause) -> Claim:
        self._said.add(wording(text))
        self._note(cause, claim.text, text)
        return Claim(text=text, evidence=tuple(evidence))

    def _is_own(self, claim: Claim, number: EvidenceId) -> bool:
        """Whether it is that outlet's sentence, at most shortened."""
        if claim.by_editor:
            return False
        written = iter(_words(self._evidence[number].sentence))
        return all(word in written for word in _words(claim.text))

    def _bears_out(self, text: str, numbers: Sequence[EvidenceId]) -> bool:
        sentences = [self._left(self._evidence[number]).sentence for number in numbers]
        outlets = {source.article: source.outlet for source in self._before.sources}
        names = [outlets[article] for n in numbers if (article := self._evidence[n].article) in outlets]
        return bool(sentences) and check(text, [*sentences, *names]).verdict == "supported"

    def _affordable(self, number: EvidenceId, sentence: str) -> bool:
        """Whether it is not said already, and the article stays within what may be quoted of it."""
        if wording(sentence) in self._said:
            return False
        others = {one.sentence for one in self._evidence.values() if one.article == self._article.id}
        others -= {self._evidence[number].sentence}
        spent = sum(len(one.split()) for one in (*others, sentence))
        return spent + len(self._before.headline.split()) <= EXTRACT_BUDGET

    def _left(self, evidence: Evidence) -> Evidence:
        became = self._fates.get(evidence.id)
        return replace(evidence, sentence=became.sentence) if isinstance(became, Changed) else evidence

    # --- parts ----------------------------------------------------------------------------------------------------

    def _paragraphs(self, paragraphs: Sequence[Paragraph]) -> Iterator[Paragraph]:
        for paragraph in paragraphs:
            left = tuple(claim for one in paragraph.claims if (claim := self._claim(one)) is not None)
            if left:
                yield Paragraph(claims=left)

    def _perspectives(self) -> Iterator[Perspective]:
        """A side is not heard any more where another sentence does not name who spoke for it."""
        for heard in self._before.perspectives:
            claim = self._claim(heard.claim)
            if claim is None:
                continue
            if claim.text == heard.claim.text or heard.speaker is None or _named(heard.speaker, claim.text):
                yield replace(heard, claim=claim)
            else:
                self._withdraw(heard.claim, claim)

    def _watch(self) -> Iterator[Outlook]:
        """The day was that of the words before."""
        for outlook in self._before.watch:
            claim = self._claim(outlook.claim)
            if claim is not None:
                yield replace(outlook, claim=claim, due=outlook.due if claim.text == outlook.claim.text else None)

    def _withdraw(self, before: Claim, after: Claim) -> None:
        """It was put in place of the other, and then is not shown after all."""
        self._put[before] = None
        self.corrections = [
            replace(one, now=None) if (one.was, one.now) == (before.text, after.text) else one
            for one in self.corrections
        ]

    def _sources(self) -> Iterator[Source]:
        article = self._article
        for source in self._before.sources:
            if source.article != article.id:
                yield source
            elif article.withdrawn is None:
                now = replace(source, title=" ".join(article.title[:500].split()), revision=article.revision)
                reserved = article.reserved
                yield now if reserved is None else replace(now, quoted=False, note=reserved)

    def _headed(self, changed: Analysis) -> Analysis:
        """Its headline may be the title of the article, or rest on what is not there any more."""
        assert self._source is not None
        article, headline = self._article, self._before.headline
        titles = [_heading(source) for source in changed.sources]
        retitled = article.withdrawn is None and title_changed(self._present, self._source.revision)
        if headline == _heading(self._source):
            if article.withdrawn is None and not retitled:
                return changed
            if retitled:
                titles = [_title(article), *titles]
                cause = Cause.CHANGED
            else:
                cause = Cause.WITHDRAWN
        else:
            cut = next((one for one in self.corrections if one.was), None)
            if cut is None or headline in titles:
                return changed
            if check(headline, [*(one.sentence for one in changed.evidence), *titles]).verdict == "supported":
                return changed
            cause = cut.cause
        other = next((title for title in titles if title), self._nothing)
        if other == headline:
            return changed
        self._note(cause, headline, other if other != self._nothing else None)
        return replace(changed, headline=other)

    def _whole(self) -> Cause | None:
        """What is to be said of the article as a whole where no sentence of it changed."""
        if self._article.withdrawn is not None:
            return Cause.WITHDRAWN
        if self._article.reserved is not None:
            return Cause.RESERVED if any(one.article == self._article.id for one in self._before.evidence) else None
        return Cause.MARKED if self._notice else None

    def _note(self, cause: Cause, was: str, now: str | None) -> None:
        article = self._article
        reason = (
            article.withdrawn if cause is Cause.WITHDRAWN else article.reserved if cause is Cause.RESERVED else None
        )
        self.corrections.append(
            Correction(
                story=self._before.story,
                headline=self._before.headline,
                at=self._at,
                cause=cause,
                was=was,
                now=now,
                outlet=article.outlet.name,
                url="" if article.withdrawn is not None else article.url,
                reason=reason or self._notice,
            )
        )


def _repeats(one: Correction, present: Present) -> bool:
    """Whether it says words of an article of which none may be said any more; the log keeps it."""
    quoting = one.cause in (Cause.CHANGED, Cause.REMOVED, Cause.MARKED)
    return quoting and (one.outlet, one.url) == (present.article.outlet.name, present.article.url)


def _earlier_told(analysis: Analysis, present: Present, at: datetime) -> tuple[Analysis, list[Correction]]:
    """The stories before it, each by the title of an article: which is another now, or is not to be named any more."""
    article = present.article
    kept: list[Earlier] = []
    corrections: list[Correction] = []
    for one in analysis.earlier:
        if one.article != article.id:
            kept.append(one)
            continue
        now: Earlier | None = None
        if article.withdrawn is None:
            now = replace(one, headline=_title(article), revision=article.revision)
            if not title_changed(present, one.revision) or now.headline in ("", one.headline):
                kept.append(one)
                continue
            kept.append(now)
        corrections.append(
            Correction(
                story=analysis.story,
                headline=analysis.headline,
                at=at,
                cause=Cause.WITHDRAWN if now is None else Cause.CHANGED,
                was=one.headline,
                now=None if now is None else now.headline,
                outlet=article.outlet.name,
                url="" if now is None else article.url,
                reason=article.withdrawn or correction_notice(present, one.revision),
            )
        )
    return (replace(analysis, earlier=tuple(kept)) if corrections else analysis), corrections


def _title(article: Article) -> str:
    return fit(clean_title(article.title, article.outlet.name))


def _lost(one: Coming, present: Present, at: datetime) -> Correction | None:
    """For a reminder that the article does not bear out any more."""
    cited: Mapping[ArticleId | None, tuple[str, int]] = {
        one.article: (one.sentence, one.revision),
        one.resolved_article: (one.resolution or "", one.resolved_revision),
    }
    if present.article.id not in cited:
        return None
    became = fate(*_cited(cited[present.article.id], present))
    if isinstance(became, Stands):
        return None
    return Correction(
        story=one.story,
        headline="",
        at=at,
        cause=Cause.CHANGED if isinstance(became, Changed) else became.cause,
        was=one.claim,
        outlet=present.article.outlet.name,
        url="" if present.article.withdrawn is not None else present.article.url,
        reason="" if isinstance(became, Changed) else became.reason,
    )


def _cited(cited: tuple[str, int], present: Present) -> tuple[str, Present, int]:
    return cited[0], present, cited[1]


def _heading(source: Source) -> str:
    return fit(clean_title(source.title, source.outlet))


_WORD = re.compile(r"[^\W_]+")


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold())


def _named(speaker: str, sentence: str) -> bool:
    """By the last word of the name, which is said where the rest is not."""
    name = [fold(word) for _, word in tokens(speaker.partition(",")[0])]
    return bool(name) and name[-1] in {fold(word) for _, word in tokens(sentence)}
