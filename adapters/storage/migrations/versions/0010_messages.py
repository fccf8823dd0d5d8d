"""Finding a delivery by a message that it was posted as.

Follows 0009.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    posted = sa.text("message IS NOT NULL")
    op.create_index(
        "ix_delivery_parts_message", "delivery_parts", ["message"], sqlite_where=posted, postgresql_where=posted
    )
