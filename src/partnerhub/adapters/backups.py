"""Backups of a live SQLite store."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

from partnerhub.adapters.store.hub_store import HubStore
from partnerhub.domain.errors import InvalidValue, StoreCorrupt


def backup_store(store: HubStore, path: Path, /) -> None:
    """Writes a copy of an SQLite store, while it is read and written, to a new file.

    The file appears whole, with its integrity checked, or not at all. It holds one
    state of the store: what was committed when the copy began.

    Raises:
        InvalidValue: The store is no SQLite file; other databases have tools for it.
        FileExistsError: There is a file of that name.
        StoreError: The store cannot be read, or the file not be written.
    """
    scheme, _, source = store.name.partition(":///")
    if scheme != "sqlite" or not source:
        raise InvalidValue(
            "SQLite store", store.name, "take a backup with the database's own tool"
        )
    if path.exists():
        raise FileExistsError(f"{path} exists already")
    from partnerhub.adapters.sql.trouble import translated

    unfinished = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with translated(str(path)):
            _copy(source, unfinished)
        with unfinished.open("rb") as file:
            os.fsync(file.fileno())
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)


def _copy(source: str, unfinished: Path) -> None:
    with (
        # Of a file that was removed there would be an empty copy.
        closing(sqlite3.connect(f"file:{quote(source)}?mode=rw", uri=True)) as live,
        closing(sqlite3.connect(unfinished)) as copy,
    ):
        # All at once: with write-ahead logging that holds up neither readers nor
        # writers, while in steps every write would start the copy afresh.
        live.backup(copy)
        found = copy.execute("PRAGMA integrity_check").fetchone()
        copy.execute("PRAGMA journal_mode = DELETE")
    if found != ("ok",):
        raise StoreCorrupt(str(unfinished), f"the copy is damaged: {found[0]}")
