"""The Home tab: what a member has here. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from adapters.slack.render import Json, parts
from bot.core.command.invocation import Invocation, invocation
from bot.core.message.document import Document

SHOWN: tuple[Invocation, ...] = (invocation("watch", "list"), invocation("schedule", "list"))
"""What is asked for it, in the member's name; shown in this order."""
BLOCKS = 100
"""https://docs.slack.dev/surfaces/app-home/"""


def home_view(answers: Sequence[Document]) -> Json:
    blocks = [block for document in answers for block in parts(document)[0].blocks]
    return {"type": "home", "blocks": blocks[:BLOCKS]}
