"""Rows on their way into PostgreSQL while the next ones are made.

A thread sends what is queued, so that this process and the server work side by side.
Until `finish` the connection belongs to the thread.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from queue import Queue
from typing import Any, Final

_AHEAD: Final = 32
"""Chunks that may wait; what makes them is held up beyond that."""


class Sender:
    """Sends COPY statements and their data, one after the other, in a thread.

    Args:
        cursor: A cursor of psycopg, used by the thread alone.
    """

    def __init__(self, cursor: Any) -> None:
        self._cursor = cursor
        self._queue: Queue[str | bytes | None] = Queue(_AHEAD)
        self._error: BaseException | None = None
        self._stopped = False
        # `Thread.join` that was interrupted takes a running thread for one that ended.
        self._ended = threading.Event()
        threading.Thread(target=self._run, daemon=True).start()

    def copy(self, statement: str, chunks: Iterable[bytes]) -> None:
        """Queues a COPY; returns while it is on its way.

        Raises:
            Exception: An earlier one has failed, or making a chunk; then the rest is
                abandoned.
        """
        try:
            self._queue.put(statement)
            try:
                self._fill(chunks)
            except BaseException:
                self._stopped = True
                raise
            finally:
                self._queue.put(None)
        except BaseException:
            self.abandon()
            raise

    def _fill(self, chunks: Iterable[bytes]) -> None:
        for chunk in chunks:
            if self._error is not None:
                raise self._error
            self._queue.put(chunk)

    def finish(self) -> None:
        """Waits until all is in the database.

        Raises:
            Exception: A COPY has failed.
        """
        self._join()
        if self._error is not None:
            raise self._error

    def abandon(self) -> None:
        """Breaks off what is on its way; the transaction is to be rolled back."""
        self._stopped = True
        self._join()

    def _join(self) -> None:
        self._queue.put(None)
        self._ended.wait()

    def _run(self) -> None:
        try:
            self._send_all()
        finally:
            self._ended.set()

    def _send_all(self) -> None:
        while isinstance(statement := self._queue.get(), str):
            chunks: Iterator[Any] = iter(self._queue.get, None)
            try:
                self._send(statement, chunks)
            except BaseException as error:  # noqa: BLE001 - raised where it is waited for
                self._error = self._error or error
                for _ in chunks:
                    pass

    def _send(self, statement: str, chunks: Iterator[bytes]) -> None:
        with self._cursor.copy(statement) as copy:
            for data in chunks:
                if self._stopped:
                    raise InterruptedError("the rows are not wanted any more")
                copy.write(data)
            if self._stopped:
                raise InterruptedError("the rows are not wanted any more")
