"""The sample week behind `slugline demo`: invented outlets, a week of their news, and the truth about it.

The week is written once, in days from its start, and printed for any `now`, so that it always ends now. Dates inside
the text are written as `{date 12}`, `{weekday 0}`, `{month 40}` or `{year -3}`: days (for `year`, years) from the day
of the story's first article, the same day in every article of a story, so that outlets agree with each other and
"the vote closes on 14 March" lies in the future whenever the demo runs.

The truth (which articles are one story, which stories are about AI and work, who copies whom, whose numbers disagree)
is for tests and measurements; it never reaches a feed.

Everything here is pure; `adapters.sample` reads the files and serves them.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any

from bot.core.feed import Outlet

WEEK = timedelta(days=7)
MORNING = time(6)
"""No article is earlier in its day. The day a story speaks of is the date its first day has at that hour, so that no
article is ever printed before the day it calls today, whatever the hour of `now`."""


class Edition(StrEnum):
    """What the outlets say now, and what they say after a correction and a retraction."""

    FIRST = "first"
    SECOND = "second"


class FeedFormat(StrEnum):
    RSS = "rss"
    ATOM = "atom"
    JSON = "json"
    RDF = "rdf"  # RSS 1.0


# --- as written ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleOutlet:
    """`full` outlets put the whole text into the feed, the others a teaser. `noai` outlets reserve their pages."""

    slug: str
    outlet: Outlet
    tagline: str
    desk: str
    format: FeedFormat
    full: bool
    noai: bool
    language: str
    month_first: bool  # "March 14" rather than "14 March"


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """The second edition says `now` wherever the first said `was`, and admits it at the end in `note`."""

    was: str
    now: str
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Retraction:
    """The second edition has this title, and the notice in place of the text."""

    title: str
    notice: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleArticle:
    """`at` counts from the week's start. `copies` names the outlet whose wire story this repeats nearly verbatim."""

    outlet: str
    slug: str
    at: timedelta
    author: str
    title: str
    teaser: str
    body: tuple[str, ...]
    copies: str | None = None
    change: Correction | Retraction | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleStory:
    """One event. `follows` is the earlier story of a saga; `disagree` the numbers on which the outlets differ."""

    key: str
    relevant: bool
    articles: tuple[SampleArticle, ...]
    follows: str | None = None
    disagree: tuple[str, ...] = ()

    @property
    def day(self) -> int:
        """The day of the week, counted from 0, that the dates in its text count from."""
        return min(article.at for article in self.articles).days


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleWeek:
    outlets: tuple[SampleOutlet, ...]
    stories: tuple[SampleStory, ...]


# --- as printed ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedArticle:
    """An article with its dates filled in. `updated` is set where the second edition changed it."""

    story: str
    relevant: bool
    outlet: SampleOutlet
    slug: str
    author: str
    title: str
    teaser: str
    body: tuple[str, ...]
    published: datetime
    updated: datetime | None = None

    @property
    def path(self) -> str:
        """Where its page is, from the server's root."""
        return f"/{self.outlet.slug}/{self.slug}"

    @property
    def changed(self) -> datetime:
        return self.updated or self.published


def print_week(week: SampleWeek, now: datetime, edition: Edition = Edition.FIRST) -> tuple[PrintedArticle, ...]:
    """The week's articles, newest first, as if it ended at `now` (aware UTC)."""
    start = now - WEEK
    outlets = {outlet.slug: outlet for outlet in week.outlets}
    printed = [
        _print(story, article, outlets[article.outlet], start, edition)
        for story in week.stories
        for article in story.articles
    ]
    return tuple(sorted(printed, key=lambda article: article.published, reverse=True))


def _print(
    story: SampleStory, article: SampleArticle, outlet: SampleOutlet, start: datetime, edition: Edition
) -> PrintedArticle:
    today = (start + timedelta(days=story.day, hours=MORNING.hour)).date()
    title, teaser, body, updated = article.title, article.teaser, article.body, None
    if edition is Edition.SECOND and article.change is not None:
        updated = start + WEEK
        match article.change:
            case Correction(was=was, now=right, note=note):
                title, teaser = title.replace(was, right), teaser.replace(was, right)
                body = (*(paragraph.replace(was, right) for paragraph in body), note)
            case Retraction(title=title, notice=notice):
                teaser, body = notice, (notice,)
    return PrintedArticle(
        story=story.key,
        relevant=story.relevant,
        outlet=outlet,
        slug=article.slug,
        author=article.author,
        title=_fill(title, today, outlet),
        teaser=_fill(teaser, today, outlet),
        body=tuple(_fill(paragraph, today, outlet) for paragraph in body),
        published=start + article.at,
        updated=updated,
    )


# --- dates in the text --------------------------------------------------------------------------------------

_PLACEHOLDER = re.compile(r"\{(date|weekday|month|year) ([+-]?\d+)\}")

# Not from `calendar`: its names follow the machine's locale.
_WEEKDAYS = {
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    "fr": ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"),
}
_MONTHS = {
    "en": (
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ),
    "fr": (
        "janvier",
        "février",
        "mars",
        "avril",
        "mai",
        "juin",
        "juillet",
        "août",
        "septembre",
        "octobre",
        "novembre",
        "décembre",
    ),
}


def _fill(text: str, today: date, outlet: SampleOutlet) -> str:
    """Dates in the outlet's own style; the year is written where it is not this one."""
    weekdays, months = _WEEKDAYS[outlet.language], _MONTHS[outlet.language]

    def written(placeholder: re.Match[str]) -> str:
        unit, count = placeholder[1], int(placeholder[2])
        if unit == "year":
            return str(today.year + count)
        day = today + timedelta(days=count)
        month = months[day.month - 1]
        match unit:
            case "weekday":
                return weekdays[day.weekday()]
            case "month":
                return month if day.year == today.year else f"{month} {day.year}"
            case _:
                short = f"{month} {day.day}" if outlet.month_first else f"{day.day} {month}"
                if day.year == today.year:
                    return short
                return f"{short}, {day.year}" if outlet.month_first else f"{short} {day.year}"

    return _PLACEHOLDER.sub(written, text)


# --- reading ------------------------------------------------------------------------------------------------


def load_week(outlets: bytes, stories: Mapping[str, bytes]) -> SampleWeek:
    """The week from `outlets.toml` and one TOML file a story, by key. Its form is shown in bot/data/sample/README.md.

    The files ship with the program, so what is wrong in them is a bug: KeyError or ValueError.
    """
    known = tuple(_outlet(slug, table) for slug, table in tomllib.loads(outlets.decode()).items())
    slugs = {outlet.slug for outlet in known}
    told = tuple(_story(key, tomllib.loads(stories[key].decode())) for key in sorted(stories))
    for story in told:
        for article in story.articles:
            if article.outlet not in slugs:
                raise ValueError(f"{story.key}: no outlet {article.outlet}")
    return SampleWeek(outlets=known, stories=told)


def _outlet(slug: str, table: Mapping[str, Any]) -> SampleOutlet:
    return SampleOutlet(
        slug=slug,
        outlet=Outlet(
            name=table["name"],
            owner=table["owner"],
            country=table["country"],
            paywalled=table.get("paywalled", False),
        ),
        tagline=table["tagline"],
        desk=table["desk"],
        format=FeedFormat(table.get("format", "rss")),
        full=table.get("full", False),
        noai=table.get("noai", False),
        language=table.get("language", "en"),
        month_first=table.get("month_first", False),
    )


def _story(key: str, table: Mapping[str, Any]) -> SampleStory:
    return SampleStory(
        key=key,
        relevant=table["relevant"],
        articles=tuple(_article(key, article) for article in table["article"]),
        follows=table.get("follows"),
        disagree=tuple(table.get("disagree", ())),
    )


def _article(story: str, table: Mapping[str, Any]) -> SampleArticle:
    at = re.fullmatch(r"([0-6])d (\d\d):(\d\d)", table["at"])
    if at is None or int(at[2]) < MORNING.hour:
        raise ValueError(f"{story}: {table['at']!r} is not a day from 0d to 6d and an hour from {MORNING:%H:%M}")
    return SampleArticle(
        outlet=table["outlet"],
        slug=_slug(table["title"]),
        at=timedelta(days=int(at[1]), hours=int(at[2]), minutes=int(at[3])),
        author=table["author"],
        title=table["title"],
        teaser=" ".join(table["teaser"].split()),
        body=_paragraphs(table["body"]),
        copies=table.get("copies"),
        change=_change(table),
    )


def _change(table: Mapping[str, Any]) -> Correction | Retraction | None:
    if "correction" in table:
        return Correction(**table["correction"])
    if "retraction" in table:
        return Retraction(**table["retraction"])
    return None


def _paragraphs(text: str) -> tuple[str, ...]:
    """Blank lines part paragraphs; the line breaks within one are only for the file's reader."""
    return tuple(" ".join(paragraph.split()) for paragraph in re.split(r"\n\s*\n", text.strip()))


def _slug(title: str) -> str:
    """The title's first eight words, in plain ASCII."""
    plain = unicodedata.normalize("NFKD", title.replace("’", "")).encode("ascii", "ignore").decode()
    return "-".join(re.findall(r"[a-z0-9]+", plain.replace("'", "").lower())[:8])
