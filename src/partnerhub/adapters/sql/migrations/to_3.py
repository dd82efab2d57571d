"""Version 3 of the schema: tables for calls and report runs, narrow columns."""

from __future__ import annotations

from alembic.operations import Operations

from partnerhub.adapters.sql.migrations import to_3_calls as calls
from partnerhub.adapters.sql.migrations import to_3_runs as runs
from partnerhub.adapters.sql.migrations import to_3_types as types


def upgrade(op: Operations, prefix: str, schema: str | None) -> None:
    """Migrates the tables with that prefix."""
    calls.create_tables(op, prefix, schema)
    runs.create_tables(op, prefix, schema)
    types.alter_tables(op, prefix, schema)
