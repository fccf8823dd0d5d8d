"""The catalogue of strings, and what a translation of it must be."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

import pytest

from bot.core import strings
from bot.core.strings import english
from bot.core.strings.language import names, subject_names, subjects

ROOT = Path(__file__).resolve().parents[2]


def copy_of_english() -> ModuleType:
    """A complete language that says what English says."""
    language = ModuleType("copied")
    for subject, module in subjects(english).items():
        copied = ModuleType(f"copied.{subject}")
        vars(copied).update(names(module))
        setattr(language, subject, copied)
    return language


def sources(*folders: str) -> Iterator[tuple[Path, ast.Module]]:
    for folder in folders:
        for file in sorted((ROOT / folder).rglob("*.py")):
            yield file.relative_to(ROOT), ast.parse(file.read_text())


def test_the_door_has_every_subject() -> None:
    assert set(subject_names()) | {"spoken", "use"} == set(strings.__all__)
    assert all(getattr(strings, name) is module for name, module in subjects(english).items())


def test_a_complete_language_is_taken() -> None:
    strings.language.complete(copy_of_english())
    strings.use(english)


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda language: delattr(language, "alert"), "there is no module alert"),
        (lambda language: delattr(language.digest, "stories"), "digest.stories is missing"),
        (lambda language: delattr(language.digest, "CONTENTS"), "digest.CONTENTS is missing"),
        (lambda language: setattr(language.digest, "CONTENTS", 3), "digest.CONTENTS is no text"),
        (lambda language: setattr(language.digest, "stories", "many"), "digest.stories is no function"),
        (lambda language: setattr(language.digest, "stories", lambda number: ""), "takes (number), not (count)"),
        (lambda language: setattr(language.feeds, "switched", lambda name, on: ""), "not (name, on by name)"),
        (lambda language: setattr(language.help, "GROUPS", {"digest": "Lesen"}), "help.GROUPS has other keys: feeds"),
        (lambda language: setattr(language.times, "MONTH_NAMES", ("Januar",)), "MONTH_NAMES has 1 entries, not 12"),
    ],
)
def test_a_language_that_lacks_something_is_refused_with_its_name(
    spoil: Callable[[ModuleType], None], said: str
) -> None:
    language = copy_of_english()
    spoil(language)
    before = strings.digest
    with pytest.raises(ValueError, match=re.escape(said)):
        strings.use(language)
    assert strings.digest is before


def test_every_fault_of_a_language_is_named_at_once() -> None:
    language = copy_of_english()
    del language.digest.stories, language.review.SECTIONS
    with pytest.raises(ValueError, match=r"digest\.stories is missing.*review\.SECTIONS is missing"):
        strings.use(language)


def test_names_of_the_catalogue_are_looked_up_when_something_is_said() -> None:
    """A name that was imported, or kept in a constant, would stay English in every other language."""
    for file, tree in sources("bot", "adapters", "feeds"):
        if file.is_relative_to("bot/core/strings"):
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom):
                assert not (node.module or "").startswith("bot.core.strings"), f"{file}:{node.lineno}"
        for node in _at_import(tree):
            kept = isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "strings"
            assert not kept, f"{file}:{node.lineno} keeps a string at import"


def _at_import(node: ast.AST) -> Iterator[ast.expr]:
    """The expressions that are evaluated when the module is imported."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef)):
            for default in [*child.args.defaults, *filter(None, child.args.kw_defaults)]:
                yield default
                yield from _at_import(default)
        elif not isinstance(child, ast.Lambda):
            if isinstance(child, ast.expr):
                yield child
            yield from _at_import(child)


OPERATORS = (
    *("bot/core/catalogue.py", "bot/core/watch/pack_file.py"),
    *("adapters/slack/sealing.py", "adapters/slack/service.py", "adapters/slack/tokens.py"),
)
"""What is wrong with our own data files, or with tokens and keys, is said to whoever runs Slugline, at its start."""
FAULTS = frozenset(
    {"InputError", "NotAllowed", "QueryError", "WhenError", "NotAFeed", "JobFailed", "NoPage", "Reserved", "NoAnswer"}
    | {"Declined", "Unsafe", "Closed", "HostClosed", "BadBody", "NoKey", "Refused", "CannotTell", "Failed", "Deferred"}
)
SHOWN = frozenset(
    {"Button", "ChoiceEntry", "Completion", "Document", "Field", "Form", "Heading", "Link", "LinkButton", "Option"}
    | {"Picture", "Select", "Text", "TextEntry", "error_document", "notice_document", "decided_document"}
)
SAID_AS = frozenset({"alt", "hint", "label", "reason", "submit", "summary", "text", "title"})


def test_no_sentence_stands_outside_the_catalogue() -> None:
    """Neither where an error is raised that members see, nor in a document that is made for them."""
    found = [
        f"{file}:{node.lineno}: {ast.unparse(node)[:100]}"
        for file, tree in sources("bot/core", "bot/app", "feeds", "adapters/console", "adapters/slack", "adapters/text")
        if not file.is_relative_to("bot/core/strings") and file.as_posix() not in OPERATORS
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and _speaks(node)
    ]
    assert found == []


def _speaks(call: ast.Call) -> bool:
    name = call.func.id if isinstance(call.func, ast.Name) else ""
    if name in FAULTS:
        return any(_is_prose(said) for said in [*call.args, *(keyword.value for keyword in call.keywords)])
    if name in SHOWN:
        said = [keyword.value for keyword in call.keywords if keyword.arg in SAID_AS]
        return any(_is_prose(argument) for argument in [*call.args[:1], *said])
    return False


def _is_prose(node: ast.expr) -> bool:
    match node:
        case ast.Constant(value=str() as text):
            return any(char.isalpha() for char in text)
        case ast.JoinedStr(values=parts):
            return any(_is_prose(part) for part in parts if isinstance(part, ast.Constant))
        case ast.BinOp(left=left, right=right):
            return _is_prose(left) or _is_prose(right)
        case ast.IfExp(body=body, orelse=other):
            return _is_prose(body) or _is_prose(other)
        case ast.BoolOp(values=values):
            return any(map(_is_prose, values))
    return False
