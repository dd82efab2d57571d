"""Files that appear once, whatever number of processes make them, and die at it.

Each process writes a hidden file of its own, named by the run and its fencing number.
Complete and on the disk, it is *linked* to the file's name, which works for the first
of them alone: what has appeared is never replaced.
"""

from __future__ import annotations

import errno
import hashlib
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO, Final

from partnerhub.domain.errors import FileNotWritten
from partnerhub.reports.files import explained, make_folders, part_file, sync_folders

_NO_LINKS: Final = frozenset(
    {errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK}
)
"""Errors of file systems that give a file one name only."""


@contextmanager
def unpublished(target: Path, /, *, key: str, fence: int) -> Iterator[BinaryIO]:
    """A file to write, complete and on the disk when the block ends, and still hidden.

    What claims before this one left half-written is swept away.

    Args:
        target: The name it is to get; folders that are missing are made.
        key: The run's key.
        fence: The run's fencing number.

    Raises:
        FileNotWritten: No permission, no space, or no such place.
    """
    folders = make_folders(target)
    sweep(target, key=key, fence=fence)
    with part_file(_part(target, key, fence), target) as file:
        yield file
    with explained(target):
        sync_folders(folders)


def publish(target: Path, /, *, key: str, fence: int) -> bool:
    """Gives a complete file its name, unless there is one of that name.

    A file system without links, on which two processes at the very same moment could
    replace each other's file, is the one exception; their contents are the same
    unless something was imported between them.

    Returns:
        Whether it appeared. If not, there is a file of that name, or a newer claim
        has swept this one away.

    Raises:
        FileNotWritten: No permission, or no such place.
    """
    part = _part(target, key, fence)
    with explained(target):
        try:
            os.link(part, target)
        except (FileExistsError, FileNotFoundError):
            return False
        except OSError as error:
            if error.errno not in _NO_LINKS:
                raise
            if target.exists() or not part.exists():
                return False
            part.replace(target)
        finally:
            with suppress(OSError):
                part.unlink(missing_ok=True)
        sync_folders([target.parent])
    return True


def sweep(target: Path, /, *, key: str, fence: int) -> int:
    """Removes the hidden files that claims up to a fencing number have left.

    Returns:
        How many there were.
    """
    swept = 0
    for part in target.parent.glob(f".{key}.*.part"):
        number = part.name.split(".")[-2]
        if number.isdecimal() and int(number) <= fence:
            with suppress(OSError):
                part.unlink()
                swept += 1
    return swept


def file_at(target: Path, /) -> tuple[int, str] | None:
    """The size and checksum of the file that has appeared; None where none has.

    Raises:
        FileNotWritten: A link, a folder or a device has the file's name: it is none
            of ours, and is not followed.
    """
    try:
        if not stat.S_ISREG(target.lstat().st_mode):
            why = "there is something else of that name, and no file; remove it"
            raise FileNotWritten(str(target), why)
        return fingerprint(target)
    except (FileNotFoundError, NotADirectoryError):
        return None


def fingerprint(target: Path, /, *, key: str = "", fence: int = 0) -> tuple[int, str]:
    """The size of a file, and its SHA-256 in hexadecimal.

    Args:
        target: The file; or with the next two what is to become of it.
        key: The run's key.
        fence: The run's fencing number.

    Raises:
        FileNotFoundError: There is none.
    """
    place = _part(target, key, fence) if key else target
    with place.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256")
        return os.fstat(file.fileno()).st_size, digest.hexdigest()


def _part(target: Path, key: str, fence: int) -> Path:
    return target.with_name(f".{key}.{fence}.part")
