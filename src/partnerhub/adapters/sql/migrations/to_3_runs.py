"""Version 3 of the schema: the tables for report runs and notes of imports."""

from __future__ import annotations

from typing import Any, Final

import sqlalchemy as sa
from alembic.operations import Operations

_TEXT: Final = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
_BIG: Final = sa.BigInteger()

# Name, type, whether it may be null.
_RUN: Final[tuple[tuple[str, Any, bool], ...]] = (
    *((n, _TEXT, False) for n in ("request", "template", "region", "filter")),
    *((n, _TEXT, False) for n in ("safety", "schedule", "who", "state", "worker")),
    *((n, _TEXT, False) for n in ("prepared", "file", "path", "pending", "error")),
    *((n, _TEXT, True) for n in ("first", "last", "checksum")),
    *((n, _BIG, False) for n in ("asked", "version", "fence", "tries", "open")),
    *((n, _BIG, True) for n in ("slot", "claimed", "lease_until", "retry_at")),
    *((n, _BIG, True) for n in ("started", "removed", "duration_ms", "rows", "size")),
)


def create_tables(op: Operations, prefix: str, schema: str | None) -> None:
    """Makes the tables with that prefix."""
    run = prefix + "report_run"
    op.create_table(
        run,
        sa.Column("key", _TEXT, primary_key=True, nullable=False),
        *(sa.Column(name, kind, nullable=maybe) for name, kind, maybe in _RUN),
        schema=schema,
    )
    op.create_index(f"{run}_slot", run, ["schedule", "slot"], schema=schema)
    op.create_index(f"{run}_open", run, ["open"], schema=schema)
    op.create_table(
        prefix + "import_note",
        sa.Column("number", _BIG, primary_key=True, autoincrement=False),
        sa.Column("file", _TEXT, nullable=False),
        *(sa.Column(n, _BIG, nullable=False) for n in ("at", "rows", "taken")),
        schema=schema,
    )
