"""What one reading of a feed changes."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.article import Article, ArticleId, BodySource, NewArticle
from bot.core.bygones import MOST, Bygones
from bot.core.feed import Entry, Feed, FeedId, Outlet
from bot.core.identity import identify
from bot.core.intake import Intake, Part, Passed, decide, keys_to_look_up

NOW = datetime(2023, 7, 14, 12, tzinfo=UTC)
FEED = Feed(id=FeedId(1), url="https://news.example/feed", outlet=Outlet(name="The Example"))
OTHER_FEED = replace(FEED, id=FeedId(2), url="https://news.example/tech/feed")
LONG = "The studios and the guild return to the table on Monday, both sides said, after ninety days of pickets."


def entry(**fields: object) -> Entry:
    defaults = {
        "guid": "https://news.example/?p=1",
        "url": "https://news.example/2023/07/strike",
        "title": "Actors join writers on strike in Hollywood",
        "summary": LONG,
        "published": NOW - timedelta(hours=2),
    }
    return Entry(**{**defaults, **fields})  # type: ignore[arg-type]


def numbered(number: int, **fields: object) -> Entry:
    return entry(
        guid=f"https://news.example/?p={number}",
        url=f"https://news.example/2023/07/story-{number}",
        title=f"Headline number {number} about something else again",
        summary=f"Summary number {number}. {LONG}",
        **fields,
    )


class Archive:
    """Stores what `decide` says, as the store would."""

    def __init__(self) -> None:
        self.articles: dict[ArticleId, Article] = {}
        self.keys: dict[str, ArticleId] = {}
        self.bygones: defaultdict[FeedId, Bygones] = defaultdict(Bygones)

    def take(
        self,
        entries: Iterable[Entry],
        feed: Feed = FEED,
        now: datetime = NOW,
        max_age: timedelta | None = None,
        deleted: Sequence[str] = (),
        site: str = "https://news.example/",
    ) -> Intake:
        identified = identify(entries, feed.id, site)
        wanted = keys_to_look_up(identified, feed, deleted)
        known = {key: self.articles[self.keys[key]] for key in wanted if key in self.keys}
        intake = decide(identified, known, feed, now, max_age, deleted, self.bygones[feed.id])
        self.bygones[feed.id] = intake.bygones
        for new in intake.new:
            self._add(new)
        for sighting in intake.sightings:
            for key in sighting.keys:
                assert self.keys.setdefault(key, sighting.article) == sighting.article
            article = self.articles[sighting.article]
            self.articles[article.id] = replace(article, keys=(*article.keys, *sighting.keys))
        for update in intake.updates:
            self.articles[update.article] = replace(
                self.articles[update.article], title=update.title, summary=update.summary, content=update.content
            )
        for retraction in intake.retractions:
            self.articles[retraction.article] = replace(self.articles[retraction.article], withdrawn=retraction.reason)
        return intake

    def _add(self, new: NewArticle) -> None:
        assert new.keys
        id_ = ArticleId(len(self.articles) + 1)
        source = BodySource.FEED if new.content else BodySource.TEASER
        fields = {name: getattr(new, name) for name in NewArticle.__dataclass_fields__}
        self.articles[id_] = Article(id=id_, body_source=source, **fields)
        for key in new.keys:
            assert key not in self.keys
            self.keys[key] = id_


@pytest.fixture
def archive() -> Archive:
    return Archive()


# --- the same article ---------------------------------------------------------------------------------------


def test_first_reading_gives_every_entry(archive: Archive) -> None:
    intake = archive.take([numbered(1), numbered(2)])
    assert [new.title for new in intake.new] == [numbered(1).title, numbered(2).title]
    assert intake.new[0].outlet == FEED.outlet
    assert intake.new[0].published == NOW - timedelta(hours=2)


@pytest.mark.parametrize(
    "again",
    [
        entry(guid="entirely-new-guid"),
        entry(guid=""),
        entry(url="http://www.news.example/2023/07/strike/?utm_source=rss#top"),
        entry(url="https://news.example/2023/07/strike/amp/"),
        entry(url="https://news.example/2023/07/strike-edited-slug"),
        entry(published=NOW),
        entry(published=None),
        entry(guid="new", published=NOW),
        entry(guid="new", url="https://new-system.example/articles/77", published=NOW),
        entry(title="Actors Join Writers on Strike in Hollywood "),
        entry(title="Actors join writers on strike in Hollywood&nbsp;"),
        entry(summary=LONG.replace(" ", "  ")),
    ],
)
def test_same_article_is_not_new_and_not_edited(archive: Archive, again: Entry) -> None:
    archive.take([entry()])
    assert archive.take([again]).changes_nothing


def test_second_feed_of_an_outlet_adds_nothing_and_is_noted(archive: Archive) -> None:
    archive.take([entry()])
    intake = archive.take([entry(guid="x", title="An aggregator's wording of it")], feed=OTHER_FEED)
    assert intake.changes_nothing
    assert [sighting.elsewhere for sighting in intake.sightings] == [True]


def test_learned_guid_finds_the_article_after_its_address_changed(archive: Archive) -> None:
    archive.take([entry()])
    archive.take([entry(guid="tag:news.example,2023:1")])
    moved = entry(guid="tag:news.example,2023:1", url="https://news.example/moved", summary="")
    assert archive.take([moved]).changes_nothing


@given(data=st.data())
@settings(max_examples=60, deadline=None)
def test_republishing_changes_nothing(data: st.DataObject) -> None:
    """Shuffled, re-dated, given new guids or tracked addresses, all at once: nothing is new, nothing is edited."""
    entries = [numbered(number) for number in range(data.draw(st.integers(1, 12)))]
    archive = Archive()
    archive.take(entries)
    shuffled = data.draw(st.permutations(entries))
    redated, reguided, retracked = (data.draw(st.booleans()) for _ in range(3))
    again = [
        replace(
            one,
            published=NOW + timedelta(minutes=number) if redated else one.published,
            guid=f"guid-{number}" if reguided else one.guid,
            url=one.url.replace("https", "http") + f"/?utm_campaign={number}&fbclid=x" if retracked else one.url,
        )
        for number, one in enumerate(shuffled)
    ]
    assert archive.take(again).changes_nothing
    assert archive.take(entries).changes_nothing


# --- not the same article -----------------------------------------------------------------------------------


def test_entries_that_share_one_link_are_different_articles(archive: Archive) -> None:
    shared = "https://news.example/latest"
    entries = [replace(numbered(number), url=shared) for number in range(5)]
    assert len(archive.take(entries).new) == 5
    assert archive.take(list(reversed(entries))).changes_nothing
    reguided = [replace(one, guid=f"other-{one.guid}") for one in entries]
    assert archive.take(reguided).changes_nothing


def test_next_entry_at_a_shared_link_is_new_even_alone(archive: Archive) -> None:
    shared = "https://news.example/latest"
    archive.take([replace(numbered(1), url=shared)])
    later = replace(numbered(2), url=shared, summary="Nothing like it was said before.", published=NOW)
    later = replace(later, title="Entirely different words this time")
    assert len(archive.take([later]).new) == 1
    assert archive.take([later]).changes_nothing


def test_entries_that_differ_only_in_a_number_are_different_articles(archive: Archive) -> None:
    entries = [entry(guid="", url=f"https://news.example/?p={number}") for number in range(3)]
    assert len(archive.take(entries).new) == 3


def test_entries_that_share_one_guid_are_different_articles(archive: Archive) -> None:
    entries = [replace(numbered(number), guid="https://news.example/feed") for number in range(3)]
    assert len(archive.take(entries).new) == 3
    assert archive.take(entries).changes_nothing


def test_front_page_as_link_identifies_nothing(archive: Archive) -> None:
    entries = [replace(numbered(number), url="https://news.example/", guid="") for number in range(3)]
    assert len(archive.take(entries[:1]).new) == 1
    assert len(archive.take(entries[1:]).new) == 2
    assert archive.take(entries).changes_nothing


def test_neither_link_nor_guid_is_told_apart_by_headline(archive: Archive) -> None:
    entries = [replace(numbered(number), url="", guid="") for number in range(3)]
    assert len(archive.take(entries).new) == 3
    assert archive.take([replace(one, published=NOW) for one in entries]).changes_nothing


def test_recurring_headline_under_its_own_address_is_new(archive: Archive) -> None:
    archive.take([entry(title="Morning Briefing", summary="Monday's news.")])
    tuesday = entry(
        guid="https://news.example/?p=2",
        url="https://news.example/tuesday",
        title="Morning Briefing",
        summary="Tuesday's news, all of it different.",
        published=NOW,
    )
    assert len(archive.take([tuesday]).new) == 1


def test_article_listed_twice_is_taken_once(archive: Archive) -> None:
    intake = archive.take([entry(), entry(guid="in-another-section")])
    assert len(intake.new) == 1
    assert intake.passed[Passed.REPEATED] == 1


def test_entry_that_says_nothing_is_passed_over(archive: Archive) -> None:
    intake = archive.take([Entry(guid="", url="", title="")])
    assert intake.changes_nothing
    assert intake.passed == {Passed.SAYS_NOTHING: 1}


# --- edits --------------------------------------------------------------------------------------------------


def test_edited_headline_is_an_update_of_the_headline(archive: Archive) -> None:
    archive.take([entry()])
    intake = archive.take([entry(title="Actors and writers strike together for the first time since 1960")])
    assert [update.changed for update in intake.updates] == [{Part.TITLE}]
    assert not intake.new
    assert intake.updates[0].summary == LONG


@pytest.mark.parametrize("edited", ["Guild accepts 5.5% rise", "Guild accepts 5% rise?", "Guild rejects 5% rise"])
def test_changed_number_or_question_mark_is_an_edit(archive: Archive, edited: str) -> None:
    archive.take([entry(title="Guild accepts 5% rise")])
    assert len(archive.take([entry(title=edited)]).updates) == 1


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('"We won\'t," she said', "“We won’t”, she said"),
        ("AT&amp;T pays", "AT&T pays"),
        ("A well-known writer", "A well\u2011known writer"),
        ("Read https://a.example/x?utm_source=1", "Read https://www.a.example/x"),
        ("Strike talk. 12 comments", "Strike talk. 340 comments"),
    ],
)
def test_typing_is_no_edit(archive: Archive, before: str, after: str) -> None:
    archive.take([entry(summary=before)])
    assert archive.take([entry(summary=after)]).changes_nothing


def test_text_of_the_page_is_not_overwritten_by_the_feed(archive: Archive) -> None:
    archive.take([entry()])
    page = replace(archive.articles[ArticleId(1)], content="The whole page.", body_source=BodySource.PAGE)
    archive.articles[ArticleId(1)] = page
    assert archive.take([entry(content="The feed's longer text.")]).changes_nothing
    update = archive.take([entry(title="A new headline over the same story")]).updates[0]
    assert update.content == "The whole page."


def test_part_the_feed_no_longer_gives_is_kept(archive: Archive) -> None:
    archive.take([entry(content="All of it, " * 20)])
    assert archive.take([entry(summary="", content="")]).changes_nothing


def test_another_feed_of_the_outlet_gives_the_text_the_first_one_lacks_once(archive: Archive) -> None:
    archive.take([entry()])
    full = entry(summary="Worded otherwise.", content="The whole article. " * 70)
    (update,) = archive.take([full], feed=OTHER_FEED).updates
    assert (update.changed, update.content, update.summary) == (frozenset({Part.CONTENT}), full.content, LONG)
    assert archive.take([full], feed=OTHER_FEED).changes_nothing
    assert archive.take([entry()]).changes_nothing


def test_another_outlets_feed_gives_no_text(archive: Archive) -> None:
    archive.take([entry()])
    gatherer = replace(OTHER_FEED, outlet=Outlet(name="Gatherer"))
    assert archive.take([entry(content="Its own words. " * 90)], feed=gatherer).changes_nothing


def test_another_feed_cannot_edit_or_retract(archive: Archive) -> None:
    archive.take([entry()])
    assert archive.take([entry(title="[Removed]", summary="Other words")], feed=OTHER_FEED).changes_nothing


def test_two_versions_in_one_feed_do_not_alternate(archive: Archive) -> None:
    old, new = entry(), entry(title="A later headline for this strike", updated=NOW)
    archive.take([old, new])
    random.seed(1)
    assert archive.take([new, old]).changes_nothing
    assert archive.take([old, new]).changes_nothing
    assert archive.articles[ArticleId(1)].title == new.title


# --- taken back ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "marked",
    [
        entry(title="[Removed]"),
        entry(title="RETRACTED: Actors join writers on strike in Hollywood"),
        entry(title="Withdrawn — Actors join writers on strike in Hollywood"),
        entry(title="Retraction"),
        entry(summary="This article has been removed after a complaint."),
        entry(summary="Editor's note: this story was retracted on July 15."),
    ],
)
def test_marked_article_is_taken_back_once(archive: Archive, marked: Entry) -> None:
    archive.take([entry()])
    intake = archive.take([marked])
    assert [retraction.article for retraction in intake.retractions] == [1]
    assert not intake.updates
    assert archive.take([marked]).changes_nothing


def test_report_about_a_retraction_is_news(archive: Archive) -> None:
    intake = archive.take([entry(title="Retracted: the study that said machines write better")])
    assert len(intake.new) == 1
    assert archive.take([entry(title="Retracted: the study that said machines write better")]).changes_nothing


def test_entry_first_seen_as_removed_is_passed_over(archive: Archive) -> None:
    assert archive.take([entry(title="[Removed]")]).passed == {Passed.TAKEN_BACK: 1}


def test_tombstone_takes_back_its_article(archive: Archive) -> None:
    archive.take([entry(guid="tag:news.example,2023:1")])
    intake = archive.take([], deleted=["tag:news.example,2023:1", "tag:news.example,2023:unknown"])
    assert [retraction.article for retraction in intake.retractions] == [1]


def test_article_that_left_the_feed_stays(archive: Archive) -> None:
    archive.take([numbered(1), numbered(2)])
    assert archive.take([numbered(2)]).changes_nothing


# --- time ---------------------------------------------------------------------------------------------------


def test_too_old_is_passed_over_and_counted(archive: Archive) -> None:
    entries = [numbered(1, published=NOW - timedelta(days=31)), numbered(2, published=NOW - timedelta(days=29))]
    intake = archive.take(entries, max_age=timedelta(days=30))
    assert [new.title for new in intake.new] == [numbered(2).title]
    assert intake.passed == {Passed.TOO_OLD: 1}


LIMIT = timedelta(days=30)
OLD = NOW - timedelta(days=90)


def test_a_redated_archive_brings_nothing_new(archive: Archive) -> None:
    old = [numbered(number, published=OLD - timedelta(days=number)) for number in range(40)]
    assert archive.take([*old, numbered(99)], max_age=LIMIT).passed == {Passed.TOO_OLD: 40}
    redated = [replace(one, published=NOW - timedelta(minutes=5)) for one in reversed(old)]
    for _ in range(2):
        intake = archive.take([*redated, numbered(99)], max_age=LIMIT)
        assert (intake.changes_nothing, intake.passed) == (True, {Passed.TOO_OLD: 40})


@pytest.mark.parametrize(
    "changed",
    [
        pytest.param({"guid": "a-new-system-17"}, id="guid"),
        pytest.param({"url": "http://www.news.example/2023/07/story-7/?utm_source=rss"}, id="tracking"),
        pytest.param({"url": "https://news.example/archive/7"}, id="address"),
        pytest.param({"guid": "17", "url": "https://news.example/archive/7"}, id="both, in the same words"),
        pytest.param({"guid": "17", "summary": ""}, id="guid, without its teaser"),
        pytest.param({"title": "Another headline altogether", "summary": "And words."}, id="edited"),
    ],
)
def test_a_redated_archive_is_known_by_what_it_kept(archive: Archive, changed: dict[str, str]) -> None:
    archive.take([numbered(7, published=OLD)], max_age=LIMIT)
    again = archive.take([replace(numbered(7, published=NOW), **changed)], max_age=LIMIT)  # type: ignore[arg-type]
    assert (again.changes_nothing, again.passed) == (True, {Passed.TOO_OLD: 1})


def test_an_old_entry_hides_no_new_one_at_the_address_they_share(archive: Archive) -> None:
    """A feed with one entry at a time, always with the address of its page."""
    latest = "https://news.example/latest"
    archive.take([numbered(1, published=OLD)], max_age=LIMIT)
    archive.take([replace(numbered(2, published=OLD), url=latest)], max_age=LIMIT)
    new = replace(numbered(3, published=NOW), url=latest)
    assert [one.title for one in archive.take([new], max_age=LIMIT).new] == [new.title]


def test_what_was_too_old_for_a_short_limit_is_taken_with_a_longer_one_under_its_first_date(archive: Archive) -> None:
    entries = [numbered(1, published=OLD), numbered(2, published=NOW - timedelta(days=400))]
    archive.take(entries, max_age=LIMIT)
    (new,) = archive.take([replace(one, published=NOW) for one in entries], max_age=timedelta(days=365)).new
    assert (new.title, new.published) == (numbered(1).title, OLD)


def test_old_entries_are_remembered_within_bounds_and_those_of_the_present_reading_first(archive: Archive) -> None:
    for batch in range(4):
        entries = [numbered(batch * 1000 + number, published=OLD) for number in range(1000)]
        archive.take(entries, max_age=LIMIT)
        assert len(archive.bygones[FEED.id].packed) <= MOST * 12
    redated = [replace(one, published=NOW) for one in entries]
    assert archive.take(redated, max_age=LIMIT).passed == {Passed.TOO_OLD: 1000}


def test_nothing_is_written_anew_for_old_entries_that_are_known(archive: Archive) -> None:
    entries = [numbered(number, published=OLD) for number in range(5)]
    archive.take(entries, max_age=LIMIT)
    before = archive.bygones[FEED.id]
    archive.take(entries[::-1], max_age=LIMIT)
    archive.take(entries[:2], max_age=LIMIT)
    assert archive.bygones[FEED.id] is before


@pytest.mark.parametrize("year", [1, 1969, 9999])
def test_impossible_days_are_remembered_too(archive: Archive, year: int) -> None:
    extreme = numbered(1, published=datetime(year, 1, 1, tzinfo=UTC))
    first = archive.take([extreme], max_age=LIMIT)
    again = archive.take([replace(extreme, published=NOW)], max_age=LIMIT)
    assert (len(first.new), again.changes_nothing) == (int(year == 9999), True)


def test_no_limit_of_age_keeps_all(archive: Archive) -> None:
    assert len(archive.take([numbered(1, published=datetime(1999, 1, 1, tzinfo=UTC))]).new) == 1


def test_future_becomes_now(archive: Archive) -> None:
    new = archive.take([numbered(1, published=NOW + timedelta(days=400))]).new[0]
    assert (new.published, new.dated) == (NOW, False)


def test_missing_date_is_the_day_in_the_address_or_now(archive: Archive) -> None:
    dated = entry(url="https://news.example/2023/07/11/a", guid="a", published=None)
    undated = numbered(2, published=None)
    new = archive.take([dated, undated]).new
    assert [(one.published, one.dated) for one in new] == [(datetime(2023, 7, 11, tzinfo=UTC), False), (NOW, False)]


def test_untitled_post_gets_the_first_line_of_its_text(archive: Archive) -> None:
    new = archive.take([entry(title="", summary="First line of the post.\nSecond line.")]).new[0]
    assert new.title == "First line of the post."
    assert archive.take([entry(title="", summary="First line of the post.\nSecond line.")]).changes_nothing
