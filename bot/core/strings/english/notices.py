"""Notices: feeds lost and found, messages that could not be posted, what is not set up."""

from __future__ import annotations

from bot.core.strings.english.document import NAME

# --- feeds, and what is not set up ----------------------------------------------------------------------------

ERROR = "This did not work"
WHAT_TO_DO = "What to do"
SETUP = "Digests in Discord and Slack"
SETUP_INTRO = f"{NAME} posts to this terminal. To reach the platforms too, it needs these in the environment:"
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


# --- messages that did not arrive -----------------------------------------------------------------------------

CANNOT_POST = "Nothing can be posted there"
PERHAPS_POSTED = "A message may not have been posted"
NOT_POSTED = "A message could not be posted"
KEPT = "What waits for it is kept. Editing a schedule that posts there lifts this, and so does "
LOOK_THERE = (
    "It was not sent again, so that nobody sees it twice. Where it is missing, whoever runs Slugline can send it with "
)
PARTLY_POSTED = "Not all of a message could be posted"
SEND_IT_AGAIN = "Whoever runs Slugline can send it again with "
SEND_THE_REST_AGAIN = "The rest of it is there. Whoever runs Slugline can try what is missing again with "


def on_platform(platform: str) -> str:
    return f"{platform} "


PLACE_ENDS = ": "


def retry_command(delivery: int) -> str:
    return f"`slugline deliveries retry {delivery}`."


PART_NOT_NEEDED = "This message is not needed any more: what it said is told above."


def given_up(tries: int, reason: str) -> str:
    return f"given up after {tries} tries: {reason}"


def parts_refused(refused: int, of: int, reason: str) -> str:
    return f"{refused} of {of} parts refused: {reason}"


COMMUNITY_PAUSED = "the community is paused"


def posting_stopped(reason: str) -> str:
    return f"posting is stopped: {reason}" if reason else "posting is stopped"


def not_served_here(platform: str) -> str:
    return f"this process does not serve {platform}"


def not_replaced(platform: str) -> str:
    return f"it was posted before it was replaced, and {platform} edits no messages"


def not_edited(reason: str) -> str:
    return f"a message could not be edited: {reason}"


def no_answer_within(seconds: float) -> str:
    return f"no answer within {seconds:.0f} s"


STOPPED = "Slugline was stopped while it was being sent"
READING_FAILED = "reading it failed again and again, so it was set aside"
