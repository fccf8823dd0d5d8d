"""A command as somebody said it: which, and with what, still in their words.

Typed in a terminal, chosen from Discord's menu, pressed as a button: all of them become an `Invocation`, and only
`bind` (binding.py) makes values of it, by the rules of the one command set. So nothing can be pressed that could not be
typed, and both are checked alike.

A button's invocation must survive a restart, and a platform keeps nothing for us but a short string. `encode` gives
that string, in the form of a URL's query so that any value can be in it: `story?story=12&view=why`. What `decode` reads
was held by somebody else meanwhile: it may be anything.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import parse_qsl, quote, urlencode

CODE_LIMIT = 100
"""Characters: Discord's bound for a `custom_id`, the narrowest of all platforms."""
ARGUMENTS_LIMIT = 25
"""Arguments of one command: Discord's bound for options."""

_WORD = re.compile(r"[a-z][a-z0-9-]{0,31}")


@dataclass(frozen=True, slots=True)
class Invocation:
    """`path` is the command's words, such as ("watch", "add"); `arguments` are (parameter, words as given), each
    parameter once, in no order that matters."""

    path: tuple[str, ...]
    arguments: tuple[tuple[str, str], ...] = ()

    def given(self, name: str) -> str | None:
        """What was said for that parameter; None where nothing was."""
        return dict(self.arguments).get(name)

    def with_arguments(self, **more: str) -> Invocation:
        """The same command with these arguments added or replaced."""
        return Invocation(self.path, tuple({**dict(self.arguments), **more}.items()))


def invocation(*path: str, **arguments: object) -> Invocation:
    """One of our own making: values are written as `str` has them, and those that are None are left out."""
    return Invocation(path, tuple((name, str(value)) for name, value in arguments.items() if value is not None))


def encode(said: Invocation) -> str:
    """As ASCII without spaces; `decode` reads it back."""
    path = ".".join(said.path)
    return f"{path}?{urlencode(said.arguments, quote_via=quote)}" if said.arguments else path


def decode(code: str) -> Invocation:
    """Raises ValueError for what no invocation is encoded as."""
    path, _, query = code.partition("?")
    words = tuple(path.split("."))
    if not code.isascii() or not all(_WORD.fullmatch(word) for word in words):
        raise ValueError(f"no command is called {code!r:.120}")
    pairs = parse_qsl(query, keep_blank_values=True, strict_parsing=bool(query), max_num_fields=ARGUMENTS_LIMIT)
    if len(dict(pairs)) < len(pairs):
        raise ValueError(f"an argument is given twice in {code!r:.120}")
    return Invocation(words, tuple(pairs))
