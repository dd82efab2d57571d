"""What differs between databases: how a transaction begins, and bulk rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any, Literal, Protocol

import sqlalchemy as sa

from partnerhub.columns.history import UNKNOWN
from partnerhub.columns.unknown import Array, Ints

Clash = Literal["raise", "replace", "ignore", "newer"]
"""What becomes of a row whose primary key is there already.

"newer" replaces it where the new row is newer, by the column that the table names.
"""

WAIT_FOR_WRITER_S = 30
"""How long a writer waits for another one before it gives up."""


class Sending(Protocol):
    """Rows on their way; until they are in, the connection is not to be used."""

    def finish(self) -> None:
        """Waits until all are in."""
        ...

    def abandon(self) -> None:
        """Breaks off, before the transaction is rolled back."""
        ...


class Dialect(Protocol):
    """One kind of database, and its driver."""

    def begin(self, connection: sa.Connection, *, write: bool, store: str) -> None:
        """Makes the transaction see a single state and, if it writes, write alone."""
        ...

    def over_all(self, connection: sa.Connection) -> AbstractContextManager[None]:
        """A block of queries that go over whole tables, whatever their statistics."""
        ...

    def insert(
        self,
        connection: sa.Connection,
        table: sa.Table,
        columns: Sequence[str],
        rows: Iterable[Sequence[Any]],
        clash: Clash,
    ) -> None:
        """Inserts rows, however many."""
        ...

    def insert_columns(
        self,
        connection: sa.Connection,
        table: sa.Table,
        columns: Mapping[str, Array],
        sending: Any,
    ) -> Sending | None:
        """Inserts new rows: texts as objects, integers with `UNKNOWN` for null.

        Args:
            connection: Where.
            table: What.
            columns: The rows.
            sending: Rows that are on their way, as this method returned them.

        Returns:
            What is on its way yet; None where all rows are in.
        """
        ...

    def merge_columns(
        self,
        connection: sa.Connection,
        table: sa.Table,
        columns: Mapping[str, Array],
        clash: Clash,
    ) -> int:
        """Inserts rows that may be there; how many rows it inserted or changed."""
        ...

    def change(
        self,
        connection: sa.Connection,
        table: sa.Table,
        column: str,
        values: Mapping[str, Ints],
    ) -> None:
        """Sets an integer column of many rows.

        Args:
            connection: Where.
            table: What.
            column: Which column.
            values: What tells the rows apart, by column, and the new values by the
                name of that column.
        """
        ...

    def remove(
        self, connection: sa.Connection, table: sa.Table, keys: Mapping[str, Ints]
    ) -> None:
        """Removes many rows, told apart by these columns."""
        ...

    def among(
        self, column: sa.ColumnElement[Any], values: Sequence[Any]
    ) -> sa.ColumnElement[bool]:
        """The clause that a column is one of any number of values."""
        ...


def quoted(connection: sa.Connection, table: sa.Table) -> str:
    """A table's name as SQL."""
    return connection.dialect.identifier_preparer.format_table(table)


def quoted_columns(names: Iterable[str]) -> str:
    """Column names as SQL."""
    return ", ".join(f'"{name}"' for name in names)


def on_clash(table: sa.Table, columns: Sequence[str], clash: Clash) -> str:
    """The end of an INSERT that says what becomes of rows that are there already."""
    if clash == "raise":
        return ""
    keys = [column.name for column in table.primary_key]
    others = [name for name in columns if name not in keys]
    if clash == "ignore" or not others:
        return " ON CONFLICT DO NOTHING"
    changes = ", ".join(f'"{name}" = excluded."{name}"' for name in others)
    end = f" ON CONFLICT ({quoted_columns(keys)}) DO UPDATE SET {changes}"
    if clash == "newer":
        newer, name = table.info["newer"], table.name.replace('"', '""')
        end += f' WHERE excluded."{newer}" > "{name}"."{newer}"'
    return end


def driver_cursor(connection: sa.Connection, **options: Any) -> Any:
    """A cursor of the driver itself, inside the connection's transaction."""
    driver = connection.connection.dbapi_connection
    assert driver is not None  # noqa: S101 - a checked-out connection has one
    return driver.cursor(**options)


def nullable(row: Ints, unknown: int = UNKNOWN) -> list[int | None]:
    """A row of integers with None for what is not known."""
    missing = row == unknown
    if not missing.any():
        plain: list[int | None] = row.tolist()
        return plain
    if missing.all():
        return [None] * len(row)
    found: Array = row.astype(object)
    found[missing] = None
    blanked: list[int | None] = found.tolist()
    return blanked
