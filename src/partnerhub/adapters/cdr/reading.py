"""From a path to the calling files in it."""

from __future__ import annotations

import codecs
import io
import json
import re
from collections.abc import Callable, Iterator
from os import PathLike
from typing import IO, Final

import attrs

from partnerhub.adapters.cdr.fields import match_records
from partnerhub.adapters.cdr.layouts import MEDIA_QUALITY, SERVICE_LAYOUTS, worded
from partnerhub.adapters.cdr.media import MediaFile
from partnerhub.adapters.cdr.quality_stats import QualityFile, is_quality_stats
from partnerhub.adapters.cdr.records import CallRecords
from partnerhub.adapters.cdr.services import ServiceFile
from partnerhub.adapters.exports.days import file_day
from partnerhub.adapters.exports.headings import Match, match_headings
from partnerhub.adapters.exports.options import MEBIBYTE, ReadOptions
from partnerhub.adapters.exports.sources import (
    Source,
    damaged_as_refusal,
    each_file,
)
from partnerhub.adapters.exports.tables import Table, read_table
from partnerhub.domain.errors import FileRefused
from partnerhub.domain.ids import uuid_of
from partnerhub.domain.quality import MEASURES

CallingFile = CallRecords | MediaFile | ServiceFile | QualityFile

CALLING_LAYOUTS: Final = (*SERVICE_LAYOUTS, MEDIA_QUALITY)
"""Layouts of calling files; call records are told by headings of their own."""

_ANSWER_LIMIT: Final = 256 * MEBIBYTE
_ANSWER: Final = re.compile(r'\s*\{\s*"items"\s*:\s*\[')
_BOM: Final = codecs.BOM_UTF8
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
    return each_file(
        path,
        lambda source: calling_file(source, options),
        limits=options.reading.limits,
        refused=refused,
    )


def calling_file(source: Source, options: CallingOptions = _DEFAULTS, /) -> CallingFile:
    """One calling file, as far as its headings.

    Raises:
        FileRefused: It cannot be used, or is no calling file.
    """
    quality = quality_file(source, options)
    if quality is not None:
        return quality
    table = read_table(unwrapped(source))
    records = match_records(table.headings, file=source.file)
    if records is not None:
        return CallRecords(table, records)
    match = match_headings(
        [worded(heading) for heading in table.headings],
        file=source.file,
        mapped=options.reading.headings,
        layouts=CALLING_LAYOUTS,
    )
    return matched_file(table, match, options)


def quality_file(source: Source, options: CallingOptions, /) -> QualityFile | None:
    """Call-quality statistics, if that is what a source holds.

    Raises:
        FileRefused: It is, and nobody says whose they are.
    """
    with damaged_as_refusal(source.file):
        if not is_quality_stats(source):
            return None
    return QualityFile(
        source=source,
        customer=_customer(source.file, "call-quality statistics", options),
    )


def matched_file(
    table: Table, match: Match, options: CallingOptions, /
) -> MediaFile | ServiceFile:
    """The file that a table with one of `CALLING_LAYOUTS` is.

    Raises:
        FileRefused: It does not say whose it is, or of which days.
    """
    file = table.source.file
    if match.layout is MEDIA_QUALITY:
        if not match.positions.keys() & set(MEASURES):
            raise FileRefused(file, "it names calls, and no measure of their quality")
        return MediaFile(file=file, notices=match.notices, table=table, match=match)
    customer = _customer(file, match.layout.name, options)
    _, period = file_day(match.layout, file, options.reading)
    assert period is not None  # noqa: S101 - the layouts are ranged
    return ServiceFile(
        file=file,
        customer=customer,
        period=period,
        notices=match.notices,
        table=table,
        match=match,
    )


def _customer(file: str, what: str, options: CallingOptions) -> str:
    if options.customer is None:
        raise FileRefused(
            file,
            f"{what} files do not say whose they are: name the customer "
            "(customer, --customer)",
        )
    return options.customer


def unwrapped(source: Source) -> Source:
    """The records inside an answer of the service, `{"items": [...]}`, as lines.

    Of one that is torn, or too large, what follows on its beginning. Any other source
    is given back as it is.
    """
    start = source.start(256).decode("utf-8-sig", "ignore")
    if not start.lstrip().startswith("{"):
        return source
    begun = _ANSWER.match(start)
    as_it_is = source if begun is None else _after(source, start[: begun.end()])
    with source.open() as stream:
        content = stream.read(_ANSWER_LIMIT + 1)
    if len(content) > _ANSWER_LIMIT:
        return as_it_is
    try:
        answer = json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return as_it_is
    if not isinstance(answer, dict) or not isinstance(answer.get("items"), list):
        return source
    items = answer["items"]
    lines = "\n".join(json.dumps(item) for item in items) or "[]"
    return Source(file=source.file, opener=lambda: io.BytesIO(lines.encode("utf-8")))


def _after(source: Source, beginning: str) -> Source:
    """A source without its beginning."""

    def opened() -> IO[bytes]:
        stream = source.opener()
        marked = stream.read(len(_BOM))
        stream.read(len(beginning.encode()) - (0 if marked == _BOM else len(marked)))
        return stream

    return Source(file=source.file, opener=opened)
