"""One file of call records, read in batches of columns."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Final

import numpy as np

from partnerhub.adapters.cdr.assembling import Assembler, LegBatch
from partnerhub.adapters.cdr.fields import CdrMatch
from partnerhub.adapters.cdr.frames import FramePiece, Labels
from partnerhub.adapters.cdr.pieces import Piece, TextPiece
from partnerhub.adapters.exports.chunk_frames import framed_chunks, polars
from partnerhub.adapters.exports.csv_rows import BadRow, CsvTable, Row
from partnerhub.adapters.exports.fitting import RowFitter
from partnerhub.adapters.exports.problems import Problem, shown
from partnerhub.adapters.exports.tables import Table

_ROWS: Final = 20_000
_SHOWN: Final = 12


class CallRecords:
    """A file of call records whose headings have been understood.

    Attributes:
        file: Its name in messages.
        rows: Rows read so far, those with a fault included.
        strange: Heading and text -> how often, of values that nobody has met.
        unread: Heading -> how often, of cells that count as not known.
    """

    def __init__(self, table: Table, match: CdrMatch) -> None:
        self._table = table
        self._match = match
        self.file = table.source.file
        self.rows = 0
        self.strange: Counter[tuple[str, str]] = Counter()
        self.unread: Counter[str] = Counter()

    def __repr__(self) -> str:
        return f"<CallRecords {self.file!r}: {self.rows} rows read>"

    @property
    def notices(self) -> tuple[str, ...]:
        """What the user should know, complete once the last batch has been read."""
        found = [self._table.encoding.notice] if self._table.encoding.notice else []
        if self._match.unknown:
            names = ", ".join(repr(shown(name)) for name in self._match.unknown)
            found.append(f"columns that nobody has met, kept as texts: {names}")
        met = self.strange.most_common()
        found.extend(
            f"{heading} {text!r} is not known: {times} records"
            for (heading, text), times in met[:_SHOWN]
        )
        if len(met) > _SHOWN:
            found.append(f"{len(met) - _SHOWN} more values are not known")
        found.extend(
            f"{heading} of {times} records cannot be read and counts as not known"
            for heading, times in sorted(self.unread.items())
        )
        if not self.rows:
            found.append("no rows; maybe the file of a region without customers")
        return tuple(found)

    def batches(self, *, fast: bool | None = None) -> Iterator[LegBatch]:
        """Its rows from the first; memory stays constant.

        Args:
            fast: Whether to read with Polars, which gives the same result. None does
                where it is installed.

        Raises:
            FileRefused: The file turns out to be damaged.
        """
        self.rows = 0
        assembler = Assembler(self.file, self._match, guarded=self._table.guarded)
        self.strange, self.unread = assembler.strange, assembler.unread
        pl = None if fast is False else polars()
        table = self._table
        if pl is None or not isinstance(table, CsvTable):
            yield from self._slow(table.rows(), 0, assembler)
            return
        labels = Labels()
        for chunk, frame in framed_chunks(table, self._read_positions(), pl):
            if frame is None:
                yield from self._slow(chunk.table.rows(), chunk.line - 2, assembler)
            else:
                self.rows += chunk.rows
                line = np.arange(chunk.line, chunk.line + chunk.rows)
                yield assembler.batch(
                    FramePiece(frame, line, self._match.positions, labels)
                )

    def _slow(
        self, rows: Iterator[Row], shift: int, assembler: Assembler
    ) -> Iterator[LegBatch]:
        """Batches of rows, whose lines are `shift` lines further down."""
        fitter = RowFitter(
            width=len(self._table.headings), delimiter=self._table.delimiter, name=None
        )
        while some := list(itertools.islice(rows, _ROWS)):
            lines, taken, problems = [], [], []
            for line, cells in some:
                fitted = fitter.fit(cells)
                if isinstance(fitted, BadRow):
                    problems.append(
                        Problem(
                            file=self.file, line=line + shift, message=fitted.message
                        )
                    )
                else:
                    lines.append(line + shift)
                    taken.append(fitted)
            self.rows += len(some)
            piece: Piece = TextPiece(taken, lines, self._match.positions)
            yield assembler.batch(piece, problems)

    def _read_positions(self) -> tuple[int, ...]:
        read: Mapping[str, tuple[int, ...]] = self._match.positions
        every = set(itertools.chain.from_iterable(read.values()))
        return tuple(sorted(every | set(self._match.unknown.values())))
