"""Every kind of file that a store takes in, told from its headings."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from partnerhub.adapters.cdr import CallRecords, MediaFile, ServiceFile
from partnerhub.adapters.cdr.fields import match_records
from partnerhub.adapters.cdr.layouts import worded
from partnerhub.adapters.cdr.quality_stats import QualityFile
from partnerhub.adapters.cdr.reading import (
    CALLING_LAYOUTS,
    CallingOptions,
    matched_file,
    quality_file,
    unwrapped,
)
from partnerhub.adapters.exports import Export
from partnerhub.adapters.exports.headings import match_headings
from partnerhub.adapters.exports.reading import export_of
from partnerhub.adapters.exports.sources import (
    Source,
    damaged_as_refusal,
    each_file,
)
from partnerhub.adapters.exports.tables import Table, read_table
from partnerhub.domain.errors import FileRefused
from partnerhub.domain.layouts import LAYOUTS

AnyFile = Export | CallRecords | MediaFile | ServiceFile | QualityFile


def read_files(
    path: Path, options: CallingOptions, /, *, refused: Callable[[FileRefused], None]
) -> Iterator[AnyFile]:
    """The files in a file: a CSV, JSON or Parquet file, or a ZIP of such.

    Read one to its end before taking the next, as a ZIP is open meanwhile.

    Args:
        path: The file. What it holds shows in its content, not in its name.
        options: What it does not say itself.
        refused: Told of every file that cannot be used.
    """
    return each_file(
        path,
        lambda source: any_file(source, options),
        limits=options.reading.limits,
        refused=refused,
    )


def any_file(source: Source, options: CallingOptions, /) -> AnyFile:
    """One file, as far as its headings.

    Raises:
        FileRefused: It cannot be used.
    """
    quality = quality_file(source, options)
    if quality is not None:
        return quality
    with damaged_as_refusal(source.file):
        source = unwrapped(source)
    return file_of(read_table(source), options)


def file_of(table: Table, options: CallingOptions, /) -> AnyFile:
    """What a table is, told from its headings.

    Raises:
        FileRefused: It cannot be used.
    """
    file = table.source.file
    records = match_records(table.headings, file=file)
    if records is not None:
        return CallRecords(table, records)
    match = match_headings(
        [worded(heading) for heading in table.headings],
        file=file,
        mapped=options.reading.headings,
        layouts=(*LAYOUTS, *CALLING_LAYOUTS),
    )
    if match.layout in CALLING_LAYOUTS:
        return matched_file(table, match, options)
    return export_of(table, options.reading)


def template_of(file: AnyFile, /) -> str:
    """The key of what a file is."""
    match file:
        case CallRecords():
            return "call-records"
        case QualityFile():
            return "call-quality-statistics"
        case _:
            return file.layout.key
