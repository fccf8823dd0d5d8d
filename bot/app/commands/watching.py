"""`watch`, `follow` and `unfollow`: what members and their community want to be told of.

A private watch is its owner's business. Whoever asks is answered from what they may see; a watch that is another's is
not there, for a manager as for anybody, and nothing of a private one goes into the record of changes. A community's own
watch is for its editors, and what they change in it is on record.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bot.app.commands.asked import Asked, Completing, Completion, Handler
from bot.app.commands.pages import page_of
from bot.app.commands.record import note
from bot.app.hindsight import Hindsight, Looking
from bot.app.ports import Clock, Database, Stage, Transaction
from bot.app.subject import find_story
from bot.core import strings
from bot.core.catalogue import Desk
from bot.core.command.invocation import CODE_LIMIT, encode, invocation
from bot.core.command.suggestion import did_you_mean
from bot.core.community import COMMON, Role
from bot.core.delivery import DestinationId
from bot.core.errors import InputError
from bot.core.message.document import Actions, Answer, Ask, Button, Document, Heading, Prose, Reply, Text
from bot.core.message.notice import notice_document
from bot.core.message.watching import (
    EXAMPLES,
    NONE,
    Listed,
    edit_form,
    entries_document,
    hindsight_blocks,
    packs_document,
    watch_document,
    watches_document,
)
from bot.core.story import Coverage, StoryId
from bot.core.topic import Topic, Topics
from bot.core.watch.alerting import Alert, AlertId
from bot.core.watch.pack_names import PackNames
from bot.core.watch.parser import advice
from bot.core.watch.watch import FOLLOWER, WATCHER, NewWatch, Rhythm, Watch, WatchId, may_change

MOST_A_MEMBER = 100
"""Watches and follows together."""
MOST_A_COMMUNITY = 200
FOUND = 40
"""Entries of packs that are shown for a name."""
UNTURNED = 10
"""Stories that are shown where pages cannot be turned."""
SETTINGS = ("query", "name", "rhythm", "everything", "note")


class Watching:
    """`zone` is the installation's, for communities that have set none."""

    def __init__(self, database: Database, topics: Topics, clock: Clock, zone: str) -> None:
        self._database = database
        self._topics = topics
        self._clock = clock
        self._zone = zone
        self._looking = Looking(database, topics.packs, clock)

    def handlers(self) -> Mapping[tuple[str, ...], Handler]:
        return {
            ("watch", "add"): self.add,
            ("watch", "list"): self.listed,
            ("watch", "test"): self.test,
            ("watch", "edit"): self.edit,
            ("watch", "pause"): self.pause,
            ("watch", "resume"): self.resume,
            ("watch", "remove"): self.remove,
            ("watch", "packs"): self.packs,
            ("follow",): self.follow,
            ("unfollow",): self.unfollow,
        }

    # --- watches ----------------------------------------------------------------------------------------------

    async def add(self, asked: Asked) -> Answer:
        given = asked.arguments
        here = self._here(asked, given.text("to") or "private")
        typed = given.needed("query")
        query = await self._read(asked, typed)
        now = self._clock.now()
        async with self._database.begin() as tx:
            await self._room(tx, asked, here=here)
            new = NewWatch(
                community=asked.community,
                owner=None if here else asked.member.id,
                query=typed,
                destination=await _destination(tx, asked, here=here),
                name=await self._free_name(tx, asked, given.text("name"), None),
                note=_cleared(given.text("note")),
                rhythm=Rhythm(given.text("rhythm") or Rhythm.INSTANT),
                zone=(await tx.settings.of(asked.community)).zone or self._zone,
                throttle=WATCHER,
                everything=given.switch("everything") or False,
                private=not here,
            )
            watch = await tx.watches.get(asked.community, asked.member.id, await tx.watches.add(new))
            assert watch is not None
            if here:
                await note(tx, asked, now, strings.watching.changed_watch(watch.id), None, watch.query)
        back = await self._back(asked, query, everything=watch.everything)
        return Reply(document=_shown(watch, strings.watching.watch_made(watch.id), query, back))

    async def listed(self, asked: Asked) -> Answer:
        async with self._database.read() as tx:
            watches = await tx.watches.of(asked.community, asked.member.id)
            refusals = await tx.deliveries.refusals(asked.community)
            listed = [
                Listed(
                    watch=one,
                    headline=await _headline(tx, asked, one.story),
                    refusal=refusals.get(one.destination),
                )
                for one in watches
            ]
        return page_of(asked, watches_document(listed))

    async def test(self, asked: Asked) -> Answer:
        """Of a query, or of a watch by its number or name where it reads like one."""
        typed = asked.arguments.needed("query")
        everything = asked.arguments.switch("everything")
        if typed.removeprefix("#").isdecimal():
            async with self._database.read() as tx:
                watch = await self._watch(tx, asked, typed)
            if watch.story is not None:
                raise InputError(strings.watching.follows_so_no_query(watch.id))
            typed, everything = watch.query, watch.everything if everything is None else everything
        query = await self._read(asked, typed)
        back = await self._back(asked, query, everything=everything or False)
        title = strings.watching.hindsight_title(typed)
        turned = encode(asked.said.with_arguments(page="99"))
        most = len(back.reports) if len(turned) <= CODE_LIMIT else UNTURNED  # its button cannot carry a long query
        blocks = (
            Heading(title, level=3),
            *hindsight_blocks(back.reports, back.stories, back.days, most=most),
            *(Prose((Text(line),), role="note") for line in (*advice(query), *_limits(back))),
        )
        return page_of(asked, Document(summary=title, blocks=blocks))

    async def edit(self, asked: Asked) -> Answer:
        given = asked.arguments
        async with self._database.read() as tx:
            watch = await self._changeable(tx, asked)
        if watch.story is not None:
            raise InputError(strings.watching.follows_so_pause(watch.id, watch.story))
        if not any(name in given for name in SETTINGS):
            return Ask(edit_form(watch))
        values: dict[str, Any] = {}
        query = await self._read(asked, given.text("query") or watch.query)
        if typed := given.text("query"):
            values["query"] = typed
        if (rhythm := given.text("rhythm")) is not None:
            values["rhythm"] = Rhythm(rhythm)
        if (everything := given.switch("everything")) is not None:
            values["everything"] = everything
        if (why := given.text("note")) is not None:
            values["note"] = _cleared(why)
        now = self._clock.now()
        async with self._database.begin() as tx:
            if (name := given.text("name")) is not None:
                values["name"] = await self._free_name(tx, asked, name, watch.id)
            changed = await self._change(tx, asked, watch, given.number("revision") or watch.revision, values)
            if not watch.private:
                await note(tx, asked, now, strings.watching.changed_watch(watch.id), _told(watch), _told(changed))
        return Reply(document=_shown(changed, strings.watching.watch_changed(watch.id), query, None))

    async def pause(self, asked: Asked) -> Answer:
        span = asked.arguments.span("span")
        now = self._clock.now()
        until = None if span is None else now + span
        async with self._database.begin() as tx:
            watch = await self._changeable(tx, asked)
            await self._change(tx, asked, watch, watch.revision, {"paused": until is None, "muted_until": until})
            when = None if until is None else strings.dates.moment(until.astimezone(asked.place.zone))
            title = strings.watching.watch_paused(strings.alert.watch_name(watch.id, watch.name), when)
            if not watch.private:
                await note(tx, asked, now, strings.watching.changed_watch(watch.id), strings.community.GOING_ON, title)
        resume = Actions((Button(strings.community.RESUME, invocation("watch", "resume", watch=watch.id)),))
        said = notice_document(title, [strings.watching.PAUSED_MEANS])
        return Reply(document=Document(said.summary, (*said.blocks, resume)))

    async def resume(self, asked: Asked) -> Answer:
        async with self._database.begin() as tx:
            watch = await self._changeable(tx, asked)
            await self._change(tx, asked, watch, watch.revision, {"paused": False, "muted_until": None})
            title = strings.watching.watch_resumed(strings.alert.watch_name(watch.id, watch.name))
            if not watch.private:
                await note(
                    tx,
                    asked,
                    self._clock.now(),
                    strings.watching.changed_watch(watch.id),
                    strings.watching.PAUSED,
                    title,
                )
        return Reply(document=notice_document(title, []))

    async def remove(self, asked: Asked) -> Answer:
        async with self._database.begin() as tx:
            watch = await self._changeable(tx, asked)
            await tx.watches.remove(asked.community, asked.member.id, watch.id)
            if not watch.private:
                await note(tx, asked, self._clock.now(), strings.watching.changed_watch(watch.id), _told(watch), None)
        title = strings.watching.watch_removed(strings.alert.watch_name(watch.id, watch.name))
        return Reply(document=notice_document(title, [strings.watching.STOPPED]))

    async def packs(self, asked: Asked) -> Answer:
        words = asked.arguments.text("words")
        packs = await asyncio.to_thread(self._topics.packs)
        by_name = dict(PackNames(packs).packs())
        if words is None:
            counts = {name: len(entries) for name, entries in by_name.items()}
            return page_of(asked, packs_document(counts))
        found = by_name.get(words.casefold()) or packs.called(words) or packs.suggest(words, limit=FOUND)
        if not found:
            hint = did_you_mean(words, by_name)
            raise InputError(strings.watching.no_pack(words, hint))
        number = asked.arguments.number("page")
        title = strings.watching.found_entries(words, len(found))
        return Reply(document=entries_document(found, title, asked.said, number or 1), replaces=number is not None)

    # --- stories ----------------------------------------------------------------------------------------------

    async def follow(self, asked: Asked) -> Answer:
        self._here(asked, "private")
        now = self._clock.now()
        async with self._database.begin() as tx:
            coverage = await _coverage(tx, asked)
            story, headline = coverage.story, coverage.members[0].article.title
            if await tx.watches.following(asked.community, asked.member.id, story.id) is not None:
                title = strings.watching.followed_already(headline)
            else:
                title = strings.watching.followed(headline)
                await self._room(tx, asked, here=False)
                new = NewWatch(
                    community=asked.community,
                    owner=asked.member.id,
                    query="",
                    story=story.id,
                    destination=await _destination(tx, asked, here=False),
                    zone=(await tx.settings.of(asked.community)).zone or self._zone,
                    throttle=FOLLOWER,
                    everything=True,
                    private=True,
                )
                watch = await tx.watches.get(asked.community, asked.member.id, await tx.watches.add(new))
                assert watch is not None
                await tx.alerts.add(watch, _as_read(coverage, now))
                await tx.tasks.put(Stage.REMIND, [story.id], COMMON)
        said = notice_document(title, [strings.watching.FOLLOWED_MEANS, strings.watching.PRIVATE_NOTICE])
        button = Button(strings.alert.UNFOLLOW, invocation("unfollow", story=story.id))
        return Reply(document=Document(said.summary, (*said.blocks, Actions((button,)))), private=True)

    async def unfollow(self, asked: Asked) -> Answer:
        async with self._database.begin() as tx:
            story = await find_story(tx, asked.community, asked.arguments.needed("story"))
            watch = await tx.watches.following(asked.community, asked.member.id, story)
            if watch is None:
                raise InputError(strings.watching.not_followed(story))
            await tx.watches.remove(asked.community, asked.member.id, watch.id)
        return Reply(document=notice_document(strings.watching.unfollowed(story), []), private=True)

    # --- names ------------------------------------------------------------------------------------------------

    async def watches_named(self, completing: Completing) -> list[Completion]:
        async with self._database.read() as tx:
            watches = await tx.watches.of(completing.community, completing.member.id)
        labelled = [
            Completion(
                strings.watching.option(one.id, one.name or one.query or strings.alert.FOLLOWED)[:100], str(one.id)
            )
            for one in watches
        ]
        typed = completing.typed.casefold().strip()
        return [one for one in labelled if typed in one.label.casefold()]

    async def packs_named(self, completing: Completing) -> list[Completion]:
        packs = await asyncio.to_thread(self._topics.packs)
        typed = completing.typed.casefold().strip()
        names = [name for name, _ in PackNames(packs).packs() if typed in name]
        entries = packs.complete(typed, limit=25) if typed else ()
        return [Completion(name, name) for name in names] + [Completion(one.label[:100], one.id) for one in entries]

    # --- parts ------------------------------------------------------------------------------------------------

    async def _read(self, asked: Asked, typed: str) -> Topic:
        """Raises QueryError. Packs are read from disk once, and not in the event loop."""
        async with self._database.read() as tx:
            feeds = await tx.feeds.visible(asked.community)
        desks = {feed.desk for feed in feeds if feed.desk} | {desk.value for desk in Desk}
        return await asyncio.to_thread(self._topics.read, typed, desks)

    async def _back(self, asked: Asked, query: Topic, *, everything: bool) -> Hindsight:
        async def tell(done: int, of: int) -> None:
            await asked.tell(notice_document(strings.watching.looked(done, of), []))

        await asked.tell(notice_document(strings.watching.LOOKING_BACK, []))
        return await self._looking.back(asked.community, query, everything=everything, tell=tell)

    def _here(self, asked: Asked, to: str) -> bool:
        """Whether it is for the channel; what is said in a conversation with one member is for them."""
        if to == "here" and not asked.place.direct:
            asked.require(Role.EDITOR, strings.watching.WATCH_OF_ALL)
            return True
        if asked.place.private_to is None and not asked.place.direct:
            raise InputError(strings.watching.NO_PRIVATE_PLACE)
        return False

    async def _room(self, tx: Transaction, asked: Asked, *, here: bool) -> None:
        if here and await tx.watches.count(asked.community, None) >= MOST_A_COMMUNITY:
            raise InputError(strings.watching.too_many_here(MOST_A_COMMUNITY))
        if not here and await tx.watches.count(asked.community, asked.member.id) >= MOST_A_MEMBER:
            raise InputError(strings.watching.too_many_of_yours(MOST_A_MEMBER))

    async def _free_name(self, tx: Transaction, asked: Asked, said: str | None, own: WatchId | None) -> str:
        name = " ".join(_cleared(said).split())
        if name.removeprefix("#").isdecimal():
            raise InputError(strings.document.name_like_number(name))
        for other in await tx.watches.of(asked.community, asked.member.id):
            if name and other.id != own and other.name.casefold() == name.casefold():
                raise InputError(strings.watching.name_taken(other.id, other.name))
        return name

    async def _watch(self, tx: Transaction, asked: Asked, said: str) -> Watch:
        """By its number or name, of those that the member sees. Raises InputError where there is none, or several."""
        said = " ".join(said.split())
        watches = await tx.watches.of(asked.community, asked.member.id)
        number = said.removeprefix("#")
        if number.isdecimal() and (found := [one for one in watches if str(one.id) == number.lstrip("0")]):
            return found[0]
        named = [one for one in watches if one.name and one.name.casefold() == said.casefold()]
        if len(named) == 1:
            return named[0]
        if named:
            raise InputError(strings.watching.several(said, [one.id for one in named]))
        hint = did_you_mean(said, [one.name for one in watches if one.name])
        raise InputError(strings.watching.no_watch(said, hint))

    async def _changeable(self, tx: Transaction, asked: Asked) -> Watch:
        watch = await self._watch(tx, asked, asked.arguments.needed("watch"))
        if not may_change(watch, asked.community, asked.member.id, asked.member.role):
            asked.require(Role.EDITOR, strings.watching.communitys_watch(watch.id))
        return watch

    async def _change(
        self, tx: Transaction, asked: Asked, watch: Watch, revision: int, values: Mapping[str, Any]
    ) -> Watch:
        changed = await tx.watches.change(asked.community, asked.member.id, watch.id, revision, **values)
        if changed is None:
            raise InputError(strings.watching.changed_meanwhile(watch.id))
        await tx.tasks.put(Stage.BUNDLE, [watch.id], asked.community)  # what it held may be due another time
        return changed


async def _destination(tx: Transaction, asked: Asked, *, here: bool) -> DestinationId:
    address = asked.place.address if here or asked.place.private_to is None else asked.place.private_to
    return (await tx.schedules.destination(asked.community, asked.place.platform, address)).id


async def _coverage(tx: Transaction, asked: Asked) -> Coverage:
    story = await find_story(tx, asked.community, asked.arguments.needed("story"))
    coverage = await tx.stories.get(asked.community, story)
    if coverage is None:
        raise InputError(strings.reading.no_story_so_search(story))
    return coverage


async def _headline(tx: Transaction, asked: Asked, story: StoryId | None) -> str | None:
    coverage = None if story is None else await tx.stories.get(asked.community, story)
    return None if coverage is None else coverage.members[0].article.title


def _as_read(coverage: Coverage, now: datetime) -> Alert:
    """A story as whoever follows it has read it."""
    return Alert(
        id=AlertId(0),
        story=coverage.story.id,
        version=coverage.story.version,
        outlets=tuple(dict.fromkeys(member.article.outlet.name for member in coverage.members)),
        terms=(),
        told_at=now,
        known=True,
    )


def _cleared(said: str | None) -> str:
    return "" if said is None or said.casefold() == NONE else said


def _told(watch: Watch) -> str:
    return f"{watch.query}, {strings.watching.rhythm(watch.rhythm)}"


def _limits(back: Hindsight) -> list[str]:
    lines = [strings.watching.BROAD] if back.broad else []
    return lines + ([strings.watching.cut_short(back.days, back.read)] if back.days < 30 else [])


def _shown(watch: Watch, title: str, query: Topic, back: Hindsight | None) -> Document:
    before = () if back is None else hindsight_blocks(back.reports, back.stories, back.days, most=EXAMPLES)
    after = [*advice(query), *(() if back is None else _limits(back))]
    if watch.private:
        after.append(strings.watching.PRIVATE_NOTICE)
    return watch_document(watch, title, before=before, after=after)
