"""`feeds` and `outlets`: what is read for this community, and what it leaves out.

A feed that a community adds is read for it alone: its address may hold a token, so no answer shows it but `export`, to
a manager, in private.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from urllib.parse import urlsplit

from bot.app.checkup import WELL
from bot.app.commands.asked import Asked, Completing, Completion, Handler
from bot.app.commands.pages import page_of
from bot.app.commands.record import record
from bot.app.ports import Clock, Database, FeedFinder, Subscription
from bot.app.preferences import REMEMBERED, show_outlet, switch_desk, switch_feed
from bot.app.subscriptions import subscribe, subscribe_to, unsubscribe
from bot.core import strings
from bot.core.catalogue import Catalogue
from bot.core.command.suggestion import did_you_mean, nearest
from bot.core.community import CommunityId
from bot.core.errors import InputError
from bot.core.feed import Feed, FeedId, NewFeed
from bot.core.message.document import Answer, File, Reply
from bot.core.message.feeds import exported_document, feeds_document, health_document
from bot.core.message.notice import feed_name, notice_document


class Feeds:
    def __init__(self, database: Database, finder: FeedFinder, catalogue: Catalogue, clock: Clock) -> None:
        self._database = database
        self._finder = finder
        self._catalogue = catalogue
        self._clock = clock

    def handlers(self) -> Mapping[tuple[str, ...], Handler]:
        return {
            ("feeds", "list"): self.listed,
            ("feeds", "add"): self.add,
            ("feeds", "remove"): self.remove,
            ("feeds", "health"): self.health,
            ("feeds", "off"): self.off,
            ("feeds", "on"): self.on,
            ("feeds", "import"): self.take_in,
            ("feeds", "export"): self.export,
            ("outlets", "hide"): self.hide,
            ("outlets", "show"): self.show,
        }

    async def listed(self, asked: Asked) -> Answer:
        desk = asked.arguments.text("desk")
        async with self._database.read() as tx:
            feeds = await tx.feeds.visible(asked.community)
            choices = await tx.preferences.of(asked.community)
        if desk is not None:
            named = _desk(desk, feeds)
            feeds = [feed for feed in feeds if feed.desk == named]
        return page_of(asked, feeds_document(feeds, choices))

    async def health(self, asked: Asked) -> Answer:
        async with self._database.read() as tx:
            feeds = [feed for feed in await tx.feeds.visible(asked.community) if not feed.url.startswith("file:")]
        return page_of(asked, health_document(feeds, [feed for feed in feeds if feed.health.state not in WELL]))

    async def add(self, asked: Asked) -> Answer:
        address = asked.arguments.needed("address")
        await asked.tell(notice_document(strings.feeds.LOOKING_FOR_FEEDS, []))
        found = (await self._finder.find(address))[0]
        feed, new = await subscribe_to(self._database, self._private(asked.community, found.subscription))
        if new:
            await record(
                self._database, asked, self._clock.now(), strings.community.changed_feed(feed.id), None, feed_name(feed)
            )
        said = (
            strings.feeds.feed_added(feed_name(feed), feed.id, found.entries)
            if new
            else strings.feeds.feed_known(feed.id)
        )
        return Reply(document=notice_document(said, [strings.feeds.FOR_THIS_COMMUNITY] if new else []))

    async def remove(self, asked: Asked) -> Answer:
        feed = await self._feed(asked)
        if feed.owner != asked.community:
            raise InputError(strings.feeds.common_feed(feed.id))
        await unsubscribe(self._database, asked.community, feed.id)
        await record(
            self._database, asked, self._clock.now(), strings.community.changed_feed(feed.id), feed_name(feed), None
        )
        return Reply(document=notice_document(strings.feeds.feed_removed(feed_name(feed)), []))

    async def off(self, asked: Asked) -> Answer:
        return await self._switch(asked, on=False)

    async def on(self, asked: Asked) -> Answer:
        return await self._switch(asked, on=True)

    async def take_in(self, asked: Asked) -> Answer:
        await asked.tell(notice_document(strings.feeds.LOOKING_FOR_FEEDS, []))
        listed = await self._finder.list_at(asked.arguments.needed("address"))
        feeds = [self._private(asked.community, one) for one in listed]
        added, known = await subscribe(self._database, feeds)
        if added:
            await record(
                self._database, asked, self._clock.now(), strings.feeds.FEEDS, None, strings.feeds.feeds_added(added)
            )
        return Reply(document=notice_document(strings.feeds.imported(added, known), []))

    async def export(self, asked: Asked) -> Answer:
        async with self._database.read() as tx:
            feeds = await tx.feeds.visible(asked.community)
        listed = [
            Subscription(url=feed.url, title=feed.title or feed.outlet.name, desk=feed.desk, language=feed.language)
            for feed in feeds
            if feed.url.startswith(("http://", "https://"))
        ]
        file = File("slugline-feeds.opml", "text/x-opml", self._finder.list_of(listed))
        return Reply(document=exported_document(len(listed), file), private=True)

    async def hide(self, asked: Asked) -> Answer:
        return await self._show_outlet(asked, shown=False)

    async def show(self, asked: Asked) -> Answer:
        return await self._show_outlet(asked, shown=True)

    # --- names ---------------------------------------------------------------------------------------------------

    async def feeds_named(self, completing: Completing) -> list[Completion]:
        async with self._database.read() as tx:
            feeds = await tx.feeds.visible(completing.community)
        return _completions(completing.typed, {feed_name(feed): str(feed.id) for feed in feeds})

    async def desks_named(self, completing: Completing) -> list[Completion]:
        async with self._database.read() as tx:
            feeds = await tx.feeds.visible(completing.community)
        return _completions(completing.typed, {feed.desk: feed.desk for feed in feeds if feed.desk})

    async def outlets_named(self, completing: Completing) -> list[Completion]:
        async with self._database.read() as tx:
            names = await tx.articles.outlets(completing.community, self._clock.now() - REMEMBERED)
        return _completions(completing.typed, {name: name for name in names})

    async def _feed(self, asked: Asked) -> Feed:
        """By its number or title. Raises InputError where none, or more than one, is meant."""
        said = asked.arguments.needed("feed")
        async with self._database.read() as tx:
            feeds = await tx.feeds.visible(asked.community)
        number = said.removeprefix("#")
        if number.isascii() and number.isdecimal():
            by_number = [feed for feed in feeds if feed.id == int(number)]
            if by_number:
                return by_number[0]
            raise InputError(strings.feeds.no_feed_number(number))
        folded = said.casefold()
        meant = [feed for feed in feeds if folded in (feed_name(feed).casefold(), feed.title.casefold())]
        meant = meant or [feed for feed in feeds if folded in feed_name(feed).casefold()]
        if len(meant) == 1:
            return meant[0]
        if meant:
            which = [(feed.id, feed_name(feed)) for feed in meant[:5]]
            raise InputError(strings.feeds.several_feeds(said, len(meant), which))
        raise InputError(strings.feeds.no_feed(said, did_you_mean(said, map(feed_name, feeds))))

    async def _switch(self, asked: Asked, *, on: bool) -> Answer:
        desk = asked.arguments.text("desk")
        if (desk is None) == ("feed" not in asked.arguments):
            raise InputError(strings.feeds.NAME_A_FEED)
        if desk is not None:
            name = await switch_desk(self._database, asked.community, desk, on=on)
            what = strings.community.changed_desk(name)
        else:
            feed = await self._feed(asked)
            await switch_feed(self._database, asked.community, FeedId(feed.id), on=on)
            name, what = feed_name(feed), strings.community.changed_feed(feed.id)
        await record(
            self._database, asked, self._clock.now(), what, strings.community.on(not on), strings.community.on(on)
        )
        return Reply(document=notice_document(strings.feeds.switched(name, on=on), []))

    async def _show_outlet(self, asked: Asked, *, shown: bool) -> Answer:
        now = self._clock.now()
        said = asked.arguments.needed("outlet")
        name = await show_outlet(self._database, asked.community, said, now, shown=shown)
        what = strings.community.changed_outlet(name)
        await record(
            self._database, asked, now, what, strings.community.shown(not shown), strings.community.shown(shown)
        )
        return Reply(document=notice_document(strings.feeds.outlet_shown(name, shown=shown), []))

    def _private(self, community: CommunityId, found: Subscription) -> NewFeed:
        """The name of an outlet that nobody knows may be made of the path, which of a private feed is a secret."""
        host = f"https://{urlsplit(found.url).hostname}/"
        return NewFeed(
            url=found.url,
            outlet=self._catalogue.outlet_for(host, found.title),
            title=found.title,
            desk=found.desk,
            language=found.language,
            owner=community,
        )


def _desk(typed: str, feeds: Sequence[Feed]) -> str:
    desks = sorted({feed.desk for feed in feeds if feed.desk})
    by_fold = {desk.casefold(): desk for desk in desks}
    if found := by_fold.get(typed.casefold()):
        return found
    raise InputError(strings.feeds.no_desk(typed, did_you_mean(typed, desks), desks))


def _completions(typed: str, names: Mapping[str, str]) -> list[Completion]:
    """All that hold what was typed, those that begin so first; else what looks like it."""
    folded = typed.casefold()
    holding = [name for name in sorted(names) if folded in name.casefold()]
    holding.sort(key=lambda name: not name.casefold().startswith(folded))
    return [Completion(name[:100], names[name]) for name in holding or nearest(typed, names)]
