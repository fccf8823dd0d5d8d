"""What may be used of a story's articles, and the sentences an analysis may choose from.

Here the promises about sources are kept: a paywalled outlet is read to the end of its own teaser, a language we
cannot analyse, a withdrawn article and a repeated text are listed but not quoted, sister outlets do not count
twice. Only sentences that stand alone, or that carry a quotation with its speaker, become candidates; of those at
most `CANDIDATE_LIMIT`, spread over the articles.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from bot.core import strings
from bot.core.analysis import Side, Source
from bot.core.article import Article, ArticleId
from bot.core.desk.boilerplate import is_boilerplate
from bot.core.desk.clauses import MAX_WORDS, MIN_WORDS, balanced, opens_unresolved, stands_alone, trim
from bot.core.desk.headline import clean_title
from bot.core.desk.language import foreign
from bot.core.desk.outlook import due_date
from bot.core.desk.quotes import Person, Quote, beside_speech, credit, find_quotes, find_speaker, introduced
from bot.core.desk.roles import Role, Roles, roles
from bot.core.desk.sentences import TEXT_LIMIT, Span, split
from bot.core.desk.sides import Sides
from bot.core.story import Coverage

CANDIDATE_LIMIT = 56
"""Sentences that are embedded for one story: about half a second on two idle cores."""
READ_LIMIT = 16
"""Articles read in full; of a bigger story the others are read as teasers, which is where reports differ least."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence that may be shown. `evidence` is the outlet's sentence, `text` what we would show of it.

    `order` is its place among the article's sentences. `speaker` is name and role as the source says; `quoted`
    where `text` is a bare quotation, which only makes sense beside its speaker.
    """

    article: ArticleId
    order: int
    evidence: str
    text: str
    roles: Roles
    due: date | None
    speaker: str | None
    side: Side | None
    quoted: bool
    standfirst: bool


@dataclass(frozen=True, slots=True)
class Reading:
    """A story read. `titles` are cleaned, one a source in the same order. `unread` are articles in a language that the
    desk cannot read. `voiced` are the sides that may be speaking somewhere in what was read, shown or not: only of the
    others may we say that they were not heard."""

    coverage: Coverage
    sources: tuple[Source, ...]
    titles: tuple[str, ...]
    unread: frozenset[ArticleId]
    candidates: tuple[Candidate, ...]
    voiced: frozenset[Side]

    def texts(self) -> list[str]:
        """What to embed, in the order `choose` expects: the titles, then the candidates."""
        return [*self.titles, *(candidate.text for candidate in self.candidates)]


def read(coverage: Coverage, sides: Sides) -> Reading:
    """Never raises for what articles say."""
    sources: list[Source] = []
    candidates: list[list[Candidate]] = []
    heard: set[str] = set()
    voiced: set[Side] = set()
    unread: set[ArticleId] = set()
    ids = {member.article.id: member.article for member in coverage.members}
    for number, member in enumerate(coverage.members):
        article = member.article
        note, is_foreign = _why_not_quoted(article)
        unread |= {article.id} if is_foreign else set()
        original = ids.get(member.copy_of) if member.copy_of is not None else None
        copied = original is not None and _why_not_quoted(original)[0] is None
        owner = (article.outlet.owner or article.outlet.name).casefold()
        independent = member.copy_of is None and owner not in heard and article.outlet.name.casefold() not in heard
        heard |= {owner, article.outlet.name.casefold()}
        texts = ("", "") if note or copied else _texts(article, teaser_only=number >= READ_LIMIT)
        mine = _candidates(article, *texts, sides)
        voiced |= _voiced(texts, sides) | {one.side for one in mine if one.side is not None}
        if note is None and copied and original is not None:
            note = strings.judging.repeats_text(original.outlet.name)
        elif note is None and article.outlet.paywalled:
            note = strings.judging.TEASER_ONLY
        quoted = note is None or bool(mine and article.outlet.paywalled)
        sources.append(
            Source(
                article=article.id,
                outlet=article.outlet.name,
                owner=article.outlet.owner,
                title=" ".join(article.title[:500].split()),
                url=article.url,
                published=article.published,
                independent=independent,
                quoted=quoted,
                note=note,
                revision=article.revision,
            )
        )
        candidates.append(mine)
    titles = tuple(clean_title(member.article.title, member.article.outlet.name) for member in coverage.members)
    return Reading(coverage, tuple(sources), titles, frozenset(unread), tuple(_bounded(candidates)), frozenset(voiced))


def _why_not_quoted(article: Article) -> tuple[str | None, bool]:
    """None where it may be; and whether it is its language that speaks against it."""
    if article.withdrawn is not None:
        reason = article.withdrawn
        return (strings.judging.withdrawn(reason) if reason else strings.judging.WITHDRAWN), False
    if article.reserved is not None:
        return article.reserved, False
    if article.outlet.paywalled and not article.summary.strip():
        return strings.judging.PAYWALLED, False
    language = foreign(article.title, article.text, article.language)
    return (None, False) if language is None else (strings.judging.other_language(language), True)


def _texts(article: Article, *, teaser_only: bool) -> tuple[str, str]:
    """What may be read: the teaser, "" where it only repeats the body's beginning, and the body."""
    teaser = article.summary[:TEXT_LIMIT]
    body = "" if article.outlet.paywalled or teaser_only else article.content[:TEXT_LIMIT]
    return ("" if _contained(teaser, body) else teaser), body


def _voiced(texts: Iterable[str], sides: Sides) -> set[Side]:
    return {side for text in texts for stretch in beside_speech(text) for side in sides.named_in(stretch)}


def _candidates(article: Article, teaser: str, body: str, sides: Sides) -> list[Candidate]:
    found: list[Candidate] = []
    if teaser.strip():
        found += _of_text(article, teaser, sides, teaser=True, order=0)
    if body.strip():
        found += _of_text(article, body, sides, teaser=False, order=len(found))
    return found


def _contained(teaser: str, body: str) -> bool:
    folded = re.sub(r"\W+", "", teaser)[:60]
    return bool(folded) and folded in re.sub(r"\W+", "", body[:6_000])


def _of_text(article: Article, text: str, sides: Sides, *, teaser: bool, order: int) -> list[Candidate]:
    people = introduced(text)
    quotes = find_quotes(text)
    spans = split(text, teaser=teaser)
    found: list[Candidate] = []
    title = re.sub(r"\W+", "", article.title.casefold())
    for number, span in enumerate(spans):
        sentence = text[span.start : span.end]
        if not span.whole or is_boilerplate(sentence) or re.sub(r"\W+", "", sentence.casefold()) == title:
            continue
        inside = [quote for quote in quotes if span.start <= quote.start and quote.end <= span.end]
        standfirst = teaser and (len(sentence) < 200 or _stopped(sentence))
        candidate = _candidate(
            article, sentence, order + number, inside, people, sides, standfirst=standfirst, span=span
        )
        if candidate is not None:
            found.append(candidate)
    return found


def _stopped(sentence: str) -> bool:
    return bool(re.search(r"[.!?][\"”’')\]]*$", sentence))


def _candidate(
    article: Article,
    sentence: str,
    order: int,
    quotes: Sequence[Quote],
    people: Sequence[Person],
    sides: Sides,
    *,
    standfirst: bool,
    span: Span,
) -> Candidate | None:
    text = trim(sentence)
    speaker, side = _speaker(sentence, quotes, people, sides)
    quoted = False
    if not stands_alone(text, standfirst=standfirst):
        bare = _bare_quotation(sentence, quotes, span)
        if bare is None or speaker is None:
            return None
        text, quoted = bare, True
    return Candidate(
        article=article.id,
        order=order,
        evidence=sentence,
        text=text,
        roles=roles(text, position=order),
        due=due_date(text, article.published.date()),
        speaker=speaker,
        side=side,
        quoted=quoted,
        standfirst=standfirst,
    )


def _speaker(
    sentence: str, quotes: Sequence[Quote], people: Sequence[Person], sides: Sides
) -> tuple[str | None, Side | None]:
    """Who speaks in the sentence and on which side; two quoted speakers are nobody."""
    credits = {quote.credit for quote in quotes if len(quote.words.split()) >= 4}
    named: str | None = None
    if len(credits) == 1 and None not in credits:
        named = next(iter(credits))
    elif credits <= {None}:
        said = find_speaker(sentence, people)
        named = credit(*said) if said else None
    return (named, sides.of(named)) if named else (None, None)


def _bare_quotation(sentence: str, quotes: Sequence[Quote], span: Span) -> str | None:
    """The longest attributed quotation of a sentence, marks included, if it is a full thought."""
    fit = [quote for quote in quotes if quote.speaker and MIN_WORDS + 2 <= len(quote.words.split()) <= MAX_WORDS]
    if not fit:
        return None
    best = max(fit, key=lambda quote: len(quote.words))
    shown = " ".join(sentence[best.start - span.start : best.end - span.start].split())
    # The comma before "said" belongs to the attribution, which is shown apart.
    shown = re.sub(r",([\"”'’]+)$", r"\1", shown)
    whole = balanced(shown) and best.words.strip()[:1].isupper() and not opens_unresolved(shown)
    return shown if whole else None


def _bounded(candidates: Iterable[list[Candidate]]) -> list[Candidate]:
    """At most `CANDIDATE_LIMIT`, each article's strongest, in the order of articles and sentences."""
    lists = [mine for mine in candidates if mine]
    if sum(map(len, lists)) <= CANDIDATE_LIMIT:
        return [candidate for mine in lists for candidate in mine]
    ranked = [sorted(mine, key=_promise, reverse=True) for mine in lists]
    kept: set[tuple[ArticleId, int]] = set()
    depth = 0
    while len(kept) < CANDIDATE_LIMIT:
        for mine in ranked:
            if depth < len(mine) and len(kept) < CANDIDATE_LIMIT:
                kept.add((mine[depth].article, mine[depth].order))
        depth += 1
    return [candidate for mine in lists for candidate in mine if (candidate.article, candidate.order) in kept]


def _promise(candidate: Candidate) -> float:
    strongest = max(candidate.roles[role] for role in Role)
    return (
        strongest + 0.4 * (candidate.side is not None) + 0.4 * (candidate.due is not None) + 0.8 / (1 + candidate.order)
    )
