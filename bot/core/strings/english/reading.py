"""Answers about stories and articles."""

from __future__ import annotations

from collections.abc import Sequence

from bot.core.strings.english.document import NAME

THINKING = "Looking into it …"
TOLD = "The story"
WHY_THIS = "Why this?"
FOLLOW = "Follow"
NOT_RELEVANT = "Not relevant"
HEARD = "Heard"
NOTHING_POSTED = "no digest was posted here yet"
POSTED = "Posted "
POSTED_IN = " in "
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


# --- any article -----------------------------------------------------------------------------------------------

FETCHING = "Fetching the page …"
SOLD = "its outlet sells its text, and nothing that is sold is quoted"
NOT_STORED = "This article is in none of the stories that are kept here, and was not kept."
WHOLE_STORY = "The whole story"


def not_summarized(reason: str) -> str:
    return f"This page is not summarized: {reason}"


def cannot_read(language: str) -> str:
    return f"it is in a language that {NAME} cannot read: {language}"


# --- what cannot be done -------------------------------------------------------------------------------------


def no_title(said: str) -> str:
    return f"no story has {said!r:.80} in a title; name it as story:3, article:12 or by words of its title"


def article_in_no_story(article: int) -> str:
    return f"there is no article {article}, or it is in no story"


def no_article(article: int) -> str:
    return f"there is no article {article}"


def no_story(story: int) -> str:
    return f"there is no story {story}"


def no_word(said: str) -> str:
    return f"{said!r:.60} has no word in it to look for"


def no_story_so_search(story: int) -> str:
    return f"there is no story {story}; `search` finds articles by their words"


def no_engine(engine: str, there: Sequence[str]) -> str:
    return f"there is no engine {engine!r}; there is {', '.join(there)}"
