"""From a path to the exports in it."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from os import PathLike
from typing import Final

from partnerhub.adapters.exports.csv_rows import read_csv
from partnerhub.adapters.exports.days import file_day
from partnerhub.adapters.exports.encodings import sniff_encoding
from partnerhub.adapters.exports.export import Export
from partnerhub.adapters.exports.headings import match_headings
from partnerhub.adapters.exports.json_rows import is_json, read_json
from partnerhub.adapters.exports.options import ReadOptions
from partnerhub.adapters.exports.sources import Source, damaged_as_refusal, sources
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

    Yields:
        Each file that is recognized, with its headings read and no row yet.

    Raises:
        FileRefused: A file cannot be used (`TemplateUnknown`, `TemplateAmbiguous`,
            `ColumnMissing`, `DayRequired`, or it is empty or damaged).
        OSError: There is no such file, or it may not be read.
    """
    tell = refused or _raised
    try:
        for source in sources(path, limits=options.limits, refused=tell):
            try:
                export = _export(source, options)
            except FileRefused as refusal:
                tell(refusal)
            else:
                _LOG.info("%s: %s", export.file, export.layout.key)
                yield export
    except FileRefused as refusal:
        if refused is None:
            raise
        refused(refusal)


def _raised(refusal: FileRefused) -> None:
    raise refusal


def _export(source: Source, options: ReadOptions) -> Export:
    with damaged_as_refusal(source.file):
        encoding = sniff_encoding(source)
        json = is_json(source)
    table = read_json(source, encoding) if json else read_csv(source, encoding)
    match = match_headings(table.headings, file=source.file, mapped=options.headings)
    day, period = file_day(match.layout, source.file, options)
    return Export(table, match, day=day, period=period, dates=options.dates)
