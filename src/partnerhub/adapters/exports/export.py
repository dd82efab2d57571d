"""One export file, read in batches of columns."""

from __future__ import annotations

import functools
import itertools
import logging
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Final

import attrs
import numpy as np
import numpy.typing as npt
import pendulum

from partnerhub.adapters.exports.cells import DayOrder, fits_only_month_first
from partnerhub.adapters.exports.converting import MEMO_LIMIT, Converter
from partnerhub.adapters.exports.csv_rows import BadRow
from partnerhub.adapters.exports.fitting import RowFitter
from partnerhub.adapters.exports.headings import Match
from partnerhub.adapters.exports.options import SlashDates
from partnerhub.adapters.exports.piece_reading import PieceReader, SomeRows
from partnerhub.adapters.exports.problems import Problem, numbered, shown
from partnerhub.adapters.exports.tables import Table
from partnerhub.columns.printing import heading_text
from partnerhub.columns.unknown import Array, Bools
from partnerhub.domain.layouts import CellType, Layout
from partnerhub.domain.weeks import Period

_LOG: Final = logging.getLogger("partnerhub.adapters.exports")

BATCH_ROWS: Final = 50_000


@attrs.frozen(kw_only=True, eq=False)
class Batch:
    """Some rows of an export, as columns; rows with a fault are left out.

    Attributes:
        line: The line each row starts on, int32 `(n,)`.
        cells: Column key -> values, for the columns that the file has. Texts, ids,
            phone numbers and choices are `str` objects, blank for unknown; the
            others as `partnerhub.columns.unknown` has them. All are read-only.
        problems: The faults of the rows that are left out, in the file's order.
        incomplete: Uuids of the customers of the rows that are left out: what the
            batches say of them is not all that the file says.
        strangers: Rows left out whose customer cannot be read.
    """

    line: npt.NDArray[np.int32]
    cells: Mapping[str, Array]
    problems: tuple[Problem, ...]
    incomplete: frozenset[str] = frozenset()
    strangers: int = 0

    def __len__(self) -> int:
        return len(self.line)


class Export:
    """One export file whose headings have been understood.

    Attributes:
        file: Its name in messages.
        layout: What it holds.
        day: The day it is of; None where its rows say it themselves.
        period: First and last day of the range its sums cover; None for others.
        rows: Data rows read so far, those with a fault included.
        notices: What the user should know, without being at fault. Those on the
            cells are there once the last batch has been read.
    """

    def __init__(
        self,
        table: Table,
        match: Match,
        *,
        day: pendulum.Date | None,
        period: Period | None,
        dates: SlashDates,
    ) -> None:
        self._table = table
        self._match = match
        self._dates: SlashDates = dates
        self._first_notices = tuple(
            filter(None, (table.encoding.notice, *match.notices))
        )
        self.file = table.source.file
        self.day = day
        self.period = period
        self.rows = 0
        self.notices = list(self._first_notices)

    @property
    def layout(self) -> Layout:
        """What the file holds."""
        return self._match.layout

    def __repr__(self) -> str:
        return f"<Export {self.file!r}: {self.layout.key}, {self.rows} rows read>"

    def heading(self, key: str) -> str:
        """The heading of a column as in the file, for a message.

        Args:
            key: Key of the column; of one that the file does not have, the heading
                in the file's language.
        """
        position = self._match.positions.get(key)
        if position is None:
            return heading_text(self.layout.column(key), self._match.locale)
        return shown(self._table.headings[position])

    def problem(self, line: int, key: str, value: str, message: str) -> Problem:
        """A fault of one row, said without giving anybody's data away.

        Args:
            line: The line the row starts on.
            key: Key of the column that it shows in.
            value: What stands there.
            message: What is wrong and what would be right.
        """
        return Problem(
            file=self.file,
            line=line,
            column=self.heading(key),
            value=shown(value, column=self.layout.column(key)),
            message=message,
        )

    def batches(
        self, *, rows: int = BATCH_ROWS, fast: bool | None = None
    ) -> Iterator[Batch]:
        """Its rows, from the first, so many at a time; memory stays constant.

        Args:
            rows: Data rows of a batch at most, those with a fault included.
            fast: Whether to read with Polars, which gives the same. None does where
                it is installed and the file is large enough to be worth it.

        Raises:
            FileRefused: The file turns out to be damaged.
        """
        self.rows = 0
        self.notices[:] = self._first_notices
        converters = {
            key: Converter(
                self.layout.column(key),
                guarded=self._table.guarded,
                order=lambda: self._slash_order,
            )
            for key in self._match.positions
        }
        reader = PieceReader(
            self._table, self._fitter(), tuple(sorted(self._match.positions.values()))
        )
        waiting: list[Batch] = []
        count = 0
        for some in reader.pieces(rows, fast=fast):
            if count + some.read > rows:
                self.rows += count
                yield _joined(waiting)
                waiting, count = [], 0
            waiting.append(self._batch(some, converters))
            count += some.read
        if waiting:
            self.rows += count
            yield _joined(waiting)
        self._tell(converters, reader.fitter.repaired)

    def _fitter(self) -> RowFitter:
        return RowFitter.of(
            self._match,
            width=len(self._table.headings),
            delimiter=self._table.delimiter,
        )

    def _batch(self, some: SomeRows, converters: Mapping[str, Converter]) -> Batch:
        piece = some.piece
        problems = [
            Problem(file=self.file, line=line, message=row.message)
            for line, row in some.torn
        ]
        strangers = len(problems)
        incomplete: frozenset[str] = frozenset()
        line = piece.line
        faulty = np.zeros(len(line), dtype=np.bool_)
        found: dict[str, Array] = {}
        bad: dict[str, Bools] = {}
        for key, position in self._match.positions.items():
            found[key], bad[key] = piece.column(position, converters[key])
            faulty |= bad[key]
        if faulty.any():
            for key, position in self._match.positions.items():
                fault = converters[key].fault
                for at in np.flatnonzero(bad[key]).tolist():
                    cell = piece.cell(position, at)
                    problems.append(self.problem(int(line[at]), key, cell, fault(cell)))
            named = faulty & ~bad["org_id"]
            incomplete = frozenset(found["org_id"][named].tolist())
            strangers += int((faulty & ~named).sum())
            line = line[~faulty]
            found = {key: values[~faulty] for key, values in found.items()}
        problems.sort(key=lambda problem: problem.line)
        return Batch(
            line=line,
            cells=found,
            problems=tuple(problems),
            incomplete=incomplete,
            strangers=strangers,
        )

    @functools.cached_property
    def _slash_order(self) -> DayOrder:
        """How slash dates read: the whole file is looked through for a clue."""
        chosen = self._dates
        if chosen != "auto":
            return chosen
        positions = [
            position
            for key, position in self._match.positions.items()
            if self.layout.column(key).cell is CellType.DAY
        ]
        fitter = self._fitter()
        harmless: set[str] = set()
        for _, cells in self._table.rows():
            fitted = fitter.fit(cells)
            if isinstance(fitted, BadRow):
                continue
            for position in positions:
                cell = fitted[position]
                if "/" not in cell or cell in harmless:
                    continue
                if fits_only_month_first(cell.strip()):
                    return "unclear"
                if len(harmless) < MEMO_LIMIT:
                    harmless.add(cell)
        return "dmy"

    def _tell(self, converters: Mapping[str, Converter], repaired: int) -> None:
        if repaired:
            held = f"held an unquoted {self._table.delimiter!r} and"
            self.notices.append(
                numbered(
                    repaired,
                    f"customer name {held} was put together again",
                    f"customer names {held} were put together again",
                )
            )
        for key, converter in converters.items():
            if converter.negatives:
                where = f"in {self.heading(key)!r}"
                self.notices.append(
                    numbered(
                        converter.negatives,
                        f"negative number {where} was read as unknown",
                        f"negative numbers {where} were read as unknown",
                    )
                )
        if not self.rows:
            self.notices.append("no rows; maybe the file of a region without customers")
        _LOG.debug("%s: %d rows read", self.file, self.rows)


def _joined(pieces: list[Batch]) -> Batch:
    """Pieces of a batch as one, read-only."""
    line = np.concatenate([piece.line for piece in pieces])
    cells = {
        key: np.concatenate([piece.cells[key] for piece in pieces])
        for key in pieces[0].cells
    }
    for values in (line, *cells.values()):
        values.flags.writeable = False
    return Batch(
        line=line,
        cells=MappingProxyType(cells),
        problems=tuple(itertools.chain.from_iterable(p.problems for p in pieces)),
        incomplete=frozenset().union(*(piece.incomplete for piece in pieces)),
        strangers=sum(piece.strangers for piece in pieces),
    )
