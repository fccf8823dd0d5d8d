"""What became of a sentence that was cited: whether its article still says it.

A feed is touched all day, and most of that is no correction. A cited sentence *changed* where the article has another
version of it now that no longer bears it out: another number, name, date or quotation, or a "not" more or less. It was
*removed* where the outlet took it out and left what stood around it. Typing, another date and other words for the same
are nothing; nor is a text that was written anew (a live blog, a teaser of the next day) or that ends earlier than it
did: that is a story that moves on, and what the outlet said first it did say. Only where the outlet itself marks its
article as corrected does a sentence that is gone count as taken out in any case.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from bot.core.article import Article, Revision
from bot.core.correction.correction import Cause
from bot.core.desk.grounding import contradicts
from bot.core.desk.sentences import split
from bot.core.desk.wording import plain_sentences
from bot.core.wording import wording

SAME_SENTENCE = 0.5
"""Share of their words, in order, from which on two sentences are versions of one."""
REMAINS = 0.5
"""Share of an article's other sentences that are still there where only one was taken out."""
NOTICE_WORDS = 40
"""Of the outlet's own notice of a correction that we repeat."""
TEXT_LIMIT = 20_000
"""Characters of an article that are read for this."""


@dataclass(frozen=True, slots=True)
class Stands:
    """As it was, or in other words."""


@dataclass(frozen=True, slots=True)
class Changed:
    """The article says this instead."""

    sentence: str


@dataclass(frozen=True, slots=True)
class Gone:
    """It may not be told any more; `reason` is the outlet's, "" where it gives none."""

    cause: Cause
    reason: str = ""


Fate = Stands | Changed | Gone


@dataclass(frozen=True, slots=True, kw_only=True)
class Present:
    """A cited article as it is now, and what it said before, by revision."""

    article: Article
    revisions: Sequence[Revision] = ()

    def before(self, revision: int) -> Revision | Article:
        """What it said in that revision."""
        return next((one for one in self.revisions if one.revision == revision), self.article)

    def changed_since(self, revision: int) -> bool:
        return self.article.revision > revision


def fate(sentence: str, present: Present, revision: int) -> Fate:
    """What became of a sentence of that revision. Takes some milliseconds. Never raises for what articles say."""
    article = present.article
    if article.withdrawn is not None:
        return Gone(Cause.WITHDRAWN, article.withdrawn)
    if article.reserved is not None:
        return Gone(Cause.RESERVED, article.reserved)
    if not present.changed_since(revision):
        return Stands()
    before = present.before(revision)
    if _says(article, sentence) or not _says(before, sentence):
        return Stands()
    were, are = _sentences(before), _sentences(article)
    wanted = wording(sentence)
    new = _another_version(wanted, [one for one in are if wording(one) not in {wording(two) for two in were}])
    if new is not None:
        return Changed(new) if contradicts(sentence, new) else Stands()
    if correction_notice(present, revision):
        return Gone(Cause.REMOVED)
    return Gone(Cause.REMOVED) if _was_taken_out(wanted, were, are) else Stands()


def title_changed(present: Present, revision: int) -> bool:
    """Whether its title of that revision is one that the present title does not bear out."""
    was, now = present.before(revision).title, present.article.title
    return wording(was) != wording(now) and contradicts(was, now)


def lost_sentences(before: str, after: str) -> list[str]:
    """Sentences of the text before that are not in the text after, word for word. Takes some milliseconds."""
    whole = f" {wording(after)} "
    return [one for one in _split(before) if f" {wording(one)} " not in whole]


def correction_notice(present: Present, revision: int) -> str:
    """What the outlet says of a correction that it made since then, at most `NOTICE_WORDS`; "" where it says nothing
    or nothing that may be repeated."""
    article, before = present.article, present.before(revision)
    if not present.changed_since(revision):
        return ""
    open_text = article.summary if article.outlet.paywalled else f"{article.summary}\n{article.content}"
    known = wording(f"{before.title}\n{before.summary}\n{before.content}")
    for line in open_text[:TEXT_LIMIT].splitlines():
        found = _NOTICE.search(line)
        if found is not None and wording(said := _shortened(line[found.start() :])) not in known:
            return said
    title = _TITLE_MARK.search(article.title)
    return article.title[title.start() : title.end()].strip(" :[]()") if title and not _marked(before.title) else ""


_NOTICE = re.compile(
    r"(?:^|(?<=[.!?…\])]\s))\W{0,3}(?:(?:editor['’]?s['’]? note|correction|clarification|corrections? and"
    r" clarifications?|corrected|erratum)\b\s*(?:\([^)\n]{1,40}\)|,? [\w ,.]{1,25})?\s*[:–—]"
    r"|(?:this|the) (?:article|story|post|report|column|item|piece|headline) (?:has been|was|is|has now been)"
    r" (?:corrected|amended)\b"
    r"|an? (?:earlier|previous) version of (?:this|the) (?:article|story|post|report|column|item|piece|headline)\b)",
    re.IGNORECASE,
)
_TITLE_MARK = re.compile(r"^\s*(?:[\[(]\s*(?:corrected|correction)\s*[\])]|(?:corrected|correction)\s*[:–—])", re.I)


def _marked(title: str) -> bool:
    return _TITLE_MARK.search(title) is not None


def _shortened(text: str) -> str:
    """Its first sentence: what follows may be the article itself."""
    words = next(iter(plain_sentences(text)), "").split()
    return " ".join(words) if len(words) <= NOTICE_WORDS else f"{' '.join(words[:NOTICE_WORDS])}…"


def _says(text: Article | Revision, sentence: str) -> bool:
    whole = wording(f"{text.title}\n{text.summary}\n{text.content}")
    return f" {wording(sentence)} " in f" {whole} "


def _sentences(text: Article | Revision) -> list[str]:
    """In order, each once; of what is sold only the teaser, which is given away."""
    paywalled = isinstance(text, Article) and text.outlet.paywalled
    parts = (text.summary, "" if paywalled else text.content)
    return list(dict.fromkeys(one for part in parts for one in _split(part)))


def _split(text: str) -> list[str]:
    return [text[span.start : span.end] for span in split(text[:TEXT_LIMIT]) if span.whole]


def _another_version(wanted: str, candidates: Sequence[str]) -> str | None:
    """The most alike of them, where one is a version of the wanted wording at all."""
    best, best_share = None, SAME_SENTENCE
    for one in candidates:
        share = SequenceMatcher(None, wanted.split(), wording(one).split(), autojunk=False).ratio()
        if share >= best_share:
            best, best_share = one, share
    return best


def _was_taken_out(wanted: str, were: Sequence[str], are: Sequence[str]) -> bool:
    """Whether what stood around it is still there, something after it too: else the text ends earlier, or is new."""
    place = next((number for number, one in enumerate(were) if wanted in wording(one)), None)
    if place is None:
        return False
    there = {wording(one) for one in are}
    remains = [wording(one) in there for number, one in enumerate(were) if number != place]
    return any(remains[place:]) and sum(remains) >= REMAINS * len(remains)
