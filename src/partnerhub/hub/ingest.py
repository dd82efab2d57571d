"""Taking files in, and saying what became of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final, Literal

import attrs

from partnerhub.adapters.exports import Problem, ReadOptions
from partnerhub.adapters.importing import FileOutcome, ImportOptions
from partnerhub.domain.ids import uuid_of
from partnerhub.domain.regions import parse_region
from partnerhub.hub.context import Context

ENDINGS: Final = (".csv", ".zip", ".json", ".jsonl", ".parquet", ".gz")
"""Files that are taken from a folder; a file named by itself may have any ending."""


@attrs.frozen
class IngestReport:
    """What became of the files taken in.

    Attributes:
        files: One outcome a file, those inside a ZIP too, in the order read.
    """

    files: tuple[FileOutcome, ...]

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Every problem of every file."""
        return tuple(problem for file in self.files for problem in file.problems)

    @property
    def clean(self) -> bool:
        """Whether every file was taken without a problem."""
        return not self.problems

    def __iter__(self) -> Iterator[FileOutcome]:
        return iter(self.files)

    def to_dict(self) -> dict[str, Any]:
        """The same, ready for JSON."""
        return {
            "files": [
                {
                    "file": file.file,
                    "template": file.template or None,
                    "rows": file.rows,
                    "taken": file.taken,
                    "unchanged": file.unchanged,
                    "problems": [
                        {
                            "line": problem.line,
                            "column": problem.column,
                            "value": problem.value,
                            "message": problem.message,
                        }
                        for problem in file.problems
                    ],
                    "notices": list(file.notices),
                }
                for file in self.files
            ]
        }


def import_options(
    context: Context,
    *,
    region: str | None,
    partial: bool,
    as_of: dt.date | str | None,
    start: dt.date | str | None,
    end: dt.date | str | None,
    customer: str | None,
    headings: Mapping[str, str] | None,
    dates: Literal["auto", "dmy", "mdy"],
) -> ImportOptions:
    """What the arguments of `Hub.ingest` mean for a partner's data."""
    return ImportOptions(
        region=parse_region(region or context.region),
        partial=partial,
        partner=context.partner,
        customer=None if customer is None else uuid_of(customer),
        reading=ReadOptions(
            as_of=as_of,
            start=start,
            end=end,
            headings=dict(headings or {}),
            dates=dates,
        ),
    )


def files_of(paths: Iterable[str | Path]) -> Iterator[Path]:
    """The files named, and those in the folders named, by name.

    Raises:
        FileNotFoundError: One of them does not exist.
    """
    for given in map(Path, paths):
        if given.is_dir():
            yield from sorted(
                file for file in given.iterdir() if file.suffix.lower() in ENDINGS
            )
        elif given.exists():
            yield given
        else:
            raise FileNotFoundError(f"no such file: {given}")
