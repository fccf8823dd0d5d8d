"""The drivers' errors in our words, without what they must not carry.

A driver's message can hold the connection string with its password, or the values of a row, a private feed's address
among them. So a `StoreError` names the database without user or query, quotes the first line of the driver's message
without the password, and has no cause attached: the statement, whose values are placeholders, goes along as a note.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote, quote_plus

from sqlalchemy import URL
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from bot.core.errors import StoreAway, StoreBusy, StoreError, StoreFull

# https://www.sqlite.org/rescode.html (primary codes: the low byte)
# https://www.postgresql.org/docs/current/errcodes-appendix.html
BUSY: frozenset[int | str] = frozenset({5, 6, "55P03", "40P01", "40001", "53300"})
# Being shut down, crashed, starting; class 08 is connections.
AWAY: frozenset[int | str] = frozenset({"57P01", "57P02", "57P03"})
# SQLITE_IOERR_WRITE: SQLite knows a full disk by ENOSPC alone; a spent quota and a limit on files' size come as this.
NOT_WRITTEN: frozenset[int] = frozenset({778})
FULL: frozenset[int | str] = frozenset({13, "53100"})


@contextmanager
def translated(url: URL, told: Callable[[StoreError], None] | None = None) -> Iterator[None]:
    """Turn what the database's driver raises into a `StoreError`, and tell of it; everything else passes."""
    try:
        yield
    except Exception as problem:
        # asyncpg's own errors, where connecting fails before SQLAlchemy can wrap them.
        ours = isinstance(problem, SQLAlchemyError | sqlite3.Error | OSError)
        if not ours and not type(problem).__module__.startswith("asyncpg"):
            raise
        error = store_error(problem, url)
        if told is not None:
            told(error)
        raise error from None


def store_error(problem: Exception, url: URL) -> StoreError:
    cause: BaseException = problem
    if isinstance(problem, DBAPIError) and problem.orig is not None:
        cause = problem.orig
    where = named(url)
    error: StoreError
    if is_busy(cause):
        error = StoreBusy(f"{where} is in use by another process; try again ({_said(cause, url)})")
    elif _code(cause) in FULL or _extended(cause) in NOT_WRITTEN:
        error = StoreFull(f"{where} has no space left; nothing of this step was written ({_said(cause, url)})")
    elif is_away(problem, cause, url):
        error = StoreAway(f"{where} cannot be reached: {_said(cause, url)}")
    else:
        error = StoreError(f"{where}: {_said(cause, url)}")
    if isinstance(problem, DBAPIError) and problem.statement:
        error.add_note(f"while running: {problem.statement}")
    return error


def is_busy(problem: BaseException) -> bool:
    return _code(problem) in BUSY


def is_away(problem: Exception, cause: BaseException, url: URL) -> bool:
    if url.get_backend_name() == "sqlite":
        return False
    if isinstance(problem, DBAPIError) and problem.connection_invalidated:
        return True
    code = _code(cause)
    return code in AWAY or (isinstance(code, str) and code.startswith("08")) or isinstance(cause, OSError)


def _code(problem: BaseException) -> int | str | None:
    """SQLite's primary result code or PostgreSQL's SQLSTATE."""
    if isinstance(problem, sqlite3.Error):
        return getattr(problem, "sqlite_errorcode", 0) & 0xFF
    state = getattr(problem, "sqlstate", None)
    return state if isinstance(state, str) else None


def _extended(problem: BaseException) -> int:
    return getattr(problem, "sqlite_errorcode", 0) if isinstance(problem, sqlite3.Error) else 0


def named(url: URL) -> str:
    """The database as people may read it: where it is, never who connects or with what."""
    if url.get_backend_name() == "sqlite":
        return f"the database {Path(url.database or '').name}"
    place = f" on {url.host}" if url.host else ""
    return f"the database {url.database or ''}{place}"


def _said(cause: BaseException, url: URL) -> str:
    lines = str(cause).strip().splitlines()
    said = lines[0] if lines else type(cause).__name__
    # SQLAlchemy puts the class before asyncpg's message.
    if said.startswith("<class ") and ">: " in said:
        said = said.split(">: ", 1)[1]
    for secret in secrets_of(url):
        said = said.replace(secret, "***")
    return said


def secrets_of(url: URL) -> set[str]:
    """The passwords of an address, as written and as quoted."""
    plain = [url.password, *(value for key, value in url.query.items() if "pass" in key.lower())]
    words = {word for word in plain if isinstance(word, str) and word}
    return words | {quote(word) for word in words} | {quote_plus(word) for word in words}
