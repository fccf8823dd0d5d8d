"""JSON lines in and out, for commands that people and measurements pipe into each other."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import count, islice
from typing import Any, TextIO

import click

from bot.cli.files import interruptible
from bot.core.errors import InputError


@dataclass
class Lines:
    """Reads rows from a stream. A line that is no JSON object, or lacks a needed key, is named on standard error and
    passed over, or ends the command with `strict`. `bad` counts them: the command then exits with 1."""

    stream: TextIO
    needed: tuple[str, ...] = ()
    strict: bool = False
    check: Callable[[dict[str, Any]], object] = bool
    """Raises InputError for a row that is well-formed and still wrong."""
    bad: int = field(default=0, init=False)

    def __iter__(self) -> Iterator[dict[str, Any]]:
        for number in count(1):
            with interruptible():
                line = self.stream.readline()
            if not line:
                return
            if not line.strip():
                continue
            try:
                row = self._row(line)
                self.check(row)
            except InputError as error:
                message = f"line {number}: {error}"
                if self.strict:
                    raise InputError(message) from None
                self.bad += 1
                click.echo(f"slugline: {message}", err=True)
                continue
            yield row

    def batches(self, size: int) -> Iterator[list[dict[str, Any]]]:
        """The rows, `size` at a time."""
        rows = iter(self)
        while batch := list(islice(rows, size)):
            yield batch

    def _row(self, line: str) -> dict[str, Any]:
        try:
            row = json.loads(line, parse_constant=_no_number)
        except RecursionError:
            raise InputError("no valid JSON (nested too deeply)") from None
        except ValueError as error:
            reason = error.msg if isinstance(error, json.JSONDecodeError) else str(error).split(";")[0]
            raise InputError(f"no valid JSON ({reason})") from None
        if not isinstance(row, dict):
            raise InputError("not a JSON object")
        for key in self.needed:
            if row.get(key) is None:
                raise InputError(f"the key {key!r} is missing")
        return row

    def text(self, row: dict[str, Any], key: str) -> str:
        """A text value, "" where absent; anything else is shown as JSON rather than refused."""
        value = row.get(key)
        if value is None:
            return ""
        text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        return text.encode("utf-8", "replace").decode("utf-8")

    def exit(self) -> None:
        """End with 1 if any line was passed over."""
        if self.bad:
            raise SystemExit(1)


def write(row: dict[str, Any]) -> None:
    """One row to standard output. What UTF-8 cannot hold (half a surrogate pair, in an id) goes out as it came in,
    escaped."""
    line = json.dumps(row, ensure_ascii=False)
    try:
        line.encode()
    except UnicodeEncodeError:
        line = json.dumps(row)
    click.echo(line)


def _no_number(name: str) -> object:
    """JSON has no NaN and no Infinity (RFC 8259 §6), though Python reads them."""
    raise ValueError(f"{name} is no JSON number")
