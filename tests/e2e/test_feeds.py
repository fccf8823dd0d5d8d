"""`feeds …` and `ingest`: files, folders and addresses that a person hands in, good and bad."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from adapters.sample import SampleServer
from tests.e2e.program import Program
from tests.shared import shared

RSS = """<rss version="2.0"><channel><title>Fenwick Herald</title><link>https://fenwick.example/</link>
<item><title>Animators vote to strike over studios' AI</title><link>https://fenwick.example/strike</link>
<guid>strike</guid><pubDate>Fri, 02 May 2031 10:00:00 GMT</pubDate>
<description>The guild says artificial intelligence must not replace its members.</description></item>
</channel></rss>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><title>Pemberton Post</title><id>urn:p</id>
<entry><id>urn:e</id><title>Novelists sue AI company</title><link href="https://pemberton.example/sue"/>
<updated>2031-05-02T10:00:00Z</updated></entry></feed>"""
JSON_FEED = json.dumps(
    {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "Ledger",
        "items": [{"id": "1", "url": "https://ledger.example/1", "title": "Dubbers sign AI deal", "content_text": "x"}],
    }
)
EMPTY = '<rss version="2.0"><channel><title>Quiet Quarterly</title></channel></rss>'
PAGE = "<!doctype html><html><title>404</title><p>No such page"


@pytest.mark.parametrize("feed", [RSS, ATOM, JSON_FEED])
def test_parse_prints_the_entries_of_every_format(slugline: Program, feed: str) -> None:
    result = slugline("feeds", "parse", "-", given=feed)
    assert (result.code, result.err) == (0, "")
    (entry,) = result.rows
    assert entry["title"]
    assert entry["url"].startswith("https://")


def test_parse_of_an_empty_feed_prints_nothing(slugline: Program) -> None:
    result = slugline("feeds", "parse", "-", given=EMPTY)
    assert (result.code, result.out, result.err) == (0, "", "")


@pytest.mark.parametrize("given", ["", "hello", PAGE, "<rss", "{}", "\0" * 100])
def test_parse_of_no_feed_is_an_error(slugline: Program, given: str) -> None:
    result = slugline("feeds", "parse", "-", given=given)
    assert (result.code, result.out) == (1, "")
    assert result.error.startswith("-: not a feed")


def test_import_can_be_repeated(slugline: Program) -> None:
    opml = slugline.folder / "mine.opml"
    opml.write_text('<opml version="1.0"><body><outline xmlUrl="https://a.example/f" text="A"/></body></opml>')
    assert slugline("feeds", "import", opml).out == "1 feeds added, 0 were there already. `slugline run` reads them.\n"
    assert slugline("feeds", "import", opml).out == "0 feeds added, 1 were there already. `slugline run` reads them.\n"
    assert slugline("feeds", "list").out.split() == ["1", "new", "A"]


@pytest.mark.parametrize("given", ["", "hello", "<opml><body>", RSS, '<!DOCTYPE x [<!ENTITY a "b">]><opml/>'])
def test_import_of_no_opml_is_an_error(slugline: Program, given: str) -> None:
    result = slugline("feeds", "import", "-", given=given)
    assert (result.code, result.out) == (1, "")
    assert result.error.startswith("OPML: ")
    assert slugline("feeds", "list").out.startswith("No feeds yet: `slugline run` reads the default ones")


def test_import_reads_loopback_only_where_the_operator_allows_it(
    slugline: Program, sample_server: SampleServer
) -> None:
    refused = slugline("feeds", "import", sample_server.opml_url)
    assert (refused.code, refused.error) == (1, "127.0.0.1: the address leads into a private network")
    allowed = slugline.having(ALLOW_HOSTS=sample_server.address)
    assert allowed("feeds", "import", sample_server.opml_url).code == 0
    assert allowed("feeds", "import", sample_server.opml_url).out.startswith("0 feeds added, ")


def test_import_from_an_address_that_does_not_answer_is_one_line(
    slugline: Program, sample_server: SampleServer
) -> None:
    """And the line does not repeat the address, which may hold a token."""
    program = slugline.having(ALLOW_HOSTS=f"{sample_server.address},127.0.0.1:1")
    missing = program("feeds", "import", f"{sample_server.base_url}/no.opml?key=hunter2secret")
    assert (missing.code, missing.error) == (1, "127.0.0.1: 404: not found")
    closed = program("feeds", "import", "http://127.0.0.1:1/x?key=hunter2secret")
    assert closed.code == 1
    assert "hunter2secret" not in closed.error


def test_ingest_takes_files_and_folders_and_counts_what_is_no_feed(slugline: Program) -> None:
    folder = slugline.folder / "feeds"
    (folder / "deeper").mkdir(parents=True)
    for name, text in {"a.xml": RSS, "b.atom": ATOM, "deeper/c.json": JSON_FEED, "e.xml": EMPTY}.items():
        (folder / name).write_text(text)
    (folder / "readme.txt").write_text("no feed")
    (folder / "page.html").write_text(PAGE)
    first = slugline("ingest", folder)
    assert (first.code, first.err) == (0, "")
    assert first.out.startswith("4 feeds read: 3 new articles, 0 updated, 0 taken back, ")
    assert "2 other files were no feeds" in first.out
    assert slugline("ingest", folder, folder / "a.xml").out.startswith("5 feeds read: 0 new articles, 0 updated, ")
    assert slugline("feeds", "list").out.count("\n") == 4


def test_ingest_says_that_articles_were_too_old_and_can_keep_them(slugline: Program) -> None:
    old = slugline.folder / "old.xml"
    old.write_text(RSS.replace("2031", "2011"))
    result = slugline("ingest", old)
    assert "0 new articles" in result.out
    assert "1 were too old; SLUGLINE_MAX_ARTICLE_AGE=off keeps all\n" in result.out
    assert "1 new articles" in slugline.having(MAX_ARTICLE_AGE="off")("ingest", old).out


def test_a_file_named_alone_must_be_a_feed(slugline: Program) -> None:
    for name, text in {"page.html": PAGE, "empty": "", "note.txt": "hello"}.items():
        file = slugline.folder / name
        file.write_text(text)
        result = slugline("ingest", file)
        assert (result.code, result.out) == (1, "")
        assert result.error.startswith(f"{file}: not a feed")
    quiet = slugline.folder / "quiet.xml"
    quiet.write_text(EMPTY)
    assert slugline("ingest", quiet).code == 0


def test_ingest_takes_no_standard_input(slugline: Program) -> None:
    """A feed is known again by its file."""
    result = slugline("ingest", "-", given=RSS)
    assert (result.code, result.error) == (1, "-: No such file or directory")


def test_a_file_that_may_not_be_read_is_passed_over_in_a_folder(slugline: Program) -> None:
    folder = slugline.folder / "feeds"
    folder.mkdir()
    (folder / "a.xml").write_text(RSS)
    (folder / "gone.xml").symlink_to(folder / "nowhere.xml")
    assert slugline("ingest", folder).out.startswith("1 feeds read: 1 new articles")
    assert slugline("ingest", folder / "gone.xml").code == 1


@pytest.mark.slow
def test_every_real_feed_is_taken_in_without_a_crash(slugline: Program) -> None:
    folder: Path = shared("data/feeds")
    result = slugline.having(MAX_ARTICLE_AGE="off")("ingest", folder)
    assert (result.code, result.err) == (0, "")
    feeds = int(result.out.split(" feeds read")[0].replace(",", ""))
    assert feeds > 4_000
    checked = slugline("doctor").out
    assert "ok       work: " in checked
    assert not any(left in checked for left in (" to score", " to join", "set aside"))
