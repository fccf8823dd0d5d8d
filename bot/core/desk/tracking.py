"""What to Watch, watched: expectations of an analysis kept as items, and what becomes of each.

*Identity*: analyses of a story's versions, and of the stories of one saga, word one expectation differently. Two are
the same item where they await the same act (a vote, a ruling, a release …) and share their date or most of their words.

*By date*: an item is due on its day; where nothing is heard of it for `SILENCE` after that it is quiet, and so is an
undated one after `UNDATED_SILENCE`. That follows from the item and the date alone (`as_of`), so it is right whenever
it is asked for, however long nobody ran.

*By later articles*: a sentence published after the expectation, in the same story or a later one of its saga, that
reports the awaited act as done, or as put off, settles it with that sentence as evidence. Rather unresolved than wrong:
the act must be the same one in a past form, not hedged, denied or told of an earlier year, and who and what is spoken
of must be the same; where the expectation names a day, a report from before that day does not count.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import NewType

from bot.core.analysis import Analysis
from bot.core.article import Article, ArticleId
from bot.core.community import Viewer
from bot.core.desk.names import fold, proper_words
from bot.core.desk.outlook import names_day
from bot.core.desk.sentences import split
from bot.core.desk.wording import content_words
from bot.core.story import Coverage, StoryId

TrackedId = NewType("TrackedId", int)

SILENCE = timedelta(days=14)
UNDATED_SILENCE = timedelta(days=45)
SAME_DATE = timedelta(days=7)
"""Dates no further apart may be one date told with different care: "next week", "on Tuesday"."""
ALIKE = 0.6
"""Share of the shorter one's words from which two undated expectations are the same."""
COVERED = 0.5
"""Share of an expectation's words that a report of it and its title must have."""


class WatchState(StrEnum):
    OPEN = "open"
    DUE = "due"
    HAPPENED = "happened"
    SLIPPED = "slipped"
    QUIET = "quiet"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewTrackedItem:
    """Something that can be seen to happen or not, as an outlet's sentence (`sentence` of `article`) announces it.

    `owner` is as for analyses. `since` is when that article was published, `heard` when the last one that still
    expected it was.
    """

    story: StoryId
    owner: Viewer
    claim: str
    article: ArticleId
    sentence: str
    due: date | None
    since: datetime
    heard: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackedItem(NewTrackedItem):
    """A stored one. `resolution` is the sentence of `resolved_by` that says it happened or slipped."""

    id: TrackedId
    state: WatchState = WatchState.OPEN
    resolved_by: ArticleId | None = None
    resolution: str | None = None

    @property
    def settled(self) -> bool:
        return self.state in (WatchState.HAPPENED, WatchState.SLIPPED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A sentence that may settle something: it says that an act was done or put off."""

    article: ArticleId
    published: datetime
    title: str
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a new analysis changes: items to add, to replace, and those whose evidence is no longer there."""

    new: tuple[NewTrackedItem, ...] = ()
    changed: tuple[TrackedItem, ...] = ()
    gone: tuple[TrackedId, ...] = ()


# --- by date ------------------------------------------------------------------------------------------------


def as_of(item: TrackedItem, now: datetime) -> WatchState:
    """The item's state at that moment: what settled it stays, the rest follows from the date."""
    if item.settled:
        return item.state
    quiet = _quiet_from(item)
    if now >= quiet:
        return WatchState.QUIET
    return WatchState.DUE if item.due is not None and now >= _morning(item.due) else WatchState.OPEN


def next_change(items: Iterable[TrackedItem], now: datetime) -> datetime | None:
    """When the date next changes a state; None where it never will."""
    moments = [
        moment
        for item in items
        if not item.settled
        for moment in (_quiet_from(item), *([] if item.due is None else [_morning(item.due)]))
        if moment > now
    ]
    return min(moments, default=None)


def _quiet_from(item: TrackedItem) -> datetime:
    if item.due is None:
        return item.heard + UNDATED_SILENCE
    return max(_morning(item.due), item.heard) + SILENCE


def _morning(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


# --- by a new analysis --------------------------------------------------------------------------------------


def plan(
    known: Sequence[TrackedItem],
    analysis: Analysis,
    coverage: Coverage,
    reports: Sequence[Report],
    *,
    owner: Viewer,
    now: datetime,
) -> Plan:
    """What the analysis of a story, as `owner` has it, changes.

    `known` are the items of the story and of those before it in its saga that the owner may see; only its own are
    changed. `reports` are `reports_of` the coverage.
    """
    articles = {member.article.id: member.article for member in coverage.members}
    heard: dict[TrackedId, NewTrackedItem] = {}
    new: list[NewTrackedItem] = []
    for expected in _expected(analysis, articles, owner):
        twin = next((item for item in known if same(item, expected)), None)
        if twin is not None:
            heard.setdefault(twin.id, expected)
        elif not any(same(other, expected) for other in new):
            new.append(expected)
    changed, gone = [], []
    for item in known:
        if item.owner != owner:
            continue
        after = _heard_again(item, heard.get(item.id), articles)
        if after is None:
            gone.append(item.id)
            continue
        if not after.settled:
            after = _settled(after, reports)
            after = replace(after, state=as_of(after, now))
        if after != item:
            changed.append(after)
    return Plan(new=tuple(new), changed=tuple(changed), gone=tuple(gone))


def _expected(analysis: Analysis, articles: dict[ArticleId, Article], owner: Viewer) -> Iterator[NewTrackedItem]:
    evidence = {one.id: one for one in analysis.evidence}
    for outlook in analysis.watch:
        cited = [evidence[number] for number in outlook.claim.evidence if number in evidence]
        first = next((one for one in cited if one.article in articles), None)
        if first is None:
            continue
        published = articles[first.article].published
        yield NewTrackedItem(
            story=analysis.story,
            owner=owner,
            claim=outlook.claim.text,
            article=first.article,
            sentence=first.sentence,
            due=outlook.due,
            since=published,
            heard=published,
        )


def _heard_again(
    item: TrackedItem, expected: NewTrackedItem | None, articles: dict[ArticleId, Article]
) -> TrackedItem | None:
    """The item with what the analysis adds to it; None where its sentence was edited away and nothing replaces it."""
    stands = item.article not in articles or item.sentence in articles[item.article].text
    if expected is None:
        return item if stands else None
    after = replace(item, heard=max(item.heard, expected.heard), due=item.due or expected.due)
    if stands:
        return after
    return replace(after, claim=expected.claim, article=expected.article, sentence=expected.sentence)


def same(one: NewTrackedItem, other: NewTrackedItem) -> bool:
    """Whether two expectations, of one story or saga, await the same thing."""
    if one.sentence == other.sentence:
        return True
    act, its = _act(one.claim), _act(other.claim)
    if act != its or _numbered(one.claim) != _numbered(other.claim):
        return False
    if one.due is not None and other.due is not None and abs(one.due - other.due) > SAME_DATE:
        return False
    mine, theirs = _core(one.claim), _core(other.claim)
    shared = len(mine & theirs)
    if act is not None and one.due is not None and one.due == other.due:
        return shared >= 1
    return shared >= 2 and shared >= ALIKE * min(len(mine), len(theirs))


# --- by a later article -------------------------------------------------------------------------------------

_ACTS: tuple[tuple[re.Pattern[str], re.Pattern[str]], ...] = tuple(
    (re.compile(rf"\b(?:{awaited})\b", re.IGNORECASE), re.compile(rf"\b(?:{done})\b", re.IGNORECASE))
    for awaited, done in (
        (
            r"vot(?:e|es|ing)|ballots?|ratif\w+|authori[sz]e",
            r"voted|ratified|approved|rejected|authori[sz]ed|turned\sdown",
        ),
        (r"hear|hearings?|testify", r"heard|testified|held\s(?:a|the|its)\shearing|hearing\swas\sheld"),
        (
            r"rul(?:e|es|ing)|decid(?:e|es)|decision|judge?ment",
            r"ruled|decided|dismissed|granted|denied|sided\swith|upheld|threw\sout|struck\sdown",
        ),
        (r"publish(?:es)?|release[sd]?|unveil|issue", r"published|released|issued|unveiled"),
        (r"appeal", r"appealed|filed\s(?:an|its|their|the)\sappeal"),
        (r"meet|meetings?", r"met|held\s(?:a|the|its)\smeeting"),
        (
            r"talks|negotiat\w+|bargain\w*|resume",
            r"(?:talks|negotiations|bargaining)\s(?:resumed|began|reopened)|resumed\s(?:talks|negotiat\w+|bargaining)"
            r"|returned\sto\s(?:the\s)?(?:bargaining\s|negotiating\s)?(?:table|talks)",
        ),
        (
            r"strike(?!\s(?:authori[sz]ation\s)?(?:vote|ballot))|walk\s?outs?|walk\sout|picket",
            r"walked\sout|went\son\sstrike|(?:is|are)\s(?:now\s)?on\sstrike|began\s(?:a|the|their|its)\sstrike"
            r"|(?:called|declared)\s(?:a|the|their|its)\sstrike",
        ),
        (r"trial", r"trial\s(?:began|opened|started)|went\sto\strial"),
        (r"file|sue|lawsuit", r"filed|sued"),
        (r"sign", r"signed"),
        (r"introduce", r"introduced|tabled"),
        (r"announce", r"announced"),
        (r"expires?|deadline", r"expired|lapsed|deadline\spassed"),
        (r"settle(?:ment)?", r"settled"),
        (r"approv(?:e|es|al)", r"approved|rejected"),
        (r"effect|in\sforce|into\sforce|enforce\w*", r"took\seffect|(?:came|entered|went)\sinto\s(?:force|effect)"),
        (r"debate|consider", r"debated|considered|took\sup"),
        (r"launch|roll\s?out", r"launched|rolled\sout"),
        (r"open|begin|start", r"opened|began|started"),
        (r"close|end", r"closed|ended|shut\sdown"),
        (r"lay\soff|layoffs|cut", r"laid\soff|cut"),
        (r"respond", r"responded|replied"),
    )
)
_PUT_OFF = re.compile(
    r"\b(?:postponed|delayed|pushed\sback|put\soff|rescheduled|deferred|adjourned|called\soff|cancell?ed|shelved"
    r"|missed\s(?:the|a|its|their)\sdeadline)\b",
    re.IGNORECASE,
)
_AHEAD = re.compile(
    r"\b(?:will|won[’']t|shall|must|would|(?:is|are)\sto|set\s(?:to|for)|expect(?:s|ed)?|scheduled|due|plan(?:s|ned|ning)?"
    r"|aims?|until|by|deadline|begins?|starts?|opens?|expires?|takes?\seffect|has\syet|have\syet)\b",
    re.IGNORECASE,
)
_ANNOUNCES = re.compile(
    r"\b(?:will|shall|(?:is|are)\sto|set\s(?:to|for)|expect(?:s|ed)?\sto|scheduled|due\sto|plans?\sto|planning\sto)\b",
    re.IGNORECASE,
)
"""Of the words that point ahead those that leave no doubt: "by" may say how many voted."""
_HEDGE = re.compile(
    r"\b(?:will|would|could|can|may|might|should|must|to|if|unless|whether|until|yet|not|never|cannot|before|once|when"
    r"|had|be|being|expected|planned|nearly|almost|instead|without)\b|n[’']t\b",
    re.IGNORECASE,
)
_CONDITION = re.compile(r"\b(?:if|unless|whether|had\sthey|were\sthey)\b", re.IGNORECASE)
HEDGED_WITHIN = 4
"""Words before the act among which a hedge takes it back."""
_LONG_AGO = re.compile(
    r"\b(?:ago|previous(?:ly)?|earlier|formerly|last\s(?:year|month|spring|summer|autumn|fall|winter|january|february"
    r"|march|april|may|june|july|august|september|october|november|december))\b",
    re.IGNORECASE,
)
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_AT_THE_LATEST = re.compile(r"\b(?:by|before|until|within|deadline|no\slater)\b", re.IGNORECASE)
_NUMBERED = re.compile(r"\b(?:[A-Z]\.?){1,3}\s?\d{1,5}\b|\b(?:Bill|Proposition|Section)\s\d{1,5}\b")
_CALENDAR = content_words(
    "January February March April May June July August September October November December Monday Tuesday Wednesday"
    " Thursday Friday Saturday Sunday week month year day spring summer autumn fall winter tomorrow deadline later"
    " will expected set scheduled due plan said say"
)


def reports_of(coverage: Coverage) -> tuple[Report, ...]:
    """The sentences of a story that say of any awaited act that it was done or put off, by time of publication.

    Of what an outlet reserves or sells nothing but its teaser is read: what settles an item is shown as evidence.
    """
    found = []
    for member in coverage.members:
        article = member.article
        if article.reserved is not None or article.withdrawn is not None or member.copy_of is not None:
            continue
        texts = [article.summary] if article.outlet.paywalled else [article.summary, article.content]
        for text in texts:
            for span in split(text, teaser=text is article.summary):
                sentence = text[span.start : span.end]
                if span.whole and (_PUT_OFF.search(sentence) or any(done.search(sentence) for _, done in _ACTS)):
                    found.append(
                        Report(article=article.id, published=article.published, title=article.title, sentence=sentence)
                    )
    return tuple(sorted(found, key=lambda report: (report.published, report.article)))


def _settled(item: TrackedItem, reports: Sequence[Report]) -> TrackedItem:
    """With the first report that settles it, if one does."""
    for report in reports:
        state = outcome(item, report)
        if state is not None:
            return replace(item, state=state, resolved_by=report.article, resolution=report.sentence)
    return item


def announced_act(sentence: str) -> int | None:
    """Which act it announces, as a number to compare with others'; None where it announces none, or reports the very
    act as done."""
    ahead = _ANNOUNCES.search(sentence)
    act = _act(sentence) if ahead else None
    if ahead is None or act is None:
        return None
    awaited, done = _ACTS[act]
    reported = any(not _hedged(sentence, match.start()) for match in done.finditer(sentence))
    return act if awaited.search(sentence, ahead.start()) and not reported else None


def outcome(item: NewTrackedItem, report: Report) -> WatchState | None:
    """HAPPENED or SLIPPED where the report says so of this very thing; None where it does not, or not surely."""
    act = _act(item.claim)
    if act is None or report.published <= item.since or report.article == item.article:
        return None
    awaited, done = _ACTS[act]
    sentence = report.sentence
    if not _speaks_of(item.claim, report) or _tells_of_the_past(sentence, report.published):
        return None
    if (slipped := _PUT_OFF.search(sentence)) and awaited.search(sentence):
        return None if _hedged(sentence, slipped.start()) else WatchState.SLIPPED
    if any(not _hedged(sentence, match.start()) for match in done.finditer(sentence)):
        return WatchState.HAPPENED if report.published.date() >= _earliest(item) else None
    return None


def _act(claim: str) -> int | None:
    """Which act is awaited: the first one named after the word that points ahead, or else the first of all."""
    ahead = _AHEAD.search(claim)
    for start in (ahead.start() if ahead else 0, 0):
        found = [
            (match.start(), act) for act, (awaited, _) in enumerate(_ACTS) if (match := awaited.search(claim, start))
        ]
        if found:
            return min(found)[1]
    return None


def _speaks_of(claim: str, report: Report) -> bool:
    """Whether who acts, the names, the bills and half of the words are the same."""
    sentence = content_words(report.sentence)
    around = sentence | content_words(report.title)
    core = _core(claim)
    if len(core & sentence) < 2 or len(core & around) < COVERED * len(core):
        return False
    if _numbered(claim) - _numbered(f"{report.sentence} {report.title}"):
        return False
    ahead = _AHEAD.search(claim)
    who = claim[: ahead.start()] if ahead else ""
    subject = _core(who)
    if subject and not subject & sentence:
        return False
    names, told = _names(claim), _names(report.sentence)
    if names and not names & (told | _names(report.title)):
        return False
    # Another guild's vote: it lacks a name of who was to act, and has one that was never spoken of.
    return not (_names(who) - told - _names(report.title) and told - names)


def _hedged(sentence: str, at: int) -> bool:
    before = sentence[:at]
    return bool(_HEDGE.search(" ".join(before.split()[-HEDGED_WITHIN:])) or _CONDITION.search(before))


def _tells_of_the_past(sentence: str, published: datetime) -> bool:
    years = {int(year) for year in _YEAR.findall(sentence)}
    return bool(_LONG_AGO.search(sentence)) or any(year < published.year for year in years)


def _earliest(item: NewTrackedItem) -> date:
    """Before this day nothing can be a report of it: the day itself where one is named, less one for time zones."""
    if item.due is None or not names_day(item.claim) or _AT_THE_LATEST.search(item.claim):
        return item.since.date()
    return max(item.since.date(), item.due - timedelta(days=1))


def _core(text: str) -> frozenset[str]:
    """The stems that say what it is about."""
    return content_words(text) - _CALENDAR


def _names(text: str) -> frozenset[str]:
    return frozenset(fold(word) for _, word in proper_words(text))


def _numbered(text: str) -> frozenset[str]:
    """Bills and the like, one spelling each."""
    return frozenset(re.sub(r"[.\s]", "", found).casefold() for found in _NUMBERED.findall(text))
