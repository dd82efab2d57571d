"""Backups of a live SQLite store."""

from __future__ import annotations

import glob
import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Final
from urllib.parse import quote

from partnerhub.adapters.store.hub_store import HubStore
from partnerhub.domain.errors import FileNotWritten, InvalidValue, StoreCorrupt

_OF_THE_COPY: Final = frozenset(
    {
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_READONLY,
        sqlite3.SQLITE_PERM,
        sqlite3.SQLITE_CANTOPEN,
    }
)
"""What goes wrong in writing; all else is wrong with what is read."""


def backup_store(store: HubStore | str, path: Path, /) -> None:
    """Writes a copy of an SQLite store, while it is read and written, to a new file.

    The file appears whole, with its integrity checked, or not at all. It holds one
    state of the store: what was committed when the copy began.

    Args:
        store: The store, or its URL: one of another version of partnerhub, too, as
            before a migration.
        path: The file that is to be.

    Raises:
        InvalidValue: The store is no SQLite file; other databases have tools for it.
        FileNotWritten: There is a file of that name, which is left as it is.
        StoreError: The store cannot be read, or the file not be written; it names
            the one that it is.
    """
    name = store if isinstance(store, str) else store.name
    scheme, _, source = name.partition(":///")
    if scheme != "sqlite" or not source:
        shown = name.partition(":")[0] if isinstance(store, str) else name
        why = "take a backup with the database's own tool"
        raise InvalidValue("SQLite store", shown, why)
    if os.path.lexists(path):
        raise _is_there(path)
    from partnerhub.adapters.sql.trouble import translated

    _sweep(path)
    # Two threads may write backups, too.
    mine = f"{os.getpid()}-{threading.get_ident()}"
    unfinished = path.with_name(f".{path.name}.{mine}.part")
    try:
        with (
            translated(name),
            # Of a file that was removed there would be an empty copy.
            closing(sqlite3.connect(f"file:{quote(source)}?mode=rw", uri=True)) as live,
            _of_the_copy(path),
        ):
            _copy(live, unfinished)
        with _told_of(path):
            _publish(unfinished, path)
    finally:
        _remove(unfinished)


def _sweep(path: Path) -> None:
    """Removes what backups to this file that were killed have left."""
    for part in path.parent.glob(f".{glob.escape(path.name)}.*-*.part"):
        try:
            with closing(sqlite3.connect(part, timeout=0)) as left:
                # Whoever is writing it holds a lock, on whatever machine.
                left.execute("BEGIN EXCLUSIVE")
        except sqlite3.Error as error:
            if getattr(error, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_BUSY:
                continue
        _remove(part)


def _remove(unfinished: Path) -> None:
    for left in (unfinished, Path(f"{unfinished}-journal")):
        with suppress(OSError):
            left.unlink(missing_ok=True)


def _copy(live: sqlite3.Connection, unfinished: Path) -> None:
    from partnerhub.adapters.sql.trouble import readable

    with closing(sqlite3.connect(unfinished)) as copy, readable():
        # All at once: with write-ahead logging that holds up neither readers nor
        # writers, while in steps every write would start the copy afresh.
        live.backup(copy)
        found = copy.execute("PRAGMA integrity_check").fetchone()
        copy.execute("PRAGMA journal_mode = DELETE")
    if found != ("ok",):
        raise StoreCorrupt(str(unfinished), f"the copy is damaged: {found[0]}")


def _publish(unfinished: Path, path: Path) -> None:
    """Gives the file its name, in place of none."""
    with unfinished.open("rb") as file:
        os.fsync(file.fileno())
    try:
        path.hardlink_to(unfinished)
    except FileExistsError:
        raise _is_there(path) from None
    except OSError:  # a file system where a file has one name only
        unfinished.rename(path)


@contextmanager
def _of_the_copy(path: Path) -> Iterator[None]:
    """Errors in writing name the file that is written."""
    from partnerhub.adapters.sql.trouble import translated

    try:
        yield
    except sqlite3.Error as error:
        if getattr(error, "sqlite_errorcode", 0) & 0xFF not in _OF_THE_COPY:
            raise
        with translated(str(path)):
            raise


@contextmanager
def _told_of(path: Path) -> Iterator[None]:
    try:
        yield
    except FileNotWritten:
        raise
    except OSError as error:
        why = f"{error.strerror}; check the disk and the rights on its folder"
        raise FileNotWritten(str(path), why) from error


def _is_there(path: Path) -> FileNotWritten:
    why = "there is a file of that name already; name another file, or move that away"
    return FileNotWritten(str(path), why)
