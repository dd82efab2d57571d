"""From a path to the exports in it."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from os import PathLike
from typing import Final

from partnerhub.adapters.exports.days import file_day
from partnerhub.adapters.exports.export import Export
from partnerhub.adapters.exports.headings import match_headings
from partnerhub.adapters.exports.options import ReadOptions
from partnerhub.adapters.exports.sources import each_file
from partnerhub.adapters.exports.tables import Table, read_table
from partnerhub.domain.errors import FileRefused

_LOG: Final = logging.getLogger("partnerhub.adapters.exports")
_DEFAULTS: Final = ReadOptions()


def read_exports(
    path: str | PathLike[str],
    /,
    options: ReadOptions = _DEFAULTS,
    *,
    refused: Callable[[FileRefused], None] | None = None,
) -> Iterator[Export]:
    """The exports in a file: a CSV, a JSON of facts, or a ZIP of such.

    Read an export to its end before taking the next: a ZIP is open only while its
    exports are gone through.

    Args:
        path: The file. What it holds shows in its content, not in its name.
        options: What it does not say itself.
        refused: Told of every file that cannot be used, so that the others of the
            same ZIP are still read. Without it the first such file is raised.

    Returns:
        Each file that is recognized, with its headings read and no row yet.

    Raises:
        FileRefused: A file cannot be used (`TemplateUnknown`, `TemplateAmbiguous`,
            `ColumnMissing`, `DayRequired`, or it is empty or damaged).
        OSError: There is no such file, or it may not be read.
    """
    return each_file(
        path,
        lambda source: export_of(read_table(source), options),
        limits=options.limits,
        refused=refused,
    )


def export_of(table: Table, options: ReadOptions = _DEFAULTS, /) -> Export:
    """The export that a table is.

    Raises:
        FileRefused: It cannot be used.
    """
    file = table.source.file
    match = match_headings(table.headings, file=file, mapped=options.headings)
    day, period = file_day(match.layout, file, options)
    _LOG.info("%s: %s", file, match.layout.key)
    return Export(table, match, day=day, period=period, dates=options.dates)
