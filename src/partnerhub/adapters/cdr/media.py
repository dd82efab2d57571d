"""Media quality of call legs, from its file."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from typing import Final

import attrs
import numpy as np

from partnerhub.adapters.cdr.cells import BLANK, parse_answered
from partnerhub.adapters.cdr.layouts import MEDIA_QUALITY
from partnerhub.adapters.cdr.stat_cells import parse_length
from partnerhub.adapters.exports.cells import CellError, parse_decimal, parse_text
from partnerhub.adapters.exports.csv_rows import BadRow
from partnerhub.adapters.exports.headings import Match
from partnerhub.adapters.exports.problems import Problem, shown
from partnerhub.adapters.exports.tables import Table
from partnerhub.columns.leg_records import MediaColumns
from partnerhub.columns.unknown import Array
from partnerhub.domain.layouts import Layout
from partnerhub.domain.quality import MEASURES

_Row = tuple[str, int, int, list[float]]
"""Call id, side, seconds of video, measures."""

_BATCH_ROWS: Final = 50_000
_LARGEST_S: Final = 2**31 - 1
_CALLER: Final = {None: -1, False: 0, True: 1}


@attrs.frozen(kw_only=True, eq=False)
class MediaFile:
    """A file of media quality whose headings have been understood.

    Attributes:
        file: Its name in messages.
        notices: What the user should know.
    """

    file: str
    notices: tuple[str, ...]
    _table: Table = attrs.field(alias="table", repr=False)
    _match: Match = attrs.field(alias="match", repr=False)

    @property
    def layout(self) -> Layout:
        """What the file holds."""
        return self._match.layout

    def read(self) -> tuple[MediaColumns, tuple[Problem, ...]]:
        """All its rows, and the faults of those that are left out.

        A leg has audio, or video, where a measure of that stream is known.
        """
        problems: list[Problem] = []
        return _columns(list(self._rows(problems))), tuple(problems)

    def batches(self, problems: list[Problem], /) -> Iterator[MediaColumns]:
        """The same, so many rows at a time.

        Args:
            problems: Gets the faults of the rows that are left out.
        """
        rows = self._rows(problems)
        while some := list(itertools.islice(rows, _BATCH_ROWS)):
            yield _columns(some)

    def _rows(self, problems: list[Problem]) -> Iterator[_Row]:
        width = len(self._table.headings)
        for line, cells in self._table.rows():
            key = ""
            if isinstance(cells, BadRow) or len(cells) != width:
                message = (
                    cells.message
                    if isinstance(cells, BadRow)
                    else f"{len(cells)} cells where the file has {width} columns"
                )
                problems.append(Problem(file=self.file, line=line, message=message))
                continue
            try:
                key = "call_id"
                call = _call(self._cell(cells, key))
                key = "video_s"
                seconds = parse_length(self._cell(cells, key))
                measures = []
                for key in MEASURES:
                    measures.append(_measure(self._cell(cells, key)))
            except CellError as error:
                problems.append(
                    Problem(
                        file=self.file,
                        line=line,
                        column=MEDIA_QUALITY.column(key).heading,
                        value=shown(self._cell(cells, key)),
                        message=str(error),
                    )
                )
                continue
            caller = _CALLER[parse_answered(self._cell(cells, "caller"))]
            video_s = -1 if seconds is None else min(int(seconds), _LARGEST_S)
            yield call, caller, video_s, measures

    def _cell(self, cells: Sequence[str], key: str) -> str:
        position = self._match.positions.get(key)
        return "" if position is None else cells[position].strip()


def _columns(taken: list[_Row]) -> MediaColumns:
    calls = np.empty(len(taken), dtype=object)
    calls[:] = [row[0] for row in taken]
    measures = np.array([row[3] for row in taken], np.float32)
    measures = measures.reshape(len(taken), len(MEASURES))
    video_s = np.array([row[2] for row in taken], np.int32)
    has_audio = ~np.isnan(measures[:, :3]).all(axis=1)
    has_video = ~np.isnan(measures[:, 3:]).all(axis=1) | (video_s > 0)
    values: dict[str, Array] = {
        "audio": np.asarray(has_audio, np.int8),
        "video": np.asarray(has_video, np.int8),
        "video_s": video_s,
    }
    values.update(zip(MEASURES, measures.T, strict=True))
    return MediaColumns(
        call_id=calls,
        caller=np.array([row[1] for row in taken], np.int8),
        values=values,
    )


def _measure(cell: str) -> float:
    value = parse_decimal(cell)
    if value is not None and value < 0:
        raise CellError("a negative measure")
    return np.nan if value is None else value


def _call(cell: str) -> str:
    call = parse_text(cell).strip()
    if call in BLANK:
        raise CellError("blank, and a row needs it")
    return call
