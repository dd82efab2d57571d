"""The columns that tables are made of, and their types in each database."""

from __future__ import annotations

from typing import Any, Final

import sqlalchemy as sa

# Text is ordered and compared by code point everywhere; PostgreSQL needs telling.
TEXT: Final = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")

NARROW: Final = sa.Integer().with_variant(sa.BigInteger(), "sqlite")
"""Type of days and keys, that fit 32 bits. Version 1 named them so on SQLite."""

FLAG: Final = sa.SmallInteger().with_variant(sa.BigInteger(), "sqlite")


def column(
    name: str,
    kind: Any,
    *,
    key: bool = False,
    nullable: bool = False,
    unique: bool = False,
    index: bool = False,
) -> sa.Column[Any]:
    """A column whose values the library gives; `key` for one of the primary key."""
    return sa.Column(
        name,
        kind,
        primary_key=key,
        nullable=nullable,
        unique=unique,
        index=index,
        autoincrement=False,
    )
