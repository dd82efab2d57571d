"""Gathers the rows of each customer, however a file is ordered, in constant memory.

A file is a picture of its customers, so all rows of one must be merged together.
Few rows are gathered in memory; many go to temporary files, each holding the
customers of one part of the hash, and come back one part at a time.
"""

from __future__ import annotations

import functools
import pickle
import tempfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from types import TracebackType
from typing import IO, Any, Final, Self

import attrs
import numpy as np

from partnerhub.adapters.importing.coding import Coded
from partnerhub.columns.unknown import Array
from partnerhub.domain.errors import FileNotWritten

IN_MEMORY_ROWS: Final = 100_000
"""Rows kept in memory before anything is written to disk."""

_PARTS: Final = 64


@attrs.frozen(eq=False)
class Rows:
    """Rows of a file, all those of each of their customers.

    Attributes:
        line: Line of each row in the file, `(n,)`.
        cells: Column key -> values, as in `partnerhub.adapters.exports.Batch`.
    """

    line: Array
    cells: Mapping[str, Array]

    def __len__(self) -> int:
        return len(self.line)

    @functools.cached_property
    def _coded(self) -> dict[str, Coded]:
        return {}

    def coded(self, key: str) -> Coded:
        """A column of texts, coded once for all who ask."""
        if key not in self._coded:
            self._coded[key] = Coded.of(self.cells[key])
        return self._coded[key]

    @property
    def customers(self) -> Coded:
        """The customer of each row."""
        return self.coded("org_id")

    def take(self, rows: Array) -> Rows:
        """The chosen rows, in the order given."""
        return Rows(
            self.line[rows], {key: column[rows] for key, column in self.cells.items()}
        )


class Spool:
    """Takes batches and gives back all rows, customer by customer."""

    def __init__(self, key: str, *, in_memory_rows: int = IN_MEMORY_ROWS) -> None:
        self._key = key
        self._limit = in_memory_rows
        self._kept: list[Rows] = []
        self._count = 0
        self._files: list[IO[bytes]] = []
        self._part_of: dict[str, int] = {}
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        # What could not be written is tried once more, and is of no use by now.
        with suppress(OSError):
            self._stack.close()

    def add(self, rows: Rows) -> None:
        """Takes some rows, in the order of the file.

        Raises:
            FileNotWritten: There is no space for temporary files.
        """
        self._kept.append(rows)
        self._count += len(rows)
        if self._count > self._limit:
            with _told():
                self._spill()

    def parts(self) -> Iterator[Rows]:
        """All rows, in parts; a customer's are in one part, in the file's order.

        Raises:
            FileNotWritten: There is no space for temporary files.
        """
        if not self._files:
            if self._count:
                yield _joined(self._kept)
            return
        with _told():
            self._spill()
            for file in self._files:
                file.seek(0)
        for file in self._files:
            pieces = list(_loaded(file))
            if pieces:
                yield _joined(pieces)

    def _spill(self) -> None:
        if not self._files:
            self._files = [
                self._stack.enter_context(tempfile.TemporaryFile())  # noqa: SIM115 - the stack closes it
                for _ in range(_PARTS)
            ]
        for rows in self._kept:
            part = self._parts_of(rows.cells[self._key])
            order = np.argsort(part, kind="stable")
            edges = np.searchsorted(part[order], np.arange(_PARTS + 1))
            for place, file in enumerate(self._files):
                chosen = order[edges[place] : edges[place + 1]]
                if len(chosen):
                    pickle.dump(rows.take(chosen), file, protocol=5)
        self._kept.clear()
        self._count = 0
        self._part_of.clear()

    def _parts_of(self, keys: Array) -> Array:
        known = self._part_of
        listed = keys.tolist()
        for key in dict.fromkeys(listed):
            if key not in known:
                known[key] = zlib.crc32(key.encode()) % _PARTS
        return np.fromiter(map(known.__getitem__, listed), np.int64, len(listed))


@contextmanager
def _told() -> Iterator[None]:
    """What goes wrong with temporary files, and what to do about it."""
    try:
        yield
    except OSError as error:
        why = (
            f"{error.strerror}: there is no room for temporary files, so nothing of this "
            "file was taken; free some space, or let TMPDIR name another folder"
        )
        raise FileNotWritten(tempfile.gettempdir(), why) from error


def _loaded(file: IO[bytes]) -> Iterator[Rows]:
    load: Any = pickle.load
    while True:
        try:
            yield load(file)
        except EOFError:
            return


def _joined(pieces: list[Rows]) -> Rows:
    if len(pieces) == 1:
        return pieces[0]
    return Rows(
        np.concatenate([piece.line for piece in pieces]),
        {
            key: np.concatenate([piece.cells[key] for piece in pieces])
            for key in pieces[0].cells
        },
    )
