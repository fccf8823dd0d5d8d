"""Everything that members see, with another language installed: nothing of it may still be English.

The language is English in marks (tests/pseudo.py), installed as a translation is. Whatever stands outside marks must be
something that an outlet, a member or a setting said, or that members type.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from zoneinfo import available_timezones

import pytest

import tests.marked
from bot.app.commands.asked import Member
from bot.app.ports import FoundFeed, Stage, Subscription
from bot.core import strings
from bot.core.catalogue import Desk
from bot.core.command.set import COMMANDS
from bot.core.delivery import DeliveryId, Destination, DestinationId, Empty
from bot.core.errors import InputError
from bot.core.feed import FeedState, Health, News
from bot.core.message.document import Reply
from bot.core.message.notice import feed_news_document, undelivered_document
from bot.core.strings import english
from bot.core.watch.move import Step
from bot.core.watch.pack_names import PackNames
from bot.core.watch.parser import FIELDS
from feeds.crew import JobFailed
from feeds.page import page_crew
from tests.app.conversation import ANN, EDITOR, MANAGER, Conversation, converse
from tests.app.newsroom import STRIKE, STRIKE_TOO, SUIT, TODAY, WAGES, Newsroom, entry, known_packs
from tests.app.test_digests import DAY, NINE, fall_due, schedule_of
from tests.app.test_review import in_review
from tests.app.test_tracking import EXPECTED, VOTED
from tests.factories import GUILD, new_outlet
from tests.pseudo import outside, shown

TOLD = (EXPECTED, STRIKE_TOO, SUIT, WAGES, STRIKE, VOTED)

MEMBERS = """
digest
digest screenwriters since:3d share:yes
story 1
story 1 view:evidence
story 1 view:why
story article:4 view:why
search orbit
search nothingofthis
calendar
trend intelligence weeks:3
feedback 1 verdict:not-relevant
feedback 1 verdict:forget
summarize https://outlet1.example/news/1
watch add (screenwriters OR novelists) name:Writers note:"strike fund"
watch add walkout and orbit to:here
watch list
watch test walkout near/5 strike
watch edit 1
watch edit 1 rhythm:daily
watch pause 1
watch resume 1
watch pause 1 span:2d
watch packs
watch packs guilds
watch packs ELVIS
follow 1
follow 1
watch list
unfollow 1
watch remove 1
feeds list
feeds list desk:trades
feeds health
settings show
settings history
privacy show
privacy purge
help
help queries
about
""".strip().splitlines()

MANAGERS = """
schedule list
schedule add weekdays at 9 name:Guilds quiet:22-7 least:2 topic:strike review:yes
schedule add first Monday of the month at 9
schedule add every 2 hours from 8 to 20
schedule list
schedule preview 1
schedule preview 1 story:1
schedule edit 1
schedule edit 1 empty:say post:thread words:900 mention:<@&4711>
schedule now 1
schedule remove 1
feeds off 2
feeds list desk:trades
feeds on 2
feeds off desk:trades
feeds on desk:trades
feeds export
feeds add https://private.example/
feeds remove 5
feeds import https://private.example/list
outlets hide Outlet 3
outlets show Outlet 3
settings set zone America/Los_Angeles
settings set notices here
settings set review here
settings set approvers 2
settings set review-time 12h
settings set review-time hold
settings show
settings history
settings role ann editor
pause
settings show
resume
pause 7d
resume
privacy purge confirm:yes
review list
""".strip().splitlines()

EDITORS = """
review list
review show 1
review show digest:1
review evidence 1
review edit 1
review edit 1 section:story
review edit 1 section:headline text:"Writers vote"
review cut 1
review cut 1 sentence:2
review merge 1
review merge 1 other:2
review split 1
review split 1 article:1
review add 1 https://elsewhere.example/news/strike
review assign 1 me
review assign 1 nobody
review drop 2 reason:"no news"
review approve 1
review approve digest:1
review history
review reject
review reject 1 reason:"nothing new"
""".strip().splitlines()

REFUSED = """
digets
watch
watch lst
digest sinse:3d
search
search orbit since:soon
search orbit since:0h
search …
calendar 9999
calendar many
story 99
story article:99
story nosuchwordhere
story 1 view:tolt
digest share:perhaps
search "orbit
trend …
trend strike weeks:2 weeks:3
summarize outlet1.example
feedback 99 verdict:relevant
watch add strike OR OR walkout
watch add (strike
watch add NOT strike
watch add lang:en
watch add gild:wga
watch add guild:wgaa
watch add near/5 strike
watch add s*
watch add source:
watch add desk:nowhere strike
watch add strike name:7
watch edit Writters
watch packs nothingofthis
unfollow 3
schedule add sometimes
schedule add every second Friday at 9
schedule add 61 9 * * *
schedule add 31 9 31 2 *
schedule add weekdays
schedule add weekdays at 9 zone:Londn
schedule add weekdays at 9 zone:EST
schedule add weekdays at 9 quiet:always
schedule add weekdays at 9 words:7
schedule add weekdays at 9 mention:everyone
schedule add weekdays at 9 engine:best
schedule add weekdays at 9 least:9 stories:2
schedule edit Gilds
feeds remove 1
feeds remove 99
feeds remove Nowhere Times
feeds off
feeds off desk:nowhere
feeds add https://nowhere.example/x
outlets hide Nowhere Times
settings set zone Nowhere
settings set notices general
settings set review general
settings set approvers 99
settings set review-time 1m
settings set review-time soon
settings role mo member
help nothingofthis
review show 9
review show digest:9
review approve digest:9
""".strip().splitlines()


@pytest.fixture(autouse=True)
def translated() -> Iterator[None]:
    strings.use(tests.marked)
    yield
    strings.use(english)


@pytest.fixture
async def talk(newsroom: Newsroom) -> Conversation:
    talk = await converse(newsroom)
    for number, told in enumerate(TOLD[:4], 1):
        outlet = new_outlet(f"Outlet {number}")
        await newsroom.subscribe(entry(told, number), outlet=outlet, title=f"Feed {number}", desk="trades")
    found = Subscription(url="https://private.example/feed", title="Feed 5")
    talk.finder.feeds["https://private.example/"] = [FoundFeed(subscription=found, entries=3)]
    talk.finder.lists["https://private.example/list"] = [found]
    await newsroom.work()
    return talk


def typed() -> Iterator[str]:
    """What members type, which is the same in every language: commands, values, the query language."""
    for command in COMMANDS:
        yield from (command.name, command.path[0], command.usage, *command.examples)
        for parameter in command.parameters:
            yield from (parameter.name, " / ".join(parameter.choices), *parameter.choices)
    yield from ("none", "hold", "AND", "OR", "NOT", *(f"{field}:" for field in FIELDS), *Desk)


def data() -> Iterator[str]:
    """What outlets, members and settings said, and the names in packs."""
    for number in range(1, 30):
        yield from (f"Outlet {number}", f"Feed {number}", f"Outlet {number} · Feed {number}")
    for told in TOLD:
        yield from told
        yield from told[1].split(". ")
    yield from ("Mo", "Ed", "Ann", "mo", "ann", "dm", "channel-1", "discord", "trades", "extractive", "sue", "sued")
    yield from (*available_timezones(), "London", "Lindeman")
    yield from ("slugline-feeds.opml", "Writers vote", "no such page", "deadline.com", FINDERS_WORDS, "sinse 3d")
    for one in known_packs():
        yield from (one.name, one.label, *(phrase.text for phrase in one.phrases), *one.aliases)
        yield one.place.code if one.place else ""
    yield from dict(PackNames(known_packs()).packs())


FINDERS_WORDS = "nowhere.example: no feed was found there"
"""Of the fake that finds feeds; the real one's words are checked in tests/feeds."""
KNOWN = frozenset(run for text in (*typed(), *data()) for run in outside(text))
_NAMED = re.compile(r"(?:guild|bill|case|pack):\S|(?:Outlet|Feed) \d+$")
"""What packs and tests call by a number or a name of their own."""


def english_in(*values: object, said: Iterable[str] = ()) -> list[str]:
    """What of these texts, documents and forms is neither marked nor known."""
    heard = " ".join(said)
    return [
        run
        for value in values
        for text in shown(value)
        for run in outside(text)
        if run not in KNOWN and run not in heard and not _NAMED.match(run) and not _quoted(run)
    ]


def _quoted(run: str) -> bool:
    return len(run) > 20 and any(run in text for told in TOLD for text in told)


async def left(talk: Conversation, lines: Iterable[str], member: Member = MANAGER) -> dict[str, list[str]]:
    """What is left of English in the answers to these lines, by the line."""
    found = {}
    said: list[str] = []
    for line in lines:
        said.append(line)
        try:
            answer = await talk.answer(line, member)
        except InputError as error:
            found[line] = english_in(str(error), said=said)
        else:
            found[line] = english_in(answer.document if isinstance(answer, Reply) else answer.form, said=said)
    return {line: bad for line, bad in found.items() if bad}


async def test_members_hear_one_language(talk: Conversation) -> None:
    assert await left(talk, MEMBERS) == {}


async def test_managers_hear_one_language(talk: Conversation) -> None:
    assert await left(talk, MANAGERS) == {}


async def test_refusals_are_in_that_language(talk: Conversation) -> None:
    assert await left(talk, REFUSED) == {}


async def test_refusals_of_roles_are_in_that_language(talk: Conversation) -> None:
    assert await left(talk, ("pause", "review list", "watch add strike to:here"), ANN) == {}


async def test_help_on_every_command_is_in_that_language(talk: Conversation) -> None:
    assert await left(talk, [f"help {command.name}" for command in COMMANDS]) == {}


async def test_editors_hear_one_language(newsroom: Newsroom) -> None:
    talk = await converse(newsroom)
    await in_review(newsroom, STRIKE, SUIT)
    assert await left(talk, EDITORS, EDITOR) == {}
    await newsroom.work(Stage.REVIEW, Stage.DELIVER)
    assert english_in(*newsroom.platform.documents["channel-1"], said=EDITORS) == []


async def test_digests_are_in_that_language(newsroom: Newsroom) -> None:
    """With an update of a story told before, what is coming up, and more than fits."""
    await converse(newsroom)
    schedule = await schedule_of(newsroom.database, max_stories=1, empty=Empty.SAY)
    feed = await newsroom.subscribe(entry(EXPECTED, 1), entry(SUIT, 2), title="Feed 1", outlet=new_outlet("Outlet 1"))
    await newsroom.work()
    await fall_due(newsroom, schedule, NINE + DAY)
    newsroom.clock.advance(DAY)
    later = newsroom.clock.now()
    await newsroom.publish(feed, entry(EXPECTED, 1), entry(SUIT, 2), entry(VOTED, 3, published=later))
    await newsroom.work()
    for days in (2, 3, 4):
        await fall_due(newsroom, schedule, NINE + days * DAY)
    told = [document for documents in newsroom.platform.documents.values() for document in documents]
    assert len(told) >= 3
    assert english_in(*told) == []


async def test_alerts_are_in_that_language(talk: Conversation) -> None:
    """At once and gathered, with a bill that moved, a story that is followed, and a day that is near."""
    newsroom = talk.newsroom
    lines = (
        "watch add orbit to:here",
        "watch add orbit rhythm:hourly note:pay",
        'watch add bill:"CA AB 412"',
        "follow 1",
    )
    for line in lines:
        await talk.say(line, EDITOR)
    moved = (
        "California Senate passes AB 412 on AI",
        "The California Senate passed AB 412 on Monday, the AI bill for writers.",
    )
    for number, told in enumerate((VOTED, STRIKE, moved), 7):
        await newsroom.subscribe(entry(told, number), outlet=new_outlet(f"Outlet {number}"), title=f"Feed {number}")
    await newsroom.work()
    newsroom.clock.advance(DAY)
    await newsroom.work()
    posted = [document for documents in newsroom.platform.documents.values() for document in documents]
    assert len(posted) >= 2
    assert english_in(*posted, said=lines) == []


@pytest.mark.parametrize(
    ("news", "state"),
    [
        (News.LOST, FeedState.FAILING),
        (News.LOST, FeedState.GONE),
        (News.STOPPED, FeedState.FAILING),
        (News.BACK, FeedState.HEALTHY),
    ],
)
async def test_news_of_feeds_is_in_that_language(talk: Conversation, news: News, state: FeedState) -> None:
    async with talk.newsroom.database.read() as tx:
        feed = (await tx.feeds.visible(talk.community))[0]
    health = Health(state=state, since=TODAY, error=strings.fetching.status(503))
    assert english_in(feed_news_document(feed, news, health)) == []


@pytest.mark.parametrize("how", ["paused", "perhaps", "partly", ""])
def test_news_of_deliveries_is_in_that_language(how: str) -> None:
    place = Destination(id=DestinationId(1), community=GUILD, platform="discord", address="channel-1")
    reason = strings.notices.parts_refused(1, 3, strings.notices.given_up(5, strings.notices.STOPPED))
    document = undelivered_document(
        DeliveryId(1), place, reason, paused=how == "paused", perhaps=how == "perhaps", partly=how == "partly"
    )
    assert english_in(document, said=["discord channel-1"]) == []


def test_what_is_said_in_a_bill_that_moved_is_in_that_language() -> None:
    for step in Step:
        assert english_in(strings.alert.stepped("AB 412", step, None), said=["AB 412"]) == []


async def test_a_child_process_speaks_that_language() -> None:
    async with page_crew() as crew:
        with pytest.raises(JobFailed) as failed:
            await crew.do({"url": "https://outlet1.example/", "charset": None}, b"")
    assert str(failed.value) == strings.fetching.NO_HTML
    assert english_in(str(failed.value)) == []
