"""Opening a store by its URL; each engine is imported only when asked for."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import ExitStack
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Final

from partnerhub.adapters.store.hub_store import HubStore
from partnerhub.domain.errors import InvalidValue
from partnerhub.ports import Store

if TYPE_CHECKING:
    import sqlalchemy as sa

SCHEMES: Final = (
    "memory:",
    "sqlite:///path/to/file.db",
    "postgresql://user@host/database",
)


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
        found = open_store(url, migrate=migrate, prefix=prefix, schema=schema)
        return LegFolderStore(found.backend, dataset)
    scheme, place = _parsed(url) if isinstance(url, str) else ("", "")
    if scheme == "memory":
        from partnerhub.adapters.memory.backend import MemoryBackend

        return HubStore(MemoryBackend())
    # SQLAlchemy costs a quarter of a second; only a SQL store pays it.
    from partnerhub.adapters.sql import opening as sql

    tables = sql.tables_named(prefix, schema)
    if not isinstance(url, str):
        return sql.open_host(url, tables, migrate=bool(migrate))
    if scheme == "sqlite":
        return sql.open_sqlite(place, tables, migrate=migrate is not False)
    return sql.open_postgres(f"{scheme}:{place}", tables, migrate=bool(migrate))


def _parsed(url: str) -> tuple[str, str]:
    """The scheme of a URL, and what follows it: the path of a file, all else of it.

    Raises:
        InvalidValue: It names no store we know.
    """
    scheme, _, rest = url.partition(":")
    if scheme == "memory" and rest in {"", "//"}:
        return scheme, ""
    path = rest.removeprefix("///")
    if scheme == "sqlite" and path not in {rest, "", ":memory:"} and "\0" not in path:
        return scheme, path
    if scheme in {"postgresql", "postgres", "postgresql+psycopg"}:
        return "postgresql", rest
    raise InvalidValue("store", _without_password(url), choices=SCHEMES)


def _without_password(url: str) -> str:
    """A URL nobody understands may still hold a password, before its @ or after a ?."""
    before, at, after = url.rpartition("@")
    shown = f"{before.partition(':')[0]}://***@{after}" if at else url
    return shown.partition("?")[0]
