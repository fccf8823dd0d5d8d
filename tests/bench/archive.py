"""A large archive, invented: two years of articles in a SQLite file, as `slugline run` would have left it.

Titles of about 70 characters, teasers of 300, and for every tenth article 3,000 characters of content, in words that
follow Zipf's law, three in a hundred of them words of the trade. Of the articles 2 % are in stories about AI and work,
18 % in other stories, and 80 % were set aside by the gate. Every story about AI and work has its analysis stored, as
the analyse stage leaves it, for whoever sees all of its articles; tracked items come with it.

The file is built once into the system's temporary folder, named for `VERSION`, the schema and the size; the rows
go in without the triggers, and the full-text index is rebuilt at the end. `opened` works on a copy.
"""

from __future__ import annotations

import asyncio
import json
import shutil
import sqlite3
import tempfile
import time
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np

from adapters.storage import SqlDatabase, open_database
from adapters.storage.types import microseconds
from bot.app.analyses import DEFAULT_ENGINE, analysis_key
from bot.core import strings
from bot.core.analysis import (
    Analysis,
    Claim,
    Disclosure,
    Evidence,
    EvidenceId,
    Outlook,
    Paragraph,
    Perspective,
    Side,
    Source,
)
from bot.core.catalogue import Desk
from bot.core.community import COMMON, CommunityId
from bot.core.desk.taste import Opinion
from bot.core.desk.tracking import NewTrackedItem
from bot.core.feed import FeedId, NewFeed, Outlet
from bot.core.story import Coverage, StoryId
from tests.bench.vocabulary import TRADE, english, names
from tests.factories import new_community

VERSION = 1
NEWEST = datetime(2026, 11, 1, 12, tzinfo=UTC)
SPAN = timedelta(days=730)
"""Of a million articles; of fewer, as much less, so that a day has as many."""
FEEDS = 150
OUTLETS = 120
RELEVANT, OTHER = 0.02, 0.18
"""Of all articles: in stories about AI and work, and in other stories."""
CHUNK = 10_000
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

ALL = CommunityId("discord:all")
"""Chose nothing away."""
HIDING = CommunityId("discord:hiding")
"""Hides five outlets, among them the one that publishes most."""
CHOOSY = CommunityId("discord:choosy")
"""Four of nine desks are off, with a feed of one of them on and two others off; it has spoken of 40 stories."""
PRIVATE = CommunityId("slack:private")
"""Has a feed of its own, which a hundredth of all articles is from."""
COMMUNITIES = (ALL, HIDING, CHOOSY, PRIVATE)

_TABLES = ("articles", "article_keys", "article_feeds", "article_vectors", "stories", "story_articles")


@dataclass(frozen=True, slots=True)
class Archive:
    """`built` is how long that took, None where it was there already."""

    path: Path
    articles: int
    built: timedelta | None


def archive(count: int) -> Archive:
    """The file with that many articles: there already, or built now."""
    folder = Path(tempfile.gettempdir()) / "slugline-bench"
    paths = [folder / f"archive-{VERSION}-{schema}-{count}.sqlite3" for schema in _schemas()]
    for path in reversed(paths):
        if path.exists():
            return Archive(path, count, None)
    folder.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder) as new:
        start = time.perf_counter()
        asyncio.run(_build(Path(new) / "archive.sqlite3", count))
        built = timedelta(seconds=time.perf_counter() - start)
        (Path(new) / "archive.sqlite3").rename(paths[-1])
    return Archive(paths[-1], count, built)


def _schemas() -> Sequence[str]:
    """What each migration left, the last one last: an archive of any of them can be brought up to date."""
    written = blake2b(digest_size=6)
    schemas: list[str] = []
    for migration in sorted(Path(str(files("adapters.storage"))).glob("migrations/versions/[0-9]*.py")):
        written.update(migration.read_bytes())
        schemas.append(written.hexdigest())
    return schemas


@asynccontextmanager
async def opened(kept: Archive) -> AsyncIterator[tuple[SqlDatabase, Path]]:
    """A copy of it to work on, and where that is."""
    with tempfile.TemporaryDirectory(dir=kept.path.parent) as folder:
        path = Path(folder) / "archive.sqlite3"
        await asyncio.to_thread(shutil.copyfile, kept.path, path)
        async with open_database(f"sqlite+aiosqlite:///{path}") as database:
            yield database, path


# --- building -----------------------------------------------------------------------------------------------


async def _build(path: Path, count: int) -> None:
    async with open_database(f"sqlite+aiosqlite:///{path}") as database:
        feeds = await _feeds(database)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute("PRAGMA cache_size = -200000")
        triggers = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for name, _ in triggers:
            connection.execute(f"DROP TRIGGER {name}")
        _fill(connection, count, feeds)
        connection.execute("INSERT INTO article_words (article_words) VALUES ('rebuild')")
        for _, sql in triggers:
            connection.execute(sql)
        connection.commit()
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    async with open_database(f"sqlite+aiosqlite:///{path}") as database:
        await _explain(database)
        await _choose(database, feeds)


async def _feeds(database: SqlDatabase) -> Sequence[FeedId]:
    """The last one is private."""
    desks = list(Desk)
    async with database.begin() as tx:
        for community in COMMUNITIES:
            await tx.communities.ensure(new_community(community))
        found = [
            (
                await tx.feeds.add(
                    NewFeed(
                        url=f"https://outlet{number % OUTLETS}.example/feed{number}.xml",
                        outlet=outlet(number),
                        desk=desks[number % len(desks)],
                        owner=PRIVATE if number == FEEDS else COMMON,
                    ),
                    visited=False,
                )
            )[0]
            for number in range(FEEDS + 1)
        ]
    return found


def outlet(feed: int) -> Outlet:
    return Outlet(name=f"The {names()[feed % OUTLETS].capitalize()} Post", owner=None)


def _span(count: int) -> timedelta:
    return SPAN * (count / 1_000_000)


def _fill(connection: sqlite3.Connection, count: int, feeds: Sequence[FeedId]) -> None:
    chance = np.random.default_rng(5)
    seen = np.sort(chance.random(count)) * _span(count).total_seconds()
    # A feed that publishes much is read from as much; every hundredth article is the private one's.
    weights = 1 / np.arange(3, FEEDS + 3)
    of_feed = chance.choice(FEEDS, size=count, p=weights / weights.sum())
    of_feed[chance.random(count) < 0.01] = FEEDS
    stories = _stories(connection, chance, count, seen, of_feed)
    vectors = chance.normal(size=(500, 384))
    packed = [row.astype("<f2").tobytes() for row in vectors / np.linalg.norm(vectors, axis=1, keepdims=True)]
    texts_ = texts(chance, count, stories)
    keys: list[tuple[str, str, int]] = []
    start = NEWEST - _span(count)
    for first in range(0, count, CHUNK):
        rows: list[dict[str, Any]] = []
        for number in range(first, min(first + CHUNK, count)):
            title, summary, content = next(texts_)
            feed = int(of_feed[number])
            owner = PRIVATE if feed == FEEDS else ""
            url = f"https://outlet{feed % OUTLETS}.example/news/{number}"
            own = [f"url:{number * 7_919 % 2**31:08x}{number:08x}", f"guid:{number * 104_729 % 2**31:08x}{number:08x}"]
            keys += [(owner, key, number + 1) for key in own]
            at = start + timedelta(seconds=float(seen[number]))
            late = timedelta(seconds=min(float(chance.exponential(7_200)), 259_200))
            theme = stories.get(number)
            rows.append(
                {
                    "id": number + 1,
                    "owner": owner,
                    "feed": feeds[feed],
                    "published": _micro(at - late),
                    "dated": True,
                    "first_seen": _micro(at),
                    "revision": 1,
                    "set_aside": None if theme else strings.judging.OFF_TOPIC,
                    "relevance": None if theme is None else 0.9 if theme.relevant else 0.1,
                    "mentions_ai": theme is not None,
                    "body_source": "feed" if content else "teaser",
                    "language": "en",
                    "outlet_name": outlet(feed).name,
                    "identities": json.dumps(own),
                    "url": url,
                    "title": title,
                    "authors": "[]",
                    "reasons": "[]",
                    "summary": summary,
                    "content": content,
                }
            )
        _insert(connection, "articles", rows)
        links = [(row["id"], row["feed"]) for row in rows]
        connection.executemany("INSERT INTO article_feeds (article, feed) VALUES (?, ?)", links)
        scored = [(row["id"], packed[row["id"] % len(packed)]) for row in rows if row["relevance"] is not None]
        connection.executemany("INSERT INTO article_vectors (article, vector) VALUES (?, ?)", scored)
    keys.sort()
    connection.executemany("INSERT INTO article_keys (owner, key, article) VALUES (?, ?, ?)", keys)
    connection.execute("UPDATE sqlite_sequence SET seq = ? WHERE name = 'articles'", (count,))


@dataclass(frozen=True, slots=True)
class _Theme:
    """What a story's articles have in common."""

    story: int
    relevant: bool
    words: tuple[str, ...]


def _stories(
    connection: sqlite3.Connection,
    chance: np.random.Generator,
    count: int,
    seen: np.ndarray[Any, Any],
    of_feed: np.ndarray[Any, Any],
) -> Mapping[int, _Theme]:
    """The theme of each article that is in a story. Articles of a story follow each other within a day or so; those of
    the private feed are in none."""
    draw = chance.random(count)
    common = of_feed != FEEDS
    themes: dict[int, _Theme] = {}
    told: list[dict[str, Any]] = []
    places: list[tuple[int, int]] = []
    start = NEWEST - _span(count)
    everyday = english()[200:9000]
    for relevant, chosen in (
        (True, np.flatnonzero(common & (draw < RELEVANT))),
        (False, np.flatnonzero(common & (draw >= RELEVANT) & (draw < RELEVANT + OTHER))),
    ):
        mixed = chosen[np.argsort(np.arange(len(chosen)) + chance.uniform(0, 24 if relevant else 200, len(chosen)))]
        at = 0
        while at < len(mixed):
            size = int(chance.integers(1, 9)) if relevant else int(chance.integers(1, 4))
            members = sorted(int(number) for number in mixed[at : at + size])
            at += size
            subjects = TRADE if relevant else everyday
            words = (
                names()[chance.integers(len(names()))].capitalize(),
                *(subjects[number] for number in chance.integers(len(subjects), size=3)),
            )
            story = len(told) + 1
            theme = _Theme(story, relevant, words)
            themes |= dict.fromkeys(members, theme)
            places += [(number + 1, story) for number in members]
            told.append(
                {
                    "id": story,
                    "owner": "",
                    "version": len(members),
                    "relevance": 0.9 if relevant else 0.1,
                    "relevant": relevant,
                    "first_seen": _micro(start + timedelta(seconds=float(seen[members[0]]))),
                    "last_updated": _micro(start + timedelta(seconds=float(seen[members[-1]]))),
                }
            )
    _insert(connection, "stories", told)
    places.sort()
    connection.execute("PRAGMA foreign_keys = OFF")
    connection.executemany("INSERT INTO story_articles (article, story) VALUES (?, ?)", places)
    return themes


NO_STORIES: Mapping[int, _Theme] = {}


def texts(
    chance: np.random.Generator, count: int, stories: Mapping[int, _Theme] = NO_STORIES
) -> Iterator[tuple[str, str, str]]:
    """Title, teaser and content of each article in turn; a story's theme is in its titles and teasers."""
    everyday = [*english(), *names()]
    words = np.array([*everyday, *TRADE], dtype=object)
    weights = np.concatenate(
        [
            _zipf(len(everyday)) * 0.97,
            _zipf(len(TRADE)) * 0.03,
        ]
    )
    cumulative = np.cumsum(weights / weights.sum())
    for first in range(0, count, CHUNK):
        size = min(CHUNK, count - first)
        titles, teasers = chance.integers(9, 15, size), chance.integers(40, 64, size)
        contents = np.where(chance.random(size) < 0.1, chance.integers(400, 640, size), 0)
        total = int((titles + teasers + contents).sum())
        drawn = words[np.minimum(np.searchsorted(cumulative, chance.random(total)), len(words) - 1)].tolist()
        at = 0
        for place in range(size):
            parts: list[list[str]] = []
            for length in (titles[place], teasers[place], contents[place]):
                parts.append(drawn[at : at + length])
                at += length
            title, teaser, content = parts
            theme = stories.get(first + place)
            if theme is not None:
                title[2:8:2] = theme.words[:3]
                teaser[3:35:8] = theme.words
            yield " ".join(title).capitalize(), _sentences(teaser), _sentences(content)


def _zipf(count: int) -> np.ndarray[Any, Any]:
    weights = 1 / np.arange(1, count + 1)
    shares: np.ndarray[Any, Any] = weights / weights.sum()
    return shares


def _sentences(words: Sequence[str]) -> str:
    return " ".join(" ".join(words[at : at + 17]).capitalize() + "." for at in range(0, len(words), 17))


def _insert(connection: sqlite3.Connection, table: str, rows: Sequence[Mapping[str, Any]]) -> None:
    if not rows:
        return
    columns = list(rows[0])
    places = ", ".join(f":{column}" for column in columns)
    connection.executemany(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({places})", rows)


def _micro(moment: datetime) -> int:
    return microseconds(moment - EPOCH)


async def _explain(database: SqlDatabase) -> None:
    """An analysis for every story about AI and work, and what it says to watch."""
    step = timedelta(days=30)
    since = NEWEST - SPAN - step
    done: set[StoryId] = set()
    while since < NEWEST + step:
        async with database.begin() as tx:
            for coverage in await tx.stories.published(COMMON, since, since + step):
                if coverage.story.id in done:
                    continue
                done.add(coverage.story.id)
                made = _analysis(coverage)
                await tx.analyses.put(COMMON, analysis_key(coverage, DEFAULT_ENGINE), made)
                await tx.tracked.add(COMMON, _tracked(coverage, made))
        since += step


def _analysis(coverage: Coverage) -> Analysis:
    """Sixteen sentences of its articles, cited."""
    members = [member.article for member in coverage.members]
    sentences = [
        (article.id, f"{sentence}.") for article in members for sentence in article.summary.rstrip(".").split(". ")
    ] * 16
    evidence = tuple(
        Evidence(id=EvidenceId(number), article=article, sentence=sentence)
        for number, (article, sentence) in enumerate(sentences[:16], 1)
    )
    claims = [Claim(text=one.sentence, evidence=(one.id,)) for one in evidence]
    return Analysis(
        story=coverage.story.id,
        version=coverage.story.version,
        headline=members[0].title[:110],
        deck=claims[0],
        first_seen=coverage.story.first_seen,
        last_updated=coverage.story.last_updated,
        told=tuple(Paragraph(claims=(claim,)) for claim in claims[1:6]),
        why=(claims[6],),
        background=(Paragraph(claims=(claims[7],)),),
        perspectives=tuple(
            Perspective(side=side, speaker=None, claim=claim)
            for side, claim in zip(list(Side)[:5], claims[8:13], strict=True)
        ),
        not_heard=tuple(list(Side)[5:]),
        watch=tuple(Outlook(claim=claim, due=_due(coverage)) for claim in claims[13:]),
        sources=tuple(
            Source(
                article=article.id,
                outlet=article.outlet.name,
                owner=None,
                title=article.title,
                url=article.url,
                published=article.published,
            )
            for article in members
        ),
        evidence=evidence,
        disclosure=Disclosure(engine=DEFAULT_ENGINE),
    )


def _due(coverage: Coverage) -> Any:
    return (coverage.story.first_seen + timedelta(days=coverage.story.id % 90)).date()


def _tracked(coverage: Coverage, analysis: Analysis) -> list[NewTrackedItem]:
    return [
        NewTrackedItem(
            story=coverage.story.id,
            owner=COMMON,
            claim=outlook.claim.text,
            article=coverage.members[0].article.id,
            sentence=outlook.claim.text,
            due=outlook.due,
            since=coverage.story.first_seen,
            heard=coverage.story.last_updated,
        )
        for outlook in analysis.watch
    ]


async def _choose(database: SqlDatabase, feeds: Sequence[FeedId]) -> None:
    desks = list(Desk)
    async with database.begin() as tx:
        for number in (0, 7, 14, 21, 28):
            await tx.preferences.show_outlet(HIDING, outlet(number).name, shown=False)
        for desk in desks[:4]:
            await tx.preferences.switch_desk(CHOOSY, desk, on=False)
        await tx.preferences.switch_feed(CHOOSY, feeds[1], on=True)
        for number in (4, 5):
            await tx.preferences.switch_feed(CHOOSY, feeds[number], on=False)
        recent = await tx.stories.published(COMMON, NEWEST - timedelta(days=30), NEWEST)
        for number, coverage in enumerate(recent[:40]):
            await tx.feedback.say(
                CHOOSY,
                Opinion(
                    story=coverage.story.id,
                    relevant=number % 3 == 0,
                    relevance=0.9,
                    terms=(TRADE[number % len(TRADE)].lower(),),
                    at=NEWEST,
                ),
            )
