"""What makes a package a language: all that English has, in the same form."""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Mapping
from importlib import import_module
from pkgutil import iter_modules
from types import FunctionType, ModuleType

from bot.core.strings import english


def subjects(language: ModuleType) -> dict[str, ModuleType]:
    """The modules of a language by their names, those that English has."""
    return {name: found for name in subject_names() if (found := _subject(language, name)) is not None}


def subject_names() -> tuple[str, ...]:
    return tuple(sorted(one.name for one in iter_modules(english.__path__)))


def names(subject: ModuleType) -> dict[str, object]:
    """What a subject says, by name: its constants and the functions that it defines, but nothing that it imports."""
    return {
        name: value
        for name, value in vars(subject).items()
        if not name.startswith("_")
        and (name.isupper() or (isinstance(value, FunctionType) and value.__module__ == subject.__name__))
    }


def complete(language: ModuleType) -> None:
    """Raises ValueError for a language that lacks something; names all of it."""
    if faults := list(_faults(language)):
        raise ValueError(f"{language.__name__} is not complete: {'; '.join(faults)}")


def _subject(language: ModuleType, name: str) -> ModuleType | None:
    found = getattr(language, name, None)
    if found is None and hasattr(language, "__path__"):
        try:
            found = import_module(f"{language.__name__}.{name}")
        except ModuleNotFoundError:
            return None
    return found if isinstance(found, ModuleType) else None


def _faults(language: ModuleType) -> Iterator[str]:
    for subject in subject_names():
        there = _subject(language, subject)
        if there is None:
            yield f"there is no module {subject}"
            continue
        for name, ours in names(import_module(f"{english.__name__}.{subject}")).items():
            if (theirs := getattr(there, name, None)) is None:
                yield f"{subject}.{name} is missing"
            elif fault := _fault(ours, theirs):
                yield f"{subject}.{name} {fault}"


def _fault(ours: object, theirs: object) -> str | None:
    """How a value's form differs from the English one's; None where it does not."""
    if isinstance(ours, FunctionType):
        if not callable(theirs):
            return "is no function"
        wanted, found = _parameters(ours), _parameters(theirs)
        return None if wanted == found else f"takes ({', '.join(found)}), not ({', '.join(wanted)})"
    if isinstance(ours, str):
        return None if isinstance(theirs, str) else "is no text"
    if isinstance(ours, Mapping):
        if not isinstance(theirs, Mapping):
            return "is no mapping"
        wrong = sorted(map(str, ours.keys() ^ theirs.keys()))
        return f"has other keys: {', '.join(wrong)}" if wrong else None
    if isinstance(ours, tuple):
        if not isinstance(theirs, tuple):
            return "is no tuple"
        return None if len(theirs) == len(ours) else f"has {len(theirs)} entries, not {len(ours)}"
    raise TypeError(f"a catalogue holds no {type(ours).__name__}")


def _parameters(function: object) -> list[str]:
    """Names, in order, with their kinds and whether they may be left out; what they default to is the language's."""
    assert callable(function)
    return [
        f"{'*' if one.kind is one.VAR_POSITIONAL else ''}{one.name}"
        f"{' by name' if one.kind is one.KEYWORD_ONLY else ''}{'=' if one.default is not one.empty else ''}"
        for one in inspect.signature(function).parameters.values()
    ]
