"""Opening SQLite: write-ahead logging, one writer, readers never wait."""

from __future__ import annotations

import sqlite3
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy import event

WAIT_FOR_WRITER_MS: Final = 30_000
"""How long a writer waits for another one before it gives up."""

_PRAGMAS: Final = (
    "PRAGMA journal_mode = WAL",
    # Survives a power cut, not only a killed process; one sync a transaction.
    "PRAGMA synchronous = FULL",
    f"PRAGMA busy_timeout = {WAIT_FOR_WRITER_MS}",
    "PRAGMA cache_size = -32000",
)

BEGIN: Final = "partnerhub_begin"
"""Execution option that says how a transaction begins."""


def create_engine(path: str) -> sa.Engine:
    """An engine for one database file. Nothing is opened yet."""
    url = sa.URL.create("sqlite", database=path)
    engine = sa.create_engine(url)
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    return engine


def _prepare(connection: sqlite3.Connection, _: object) -> None:
    # The driver would begin transactions by its own lights; `_begin` does it.
    connection.isolation_level = None
    for pragma in _PRAGMAS:
        connection.execute(pragma)


def _begin(connection: sa.Connection) -> None:
    options: dict[str, Any] = dict(connection.get_execution_options())
    connection.exec_driver_sql(options.get(BEGIN, "BEGIN"))
