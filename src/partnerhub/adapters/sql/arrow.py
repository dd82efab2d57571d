"""Reading many rows as Arrow (extra `columnar`), past every Python object.

The driver that gives Arrow has a connection of its own. It is used only when it sees
the very state that the reading transaction sees, which a counter of writes tells.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from importlib.util import find_spec
from types import ModuleType
from typing import Any, Final

import attrs
import numpy as np
import sqlalchemy as sa

from partnerhub.adapters.coded_texts import coded_texts
from partnerhub.adapters.sql.column_kinds import ColumnKind, as_kind, driver_kind
from partnerhub.columns.text import TextColumn
from partnerhub.columns.unknown import Array

MANY: Final = 50_000
"""Rows from which on another connection pays."""

_NONE: Final[Mapping[str, str]] = {}
_SQLITE: Final = {"adbc.sqlite.query.batch_rows": "65536"}


class ArrowReader:
    """Runs queries on a connection that gives Arrow.

    Args:
        connect: Opens the connection, whose transactions see one state.
        options: How the driver runs the query.
    """

    def __init__(
        self, connect: Callable[[], Any], options: Mapping[str, str] = _NONE
    ) -> None:
        self._connect = connect
        self._options = options

    def columns(
        self, query: str, kinds: Sequence[ColumnKind], *, counter: str, count: int
    ) -> list[Any] | None:
        """The columns of a query.

        Args:
            query: The query, without parameters.
            kinds: What each column is to be.
            counter: A query for the number of writes so far.
            count: How many the reading transaction has seen.

        Returns:
            The columns; None where this connection sees another state, or fails.
        """
        from adbc_driver_manager import Error

        try:
            return self._columns(query, kinds, counter=counter, count=count)
        except Error:
            # The other way of reading says what is wrong, in errors of ours.
            return None

    def _columns(
        self, query: str, kinds: Sequence[ColumnKind], *, counter: str, count: int
    ) -> list[Any] | None:
        with self._connect() as connection, connection.cursor() as cursor:
            # `fetchone` would need PyArrow, which the extra does not bring.
            cursor.execute(counter)
            if int(cursor.fetch_polars().item()) != count:
                return None
            if self._options:
                cursor.adbc_statement.set_options(**self._options)
            cursor.execute(query)
            return _columns(cursor.fetch_arrow(), kinds)


def _columns(stream: Any, kinds: Sequence[ColumnKind]) -> list[Any]:
    """The columns of a stream, a batch at a time: all of it is twice as large."""
    import nanoarrow
    import polars as pl

    columns = [_Column(kind) for kind in kinds]
    for batch in nanoarrow.c_array_stream(stream):
        frame = pl.DataFrame(_Capsule(batch))
        for series, column in zip(frame.get_columns(), columns, strict=True):
            column.add(series, pl)
    return [column.joined() for column in columns]


@attrs.frozen
class _Capsule:
    """A batch without what else it can do."""

    batch: Any

    def __arrow_c_array__(
        self, requested_schema: object = None
    ) -> tuple[object, object]:
        schema, array = self.batch.__arrow_c_array__(requested_schema)
        return schema, array


class _Column:
    """One column of a query, as far as it has been read."""

    def __init__(self, kind: ColumnKind) -> None:
        self._kind = kind
        self._parts: list[Array] = []
        self._place: dict[str, int] = {}

    def add(self, series: Any, pl: ModuleType) -> None:
        """Takes the values of a batch."""
        if self._kind is TextColumn:
            codes, texts = coded_texts(series, pl)
            part = np.array([self._code(text) for text in texts.to_list()], np.int32)
            self._parts.append(part[codes])
        elif self._kind is object:
            self._parts.append(np.array([*series.to_list(), None], object)[:-1])
        else:
            self._parts.append(as_kind(series.to_numpy(), self._kind).copy())

    def _code(self, text: str) -> int:
        return self._place.setdefault(text, len(self._place))

    def joined(self) -> Any:
        """All that was taken; nothing is kept."""
        kind = self._kind
        empty = as_kind(np.empty(0, driver_kind(kind)), kind)
        if kind is TextColumn:
            empty = np.empty(0, np.int32)
        column = np.concatenate([empty, *self._parts])
        self._parts.clear()
        if kind is TextColumn:
            return TextColumn(column, np.array([*self._place, None], object)[:-1])
        return column


def sqlite_reader(path: str) -> ArrowReader | None:
    """The reader of a file; None without the extra."""
    if not _installed("adbc_driver_sqlite"):
        return None

    def connect() -> Any:
        from adbc_driver_sqlite import dbapi

        return dbapi.connect(path)

    return ArrowReader(connect, _SQLITE)


def postgres_reader(url: sa.URL) -> ArrowReader | None:
    """The reader of a database; None without the extra."""
    if not _installed("adbc_driver_postgresql"):
        return None
    plain = url.set(drivername="postgresql").render_as_string(hide_password=False)
    address = plain.replace(" ", "%20")

    def connect() -> Any:
        from adbc_driver_postgresql import dbapi

        connection = dbapi.connect(address)
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        return connection

    return ArrowReader(connect)


def _installed(driver: str) -> bool:
    return all(find_spec(name) for name in (driver, "polars", "nanoarrow"))
