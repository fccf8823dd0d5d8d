"""`corrections`, the log that everybody may read, and `review correct`, by which an editor rules about what was posted.

What an editor decides about a sentence holds in every digest of the community that was posted with it, or is about to
be. The form carries which state of the digest it was made from; of two who correct at once the later is told.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from bot.app.commands.asked import Asked, Handler
from bot.app.commands.pages import page_of
from bot.app.correct import say_instead
from bot.app.errata import is_posted
from bot.app.ports import Clock, Database, Transaction
from bot.app.review import Rendered
from bot.app.subject import find_story
from bot.core import strings
from bot.core.analysis import HEADLINE_LIMIT, Analysis
from bot.core.correction.ruling import rule, told
from bot.core.delivery import Digest, DigestId
from bot.core.errors import InputError
from bot.core.message.correction import correct_form, correct_which_document, log_document
from bot.core.message.document import Answer, Ask, Reply
from bot.core.message.review import decided_document, flag_line
from bot.core.review.draft import HEADLINE, Reviewer
from bot.core.review.entry import Action, ReviewEntry
from bot.core.review.flags import Ungrounded, flags_of
from bot.core.story import StoryId

SHOWN = 200
"""Corrections that the log shows."""


class Corrections:
    """`document` says what a digest looks like as a message."""

    def __init__(self, database: Database, document: Rendered, clock: Clock) -> None:
        self._database = database
        self._document = document
        self._clock = clock

    def handlers(self) -> Mapping[tuple[str, ...], Handler]:
        return {("corrections",): self.log, ("review", "correct"): self.correct}

    async def log(self, asked: Asked) -> Answer:
        span = asked.arguments.span("since")
        since = None if span is None else self._clock.now() - span
        async with self._database.read() as tx:
            found = await tx.corrections.log(asked.community, since=since, limit=SHOWN + 1)
        return page_of(asked, log_document(found[:SHOWN], more=len(found) > SHOWN))

    async def correct(self, asked: Asked) -> Answer:
        number, reason = asked.arguments.number("sentence"), asked.arguments.text("reason")
        async with self._database.read() as tx:
            story = await find_story(tx, asked.community, asked.arguments.needed("story"))
            _, digest, analysis = await _latest(tx, asked, story)
        state = len(digest.corrections) + 1
        if asked.arguments.number("revision") not in (None, state):
            raise InputError(strings.correction.OVERTAKEN)
        if number is None:
            return Reply(document=correct_which_document(analysis, state), private=True)
        was = told(analysis, number)
        if was is None:
            raise InputError(strings.correction.no_sentence(number, sum(1 for _ in analysis.claims())))
        if reason is None:
            most = HEADLINE_LIMIT if number == HEADLINE else None
            return Ask(correct_form(analysis.story, number, was, state, most))
        now = asked.arguments.text("text")
        now = None if now is None else " ".join(now.split())
        if number == HEADLINE and (now is None or len(now) > HEADLINE_LIMIT):
            raise InputError(strings.correction.headline_says(HEADLINE_LIMIT))
        if now == was:
            raise InputError(strings.correction.SAME)
        return await self._rule(asked, story, number, was, now, reason)

    async def _rule(self, asked: Asked, story: StoryId, number: int, was: str, now: str | None, reason: str) -> Answer:
        at, seen = self._clock.now(), asked.arguments.number("revision")
        changed = messages = 0
        async with self._database.begin() as tx:
            telling = await tx.digests.telling(asked.community, story)
            for place, (one, stories) in enumerate(sorted(telling.items(), reverse=True)):
                await tx.reviews.hold(asked.community, one)
                held = [
                    await tx.deliveries.hold(asked.community, id_)
                    for id_ in await tx.deliveries.of_digest(asked.community, one)
                ]
                found = await tx.digests.get(asked.community, one)
                assert found is not None
                if place == 0 and seen is not None and seen != len(found[0].corrections) + 1:
                    raise InputError(strings.correction.OVERTAKEN)
                posted = [delivery for delivery in held if delivery is not None and is_posted(delivery)]
                ruled = rule(
                    found[0], stories, was, now, reason=reason, by=asked.member.name, at=at, posted=bool(posted)
                )
                if not ruled.corrections:
                    continue
                changed, messages = changed + 1, messages + len(posted)
                await tx.digests.revise(asked.community, one, ruled.digest)
                for delivery in held:
                    if delivery is not None:
                        await say_instead(
                            *(tx, asked.community, one, delivery.id, ruled.digest, ruled.corrections, self._document),
                            member=asked.member.id,
                        )
                part = strings.correction.part(story, number)
                by = Reviewer(member=asked.member.id, name=asked.member.name)
                entry = ReviewEntry(action=Action.CORRECTED, at=at, by=by, digest=one, part=part, before=was, after=now)
                await tx.reviews.note(asked.community, entry)
            if not changed:
                raise InputError(strings.correction.OVERTAKEN)
            _, _, analysis = await _latest(tx, asked, story)
        title = strings.correction.done(analysis.headline, messages)
        flags = [] if now is None else await asyncio.to_thread(_doubts, analysis, now)
        return Reply(document=decided_document(title, flags))


def _doubts(analysis: Analysis, text: str) -> list[str]:
    """What of the new words their sources do not bear out, in words."""
    return [flag_line(flag) for flag in flags_of(analysis) if isinstance(flag, Ungrounded) and flag.text == text]


async def _latest(tx: Transaction, asked: Asked, story: StoryId) -> tuple[DigestId, Digest, Analysis]:
    """The last digest that told it. Raises InputError where none did."""
    telling = await tx.digests.telling(asked.community, story)
    for one in sorted(telling, reverse=True):
        found = await tx.digests.get(asked.community, one)
        if found is not None:
            for analysis in found[0].analyses:
                if analysis.story in telling[one]:
                    return one, found[0], analysis
    raise InputError(strings.correction.not_posted(story))
