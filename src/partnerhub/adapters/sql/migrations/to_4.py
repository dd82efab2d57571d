"""Version 4 of the schema: keys given out are noted, not looked up.

On PostgreSQL things lose the index of their keys; that of their identities becomes
the primary key. Media quality no longer notes what legs do not have yet; on which days
there may be legs of a call is noted instead.
"""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa
from alembic.operations import Operations

from partnerhub.adapters.sql.call_hashes import hashed

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
    _note_calls(op, prefix, schema)
    if connection.dialect.name == "postgresql":
        for name in _THINGS:
            _key_by_identity(op, prefix + name, schema)


def _note_calls(op: Operations, prefix: str, schema: str | None) -> None:
    connection = op.get_bind()
    table = op.create_table(
        prefix + "call_hash",
        sa.Column("day", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("batch", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("hashes", sa.LargeBinary, nullable=False),
        schema=schema,
    )
    leg = sa.table(
        prefix + "leg", sa.column("day"), sa.column("call_id"), schema=schema
    )
    days = connection.scalars(sa.select(leg.c.day).distinct()).all()
    for day in days:
        calls = connection.scalars(sa.select(leg.c.call_id).where(leg.c.day == day))
        hashes = hashed(calls)
        if len(hashes):
            row = {"day": day, "batch": 1, "hashes": hashes.tobytes()}
            op.execute(sa.insert(table).values(row))


def _key_by_identity(op: Operations, name: str, schema: str | None) -> None:
    connection = op.get_bind()
    preparer = connection.dialect.identifier_preparer
    table = preparer.format_table(sa.Table(name, sa.MetaData(), schema=schema))
    before = sa.inspect(connection).get_pk_constraint(name, schema=schema)["name"]
    op.execute(
        f"ALTER TABLE {table} DROP CONSTRAINT {preparer.quote(str(before))},"
        f" ADD PRIMARY KEY USING INDEX {preparer.quote(f'{name}_identity')}"
    )
