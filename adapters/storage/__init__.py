"""Storage in one relational database, SQLite or PostgreSQL, behind `bot.app.ports.Database`."""

from adapters.storage.database import SqlDatabase, SqlTransaction, open_database

__all__ = ["SqlDatabase", "SqlTransaction", "open_database"]
