"""What goes wrong in a database, as errors of ours that say what to do.

The one place that knows drivers' errors. SQLite is told by its result codes, PostgreSQL
by its SQLSTATE, and by its words where a connection could not be made.
"""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import sqlalchemy.exc

from partnerhub.domain import errors

_Trouble = tuple[type[errors.StoreError], str]

_BUSY: Final[_Trouble] = (
    errors.StoreBusy,
    "another process holds it; try again when that is done",
)
_READ_ONLY: Final[_Trouble] = (
    errors.StoreReadOnly,
    (
        "it may only be read; check the rights on the file, and on its folder, in which "
        "SQLite writes even to read"
    ),
)
_FULL: Final[_Trouble] = (
    errors.StoreFull,
    (
        "the disk, or that of temporary files, is full or failing; nothing of this write "
        "was kept: free some space and run it again"
    ),
)
_CORRUPT: Final[_Trouble] = (
    errors.StoreCorrupt,
    "it is damaged or no SQLite database; restore a backup or choose another file",
)
_NO_FILE: Final[_Trouble] = (
    errors.StoreUnreachable,
    "it cannot be opened; check that its folder exists and may be written",
)
_NO_TABLES: Final[_Trouble] = (
    errors.SchemaMismatch,
    (
        "its tables are not those of this version of partnerhub; open it with migrate=True "
        "or check the prefix and schema"
    ),
)

_SQLITE: Final = {
    sqlite3.SQLITE_BUSY: _BUSY,
    sqlite3.SQLITE_LOCKED: _BUSY,
    sqlite3.SQLITE_READONLY: _READ_ONLY,
    sqlite3.SQLITE_PERM: _READ_ONLY,
    sqlite3.SQLITE_FULL: _FULL,
    sqlite3.SQLITE_IOERR: _FULL,
    sqlite3.SQLITE_NOTADB: _CORRUPT,
    sqlite3.SQLITE_CORRUPT: _CORRUPT,
    sqlite3.SQLITE_CANTOPEN: _NO_FILE,
}

# The longest beginning of the SQLSTATE decides.
_POSTGRES: Final[dict[str, _Trouble]] = {
    "08": (
        errors.StoreUnreachable,
        (
            "the connection to the server was lost; nothing of this write was kept: run it "
            "again"
        ),
    ),
    "57P": (
        errors.StoreUnreachable,
        (
            "the server is shutting down or starting; nothing of this write was kept: run "
            "it again"
        ),
    ),
    "28": (
        errors.StoreUnreachable,
        "the server refuses this user or password; check both",
    ),
    "3D": (
        errors.StoreUnreachable,
        "the server has no database of that name; create it first",
    ),
    "55P03": _BUSY,
    "40": _BUSY,
    "57014": (
        errors.StoreBusy,
        (
            "a statement took longer than the time-out; try again, or end the URL of "
            "the store with ?options=-cstatement_timeout%3D1h"
        ),
    ),
    "53300": (
        errors.StoreBusy,
        "the server has no free connection; try again later or raise max_connections",
    ),
    "25006": (
        errors.StoreReadOnly,
        "the server or the user's default is read-only; connect to the primary server",
    ),
    "42501": (
        errors.StoreReadOnly,
        "the user may not do this; grant it the rights on the tables",
    ),
    "53100": (
        errors.StoreFull,
        (
            "the server's disk is full; nothing of this write was kept: free some space and "
            "run it again"
        ),
    ),
    "53": (
        errors.StoreFull,
        "the server is out of resources; nothing of this write was kept",
    ),
    "58": _FULL,
    "XX": (
        errors.StoreCorrupt,
        "the server reports damaged data; restore a backup",
    ),
    "42P01": _NO_TABLES,
    "42703": _NO_TABLES,
}

_WORDS: Final[tuple[tuple[tuple[str, ...], _Trouble], ...]] = (
    (("password", "role", "authentication", "pg_hba"), _POSTGRES["28"]),
    (
        ("ssl", "certificate", "tls"),
        (
            errors.StoreUnreachable,
            (
                "no encrypted connection came about; check sslmode and sslrootcert in the "
                "URL, and the server's certificate"
            ),
        ),
    ),
    (
        ("invalid connection option", "invalid uri", "invalid port"),
        (errors.StoreUnreachable, "its URL has an option or a port that is none"),
    ),
    (("does not exist",), _POSTGRES["3D"]),
    (("could not write", "no space left"), _POSTGRES["53100"]),
    (("too many clients", "remaining connection slots"), _POSTGRES["53300"]),
    (("starting up", "shutting down", "recovery"), _POSTGRES["57P"]),
    (
        ("refused", "resolve", "timeout", "timed out", "no such file", "unreachable"),
        (
            errors.StoreUnreachable,
            "no server answers there; check the host and port, and that it runs",
        ),
    ),
)


_NO_TEXT: Final = "Could not decode to UTF-8"
"""How `sqlite3` begins to say that a text of the file is none."""


@contextmanager
def readable() -> Iterator[None]:
    """Lets `sqlite3` say so too when what SQLite says of a file is no text."""
    try:
        yield
    except UnicodeDecodeError:
        raise sqlite3.DatabaseError(_NO_TEXT) from None


@contextmanager
def translated(store: str) -> Iterator[None]:
    """Turns a driver's errors into ours, with the cause chained.

    Raises:
        StoreError: One of its kinds.
    """
    try:
        yield
    except sqlalchemy.exc.TimeoutError as error:
        kind, advice = _POSTGRES["53300"]
        raise kind(store, advice) from error
    except Exception as error:
        cause = error.orig if isinstance(error, sqlalchemy.exc.DBAPIError) else error
        if isinstance(cause, sqlite3.Error):
            # What cannot be read as text is quoted, and may be anything.
            shown = None if str(cause).startswith(_NO_TEXT) else error
            raise _of_sqlite(store, cause) from shown
        if _is_of_psycopg(cause):
            raise _of_postgres(store, cause) from error
        raise


def _is_of_psycopg(error: BaseException | None) -> bool:
    driver = sys.modules.get("psycopg")
    return driver is not None and isinstance(error, driver.Error)


def _of_sqlite(store: str, error: sqlite3.Error) -> errors.StoreError:
    # The low byte is the result, the others say more of it.
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code == sqlite3.SQLITE_ERROR and str(error).startswith("no such"):
        kind, advice = _NO_TABLES
        return kind(store, advice)
    if code in _SQLITE or str(error).startswith(_NO_TEXT):
        kind, advice = _SQLITE.get(code, _CORRUPT)
        return kind(store, advice)
    return errors.StoreError(store, str(error))


def _of_postgres(store: str, error: BaseException | None) -> errors.StoreError:
    state = getattr(error, "sqlstate", None)
    # The rest of what the server says may quote rows.
    said = getattr(getattr(error, "diag", None), "message_primary", None) or str(error)
    if state is None:
        for words, (kind, advice) in _WORDS:
            if any(word in said.casefold() for word in words):
                return kind(store, advice)
        # Without a state it is the driver that speaks: the connection is gone.
        kind, advice = _POSTGRES["08"]
        return kind(store, advice)
    for length in (5, 3, 2):
        if state[:length] in _POSTGRES:
            kind, advice = _POSTGRES[state[:length]]
            return kind(store, advice)
    return errors.StoreError(store, said)
