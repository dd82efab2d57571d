"""A CSV file in pieces of bytes that a fast reader may split as the slow one would.

The slow reader, `partnerhub.adapters.exports.csv_rows`, says what a file means. A
piece is *clean* where any reader of RFC 4180 agrees with it: every row has all its
cells, quotes stand only around whole cells, and no line is blank.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import IO, Any, Final

import attrs
import numpy as np
import numpy.typing as npt

from partnerhub.adapters.exports.csv_rows import ROW_LIMIT, CsvTable
from partnerhub.adapters.exports.encodings import Encoding
from partnerhub.adapters.exports.sources import Source
from partnerhub.columns.unknown import Ints

PIECE_BYTES: Final = 16 << 20
_BOM: Final = b"\xef\xbb\xbf"

_WIDEST: Final = 256
_TRIES: Final = 16
_BLOCK: Final = 1 << 18
_NEWLINE, _RETURN, _QUOTE = b'\n\r"'


Bytes = npt.NDArray[np.uint8]


@attrs.frozen(kw_only=True, eq=False)
class Chunk:
    """Some rows of a file.

    Attributes:
        table: The same rows for the slow reader, after the headings.
        line: The line of the file that the first of them starts on.
        content: Their bytes where they are clean, else None.
        rows: How many there are, where they are clean.
    """

    table: CsvTable
    line: int
    content: bytes | None
    rows: int = 0


@attrs.frozen(eq=False)
class _Marks:
    """Where the marks that split a CSV file stand in some bytes, each ascending."""

    newlines: Ints
    quotes: Ints

    def before(self, end: int) -> _Marks:
        both = (self.newlines, self.quotes)
        return _Marks(*(each[: each.searchsorted(end)] for each in both))


def chunks(table: CsvTable, /, *, size: int = PIECE_BYTES) -> Iterator[Chunk]:
    """The rows of a file in pieces.

    A file that is not UTF-8, or whose headings are not one plain first line, is one
    piece that is not clean; so is what follows on quotes that do not fit.
    """
    width, delimiter = len(table.headings), table.delimiter.encode()
    with table.source.open() as stream:
        head = stream.readline(ROW_LIMIT)
        if not _is_plain_head(head, table):
            yield Chunk(table=table, line=2, content=None)
            return
        offset, line, rest = len(head), 2, b""
        while True:
            more = stream.read(size)
            cut = more.rfind(b"\n") + 1
            held = b"".join((rest, memoryview(more)[:cut])) if cut else rest + more
            marks = _Marks(_where(held, _NEWLINE), _where(held, _QUOTE))
            end = _end(held, marks) if more else len(held)
            if end is not None and end < len(held):
                marks = marks.before(end)
            piece = held if end == len(held) else held[:end]
            if end is None or not _rows_fit(piece, marks, delimiter):
                yield Chunk(table=_from(table, head, offset), line=line, content=None)
                return
            rest = held[end:] + more[cut:] if cut else held[end:]
            rows: int | None = 0
            if piece:
                rows = _clean_rows(piece, marks, delimiter, width)
                yield Chunk(
                    table=_of(table, head, piece),
                    line=line,
                    content=None if rows is None else piece,
                    rows=rows or 0,
                )
            offset += len(piece)
            line += len(marks.newlines) if rows is None else rows
            if not more:
                return


def _is_plain_head(head: bytes, table: CsvTable) -> bool:
    if table.encoding.name not in ("utf-8", "utf-8-sig") or b'"' in head:
        return False
    cells = head.removeprefix(_BOM).rstrip(b"\r\n").split(table.delimiter.encode())
    wanted = [heading.encode("utf-8", "surrogateescape") for heading in table.headings]
    return head.endswith(b"\n") and b"\r" not in head[:-2] and cells == wanted


def _blocks(piece: bytes) -> Iterator[tuple[int, Bytes]]:
    """The bytes so many at a time that what is worked out of them stays in the cache.

    That takes half the time of the whole at once.
    """
    cells = np.frombuffer(piece, np.uint8)
    for low in range(0, len(cells), _BLOCK):
        yield low, cells[low : low + _BLOCK]


def _where(piece: bytes, mark: int) -> Ints:
    found = [np.flatnonzero(cells == mark) + low for low, cells in _blocks(piece)]
    return np.concatenate(found) if found else np.empty(0, np.int64)


def _end(held: bytes, marks: _Marks) -> int | None:
    """Where the last whole row ends; None where quotes do not match."""
    last = marks.newlines[-_TRIES:]
    outside = last[marks.quotes.searchsorted(last) % 2 == 0]
    if len(outside):
        return int(outside[-1]) + 1
    # Without any line end the row goes on in the next bytes, within reason.
    is_short = len(marks.newlines) < _TRIES and len(held) <= ROW_LIMIT
    return 0 if is_short else None


def _rows_fit(piece: bytes, marks: _Marks, delimiter: bytes) -> bool:
    """Whether rows begin where they seem to.

    Quotes stand around whole cells, and no line ends with a carriage return alone.
    """
    cells, quotes = np.frombuffer(piece, np.uint8), marks.quotes
    ends = marks.newlines[marks.newlines > 0] - 1
    returns = sum(np.count_nonzero(some == _RETURN) for _, some in _blocks(piece))
    if returns != np.count_nonzero(cells[ends] == _RETURN):
        return False
    if not len(quotes):
        return True
    if len(quotes) % 2:
        return False
    opens, closes = quotes[::2], quotes[1::2]
    ends = np.array([delimiter[0], _NEWLINE], np.uint8)
    escaped = np.zeros(len(opens) + 1, np.bool_)  # a doubled quote closes and opens
    escaped[1:-1] = opens[1:] == closes[:-1] + 1
    before = np.isin(cells[opens - 1], ends)
    before[0] |= opens[0] == 0
    after = np.isin(
        cells[np.minimum(closes + 1, len(cells) - 1)], [*ends.tolist(), _RETURN]
    )
    after[-1] |= closes[-1] == len(cells) - 1
    return bool(((before | escaped[:-1]) & (after | escaped[1:])).all())


def _clean_rows(
    piece: bytes, marks: _Marks, delimiter: bytes, width: int
) -> int | None:
    """How many rows a piece has, if it is clean."""
    if width > _WIDEST or (marks.quotes.searchsorted(marks.newlines) % 2).any():
        return None
    cells = np.frombuffer(piece, np.uint8)
    starts = np.append(0, marks.newlines + 1)
    starts = starts[starts < len(piece)]
    # In a row that is no longer, no cell is beyond the limit of the csv module either.
    longest = min(ROW_LIMIT, csv.field_size_limit())
    if np.diff(starts, append=len(piece)).max() > longest:
        return None
    if np.isin(cells[starts], [_NEWLINE, _RETURN]).any():  # a blank line
        return None
    is_delimiter = np.empty(len(piece), np.uint8)
    for low, some in _blocks(piece):
        np.equal(
            some, delimiter[0], out=is_delimiter[low : low + _BLOCK].view(np.bool_)
        )
    # Counts of a row wrap at 256, which the total of all rows would show.
    of_row = np.add.reduceat(is_delimiter, starts, dtype=np.uint8)
    total = np.count_nonzero(is_delimiter)
    if len(marks.quotes):
        quoted = np.add.reduceat(is_delimiter, marks.quotes, dtype=np.uint8)[::2]
        held = np.flatnonzero(quoted)
        row = starts.searchsorted(marks.quotes[::2][held], side="right") - 1
        np.subtract.at(of_row, row, quoted[held])
        total -= int(quoted.sum(dtype=np.int64))
    is_even = (of_row == width - 1).all()
    return len(starts) if is_even and total == len(starts) * (width - 1) else None


def _of(table: CsvTable, head: bytes, piece: bytes) -> CsvTable:
    source = Source(file=table.source.file, opener=lambda: io.BytesIO(head + piece))
    return attrs.evolve(table, source=source, encoding=_encoding(table))


def _from(table: CsvTable, head: bytes, offset: int) -> CsvTable:
    """The file from an offset on, after its headings."""
    return attrs.evolve(
        table,
        source=Source(
            file=table.source.file,
            opener=lambda: io.BufferedReader(_Rest(table.source, head, offset)),
        ),
        encoding=_encoding(table),
    )


def _encoding(table: CsvTable) -> Encoding:
    return attrs.evolve(table.encoding, name="utf-8-sig")


class _Rest(io.RawIOBase):
    """Some bytes, and then a source from an offset on."""

    def __init__(self, source: Source, head: bytes, offset: int) -> None:
        super().__init__()
        self._head = head
        self._stream: IO[bytes] = source.opener()
        while offset > 0:
            offset -= len(self._stream.read(min(offset, PIECE_BYTES)))

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any, /) -> int:
        view = memoryview(buffer).cast("B")
        content = self._head[: len(view)] or self._stream.read(len(view))
        self._head = self._head[len(content) :] if self._head else b""
        view[: len(content)] = content
        return len(content)

    def close(self) -> None:
        self._stream.close()
        super().close()
