"""Making the tables of a new store, and refusing one of another version."""

from __future__ import annotations

import sqlalchemy as sa

from partnerhub.adapters.sql import sqlite
from partnerhub.adapters.sql.schema import VERSION, Schema
from partnerhub.adapters.sql.trouble import translated
from partnerhub.domain.errors import SchemaMismatch

_NAME = "schema_version"


def prepare(engine: sa.Engine, schema: Schema, *, name: str) -> None:
    """Makes the tables where there are none.

    Raises:
        SchemaMismatch: They are of another version of partnerhub.
        StoreError: The database cannot be read or written.
    """
    with translated(name), engine.connect() as connection:
        found = _version(connection, schema)
    if found is None:
        _create(engine, schema, name)
    elif found != VERSION:
        raise SchemaMismatch(
            name,
            f"its schema is version {found} and this partnerhub writes {VERSION}; "
            "use the partnerhub that wrote it, or a newer one",
        )


def _version(connection: sa.Connection, schema: Schema) -> int | None:
    if not sa.inspect(connection).has_table(schema.meta.name):
        return None
    meta = schema.meta.c
    value = connection.scalar(sa.select(meta.value).where(meta.name == _NAME))
    return None if value is None else int(value)


def _create(engine: sa.Engine, schema: Schema, name: str) -> None:
    begin = {sqlite.BEGIN: "BEGIN IMMEDIATE"}
    with (
        translated(name),
        engine.connect() as connection,
        connection.execution_options(**begin).begin(),
    ):
        # Another process may have made them while this one waited its turn.
        if _version(connection, schema) is not None:
            return
        schema.metadata.create_all(connection)
        connection.execute(
            sa.insert(schema.meta).values(name=_NAME, value=str(VERSION))
        )
