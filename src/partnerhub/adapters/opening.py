"""Opening a store by its URL; each engine is imported only when asked for."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from partnerhub.adapters.store import HubStore
from partnerhub.domain.errors import InvalidValue, StoreUnreachable

SCHEMES: Final = ("memory:", "sqlite:///path/to/file.db")


def open_store(url: str, /) -> HubStore:
    """The store at a URL, made there where it is new.

    Args:
        url: `memory:`, or `sqlite:///` and a path (four slashes for an absolute one).

    Raises:
        InvalidValue: The URL names no store we know.
        StoreError: It cannot be opened; one of its kinds says why.

    Examples:
        >>> open_store("memory:")
        <HubStore memory:>
    """
    scheme, _, rest = url.partition(":")
    if scheme == "memory" and rest in {"", "//"}:
        from partnerhub.adapters.memory import MemoryBackend

        return HubStore(MemoryBackend())
    if scheme == "sqlite" and rest.startswith("///") and len(rest) > len("///"):
        return _open_sqlite(rest.removeprefix("///"))
    raise InvalidValue("store", url, choices=SCHEMES)


def _open_sqlite(path: str) -> HubStore:
    # SQLAlchemy costs a quarter of a second; only a SQL store pays it.
    from partnerhub.adapters.sql import sqlite, versions
    from partnerhub.adapters.sql.backend import SqlBackend
    from partnerhub.adapters.sql.schema import Schema

    file = Path(path)
    name = f"sqlite:///{path}"
    if file.is_dir():
        raise StoreUnreachable(name, "it is a folder; name a file in it")
    schema = Schema.prefixed()
    engine = sqlite.create_engine(str(file))
    try:
        versions.prepare(engine, schema, name=name)
    except BaseException:
        engine.dispose()
        raise
    return HubStore(SqlBackend(engine, schema, name=name))
