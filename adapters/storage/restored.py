"""What a backup that took a database's place cannot know: what was posted after it was taken.

What waited then has mostly been posted since. So it is not simply sent: each part is looked for first, or left to its
place's policy where nobody can look (`bot.app.sending`). And the database that was lost has given out further numbers,
under which platforms may know its messages: they are not given out again.
"""

from __future__ import annotations

from sqlalchemy import text

from adapters.storage.database import open_database

GIVEN_OUT = 1_000_000
"""More deliveries than are queued between two backups."""


async def mark_restored(url: str) -> None:
    """Of a database that was just restored; brings its schema up to date. Repeatable."""
    async with open_database(url) as database, database.begin() as tx:
        await tx.sql.execute(text("UPDATE deliveries SET restored = true WHERE finished_at IS NULL"))
        if tx.sql.connection.dialect.name == "postgresql":
            sequence = "pg_get_serial_sequence('deliveries', 'id')"
            await tx.sql.execute(text(f"SELECT setval({sequence}, nextval({sequence}) + {GIVEN_OUT})"))
            return
        moved = await tx.sql.execute(
            text(f"UPDATE sqlite_sequence SET seq = seq + {GIVEN_OUT} WHERE name = 'deliveries'")
        )
        if not moved.rowcount:
            await tx.sql.execute(text(f"INSERT INTO sqlite_sequence VALUES ('deliveries', {GIVEN_OUT})"))
