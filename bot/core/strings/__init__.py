"""Every sentence of ours that a member of a community reads: the catalogue, and the one door to it.

    from bot.core import strings

    strings.digest.carried(3)

A *subject* (`digest`, `watching`, `review` …) is a module of constants and functions. Words stand under their subject,
not flat in one name space, because short names ("PAUSED", "TOLD") mean something else in each, and because a subject
is what somebody translates at a sitting. Functions take care of number and order, so that another language can order
otherwise: nothing outside joins words into sentences, save that a link, a time or a name set apart stands between two
pieces, which then end or begin with a space. A number and its noun are joined by a no-break space. What an outlet, a
member or a setting said is never here; it is handed in.

Names are looked up when a sentence is said: never `from … import NAME`, and no constant made of one at import.

**Another language** is a package with a module for each subject and in it every public name of the English one:
functions with the same parameters, constants of the same kind, mappings with the same keys. `use(package)` puts it in
the place of English for the whole process, before anything is said; it refuses a package that is not complete, with
what is lacking. A process speaks one language, as one installation serves people who read one digest together.

What stays English: what a member *types* (commands, the query language, times in plain words, and the choices that are
typed, such as `view:evidence`), whatever language answers; names in our data files (`bot/data`: packs, desks, what the
lexicons look for); and what only whoever runs Slugline sees at a shell or in a log (`bot.cli`, `doctor`, settings,
checks of our own data files, stores and backups). Why a feed failed, an article was set aside or a message was not
posted, and the history of changes, are kept in the language in which they were said.

`tests/app/test_translated.py` speaks to every command in a language of marks, installed as any other, and finds what
is not in the catalogue.
"""

from __future__ import annotations

from types import ModuleType

from bot.core.strings import english
from bot.core.strings.english import (
    alert,
    analysis,
    asking,
    coming,
    commands,
    community,
    correction,
    dates,
    deciding,
    digest,
    discord,
    document,
    explanation,
    feeds,
    fetching,
    greeting,
    help,
    judging,
    notices,
    query,
    reading,
    review,
    schedules,
    slack,
    terminal,
    times,
    watching,
)
from bot.core.strings.language import complete, subjects

__all__ = [
    "alert",
    "analysis",
    "asking",
    "coming",
    "commands",
    "community",
    "correction",
    "dates",
    "deciding",
    "digest",
    "discord",
    "document",
    "explanation",
    "feeds",
    "fetching",
    "greeting",
    "help",
    "judging",
    "notices",
    "query",
    "reading",
    "review",
    "schedules",
    "slack",
    "spoken",
    "terminal",
    "times",
    "use",
    "watching",
]


_spoken = english.__name__


def use(language: ModuleType) -> None:
    """Speak this language from now on, in the whole process. Raises ValueError, with every name that is lacking or has
    another form than in English, and then changes nothing."""
    complete(language)
    globals().update(subjects(language), _spoken=language.__name__)


def spoken() -> str:
    """The name of the package that is spoken, for another process to `use`."""
    return _spoken
