"""What goes wrong in SQLite, as errors of ours that say what to do."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import sqlalchemy.exc

from partnerhub.domain import errors

_SQLITE: Final = (
    (
        ("locked", "busy"),
        errors.StoreBusy,
        "another process holds it; try again when that is done",
    ),
    (
        ("readonly", "read-only"),
        errors.StoreReadOnly,
        "it may only be read; check the rights on the file and its folder",
    ),
    (
        ("disk is full", "disk i/o error"),
        errors.StoreFull,
        "the disk is full or failing; nothing of this write was kept: free some "
        "space and run it again",
    ),
    (
        ("not a database", "malformed", "corrupt"),
        errors.StoreCorrupt,
        "it is damaged or no SQLite database; restore a backup or choose another file",
    ),
    (
        ("unable to open",),
        errors.StoreUnreachable,
        "it cannot be opened; check that its folder exists and may be written",
    ),
)


@contextmanager
def translated(store: str) -> Iterator[None]:
    """Turns the driver's errors into ours, with the cause chained.

    Raises:
        StoreError: One of its kinds.
    """
    try:
        yield
    except sqlalchemy.exc.DBAPIError as error:
        raise _ours(store, str(error.orig)) from error
    except sqlite3.Error as error:
        raise _ours(store, str(error)) from error


def _ours(store: str, said: str) -> errors.StoreError:
    for words, kind, advice in _SQLITE:
        if any(word in said.casefold() for word in words):
            return kind(store, advice)
    return errors.StoreError(store, said)
