"""A CSV file in pieces of bytes that a fast reader may split as the slow one would.

The slow reader, `partnerhub.adapters.exports.csv_rows`, says what a file means. A
piece is *clean* where any reader of RFC 4180 agrees with it: every row has all its
cells, quotes stand only around whole cells, and no line is blank.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import IO, Any, Final

import attrs
import numpy as np
import numpy.typing as npt

from partnerhub.adapters.exports.csv_rows import ROW_LIMIT, CsvTable
from partnerhub.adapters.exports.encodings import Encoding
from partnerhub.adapters.exports.sources import Source

PIECE_BYTES: Final = 32 << 20
_BOM: Final = b"\xef\xbb\xbf"

_WIDEST: Final = 256
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
            end = _end(held) if more else len(held)
            if end is None or not _rows_fit(held[:end], delimiter):
                yield Chunk(table=_from(table, head, offset), line=line, content=None)
                return
            piece = held if end == len(held) else held[:end]
            rest = held[end:] + more[cut:] if cut else held[end:]
            rows: int | None = 0
            if piece:
                rows = _clean_rows(piece, delimiter, width)
                yield Chunk(
                    table=_of(table, head, piece),
                    line=line,
                    content=None if rows is None else piece,
                    rows=rows or 0,
                )
            offset += len(piece)
            line += piece.count(b"\n") if rows is None else rows
            if not more:
                return


def _is_plain_head(head: bytes, table: CsvTable) -> bool:
    if table.encoding.name not in ("utf-8", "utf-8-sig") or b'"' in head:
        return False
    cells = head.removeprefix(_BOM).rstrip(b"\r\n").split(table.delimiter.encode())
    wanted = [heading.encode("utf-8", "surrogateescape") for heading in table.headings]
    return head.endswith(b"\n") and b"\r" not in head[:-2] and cells == wanted


def _end(held: bytes) -> int | None:
    """Where the last whole row ends; None where quotes do not match."""
    end = held.rfind(b"\n") + 1
    if b'"' not in held:
        # Without any line end the row goes on in the next bytes, within reason.
        return end if end or len(held) <= ROW_LIMIT else None
    for _ in range(16):
        if not end:
            return 0 if len(held) <= ROW_LIMIT else None
        quotes = np.frombuffer(held, np.uint8, end) == _QUOTE
        if np.count_nonzero(quotes) % 2 == 0:
            return end
        end = held.rfind(b"\n", 0, end - 1) + 1
    return None


def _clean_rows(piece: bytes, delimiter: bytes, width: int) -> int | None:
    """How many rows a piece has, if it is clean."""
    if width > _WIDEST or piece.startswith((b"\n", b"\r\n")):
        return None
    if b"\n\n" in piece or b"\n\r\n" in piece:
        return None
    cells = np.frombuffer(piece, np.uint8)
    starts = np.flatnonzero(cells == _NEWLINE) + 1
    starts = np.append(0, starts[starts < len(piece)])
    if np.diff(starts, append=len(piece)).max() > ROW_LIMIT:
        return None
    is_delimiter = (cells == delimiter[0]).view(np.uint8)
    if b'"' in piece and not _unquote(piece, cells, delimiter, is_delimiter):
        return None
    # Counts of a row wrap at 256, which the total of all rows would show.
    of_row = np.add.reduceat(is_delimiter, starts, dtype=np.uint8)
    is_even = (of_row == width - 1).all()
    total = np.count_nonzero(is_delimiter)
    return len(starts) if is_even and total == len(starts) * (width - 1) else None


def _rows_fit(piece: bytes, delimiter: bytes) -> bool:
    """Whether rows begin where they seem to.

    Quotes stand around whole cells, and no line ends with a carriage return alone.
    """
    cells = np.frombuffer(piece, np.uint8)
    returns = np.flatnonzero(cells == _RETURN)
    if len(returns) and (
        returns[-1] == len(cells) - 1 or (cells[returns + 1] != _NEWLINE).any()
    ):
        return False
    if b'"' not in piece:
        return True
    quotes = np.flatnonzero(cells == _QUOTE)
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


def _unquote(piece: bytes, cells: Bytes, delimiter: bytes, is_delimiter: Bytes) -> bool:
    """Forgets the delimiters inside quotes; whether none of these holds a line end."""
    quotes = np.flatnonzero(cells == _QUOTE)
    for low, high in zip(quotes[::2].tolist(), quotes[1::2].tolist(), strict=True):
        if piece.find(b"\n", low, high) >= 0:
            return False
        if piece.find(delimiter, low, high) >= 0:
            is_delimiter[low:high] = 0
    return True


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
