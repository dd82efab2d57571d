"""The same cells from a Polars frame of texts (extra `columnar`): the fast path.

Whatever the vector forms below cannot read for certain goes through the functions of
`partnerhub.adapters.cdr.cells`, cell by cell, so that the result is the same.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import ModuleType
from typing import Any, Final

import numpy as np

from partnerhub.adapters.cdr.cells import BLANK, parse_seconds, parse_time
from partnerhub.adapters.cdr.pieces import NO_TIME, numbers
from partnerhub.columns.text import TextColumn
from partnerhub.columns.unknown import Array, Bools, Ints

_PLAIN_TIME: Final = (
    r"^20\d\d-[01]\d-[0-3]\dT[0-2]\d:[0-5]\d:[0-5]\d\.\d{3}Z$"  # the service's own
)
_BLANK: Final = sorted(BLANK)


def polars() -> ModuleType | None:
    """Polars, if it is installed."""
    try:
        import polars as pl
    except ImportError:
        return None
    return pl


class Labels:
    """Gives the texts of one column of a file codes that stay, piece after piece."""

    def __init__(self) -> None:
        self._categories: dict[int, Any] = {}
        self._alive: dict[int, Any] = {}  # Polars forgets categories that no one has
        self._labels: dict[int, Array] = {}

    def column(self, pl: ModuleType, position: int, series: Any) -> TextColumn:
        """A series of texts as codes."""
        if position not in self._categories:
            self._categories[position] = pl.Categories.random()
            self._labels[position] = np.empty(0, dtype=object)
        categories = self._categories[position]
        coded = series.cast(pl.Categorical(categories))
        self._alive[position] = coded
        codes = coded.to_physical().cast(pl.Int32).fill_null(-1).to_numpy()
        known = self._labels[position]
        if len(codes) and codes.max() >= len(known):
            known = categories.to_series().to_numpy().astype(object)
            self._labels[position] = known
        return TextColumn(codes, known)


class FramePiece:
    """Rows as a frame of texts.

    Args:
        frame: A column for every position that is read, named by it.
        line: The line each row starts on.
        positions: Key -> positions of its headings.
        labels: Those of the file.
    """

    def __init__(
        self,
        frame: Any,
        line: Ints,
        positions: Mapping[str, tuple[int, ...]],
        labels: Labels,
    ) -> None:
        self.line = line
        self._pl: Any = polars()
        self._frame = frame
        self._positions = positions
        self._labels = labels

    def coded(self, key: str, /) -> TextColumn:
        """A column of texts that repeat."""
        return self._coded(self._series(key), self._positions.get(key, (-1,))[0])

    def texts(self, key: str, /) -> tuple[Array, Bools]:
        """A column of texts."""
        found = self._known(self._series(key)).fill_null("")
        bad = found.str.contains("\0", literal=True).to_numpy()
        return found.to_numpy().astype(object), bad

    def present(self, key: str, /) -> Bools:
        """Where a column is neither blank nor NA."""
        found: Bools = self._known(self._series(key)).is_not_null().to_numpy()
        return found

    def containing(self, key: str, part: str, /) -> Bools:
        """Where a column contains a text."""
        series = self._series(key)
        found: Bools = series.str.contains(part, literal=True).to_numpy()
        return found

    def times(self, key: str, /) -> tuple[Ints, Bools]:
        """Milliseconds since 1970."""
        pl, series = self._pl, self._series(key)
        is_plain = series.str.contains(_PLAIN_TIME)
        read = series.str.to_datetime(
            "%Y-%m-%dT%H:%M:%S%.3fZ", time_unit="ms", strict=False
        )
        found = read.cast(pl.Int64).fill_null(NO_TIME).to_numpy().copy()
        return self._mended(series, found, is_plain & read.is_not_null(), parse_time)

    def seconds(self, key: str, /) -> tuple[Ints, Bools]:
        """Whole seconds."""
        pl, series = self._pl, self._series(key)
        is_plain = series.str.contains(r"^[0-9]{1,9}$")
        read = series.cast(pl.Int64, strict=False)
        found = read.fill_null(-1).to_numpy().copy()
        return self._mended(series, found, is_plain, parse_seconds)

    def cell(self, key: str, row: int, /) -> str:
        """One cell."""
        text: str = self._series(key)[row]
        return text

    def unmet(self, position: int, /) -> TextColumn:
        """A column that nobody has met."""
        return self._coded(self._frame[str(position)].fill_null(""), position)

    def _mended(
        self,
        series: Any,
        found: Ints,
        is_read: Any,
        read: Callable[[str], int | None],
    ) -> tuple[Ints, Bools]:
        """The numbers, with those that were not read for certain read one by one."""
        bad = np.zeros(len(found), np.bool_)
        rows = np.flatnonzero(~is_read.to_numpy())
        blank = NO_TIME if read is parse_time else -1
        found[rows], bad[rows] = numbers(series.gather(rows).to_list(), read, blank)
        return found, bad

    def _coded(self, series: Any, position: int) -> TextColumn:
        return self._labels.column(self._pl, position, self._known(series))

    def _known(self, series: Any) -> Any:
        """The series with null where it is blank or NA."""
        return series.set(series.is_in(_BLANK), None)

    def _series(self, key: str) -> Any:
        """A column with blank texts for null."""
        pl, positions = self._pl, self._positions.get(key, ())
        if not positions:
            return pl.repeat("", len(self.line), dtype=pl.String, eager=True)
        first, *others = (self._frame[str(at)].fill_null("") for at in positions)
        for other in others:
            first = first.zip_with(~first.is_in(_BLANK), other)
        return first
