"""Pages that are looked at again because something was posted from their articles.

Follows 0014.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "page_looks",
        sa.Column("article", ID, autoincrement=False, nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("looked_at", sa.BigInteger(), nullable=True),
        sa.Column("etag", sa.Text(), nullable=True),
        sa.Column("last_modified", sa.Text(), nullable=True),
        sa.Column("body_hash", sa.Text(), nullable=True),
        sa.Column("missing_since", sa.BigInteger(), nullable=True),
        sa.Column("missing_looks", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["article"], ["articles.id"], name="fk_page_looks_article_articles", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("article", name="pk_page_looks"),
    )
