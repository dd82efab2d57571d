"""Files that appear whole or not at all."""

from __future__ import annotations

import errno
import io
import os
import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Final, cast

from partnerhub.domain.errors import FileNotWritten

if TYPE_CHECKING:
    from typing_extensions import Buffer

_BUFFER_BYTES: Final = 1 << 20

_REMEDIES: Final = {
    errno.ENOSPC: "no space is left on the disk; free some and run again",
    errno.EDQUOT: "the disk quota is used up; free some space and run again",
    errno.EFBIG: "too large for this file system; split the report, or write elsewhere",
    errno.EACCES: "permission denied; choose a folder you may write to, "
    "and close the file where it is open",
    errno.EPERM: "permission denied; choose a folder you may write to",
    errno.EROFS: "the disk is read-only; choose another folder",
    errno.ENAMETOOLONG: "the name is too long; choose a shorter one",
    errno.ENOTDIR: "a part of the path is a file, not a folder; choose another folder",
    errno.EEXIST: "a part of the path is a file, not a folder; choose another folder",
    errno.EISDIR: "there is a folder of that name; choose another name",
}


@contextmanager
def whole_file(path: str | os.PathLike[str], /) -> Iterator[BinaryIO]:
    r"""A file to write that gets its name only once it is complete and on the disk.

    It is written beside, under a hidden name that ends in `.part`. When the block
    ends it takes the name, replacing an older file; when the block raises, nothing
    is left. A process that is killed can leave the hidden file, never half a report.
    Folders that are missing are made.

    Args:
        path: The name it gets.

    Yields:
        The file, open for writing bytes. Leave it open.

    Raises:
        FileNotWritten: No permission, no space, or no such place.

    Examples:
        >>> with whole_file("out/names.csv") as file:
        ...     _ = file.write(b"Name\r\n")
        >>> [file.name for file in Path("out").iterdir()]
        ['names.csv']
    """
    target = Path(path)
    part = target.with_name(f".{secrets.token_hex(8)}.part")
    folders = make_folders(target)
    with part_file(part, target) as file:
        yield file
    try:
        with explained(target):
            part.replace(target)
            sync_folders(folders)
    except BaseException:
        with suppress(OSError):
            part.unlink(missing_ok=True)
        raise


@contextmanager
def part_file(part: Path, target: Path, /) -> Iterator[BinaryIO]:
    """A file to write that is complete and on the disk when the block ends.

    When the block raises, nothing is left.

    Args:
        part: Its name, in a folder that is there.
        target: What it shall become, for messages.

    Raises:
        FileNotWritten: No permission, no space, or no such place.
    """
    with explained(target):
        # Not mkstemp, whose files only their owner may read.
        raw = _Part(part, target)
    try:
        # Closing `file` instead would flush once more after an error, and fail again.
        with raw:
            file = io.BufferedWriter(raw, _BUFFER_BYTES)
            yield cast("BinaryIO", file)
            file.flush()
            with explained(target):
                os.fsync(raw.fileno())
    except BaseException as error:
        with suppress(OSError):
            part.unlink(missing_ok=True)
        if raw.failed is not None and error is not raw.failed:
            raise raw.failed from error  # who wrote has made an error of its own of it
        raise


class _Part(io.FileIO):
    """The unfinished file. Its errors, and only its, are told as `FileNotWritten`."""

    def __init__(self, part: Path, target: Path) -> None:
        super().__init__(part, "xb")
        self._target = target
        self.failed: FileNotWritten | None = None

    def write(self, data: Buffer, /) -> int:
        try:
            with explained(self._target):
                return super().write(data) or 0
        except FileNotWritten as error:
            self.failed = error
            raise


@contextmanager
def explained(target: Path, /) -> Iterator[None]:
    """Tells what goes wrong with a file, and what to do about it.

    Raises:
        FileNotWritten: In place of any `OSError`.
    """
    try:
        yield
    except OSError as error:
        why = _REMEDIES.get(error.errno or 0) or error.strerror or str(error)
        raise FileNotWritten(str(target), why) from error


def make_folders(target: Path, /) -> list[Path]:
    """Makes the folder of a file that is to be.

    Returns:
        Every folder in which an entry is new then, inmost first; for `sync_folders`.

    Raises:
        FileNotWritten: No permission, no space, or a file is in the way.
    """
    folder = target.parent
    with explained(target):
        missing = [place for place in (folder, *folder.parents) if not place.exists()]
        folder.mkdir(parents=True, exist_ok=True)
    return [folder, *(place.parent for place in missing)]


def sync_folders(folders: Iterable[Path], /) -> None:
    """Makes the names in folders durable, where the system can."""
    if not hasattr(os, "O_DIRECTORY"):  # Windows: a rename needs and has no such call
        return
    for folder in folders:
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
