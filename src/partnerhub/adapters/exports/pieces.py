"""Some rows of a file, whose columns are asked for one by one.

The reader of exports does not see which way the cells came. Texts become values by a
`Converter` alone, one distinct text at a time, so both ways give the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from types import ModuleType
from typing import Any, Protocol

import numpy as np

from partnerhub.adapters.coded_texts import coded_texts
from partnerhub.adapters.exports.converting import Converter
from partnerhub.columns.unknown import Array, Bools
from partnerhub.domain.layouts import CellType
from partnerhub.domain.rules import LARGEST


class Piece(Protocol):
    """Some rows of a file, each as wide as the headings.

    Attributes:
        line: The line each row starts on, int32 `(n,)`.
    """

    line: Array

    def column(self, position: int, converter: Converter, /) -> tuple[Array, Bools]:
        """The values of a column, and where its cells cannot be read."""
        ...

    def cell(self, position: int, row: int, /) -> str:
        """One cell as written."""
        ...


class TextPiece:
    """Rows as lists of texts.

    Args:
        rows: The rows.
        line: The line each starts on.
        width: Cells of a row.
    """

    def __init__(
        self, rows: Sequence[Sequence[str]], line: Sequence[int], width: int
    ) -> None:
        self.line: Array = np.array(line, dtype=np.int32)
        columns: list[Sequence[str]] = list(zip(*rows, strict=True))
        self._columns = columns or [()] * width

    def column(self, position: int, converter: Converter, /) -> tuple[Array, Bools]:
        """The values of a column, and where its cells cannot be read."""
        return converter.array(self._columns[position])

    def cell(self, position: int, row: int, /) -> str:
        """One cell as written."""
        return self._columns[position][row]


class FramePiece:
    """Rows as a frame of texts (extra `columnar`).

    Args:
        frame: A column for every position that is read, named by it.
        line: The line each row starts on.
        pl: Polars.
    """

    def __init__(self, frame: Any, line: Array, pl: ModuleType) -> None:
        self.line = line.astype(np.int32)
        self._frame = frame
        self._pl: Any = pl

    def column(self, position: int, converter: Converter, /) -> tuple[Array, Bools]:
        """The values of a column, and where its cells cannot be read."""
        series = self._frame[str(position)]
        if converter.column.cell is CellType.COUNT:
            return self._counts(series, converter)
        codes, labels = coded_texts(series, self._pl)
        plain = converter.plain
        is_plain = labels.str.contains(plain).to_list() if plain else None
        return converter.coded(codes, labels.to_list(), is_plain)

    def _counts(self, series: Any, converter: Converter) -> tuple[Array, Bools]:
        """Whole numbers; whatever is not only digits is read as a text."""
        read = series.cast(self._pl.Int64, strict=False).fill_null(-1).to_numpy()
        bad = np.zeros(len(read), np.bool_)
        rows = np.flatnonzero((read < 0) | (read >= LARGEST))
        if not len(rows):
            return read, bad
        values = read.copy()
        values[rows], bad[rows] = converter.array(series.gather(rows).to_list())
        return values, bad

    def cell(self, position: int, row: int, /) -> str:
        """One cell as written."""
        text: str = self._frame[str(position)][row]
        return text
