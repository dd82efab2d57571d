"""One transaction at a time for each thread, and rows in and out of it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from functools import wraps
from itertools import chain
from typing import Any, Concatenate, Final, ParamSpec, Protocol, TypeVar

import numpy as np
import sqlalchemy as sa

from partnerhub.adapters.sql.arrow import MANY, ArrowReader
from partnerhub.adapters.sql.column_kinds import (
    ColumnKind,
    as_kind,
    driver_kind,
    joined,
)
from partnerhub.adapters.sql.dialects import Clash, Dialect, Sending, driver_cursor
from partnerhub.adapters.sql.schema import (
    NEWEST,
    SCHEMA_VERSION,
    VERSION,
    WRITES,
    Schema,
)
from partnerhub.adapters.sql.transactions import told_when_waiting
from partnerhub.adapters.sql.trouble import translated
from partnerhub.columns.history import UNKNOWN
from partnerhub.columns.unknown import Array, Ints
from partnerhub.domain.errors import SchemaMismatch, StoreCorrupt
from partnerhub.ports import Scope

Query = sa.Select[*tuple[Any, ...]]
"""Any query, whatever its columns."""

_FEW: Final = 200
"""Values that go into a query as parameters of their own."""

_CHUNK: Final = 5_000
"""Rows fetched at a time: what Python makes of them stays in the cache."""


_Takes = ParamSpec("_Takes")
_Gives = TypeVar("_Gives")


class Transactions(Protocol):
    """Where transactions come from."""

    commits: bool

    def transaction(self) -> AbstractContextManager[sa.Connection]:
        """A connection in a transaction, kept if the block ends well."""
        ...

    def close(self) -> None:
        """Gives up what is ours."""
        ...


def _told(
    method: Callable[Concatenate[Session, _Takes], _Gives],
) -> Callable[Concatenate[Session, _Takes], _Gives]:
    """A method whose errors of the driver are ours, also inside of a block."""

    @wraps(method)
    def translating(
        self: Session, /, *args: _Takes.args, **options: _Takes.kwargs
    ) -> _Gives:
        with translated(self.name):
            return method(self, *args, **options)

    return translating


class Session:
    """What every part of the SQL backend works with.

    Attributes:
        name: The store, for messages.
        schema: Its tables.
        dialect: What its database does its own way.
    """

    def __init__(
        self,
        transactions: Transactions,
        schema: Schema,
        dialect: Dialect,
        *,
        name: str,
        arrow: ArrowReader | None = None,
    ) -> None:
        self.name = name
        self.schema = schema
        self.dialect = dialect
        self._transactions = transactions
        self._arrow = arrow
        self._local = threading.local()

    @contextmanager
    def writing(self) -> Iterator[None]:
        """A write transaction; a second writer waits for it to end."""
        if self._mine is not None:
            raise RuntimeError("this thread is inside a transaction of this store")
        with self._begun(write=True):
            yield
            self._count_write()

    def _count_write(self) -> None:
        meta = self.schema.meta
        more = sa.cast(sa.cast(meta.c.value, sa.BigInteger) + 1, sa.Text)
        mine = sa.select(meta.c.value).where(meta.c.name == SCHEMA_VERSION)
        counted = self.execute(
            sa.update(meta)
            .where(meta.c.name == WRITES, mine.scalar_subquery() == str(VERSION))
            .values(value=more)
        )
        if not counted:
            raise SchemaMismatch(
                self.name,
                "somebody has migrated it since it was opened: open it again, with a "
                "partnerhub as new",
            )
        given: dict[str, int] = self._local.given
        rows = ((NEWEST + name, str(key)) for name, key in given.items())
        self.insert(meta, ("name", "value"), rows, clash="replace")

    def writes(self) -> int | None:
        """How many write transactions have been kept, in whatever process.

        None inside one, or inside a host's: it may yet be undone.
        """
        if self._local.writing or not self._transactions.commits:
            return None
        c = self.schema.meta.c
        query = sa.select(c.value).where(c.name == WRITES)
        return self._number(WRITES, self.scalar(query) or "0")

    def _number(self, name: str, value: str) -> int:
        """A number that `meta` holds."""
        try:
            return int(value)
        except ValueError:
            why = f"its note of {name!r} is no number; restore a backup"
            raise StoreCorrupt(self.name, why) from None

    def over_all(self) -> AbstractContextManager[None]:
        """A block of queries that go over whole tables; see `Dialect`."""
        return self.dialect.over_all(self.connection)

    @contextmanager
    def reading(self) -> Iterator[None]:
        """One state for several reads, that of a writer inside its transaction."""
        if self._mine is not None:
            yield
            return
        with self._begun(write=False):
            yield

    @contextmanager
    def _begun(self, *, write: bool) -> Iterator[None]:
        with (
            translated(self.name),
            self._transactions.transaction() as connection,
        ):
            with told_when_waiting(self.name) if write else nullcontext():
                self.dialect.begin(connection, write=write, store=self.schema.address)
            self._local.connection = connection
            self._local.writing = write
            self._local.newest = None
            self._local.given = {}
            self._local.sending = None
            try:
                yield
                self.settle()
            except BaseException:
                if self._local.sending is not None:
                    self._local.sending.abandon()
                raise
            finally:
                self._local.connection = None

    @contextmanager
    def scanning(self) -> Iterator[Callable[[], AbstractContextManager[None]]]:
        """One state for reads with pauses between them, in which others may read.

        Inside a transaction it is that one; else one on a connection of its own.

        Yields:
            A function that makes the block in which each read takes place.
        """
        if self._mine is not None:
            yield self.reading
            return
        with (
            translated(self.name),
            self._transactions.transaction() as connection,
        ):
            self.dialect.begin(connection, write=False, store=self.schema.address)
            yield lambda: self._on(connection)

    @contextmanager
    def _on(self, connection: sa.Connection) -> Iterator[None]:
        """Reads on another connection than that of this thread's transaction."""
        before = dict(vars(self._local))
        vars(self._local).update(
            connection=connection, writing=False, newest=None, given={}, sending=None
        )
        try:
            yield
        finally:
            vars(self._local).update({"connection": None} | before)

    @property
    def _mine(self) -> sa.Connection | None:
        found: sa.Connection | None = getattr(self._local, "connection", None)
        return found

    @property
    def connection(self) -> sa.Connection:
        """The connection of this thread's transaction, free for use."""
        found = self._mine
        assert found is not None, "outside of a transaction"  # noqa: S101 - ours to see to
        self.settle()
        return found

    def close(self) -> None:
        """Gives up connections and files."""
        self._transactions.close()

    # rows out

    @_told
    def scalar(self, query: Query) -> Any:
        """The first value of a query; None where it finds no row."""
        return self.connection.scalar(query)

    @_told
    def fetch(self, query: Query) -> list[tuple[Any, ...]]:
        """All rows of a query, as the driver's tuples."""
        rows: list[tuple[Any, ...]] = self._run(query).fetchall()
        return rows

    def _run(self, query: Query) -> Any:
        connection = self.connection
        compiled = query.compile(
            connection, compile_kwargs={"render_postcompile": True}
        )
        parameters: Any = compiled.params
        if compiled.positiontup is not None:
            parameters = [compiled.params[name] for name in compiled.positiontup]
        cursor = driver_cursor(connection)
        cursor.execute(str(compiled), parameters)
        return cursor

    @_told
    def fetch_integers(self, query: Query) -> Ints:
        """All rows of a query of integers without nulls, as a matrix `(columns, n)`."""
        width = len(query.selected_columns)
        flat = np.fromiter(chain.from_iterable(self._run(query)), np.int64)
        return np.ascontiguousarray(flat.reshape(-1, width).T)

    @_told
    def fetch_columns(
        self, query: Query, *, rows: int = 0, kinds: Sequence[ColumnKind] = ()
    ) -> list[Any]:
        """All rows of a query as columns: objects, float64, or int64 for all else.

        Args:
            query: No column of it may be null, save decimals: there it is NaN.
            rows: How many are to be expected; of many it is worth to read Arrow.
            kinds: What each column is to be instead.
        """
        kinds = kinds or [_kind(column) for column in query.selected_columns]
        if self._arrow is not None and rows >= MANY and not self._local.writing:
            found = self._fetch_arrow(self._arrow, query, kinds)
            if found is not None:
                return found
        cursor = self._run(query)
        plain = [driver_kind(kind) for kind in kinds]
        parts: list[list[Array]] = [
            [as_kind(np.empty(0, dtype), kind)]
            for dtype, kind in zip(plain, kinds, strict=True)
        ]
        while some := cursor.fetchmany(_CHUNK):
            columns = zip(plain, kinds, zip(*some, strict=True), parts, strict=True)
            for dtype, kind, column, part in columns:
                part.append(as_kind(np.array(column, dtype), kind))
        return [joined(part, kind) for part, kind in zip(parts, kinds, strict=True)]

    def newest_key(self, table: sa.Table) -> int:
        """The highest key ever given, about how many rows there are; 0 at first."""
        name = table.name.removeprefix(self.schema.prefix)
        given: dict[str, int] = self._local.given
        return given.get(name) or self._newest_before().get(name, 0)

    def _newest_before(self) -> Mapping[str, int]:
        """The highest keys given before this transaction."""
        if self._local.newest is None:
            c = self.schema.meta.c
            query = sa.select(c.name, c.value).where(c.name.startswith(NEWEST))
            self._local.newest = {
                name.removeprefix(NEWEST): self._number(name, value)
                for name, value in self.fetch(query)
            }
        newest: Mapping[str, int] = self._local.newest
        return newest

    def give_keys(self, table: sa.Table, newest: int) -> None:
        """Notes that the keys up to this one are taken now."""
        name = table.name.removeprefix(self.schema.prefix)
        self._local.given[name] = max(newest, self.newest_key(table))

    def _fetch_arrow(
        self, arrow: ArrowReader, query: Query, kinds: Sequence[ColumnKind]
    ) -> list[Any] | None:
        c = self.schema.meta.c
        counter = sa.select(c.value).where(c.name == WRITES)
        count = self.scalar(counter)
        if count is None:
            return None
        return arrow.columns(
            self._spelled_out(query),
            kinds,
            counter=self._spelled_out(counter),
            count=self._number(WRITES, count),
        )

    def _spelled_out(self, query: Query) -> str:
        """A query without parameters, for another driver."""
        # This style, unlike the driver's own, doubles no percent sign.
        kind: Any = type(self.connection.dialect)
        speaks = kind(paramstyle="named")
        return str(
            query.compile(dialect=speaks, compile_kwargs={"literal_binds": True})
        )

    def among(
        self, column: sa.ColumnElement[Any], values: Sequence[Any]
    ) -> sa.ColumnElement[bool]:
        """The clause that a column is one of these values."""
        if len(values) <= _FEW:
            return column.in_(values)
        return self.dialect.among(column, values)

    def inside(
        self, key: sa.ColumnElement[int], scope: Scope
    ) -> list[sa.ColumnElement[bool]]:
        """Clauses that keep only the organizations of a scope."""
        who = self.schema.organization.c
        clauses: list[sa.ColumnElement[bool]] = []
        if scope.regions is not None:
            named = [region for region in scope.regions if region is not None]
            region: sa.ColumnElement[bool] = who.region.in_(named)
            if None in scope.regions:
                region = region | who.region.is_(None)
            clauses.append(key.in_(sa.select(who.key).where(region)))
        if scope.organizations is not None:
            among = self.among(who.id, list(scope.organizations))
            clauses.append(key.in_(sa.select(who.key).where(among)))
        return clauses

    # rows in

    @_told
    def insert(
        self,
        table: sa.Table,
        columns: Sequence[str],
        rows: Iterable[Sequence[Any]],
        *,
        clash: Clash = "raise",
    ) -> None:
        """Inserts rows, however many, past SQLAlchemy."""
        self.dialect.insert(self.connection, table, columns, rows, clash)

    @_told
    def insert_columns(self, table: sa.Table, columns: Mapping[str, Array]) -> None:
        """Inserts new rows: texts as objects, integers with `UNKNOWN` for null.

        They may be on their way yet when it returns; what uses `connection` waits.
        """
        connection, sending = self._mine, self._local.sending
        assert connection is not None  # noqa: S101 - ours to see to
        self._local.sending = self.dialect.insert_columns(
            connection, table, columns, sending
        )

    @_told
    def settle(self) -> None:
        """Waits until all rows are in."""
        sending: Sending | None = self._local.sending
        if sending is not None:
            # It is ours until it has ended: whoever waits may be interrupted.
            sending.finish()
            self._local.sending = None

    @_told
    def merge_columns(
        self, table: sa.Table, columns: Mapping[str, Array], clash: Clash
    ) -> int:
        """Inserts rows that may be there; how many rows it inserted or changed."""
        return self.dialect.merge_columns(self.connection, table, columns, clash)

    @_told
    def change(self, table: sa.Table, column: str, values: Mapping[str, Ints]) -> None:
        """Sets an integer column of many rows; `Dialect.change` says how."""
        self.dialect.change(self.connection, table, column, values)

    @_told
    def remove(self, table: sa.Table, keys: Mapping[str, Ints]) -> None:
        """Removes many rows, told apart by these columns."""
        self.dialect.remove(self.connection, table, keys)

    @_told
    def execute(self, statement: sa.UpdateBase) -> int:
        """Runs a statement once; how many rows it touched."""
        return self.connection.execute(statement).rowcount


class Part:
    """A part of the SQL backend, over the session that all parts share."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._schema = session.schema


def _kind(column: sa.ColumnElement[Any]) -> type:
    if isinstance(column.type, sa.Text):
        return object
    return np.float64 if isinstance(column.type, sa.Float) else np.int64


def known(column: sa.ColumnElement[Any]) -> sa.ColumnElement[Any]:
    """A nullable integer column in which null reads as `UNKNOWN`."""
    return sa.func.coalesce(column, sa.literal_column(str(UNKNOWN + 1)) - 1)
