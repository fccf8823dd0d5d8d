"""That somebody was greeted where Slugline came.

Follows 0015. Communities that are there already are taken to know what they have.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("communities", sa.Column("greeted_at", sa.BigInteger(), nullable=True))
    op.add_column("communities", sa.Column("greeting", sa.BigInteger(), nullable=True))
    op.execute("UPDATE communities SET greeted_at = created_at")
