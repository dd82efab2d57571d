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
from partnerhub.adapters.exports.chunk_frames import polars
from partnerhub.columns.text import TextColumn
from partnerhub.columns.unknown import Array, Bools, Codes, Ints
from partnerhub.domain.organizations import MOST_KEY_BYTES

_PLAIN_TIME: Final = (  # the service's own
    r"^20[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"
    r"T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]\.[0-9]{3}Z$"
)
_PLAIN_LENGTH: Final = len("2026-11-16T09:00:00.000Z")
_MONTHS: Final = (
    np.arange("2000-01", "2100-02", dtype="datetime64[M]")
    .astype("datetime64[D]")
    .astype(np.int64)
)
"""The days since 1970 that months begin on, of the years that `_PLAIN_TIME` has."""

_BLANK: Final = sorted(BLANK)


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
        pl: Any = polars()
        self._pl = pl
        self._frame = frame
        # All at once: so many calls of Polars, one after the other, take longer.
        self._known = frame.select(pl.when(~pl.all().is_in(_BLANK)).then(pl.all()))
        self._positions = positions
        self._labels = labels

    def coded(self, key: str, /) -> TextColumn:
        """A column of texts that repeat."""
        return self._coded(self._told(key), self._positions.get(key, (-1,))[0])

    def texts(self, key: str, /) -> tuple[Array, Bools]:
        """A column of texts."""
        found = self._told(key).fill_null("")
        bad = found.str.contains("\0", literal=True)
        bad |= found.str.len_bytes() > MOST_KEY_BYTES
        return found.to_numpy().astype(object), bad.to_numpy()

    def present(self, key: str, /) -> Bools:
        """Where a column is neither blank nor NA."""
        found: Bools = self._told(key).is_not_null().to_numpy()
        return found

    def containing(self, key: str, part: str, /) -> Bools:
        """Where a column contains a text."""
        series = self._series(key)
        found: Bools = series.str.contains(part, literal=True).to_numpy()
        return found

    def times(self, key: str, /) -> tuple[Ints, Bools]:
        """Milliseconds since 1970."""
        series = self._series(key)
        is_plain = series.str.contains(_PLAIN_TIME)
        rows = np.flatnonzero(is_plain.to_numpy())
        times, is_day = _plain_times(series.filter(is_plain))
        found = np.full(len(self.line), NO_TIME, np.int64)
        found[rows[is_day]] = times[is_day]
        is_read = np.zeros(len(found), np.bool_)
        is_read[rows[is_day]] = True
        return self._mended(series, found, is_read, parse_time)

    def seconds(self, key: str, /) -> tuple[Ints, Bools]:
        """Whole seconds."""
        pl, series = self._pl, self._series(key)
        is_plain = series.str.contains(r"^[0-9]{1,9}$")
        read = series.cast(pl.Int64, strict=False)
        found = read.fill_null(-1).to_numpy().copy()
        return self._mended(series, found, is_plain.to_numpy(), parse_seconds)

    def cell(self, key: str, row: int, /) -> str:
        """One cell."""
        text: str = self._series(key)[row]
        return text

    def unmet(self, position: int, /) -> TextColumn:
        """A column that nobody has met."""
        return self._coded(self._known[str(position)], position)

    def _mended(
        self,
        series: Any,
        found: Ints,
        is_read: Bools,
        read: Callable[[str], int | None],
    ) -> tuple[Ints, Bools]:
        """The numbers, with those that were not read for certain read one by one."""
        bad = np.zeros(len(found), np.bool_)
        rows = np.flatnonzero(~(is_read | series.is_in(_BLANK).to_numpy()))
        blank = NO_TIME if read is parse_time else -1
        found[rows], bad[rows] = numbers(series.gather(rows).to_list(), read, blank)
        return found, bad

    def _coded(self, told: Any, position: int) -> TextColumn:
        if told.null_count() == len(told):
            return TextColumn(np.full(len(told), -1, np.int32), np.empty(0, object))
        return self._labels.column(self._pl, position, told)

    def _told(self, key: str) -> Any:
        """A column with null where it is blank or NA."""
        pl, positions = self._pl, self._positions.get(key, ())
        if not positions:
            return pl.Series([None], dtype=pl.String).new_from_index(0, len(self.line))
        first, *others = (self._known[str(at)] for at in positions)
        for other in others:
            first = first.zip_with(first.is_not_null(), other)
        return first

    def _series(self, key: str) -> Any:
        """A column as written."""
        pl, positions = self._pl, self._positions.get(key, ())
        if not positions:
            return pl.Series([""], dtype=pl.String).new_from_index(0, len(self.line))
        first, *others = (self._frame[str(at)] for at in positions)
        for other in others:
            first = first.zip_with(~first.is_in(_BLANK), other)
        return first


def _plain_times(series: Any) -> tuple[Ints, Bools]:
    """Milliseconds since 1970 of texts of `_PLAIN_TIME`, and whether there is that day.

    That takes 0.05 s for a million times, and 0.5 s with Polars.
    """
    text = series.str.join("").item().encode()
    cells = np.frombuffer(text, np.uint8).reshape(-1, _PLAIN_LENGTH)
    digits = np.ascontiguousarray(cells.T) - np.uint8(ord("0"))

    def number(first: int, size: int) -> Codes:
        found: Codes = digits[first].astype(np.int32)
        for digit in digits[first + 1 : first + size]:
            found *= np.int32(10)
            found += digit
        return found

    month = number(2, 2) * 12 + number(5, 2)  # 1 is January 2000
    first = _MONTHS[month - 1]
    day = number(8, 2)
    second = (number(11, 2) * 60 + number(14, 2)) * 60 + number(17, 2)
    ms = (first + day - 1) * 86_400_000 + second * np.int64(1_000) + number(20, 3)
    return ms, day <= _MONTHS[month] - first
