"""PostgreSQL over psycopg 3: COPY for bulk rows, one writer a store (extra `postgres`)."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from typing import Any, Final

import sqlalchemy as sa
import sqlalchemy.exc

from partnerhub.adapters.sql.copy_format import encoded
from partnerhub.adapters.sql.dialects import (
    WAIT_FOR_WRITER_S,
    Clash,
    driver_cursor,
    on_clash,
    quoted,
    quoted_columns,
)
from partnerhub.adapters.sql.sending import Sender
from partnerhub.columns.unknown import Array, Ints
from partnerhub.domain.errors import InvalidValue, MissingExtra

_STATEMENT_TIMEOUT_S: Final = 600
"""How long one statement may take; a lost network must not hold a caller forever."""

_FEW: Final = 50
"""Rows that are sent one by one; more go through COPY."""

_IN_TRANSACTION: Final = 2
"""`psycopg.pq.TransactionStatus.INTRANS`: no statement of it has failed."""

_BATCHES = itertools.count()

# One client may name the schema that another finds by its search path.
_LOCK: Final = sa.text(
    "SELECT pg_advisory_xact_lock(hashtextextended("
    "CASE WHEN CAST(:store AS text) LIKE '.%' THEN coalesce("
    "(SELECT n.nspname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
    " WHERE c.oid = to_regclass(CAST(:meta AS text))), current_schema(), '') "
    "ELSE '' END || CAST(:store AS text), 0))"
)


def parse_url(text: str) -> sa.URL:
    """The parts of a URL.

    Raises:
        InvalidValue: It is no URL of a database. It is not repeated, for it may hold
            a password.
    """
    try:
        return sa.make_url(text)
    except (sqlalchemy.exc.ArgumentError, ValueError):
        raise InvalidValue(
            "store", "postgresql:...", "write postgresql://user:password@host/database"
        ) from None


def shown(url: sa.URL) -> str:
    """A URL without its password, and without options that might hold one."""
    plain = sa.URL.create(
        "postgresql",
        username=url.username,
        host=url.host,
        port=url.port,
        database=url.database,
    )
    return plain.render_as_string()


def create_engine(url: sa.URL) -> sa.Engine:
    """An engine with a pool that replaces connections which the server has dropped.

    Raises:
        MissingExtra: The extra `postgres` is not installed.
    """
    try:
        import psycopg  # noqa: F401 - only whether it is there
    except ImportError as error:
        raise MissingExtra("PostgreSQL", "postgres") from error
    ours = f"-c statement_timeout={_STATEMENT_TIMEOUT_S}s"
    told = url.normalized_query
    defaults = {"application_name": "partnerhub", "connect_timeout": 10}
    return sa.create_engine(
        url.set(drivername="postgresql+psycopg"),
        pool_pre_ping=True,
        hide_parameters=True,
        pool_size=5,
        max_overflow=10,
        connect_args={
            # What the URL tells comes last and counts.
            "options": " ".join((ours, *told.get("options", ()))),
            **{name: value for name, value in defaults.items() if name not in told},
        },
    )


class PostgresDialect:
    """Implements `partnerhub.adapters.sql.dialects.Dialect` over psycopg 3."""

    def begin(self, connection: sa.Connection, *, write: bool, store: str) -> None:
        """A writer waits for its turn; a reader sees one state throughout.

        Inside a host's transaction reading is as consistent as that is.
        """
        if write:
            meta = store.removeprefix(".").replace('"', '""') + "meta"
            with _under(connection, {"lock_timeout": f"{WAIT_FOR_WRITER_S}s"}):
                connection.execute(_LOCK, {"store": store, "meta": f'"{meta}"'})
        elif not connection.in_nested_transaction():
            connection.exec_driver_sql(
                "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"
            )

    def over_all(self, connection: sa.Connection) -> AbstractContextManager[None]:
        """A block of queries that go over whole tables, whatever their statistics.

        The planner takes the conditions of a rule for so rare that it goes over all
        lines once for each subscription: minutes for 20,000 customers, where this
        takes a second. To compile the conditions takes longer than they do.
        """
        return _under(connection, {"enable_nestloop": "off", "jit": "off"})

    def insert(
        self,
        connection: sa.Connection,
        table: sa.Table,
        columns: Sequence[str],
        rows: Iterable[Sequence[Any]],
        clash: Clash,
    ) -> None:
        """Copies rows in; through a temporary table where some may be there already."""
        rest = iter(rows)
        few = list(itertools.islice(rest, _FEW))
        target = quoted(connection, table)
        names = quoted_columns(columns)
        end = on_clash(table, columns, clash)
        if len(few) < _FEW:
            marks = ", ".join(["%s"] * len(columns))
            one = f"INSERT INTO {target} ({names}) VALUES ({marks}){end}"  # noqa: S608 - names of our own
            if few:
                driver_cursor(connection).executemany(one, few)
            return
        rows = itertools.chain(few, rest)
        if clash == "raise":
            _copy(connection, target, table, columns, rows)
            return
        batch = _batch(connection, target, names)
        _copy(connection, batch, table, columns, rows)
        _from_batch(connection, batch, target, names, end)

    def insert_columns(
        self,
        connection: sa.Connection,
        table: sa.Table,
        columns: Mapping[str, Array],
        sending: Sender | None,
    ) -> Sender:
        """Copies new rows in: texts as objects, integers with `UNKNOWN` for null."""
        sender = Sender(driver_cursor(connection)) if sending is None else sending
        statement = _copy_into(quoted(connection, table), columns)
        chunks = encoded(columns, _types(table, columns))
        sender.copy(statement, chunks)
        return sender

    def merge_columns(
        self,
        connection: sa.Connection,
        table: sa.Table,
        columns: Mapping[str, Array],
        clash: Clash,
    ) -> int:
        """Copies rows in that may be there; how many rows it inserted or changed."""
        target, names = quoted(connection, table), quoted_columns(columns)
        batch = _batch(connection, target, names)
        with driver_cursor(connection).copy(_copy_into(batch, columns)) as copy:
            for data in encoded(columns, _types(table, columns)):
                copy.write(data)
        end = on_clash(table, list(columns), clash)
        return _from_batch(connection, batch, target, names, end)

    def change(
        self,
        connection: sa.Connection,
        table: sa.Table,
        column: str,
        values: Mapping[str, Ints],
    ) -> None:
        """Sets an integer column of many rows, in one statement over arrays."""
        keys = [name for name in values if name != column]
        self._with_arrays(
            connection,
            f'UPDATE {quoted(connection, table)} AS t SET "{column}" = u."{column}" FROM',  # noqa: S608 - names of our own
            keys,
            values,
        )

    def remove(
        self, connection: sa.Connection, table: sa.Table, keys: Mapping[str, Ints]
    ) -> None:
        """Removes many rows, in one statement over arrays."""
        begin = f"DELETE FROM {quoted(connection, table)} AS t USING"  # noqa: S608 - names of our own
        self._with_arrays(connection, begin, list(keys), keys)

    def _with_arrays(
        self,
        connection: sa.Connection,
        begin: str,
        keys: list[str],
        values: Mapping[str, Ints],
    ) -> None:
        arrays = ", ".join(["%s::int8[]"] * len(values))
        same = " AND ".join(f't."{name}" = u."{name}"' for name in keys)
        statement = (
            f"{begin} unnest({arrays}) AS u({quoted_columns(values)}) WHERE {same}"
        )
        parameters = [column.tolist() for column in values.values()]
        driver_cursor(connection).execute(statement, parameters)

    def among(
        self, column: sa.ColumnElement[Any], values: Sequence[Any]
    ) -> sa.ColumnElement[bool]:
        """A list of any length is one parameter, an array."""
        array: sa.ARRAY[Any] = sa.ARRAY(_plain(column.type))
        return column == sa.func.any(sa.bindparam(None, list(values), array))


@contextmanager
def _under(connection: sa.Connection, settings: Mapping[str, str]) -> Iterator[None]:
    """A block under these settings of the server, then under those of before.

    `SET LOCAL ... TO DEFAULT` would end those that a host has made.
    """
    asked = (sa.func.current_setting(name) for name in settings)
    before = connection.execute(sa.select(*asked)).one()
    _set_local(connection, settings)
    try:
        yield
    finally:
        driver: Any = connection.connection.dbapi_connection
        # After an error they are undone with what the block did.
        if driver.info.transaction_status == _IN_TRANSACTION:
            _set_local(connection, dict(zip(settings, before, strict=True)))


def _set_local(connection: sa.Connection, settings: Mapping[str, str]) -> None:
    told = (sa.func.set_config(name, to, True) for name, to in settings.items())
    connection.execute(sa.select(*told))


def _batch(connection: sa.Connection, target: str, names: str) -> str:
    """A temporary table with these columns of another."""
    batch = f"ph_batch_{next(_BATCHES)}"
    connection.exec_driver_sql(
        f"CREATE TEMPORARY TABLE {batch} ON COMMIT DROP AS "  # noqa: S608 - names of our own
        f"SELECT {names} FROM {target} WITH NO DATA"
    )
    return batch


def _from_batch(
    connection: sa.Connection, batch: str, target: str, names: str, end: str
) -> int:
    """Moves the rows of a temporary table; how many came in or changed others."""
    moved = connection.exec_driver_sql(
        f"INSERT INTO {target} ({names}) SELECT {names} FROM {batch}{end}"  # noqa: S608 - names of our own
    )
    connection.exec_driver_sql(f"DROP TABLE {batch}")
    return moved.rowcount


def _plain(kind: sa.types.TypeEngine[Any]) -> sa.types.TypeEngine[Any]:
    return sa.Text() if isinstance(kind, sa.Text) else sa.BigInteger()


_TYPES: Final = (
    (sa.SmallInteger, "int2"),
    (sa.BigInteger, "int8"),
    (sa.Integer, "int4"),
    (sa.REAL, "float4"),
    (sa.Double, "float8"),
    (sa.Text, "text"),
)


def _copy(
    connection: sa.Connection,
    target: str,
    table: sa.Table,
    columns: Sequence[str],
    rows: Iterable[Sequence[Any]],
) -> None:
    with driver_cursor(connection).copy(_copy_into(target, columns)) as copy:
        copy.set_types(_types(table, columns))
        for row in rows:
            copy.write_row(row)


def _copy_into(target: str, columns: Iterable[str]) -> str:
    return f"COPY {target} ({quoted_columns(columns)}) FROM STDIN (FORMAT BINARY)"


def _types(table: sa.Table, columns: Iterable[str]) -> list[str]:
    return [
        next(name for kind, name in _TYPES if isinstance(table.c[column].type, kind))
        for column in columns
    ]
