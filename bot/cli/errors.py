"""How a command ends when something is wrong: one line and an exit code, never a traceback for a person's mistake."""

from __future__ import annotations

import asyncio
import functools
from collections.abc import Callable, Coroutine
from typing import Any, ParamSpec

import click

from bot.core.errors import SettingsError, SluglineError

P = ParamSpec("P")

BAD_SETTINGS = 2
BAD_INPUT = 1
INTERRUPTED = 130


def command(function: Callable[P, Coroutine[Any, Any, None]]) -> Callable[P, None]:
    """Run an async command; our own errors become one line on standard error (settings exit with 2, the rest 1)."""

    @functools.wraps(function)
    def wrapper(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            asyncio.run(function(*args, **kwargs))
        except SluglineError as error:
            click.echo(f"slugline: {' '.join(str(error).split())}", err=True)
            raise SystemExit(BAD_SETTINGS if isinstance(error, SettingsError) else BAD_INPUT) from None
        except KeyboardInterrupt:
            raise SystemExit(INTERRUPTED) from None

    return wrapper
