"""Cells of some rows, column by column, as Python texts.

The reader of call records asks for columns in the few forms below, so a faster way
of reading (see `partnerhub.adapters.cdr.frames`) gives the same records.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final, Protocol

import numpy as np

from partnerhub.adapters.cdr.cells import BLANK, parse_seconds, parse_time
from partnerhub.adapters.exports.cells import CellError, parse_text
from partnerhub.columns.text import TextColumn
from partnerhub.columns.unknown import Array, Bools, Ints
from partnerhub.domain.organizations import too_long

NO_TIME: Final = np.iinfo(np.int64).min
"""Milliseconds of a time that is not known: NaT."""


class Piece(Protocol):
    """Some rows of a file. A column that the file lacks is blank."""

    line: Ints
    """The line each row starts on."""

    def coded(self, key: str, /) -> TextColumn:
        """A column of texts that repeat, as written; -1 where blank or NA."""
        ...

    def texts(self, key: str, /) -> tuple[Array, Bools]:
        """A column of texts, blank for NA, and where they are no text."""
        ...

    def present(self, key: str, /) -> Bools:
        """Where a column is neither blank nor NA."""
        ...

    def containing(self, key: str, part: str, /) -> Bools:
        """Where a column contains a text."""
        ...

    def times(self, key: str, /) -> tuple[Ints, Bools]:
        """Milliseconds since 1970, and where they cannot be read."""
        ...

    def seconds(self, key: str, /) -> tuple[Ints, Bools]:
        """Whole seconds, -1 where not known, and where they cannot be read."""
        ...

    def cell(self, key: str, row: int, /) -> str:
        """One cell as written."""
        ...

    def unmet(self, position: int, /) -> TextColumn:
        """A column that nobody has met."""
        ...


class TextPiece:
    """Rows as lists of texts.

    Args:
        rows: The rows, each as wide as the headings.
        line: The line each starts on.
        positions: Key -> positions of its headings.
    """

    def __init__(
        self,
        rows: Sequence[Sequence[str]],
        line: Sequence[int],
        positions: Mapping[str, tuple[int, ...]],
    ) -> None:
        self.line: Ints = np.array(line, np.int64)
        self._columns = list(zip(*rows, strict=True))
        self._positions = positions

    def coded(self, key: str, /) -> TextColumn:
        """A column of texts that repeat."""
        return TextColumn.of(
            None if text in BLANK else text for text in self._cells(key)
        )

    def texts(self, key: str, /) -> tuple[Array, Bools]:
        """A column of texts."""
        found = np.empty(len(self.line), dtype=object)
        found[:] = ["" if text in BLANK else text for text in self._cells(key)]
        bad = np.zeros(len(found), np.bool_)
        for row, text in enumerate(found.tolist()):
            if not text.isascii() or "\0" in text or too_long(text):
                bad[row] = not _is_text(text)
        return found, bad

    def present(self, key: str, /) -> Bools:
        """Where a column is neither blank nor NA."""
        return self._where(key, lambda text: text not in BLANK)

    def containing(self, key: str, part: str, /) -> Bools:
        """Where a column contains a text."""
        return self._where(key, lambda text: part in text)

    def times(self, key: str, /) -> tuple[Ints, Bools]:
        """Milliseconds since 1970."""
        return numbers(self._cells(key), parse_time, NO_TIME)

    def seconds(self, key: str, /) -> tuple[Ints, Bools]:
        """Whole seconds."""
        return numbers(self._cells(key), parse_seconds, -1)

    def cell(self, key: str, row: int, /) -> str:
        """One cell."""
        return self._cells(key)[row]

    def unmet(self, position: int, /) -> TextColumn:
        """A column that nobody has met."""
        cells = self._columns[position] if self._columns else ()
        return TextColumn.of(None if text in BLANK else text for text in cells)

    def _where(self, key: str, test: Callable[[str], bool]) -> Bools:
        return np.fromiter(map(test, self._cells(key)), np.bool_, len(self.line))

    def _cells(self, key: str) -> Sequence[str]:
        positions = self._positions.get(key, ())
        if not positions or not self._columns:
            return [""] * len(self.line)
        if len(positions) == 1:
            return self._columns[positions[0]]
        together = zip(*(self._columns[at] for at in positions), strict=True)
        return [next((t for t in cells if t not in BLANK), "") for cells in together]


def numbers(
    cells: Sequence[str], read: Callable[[str], int | None], blank: int
) -> tuple[Ints, Bools]:
    """The numbers that cells hold, and where they cannot be read."""
    found = np.full(len(cells), blank, np.int64)
    bad = np.zeros(len(cells), np.bool_)
    for row, cell in enumerate(cells):
        try:
            value = read(cell)
        except CellError:
            bad[row] = True
        else:
            if value is not None:
                found[row] = value
    return found, bad


def _is_text(text: str) -> bool:
    try:
        parse_text(text)
    except CellError:
        return False
    return True
