"""Version 2 of the schema.

New are a day for each text of an organization, versions for edits, tags of
subscriptions, documents, and a count of writes.
"""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa
from alembic.operations import Operations

_TEXT: Final = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
_NEVER: Final = -(2**62)


def upgrade(op: Operations, prefix: str, schema: str | None) -> None:
    """Migrates the tables with that prefix."""
    _organizations(op, prefix + "organization", schema)
    _tags(op, prefix + "tag", schema)
    meta = sa.table(
        prefix + "meta", sa.column("name"), sa.column("value"), schema=schema
    )
    op.execute(sa.insert(meta).values(name="writes", value="0"))
    op.create_table(
        prefix + "document",
        sa.Column("kind", _TEXT, primary_key=True, nullable=False),
        sa.Column("id", _TEXT, primary_key=True, nullable=False),
        sa.Column("version", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("body", _TEXT, nullable=False),
        schema=schema,
    )


def _organizations(op: Operations, name: str, schema: str | None) -> None:
    days = ("name_day", "industry_day", "external_id_day", "emails_day", "tags_day")
    for column in days:
        added = sa.Column(
            column, sa.BigInteger, nullable=False, server_default=str(_NEVER)
        )
        op.add_column(name, added, schema=schema)
    version = sa.Column("version", sa.BigInteger, nullable=False, server_default="1")
    op.add_column(name, version, schema=schema)
    table = sa.table(name, *map(sa.column, ("told_on", *days)), schema=schema)
    op.execute(sa.update(table).values(dict.fromkeys(days, table.c.told_on)))
    op.drop_column(name, "told_on", schema=schema)


def _tags(op: Operations, name: str, schema: str | None) -> None:
    old = f"{name}_before_2"
    op.rename_table(name, old, schema=schema)
    numbers = [
        sa.Column(n, sa.BigInteger, primary_key=True, autoincrement=False)
        for n in ("organization", "thing", "place")
    ]
    op.create_table(
        name,
        *numbers,
        sa.Column("tag", _TEXT, nullable=False),
        schema=schema,
        sqlite_with_rowid=False,
    )
    source = sa.table(
        old, *map(sa.column, ("organization", "place", "tag")), schema=schema
    )
    target = sa.table(
        name, *map(sa.column, ("organization", "thing", "place", "tag")), schema=schema
    )
    rows = sa.select(source.c.organization, sa.literal(0), source.c.place, source.c.tag)
    op.execute(
        sa.insert(target).from_select(["organization", "thing", "place", "tag"], rows)
    )
    op.drop_table(old, schema=schema)
