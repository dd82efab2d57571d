"""Columns of texts turned into arrays, one distinct text at a time.

A million rows hold few different texts in most columns, so each converter keeps
what it has read in a bounded memo: a cell costs one look-up.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any, Final, TypeVar

import numpy as np

from partnerhub.adapters.exports.cells import (
    PLAIN_ID,
    PLAIN_PHONE,
    PLAIN_TEXT,
    PLAIN_WORD,
    CellError,
    DayOrder,
    has_slash_date,
    parse_count,
    parse_day,
    parse_decimal,
    parse_flag,
    parse_id,
    parse_phone,
    parse_text,
)
from partnerhub.columns import unknown
from partnerhub.columns.unknown import Array, Bools
from partnerhub.domain.cells import unguard
from partnerhub.domain.days import day_number
from partnerhub.domain.layouts import CellType, Column
from partnerhub.domain.source_text import plain_text

_Value = TypeVar("_Value")

MEMO_LIMIT: Final = 1 << 17
"""Distinct texts of one column that are kept, so that memory stays bounded."""

_NAT: Final = np.iinfo(np.int64).min

# What stands in an array for a cell that cannot be read, until its row is left
# out. None of them is a value that a readable cell can have.
_BAD_NUMBER: Final = -2
_BAD_DECIMAL: Final = float("-inf")
_BAD_DAY: Final = _NAT + 1
_BAD_TEXT: Final = None


class _Memo(dict[str, Any]):
    """Text -> value, read once; `bad` where it cannot be read."""

    def __init__(self, read: Callable[[str], Any], bad: object) -> None:
        super().__init__()
        self._read = read
        self._bad = bad

    def __missing__(self, text: str) -> Any:
        try:
            value = self._read(text)
        except CellError:
            value = self._bad
        if len(self) < MEMO_LIMIT:
            self[text] = value
        return value


class Converter:
    """Reads the cells of one column of one file.

    Attributes:
        column: Which column.
        negatives: Negative numbers that were read as unknown so far.
    """

    def __init__(
        self, column: Column, *, guarded: bool, order: Callable[[], DayOrder]
    ) -> None:
        """Args say how the file is written.

        Args:
            column: Which column.
            guarded: Texts may be guarded against being run as formulas.
            order: Asked, once a slash date is met, how those of the file read.
        """
        self.column = column
        self.negatives = 0
        self._guarded = guarded
        self._order = order
        self._choices = {
            plain_text(text): written
            for written, texts in column.choices.items()
            for text in (written, *texts)
        }
        self._may_be_blank = not column.required or bool(column.blank)
        self._dtype, self._bad, read = self._kind()
        self._memo = _Memo(read, self._bad)
        self._read = read

    @property
    def plain(self) -> str | None:
        """Matches texts that are read as they are, unless they are a choice's."""
        match self.column.cell:
            case CellType.ID:
                return PLAIN_ID
            case CellType.PHONE:
                return PLAIN_PHONE
            case CellType.TEXT | CellType.CHOICE:
                return PLAIN_WORD if self._choices else PLAIN_TEXT
            case _:
                return None

    def array(self, cells: Sequence[str]) -> tuple[Array, Bools]:
        """The values of some cells, and where they cannot be read."""
        return self._values(cells, list(map(self._memo.__getitem__, cells)))

    def coded(
        self, codes: Array, texts: Sequence[str], is_plain: Sequence[bool] | None
    ) -> tuple[Array, Bools]:
        """The same of cells that are told as codes into texts.

        Args:
            codes: Place of each cell's text, `(n,)`.
            texts: The texts.
            is_plain: Which of them `plain` matches; None where it is None.
        """
        memo, choices = self._memo, self._choices
        if is_plain is None:
            found = list(map(memo.__getitem__, texts))
        else:
            told = zip(texts, is_plain, strict=True)
            found = [
                text if as_is and text.lower() not in choices else memo[text]
                for text, as_is in told
            ]
        times = np.bincount(codes, minlength=len(texts))
        values, bad = self._values(texts, found, times)
        return values[codes], bad[codes]

    def _values(
        self, cells: Sequence[str], found: list[Any], times: Array | None = None
    ) -> tuple[Array, Bools]:
        """What was found in cells, each there once or so many times, as an array."""
        if self._dtype == np.object_:
            values = np.empty(len(found), dtype=np.object_)
            values[:] = found
            blank_is_none: Bools = values == np.array(None)
            return values, blank_is_none
        values = np.array(found, dtype=self._dtype)
        bad: Bools = values == self._bad
        if self.column.negative_is_unknown:
            self.negatives += sum(
                1 if times is None else int(times[at])
                for at in np.flatnonzero(values == unknown.COUNT).tolist()
                if cells[at].lstrip().startswith(("-", "\u2212"))
            )
        if self.column.cell is CellType.DAY:
            return values.view("datetime64[D]"), bad
        return values, bad

    def fault(self, cell: str) -> str:
        """Why a cell cannot be read."""
        try:
            self._read(cell)
        except CellError as error:
            return str(error)
        return ""

    def _kind(self) -> tuple[Any, Any, Callable[[str], Any]]:
        match self.column.cell:
            case CellType.COUNT:
                return np.int64, _BAD_NUMBER, self._count
            case CellType.CHANGE | CellType.DECIMAL | CellType.RATIO:
                return np.float64, _BAD_DECIMAL, self._decimal
            case CellType.FLAG:
                return np.int8, _BAD_NUMBER, self._flag
            case CellType.DAY:
                return np.int64, _BAD_DAY, self._day
            case CellType.ID:
                return np.object_, _BAD_TEXT, self._id
            case CellType.PHONE:
                return np.object_, _BAD_TEXT, self._phone
            case CellType.TEXT | CellType.CHOICE:
                return np.object_, _BAD_TEXT, self._text

    def _count(self, cell: str) -> int:
        value = parse_count(cell.strip())
        if value is None:
            return self._blank(unknown.COUNT)
        if value < 0 and not self.column.negative_is_unknown:
            raise CellError("a negative number")
        return max(value, int(unknown.COUNT))

    def _decimal(self, cell: str) -> float:
        value = parse_decimal(cell.strip())
        return self._blank(float("nan")) if value is None else value

    def _flag(self, cell: str) -> int:
        value = parse_flag(cell.strip())
        return self._blank(unknown.FLAG) if value is None else int(value)

    def _day(self, cell: str) -> int:
        plain = cell.strip()
        if self.column.words and plain.casefold() in self.column.words:
            value: dt.date | None = self.column.words[plain.casefold()]
        else:
            order = self._order() if has_slash_date(plain) else "dmy"
            value = parse_day(plain, order=order)
        return self._blank(_NAT) if value is None else day_number(value)

    def _id(self, cell: str) -> str:
        plain = parse_text(cell).strip()
        try:
            return parse_id(plain) or self._blank("")
        except CellError:
            if self.column.required:
                raise
            # Ids of locations may be numbers in old organizations.
            return plain

    def _phone(self, cell: str) -> str:
        return parse_phone(parse_text(cell).strip()) or self._blank("")

    def _text(self, cell: str) -> str:
        text = parse_text(unguard(cell) if self._guarded else cell)
        if self.column.required or self._choices:
            # It says which row this is, or which choice, and is compared.
            text = text.strip()
            text = self._choices.get(plain_text(text), text)
        return text or self._blank("")

    def _blank(self, value: _Value) -> _Value:
        """What stands for a blank cell, where one is allowed."""
        if self._may_be_blank:
            return value
        raise CellError("blank, and a row needs it")
