"""From a path to the calling files in it."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator
from os import PathLike
from typing import Final

import attrs

from partnerhub.adapters.cdr.fields import match_records
from partnerhub.adapters.cdr.layouts import MEDIA_QUALITY, SERVICE_LAYOUTS, worded
from partnerhub.adapters.cdr.media import MediaFile
from partnerhub.adapters.cdr.records import CallRecords
from partnerhub.adapters.cdr.services import ServiceFile
from partnerhub.adapters.exports.csv_rows import CsvTable, read_csv
from partnerhub.adapters.exports.days import file_day
from partnerhub.adapters.exports.encodings import sniff_encoding
from partnerhub.adapters.exports.headings import Match, match_headings
from partnerhub.adapters.exports.json_rows import JsonTable, is_json, read_json
from partnerhub.adapters.exports.options import MEBIBYTE, ReadOptions
from partnerhub.adapters.exports.sources import Source, damaged_as_refusal, sources
from partnerhub.domain.errors import FileRefused
from partnerhub.domain.ids import uuid_of

CallingFile = CallRecords | MediaFile | ServiceFile

_ANSWER_LIMIT: Final = 256 * MEBIBYTE
_READING: Final = ReadOptions()


def _uuid(value: str | None) -> str | None:
    return None if value is None else uuid_of(value)


@attrs.frozen(kw_only=True)
class CallingOptions:
    """How to read what a calling file does not say itself.

    Attributes:
        customer: Id of the customer that service statistics are of.
        reading: Days of the file, headings of other names, limits of ZIPs.
    """

    customer: str | None = attrs.field(default=None, converter=_uuid)
    reading: ReadOptions = _READING


_DEFAULTS: Final = CallingOptions()


def read_calling(
    path: str | PathLike[str],
    /,
    options: CallingOptions = _DEFAULTS,
    *,
    refused: Callable[[FileRefused], None] | None = None,
) -> Iterator[CallingFile]:
    """The calling files in a file: CSV, JSON, JSON lines, or a ZIP of such.

    Read a file to its end before taking the next, as a ZIP is open meanwhile.

    Args:
        path: The file. What it holds shows in its headings.
        options: What it does not say itself.
        refused: Told of every file that cannot be used; without it the first such
            file is raised.

    Raises:
        FileRefused: A file cannot be used.
        OSError: There is no such file, or it may not be read.
    """
    tell = refused or _raised
    try:
        for source in sources(path, limits=options.reading.limits, refused=tell):
            try:
                found = calling_file(source, options)
            except FileRefused as refusal:
                tell(refusal)
            else:
                yield found
    except FileRefused as refusal:
        if refused is None:
            raise
        refused(refusal)


def calling_file(source: Source, options: CallingOptions = _DEFAULTS, /) -> CallingFile:
    """One calling file, as far as its headings.

    Raises:
        FileRefused: It cannot be used, or is no calling file.
    """
    with damaged_as_refusal(source.file):
        source = _unwrapped(source)
        encoding = sniff_encoding(source)
        is_objects = is_json(source)
    table: CsvTable | JsonTable = (
        read_json(source, encoding) if is_objects else read_csv(source, encoding)
    )
    records = match_records(table.headings, file=source.file)
    if records is not None:
        return CallRecords(table, records)
    match = match_headings(
        [worded(heading) for heading in table.headings],
        file=source.file,
        mapped=options.reading.headings,
        layouts=(*SERVICE_LAYOUTS, MEDIA_QUALITY),
    )
    if match.layout is MEDIA_QUALITY:
        return MediaFile(
            file=source.file, notices=match.notices, table=table, match=match
        )
    return _services(table, match, options)


def _services(
    table: CsvTable | JsonTable, match: Match, options: CallingOptions
) -> ServiceFile:
    file = table.source.file
    if options.customer is None:
        raise FileRefused(
            file,
            f"{match.layout.name} files do not say whose they are: name the customer "
            "(customer, --customer)",
        )
    _, period = file_day(match.layout, file, options.reading)
    assert period is not None  # noqa: S101 - the layouts are ranged
    return ServiceFile(
        file=file,
        customer=options.customer,
        period=period,
        notices=match.notices,
        table=table,
        match=match,
    )


def _unwrapped(source: Source) -> Source:
    """The records inside an answer of the service, `{"items": [...]}`, as lines."""
    if not source.start(256).decode("utf-8-sig", "ignore").lstrip().startswith("{"):
        return source
    with source.open() as stream:
        content = stream.read(_ANSWER_LIMIT + 1)
    if len(content) > _ANSWER_LIMIT:
        return source
    try:
        answer = json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return source
    if not isinstance(answer, dict) or not isinstance(answer.get("items"), list):
        return source
    items = answer["items"]
    lines = "\n".join(json.dumps(item) for item in items) or "[]"
    return Source(file=source.file, opener=lambda: io.BytesIO(lines.encode("utf-8")))


def _raised(refusal: FileRefused) -> None:
    raise refusal
