"""The documents as a reader gets them, in all three forms, beside what a person read and passed."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

from adapters.console.render import render
from adapters.text.html import html
from adapters.text.markdown import markdown
from bot.core.feed import Feed, FeedId, FeedState, Health, News, Outlet
from bot.core.message.digest import analysis_document, digest_document, evidence_document
from bot.core.message.document import Document
from bot.core.message.notice import DISCORD, SLACK, error_document, feed_news_document, setup_document
from bot.core.message.review import (
    card_document,
    draft_document,
    overtaken_document,
    trail_document,
)
from bot.core.message.review import evidence_document as draft_evidence_document
from tests import specimens
from tests.golden import check_golden

FEED = Feed(id=FeedId(1), url="https://letter.example/rss", outlet=Outlet(name="The Letter"), title="Guild news")
LOST = Health(state=FeedState.FAILING, since=specimens.at(3), failures=9, error="404: not found", told=True)

DOCUMENTS = {
    "analysis": analysis_document(specimens.guild_analysis()),
    "digest": digest_document(specimens.week_digest()),
    "digest_empty": digest_document(specimens.empty_digest()),
    "evidence": evidence_document(specimens.guild_analysis()),
    "setup": setup_document([DISCORD, SLACK]),
    "feed_lost": feed_news_document(FEED, News.LOST, LOST),
    "feed_gone": feed_news_document(FEED, News.LOST, Health(state=FeedState.GONE, since=specimens.at(3), told=True)),
    "feed_back": feed_news_document(FEED, News.BACK, Health(state=FeedState.HEALTHY)),
    "review_card": card_document(specimens.review_card()),
    "review_draft": draft_document(specimens.edited_draft(), specimens.REVIEW_POLICY),
    "review_evidence": draft_evidence_document(specimens.edited_draft().draft, None),
    "review_overtaken": overtaken_document(
        specimens.edited_draft(), specimens.REVIEW_POLICY, ["Members vote in April on the terms."]
    ),
    "review_history": trail_document(specimens.review_trail(), None),
    "error": error_document("feeds.opml: no such file", "give the path of an OPML file, or - for standard input"),
}


def in_a_pipe(document: Document) -> str:
    console = Console(file=io.StringIO(), width=80, force_terminal=False, color_system=None)
    console.print(render(document), crop=False)
    file = console.file
    assert isinstance(file, io.StringIO)
    return file.getvalue()


@pytest.mark.parametrize("name", DOCUMENTS)
def test_markdown(name: str) -> None:
    check_golden(f"{name}.md", markdown(DOCUMENTS[name]))


@pytest.mark.parametrize("name", DOCUMENTS)
def test_html(name: str) -> None:
    check_golden(f"{name}.html", html(DOCUMENTS[name]))


@pytest.mark.parametrize("name", DOCUMENTS)
def test_terminal(name: str) -> None:
    check_golden(f"{name}.txt", in_a_pipe(DOCUMENTS[name]))
