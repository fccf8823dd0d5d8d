"""An explanation as a document: `slugline why` in a terminal, and "Why this?" in chat."""

from __future__ import annotations

from collections.abc import Iterator

from bot.core import strings
from bot.core.explanation import (
    ArticleExplanation,
    ArticleFacts,
    Explanation,
    Neighbour,
    SentenceChoice,
    StoryExplanation,
    Watched,
)
from bot.core.message.document import Block, Bullets, Document, Heading, Inline, Link, Prose, Text, Time


def explanation_document(explanation: Explanation) -> Document:
    """All that stands behind an article's or a story's place."""
    if isinstance(explanation, ArticleExplanation):
        title, blocks = explanation.article.title, tuple(_article(explanation))
    else:
        title, blocks = explanation.headline, tuple(_story(explanation))
    return Document(summary=strings.explanation.why_of(title), blocks=blocks)


def _article(explanation: ArticleExplanation) -> Iterator[Block]:
    article = explanation.article
    yield Heading(strings.explanation.why_article(article.id))
    yield Prose(_line(article))
    if explanation.state is not None:
        yield Prose((Text(explanation.state, "strong"),))
    yield Heading(strings.explanation.RELEVANCE, level=2)
    yield Prose((Text(strings.explanation.probability(article.relevance, explanation.threshold)),))
    gate = explanation.gate
    finds = [("ai", gate.ai), ("work", gate.work), ("people", gate.people), ("rights", gate.rights)]
    found = [
        (Text(f"{strings.judging.FACETS[facet]}: ", "strong"), Text(", ".join(names)))
        for facet, names in finds
        if names
    ]
    yield Bullets(tuple(found)) if found else Prose((Text(strings.explanation.NOTHING_FOUND),))
    yield Heading(strings.explanation.ITS_STORY, level=2)
    if explanation.story is None or explanation.story_headline is None:
        yield Prose((Text(strings.explanation.IN_NO_STORY),))
    else:
        yield Prose((Text(strings.explanation.in_story(explanation.story), "strong"), Text(explanation.story_headline)))
        relevance = strings.explanation.probability(explanation.story_relevance, explanation.threshold)
        yield Prose((Text(f"{strings.explanation.decision(explanation.story_relevant)} {relevance}"),))
    if article.copy_of is not None:
        yield Prose((Text(strings.explanation.repeats(article.copy_of)),))
    if explanation.copies:
        yield Heading(strings.explanation.COPIES, level=2)
        yield Bullets(tuple(_line(copy) for copy in explanation.copies))
    yield Heading(strings.explanation.NEIGHBOURS, level=2)
    if explanation.neighbours:
        yield Prose((Text(strings.explanation.joins_at(explanation.joins_at)),), role="note")
        yield Bullets(tuple(_neighbour(near) for near in explanation.neighbours))
    else:
        yield Prose((Text(strings.explanation.NO_NEIGHBOURS),))


def _story(explanation: StoryExplanation) -> Iterator[Block]:
    yield Heading(strings.explanation.why_story(explanation.story))
    yield Prose((Text(explanation.headline, "strong"),))
    yield Prose((Text(strings.analysis.FIRST_SEEN), Time(explanation.first_seen, "datetime")), role="note")
    yield Heading(strings.explanation.RELEVANCE, level=2)
    relevance = strings.explanation.probability(explanation.relevance, explanation.threshold)
    yield Prose((Text(f"{strings.explanation.decision(explanation.relevant)} {relevance}"),))
    yield Prose((Text(strings.explanation.decided_by(explanation.decided_by)),), role="note")
    if explanation.taste:
        told = strings.explanation.TOLD_HERE if explanation.admitted else strings.explanation.NOT_TOLD_HERE
        yield Prose((Text(told, "strong"), Text(f" {'; '.join(explanation.taste)}.")))
    for earlier in explanation.earlier:
        yield Prose((Text(strings.analysis.EARLIER, "strong"), Text(earlier)))
    yield Heading(strings.explanation.ARTICLES, level=2)
    yield Bullets(tuple(_line(article, judged=True) for article in explanation.articles))
    if explanation.watched:
        yield Heading(strings.analysis.WATCH, level=2)
        yield Bullets(tuple(_watched(item) for item in explanation.watched))
    yield Heading(strings.explanation.SENTENCES, level=2)
    if explanation.sentences:
        yield Bullets(tuple(_sentence(sentence) for sentence in explanation.sentences))
    else:
        yield Prose((Text(strings.explanation.NO_SENTENCES),))


def _line(article: ArticleFacts, *, judged: bool = False) -> tuple[Inline, ...]:
    inlines: list[Inline] = [
        Text(f"{article.id} · ", "quiet"),
        Text(f"{article.outlet}: ", "strong"),
        Link(article.title, article.url),
        Text(" · ", "quiet"),
        Time(article.published),
    ]
    if judged:
        inlines.append(Text(strings.explanation.judged(article.relevance, article.reasons), "quiet"))
    if article.copy_of is not None:
        inlines.append(Text(f" · {strings.explanation.repeats(article.copy_of)}", "quiet"))
    return tuple(inlines)


def _neighbour(near: Neighbour) -> tuple[Inline, ...]:
    told = [f"{strings.explanation.MEASURES[name]} {value:g}" for name, value in near.measures.items() if value]
    mark = strings.explanation.ITS_OWN if near.own else ""
    return (
        Text(f"{near.score:.2f} ", "strong"),
        Text(f"{strings.explanation.in_story(near.story)}{near.headline}{mark}"),
        Text(f" ({', '.join(told)})", "quiet"),
    )


def _sentence(sentence: SentenceChoice) -> tuple[Inline, ...]:
    roles = ", ".join(
        f"{strings.judging.ROLES[role]} {strength:.2f}" for role, strength in sentence.roles.items() if strength >= 0.5
    )
    verdict = ", ".join(sentence.chosen_for) if sentence.chosen_for else sentence.why_not or ""
    return (
        Text(
            f"{strings.explanation.CHOSEN_FOR if sentence.chosen_for else strings.explanation.LEFT_OUT}{verdict}. ",
            "strong",
        ),
        Text(sentence.text or strings.explanation.numbered_sentence(sentence.order + 1)),
        Text(f" —\u00a0{sentence.outlet}; {roles or strings.explanation.NO_ROLE}", "quiet"),
    )


def _watched(item: Watched) -> tuple[Inline, ...]:
    inlines: list[Inline] = [Text(f"{strings.coming.state(item.state)}: ", "strong"), Text(item.claim)]
    if item.due is not None:
        inlines.append(Text(f" · {strings.explanation.due(item.due)}", "quiet"))
    if item.resolution is not None:
        inlines.append(Text(f" · {item.resolution}"))
    return tuple(inlines)
