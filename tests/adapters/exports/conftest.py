"""Files to read, and what is read from them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import attrs
import pytest

from partnerhub.adapters.exports import Export, Problem, ReadOptions, read_exports


@attrs.frozen(kw_only=True)
class Read:
    """All of one export."""

    export: Export
    line: list[int]
    cells: Mapping[str, list[Any]]
    problems: list[Problem]

    @property
    def notices(self) -> list[str]:
        return self.export.notices


def read_all(export: Export, *, rows: int = 50_000, fast: bool | None = None) -> Read:
    line: list[int] = []
    cells: dict[str, list[Any]] = {}
    problems: list[Problem] = []
    for batch in export.batches(rows=rows, fast=fast):
        assert 0 < len(batch) + len({p.line for p in batch.problems}) <= rows
        line.extend(batch.line.tolist())
        for key, values in batch.cells.items():
            assert not values.flags.writeable
            assert len(values) == len(batch)
            cells.setdefault(key, []).extend(
                values.astype(str).tolist()
                if values.dtype.kind == "M"
                else values.tolist()
            )
        problems.extend(batch.problems)
    return Read(export=export, line=line, cells=cells, problems=problems)


def read_both_ways(export: Export, *, rows: int = 50_000) -> Read:
    """What is read row by row; with Polars it is the same."""
    slow, notices, count = read_all(export, rows=rows), export.notices[:], export.rows
    fast = read_all(export, rows=rows, fast=True)
    # NaN is not itself.
    assert repr((fast.line, fast.cells)) == repr((slow.line, slow.cells))
    assert fast.problems == slow.problems
    assert (export.notices, export.rows) == (notices, count)
    return fast


@pytest.fixture
def read(tmp_path: Path) -> Callable[..., Read]:
    """Writes a file and reads its only export."""

    def write_and_read(
        content: str | bytes,
        *,
        name: str = "export_2026-11-22.csv",
        rows: int = 50_000,
        **options: Any,
    ) -> Read:
        path = tmp_path / name
        data = content.encode() if isinstance(content, str) else content
        path.write_bytes(data)
        (export,) = read_exports(path, ReadOptions(**options))
        return read_both_ways(export, rows=rows)

    return write_and_read
