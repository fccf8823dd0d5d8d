"""What makes databases of tests quick, in this process: nothing that a test could see.

Statements are compiled once, and not anew for each test's database. SQLAlchemy keeps what it compiled with the engine,
and every test has engines of its own. Its documented `compiled_cache` takes any mapping, so here is one for all
engines; their dialects differ in nothing but identity.

SQLite waits for no disk: nobody cuts the power of a test, and what a killed process wrote is there without it.
"""

from __future__ import annotations

from collections.abc import Iterator, MutableMapping
from typing import Any

from sqlalchemy import Connection, Engine, event

_compiled: dict[tuple[Any, ...], Any] = {}


class _Compiled(MutableMapping[tuple[Any, ...], Any]):
    """Keys begin with the dialect; kept, they begin with its name."""

    def __getitem__(self, key: tuple[Any, ...]) -> Any:
        return _compiled[_plain(key)]

    def __setitem__(self, key: tuple[Any, ...], value: Any) -> None:
        _compiled[_plain(key)] = value

    def __delitem__(self, key: tuple[Any, ...]) -> None:
        del _compiled[_plain(key)]

    def __iter__(self) -> Iterator[Any]:
        return iter(_compiled)

    def __len__(self) -> int:
        return len(_compiled)


def _plain(key: tuple[Any, ...]) -> tuple[Any, ...]:
    dialect, *rest = key
    return (f"{dialect.name}+{dialect.driver}", *rest)


_SHARED = _Compiled()


def make_engines_quick() -> None:
    """From now on."""
    event.listen(Engine, "engine_connect", _connected)


def _connected(connection: Connection) -> None:
    connection.execution_options(compiled_cache=_SHARED)
    if connection.dialect.name == "sqlite" and not connection.info.get("quick"):
        connection.info["quick"] = True
        cursor = connection.connection.cursor()
        cursor.execute("PRAGMA synchronous = OFF")
        cursor.close()
