"""The rows of a table in pieces: with Polars where that is worth it, or row by row."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from types import ModuleType
from typing import TYPE_CHECKING, Final

import attrs
import numpy as np

from partnerhub.adapters.exports.chunk_frames import framed_chunks, polars
from partnerhub.adapters.exports.csv_rows import BadRow, CsvTable, Row
from partnerhub.adapters.exports.fitting import RowFitter
from partnerhub.adapters.exports.options import MEBIBYTE
from partnerhub.adapters.exports.pieces import FramePiece, Piece, TextPiece
from partnerhub.adapters.exports.tables import Table

if TYPE_CHECKING:
    import polars as pl

_PIECE_ROWS: Final = 500
"""Rows whose texts stay in the processor's cache until they are read.

With all texts of a batch at once it takes nearly twice as long.
"""

_LARGE: Final = 4 * MEBIBYTE
"""Bytes that are read in the time that Polars takes to be imported."""


@attrs.frozen(kw_only=True, eq=False)
class SomeRows:
    """The next rows of a table.

    Attributes:
        read: How many they are, torn ones included.
        piece: Those that are as wide as the headings.
        torn: The others, each with the line it starts on.
    """

    read: int
    piece: Piece
    torn: list[tuple[int, BadRow]] = attrs.field(factory=list)


@attrs.frozen
class PieceReader:
    """Reads a table once.

    Attributes:
        table: The table.
        fitter: Makes its rows as wide as the headings.
        positions: The columns that are read, ascending.
    """

    table: Table
    fitter: RowFitter
    positions: tuple[int, ...]

    def pieces(self, rows: int, /, *, fast: bool | None) -> Iterator[SomeRows]:
        """All rows from the first, so many at most at a time."""
        pl = self._polars() if fast is None else polars() if fast else None
        if pl is None or not isinstance(self.table, CsvTable):
            yield from self._slow(self.table.rows(), rows)
            return
        for chunk, frame in framed_chunks(self.table, self.positions, pl):
            if frame is None:
                shift = chunk.line - 2
                yield from self._slow(chunk.table.rows(), rows, shift=shift)
            else:
                yield from self._fast(frame, chunk.line, rows, pl)

    def _polars(self) -> ModuleType | None:
        is_large = (
            isinstance(self.table, CsvTable)
            and len(self.table.source.start(_LARGE)) == _LARGE
        )
        return polars() if is_large else None

    def _fast(
        self, frame: pl.DataFrame, first: int, rows: int, polars_: ModuleType
    ) -> Iterator[SomeRows]:
        """Rows of a frame that begins on a line."""
        for part in frame.iter_slices(rows):
            line = np.arange(first, first + part.height)
            yield SomeRows(read=part.height, piece=FramePiece(part, line, polars_))
            first += part.height

    def _slow(
        self, source: Iterator[Row], rows: int, *, shift: int = 0
    ) -> Iterator[SomeRows]:
        """Rows whose lines are `shift` lines further down."""
        size = rows // -(-rows // _PIECE_ROWS)
        while some := tuple(itertools.islice(source, size)):
            lines, taken, torn = [], [], []
            for line, cells in some:
                fitted = self.fitter.fit(cells)
                if isinstance(fitted, BadRow):
                    torn.append((line + shift, fitted))
                else:
                    lines.append(line + shift)
                    taken.append(fitted)
            piece = TextPiece(taken, lines, len(self.table.headings))
            yield SomeRows(read=len(some), piece=piece, torn=torn)
