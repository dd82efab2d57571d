"""The files inside a path: itself, unpacked if gzip, or the members of a ZIP.

A download of Webex is a ZIP without a `.zip` name, so what a file is shows in its
first bytes. The names inside a ZIP are only ever shown, never opened or written.
"""

from __future__ import annotations

import contextlib
import gzip
import io
import zipfile
import zlib
from collections.abc import Callable, Iterator
from os import PathLike
from pathlib import Path, PurePosixPath
from typing import IO, TYPE_CHECKING, Final, TypeVar

import attrs

from partnerhub.adapters.exports.options import ArchiveLimits
from partnerhub.adapters.exports.problems import shown, shown_name
from partnerhub.domain.errors import FileRefused

if TYPE_CHECKING:
    from typing_extensions import Buffer

FoundT = TypeVar("FoundT")

_ZIP_STARTS: Final = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_GZIP_START: Final = b"\x1f\x8b"
_ENCRYPTED: Final = 0x1
_BROKEN: Final = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    NotImplementedError,  # a compression method this Python does not have
    RuntimeError,  # a password
    ValueError,  # headers that contradict each other
    OSError,  # lzma and bz2 say so when their data are damaged
)


@attrs.frozen(kw_only=True)
class Source:
    """Bytes that can be read more than once.

    Attributes:
        file: The name in messages: `devices.csv`, `download.zip/devices.csv`.
        opener: Opens them anew.
    """

    file: str
    opener: Callable[[], IO[bytes]]

    @contextlib.contextmanager
    def open(self) -> Iterator[IO[bytes]]:
        """The bytes, from their beginning."""
        with self.opener() as stream:
            yield stream

    def start(self, size: int) -> bytes:
        """The first bytes."""
        with self.open() as stream:
            return stream.read(size)


def sources(
    path: str | PathLike[str],
    /,
    *,
    limits: ArchiveLimits,
    refused: Callable[[FileRefused], None],
) -> Iterator[Source]:
    """The file at `path`, unpacked if gzip, or the files in it when it is a ZIP.

    Args:
        path: A file.
        limits: How much a ZIP, or a gzip file, may hold.
        refused: Told of every member that cannot be read.

    Raises:
        FileRefused: It is a ZIP that cannot be read, or is beyond its limits.
        OSError: There is no such file, or it may not be read.
    """
    path = Path(path)
    name = shown_name(path.name)
    plain = Source(file=name, opener=lambda: path.open("rb"))
    start = plain.start(4)
    if start.startswith(_GZIP_START):
        yield Source(file=name, opener=lambda: _unpacked(path, name, limits))
        return
    if not start.startswith(_ZIP_STARTS):
        yield plain
        return
    try:
        archive = zipfile.ZipFile(path)
    except _BROKEN as error:
        raise FileRefused(name, f"a damaged ZIP ({shown(str(error))})") from error
    with archive:
        for member in _members(archive, name, limits):
            source = _member_source(archive, member, name)
            try:
                _check_member(source, member, limits)
            except FileRefused as refusal:
                refused(refusal)
            else:
                yield source


def each_file(
    path: str | PathLike[str],
    make: Callable[[Source], FoundT],
    /,
    *,
    limits: ArchiveLimits,
    refused: Callable[[FileRefused], None] | None,
) -> Iterator[FoundT]:
    """What `make` makes of the file at `path`, or of each file in it.

    Args:
        path: A file.
        make: Reads as much of a source as tells what it is.
        limits: How much a ZIP may hold.
        refused: Told of every file that cannot be used, so that the others of the
            same ZIP are still read. Without it the first such file is raised.

    Raises:
        FileRefused: A file cannot be used.
        OSError: There is no such file, or it may not be read.
    """
    tell = refused or _raised
    try:
        for source in sources(path, limits=limits, refused=tell):
            try:
                found = make(source)
            except FileRefused as refusal:
                tell(refusal)
            else:
                yield found
    except FileRefused as refusal:
        if refused is None:
            raise
        refused(refusal)


def _raised(refusal: FileRefused) -> None:
    raise refusal


def _unpacked(path: Path, name: str, limits: ArchiveLimits) -> IO[bytes]:
    return io.BufferedReader(_Gzip(path, name, limits))


class _Gzip(io.RawIOBase):
    """The bytes of a gzip file, within the limits of a ZIP."""

    def __init__(self, path: Path, name: str, limits: ArchiveLimits) -> None:
        self._packed = gzip.GzipFile(path)
        self._name = name
        by_ratio = limits.ratio * path.stat().st_size
        self._most = min(limits.bytes, max(limits.ratio_from, by_ratio))
        self._read = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Buffer, /) -> int:
        size = self._packed.readinto(buffer)
        self._read += size
        if self._read > self._most:
            why = f"over {self._most} bytes uncompressed, for its size"
            raise FileRefused(self._name, why)
        return size

    def close(self) -> None:
        self._packed.close()
        super().close()


def _members(
    archive: zipfile.ZipFile, name: str, limits: ArchiveLimits
) -> list[zipfile.ZipInfo]:
    infos = archive.infolist()
    if len(infos) > limits.files:
        raise FileRefused(name, f"{len(infos)} files in it, over {limits.files}")
    if any(info.filename == "[Content_Types].xml" for info in infos):
        raise FileRefused(name, "an office document: save its sheet as CSV")
    # zipfile never reads more of a member than the size it declares, so the sizes
    # that are declared bound what is read, true or not.
    total = sum(info.file_size for info in infos)
    if total > limits.bytes:
        raise FileRefused(name, f"{total} bytes uncompressed, over {limits.bytes}")
    return [
        info
        for info in infos
        # What the Finder adds to every ZIP it makes is not the user's.
        if not info.is_dir() and not info.filename.startswith("__MACOSX/")
    ]


def _member_source(
    archive: zipfile.ZipFile, member: zipfile.ZipInfo, name: str
) -> Source:
    inner = PurePosixPath(member.filename.replace("\\", "/")).name or "member"
    return Source(
        file=f"{name}/{shown_name(inner)}", opener=lambda: archive.open(member, "r")
    )


def _check_member(
    source: Source, member: zipfile.ZipInfo, limits: ArchiveLimits
) -> None:
    ratio = member.file_size / max(member.compress_size, 1)
    if member.file_size > limits.ratio_from and ratio > limits.ratio:
        raise FileRefused(
            source.file,
            f"{ratio:.0f} times as large as compressed, over {limits.ratio}",
        )
    if member.flag_bits & _ENCRYPTED:
        raise FileRefused(source.file, "it is encrypted")
    with damaged_as_refusal(source.file):
        start = source.start(4)
    if start.startswith(_ZIP_STARTS):
        raise FileRefused(source.file, "a ZIP inside a ZIP is not opened")


@contextlib.contextmanager
def damaged_as_refusal(file: str) -> Iterator[None]:
    """Turns what a damaged ZIP raises while it is read into `FileRefused`."""
    try:
        yield
    except FileRefused:
        raise
    except _BROKEN as error:
        raise FileRefused(file, f"it is damaged ({shown(str(error))})") from error
