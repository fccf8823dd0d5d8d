"""A language that says what English says, each string in marks: what stands outside the marks is not translated."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from types import ModuleType

from bot.core.message.document import Text
from bot.core.strings import english
from bot.core.strings.language import names, subjects

OPEN, CLOSE = "⟦", "⟧"

_UNSEEN = frozenset(
    {"anchor", "content_type", "file", "into", "invoke", "kind", "media_type", "role", "style", "tone", "url"}
)
"""Fields of a document that nobody reads."""


def marked_english() -> ModuleType:
    """To be given to `strings.use` as any translation is."""
    language = ModuleType("marked")
    for name, module in subjects(english).items():
        subject = ModuleType(f"marked.{name}")
        vars(subject).update({key: _marked(value) for key, value in names(module).items()})
        setattr(language, name, subject)
    return language


def _marked(value: object) -> object:
    match value:
        case str():
            return f"{OPEN}{value}{CLOSE}" if any(map(str.isalpha, value)) else value
        case tuple():
            return tuple(map(_marked, value))
        case Mapping():
            return {key: _marked(one) for key, one in value.items()}
        case _ if callable(value):
            return _marking(value)
    return value


def _marking(function: Callable[..., object]) -> Callable[..., object]:
    """What is handed in stands outside the marks, wherever the function lets it through as it is."""

    @functools.wraps(function)
    def marked(*args: object, **kwargs: object) -> object:
        try:
            said = _marked(function(*map(_foreign, args), **{name: _foreign(one) for name, one in kwargs.items()}))
        except LookupError:  # it chooses by what is handed in
            said = None
        return said if said is not None and _balanced(said) else _marked(function(*args, **kwargs))

    return marked


def _foreign(value: object) -> object:
    match value:
        case str():
            return f"{CLOSE}{value}{OPEN}" if any(map(str.isalpha, value)) else value
        case list() | tuple():
            return [_foreign(one) for one in value]
    return value


def _balanced(value: object) -> bool:
    """Whether every mark that is opened is closed: a text that was shortened may have lost one."""
    if not isinstance(value, str):
        return True
    depth = 0
    for char in value:
        depth += {OPEN: 1, CLOSE: -1}.get(char, 0)
        if depth < 0:
            return False
    return depth == 0


def shown(value: object) -> Iterator[str]:
    """Every text of a document or form that a reader sees."""
    if is_dataclass(value):
        for field in fields(value):
            if field.name not in _UNSEEN and not (field.name in ("name", "value") and hasattr(value, "label")):
                yield from shown(getattr(value, field.name))
    elif isinstance(value, tuple):
        for one in _sentences(value):
            yield from shown(one)
    elif isinstance(value, str):
        yield value


def _sentences(values: Iterable[object]) -> Iterator[object]:
    """Code stands within a sentence: it is one text with what is beside it."""
    held: list[Text] = []
    for value in values:
        if isinstance(value, Text):
            if held and "code" not in (held[-1].style, value.style):
                yield "".join(one.text for one in held)
                held = []
            held.append(value)
            continue
        yield "".join(one.text for one in held)
        held = []
        yield value
    yield "".join(one.text for one in held)


def outside(text: str) -> list[str]:
    """The runs of a text that no marks hold and that have a letter in them, without what surrounds the letters."""
    inner = re.compile(f"{OPEN}[^{OPEN}{CLOSE}]*{CLOSE}")
    while inner.search(text):
        text = inner.sub("\n", text)
    runs = (re.sub(r"^[\W\d_]+|[\W_]+$", "", run) for run in text.split("\n"))
    return [run for run in runs if any(map(str.isalpha, run))]
