"""SQLite: write-ahead logging, one writer, readers never wait."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy import event

from partnerhub.adapters.sql.dialects import (
    WAIT_FOR_WRITER_S,
    Clash,
    driver_cursor,
    on_clash,
    quoted,
    quoted_columns,
)

_PRAGMAS: Final = (
    "PRAGMA journal_mode = WAL",
    # Survives a power cut, not only a killed process; one sync a transaction.
    "PRAGMA synchronous = FULL",
    f"PRAGMA busy_timeout = {WAIT_FOR_WRITER_S * 1000}",
    "PRAGMA cache_size = -32000",
)


def create_engine(path: str) -> sa.Engine:
    """An engine for one database file. Nothing is opened yet."""
    engine = sa.create_engine(
        sa.URL.create("sqlite", database=path), hide_parameters=True
    )
    event.listen(engine, "connect", _prepare)
    return engine


def _prepare(connection: sqlite3.Connection, _: object) -> None:
    # The driver would begin transactions by its own lights; `SqliteDialect` does it.
    connection.isolation_level = None
    for pragma in _PRAGMAS:
        connection.execute(pragma)


class SqliteDialect:
    """Implements `partnerhub.adapters.sql.dialects.Dialect` over `sqlite3`."""

    def begin(self, connection: sa.Connection, *, write: bool, store: str) -> None:  # noqa: ARG002 - a file is one store
        """Begins a transaction, unless a host has begun one."""
        driver: Any = connection.connection.dbapi_connection
        if not driver.in_transaction:
            connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")

    def insert(
        self,
        connection: sa.Connection,
        table: sa.Table,
        columns: Sequence[str],
        rows: Iterable[Sequence[Any]],
        clash: Clash,
    ) -> None:
        """Inserts rows one by one in the driver: SQLAlchemy takes five times as long."""
        marks = ", ".join("?" * len(columns))
        statement = (
            f"INSERT INTO {quoted(connection, table)} ({quoted_columns(columns)}) "  # noqa: S608 - names of our own
            f"VALUES ({marks}){on_clash(table, columns, clash)}"
        )
        driver_cursor(connection).executemany(statement, rows)

    def executemany(
        self,
        connection: sa.Connection,
        statement: sa.UpdateBase,
        rows: Iterable[Sequence[Any]],
    ) -> None:
        """Runs a statement for each row of its parameters, in their order."""
        compiled = statement.compile(connection)
        driver_cursor(connection).executemany(str(compiled), rows)

    def among(
        self, column: sa.ColumnElement[Any], values: Sequence[Any]
    ) -> sa.ColumnElement[bool]:
        """A list of any length is one parameter, in JSON."""
        each = sa.func.json_each(json.dumps(list(values))).table_valued("value")
        return column.in_(sa.select(each.c.value))
