"""Where transactions come from: an engine of ours, or what a host passes in."""

from __future__ import annotations

import logging
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import sqlalchemy as sa
import sqlalchemy.exc

from partnerhub.adapters.sql.dialects import WAIT_FOR_WRITER_S
from partnerhub.domain.errors import StoreError

_LOG: Final = logging.getLogger("partnerhub.adapters.sql")

SAY_AFTER_S = 3
"""How long a writer waits for its turn before it says so."""


@contextmanager
def told_when_waiting(store: str) -> Iterator[None]:
    """Warns, in the log, when a transaction is long in beginning."""
    warning = threading.Timer(
        SAY_AFTER_S,
        _LOG.warning,
        ("%s: waiting for another writer, at most %d s", store, WAIT_FOR_WRITER_S),
    )
    warning.daemon = True
    warning.start()
    try:
        yield
    finally:
        warning.cancel()


class OwnTransactions:
    """One connection of an engine a transaction.

    Args:
        engine: Where connections come from.
        owned: The engine is ours, and closed with the store.

    Attributes:
        commits: A transaction whose block ended well is committed.
    """

    commits = True

    def __init__(self, engine: sa.Engine, *, owned: bool) -> None:
        if engine.dialect.name == "postgresql":
            # A host's engine may commit each statement by itself, or begin with the
            # state of before a writer got its turn.
            engine = engine.execution_options(isolation_level="READ COMMITTED")
        self._engine = engine
        self._owned = owned

    @contextmanager
    def transaction(self) -> Iterator[sa.Connection]:
        """A connection in a transaction, committed if the block ends well."""
        with self._engine.connect() as connection, connection.begin():
            yield connection

    def close(self) -> None:
        """Gives up the connections, if they are ours."""
        if self._owned:
            self._engine.dispose()


class HostTransactions:
    """Savepoints in the transaction of a host, who alone commits it or rolls it back.

    One thread at a time works on the host's connection.

    Attributes:
        commits: A transaction whose block ended well may yet be undone.
    """

    commits = False

    def __init__(self, connection: sa.Connection, *, name: str) -> None:
        self._connection = connection
        self._name = name
        self._lock = threading.RLock()

    @contextmanager
    def transaction(self) -> Iterator[sa.Connection]:
        """The host's connection; what the block did is undone if it raises.

        Raises:
            StoreError: The connection is closed or commits each statement by itself,
                or the host has ended its transaction inside the block.
        """
        with self._lock:
            ended = True
            try:
                self._enter()
                with self._connection.begin_nested() as savepoint:
                    try:
                        yield self._connection
                    finally:
                        ended = not savepoint.is_active
            except sqlalchemy.exc.InvalidRequestError as error:
                if not ended:  # it is of the host's own work in the block
                    raise
                self._undo_rest()
                raise StoreError(
                    self._name,
                    "the connection passed in was closed, or its transaction ended "
                    "inside a block of the store: end it after the block, or open the "
                    "store on one that is open",
                ) from error

    def _undo_rest(self) -> None:
        """Undoes what came after the host had ended its transaction."""
        connection = self._connection
        if not connection.closed and not connection.in_transaction():
            driver = connection.connection.dbapi_connection
            if driver is not None:
                driver.rollback()

    def _enter(self) -> None:
        """Begins the host's transaction, which SQLite's driver puts off.

        A savepoint outside of a transaction would be committed when it is released.
        """
        connection = self._connection
        begun = connection.in_transaction()
        if not begun:
            # The host may have hooks that begin one.
            connection.begin()
        driver: Any = connection.connection.dbapi_connection
        if _commits_each(driver):
            if not begun:
                connection.rollback()
            raise StoreError(
                self._name,
                "the connection passed in commits each statement by itself "
                "(AUTOCOMMIT), so that no write would be all or nothing: begin a "
                "transaction on it, pass one without AUTOCOMMIT, or pass the engine",
            )
        if connection.dialect.name == "sqlite" and not driver.in_transaction:
            connection.exec_driver_sql("BEGIN IMMEDIATE")

    def close(self) -> None:
        """Nothing is ours."""


def _commits_each(driver: Any) -> bool:
    """Whether a driver's connection commits each statement by itself, as it stands."""
    if isinstance(driver, sqlite3.Connection):
        if driver.in_transaction:
            return False
        # The second is of Python 3.12.
        return (
            driver.isolation_level is None or getattr(driver, "autocommit", 0) is True
        )
    idle = driver.info.transaction_status == 0
    return bool(driver.autocommit and idle)
