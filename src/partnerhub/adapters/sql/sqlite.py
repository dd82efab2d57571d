"""SQLite: write-ahead logging, one writer, readers never wait."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from itertools import chain, islice
from typing import Any, Final

import numpy as np
import sqlalchemy as sa
from sqlalchemy import event

from partnerhub.adapters.sql.dialects import (
    WAIT_FOR_WRITER_S,
    Clash,
    driver_cursor,
    nullable,
    on_clash,
    quoted,
    quoted_columns,
)
from partnerhub.adapters.sql.trouble import readable
from partnerhub.columns.history import UNKNOWN
from partnerhub.columns.unknown import Array, Ints

_PRAGMAS: Final = (
    # First: another process may be making the file a store, which locks it.
    f"PRAGMA busy_timeout = {WAIT_FOR_WRITER_S * 1000}",
    "PRAGMA journal_mode = WAL",
    # Survives a power cut, not only a killed process; one sync a transaction.
    "PRAGMA synchronous = FULL",
    "PRAGMA cache_size = -32000",
)


_NONE: Final[Mapping[str, str]] = {}
_PARAMETERS: Final = 240
"""Parameters of a statement that inserts several rows; SQLite takes 999 at least."""


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
    with readable():
        for pragma in _PRAGMAS:
            connection.execute(pragma)


class SqliteDialect:
    """Implements `partnerhub.adapters.sql.dialects.Dialect` over `sqlite3`."""

    def begin(self, connection: sa.Connection, *, write: bool, store: str) -> None:  # noqa: ARG002 - a file is one store
        """Begins a transaction, unless a host has begun one."""
        driver: Any = connection.connection.dbapi_connection
        if not driver.in_transaction:
            connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")

    def over_all(self, connection: sa.Connection) -> AbstractContextManager[None]:  # noqa: ARG002 - SQLite plans them well
        """A block of queries that go over whole tables."""
        return nullcontext()

    def insert(
        self,
        connection: sa.Connection,
        table: sa.Table,
        columns: Sequence[str],
        rows: Iterable[Sequence[Any]],
        clash: Clash,
    ) -> None:
        """Inserts rows in the driver: SQLAlchemy takes five times as long."""
        end = on_clash(table, columns, clash)
        self._insert(connection, table, columns, rows, end=end)

    def _insert(
        self,
        connection: sa.Connection,
        table: sa.Table,
        columns: Sequence[str],
        rows: Iterable[Sequence[Any]],
        *,
        constants: Mapping[str, str] = _NONE,
        end: str = "",
    ) -> None:
        """Inserts rows, some a statement, which takes a third less time than one.

        Args:
            connection: Where.
            table: What.
            columns: The columns of `rows`.
            rows: The rows.
            constants: Other columns, and their one value in SQL.
            end: Ends the statement.
        """
        width = len(columns)
        count = max(1, _PARAMETERS // width)
        row = f"({', '.join((*'?' * width, *constants.values()))})"
        names = quoted_columns((*columns, *constants))
        begin = f"INSERT INTO {quoted(connection, table)} ({names})"
        rest: list[Any] = []

        def chunks() -> Iterator[tuple[Any, ...]]:
            source = iter(rows)
            while chunk := tuple(chain.from_iterable(islice(source, count))):
                if len(chunk) < count * width:
                    rest.extend(chunk)
                    return
                yield chunk

        cursor = driver_cursor(connection)
        many = ", ".join([row] * count)
        cursor.executemany(f"{begin} VALUES {many}{end}", chunks())
        if rest:
            few = ", ".join([row] * (len(rest) // width))
            cursor.execute(f"{begin} VALUES {few}{end}", rest)

    def insert_columns(
        self,
        connection: sa.Connection,
        table: sa.Table,
        columns: Mapping[str, Array],
        sending: None,  # noqa: ARG002 - rows are in when this returns
    ) -> None:
        """Inserts new rows: texts as objects, integers with `UNKNOWN` for null."""
        self._insert_columns(connection, table, columns)

    def merge_columns(
        self,
        connection: sa.Connection,
        table: sa.Table,
        columns: Mapping[str, Array],
        clash: Clash,
    ) -> int:
        """Inserts rows that may be there; how many rows it inserted or changed."""
        driver: Any = connection.connection.dbapi_connection
        before = driver.total_changes
        end = on_clash(table, list(columns), clash)
        self._insert_columns(connection, table, columns, end=end)
        changed: int = driver.total_changes - before
        return changed

    def _insert_columns(
        self,
        connection: sa.Connection,
        table: sa.Table,
        columns: Mapping[str, Array],
        *,
        end: str = "",
    ) -> None:
        same = {name: value for name, value in map(_constant, columns.items()) if value}
        told = {name: column for name, column in columns.items() if name not in same}
        lists = [
            # A decimal that is NaN is null to the driver.
            column.tolist() if column.dtype.kind in "Of" else nullable(column)
            for column in told.values()
        ]
        rows = zip(*lists, strict=True)
        self._insert(connection, table, list(told), rows, constants=same, end=end)

    def change(
        self,
        connection: sa.Connection,
        table: sa.Table,
        column: str,
        values: Mapping[str, Ints],
    ) -> None:
        """Sets an integer column of many rows."""
        keys = [name for name in values if name != column]
        self._each(
            connection,
            f'UPDATE {quoted(connection, table)} SET "{column}" = ? WHERE {_equal(keys)}',  # noqa: S608 - names of our own
            [values[name] for name in (column, *keys)],
        )

    def remove(
        self, connection: sa.Connection, table: sa.Table, keys: Mapping[str, Ints]
    ) -> None:
        """Removes many rows, told apart by these columns."""
        self._each(
            connection,
            f"DELETE FROM {quoted(connection, table)} WHERE {_equal(keys)}",  # noqa: S608 - names of our own
            list(keys.values()),
        )

    def _each(
        self, connection: sa.Connection, statement: str, columns: list[Ints]
    ) -> None:
        rows = zip(*(column.tolist() for column in columns), strict=True)
        driver_cursor(connection).executemany(statement, rows)

    def among(
        self, column: sa.ColumnElement[Any], values: Sequence[Any]
    ) -> sa.ColumnElement[bool]:
        """A list of any length is one parameter, in JSON."""
        each = sa.func.json_each(json.dumps(list(values))).table_valued("value")
        return column.in_(sa.select(each.c.value))


def _constant(column: tuple[str, Array]) -> tuple[str, str]:
    """A column's name, and its value in SQL where all of several rows have the same."""
    name, values = column
    if values.dtype.kind == "f":
        return name, "NULL" if np.isnan(values).all() else ""
    if values.dtype == object or len(values) < 2 or (values != values[0]).any():  # noqa: PLR2004 - several rows
        return name, ""
    return name, "NULL" if values[0] == UNKNOWN else str(int(values[0]))


def _equal(names: Iterable[str]) -> str:
    return " AND ".join(f'"{name}" = ?' for name in names)
