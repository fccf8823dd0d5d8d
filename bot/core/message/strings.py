"""Every word of ours that a reader sees in a document, in English.

One module, so that another language is one more module of the same names. What an outlet, a member or a setting said
is never here. Functions take care of number and order; nothing outside joins words into sentences. A number and its
noun are joined by a no-break space.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

NAME = "Slugline"
LANGUAGE = "en"

# --- an analysis --------------------------------------------------------------------------------------------

WHY = "Why This Matters"
BACKGROUND = "Background"
PERSPECTIVES = "Key Perspectives"
WATCH = "What to Watch"
SOURCES = "Sources"
EARLIER = "Earlier in this story: "
UNATTRIBUTED = "unattributed"
FIRST_SEEN = "First seen "
UPDATED = "updated "
SAME_OUTLET = "same outlet as above"
SISTER_OUTLET = "sister outlet of one above"
WIRE_COPY = "wire copy"
TITLE_ONLY = "linked by title only"
BY = f"By {NAME}"


def reviewed_by(name: str) -> str:
    return f"reviewed by {name}"


OVERDUE = "not reviewed"


def minutes(count: int) -> str:
    return f"{count}\u00a0min read"


def updated_after(later: timedelta) -> str:
    """Less than a day, and so free of time zones."""
    count, unit = (
        (int(later / timedelta(hours=1)), "hour") if later >= timedelta(hours=1) else (later.seconds // 60, "minute")
    )
    return f"updated {count}\u00a0{unit}{'s' * (count != 1)} later"


NOBODY_HEARD = "No side was found speaking in these reports."


def not_heard(sides: Sequence[str]) -> str:
    """The first word's capital goes, but not an abbreviation's."""
    named = (side if side[1:2].isupper() else side[:1].lower() + side[1:] for side in sides)
    return f"Not heard in these reports: {'; '.join(named)}."


def owned_by(owner: str) -> str:
    return f"owned by {owner}"


def own_words_of(outlets: Sequence[str]) -> str:
    """Behind sentences that are these outlets' own."""
    return f" —\u00a0{', '.join(outlets)}"


def cited_as(numbers: Sequence[int]) -> str:
    listed = ",\u00a0".join(map(str, numbers))
    return f" [{listed}]"


def citation(number: int, outlet: str) -> str:
    """What a screen reader says for [n]."""
    return f"[{number}] {outlet}"


# --- disclosure ---------------------------------------------------------------------------------------------

EXTRACTIVE = "extractive"

CHOSEN = (
    "Every sentence under a headline is a named outlet's own, chosen and at most shortened by "
    f"{NAME}'s extractive engine; the numbers lead to where it stands."
)
NOT_REVIEWED = "No editor has reviewed this."
REVIEW_OVERDUE = "An editor was to review this, and none did in time."
BY_EDITOR = " (an editor's words)"
EDITED_CHOSEN = (
    "Every sentence under a headline that is not marked as an editor's is a named outlet's own, chosen and at most "
    f"shortened by {NAME}'s extractive engine; the numbers lead to where it stands. An editor's words rest on the "
    "sentences that their numbers lead to."
)
NOTHING_SENT = "No text was sent anywhere to make it."


def written_by(engine: str) -> str:
    return f"Written by {engine} from the numbered source sentences; each sentence was checked against those it cites."


def reviewed(name: str) -> str:
    return f"Reviewed by {name}."


def sent_to(receiver: str) -> str:
    return f"The outlets' sentences were sent to {receiver} to make it."


# --- a digest -----------------------------------------------------------------------------------------------

IN_BRIEF = "In brief"
DIGEST_TITLE = "AI and people's work"
CONTENTS = "In this digest"
NOTHING_NEW = "Nothing new about AI and people's work was found in this time."
NOTHING_NEW_OF_THIS = "Nothing new that this digest keeps to was found in this time."
NOTHING_NEW_SUMMARY = "nothing new"
FROM = "From "
UNTIL = " to "


def stories(count: int) -> str:
    return "1\u00a0story" if count == 1 else f"{count}\u00a0stories"


def outlets(count: int) -> str:
    return "1\u00a0outlet" if count == 1 else f"{count}\u00a0outlets"


TOLD_ON = "Told here on "
NEW_SINCE = ". New since then:"
NEW_REPORTS = "New reports"


def update(headline: str) -> str:
    """Heads a story that was told before."""
    return f"Update: {headline}"


def carried(count: int) -> str:
    """At the end of a digest that was full."""
    one = count == 1
    return f"{stories(count)} more did not fit and {'is' if one else 'are'} kept for the next digest."


def waits(count: int, least: int) -> str:
    return f"There {'is' if count == 1 else 'are'} {stories(count)} so far; this digest comes with {least} or more."


def digest_summary(title: str, headlines: Sequence[str]) -> str:
    return f"{title}: {'; '.join(headlines) or NOTHING_NEW_SUMMARY}"


# --- evidence -----------------------------------------------------------------------------------------------

EVIDENCE = "Evidence"
EVIDENCE_INTRO = "The source sentences behind the numbers, as the outlets wrote them."
NO_EVIDENCE = "Nothing is claimed here beyond the headline, so there are no source sentences to show."


def evidence_summary(headline: str) -> str:
    return f"Evidence: {headline}"


# --- why ----------------------------------------------------------------------------------------------------

RELEVANCE = "Is it about AI and people's work?"
ITS_STORY = "Its story"
COPIES = "Repeats of its text"
NEIGHBOURS = "Stories it was compared with"
ARTICLES = "Its articles"
SENTENCES = "Its sentences"
NOTHING_FOUND = "Neither AI nor work is spoken of, so it was not looked at further."
IN_NO_STORY = "It is in no story."
ITS_OWN = " (its story)"
NO_NEIGHBOURS = "No other story shares enough of its words."
NO_SENTENCES = "No sentence of its articles may be shown."
TOLD_HERE = "Told here."
NOT_TOLD_HERE = "Not told here."
CHOSEN_FOR = "Shown as "
LEFT_OUT = "Left out: "
NO_ROLE = "no clear role"


def why_of(title: str) -> str:
    return f"Why: {title}"


def why_article(number: int) -> str:
    return f"Why article {number} is where it is"


def why_story(number: int) -> str:
    return f"Why story {number} is told as it is"


def in_story(number: int) -> str:
    return f"Story {number}: "


def decision(relevant: bool) -> str:
    return "About AI and people's work." if relevant else "Not about AI and people's work."


def probability(relevance: float | None, threshold: float) -> str:
    if relevance is None:
        return "It was not scored."
    return f"Its probability is {relevance:.2f}; {threshold:.2f} is asked."


def decided_by(articles: Sequence[int]) -> str:
    named = ", ".join(map(str, articles))
    noun = "article" if len(articles) == 1 else "articles"
    return f"A story is as relevant as the most relevant fifth of its articles: here {noun} {named}."


def judged(relevance: float | None, reasons: Sequence[str]) -> str:
    number = "not scored" if relevance is None else f"{relevance:.2f}"
    return f" · {'; '.join([number, *reasons])}"


def repeats(article: int) -> str:
    return f"Repeats the text of article {article}."


def joins_at(score: float) -> str:
    return f"How likely each tells of the same event; from {score:.2f} on an article joins the likeliest."


def numbered_sentence(number: int) -> str:
    """Stands for words that the extract budget does not cover."""
    return f"(sentence {number} of its article)"


def due(day: date) -> str:
    return f"due {calendar_day(day)}"


# --- notices ------------------------------------------------------------------------------------------------

ERROR = "This did not work"
WHAT_TO_DO = "What to do"
SETUP = "Digests in Discord and Slack"
SETUP_INTRO = (
    f"{NAME} posts to this terminal. Its chat adapters are not in this version yet; to reach the platforms they will"
    " need these in the environment:"
)


FEED_LOST = "A feed cannot be read"
FEED_GONE = "A feed is gone"
FEED_BACK = "A feed is back"
UNREADABLE_SINCE = " could not be read since "
TAKEN_DOWN = " was taken down by its outlet."
READ_AGAIN = " can be read again."
STILL_TRIED = "It is still tried from time to time; you will be told when it is back."
SET_ASIDE = "It is not asked any more, until it is added again."
NOT_TRIED = "It is not asked any more. If there is a new address for it, add that one."


def because(reason: str) -> str:
    """Why a feed could not be read, behind the time since when."""
    return f" ({reason})."


def feed_news_summary(title: str, name: str) -> str:
    return f"{title}: {name}"


AND = " and "
MADE_ON = ", made on "


def developer_page(platform: str) -> str:
    return f"{platform}'s page for developers"


# --- what every document may have ---------------------------------------------------------------------------

EARLIER_PAGE = "Previous page"
LATER_PAGE = "Next page"


def page_of(number: int, of: int) -> str:
    return f"Page {number} of {of}"


def picture(alt: str) -> str:
    return f"[Picture: {alt}]"


def file_line(number: int, name: str, size: int) -> str:
    return f"File {number}: {name}, {size} bytes"


# --- commands -----------------------------------------------------------------------------------------------

HELP = "Say `help` to see what can be asked."
BUSY = "Somebody else holds the database at this moment. Nothing was changed; try again in a minute."
STORE_REFUSED = "The database refused. Nothing was changed; whoever runs Slugline finds the reason in its log."
OUR_FAULT = "That is a fault in Slugline, not in what you said. Whoever runs it finds it in the log."


THINKING = "Looking into it …"
TOLD = "The story"
WHY_THIS = "Why this?"
FOLLOW = "Follow"
NOT_RELEVANT = "Not relevant"
HEARD = "Heard"
FOUND_NOTHING = "No article that is kept here holds all of these words. Fewer words find more."


def heard(title: str, relevant: bool | None) -> str:
    """What becomes of an opinion on a story."""
    if relevant is None:
        return f"What was said of “{title}” is forgotten."
    here = "is told here, and more like it." if relevant else "is not told here any more, and less like it."
    return f"“{title}” {here} This moves nobody else's digest."


def found(count: int, wanted: str, *, more: bool) -> str:
    if not count:
        return f"Nothing found for {wanted}"
    return f"{'The newest ' if more else ''}{count}\u00a0article{'s' * (count != 1)} with {wanted}"


def story_number(number: int) -> str:
    return f"story\u00a0{number}"


# --- what is coming up, and how often -----------------------------------------------------------------------

COMING_UP = "Coming up in stories told before"
NOTHING_COMING = "No report that is kept here gave a date in this time."
WHAT_BECAME = "What became of it"
COMING_NOTE = "Dates are the outlets' own. Quiet: nothing was heard of it after its day."
_STATES = {"open": "awaited", "due": "due now", "happened": "Happened", "slipped": "Put off", "quiet": "quiet"}


def coming_in(days_: int) -> str:
    return f"What is coming up in {days_} {'day' if days_ == 1 else 'days'}"


def state(name: str) -> str:
    return _STATES[name]


def trend_of(term: str, weeks: int) -> str:
    return f"{term}, in the last {weeks} weeks"


def trend_total(articles: int, *, at_least: bool) -> str:
    return (
        f"{'At least ' if at_least else ''}{articles} {'article' if articles == 1 else 'articles'} that are kept here"
    )


def week_of(day: date) -> str:
    return f"Week of {day.day}\u00a0{_MONTHS[day.month - 1]}"


def counted(articles: int, stories_: int) -> str:
    return f"{articles} · {stories(stories_)}" if articles else "0"


# --- any article --------------------------------------------------------------------------------------------

FETCHING = "Fetching the page …"
SOLD = "its outlet sells its text, and nothing that is sold is quoted"
NOT_STORED = "This article is in none of the stories that are kept here, and was not kept."
WHOLE_STORY = "The whole story"


def not_summarized(reason: str) -> str:
    return f"This page is not summarized: {reason}"


def cannot_read(language: str) -> str:
    return f"it is in a language that {NAME} cannot read: {language}"


# --- feeds, for members -------------------------------------------------------------------------------------

FEEDS = "feeds"
LOOKING_FOR_FEEDS = "Looking for feeds there …"
FOR_THIS_COMMUNITY = "It is read for this community alone, and its address is shown to nobody else."
NO_DESK = "Other"
NO_FEEDS = "no feed is visited"
NO_REASON = "no reason known"
FEED_HEALTH = "How the feeds are"
PRIVATE = "private"
LEFT_OUT_HERE = "left out here"
SINCE = " since "
EXPORT_PRIVATE = (
    "It holds the addresses of this community's private feeds, which may carry tokens: keep it to yourself."
)


def feeds_read(on: int, all_: int) -> str:
    return f"{on} of {all_} feeds are read here" if on < all_ else f"{all_} feeds are read here"


def hidden(outlets_: Sequence[str]) -> str:
    return f"Hidden outlets: {', '.join(outlets_)}."


def feed_added(name: str, number: int, entries: int) -> str:
    return f"{name} is feed {number} now, with {entries} {'entry' if entries == 1 else 'entries'} to read"


def feed_known(number: int) -> str:
    return f"That is feed {number} already"


def feed_removed(name: str) -> str:
    return f"{name} is not read any more; what it told stays"


def feeds_added(count: int) -> str:
    return f"{count} {'feed' if count == 1 else 'feeds'} added"


def imported(added: int, known: int) -> str:
    return f"{feeds_added(added)}; {known} {'was' if known == 1 else 'were'} there already"


def exported(count: int) -> str:
    return f"{count} {'feed' if count == 1 else 'feeds'} as an OPML list"


def switched(name: str, *, on: bool) -> str:
    return f"{name} is {'read here again' if on else 'left out here'}"


def outlet_shown(name: str, *, shown: bool) -> str:
    return f"{name} is shown again" if shown else f"Nothing of {name} is shown here any more"


# --- how a community is set up ------------------------------------------------------------------------------

SETTINGS = "How this community is set up"
POSTING = "Posting"
GOING_ON = "going on"
PAUSED_UNTIL = "paused until "
ZONE = "Time zone"
NOTICES = "Notices go to"
OLDEST_SCHEDULES_PLACE = "where the oldest schedule posts"
DESKS_OFF = "Desks left out"
OUTLETS_HIDDEN = "Outlets hidden"
NONE = "none"
HISTORY = "Who changed what"
NOTHING_CHANGED = "Nothing was changed yet."
SOMEBODY = "somebody whose data was deleted"
CHANGED_PAUSE = "posting"
RESUME = "Resume"
RESUMED = "Posting goes on"
PAUSED_MEANS = (
    "Digests and alerts are not posted meanwhile; commands are still answered, and what is new waits for the next"
    " digest."
)
PURGE = "Delete it"
PURGE_ASK = "Delete all that is stored about you here?"
PURGE_MEANS = (
    "Your watches, what you follow and your role here go. What you changed or approved for the community stays, but no"
    " longer under your name. This cannot be undone."
)
PURGED = "All that was stored about you here is deleted"
NOTHING_STORED = "Nothing."
STORED_ELSEWHERE = "What you say to Slugline is not kept, and not written to its log."


def installations(zone: str) -> str:
    return f"{zone}, as this installation's"


def length(span: timedelta) -> str:
    """As it is written: 90m, 12h, 2d."""
    minutes_ = span // timedelta(minutes=1)
    if minutes_ % 60:
        return f"{minutes_}m"
    hours = minutes_ // 60
    return f"{hours // 24}d" if hours >= 48 and hours % 24 == 0 else f"{hours}h"


def setting_is(name: str, value: str | None) -> str:
    return f"{name} is {value or NONE} now"


def changed_feed(number: int) -> str:
    return f"feed {number}"


def changed_desk(name: str) -> str:
    return f"desk {name}"


def changed_outlet(name: str) -> str:
    return f"outlet {name}"


def changed_role(member: str) -> str:
    return f"role of {member}"


def role_is(member: str, role: str) -> str:
    return f"{member} is {'an' if role[0] in 'aeiou' else 'a'} {role} now"


def on(is_on: bool) -> str:
    return "on" if is_on else "off"


def shown(is_shown: bool) -> str:
    return "shown" if is_shown else "hidden"


def from_to(before: str | None, after: str | None) -> str:
    if before is None:
        return f"{after}"
    return f"{before} → {after if after is not None else 'removed'}"


def paused(until: str | None) -> str:
    return f"Paused until {until}" if until else "Paused until resumed"


def stored_about(name: str) -> str:
    return f"Stored about {name} here"


def stored_role(role: str) -> str:
    return f"Your role: {role}."


def stored_changes(count: int) -> str:
    return f"Your name beside {count} {'change' if count == 1 else 'changes'} in `settings history`."


def stored_schedules(numbers: Sequence[int]) -> str:
    listed = ", ".join(map(str, numbers))
    return f"That you set up schedule{'s' * (len(numbers) != 1)} {listed}."


# --- schedules ----------------------------------------------------------------------------------------------

SCHEDULES = "Digests on time"
NO_SCHEDULES = "There is none yet. A manager makes one: `schedule add weekdays at 9`."
YES, NO = "yes", "no"
PREVIEW, EDIT, REMOVE, SAVE = "Preview", "Edit", "Remove", "Save"
SETTING_NAMES = {
    "when": "When",
    "zone": "Time zone",
    "name": "Name",
    "place": "Where",
    "topic": "Topic",
    "desks": "Desks",
    "least": "Fewest stories",
    "stories": "Most stories",
    "words": "Most words",
    "empty": "With nothing new",
    "quiet": "Quiet hours",
    "engine": "Engine",
    "review": "An editor passes it",
    "mention": "Mentions",
    "post": "Posted as",
}
"""By the names of their parameters."""
EMPTY_OPTIONS = {"silent": "Stay silent", "say": "Say so"}
NONE_FOR_ALL = "none for all stories"
QUIET_HINT = "such as 22:00-07:00, or none"
NEXT = ", next on "
AN_EDITOR_PASSES = "an editor passes it"
PAUSED_NOW = "paused"
PAUSED_NOW_MEANS = "Posting is paused here; nothing comes until it is resumed."
SAVE_MINE = "Save mine all the same"
EDIT_AGAIN = "Edit what stands"
TO_SAVE_MINE = "To save yours all the same, say: "
OVERTAKEN_MEANS = "Nothing of yours was saved yet, and nothing of it is lost:"
SAME_EDIT = "What stands now is just what you wrote."
DUE_ON = "Due on "
AS_IT_WOULD_BE = ". This is how it would be now; what comes in meanwhile changes it."
NO_SUCH_STORY = "There is no such story."
HIDDEN_HERE = "All its articles are of outlets, feeds or desks that are switched off here; `settings show` lists them."
TOLD_BEFORE = "It was told here on "
NOT_MOVED = ", and has not moved since: no report of anything new, and not many more outlets."
NOT_NEW = "Nothing of it is new: it has not changed since "
NOT_NEW_END = ", where the time that this digest covers begins."
ENGINE_FAILED = "The engine could not tell it this time; it is tried again with the next digest."


def schedule_named(number: int, name: str) -> str:
    return f"Schedule {number}, {name}" if name else f"Schedule {number}"


def comes(when: str, zone: str) -> str:
    return f"{when}, {zone}"


def posts_to(address: str) -> str:
    return f" · to {address}"


def on_topic(topic: str) -> str:
    return f"about {topic}"


def of_desks(desks: Sequence[str]) -> str:
    return f"of {', '.join(desks)}"


def as_post(post: str) -> str:
    return f"as a {post}{' post' if post == 'forum' else ''}"


def cannot_post(reason: str) -> str:
    return f"Cannot post there: {reason}" if reason else "Cannot post there."


def schedule_made(named: str) -> str:
    return f"{named} is made"


def schedule_changed(named: str) -> str:
    return f"{named} is changed"


def schedule_same(named: str) -> str:
    return f"{named} stands just so already"


def schedule_removed(named: str) -> str:
    return f"{named} is removed"


def posted_now(named: str) -> str:
    return f"The next digest of {named} is on its way"


def nothing_posted(named: str) -> str:
    return f"{named} posts nothing now"


EDITOR_FIRST = "An editor passes it first; `review list` shows what waits."
REMOVED_MEANS = "What it posted stays."


def edit_title(number: int) -> str:
    return f"Schedule {number}"[:24]


def changed_schedule(number: int, setting: str | None = None) -> str:
    """What the history of changes calls it."""
    return f"schedule {number}" if setting is None else f"schedule {number}, {setting}"


def overtaken(named: str) -> str:
    return f"Somebody changed {named} while you were writing"


def stands_and_wrote(stands: str, wrote: str) -> str:
    return f"{stands} stands; you wrote {wrote}"


def preview_of(named: str) -> str:
    return f"The next digest of {named}"


def standing_of(headline: str | None) -> str:
    return f"In the next digest? {headline}" if headline else "In the next digest?"


def is_in(place: int, *, update: bool) -> str:
    return f"It is in, as number {place}{', with what is new since it was told' if update else ''}."


def not_relevant(relevance: float, least: float) -> str:
    probable = f"its probability is {relevance:.2f}, and {least:.2f} is asked"
    return f"It is not taken to be about AI and people's work: {probable}."


def unwanted(reasons: Sequence[str]) -> str:
    return f"By this community's own feedback: {'; '.join(reasons)}."


def off_desk(desks: Sequence[str]) -> str:
    return f"This schedule keeps to {', '.join(desks)}, and no article of the story came by such a feed."


def off_topic(topic: str) -> str:
    return f"This schedule keeps to a topic, and no article of the story matches it: {topic}"


def over_maximum(place: int, of: int, most: int) -> str:
    return f"It is number {place} of {of} by weight, and {most} are told. It is kept for the next digest."


def over_length(words: int, left: int, most: int) -> str:
    return f"It has {words} words, and of {most} only {left} were left. It is kept for the next digest."


# --- a conversation in the terminal ---------------------------------------------------------------------------

PROMPT = "> "
CHAT_OPENING = "Say `help` for what can be asked, a number to press what an answer offers, `quit` to leave."
FORM_LEFT = "Nothing was changed."
CANCEL = "cancel"
NEEDED = "Something must stand here; `cancel` leaves the form."
ONE_OF_THESE = "One of these, please; `cancel` leaves the form."


def filling(title: str) -> str:
    return f"{title}: field by field; an empty line keeps what stands there, `cancel` leaves."


def field_prompt(label: str, stands: str) -> str:
    return f"{label} ({stands}): " if stands else f"{label}: "


def too_long(length: int, most: int) -> str:
    return f"That is {length} characters; at most {most} fit."


def saved(name: str, path: str) -> str:
    return f"{name} was written to {path}."


# --- help ---------------------------------------------------------------------------------------------------

HELP_TITLE = "What you can ask"
HELP_MORE = "`help COMMAND` says how one is said."
USAGE = "How it is said"
TAKES = "It takes"
EXAMPLES = "Examples"
MAY_BE_LEFT_OUT = "may be left out"
FOR_YOU_ALONE = "The answer is for you alone."
ABOUT = f"About {NAME}"
GROUPS = {
    "digest": "Reading",
    "watch": "Being told",
    "schedule": "Digests on time",
    "review": "The editor's desk",
    "feeds": "What is read",
    "settings": "This community, you, and Slugline",
}
"""Headings of the list of commands, by the first command under each."""
ABOUT_LINES = (
    f"{NAME} reads feeds for one thing, news about AI and people's work, joins the articles that tell one story, and"
    " tells it with the evidence behind every sentence.",
    "It chooses and shortens sentences that outlets wrote; it makes none up. Each number leads to its source.",
    "It posts where it was told to, and reads no conversation. Nothing that members say is sent to anybody.",
)


def for_role(role: str) -> str:
    return f"It is for {role}s."


def about_numbers(feeds: int, articles: int) -> str:
    return f"Here it reads {feeds} feeds and keeps {articles} articles."


def version(number: str) -> str:
    return f"Version {number}, open source."


def no_command(said: str) -> str:
    return f"There is no command {said[:80]!r}."


def help_on(command: str) -> str:
    return f"Say `help {command}` for how it is said."


CANNOT_POST = "Nothing can be posted there"
PERHAPS_POSTED = "A message may not have been posted"
NOT_POSTED = "A message could not be posted"
KEPT = "What waits for it is kept. Editing a schedule that posts there lifts this, and so does "
LOOK_THERE = (
    "It was not sent again, so that nobody sees it twice. Where it is missing, whoever runs Slugline can send it with "
)
SEND_IT_AGAIN = "Whoever runs Slugline can send it again with "


def there(platform: str, address: str) -> str:
    return f"{platform} {address}: "


def retry_command(delivery: int) -> str:
    return f"`slugline deliveries retry {delivery}`."


PART_NOT_NEEDED = "This message is not needed any more: what it said is told above."


# --- dates --------------------------------------------------------------------------------------------------

_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


def calendar_day(day: date) -> str:
    return f"{day.day}\u00a0{_MONTHS[day.month - 1]} {day.year}"


def moment(at: datetime) -> str:
    """With the zone's own name for itself, in the zone `at` is in."""
    return f"{calendar_day(at)}, {at:%H:%M} {at.tzname()}"


def days(first: date, last: date) -> str:
    """Whole days, both included."""
    if first == last:
        return calendar_day(first)
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}–{calendar_day(last)}"
    if first.year == last.year:
        return f"{first.day}\u00a0{_MONTHS[first.month - 1]} – {calendar_day(last)}"
    return f"{calendar_day(first)} – {calendar_day(last)}"
