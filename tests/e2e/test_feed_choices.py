"""`feeds add`, `remove`, `on`, `off`, `health`, `check` and `outlets`, as a person types them."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.program import Program
from tests.e2e.site import page, rss, served

SITE = {
    "/": page("/news.rss", "/reviews.rss"),
    "/news.rss": rss("Fenwick News", "Animators vote", "Novelists sue"),
    "/reviews.rss": rss("Fenwick Reviews", "A film"),
    "/private.rss?token=hunter2": rss("The Letter", "Members only"),
    "/untitled.rss?token=hunter2": rss("", "Members only"),
    "/empty.rss": rss("Quiet"),
    "/plain": "<!doctype html><p>No feeds here",
}


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    with served(SITE) as address:
        yield address


@pytest.fixture
def allowed(slugline: Program, site: str) -> Program:
    return slugline.having(ALLOW_HOSTS=site)


def test_the_feeds_behind_a_page_are_listed_and_the_first_is_added(allowed: Program, site: str) -> None:
    result = allowed("feeds", "add", f"http://{site}/")
    assert (result.code, result.err) == (0, "")
    assert result.out.splitlines() == [
        f"  1. Fenwick News (2 entries)  http://{site}/news.rss",
        f"  2. Fenwick Reviews (1 entry)  http://{site}/reviews.rss",
        "1  Fenwick News: added. `slugline run` reads it.",
    ]
    assert allowed("feeds", "add", f"http://{site}/news.rss").out == "1  Fenwick News: was there already.\n"
    picked = allowed("feeds", "add", f"http://{site}/", "--pick", "2")
    assert picked.out.splitlines()[-1].endswith("  Fenwick Reviews: added. `slugline run` reads it.")
    assert f"http://{site}/reviews.rss" in allowed("feeds", "export").out


def test_looking_adds_nothing(allowed: Program, site: str) -> None:
    assert allowed("feeds", "add", f"http://{site}/", "--list").out.count("\n") == 2
    assert (allowed("feeds", "add", f"http://{site}/", "--pick", "3")).error == "--pick 3: 2 found there"
    assert allowed("feeds", "list").out.startswith("No feeds yet")


def test_loopback_is_read_only_where_the_operator_allows_it(slugline: Program, site: str) -> None:
    refused = slugline("feeds", "add", f"http://{site}/")
    assert (refused.code, refused.error) == (1, "127.0.0.1: the address leads into a private network")


@pytest.mark.parametrize(
    ("path", "reason"),
    [("/plain", "no feed was found there"), ("/none?token=hunter2", "404: not found")],
)
def test_where_there_is_no_feed_a_line_says_why(allowed: Program, site: str, path: str, reason: str) -> None:
    result = allowed("feeds", "add", f"http://{site}{path}")
    assert (result.code, result.error) == (1, f"127.0.0.1: {reason}")


def test_only_web_addresses_are_read(slugline: Program) -> None:
    assert "only http and https" in slugline("feeds", "add", "file:///etc/passwd").error
    assert slugline("feeds", "add", "http://").code == 1


@pytest.mark.slow
def test_a_private_feed_is_read_and_its_address_never_shown(allowed: Program, site: str) -> None:
    letter, untitled = f"http://{site}/private.rss?token=hunter2", f"http://{site}/untitled.rss?token=hunter2"
    added = allowed("feeds", "add", letter, "--private", "--list"), allowed("feeds", "add", letter, "--private")
    nameless = allowed("feeds", "add", untitled, "--private")
    assert (added[1].out.split(":")[0], nameless.out.split(":")[0]) == ("1  The Letter", "2  127.0.0.1")
    run = allowed.having(MAX_ARTICLE_AGE="off", LOG_LEVEL="debug")("run", "--once")
    assert run.code == 0
    listed = allowed("feeds", "list")
    assert listed.out.count("(private)") == 2
    for output in (*added, nameless, run, listed, allowed("feeds", "check", "--json")):
        assert "hunter2" not in output.out + output.err
    assert allowed("feeds", "remove", "1").code == 0


def test_a_removed_feed_is_gone_and_cannot_be_removed_again(allowed: Program, site: str) -> None:
    allowed("feeds", "add", f"http://{site}/news.rss")
    assert allowed("feeds", "remove", "1").out == "1  Fenwick News: removed.\n"
    again = allowed("feeds", "remove", "1")
    assert (again.code, again.error) == (1, "there is no feed 1; `slugline feeds list` shows their numbers")


@pytest.mark.slow
def test_health_names_what_cannot_be_read_and_why(allowed: Program, site: str) -> None:
    opml = allowed.folder / "mine.opml"
    outlines = "".join(f'<outline xmlUrl="http://{site}{path}"/>' for path in ("/news.rss", "/none.rss"))
    opml.write_text(f'<opml version="2.0"><body>{outlines}</body></opml>')
    allowed("feeds", "import", opml)
    assert allowed("run", "--once").code == 0
    counts, feed, why = allowed("feeds", "health").out.splitlines()
    assert counts == "1 failing, 1 healthy"
    assert feed.split()[:2] == ["2", "failing"]
    assert "1 failure, never read: 404: not found" in why


@pytest.mark.slow
def test_check_visits_each_feed_and_stores_nothing(allowed: Program, site: str) -> None:
    nothing = allowed("feeds", "check")
    assert (nothing.code, nothing.error) == (1, "no feed is visited yet; --catalog checks the default ones")
    allowed("feeds", "add", f"http://{site}/news.rss")
    good = allowed("feeds", "check")
    assert (good.code, good.err) == (0, "")
    assert good.out.splitlines()[0].split() == ["ok", "2", "2031-05-02", "Fenwick", "News"]
    assert good.out.splitlines()[1] == "1 of 1 feeds answer with entries"
    allowed("feeds", "add", f"http://{site}/empty.rss")
    mixed = allowed("feeds", "check", "--json")
    assert mixed.code == 1
    assert {row["title"]: (row["ok"], row["problem"], row["entries"]) for row in mixed.rows} == {
        "Fenwick News": (True, None, 2),
        "Quiet": (False, "it has no entries", 0),
    }
    assert "new" in allowed("feeds", "list").out, "checking is no visit"


@pytest.mark.slow
def test_the_catalogue_is_checked_and_an_unconnected_machine_says_so(slugline: Program) -> None:
    """Wherever this runs: each feed of the catalogue once, and where none answers the line about the connection."""
    result = slugline("feeds", "check", "--catalog", "--json")
    assert len(result.rows) >= 80
    assert len({row["url"] for row in result.rows}) == len(result.rows)
    if not any(row["ok"] for row in result.rows):
        assert result.code == 1
        assert "no feed at all answered; check this machine's connection" in result.err


@pytest.fixture
def read(filled: Program, tmp_path: Path) -> Program:
    """The sample week, read: a copy of its own."""
    shutil.copytree(filled.data, tmp_path / "data")
    return Program(tmp_path, filled.settings)


def sources(slugline: Program) -> list[set[str]]:
    """The outlets of each story told."""
    shown = slugline("digest", "--since", "60d", "--format", "json", "--max", "100")
    assert shown.code == 0, shown.err
    return [{source["outlet"] for source in story["sources"]} for story in json.loads(shown.out)["stories"]]


@pytest.mark.slow
def test_an_outlet_is_hidden_and_shown_again(read: Program) -> None:
    before = sources(read)
    shared = next(names for names in before if len(names) > 1)
    hidden = sorted(shared)[0]
    result = read("outlets", "hide", *hidden.upper().split())
    assert (result.code, result.out) == (0, f"{hidden}: hidden.\n")
    after = sources(read)
    assert all(hidden not in names for names in after)
    assert len(after) == sum(names != {hidden} for names in before)
    assert f"Outlets hidden: {hidden}\n" in read("feeds", "list").out
    assert read("outlets", "show", hidden).code == 0
    assert sources(read) == before


@pytest.mark.slow
def test_a_feed_and_a_desk_are_switched_off_and_on(read: Program) -> None:
    before = sources(read)
    assert read("feeds", "off", "1").out.endswith(": off.\n")
    listed = read("feeds", "list").out.splitlines()
    assert [line.split()[0] for line in listed if "off)" in line] == ["1"]
    assert read("feeds", "on", "1").out.endswith(": on.\n")
    assert sources(read) == before
    assert read("feeds", "off", "--desk", "Trades").out == "Desk trades: off.\n"
    assert sum(map(len, sources(read))) < sum(map(len, before))
    after = read("feeds", "list").out
    assert after.count("(trades, off)") == "".join(listed).count("(trades") > 0
    assert after.endswith("Desks switched off: trades\n")


def test_what_nobody_has_is_refused_in_one_line(read: Program) -> None:
    assert read("feeds", "off", "999").error.startswith("there is no feed 999")
    assert read("feeds", "off", "--desk", "trade").error == "there is no desk 'trade'; did you mean 'trades'?"
    assert read("outlets", "hide", "Nobody's", "Paper").error.startswith('there is no outlet "Nobody\'s Paper"')
    assert (read("feeds", "off").code, read("feeds", "off", "1", "--desk", "law").code) == (2, 2)
