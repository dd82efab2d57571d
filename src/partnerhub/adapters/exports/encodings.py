"""In which encoding the text of a file is written."""

from __future__ import annotations

import codecs
import contextlib
import io
from collections.abc import Iterator
from typing import IO, Final, TextIO

import attrs

from partnerhub.adapters.exports.sources import Source
from partnerhub.domain.errors import FileRefused

_CHUNK: Final = 1 << 20
_UTF16_MARKS: Final = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


@attrs.frozen(kw_only=True)
class Encoding:
    """How bytes become text.

    Attributes:
        name: The codec.
        errors: What to do with bytes that are no text. `surrogateescape` lets them
            through into the one cell they stand in, which then is a problem.
        notice: What the user should know; blank when nothing.
    """

    name: str
    errors: str = "strict"
    notice: str = ""


def sniff_encoding(source: Source, /) -> Encoding:
    """The encoding of a source: by its byte order mark, else by what all of it fits.

    Raises:
        FileRefused: It says UTF-16 and is not.
    """
    start = source.start(3)
    if start.startswith(codecs.BOM_UTF8):
        return Encoding(name="utf-8-sig", errors="surrogateescape")
    if start.startswith(_UTF16_MARKS):
        if not _fits(source, "utf-16"):
            raise FileRefused(source.file, "its mark says UTF-16, its bytes do not")
        return Encoding(name="utf-16")
    if _fits(source, "utf-8"):
        return Encoding(name="utf-8")
    if _fits(source, "cp1252"):
        return Encoding(
            name="cp1252",
            notice="not UTF-8; read as Windows-1252, so check names with accents",
        )
    return Encoding(
        name="utf-8",
        errors="surrogateescape",
        notice="not all of it is UTF-8; rows with other bytes are problems",
    )


@contextlib.contextmanager
def open_text(source: Source, encoding: Encoding) -> Iterator[TextIO]:
    """The text of a source; line ends as they are."""
    with source.open() as stream:
        text = io.TextIOWrapper(
            stream, encoding=encoding.name, errors=encoding.errors, newline=""
        )
        try:
            yield text
        finally:
            _detach(text)


def _detach(text: io.TextIOWrapper) -> None:
    # The stream is the source's to close.
    with contextlib.suppress(ValueError):
        text.detach()


def _fits(source: Source, codec: str) -> bool:
    decoder = codecs.getincrementaldecoder(codec)()
    with source.open() as stream:
        try:
            for chunk in _chunks(stream):
                decoder.decode(chunk)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return False
    return True


def _chunks(stream: IO[bytes]) -> Iterator[bytes]:
    while chunk := stream.read(_CHUNK):
        yield chunk
