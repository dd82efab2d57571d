"""Making the tables of a new store, migrating those of an older one.

Everything happens in one transaction: a store is of the old version or of the new one.
"""

from __future__ import annotations

from importlib import import_module

import sqlalchemy as sa

from partnerhub.adapters.sql.schema import SCHEMA_VERSION, VERSION, WRITES, Schema
from partnerhub.adapters.sql.session import Session
from partnerhub.domain.errors import SchemaMismatch


def prepare(session: Session, *, migrate: bool) -> None:
    """Sees to it that the tables are there, in the version this library writes.

    Args:
        session: The store.
        migrate: Make or change tables where that is needed.

    Raises:
        SchemaMismatch: The tables are of a newer version, or need a migration that
            was not asked for.
        StoreError: The database cannot be read or written.
    """
    with session.reading():
        found = _version(session)
    if found == VERSION:
        return
    _check(session.name, found, migrate=migrate)
    with session.writing():
        # Another process may have done it while this one waited its turn.
        found = _version(session)
        if found is None:
            _create(session.connection, session.schema)
        elif found < VERSION:
            _migrate(session.connection, session.schema, found)


def _check(name: str, found: int | None, *, migrate: bool) -> None:
    if found is not None and found > VERSION:
        raise SchemaMismatch(
            name,
            f"its schema is version {found} and this partnerhub knows versions up to "
            f"{VERSION}: upgrade partnerhub",
        )
    if migrate:
        return
    if found is None:
        raise SchemaMismatch(
            name, "it has no tables of partnerhub: open it with migrate=True"
        )
    raise SchemaMismatch(
        name,
        f"its schema is version {found} and this partnerhub writes {VERSION}: open it "
        "with migrate=True, after a backup",
    )


def _version(session: Session) -> int | None:
    table = session.schema.meta
    inspector = sa.inspect(session.connection)
    if not inspector.has_table(table.name, schema=table.schema):
        return None
    query = sa.select(table.c.value).where(table.c.name == SCHEMA_VERSION)
    value = session.connection.scalar(query)
    if value is None or not value.isdecimal():
        raise SchemaMismatch(
            session.name,
            f"its table {table.name} tells no version: check the prefix and schema, or "
            "restore a backup",
        )
    return int(value)


def _create(connection: sa.Connection, schema: Schema) -> None:
    if schema.metadata.schema is not None:
        make = sa.schema.CreateSchema(schema.metadata.schema, if_not_exists=True)
        connection.execute(make)
    schema.metadata.create_all(connection)
    rows = [(SCHEMA_VERSION, str(VERSION)), (WRITES, "0")]
    told = [{"name": name, "value": value} for name, value in rows]
    connection.execute(sa.insert(schema.meta), told)


def _migrate(connection: sa.Connection, schema: Schema, found: int) -> None:
    # Alembic costs a third of a second; only a store that needs it pays.
    from alembic.migration import MigrationContext
    from alembic.operations import Operations

    operations = Operations(MigrationContext.configure(connection))
    for version in range(found + 1, VERSION + 1):
        step = import_module(f"partnerhub.adapters.sql.migrations.to_{version}")
        step.upgrade(operations, schema.prefix, schema.metadata.schema)
    connection.execute(
        sa.update(schema.meta)
        .where(schema.meta.c.name == SCHEMA_VERSION)
        .values(value=str(VERSION))
    )
