"""Opening a store by its URL; each engine is imported only when asked for."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import ExitStack
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Final

from partnerhub.adapters.store.hub_store import HubStore
from partnerhub.domain.errors import InvalidValue, StoreUnreachable
from partnerhub.ports import Store

if TYPE_CHECKING:
    import sqlalchemy as sa

    from partnerhub.adapters.sql.arrow import ArrowReader
    from partnerhub.adapters.sql.session import Transactions

SCHEMES: Final = (
    "memory:",
    "sqlite:///path/to/file.db",
    "postgresql://user@host/database",
)

_LONGEST_PREFIX: Final = 32
"""Bytes of UTF-8: PostgreSQL takes 63 of a name, and tables and indexes have their own."""


def open_stores(
    urls: Mapping[str, str],
    /,
    *,
    migrate: bool | None = None,
    prefix: str = "ph_",
    schema: str | None = None,
    legs: str | PathLike[str] | None = None,
) -> Store:
    """One store of several, each keeping the customers of its region.

    Args:
        urls: Region -> URL of its store; documents are kept in the first.
        migrate: As of `open_store`.
        prefix: As of `open_store`.
        schema: As of `open_store`.
        legs: As of `open_store`; each region has a folder of its own in it.

    Raises:
        InvalidValue: Two regions have one store, or one region two.
        StoreError: One of them cannot be opened; the others are closed again.
    """
    from partnerhub.adapters.residency.store import RegionalStore

    files = [url for url in urls.values() if not url.startswith("memory:")]
    if len({*files}) < len(files):
        why = "each region has a store of its own, and two of these are one"
        raise InvalidValue("store a region", ", ".join(urls), why)
    with ExitStack() as opened:
        stores = {
            region: opened.enter_context(
                open_store(
                    url,
                    migrate=migrate,
                    prefix=prefix,
                    schema=schema,
                    legs=None if legs is None else Path(legs) / region,
                )
            )
            for region, url in urls.items()
        }
        regional = RegionalStore(stores)
        opened.pop_all()
    return regional


def open_store(
    url: str | sa.Engine | sa.Connection,
    /,
    *,
    migrate: bool | None = None,
    prefix: str = "ph_",
    schema: str | None = None,
    statement_timeout_s: int = 600,
    legs: str | PathLike[str] | None = None,
) -> HubStore:
    """The store at a URL, or in a database that the caller has opened.

    Args:
        url: `memory:`, `sqlite:///` and a path (four slashes for an absolute one),
            `postgresql://...`, or an engine or connection of SQLAlchemy. In the
            transaction of a connection that is passed in, the store keeps to
            savepoints; committing is the caller's.
        migrate: Make the tables, or bring those of an older version up to date. By
            default SQLite files of ours are, all else is not.
        prefix: What the names of all tables begin with, at most 32 bytes, without %.
        schema: The PostgreSQL schema that the tables are in.
        statement_timeout_s: How long one statement may take on PostgreSQL.
        legs: A folder that keeps call legs as Parquet files (extra `columnar`); left
            out, the store keeps them.

    Raises:
        InvalidValue: The URL names no store we know.
        MissingExtra: PostgreSQL needs the extra `postgres`.
        SchemaMismatch: The tables are missing or of another version.
        StoreError: It cannot be opened; one of its kinds says why.

    Examples:
        >>> open_store("memory:")
        <HubStore memory:>
    """
    if legs is not None:
        from partnerhub.adapters.parquet.dataset import LegDataset
        from partnerhub.adapters.parquet.folders import LegFolderStore

        dataset = LegDataset(legs)
        found = open_store(
            url,
            migrate=migrate,
            prefix=prefix,
            schema=schema,
            statement_timeout_s=statement_timeout_s,
        )
        return LegFolderStore(found.backend, dataset)
    if not isinstance(url, str):
        return _open_host(url, migrate=bool(migrate), prefix=prefix, schema=schema)
    scheme, _, rest = url.partition(":")
    if scheme == "memory" and rest in {"", "//"}:
        from partnerhub.adapters.memory.backend import MemoryBackend

        return HubStore(MemoryBackend())
    if scheme == "sqlite" and rest.startswith("///") and len(rest) > len("///"):
        path = rest.removeprefix("///")
        return _open_sqlite(
            path, migrate=migrate is not False, prefix=prefix, schema=schema
        )
    if scheme in {"postgresql", "postgres", "postgresql+psycopg"}:
        from partnerhub.adapters.sql import postgres
        from partnerhub.adapters.sql.arrow import postgres_reader

        address = postgres.parse_url(f"postgresql:{rest}")
        engine = postgres.create_engine(
            address, statement_timeout_s=statement_timeout_s
        )
        return _open_sql(
            engine,
            name=postgres.shown(address),
            migrate=bool(migrate),
            prefix=prefix,
            schema=schema,
            arrow=postgres_reader(address),
        )
    raise InvalidValue("store", _without_password(url), choices=SCHEMES)


def _without_password(url: str) -> str:
    """A URL nobody understands may still hold a password, before its @ or after a ?."""
    before, at, after = url.rpartition("@")
    shown = f"{before.partition(':')[0]}://***@{after}" if at else url
    return shown.partition("?")[0]


def _shown(url: sa.URL) -> str:
    """Where a host's store is, as a URL of ours."""
    if url.get_backend_name() == "sqlite":
        return f"sqlite:///{url.database or ''}"
    from partnerhub.adapters.sql import postgres

    return postgres.shown(url)


def _open_sqlite(
    path: str, *, migrate: bool, prefix: str, schema: str | None
) -> HubStore:
    # SQLAlchemy costs a quarter of a second; only a SQL store pays it.
    from partnerhub.adapters.sql import sqlite
    from partnerhub.adapters.sql.arrow import sqlite_reader

    name = f"sqlite:///{path}"
    if path == ":memory:" or "\0" in path:
        raise InvalidValue("store", name, choices=SCHEMES)
    if Path(path).is_dir():
        raise StoreUnreachable(name, "it is a folder; name a file in it")
    if not migrate and not Path(path).exists():
        raise StoreUnreachable(name, "there is no such file; migrate=True makes it")
    engine = sqlite.create_engine(path)
    return _open_sql(
        engine,
        name=name,
        migrate=migrate,
        prefix=prefix,
        schema=schema,
        arrow=sqlite_reader(path),
    )


def _open_sql(
    engine: sa.Engine,
    *,
    name: str,
    migrate: bool,
    prefix: str,
    schema: str | None,
    arrow: ArrowReader | None,
) -> HubStore:
    from partnerhub.adapters.sql.transactions import OwnTransactions

    transactions = OwnTransactions(engine, owned=True)
    return _prepared(
        transactions,
        engine.dialect.name,
        name=name,
        migrate=migrate,
        prefix=prefix,
        schema=schema,
        arrow=arrow,
    )


def _open_host(
    host: sa.Engine | sa.Connection, *, migrate: bool, prefix: str, schema: str | None
) -> HubStore:
    import sqlalchemy as sa

    from partnerhub.adapters.sql.transactions import HostTransactions, OwnTransactions

    if not isinstance(host, sa.Engine | sa.Connection):
        raise InvalidValue("store", host, choices=SCHEMES)
    driver = f"{host.dialect.name}+{host.dialect.driver}"
    if driver not in {"sqlite+pysqlite", "postgresql+psycopg"}:
        drivers = ("sqlite+pysqlite", "postgresql+psycopg")
        raise InvalidValue("database driver", driver, choices=drivers)
    transactions: Transactions
    if isinstance(host, sa.Engine):
        name = _shown(host.url)
        transactions = OwnTransactions(host, owned=False)
    else:
        name = _shown(host.engine.url)
        transactions = HostTransactions(host, name=name)
    return _prepared(
        transactions,
        host.dialect.name,
        name=name,
        migrate=migrate,
        prefix=prefix,
        schema=schema,
    )


def _prepared(
    transactions: Transactions,
    dialect: str,
    *,
    name: str,
    migrate: bool,
    prefix: str,
    schema: str | None,
    arrow: ArrowReader | None = None,
) -> HubStore:
    from partnerhub.adapters.sql import versions
    from partnerhub.adapters.sql.backend import SqlBackend
    from partnerhub.adapters.sql.dialects import Dialect
    from partnerhub.adapters.sql.postgres import PostgresDialect
    from partnerhub.adapters.sql.schema import Schema
    from partnerhub.adapters.sql.session import Session
    from partnerhub.adapters.sql.sqlite import SqliteDialect

    if len(prefix.encode()) > _LONGEST_PREFIX:
        raise InvalidValue("prefix", prefix, f"at most {_LONGEST_PREFIX} bytes")
    for what, told in (("prefix", prefix), ("schema", schema or "")):
        if "%" in told or "\0" in told:
            # The driver takes a percent sign for a parameter, in some statements.
            raise InvalidValue(what, told, "it holds neither % nor NUL")
    if schema is not None and dialect == "sqlite":
        why = "SQLite has no schemas; choose a prefix"
        raise InvalidValue("schema", schema, why)
    speaks: Dialect = SqliteDialect() if dialect == "sqlite" else PostgresDialect()
    tables = Schema.prefixed(prefix, schema)
    session = Session(transactions, tables, speaks, name=name, arrow=arrow)
    try:
        versions.prepare(session, migrate=migrate)
    except BaseException:
        session.close()
        raise
    return HubStore(SqlBackend(session))
