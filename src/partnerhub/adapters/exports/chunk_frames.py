"""Chunks of a CSV file as frames of texts (extra `columnar`): the fast way to read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from types import ModuleType
from typing import Any, TypeVar

from partnerhub.adapters.exports.chunks import Chunk, chunks
from partnerhub.adapters.exports.csv_rows import CsvTable

FoundT = TypeVar("FoundT")


def polars() -> ModuleType | None:
    """Polars, if it is installed."""
    try:
        import polars as pl
    except ImportError:
        return None
    return pl


def framed_chunks(
    table: CsvTable, positions: Sequence[int], pl: ModuleType, /
) -> Iterator[tuple[Chunk, Any]]:
    """The rows of a file in chunks, each got ready while the last is worked on.

    Args:
        table: The file.
        positions: The columns that are read, ascending.
        pl: Polars.

    Yields:
        A chunk, and its rows as a frame with a column for every position, named by
        it; None for the frame where the chunk must be read row by row.
    """
    return _ahead(
        (chunk, _frame(chunk, table.delimiter, positions, pl))
        for chunk in chunks(table)
    )


def _frame(
    chunk: Chunk, delimiter: str, positions: Sequence[int], pl: ModuleType
) -> Any:
    """The rows of a chunk as Polars reads them; None where it should not."""
    if chunk.content is None:
        return None
    try:
        frame = pl.read_csv(
            chunk.content,
            has_header=False,
            separator=delimiter,
            columns=list(positions),
            infer_schema=False,
        )
    except pl.exceptions.PolarsError:
        return None
    if frame.shape != (chunk.rows, len(positions)):
        return None
    frame.columns = [str(position) for position in positions]
    return frame.fill_null("")


def _ahead(found: Iterator[FoundT]) -> Iterator[FoundT]:
    """The same, each got ready while the one before it is worked on."""
    with ThreadPoolExecutor(1) as pool:
        coming = pool.submit(next, found, None)
        while (ready := coming.result()) is not None:
            coming = pool.submit(next, found, None)
            yield ready
