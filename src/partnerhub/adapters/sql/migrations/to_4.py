"""Version 4 of the schema: keys given out are noted, not looked up.

On PostgreSQL things lose the index of their keys; that of their identities becomes
the primary key. Media quality no longer notes what legs do not have yet.
"""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa
from alembic.operations import Operations

_THINGS: Final = (
    *("customer", "subscription", "license"),
    *("device", "number", "app_version"),
)


def upgrade(op: Operations, prefix: str, schema: str | None) -> None:
    """Migrates the tables with that prefix."""
    connection = op.get_bind()
    meta = sa.table(
        prefix + "meta", sa.column("name"), sa.column("value"), schema=schema
    )
    for name in ("organization", "text", *_THINGS):
        table = sa.table(prefix + name, sa.column("key"), schema=schema)
        newest = connection.scalar(sa.select(sa.func.max(table.c.key)))
        if newest:
            row = {"name": f"newest {name}", "value": str(newest)}
            op.execute(sa.insert(meta).values(row))
    op.drop_column(prefix + "media", "fresh", schema=schema)
    if connection.dialect.name == "postgresql":
        for name in _THINGS:
            _key_by_identity(op, prefix + name, schema)


def _key_by_identity(op: Operations, name: str, schema: str | None) -> None:
    connection = op.get_bind()
    preparer = connection.dialect.identifier_preparer
    table = preparer.format_table(sa.Table(name, sa.MetaData(), schema=schema))
    before = sa.inspect(connection).get_pk_constraint(name, schema=schema)["name"]
    op.execute(
        f"ALTER TABLE {table} DROP CONSTRAINT {preparer.quote(str(before))},"
        f" ADD PRIMARY KEY USING INDEX {preparer.quote(f'{name}_identity')}"
    )
