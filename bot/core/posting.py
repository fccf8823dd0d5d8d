"""In which manner a schedule's digest is posted."""

from __future__ import annotations

from bot.core import strings
from bot.core.delivery import TITLE_LIMIT, Digest, Manner, Post, Schedule
from bot.core.schedule.zones import zone_of


def manner_of(schedule: Schedule, digest: Digest) -> Manner:
    """A thread and a forum post are headed by the digest's title and its day, where the schedule's clock hangs; a post
    has the forum's tags that are called like the schedule or one of its desks."""
    if schedule.post in (Post.MESSAGE, Post.ANNOUNCEMENT):
        return Manner(post=schedule.post, mention=schedule.mention)
    day = strings.dates.calendar_day(digest.until.astimezone(zone_of(schedule.zone)).date())
    room = TITLE_LIMIT - len(day) - 2
    title = digest.title if len(digest.title) <= room else f"{digest.title[: room - 1].rstrip()}…"
    tags = tuple(each for each in (schedule.name, *schedule.desks) if each) if schedule.post is Post.FORUM else ()
    return Manner(post=schedule.post, mention=schedule.mention, title=f"{title}, {day}", tags=tags)
