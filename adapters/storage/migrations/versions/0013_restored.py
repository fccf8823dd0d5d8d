"""Deliveries that a backup brought back, of which nobody knows what was posted since it was taken.

Follows 0012.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("deliveries", sa.Column("restored", sa.Boolean(), nullable=False, server_default=sa.text("false")))
