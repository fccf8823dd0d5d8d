"""Why a platform refused a part of a delivery whose other parts were sent.

Follows 0013.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("delivery_parts", sa.Column("refused", sa.Text()))
