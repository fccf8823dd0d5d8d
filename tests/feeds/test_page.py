"""Article pages: leave, fetch and extraction, hostile ones included."""

from __future__ import annotations

from asyncio import StreamWriter
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
import pytest_asyncio

from bot.app.ports import NoPage, NotThere, PageText, Reserved, SamePage
from bot.core.feed import Validators
from feeds.crew import Crew
from feeds.fetch import Fetcher
from feeds.host_gate import HostGate
from feeds.page import WebPageReader, page_crew
from tests.feeds.loopback import FixedClock, Server, Talk, Time, answer, header_of, redirect, serving

SENTENCES = (
    "The writers of the invented guild voted on Tuesday to accept the contract that their committee had brought home.",
    "It lets a studio use a machine's draft only where a writer agrees, and pays the writer as if it were not there.",
    "The studios had asked for a year of trials first, and said on Wednesday that they would put the terms in force.",
)


def page(head: str = "", sentences: tuple[str, ...] = SENTENCES, language: str = "en") -> bytes:
    told = "".join(f"<p>{sentence}</p>" for sentence in sentences)
    return (
        f"<!doctype html><html lang={language}><head><meta charset=utf-8><title>Guild votes yes</title>{head}</head>"
        f"<body><nav><a href=/>Home</a> <a href=/x>More</a></nav><article><h1>Guild votes yes</h1>{told}</article>"
        "<footer>All rights reserved</footer></body></html>"
    ).encode()


HTML = {"Content-Type": "text/html; charset=utf-8"}


pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def crew() -> AsyncIterator[Crew]:
    async with page_crew(within=timedelta(seconds=3)) as crew:
        yield crew


async def read(
    crew: Crew, server: Server, path: str = "/page", *, trusted: bool = True
) -> PageText | NoPage | Reserved:
    clock = FixedClock()
    async with Fetcher(clock, gate=HostGate(timedelta(0))) as fetcher:
        reader = WebPageReader(fetcher, crew, clock, allow=frozenset({server.where}))
        return await reader.read(server.url(path), trusted=trusted)


async def again(
    crew: Crew, server: Server, validators: Validators
) -> PageText | SamePage | NotThere | NoPage | Reserved:
    clock = FixedClock()
    async with Fetcher(clock, gate=HostGate(timedelta(0))) as fetcher:
        reader = WebPageReader(fetcher, crew, clock, allow=frozenset({server.where}))
        return await reader.again(server.url("/page"), trusted=True, validators=validators)


async def test_reads_title_language_and_paragraphs(crew: Crew) -> None:
    async with serving(page=answer(page(), headers=HTML)) as server:
        result = await read(crew, server)
    assert result == PageText(text="\n\n".join(SENTENCES), title="Guild votes yes", language="en")


async def test_the_servers_charset_holds(crew: Crew) -> None:
    told = tuple(sentence.replace("Tuesday", "Dïmänche") for sentence in SENTENCES)
    body = page(sentences=told).decode().replace("<meta charset=utf-8>", "").encode("iso-8859-15")
    async with serving(page=answer(body, headers={"Content-Type": "text/html; charset=ISO-8859-15"})) as server:
        result = await read(crew, server)
    assert isinstance(result, PageText)
    assert "Dïmänche" in result.text


@pytest.mark.parametrize("kind", ["", " ", "\xff", "text/html;charset=nonsense", "text/html;", 'text/html; charset="'])
async def test_a_page_of_no_kind_that_can_be_read_is_looked_into(crew: Crew, kind: str) -> None:
    async with serving(page=answer(page(), headers={"Content-Type": kind})) as server:
        result = await read(crew, server)
    assert isinstance(result, PageText)


async def test_an_untrusted_address_gets_no_exemption(crew: Crew) -> None:
    async with serving(page=answer(page(), headers=HTML)) as server:
        result = await read(crew, server, trusted=False)
    assert isinstance(result, NoPage)
    assert server.requests == []


@pytest.mark.parametrize(
    ("status", "final"),
    [("404 Not Found", True), ("403 Forbidden", True), ("429 Slow", False), ("500 Oh", False), ("503 Oh", False)],
)
async def test_asks_again_only_where_the_answer_may_change(crew: Crew, status: str, final: bool) -> None:
    async with serving(page=answer(status=status)) as server:
        result = await read(crew, server)
    assert isinstance(result, NoPage)
    assert result.final is final


@pytest.mark.parametrize(("status", "for_good"), [("404 Not Found", False), ("410 Gone", True)])
async def test_a_page_that_is_gone_is_told_from_one_that_cannot_be_had(crew: Crew, status: str, for_good: bool) -> None:
    async with serving(page=answer(status=status)) as server:
        found = await again(crew, server, Validators())
    assert isinstance(found, NotThere)
    assert found.for_good is for_good


async def test_asking_again_is_on_condition_and_the_same_page_is_not_read_again(crew: Crew) -> None:
    tagged = HTML | {"ETag": '"one"', "Last-Modified": "Fri, 02 May 2031 10:00:00 GMT"}
    async with serving(page=answer(page(), headers=tagged)) as server:
        first = await again(crew, server, Validators())
        assert isinstance(first, PageText)
        assert await again(crew, server, first.validators) is SamePage.SAME, "the same body"
        server.answers["/page"] = answer(status="304 Not Modified")
        assert await again(crew, server, first.validators) is SamePage.SAME
    assert header_of(server.requests[-1], "If-None-Match") == '"one"'
    assert header_of(server.requests[-1], "If-Modified-Since") == "Fri, 02 May 2031 10:00:00 GMT"


async def test_a_page_that_is_the_same_may_be_kept_from_machines_all_the_same(crew: Crew) -> None:
    async with serving(page=answer(page(), headers=HTML)) as server:
        first = await again(crew, server, Validators())
        assert isinstance(first, PageText)
        server.answers["/page"] = answer(page(), headers=HTML | {"X-Robots-Tag": "noai"})
        assert isinstance(await again(crew, server, first.validators), Reserved)
        server.answers["/page"] = answer(status="304 Not Modified", headers={"X-Robots-Tag": "noai", "ETag": '"one"'})
        assert isinstance(await again(crew, server, Validators(etag='"one"')), Reserved)


@pytest.mark.parametrize("kind", ["application/pdf", "image/png", "application/json"])
async def test_what_is_no_web_page_is_left(crew: Crew, kind: str) -> None:
    async with serving(page=answer(b"%PDF-", headers={"Content-Type": kind})) as server:
        assert await read(crew, server) == NoPage(reason="it is no web page", final=True)


async def test_a_page_without_an_article_is_no_page(crew: Crew) -> None:
    async with serving(page=answer(b"<html><body><p>Subscribe</p></body></html>", headers=HTML)) as server:
        result = await read(crew, server)
    assert result == NoPage(reason="no article text was found on the page", final=True, scrap="Subscribe")


# --- leave --------------------------------------------------------------------------------------------------


async def test_robots_txt_closes_a_page_and_is_asked_once(crew: Crew) -> None:
    clock = FixedClock()
    rules = answer(b"User-agent: *\nDisallow: /closed\n\nUser-agent: slugline\nDisallow: /*/private$\n")
    async with serving(closed=answer(page(), headers=HTML)) as server:
        server.answers |= {"/robots.txt": rules, "/a/private": rules}
        async with Fetcher(clock, gate=HostGate(timedelta(0))) as fetcher:
            reader = WebPageReader(fetcher, crew, clock, allow=frozenset({server.where}))
            private = await reader.read(server.url("/a/private"), trusted=True)
            closed = await reader.read(server.url("/closed"), trusted=True)
            first_day = [request.split()[1] for request in server.requests]
            clock.time += timedelta(days=1)
            await reader.read(server.url("/a/private"), trusted=True)
    assert private == NoPage(reason="the outlet's robots.txt closes the page to us", final=True)
    assert isinstance(closed, PageText), "the group that names us is the one that counts"
    assert first_day == ["/robots.txt", "/.well-known/tdmrep.json", "/closed"]
    assert len(server.requests) == 5


@pytest.mark.parametrize(
    ("rules", "seconds"),
    [
        (b"User-agent: *\nCrawl-delay: 9\n", 9),
        (b"User-agent: *\nCrawl-delay: 9\n\nUser-agent: slugline\nCrawl-delay: 2.5\n", 2.5),
        (b"User-agent: *\nRequest-rate: 1/20s\n", 20),
        (b"User-agent: *\nCrawl-delay: 86400\n", 60),
        (b"User-agent: *\nCrawl-delay: nan\n", 1),
        (b"User-agent: *\nCrawl-delay: -5\n", 1),
        (b"User-agent: other\nCrawl-delay: 9\n", 1),
    ],
)
async def test_the_pace_robots_txt_asks_for_is_kept_by_pages_and_feeds(
    crew: Crew, rules: bytes, seconds: float
) -> None:
    """From the very next request on, within a minute."""
    clock, time = FixedClock(), Time()
    visits: list[float] = []

    def noted(body: bytes, **headers: str) -> Talk:
        async def talk(writer: StreamWriter) -> None:
            visits.append(time.now)
            writer.write(answer(body, headers={name.replace("_", "-"): value for name, value in headers.items()}))

        return talk

    async with serving(page=noted(page(), content_type=HTML["Content-Type"]), feed=noted(b"<rss/>")) as server:
        server.answers |= {"/robots.txt": noted(rules), "/.well-known/tdmrep.json": noted(b"[]")}
        gate = HostGate(timedelta(seconds=1), monotonic=time.monotonic, sleep=time.sleep)
        async with Fetcher(clock, gate=gate) as fetcher:
            allow = frozenset({server.where})
            reader = WebPageReader(fetcher, crew, clock, allow=allow)
            assert isinstance(await reader.read(server.url("/page"), trusted=True), PageText)
            await fetcher.fetch(server.url("/feed"), allow=allow)
    assert visits == pytest.approx([100 + seconds * number for number in range(4)])


async def test_a_host_that_wants_rest_is_not_asked_for_its_robots_txt_and_says_when(crew: Crew) -> None:
    clock, time = FixedClock(), Time()
    async with serving(page=answer(page(), headers=HTML)) as server:
        gate = HostGate(timedelta(0), monotonic=time.monotonic, sleep=time.sleep)
        gate.close(server.where, timedelta(minutes=5), "resting", down=False)
        async with Fetcher(clock, gate=gate) as fetcher:
            reader = WebPageReader(fetcher, crew, clock, allow=frozenset({server.where}))
            first = await reader.read(server.url("/page"), trusted=True)
            assert server.requests == []
            time.now += 300
            clock.time += timedelta(minutes=5)
            second = await reader.read(server.url("/page"), trusted=True)
    assert isinstance(first, NoPage)
    assert (first.final, first.rest) == (False, timedelta(minutes=5))
    assert isinstance(second, PageText)


async def test_robots_txt_that_cannot_be_read_closes_the_host_for_now(crew: Crew) -> None:
    async with serving(page=answer(page(), headers=HTML)) as server:
        server.answers["/robots.txt"] = answer(status="500 Oh")
        result = await read(crew, server)
    assert result == NoPage(reason="the outlet's robots.txt cannot be read now", final=False)
    assert len(server.requests) == 1


async def test_a_huge_robots_txt_is_read_as_far_as_the_limit(crew: Crew) -> None:
    rules = b"User-agent: *\nDisallow: /page\n" + b"# padding\n" * 200_000
    async with serving(page=answer(page(), headers=HTML)) as server:
        server.answers["/robots.txt"] = answer(rules)
        assert await read(crew, server) == NoPage(reason="the outlet's robots.txt closes the page to us", final=True)


async def test_robots_txt_may_redirect_but_not_into_a_private_network(crew: Crew) -> None:
    async with serving(page=answer(page(), headers=HTML)) as server:
        server.answers["/robots.txt"] = redirect("http://169.254.169.254/robots.txt")
        result = await read(crew, server)
    assert result == NoPage(reason="the address leads into a private network", final=False)


@pytest.mark.parametrize(
    "headers",
    [
        {"X-Robots-Tag": "noai, noimageai"},
        {"X-Robots-Tag": "NOINDEX"},
        {"X-Robots-Tag": "unavailable_after: 25 Jun 2026 15:00:00 PST, noindex"},
        {"X-Robots-Tag": "otherbot: nofollow\r\nX-Robots-Tag: slugline: none"},
        {"TDM-Reservation": "1"},
    ],
)
async def test_a_reservation_in_the_headers_is_honoured(crew: Crew, headers: dict[str, str]) -> None:
    async with serving(page=answer(page(), headers=HTML | headers)) as server:
        result = await read(crew, server)
    assert isinstance(result, Reserved)
    assert result.reason.startswith("the outlet ")


@pytest.mark.parametrize(
    "headers",
    [
        {"X-Robots-Tag": "otherbot: noindex, noai"},
        {"X-Robots-Tag": "noimageai, max-snippet:50"},
        {"TDM-Reservation": "0"},
    ],
)
async def test_what_speaks_to_others_or_of_other_things_stops_nobody(crew: Crew, headers: dict[str, str]) -> None:
    async with serving(page=answer(page(), headers=HTML | headers)) as server:
        assert isinstance(await read(crew, server), PageText)


@pytest.mark.parametrize(
    "meta",
    [
        '<meta name="robots" content="noai">',
        '<META NAME="ROBOTS" CONTENT="index, NoIndex">',
        '<meta name=slugline content="none">',
        '<meta name="tdm-reservation" content="1">',
    ],
)
async def test_a_reservation_in_the_page_is_honoured(crew: Crew, meta: str) -> None:
    async with serving(page=answer(page(meta), headers=HTML)) as server:
        result = await read(crew, server)
    assert isinstance(result, Reserved)
    assert result.reason.startswith("the outlet ")


async def test_a_reservation_at_the_well_known_place_is_honoured(crew: Crew) -> None:
    rules = b'[{"location": "/free/*", "tdm-reservation": 0}, {"location": "/p*e$", "tdm-reservation": 1}]'
    async with serving(page=answer(page(), headers=HTML), other=answer(page(), headers=HTML)) as server:
        server.answers["/.well-known/tdmrep.json"] = answer(rules)
        reserved = await read(crew, server)
        free = await read(crew, server, "/other")
    assert reserved == Reserved(reason="the outlet reserves its page from text and data mining")
    assert isinstance(free, PageText)


# --- hostile pages ------------------------------------------------------------------------------------------

HOSTILE = {
    "nested 100,000 deep": b"<div>" * 100_000 + b"x",
    "inline nested 100,000 deep": b"<p>" + b"<b>" * 100_000 + b"x",
    "tables nested 20,000 deep": b"<table><tr><td>" * 20_000 + b"x",
    "200,000 attributes": b"<p " + b" ".join(b"a%d=1" % n for n in range(200_000)) + b">x</p>",
    "an attribute of 1 MB": b"<p title='" + b"x" * 1_000_000 + b"'>x</p>",
    "nothing but NULs": b"\0" * 100_000,
    "random bytes": bytes(range(256)) * 500,
    "an entity bomb": b'<!DOCTYPE html [<!ENTITY a "' + b"x" * 1000 + b'"><!ENTITY b "&a;&a;&a;&a;">]><p>&b;&b;</p>',
    "lone surrogates": b"<p>" + b"\xed\xa0\x80" * 1000,
    "an unclosed comment": b"<!--" + b"-" * 500_000,
    "empty": b"",
}


@pytest.mark.parametrize("body", HOSTILE.values(), ids=HOSTILE.keys())
async def test_a_hostile_page_is_no_page_and_the_next_one_is_read(crew: Crew, body: bytes) -> None:
    async with serving(page=answer(page(), headers=HTML), evil=answer(body, headers=HTML)) as server:
        evil = await read(crew, server, "/evil")
        good = await read(crew, server)
    assert isinstance(evil, NoPage)
    assert isinstance(good, PageText)


async def test_a_page_over_the_limit_is_refused(crew: Crew) -> None:
    async with serving(page=answer(page() + b"<!-- " + b"x" * 2_000_000, headers=HTML)) as server:
        assert await read(crew, server) == NoPage(reason="the answer is larger than 2 MB", final=False)
