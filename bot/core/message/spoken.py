"""A sentence of ours as text: in the catalogue, `what is to be said` stands between backticks.

For sentences of the catalogue alone. What members wrote may stand in one, quoted: a backtick of theirs can at worst set
their own words otherwise.
"""

from __future__ import annotations

import re

from bot.core.message.document import Style, Text

_CODE = re.compile(r"`([^`\n]+)`")


def spoken(said: str, style: Style = "plain") -> tuple[Text, ...]:
    """At least one text, none of them empty unless all is; what is not code is in that style."""
    pieces = _CODE.split(said)
    texts = [Text(piece, "code" if number % 2 else style) for number, piece in enumerate(pieces) if piece]
    return tuple(texts) or (Text("", style),)
