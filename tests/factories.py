"""Values for tests: sensible by default, with what a test is about given by name.

`new_…` make what goes into the store; `add_…` put it there (in a transaction) and give back what came out.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any

import numpy as np

from bot.app.ports import AnalysisKey, Transaction, Vector
from bot.core.analysis import Analysis, Claim, Disclosure, Evidence, EvidenceId, Paragraph, Source
from bot.core.article import ArticleId, NewArticle
from bot.core.community import COMMON, Community, CommunityId, MemberId, Viewer
from bot.core.community_settings import Change
from bot.core.correction.correction import Cause, Correction
from bot.core.delivery import DeliveryId, DeliveryState, DestinationId, Digest, Schedule, ScheduleId
from bot.core.desk.taste import Opinion
from bot.core.desk.tracking import NewTrackedItem, TrackedId, TrackedItem
from bot.core.feed import FeedId, Health, NewFeed, Outlet, Validators, VisitRecord
from bot.core.message.document import Document, Heading, Link, Prose, Text
from bot.core.outbox import Closing, Shown
from bot.core.process import Process
from bot.core.story import StoryId
from bot.core.watch.alerting import Alert, AlertId
from bot.core.watch.watch import NewWatch

NOON = datetime(2025, 3, 10, 12, 0, tzinfo=UTC)
"""The moment around which the tests' news happens."""

GUILD = CommunityId("discord:100")
STUDIO = CommunityId("slack:T200")

_numbers = count(1)


def new_process(*roles: str, platforms: Sequence[str] = (), holder: str = "one", **fields: Any) -> Process:
    return Process(
        **{"holder": holder, "roles": roles, "platforms": tuple(platforms), "version": "1", "since": NOON, **fields}
    )


def new_outlet(name: str = "The Daily Slug", **fields: Any) -> Outlet:
    return Outlet(name=name, **fields)


def new_feed(url: str | None = None, **fields: Any) -> NewFeed:
    number = next(_numbers)
    return NewFeed(
        **{
            "url": url or f"https://outlet{number}.example/feed.xml",
            "outlet": new_outlet(f"Outlet {number}"),
            "title": f"Outlet {number}: all news",
            **fields,
        }
    )


def new_article(feed: FeedId, *, owner: Viewer = COMMON, **fields: Any) -> NewArticle:
    number = next(_numbers)
    return NewArticle(
        **{
            "keys": (f"guid:{number}", f"url:outlet.example/{number}"),
            "feed": feed,
            "owner": owner,
            "url": f"https://outlet.example/{number}",
            "outlet": new_outlet(),
            "title": f"Writers meet studios, day {number}",
            "summary": f"The {number}th round of talks began.",
            "published": NOON,
            "first_seen": NOON + timedelta(minutes=5),
            **fields,
        }
    )


def new_community(community: CommunityId = GUILD, **fields: Any) -> Community:
    platform = community.partition(":")[0]
    return Community(**{"id": community, "platform": platform, "name": "A guild", "created_at": NOON, **fields})


def new_change(member: MemberId | None = None, **fields: Any) -> Change:
    values: dict[str, Any] = {"what": "zone", "before": None, "after": "Europe/London", "by": "Ann", "at": NOON}
    return Change(member=member, **{**values, **fields})


def new_record(**fields: Any) -> VisitRecord:
    return VisitRecord(
        **{
            "validators": Validators(),
            "health": Health(),
            "interval": timedelta(hours=1),
            "next_due": NOON + timedelta(hours=1),
            **fields,
        }
    )


def new_vector(seed: int = 0) -> Vector:
    """Unit length, the same for the same seed."""
    vector = np.random.default_rng(seed).normal(size=384).astype(np.float32)
    return vector / np.float32(np.linalg.norm(vector))


def new_analysis(story: StoryId, article: ArticleId, *, version: int = 1, **fields: Any) -> Analysis:
    claim = Claim(text="The talks resumed on Monday.", evidence=(EvidenceId(1),))
    return Analysis(
        **{
            "story": story,
            "version": version,
            "headline": "Talks resume",
            "deck": claim,
            "first_seen": NOON,
            "last_updated": NOON + timedelta(hours=1),
            "told": (Paragraph(claims=(claim,)),),
            "why": (),
            "background": (),
            "perspectives": (),
            "not_heard": (),
            "watch": (),
            "sources": (
                Source(
                    article=article,
                    outlet="The Daily Slug",
                    owner=None,
                    title="Talks resume",
                    url="https://outlet.example/1",
                    published=NOON,
                ),
            ),
            "evidence": (Evidence(id=EvidenceId(1), article=article, sentence="The talks resumed on Monday."),),
            "disclosure": Disclosure(engine="extractive"),
            **fields,
        }
    )


def new_key(story: StoryId, **fields: Any) -> AnalysisKey:
    return AnalysisKey(**{"story": story, "version": 1, "engine": "extractive", "sources": "abc", **fields})


def new_opinion(story: StoryId, **fields: Any) -> Opinion:
    return Opinion(
        **{"story": story, "relevant": False, "relevance": 0.9, "terms": ("talk", "studio"), "at": NOON, **fields}
    )


def new_watch(
    destination: DestinationId, community: CommunityId = GUILD, owner: MemberId | None = None, **fields: Any
) -> NewWatch:
    """A member's own is private."""
    query = "" if "story" in fields else "writers"
    values = {"query": query, "private": owner is not None, **fields}
    return NewWatch(community=community, owner=owner, destination=destination, **values)


def new_alert(story: StoryId, **fields: Any) -> Alert:
    values: dict[str, Any] = {"id": AlertId(0), "version": 1, "outlets": ("The Daily Slug",), "terms": ("writers",)}
    return Alert(story=story, **{**values, **fields})


def new_schedule(community: CommunityId, destination: DestinationId, **fields: Any) -> Schedule:
    return Schedule(
        **{
            "id": ScheduleId(0),
            "community": community,
            "destination": destination,
            "cron": "0 9 * * 1-5",
            "zone": "America/New_York",
            **fields,
        }
    )


def new_digest(community: CommunityId = GUILD, *analyses: Analysis, **fields: Any) -> Digest:
    return Digest(
        **{
            "community": community,
            "title": "This week",
            "since": NOON - timedelta(days=7),
            "until": NOON,
            "analyses": analyses,
            **fields,
        }
    )


def new_document(text: str = "Hello") -> Document:
    blocks = (Heading(text), Prose((Text("plain"), Link("label", "https://outlet.example/1"))))
    return Document(summary=text, blocks=blocks)


def new_tracked(story: StoryId, article: ArticleId, **fields: Any) -> NewTrackedItem:
    return NewTrackedItem(
        **{
            "story": story,
            "owner": COMMON,
            "claim": "Members of the Guild will vote on the deal by 20 March.",
            "article": article,
            "sentence": "Members of the Guild will vote on the deal by 20 March.",
            "due": date(2025, 3, 20),
            "since": NOON,
            "heard": NOON,
            **fields,
        }
    )


def stored_tracked(story: StoryId, article: ArticleId, number: int = 1, **fields: Any) -> TrackedItem:
    """As the store would give it back under that number."""
    own = {name: fields.pop(name) for name in ("state", "resolved_by", "resolution") if name in fields}
    new = new_tracked(story, article, **fields)
    held = {name: getattr(new, name) for name in new.__dataclass_fields__}
    return TrackedItem(**held, id=TrackedId(number), **own)


async def add_feed(tx: Transaction, *, owner: Viewer = COMMON, **fields: Any) -> FeedId:
    feed, _ = await tx.feeds.add(new_feed(owner=owner, **fields))
    return feed


async def add_article(
    tx: Transaction, *, owner: Viewer = COMMON, feed: FeedId | None = None, **fields: Any
) -> ArticleId:
    """An article with, unless given, a feed of its own."""
    feed = feed or await add_feed(tx, owner=owner)
    return await tx.articles.add(new_article(feed, owner=owner, **fields))


async def add_story(tx: Transaction, *articles: ArticleId, owner: Viewer = COMMON, **fields: Any) -> StoryId:
    """A relevant story of those articles, or of one new article of `owner`."""
    first, *others = articles or (await add_article(tx, owner=owner),)
    story = await tx.stories.found(owner, first, **{"relevance": 0.9, "relevant": True, "at": NOON, **fields})
    for article in others:
        await tx.stories.attach(owner, story, article, copy_of=None, at=NOON)
    return story


async def add_schedule(tx: Transaction, community: CommunityId = GUILD, **fields: Any) -> Schedule:
    """A schedule that posts to the community's only channel, already stored."""
    await tx.communities.ensure(new_community(community))
    destination = await tx.schedules.destination(community, "discord", "channel-1")
    id_ = await tx.schedules.add(new_schedule(community, destination.id, **fields), due=NOON)
    stored = await tx.schedules.get(community, id_)
    assert stored is not None
    return stored


async def settle(
    tx: Transaction, delivery: DeliveryId, state: DeliveryState, reason: str | None = None, **fields: Any
) -> None:
    """As the outbox writes down what became of a delivery."""
    await tx.outbox.take([delivery])
    await tx.outbox.close({delivery: Closing(state=state, reason=reason, **fields)})


async def post_part(tx: Transaction, delivery: DeliveryId, part: int, message: str, *, revision: int = 1) -> None:
    """As the outbox writes down that a part was posted."""
    await tx.outbox.open([(delivery, part, revision)])
    await tx.outbox.note([(delivery, part, Shown(message=message, revision=revision))])


def new_correction(story: StoryId, **fields: Any) -> Correction:
    defaults: dict[str, Any] = {
        "headline": "Writers strike",
        "at": NOON,
        "cause": Cause.CHANGED,
        "was": "They were 400.",
        "now": "They were 40.",
        "outlet": "The Daily Slug",
    }
    return Correction(story=story, **{**defaults, **fields})
