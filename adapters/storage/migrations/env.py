"""Alembic's entry: runs the migrations on the connection it is given, within its transaction."""

from __future__ import annotations

from alembic import context

from adapters.storage.schema import described, metadata


def run() -> None:
    connection = context.config.attributes["connection"]
    context.configure(
        connection=connection,
        target_metadata=metadata,
        render_as_batch=connection.dialect.name == "sqlite",  # SQLite can alter little; Alembic copies the table
        transactional_ddl=True,  # true of SQLite as well, since we say BEGIN ourselves
        compare_type=True,
        include_object=described,
    )
    with context.begin_transaction():
        context.run_migrations()


run()
