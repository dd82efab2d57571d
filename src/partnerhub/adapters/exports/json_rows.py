"""The objects of a JSON file as rows: one array of them, or one on each line."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Final, TextIO

import attrs

from partnerhub.adapters.exports.cell_texts import cell_text
from partnerhub.adapters.exports.csv_rows import ROW_LIMIT, BadRow, Row
from partnerhub.adapters.exports.encodings import Encoding, open_text
from partnerhub.adapters.exports.sources import Source, damaged_as_refusal
from partnerhub.domain.errors import FileRefused

_CHUNK: Final = 1 << 16
_BETWEEN: Final = " \t\r\n,[\ufeff"
_COLUMN_LIMIT: Final = 2_000


@attrs.frozen(kw_only=True)
class JsonTable:
    """A JSON file whose names have been read.

    Attributes:
        source: Where it is.
        encoding: How its bytes become text.
        headings: Every name that any of its objects has, in the order met.
        delimiter: What stands between the texts of a list.
        guarded: Its texts may be guarded against being run as formulas.
    """

    source: Source
    encoding: Encoding
    headings: tuple[str, ...]
    delimiter: str = ","
    guarded: bool = False

    def rows(self) -> Iterator[Row]:
        """Its objects, numbered from 1."""
        with (
            damaged_as_refusal(self.source.file),
            open_text(self.source, self.encoding) as text,
        ):
            for number, item in enumerate(_items(text, self.source.file), start=1):
                yield number, self._cells(item)

    def _cells(self, item: object) -> list[str] | BadRow:
        if not isinstance(item, dict):
            return BadRow(message="not a JSON object")
        if any(isinstance(value, dict) for value in item.values()):
            return BadRow(message="an object inside an object")
        return [cell_text(item.get(name)) for name in self.headings]


def is_json(source: Source, /) -> bool:
    """Whether a source holds JSON objects: by its name, or by its first character."""
    start = source.start(64).decode("utf-8-sig", errors="ignore").lstrip()
    return source.file.casefold().endswith((".json", ".jsonl")) or start.startswith(
        ("[", "{")
    )


def read_json(source: Source, encoding: Encoding, /) -> JsonTable:
    """A JSON file; all of it is looked through for the names it uses.

    Raises:
        FileRefused: It is no JSON, or holds no object.
    """
    names: dict[str, None] = {}
    with damaged_as_refusal(source.file), open_text(source, encoding) as text:
        for item in _items(text, source.file):
            if isinstance(item, dict):
                names.update(dict.fromkeys(item))
            if len(names) > _COLUMN_LIMIT:
                raise FileRefused(source.file, f"over {_COLUMN_LIMIT} different names")
    if not names:
        raise FileRefused(source.file, "it holds no JSON object with a name in it")
    return JsonTable(source=source, encoding=encoding, headings=tuple(names))


def _items(text: TextIO, file: str) -> Iterator[object]:
    """The values of an array, or those that follow one another, one at a time."""
    decoder = json.JSONDecoder()
    buffer = ""
    at_end = False
    while True:
        buffer = buffer.lstrip(_BETWEEN)
        # An array may close once; what would follow is read on as if it had not.
        if buffer.startswith("]"):
            buffer = buffer[1:]
            continue
        item, end = None, 0
        try:
            if buffer:
                item, end = decoder.raw_decode(buffer)
        except (ValueError, RecursionError) as error:
            if at_end or len(buffer) > ROW_LIMIT:
                raise FileRefused(file, f"not JSON: {error}") from error
        # A number at the end of what has been read may have more digits to come.
        if end and (at_end or end < len(buffer)):
            yield item
            buffer = buffer[end:]
        elif at_end:
            return
        else:
            more = text.read(max(_CHUNK, len(buffer)))
            at_end = not more
            buffer += more
