"""How a command ends when something is wrong: one line and an exit code, never a traceback for a person's mistake."""

from __future__ import annotations

import asyncio
import functools
import os
import sys
from collections.abc import Callable, Coroutine
from typing import Any, ParamSpec

import click

from bot.core.errors import SettingsError, SluglineError

P = ParamSpec("P")

BAD_SETTINGS = 2
BAD_INPUT = 1
INTERRUPTED = 130


def command(function: Callable[P, Coroutine[Any, Any, None]]) -> Callable[P, None]:
    """Run an async command; our own errors, and the system's refusals (a full disk, no permission), become one line on
    standard error. Wrong settings exit with 2, an interrupt with 130, the rest with 1."""

    @functools.wraps(function)
    def wrapper(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            asyncio.run(function(*args, **kwargs))
        except SluglineError as error:
            _say(str(error))
            raise SystemExit(BAD_SETTINGS if isinstance(error, SettingsError) else BAD_INPUT) from None
        except BrokenPipeError:  # whoever read our output has enough; click ends quietly
            raise
        except OSError as error:
            if error.errno is None:  # no answer of the system's, so a bug of ours
                raise
            _say(f"{error.filename}: {error.strerror}" if error.filename else f"{error.strerror}")
            _let_go_of_output()
            raise SystemExit(BAD_INPUT) from None
        except KeyboardInterrupt:
            raise SystemExit(INTERRUPTED) from None

    return wrapper


def _let_go_of_output() -> None:
    """Where standard output cannot be written to, drop what it holds: Python would try again, and complain, at exit."""
    try:
        sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _say(message: str) -> None:
    click.echo(f"slugline: {' '.join(message.split())}", err=True)
