"""The columns of the tables that keep report runs, for the newest schema.

Instants are microseconds since 1970-01-01, days ISO texts, lists and requests JSON.
"""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa

from partnerhub.adapters.sql.table_columns import TEXT, column

_TEXTS: Final = (
    *("request", "template", "region", "filter", "safety", "schedule", "who", "state"),
    *("worker", "prepared", "file", "path", "pending", "error"),
)
_MAYBE_TEXTS: Final = ("first", "last", "checksum")
_NUMBERS: Final = ("asked", "version", "fence", "tries", "open")
_MAYBE_NUMBERS: Final = (
    *("slot", "claimed", "lease_until", "retry_at", "started", "removed"),
    *("duration_ms", "rows", "size"),
)


def report_run(prefix: str) -> tuple[sa.schema.SchemaItem, ...]:
    """Of `report_run`.

    `template`, `region`, `filter` and `safety` are in `request` too, and `rows`,
    `size` and `checksum` in `file`: they stand apart for those who query the table.
    """
    return (
        column("key", TEXT, key=True),
        *(column(name, TEXT) for name in _TEXTS),
        *(column(name, TEXT, nullable=True) for name in _MAYBE_TEXTS),
        *(column(name, sa.BigInteger) for name in _NUMBERS),
        *(column(name, sa.BigInteger, nullable=True) for name in _MAYBE_NUMBERS),
        sa.Index(f"{prefix}report_run_slot", "schedule", "slot"),
        sa.Index(f"{prefix}report_run_open", "open"),
    )


def import_note() -> tuple[sa.schema.SchemaItem, ...]:
    """Of `import_note`."""
    return (
        column("number", sa.BigInteger, key=True),
        column("file", TEXT),
        *(column(name, sa.BigInteger) for name in ("at", "rows", "taken")),
    )
