"""Asking a large archive: `search`, `digest`, `story` and the completion of story names over a million articles on
SQLite, while more of them arrive at fifty a second.

Members of four communities (`archive.py`: one hides outlets, one has desks off, one has a feed of its own) ask one
after the other, through the command desk; what is measured is the time until the answer's document is there. What
arrives comes through the poll stage: feeds fall due, are claimed, visited (by a fake that hands over three new entries
and up to 27 known ones), identified and stored, and their next visit is set. Fetching, parsing and the stages after
polling are left out, so the stories stay as they are.

**What is stored beforehand.** `digest` and `story` tell stored analyses. Each question is therefore asked once before
it is measured: whoever asks first about a story that changed, or that their community sees less of than others do,
waits for it to be analysed (`python -m tests.bench analysis` says how long that takes).

**Warm and cold.** The measured questions find much of the file in the system's memory, as on a machine that serves all
day. The cold ones are each asked over fresh connections after the file was dropped from it, with nothing arriving.

Peers over the same file and words: FTS5's own `ORDER BY rank`, and LIKE. Options: `articles=50000`, `asks=100` (of
each command), `peer=no`, `cold=no`.
"""

from __future__ import annotations

import asyncio
import gc
import logging
import os
import random
import sqlite3
import time
from collections import defaultdict, deque
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from itertools import count
from pathlib import Path
from statistics import median

import numpy as np
import structlog

from adapters.storage import SqlDatabase, open_database
from bot.app.ports import Stage
from bot.app.work import Worker
from bot.core import strings
from bot.core.command.invocation import Invocation, invocation
from bot.core.community import COMMON, CommunityId
from bot.core.feed import Entry, FeedId
from bot.core.message.document import Reply
from bot.core.story import Coverage
from tests.app.conversation import ANN, Conversation, converse
from tests.app.newsroom import Newsroom
from tests.bench.archive import COMMUNITIES, NEWEST, Archive, archive, opened, outlet, texts
from tests.bench.vocabulary import TRADE, english, names
from tests.quality.report import Goal, Report, Table

ARTICLES = 1_000_000
ASKS = 300
A_SECOND = 50
"""Articles that arrive."""
A_VISIT = 3
"""Of them, new in a feed that is visited."""
LISTED = 30
"""Entries of a feed."""
EVERY = 0.25
"""Seconds between the moments at which feeds fall due."""
COLD = 10
"""Questions of each command that are asked cold."""
RANKED, LIKED = 16, 8
"""Questions that the peers answer."""
LATE = {"search": 150, "digest": 150, "story": 150, "completion": 300}
"""ms that ninety-nine of a hundred answers may take."""


def measure(options: Mapping[str, str]) -> Report:
    kept = archive(int(options.get("articles", ARTICLES)))
    cold, peer = options.get("cold") != "no", options.get("peer") != "no"
    logs = structlog.get_config()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    try:
        return asyncio.run(_measure(kept, int(options.get("asks", ASKS)), cold=cold, peer=peer))
    finally:
        structlog.configure(**logs)


@dataclass(frozen=True, slots=True)
class _Question:
    """`said` is a command, or what was typed of a story's name. Its `form` says what is special about it."""

    command: str
    form: str
    community: CommunityId
    said: Invocation | str


class _Times:
    """Milliseconds, by command and form."""

    def __init__(self) -> None:
        self._taken: defaultdict[tuple[str, str], list[float]] = defaultdict(list)

    def note(self, question: _Question, seconds: float) -> None:
        self._taken[question.command, question.form].append(seconds * 1_000)

    def of(self, command: str, form: str | None = None) -> list[float]:
        """In ascending order; of all its forms where none is given."""
        return sorted(one for key, taken in self._taken.items() for one in taken if key == (command, form or key[1]))

    def late(self, command: str, form: str | None = None) -> float:
        """Ninety-nine of a hundred took no longer."""
        times = self.of(command, form)
        return times[len(times) * 99 // 100]


async def _measure(kept: Archive, asks: int, *, cold: bool, peer: bool) -> Report:
    first, warm, chilled = _Times(), _Times(), _Times()
    async with opened(kept) as (database, path):
        newsroom = Newsroom(database)
        newsroom.clock.time = NEWEST
        room = {community: await converse(newsroom, community) for community in COMMUNITIES}
        questions = await _questions(database, asks)
        gc.freeze()  # as the house does
        await _ask(room, questions, first)
        arrivals = _Arrivals(newsroom, kept.articles)
        await arrivals.open()
        arriving = asyncio.create_task(arrivals.go_on())
        await _ask(room, questions, warm)
        arrived = arrivals.a_second
        arriving.cancel()
        await asyncio.gather(arriving, return_exceptions=True)
        if cold:
            await _ask_cold(path, questions, chilled)
        peers = await asyncio.to_thread(_ask_peers, path, questions) if peer else {}
    figures = {f"{command}_p99_ms": warm.late(command) for command in _FORMS}
    if cold:
        figures |= {f"{command}_cold_ms": median(chilled.of(command)) for command in LATE}
    figures |= {f"{name}_p99_ms": times.late("search") for name, times in peers.items()}
    figures["arrived_a_second"] = arrived
    if kept.built is not None:
        figures["built_s"] = kept.built.total_seconds()
    goals = [Goal(figure=f"{command}_p99_ms", value=most, at_most=True) for command, most in LATE.items()]
    goals.append(Goal(figure="arrived_a_second", value=0.95 * A_SECOND))
    tables = [_table(kept, first, warm, chilled)]
    if peers:
        tables.append(_peer_table({"Slugline": warm, **peers}))
    return Report(name="search", tables=tables, figures=figures, goals=goals)


# --- what is asked ------------------------------------------------------------------------------------------


def _common(chance: random.Random) -> str:
    """One that hundreds of thousands of articles have."""
    return chance.choice((*TRADE[:6], *english()[:6], *english()[30:40]))


def _word(chance: random.Random) -> str:
    """Of the trade, or everyday and not the very commonest."""
    return chance.choice(TRADE) if chance.random() < 0.6 else english()[int(100 * 80 ** chance.random())]


def _search(words: str, **more: str) -> Invocation:
    return invocation("search", words=words, **more)


def _beginning(chance: random.Random, story: Coverage) -> str:
    """Of a word or three of a title, the last one not finished."""
    words = story.members[0].article.title.split()
    at = chance.randrange(len(words) - 2)
    *whole, last = words[at : at + chance.randint(1, 3)]
    return " ".join([*whole, last[: chance.randint(2, 5)]])


def _subject(story: Coverage) -> str:
    """The words of a title that tell it from others."""
    return " ".join(story.members[0].article.title.split()[2:8:2])


_FORMS: Mapping[str, Mapping[str, Callable[[random.Random, Coverage], Invocation | str]]] = {
    "search": {
        "a word that most have": lambda chance, _: _search(_common(chance)),
        "a word": lambda chance, _: _search(_word(chance)),
        "two words": lambda chance, _: _search(f"{_word(chance)} {_word(chance)}"),
        "three common words": lambda chance, _: _search(" ".join(_common(chance) for _ in range(3))),
        "a phrase": lambda chance, story: _search(f'"{" ".join(story.members[0].article.summary.split()[3:6])}"'),
        "a name": lambda chance, _: _search(chance.choice(names())),
        "two that never meet": lambda chance, _: _search(f"{chance.choice(names())} {chance.choice(TRADE)}"),
        "since:7d": lambda chance, _: _search(_word(chance), since="7d"),
        "since:365d": lambda chance, _: _search(_common(chance), since="365d"),
        "since:30d, rare": lambda chance, _: _search(chance.choice(names()), since="30d"),
        "outlet:": lambda chance, _: _search(_word(chance), outlet=outlet(chance.randrange(60)).name),
        "outlet:, common": lambda chance, _: _search(_common(chance), outlet=outlet(100 + chance.randrange(20)).name),
    },
    "digest": {
        "of 3 days": lambda chance, _: invocation("digest"),
        "since:1d": lambda chance, _: invocation("digest", since="1d"),
        "since:7d": lambda chance, _: invocation("digest", since="7d"),
        "since:30d": lambda chance, _: invocation("digest", since="30d"),
        "on a topic, 14d": lambda chance, _: invocation("digest", topic=TRADE[chance.randrange(9)], since="14d"),
    },
    "story": {
        "by number": lambda chance, story: invocation("story", story=str(story.story.id)),
        "its evidence": lambda chance, story: invocation("story", story=str(story.story.id), view="evidence"),
        "by words": lambda chance, story: invocation("story", story=_subject(story)),
        "by two words": lambda chance, story: invocation("story", story=" ".join(_subject(story).split()[:2])),
    },
    "completion": {
        "of the beginning of words": _beginning,
        "of whole words": lambda chance, story: " ".join(_subject(story).split()[1:]),
        "of a common word": lambda chance, _: _common(chance),
        "of a letter": lambda chance, story: story.members[0].article.title[:1],
        "of nothing yet": lambda chance, _: "",
    },
    "trend": {
        "8 weeks": lambda chance, _: invocation("trend", term=_word(chance)),
        "52 weeks of a common word": lambda chance, _: invocation("trend", term=_common(chance), weeks="52"),
    },
    "calendar": {"30 days": lambda chance, _: invocation("calendar")},
}


async def _questions(database: SqlDatabase, asks: int) -> list[_Question]:
    """`asks` of each command that has a goal, a tenth of the others, well mixed; about stories of the last 30 days that
    whoever asks is told."""
    async with database.read() as tx:
        since = NEWEST - timedelta(days=30)
        told = {community: await tx.stories.published(community, since, NEWEST) for community in COMMUNITIES}
    chance = random.Random(3)
    questions: list[_Question] = []
    for command, forms in _FORMS.items():
        for number in range(asks if command in LATE else -(-asks // 10)):
            form, community = list(forms)[number % len(forms)], chance.choice(COMMUNITIES)
            said = forms[form](chance, chance.choice(told[community]))
            questions.append(_Question(command, form, community, said))
    chance.shuffle(questions)
    return questions


async def _ask(room: Mapping[CommunityId, Conversation], questions: Sequence[_Question], times: _Times) -> None:
    for question in questions:
        there = room[question.community]
        start = time.perf_counter()
        if isinstance(question.said, str):
            await there.complete("story", "story", question.said)
        else:
            answer = await there.answer(question.said, ANN)
            if isinstance(answer, Reply) and answer.document.summary.startswith(strings.notices.ERROR):
                raise RuntimeError(f"{question}: {answer.document.summary}")
        times.note(question, time.perf_counter() - start)


async def _ask_cold(path: Path, questions: Sequence[_Question], times: _Times) -> None:
    """Some of them, each over connections of its own, and with nothing of the file in the system's memory."""
    for command in LATE:
        for question in [one for one in questions if one.command == command][:COLD]:
            async with open_database(f"sqlite+aiosqlite:///{path}") as database:
                newsroom = Newsroom(database)
                newsroom.clock.time = NEWEST
                room = {question.community: await converse(newsroom, question.community)}
                _forget(path)
                await _ask(room, [question], times)


def _forget(path: Path) -> None:
    """Have the system drop what it keeps of the file in memory."""
    if not hasattr(os, "posix_fadvise"):
        return
    for file in (path, path.with_name(f"{path.name}-wal")):
        if file.exists():
            with file.open("rb") as opened_file:
                os.fsync(opened_file.fileno())
                os.posix_fadvise(opened_file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


# --- what arrives -------------------------------------------------------------------------------------------


class _Arrivals:
    """News that comes through the poll stage."""

    def __init__(self, newsroom: Newsroom, held: int) -> None:
        self._newsroom = newsroom
        self._worker = Worker(newsroom.database, Stage.POLL, newsroom.poll.handle, holder="bench", concurrency=64)
        self._listed: defaultdict[FeedId, deque[Entry]] = defaultdict(lambda: deque(maxlen=LISTED))
        self._feeds: list[FeedId] = []
        self._held = held
        self._stored = 0
        self._start = 0.0

    async def open(self) -> None:
        async with self._newsroom.database.read() as tx:
            self._feeds = [feed.id for feed in await tx.feeds.visible(COMMON)]

    @property
    def a_second(self) -> float:
        return self._stored / (time.perf_counter() - self._start)

    async def go_on(self) -> None:
        """Until cancelled. Where it falls behind for good, `a_second` tells."""
        told = texts(np.random.default_rng(9), 10_000_000)
        numbers = count(self._held)
        self._start = time.perf_counter()
        for turn in count(1):
            due = round(turn * EVERY * A_SECOND / A_VISIT) - round((turn - 1) * EVERY * A_SECOND / A_VISIT)
            visited = [self._feeds[next(numbers) % len(self._feeds)] for _ in range(due)]
            for feed in dict.fromkeys(visited):
                for _ in range(A_VISIT):
                    self._listed[feed].appendleft(self._entry(next(numbers), *next(told)))
                self._newsroom.feeds.publish(feed, *self._listed[feed])
            self._newsroom.clock.time = NEWEST + timedelta(seconds=turn * EVERY)
            async with self._newsroom.database.begin() as tx:
                await tx.tasks.put(Stage.POLL, visited, COMMON)
            await self._worker.drain()
            self._stored += len(dict.fromkeys(visited)) * A_VISIT
            await asyncio.sleep(max(self._start + turn * EVERY - time.perf_counter(), 0))

    def _entry(self, number: int, title: str, summary: str, content: str) -> Entry:
        return Entry(
            guid=f"arrived-{number}",
            url=f"https://outlet.example/arrived/{number}",
            title=title,
            summary=summary,
            content=content,
            published=self._newsroom.clock.time,
        )


# --- the peers ----------------------------------------------------------------------------------------------


def _ask_peers(path: Path, questions: Sequence[_Question]) -> Mapping[str, _Times]:
    """The words of plain searches, put to SQLite by whoever has only that."""
    asked = [
        (one, words)
        for one in questions
        if one.command == "search" and isinstance(one.said, Invocation) and len(one.said.arguments) == 1
        for words in [(one.said.given("words") or "").strip('"')]
    ]
    matching = """SELECT articles.id, articles.title, articles.summary, published FROM article_words
        JOIN articles ON articles.id = article_words.rowid WHERE article_words MATCH ? ORDER BY rank LIMIT 50"""
    like = """SELECT id, title, summary, published FROM articles
        WHERE title LIKE ?1 OR summary LIKE ?1 OR content LIKE ?1 ORDER BY published DESC LIMIT 50"""
    ranked, liked = _Times(), _Times()
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as connection:
        for statement, times, most, form in (
            (matching, ranked, RANKED, "{}"),
            (like, liked, LIKED, "%{}%"),
        ):
            for question, words in asked[:most]:
                start = time.perf_counter()
                connection.execute(statement, (form.format(words),)).fetchall()
                times.note(question, time.perf_counter() - start)
    return {"fts5_rank": ranked, "like": liked}


# --- what came out ------------------------------------------------------------------------------------------


def _table(kept: Archive, first: _Times, warm: _Times, chilled: _Times) -> Table:
    rows: list[list[str | float]] = []
    for command, forms in _FORMS.items():
        rows.append(_row(command, warm.of(command), first.of(command), chilled.of(command)))
        rows += [
            _row(f"  {form}", warm.of(command, form), first.of(command, form), chilled.of(command, form))
            for form in forms
            if warm.of(command, form)
        ]
    built = "" if kept.built is None else f" (built in {kept.built.total_seconds():.0f} s)"
    return Table(
        title=f"Milliseconds until the answer, over {kept.articles:,} articles{built}, {A_SECOND} a second arriving",
        columns=("", "asked", "median", "99 %", "longest", "first time, nothing arriving", "cold, median"),
        rows=rows,
    )


def _row(name: str, warm: Sequence[float], first: Sequence[float], chilled: Sequence[float]) -> list[str | float]:
    return [
        name,
        str(len(warm)),
        f"{median(warm):.1f}",
        f"{warm[len(warm) * 99 // 100]:.1f}",
        f"{warm[-1]:.1f}",
        f"{median(first):.1f} … {first[-1]:.0f}",
        f"{median(chilled):.0f}" if chilled else "",
    ]


def _peer_table(asked: Mapping[str, _Times]) -> Table:
    return Table(
        title="Searching for the same words, milliseconds",
        columns=("", "asked", "median", "longest"),
        rows=[
            [name, str(len(times)), f"{median(times):.1f}", f"{times[-1]:.1f}"]
            for name, times in ((name, one.of("search")) for name, one in asked.items())
        ],
    )
