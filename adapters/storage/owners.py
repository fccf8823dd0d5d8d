"""Who owns a row, and who may see it: the one place where a `Viewer` becomes a column's value.

A row's owner is the community's id, and "" for a common row. Not NULL: a unique constraint such as (owner, url) must
hold for common rows too, and `= NULL` is never true, which would make a forgotten case silent.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement

from bot.core.community import COMMON, CommunityId, Viewer


def owner_value(owner: Viewer) -> str:
    return "" if owner is None else owner


def owner_of(value: str) -> Viewer:
    return CommunityId(value) if value else COMMON


def owned(column: ColumnElement[Any], owner: Viewer) -> ColumnElement[bool]:
    """Rows of exactly that owner: what may be changed."""
    return column == owner_value(owner)


def visible(column: ColumnElement[Any], viewer: Viewer) -> ColumnElement[bool]:
    """Common rows and the viewer's own: what may be read."""
    return column == "" if viewer is COMMON else column.in_(("", viewer))
