"""Version 3 of the schema: tables for call legs, queue statistics and report runs."""

from __future__ import annotations

from alembic.operations import Operations

from partnerhub.adapters.sql.migrations import to_3_calls as calls
from partnerhub.adapters.sql.migrations import to_3_runs as runs


def upgrade(op: Operations, prefix: str, schema: str | None) -> None:
    """Migrates the tables with that prefix."""
    calls.create_tables(op, prefix, schema)
    runs.create_tables(op, prefix, schema)
