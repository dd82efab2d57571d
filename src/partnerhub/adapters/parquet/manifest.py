"""The list of what belongs to a data set, replaced whole and never in part.

Each change writes a list with the next number under a name that must not exist yet,
so of two writers one learns that the other was first. A list is complete or absent.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import uuid
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

import attrs

from partnerhub.domain.errors import ConflictError, StoreCorrupt, StoreUnreachable

_NAME: Final = re.compile(r"parts-([0-9]{12})\.json")
_KEPT: Final = 3


@attrs.frozen(kw_only=True)
class Part:
    """One file of legs, sorted by customer.

    Attributes:
        path: Below the data set's folder.
        region: Region of its customers; blank where not told.
        week: The Sunday that its legs' week begins with, as ISO text.
        rows: How many legs it has.
        first: The first customer's uuid in it.
        last: The last one's.
    """

    path: str
    region: str
    week: str
    rows: int
    first: str
    last: str


@attrs.frozen(kw_only=True)
class Manifest:
    """The parts of a data set at one moment.

    Attributes:
        number: How many changes there were before.
        parts: The parts, in the order in which they are read.
    """

    number: int = 0
    parts: tuple[Part, ...] = ()


def read_manifest(folder: Path, /) -> Manifest:
    """The newest list; an empty one where there is none.

    Raises:
        StoreCorrupt: It is no list of ours.
        StoreUnreachable: The folder cannot be read.
    """
    try:
        found = _numbers(folder)
        if not found:
            return Manifest()
        number = max(found)
        parts = _parts(folder, number)
    except (ValueError, TypeError, KeyError) as error:
        raise StoreCorrupt(str(folder), "its list of parts cannot be read") from error
    except OSError as error:
        raise StoreUnreachable(str(folder), error.strerror or str(error)) from error
    return Manifest(number=number, parts=parts)


def loose_files(folder: Path, /) -> frozenset[Path]:
    """The files of legs, and the drafts, that the newest list does not name.

    They were left by a writer that died, are being written, or belong to a list that
    somebody may still be reading.
    """
    named = {folder / part.path for part in read_manifest(folder).parts}
    patterns = ("legs/*/*/*.parquet", "legs/*/*/.*.tmp", ".*.tmp")
    found = (path for pattern in patterns for path in folder.glob(pattern))
    return frozenset(found) - named


def sweep(folder: Path, loose: Iterable[Path], /) -> None:
    """Removes the files among `loose` that no list that is kept names.

    Args:
        folder: Of the data set.
        loose: `loose_files` from before the list was replaced that is the newest now.
            So whoever was writing one of them learns that another was first.
    """
    named: set[Path] = set()
    for number in _numbers(folder):
        with contextlib.suppress(FileNotFoundError):  # another removed it just now
            named.update(folder / part.path for part in _parts(folder, number))
    for path in loose:
        if path not in named:
            with contextlib.suppress(OSError):
                path.unlink()


def write_manifest(folder: Path, before: Manifest, parts: tuple[Part, ...], /) -> None:
    """Makes `parts` the list, if `before` still is.

    Raises:
        ConflictError: Another writer was first; nothing is changed.
    """
    number = before.number + 1
    content = json.dumps({"parts": [attrs.asdict(part) for part in parts]}, indent=1)
    draft = folder / f".{uuid.uuid4().hex}.tmp"
    try:
        with draft.open("w", encoding="utf-8") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        try:
            (folder / _name(number)).hardlink_to(draft)  # fails where it exists
        except FileExistsError as error:
            raise ConflictError(
                "the list of parts", expected=before.number, found=number
            ) from error
    finally:
        draft.unlink(missing_ok=True)
    for old in _numbers(folder):
        if old <= number - _KEPT:
            with contextlib.suppress(OSError):
                (folder / _name(old)).unlink()


def _parts(folder: Path, number: int) -> tuple[Part, ...]:
    content: Any = json.loads((folder / _name(number)).read_text("utf-8"))
    return tuple(Part(**part) for part in content["parts"])


def _numbers(folder: Path) -> list[int]:
    names = (_NAME.fullmatch(path.name) for path in folder.glob("parts-*.json"))
    return [int(name[1]) for name in names if name]


def _name(number: int) -> str:
    return f"parts-{number:012}.json"
