"""What all tables share: the metadata with its names for constraints, ids, and the columns that describe an outlet."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Integer, MetaData, Text

from adapters.storage.types import OutsideText

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    }
)


def described(_object: object, name: str | None, kind: str, _reflected: bool, _compared: object) -> bool:
    """Whether this package answers for something found in a database (Alembic's `include_object`): all but search."""
    return not (
        (kind == "table" and (name or "").startswith("article_words")) or name in {"words", "ix_articles_words"}
    )


# SQLite gives out row ids only for a column declared INTEGER.
Id = BigInteger().with_variant(Integer, "sqlite")


def outlet_columns() -> tuple[Column[str], Column[str | None], Column[str | None], Column[bool]]:
    return (
        Column("outlet_name", OutsideText, nullable=False),
        Column("outlet_owner", OutsideText),
        Column("outlet_country", Text),
        Column("outlet_paywalled", Boolean),  # NULL: not known
    )
