"""Version 3 of the schema: on PostgreSQL, narrow columns for what fits them."""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa
from alembic.operations import Operations

_THING: Final = {"organization": "integer", "parent": "integer", "first_day": "integer"}
_HISTORY: Final = {
    **dict.fromkeys(("key", "day", "organization", "until", "seen"), "integer"),
    "gone": "smallint",
    "observed": "integer",
}

# Dataset -> its fields that hold days and keys of texts.
_FIELDS: Final[dict[str, tuple[str, ...]]] = {
    "customer": ("managed_by", "last_admin_sign_in"),
    "subscription": (
        *("source_status", "type", "starts_on", "ends_on"),
        *("commitment_term", "invoice", "orders"),
    ),
    "license": (),
    "device": (
        *("location_id", "location_name", "product", "mac", "firmware"),
        *("phone_number", "extension", "user_id", "user_uuid"),
    ),
    "number": (
        *("location_id", "location_name", "country", "phone_number", "extension"),
        *("pstn_connection", "user_type", "number_type", "user_id", "user_uuid"),
    ),
    "app_version": ("application_type", "platform", "version", "os_version"),
}
_OTHERS: Final = {
    "picture": ("organization", "day"),
    "email": ("organization",),
    "tag": ("organization", "thing", "place"),
    "calling_usage": ("organization", "first", "last"),
}


def alter_tables(op: Operations, prefix: str, schema: str | None) -> None:
    """Changes the types, each table in one go; SQLite has nothing to change."""
    dialect = op.get_bind().dialect
    if dialect.name != "postgresql":
        return
    tables = {name: dict.fromkeys(some, "integer") for name, some in _OTHERS.items()}
    for dataset, fields in _FIELDS.items():
        tables[dataset] = _THING
        tables[f"{dataset}_history"] = _HISTORY | dict.fromkeys(fields, "integer")
    for name, types in tables.items():
        table = dialect.identifier_preparer.format_table(
            sa.Table(prefix + name, sa.MetaData(), schema=schema)
        )
        changes = ", ".join(
            f'ALTER COLUMN "{column}" TYPE {kind}' for column, kind in types.items()
        )
        op.execute(f"ALTER TABLE {table} {changes}")
