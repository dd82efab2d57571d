"""The objects of a JSON file as rows: one array of them, or one on each line.

A value that is torn, as a lost connection leaves it, is a bad row as in a CSV file.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Final, TextIO

import attrs

from partnerhub.adapters.exports.cell_texts import cell_text
from partnerhub.adapters.exports.csv_rows import ROW_LIMIT, BadRow, Row
from partnerhub.adapters.exports.encodings import Encoding, open_text
from partnerhub.adapters.exports.sources import Source, damaged_as_refusal
from partnerhub.domain.errors import FileRefused

_CHUNK: Final = 1 << 16
_BETWEEN: Final = re.compile("[ \\t\\r\\n,\\[\\]}\ufeff]*")
_OBJECT: Final = re.compile(r"[\n,]\s*(?=\{)")
_LONGEST_MARK: Final = len(r"\uXXXX\uXXXX") + 1
"""How far before its end a value that is cut off may fail."""

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
            for number, item in enumerate(_items(text), start=1):
                yield number, self._cells(item)

    def _cells(self, item: object) -> list[str] | BadRow:
        if isinstance(item, BadRow):
            return item
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
        for item in _items(text):
            if isinstance(item, dict):
                names.update(dict.fromkeys(item))
            if len(names) > _COLUMN_LIMIT:
                raise FileRefused(source.file, f"over {_COLUMN_LIMIT} different names")
    if not names:
        raise FileRefused(source.file, "it holds no JSON object with a name in it")
    return JsonTable(source=source, encoding=encoding, headings=tuple(names))


def _items(text: TextIO) -> Iterator[object]:
    """The values of an array, or those that follow one another, one at a time.

    One that is no JSON is a `BadRow`, and reading goes on with the object after it.
    """
    window = _Window(text)
    while window.to_value():
        item, end = window.value()
        yield item
        if isinstance(item, BadRow):
            window.to_object()
        else:
            window.at = end


class _Window:
    """As much of a text as is needed at a time."""

    def __init__(self, text: TextIO) -> None:
        self.at = 0
        self._text = text
        self._held = ""
        self._is_end = False
        self._decoder = json.JSONDecoder()

    def to_value(self) -> bool:
        """Goes to the next value; whether there is one."""
        while True:
            between = _BETWEEN.match(self._held, self.at)
            self.at = self.at if between is None else between.end()
            if self.at < len(self._held):
                return True
            if self._is_end:
                return False
            self._read()

    def value(self) -> tuple[object, int]:
        """The value here, and where it ends; a `BadRow` where it is no JSON."""
        while True:
            try:
                item, end = self._decoder.raw_decode(self._held, self.at)
            except json.JSONDecodeError as error:
                if self._is_end or not self._may_go_on(error):
                    return BadRow(message=f"torn JSON: {error.msg}"), self.at
            except RecursionError:
                return BadRow(message="torn JSON: nested too deeply"), self.at
            else:
                # A number at the end of what is held may have more digits to come.
                if self._is_end or end < len(self._held):
                    return item, end
            self._read()

    def to_object(self) -> None:
        """Goes on to the next object after a value that is torn.

        To one that begins on a line of its own, or follows on a comma and can be read:
        commas and braces may stand in the texts of the torn one too.
        """
        self.at += 1
        while True:
            found = _OBJECT.search(self._held, self.at)
            if found is not None:
                self.at = found.end()
                if "\n" in found.group() or isinstance(self.value()[0], dict):
                    return
            elif self._is_end:
                self.at = len(self._held)
                return
            else:
                mark = len(self._held.rstrip()) - 1
                is_comma = mark >= self.at and self._held[mark] == ","
                self.at = max(self.at, mark + (not is_comma))
                self._read()

    def _may_go_on(self, error: json.JSONDecodeError) -> bool:
        """Whether a value that cannot be read may be one that is not all there yet."""
        if len(self._held) - self.at > ROW_LIMIT:
            return False
        is_open = error.msg.startswith("Unterminated string")
        return is_open or error.pos > len(self._held) - _LONGEST_MARK

    def _read(self) -> None:
        """Reads on, as much again as is still needed of what is held."""
        left = self._held[self.at :]
        more = self._text.read(max(_CHUNK, len(left)))
        self._held, self.at, self._is_end = left + more, 0, not more
