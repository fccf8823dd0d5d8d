"""The sample week through the whole house: real server, real database, real model, as `slugline demo` walks it.

How well stories are joined is held to a level and not to perfection: the week's saga and its look-alike stories are
hard on purpose. What no reader may ever see is held exactly.
"""

from __future__ import annotations

import asyncio
import io
import itertools
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pytest
from rich.console import Console

from adapters.clock import SystemClock
from adapters.sample import SampleServer, sample_week, serve_sample
from adapters.sample.feed import feed_path
from bot.app.ports import Stage
from bot.app.setup import settle_in
from bot.cli.house import House, open_house
from bot.core.article import Article
from bot.core.community import LOCAL
from bot.core.sample import WEEK, Correction, Retraction, print_week
from bot.core.story import Coverage
from bot.settings import Settings

pytestmark = pytest.mark.slow

JOINED = 0.85
"""Least F1 over pairs of articles that are in one story, of the articles that came through the gate."""

week = sample_week()
truth = {article.path: article for article in print_week(week, SystemClock().now())}


@dataclass(frozen=True, slots=True, kw_only=True)
class Walked:
    """What was there after the second edition. `first` and `second` count the requests of either pass, by path."""

    stories: tuple[Coverage, ...]
    first: Counter[str]
    second: Counter[str]
    digest: str


@pytest.fixture(scope="module")
def walked(tmp_path_factory: pytest.TempPathFactory) -> Walked:
    return asyncio.run(walk(tmp_path_factory.mktemp("demo")))


async def walk(folder: Path) -> Walked:
    out = io.StringIO()
    clock = SystemClock()
    began = clock.now()
    async with serve_sample(week, began) as server:
        host, _, port = server.address.partition(":")
        settings = Settings(data_dir=folder, allow_hosts=frozenset({(host, int(port))}))
        async with open_house(settings, out=Console(file=out, width=100, force_terminal=False)) as house:
            schedule = await settle_in(house.database, server.feeds(), clock, "UTC")
            first = await one_pass(house, server)
            server.publish_second_edition()
            async with house.database.begin() as tx:
                await tx.tasks.put(Stage.POLL, [feed.id for feed in await tx.feeds.visible(LOCAL)], None)
            second = await one_pass(house, server)
            await house.compose.now(schedule)
            await house.loops().once()
            async with house.database.read() as tx:
                stories = tuple(await tx.stories.window(began - WEEK))
    return Walked(stories=stories, first=first, second=second, digest=out.getvalue())


async def one_pass(house: House, server: SampleServer) -> Counter[str]:
    server.requests.clear()
    await house.loops().once()
    return Counter(server.requests)


def path(article: Article) -> str:
    return "/" + article.url.split("/", 3)[3]


def articles(walked: Walked) -> dict[str, Article]:
    return {path(member.article): member.article for story in walked.stories for member in story.members}


def pairs(groups: list[list[str]]) -> set[tuple[str, str]]:
    return {pair for group in groups for pair in itertools.combinations(sorted(group), 2)}


def test_articles_of_one_event_are_one_story(walked: Walked) -> None:
    found = [[path(member.article) for member in story.members] for story in walked.stories]
    held = set().union(*found)
    told: dict[str, list[str]] = {}
    for where in held:
        told.setdefault(truth[where].story, []).append(where)
    mine, right = pairs(found), pairs(list(told.values()))
    f1 = 2 * len(mine & right) / (len(mine) + len(right))
    assert f1 >= JOINED, f"pair F1 {f1:.3f}; wrongly together: {sorted(mine - right)}; apart: {sorted(right - mine)}"


def test_every_relevant_event_told_by_several_is_held_and_relevant(walked: Walked) -> None:
    held = {truth[path(m.article)].story for story in walked.stories if story.story.relevant for m in story.members}
    several = {story.key for story in week.stories if story.relevant and len(story.articles) > 1}
    assert several <= held


def test_no_noise_is_about_ai_and_work(walked: Walked) -> None:
    for story in walked.stories:
        if story.story.relevant:
            assert any(truth[path(member.article)].relevant for member in story.members), story.members[0].article.title


def test_nothing_of_the_noise_reaches_the_digest(walked: Walked) -> None:
    assert "In this digest" in walked.digest
    for article in truth.values():
        if not article.relevant:
            assert article.title not in " ".join(walked.digest.split())


def test_the_correction_is_a_revision_and_the_retraction_a_withdrawal(walked: Walked) -> None:
    held = articles(walked)
    for story in week.stories:
        for article in story.articles:
            stored = held.get(f"/{article.outlet}/{article.slug}")
            match article.change:
                case None:
                    assert stored is None or stored.withdrawn is None
                case Correction(was=was, now=now):
                    assert stored is not None
                    assert was not in stored.title
                    assert now in stored.title
                    assert was not in stored.text
                    assert now in stored.content  # its page was read anew
                    assert stored.revision > 1
                case Retraction():
                    assert stored is None or stored.withdrawn is not None
                    assert article.title not in " ".join(walked.digest.split())


def test_pages_that_are_reserved_or_paywalled_are_never_fetched(walked: Walked) -> None:
    asked = walked.first + walked.second
    for outlet in week.outlets:
        pages = [where for where in asked if where.startswith(f"/{outlet.slug}/") and where != feed_path(outlet)]
        withheld = outlet.noai or outlet.outlet.paywalled
        # A French page is of no use to an English desk: whether it is read is no matter here.
        if withheld or outlet.full or outlet.language == "en":
            assert bool(pages) is not (withheld or outlet.full), outlet.slug


def test_pages_are_read_once_and_again_only_where_they_changed(walked: Walked) -> None:
    feeds = {feed_path(outlet) for outlet in week.outlets}
    changed = {f"/{a.outlet}/{a.slug}" for story in week.stories for a in story.articles if a.change}
    assert all(walked.first[feed] == walked.second[feed] == 1 for feed in feeds)
    assert all(walked.first[where] <= 1 for where in truth)
    assert {where for where in walked.second if where in truth} <= changed


def test_every_sentence_of_the_digest_leads_to_its_source_and_hostile_text_is_inert(walked: Walked) -> None:
    assert "[1]" in walked.digest
    assert "@everyone" not in walked.digest
    assert "No text was sent anywhere" in " ".join(walked.digest.split())
