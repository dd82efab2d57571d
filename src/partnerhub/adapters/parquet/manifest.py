"""The list of what belongs to a data set, replaced whole and never in part.

Each change writes a list with the next number under a name that must not exist yet,
so of two writers one learns that the other was first. A list is complete or absent.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import os
import re
import uuid
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Final

import attrs

from partnerhub.domain.days import as_day
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

    def may_hold(
        self,
        customers: Sequence[str] | None,
        first: dt.date | None = None,
        last: dt.date | None = None,
    ) -> bool:
        """Whether it may hold legs of these customers and days.

        Args:
            customers: Their uuids, sorted; None for any.
            first: First day; None for all before `last`.
            last: Last day, included; None for all from `first` on.
        """
        week = as_day(self.week)
        if last is not None and week > as_day(last):
            return False
        if first is not None and week.add(days=6) < as_day(first):
            return False
        if customers is None:
            return True
        at = bisect_left(customers, self.first)
        return at < len(customers) and customers[at] <= self.last


@attrs.frozen(kw_only=True)
class Manifest:
    """The parts of a data set at one moment.

    Attributes:
        number: How many changes there were before.
        parts: The parts, in the order in which they are read.
    """

    number: int = 0
    parts: tuple[Part, ...] = ()

    @property
    def rows(self) -> int:
        """How many legs there are."""
        return sum(part.rows for part in self.parts)


def read_manifest(folder: Path, number: int | None = None, /) -> Manifest:
    """A list; an empty one where there has been no change.

    Args:
        folder: Of the data set.
        number: Which list; the newest where left out.

    Raises:
        StoreCorrupt: It is no list of ours, or that list is gone.
        StoreUnreachable: The folder cannot be read.
    """
    try:
        if number is None:
            number = max(_numbers(folder), default=0)
        parts = _parts(folder, number) if number else ()
    except FileNotFoundError as error:
        raise StoreCorrupt(
            str(folder),
            f"list {number} of its parts is gone, and it has "
            f"{', '.join(map(str, sorted(_numbers(folder)))) or 'none'}: a folder of "
            "legs and its store are restored together",
        ) from error
    except (ValueError, TypeError, KeyError) as error:
        raise StoreCorrupt(str(folder), "its list of parts cannot be read") from error
    except OSError as error:
        raise StoreUnreachable(str(folder), error.strerror or str(error)) from error
    return Manifest(number=number, parts=parts)


def loose_files(folder: Path, listed: Manifest, /) -> frozenset[Path]:
    """The files of legs, and the drafts, that the list which counts does not name.

    They were left by a writer that died, are being written, or belong to a list that
    somebody may still be reading.
    """
    named = {folder / part.path for part in listed.parts}
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


def drop_later(folder: Path, listed: Manifest, /) -> None:
    """Removes the lists that came after one, the newest first."""
    for number in sorted(_numbers(folder), reverse=True):
        if number > listed.number:
            (folder / _name(number)).unlink(missing_ok=True)


def write_manifest(
    folder: Path, before: Manifest, parts: tuple[Part, ...], /
) -> Manifest:
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
    kept_on_disk(folder, below=folder)
    for old in _numbers(folder):
        if old <= number - _KEPT:
            with contextlib.suppress(OSError):
                (folder / _name(old)).unlink()
    return Manifest(number=number, parts=parts)


def kept_on_disk(folder: Path, /, *, below: Path) -> None:
    """Makes the names in a folder, and of it, outlast a loss of power.

    Args:
        folder: Where names are new.
        below: The last folder upwards whose names may be new.
    """
    if os.name == "nt":  # which keeps names by itself, and opens no folder
        return
    while True:
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
        if folder == below:
            return
        folder = folder.parent


def _parts(folder: Path, number: int) -> tuple[Part, ...]:
    content: Any = json.loads((folder / _name(number)).read_text("utf-8"))
    return tuple(Part(**part) for part in content["parts"])


def _numbers(folder: Path) -> list[int]:
    names = (_NAME.fullmatch(path.name) for path in folder.glob("parts-*.json"))
    return [int(name[1]) for name in names if name]


def _name(number: int) -> str:
    return f"parts-{number:012}.json"
