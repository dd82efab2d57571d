"""The rows of a CSV file, each with the line it starts on.

The file is read as RFC 4180 has it, strictly: a quote that does not close would
otherwise swallow row after row. Where that happens the first line is a problem,
and reading goes on with the line after it.
"""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Iterator
from typing import Final, TextIO

import attrs

from partnerhub.adapters.exports.encodings import Encoding, open_text
from partnerhub.adapters.exports.sources import Source, damaged_as_refusal
from partnerhub.domain.errors import FileRefused

ROW_LIMIT: Final = 1 << 20
"""Characters of one row; far more than any real one has."""

_REREAD_LIMIT: Final = 64 * ROW_LIMIT
_DELIMITERS: Final = (",", ";", "\t")
_COLUMN_LIMIT: Final = 2_000


@attrs.frozen(kw_only=True)
class BadRow:
    """A row that could not be split into cells.

    Attributes:
        message: Why.
    """

    message: str


Row = tuple[int, list[str] | BadRow]
"""The line a row starts on, and its cells."""


@attrs.frozen(kw_only=True)
class CsvTable:
    """A CSV file whose headings have been read.

    Attributes:
        source: Where it is.
        encoding: How its bytes become text.
        delimiter: What stands between cells.
        headings: Of its first row, as written.
        guarded: Its texts may be guarded against being run as formulas.
    """

    source: Source
    encoding: Encoding
    delimiter: str
    headings: tuple[str, ...]
    guarded: bool = True

    def rows(self) -> Iterator[Row]:
        """The rows after the headings, blank lines left out."""
        with (
            damaged_as_refusal(self.source.file),
            open_text(self.source, self.encoding) as text,
        ):
            lines = _Lines(text)
            rows = _rows(lines, _prologue(lines))
            next(rows, None)
            yield from rows


def read_csv(source: Source, encoding: Encoding, /) -> CsvTable:
    """A CSV file, as far as its headings.

    Raises:
        FileRefused: It is empty, or its first row cannot be read.
    """
    with damaged_as_refusal(source.file), open_text(source, encoding) as text:
        lines = _Lines(text)
        delimiter = _prologue(lines)
        first = next(_rows(lines, delimiter), None)
    if first is None:
        raise FileRefused(
            source.file, "it is empty; a region without customers gives such"
        )
    _, cells = first
    if isinstance(cells, BadRow):
        raise FileRefused(source.file, f"its headings cannot be read: {cells.message}")
    if len(cells) > _COLUMN_LIMIT:
        raise FileRefused(source.file, f"{len(cells)} columns, over {_COLUMN_LIMIT}")
    return CsvTable(
        source=source, encoding=encoding, delimiter=delimiter, headings=tuple(cells)
    )


class _Lines:
    """The lines of a text, which can be given back.

    Attributes:
        number: Lines handed out so far and not given back.
        taken: Those handed out since the last `mark`.
    """

    def __init__(self, text: TextIO) -> None:
        self._text = text
        self._again: deque[str] = deque()
        self._reread = 0
        self._size = 0
        self.number = 0
        self.taken: list[str] = []

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        if self._again:
            line = self._again.popleft()
        else:
            # A line is bounded too: a file may have no line end at all.
            line = self._text.readline(ROW_LIMIT + 1)
            if not line:
                raise StopIteration
        self.number += 1
        self.taken.append(line)
        self._size += len(line)
        if self._size > ROW_LIMIT:
            raise csv.Error(f"a row of more than {ROW_LIMIT} characters")
        return line

    def peek(self) -> str:
        """The next line, without taking it; blank at the end."""
        line = next(self, "")
        if line:
            self.number -= 1
            self._again.appendleft(line)
        self.mark()
        return line

    def skip(self) -> None:
        """Passes over a line."""
        next(self, None)
        self.mark()

    def mark(self) -> None:
        """Forgets the lines handed out so far."""
        self.taken.clear()
        self._size = 0

    def give_back(self) -> bool:
        """Hands out again all lines since the mark but the first, if allowed.

        Reading lines again is bounded, or a file made for it would take for ever.
        """
        again = self.taken[1:]
        self._reread += sum(map(len, again))
        allowed = self._reread <= _REREAD_LIMIT
        if allowed:
            self._again.extendleft(reversed(again))
            self.number -= len(again)
        self.mark()
        return allowed


def _rows(lines: _Lines, delimiter: str) -> Iterator[Row]:
    # Cells are bounded by the row limit of the lines; the limit of the csv module
    # is global to the process, and not ours to change.
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    start = lines.number + 1
    while True:
        try:
            for cells in reader:
                if cells:
                    yield start, cells
                lines.mark()
                start = lines.number + 1
        except csv.Error as error:
            last = lines.number
            message = str(error)
            if last > start and not lines.give_back():
                message += f"; lines {start} to {last} are left out"
            lines.mark()
            yield start, BadRow(message=f"not a CSV row: {message}")
            start = lines.number + 1
        else:
            return


def _prologue(lines: _Lines) -> str:
    """The delimiter; what stands before the headings is passed over.

    That is blank lines, and the line `sep=;` by which a spreadsheet is told the
    delimiter.
    """
    while (first := lines.peek()) and not first.strip():
        lines.skip()
    plain = first.casefold().rstrip("\r\n")
    if plain.startswith("sep=") and len(plain) == len("sep=;"):
        lines.skip()
        return plain[-1]
    return _sniff(first)


def _sniff(line: str) -> str:
    """The delimiter that stands most often outside of quotes.

    Examples:
        >>> _sniff('"Name, city, country";Org ID')
        ';'
    """
    outside = "".join(line.split('"')[::2])
    return max(_DELIMITERS, key=outside.count)
