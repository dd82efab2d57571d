"""Reading many rows as Arrow (extra `columnar`), past every Python object.

The driver that gives Arrow has a connection of its own. It is used only when it sees
the very state that the reading transaction sees, which a counter of writes tells.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from importlib.util import find_spec
from typing import Any, Final

import numpy as np
import sqlalchemy as sa

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
        self, query: str, kinds: Sequence[type], *, counter: str, count: int
    ) -> list[Array] | None:
        """The columns of a query: objects for texts, else int64 or float64.

        Args:
            query: The query, without parameters.
            kinds: `object`, `numpy.int64` or `numpy.float64` for each column.
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
        self, query: str, kinds: Sequence[type], *, counter: str, count: int
    ) -> list[Array] | None:
        with self._connect() as connection, connection.cursor() as cursor:
            # `fetchone` would need PyArrow, which the extra does not bring.
            cursor.execute(counter)
            if int(cursor.fetch_polars().item()) != count:
                return None
            if self._options:
                cursor.adbc_statement.set_options(**self._options)
            cursor.execute(query)
            frame = cursor.fetch_polars()
        return [
            _column(series, kind)
            for series, kind in zip(frame.get_columns(), kinds, strict=True)
        ]


def _column(series: Any, kind: type) -> Array:
    if kind is object:
        column = np.empty(len(series), dtype=object)
        column[:] = series.to_list()
        return column
    found: Array = series.to_numpy()
    return found.astype(kind, copy=False)


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
    return find_spec(driver) is not None and find_spec("polars") is not None
