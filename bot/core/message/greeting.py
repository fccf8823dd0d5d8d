"""What whoever brought Slugline somewhere is told: what it is, and the three steps to a digest on time."""

from __future__ import annotations

from bot.core import strings
from bot.core.command.invocation import invocation
from bot.core.message.document import Actions, Bullets, Button, Document, Heading, Prose, Text
from bot.core.message.spoken import spoken


def greeting_document(place: str, *, stands: bool) -> Document:
    """`place` is the community's name; `stands`: there are digests on time from before."""
    said = strings.greeting
    if stands:
        title = said.is_back(place)
        shown = Actions((Button(said.SCHEDULES, invocation("schedule", "list"), "primary"),))
        return Document(summary=title, blocks=(Heading(title, level=3), Prose((Text(said.ALL_STANDS),)), shown))
    title = said.is_there(place)
    steps = tuple((Text(name, "strong"), Text(f": {about}")) for name, about in said.STEPS)
    return Document(
        summary=title,
        blocks=(
            Heading(title, level=3),
            Prose((Text(said.WHAT_IT_DOES),)),
            Bullets(steps, numbered=True),
            Prose(spoken(said.BEGIN)),
            Actions(
                (
                    Button(said.SET_UP, invocation("setup"), "primary"),
                    Button(said.DIGEST_NOW, invocation("digest")),
                    Button(said.HELP, invocation("help")),
                )
            ),
            Prose((Text(said.WHY_YOU),), role="note"),
        ),
    )
