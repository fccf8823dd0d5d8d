"""The days ahead, in the digest: of stories that it told before."""

from __future__ import annotations

from datetime import timedelta

from bot.core.message.digest import digest_document
from tests.app.conversation import plain
from tests.app.newsroom import STRIKE, SUIT, Newsroom, entry
from tests.app.test_digests import NINE, digest, fall_due, schedule_of
from tests.app.test_tracking import EXPECTED

DAY = timedelta(days=1)


async def test_a_digest_reminds_of_what_the_one_before_announced(newsroom: Newsroom) -> None:
    schedule = await schedule_of(newsroom.database)
    feed = await newsroom.subscribe(entry(EXPECTED, 1))
    await newsroom.work()
    await fall_due(newsroom, schedule, NINE + DAY)
    first, _ = await digest(newsroom.database, 1)
    assert first.coming == ()  # it stands under the story itself
    await newsroom.publish(feed, entry(EXPECTED, 1), entry(SUIT, 2, published=newsroom.clock.now()))
    await newsroom.work()
    await fall_due(newsroom, schedule, NINE + 2 * DAY)
    second, _ = await digest(newsroom.database, 2)
    assert [item.claim for item in second.coming] == [
        f"The striking screenwriters will vote on a contract with the studio on {EXPECTED[1].rpartition(' on ')[2]}"
    ]
    assert "Coming up in stories told before" in plain(digest_document(second))


async def test_what_no_report_dated_is_not_there(newsroom: Newsroom) -> None:
    schedule = await schedule_of(newsroom.database)
    feed = await newsroom.subscribe(entry(STRIKE, 1))
    await newsroom.work()
    await fall_due(newsroom, schedule, NINE + DAY)
    await newsroom.publish(feed, entry(SUIT, 2, published=newsroom.clock.now()))
    await newsroom.work()
    await fall_due(newsroom, schedule, NINE + 2 * DAY)
    assert (await digest(newsroom.database, 2))[0].coming == ()
