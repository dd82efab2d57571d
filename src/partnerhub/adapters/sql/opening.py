"""Opening a SQL store: one of ours, or one in a database that a host has opened."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import sqlalchemy as sa

from partnerhub.adapters.sql import postgres, sqlite, versions
from partnerhub.adapters.sql.arrow import (
    ArrowReader,
    postgres_reader,
    sqlite_reader,
)
from partnerhub.adapters.sql.backend import SqlBackend
from partnerhub.adapters.sql.dialects import Dialect
from partnerhub.adapters.sql.schema import Schema
from partnerhub.adapters.sql.session import Session, Transactions
from partnerhub.adapters.sql.transactions import HostTransactions, OwnTransactions
from partnerhub.adapters.store.hub_store import HubStore
from partnerhub.domain.errors import InvalidValue, StoreUnreachable

_LONGEST_PREFIX: Final = 32
"""Bytes of UTF-8: PostgreSQL takes 63 of a name, and tables and indexes have their own."""

_DRIVERS: Final = ("sqlite+pysqlite", "postgresql+psycopg")


def tables_named(prefix: str, schema: str | None) -> Schema:
    """The tables with a prefix, in a PostgreSQL schema where one is named.

    Raises:
        InvalidValue: Some database does not take such names.
    """
    if len(prefix.encode()) > _LONGEST_PREFIX:
        raise InvalidValue("prefix", prefix, f"at most {_LONGEST_PREFIX} bytes")
    for what, told in (("prefix", prefix), ("schema", schema or "")):
        if "%" in told or "\0" in told:
            # The driver takes a percent sign for a parameter, in some statements.
            raise InvalidValue(what, told, "it holds neither % nor NUL")
    return Schema.prefixed(prefix, schema)


def open_sqlite(path: str, tables: Schema, *, migrate: bool) -> HubStore:
    """The store in an SQLite file, made where `migrate` allows it."""
    name = f"sqlite:///{path}"
    if Path(path).is_dir():
        raise StoreUnreachable(name, "it is a folder; name a file in it")
    if not migrate and not Path(path).exists():
        raise StoreUnreachable(name, "there is no such file; migrate=True makes it")
    transactions = OwnTransactions(sqlite.create_engine(path), owned=True)
    arrow = sqlite_reader(path)
    return _opened(
        transactions, "sqlite", tables, name=name, migrate=migrate, arrow=arrow
    )


def open_postgres(text: str, tables: Schema, *, migrate: bool) -> HubStore:
    """The store at a PostgreSQL URL (extra `postgres`)."""
    url = postgres.parse_url(text)
    transactions = OwnTransactions(postgres.create_engine(url), owned=True)
    return _opened(
        transactions,
        "postgresql",
        tables,
        name=postgres.shown(url),
        migrate=migrate,
        arrow=postgres_reader(url),
    )


def open_host(
    host: sa.Engine | sa.Connection, tables: Schema, *, migrate: bool
) -> HubStore:
    """The store in a database that a host has opened.

    Raises:
        InvalidValue: It is neither, or its driver is not one of those we speak to.
    """
    if not isinstance(host, sa.Engine | sa.Connection):
        why = "a URL, or an engine or connection of SQLAlchemy"
        raise InvalidValue("store", host, why)
    driver = f"{host.dialect.name}+{host.dialect.driver}"
    if driver not in _DRIVERS:
        raise InvalidValue("database driver", driver, choices=_DRIVERS)
    name = _shown(host.engine.url)
    transactions: Transactions
    if isinstance(host, sa.Engine):
        transactions = OwnTransactions(host, owned=False)
    else:
        transactions = HostTransactions(host, name=name)
    return _opened(transactions, host.dialect.name, tables, name=name, migrate=migrate)


def _shown(url: sa.URL) -> str:
    """Where a host's store is, as a URL of ours."""
    if url.get_backend_name() == "sqlite":
        return f"sqlite:///{url.database or ''}"
    return postgres.shown(url)


def _opened(
    transactions: Transactions,
    database: str,
    tables: Schema,
    *,
    name: str,
    migrate: bool,
    arrow: ArrowReader | None = None,
) -> HubStore:
    if tables.metadata.schema is not None and database == "sqlite":
        why = "SQLite has no schemas; choose a prefix"
        raise InvalidValue("schema", tables.metadata.schema, why)
    speaks: Dialect = (
        sqlite.SqliteDialect() if database == "sqlite" else postgres.PostgresDialect()
    )
    session = Session(transactions, tables, speaks, name=name, arrow=arrow)
    try:
        versions.prepare(session, migrate=migrate)
    except BaseException:
        session.close()
        raise
    return HubStore(SqlBackend(session))
