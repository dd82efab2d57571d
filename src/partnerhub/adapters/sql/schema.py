"""The tables. Days are integer days since 1970-01-01, flags 0 or 1.

| table | one row a |
| --- | --- |
| `meta` | name, value: the schema's version, the number of writes, keys given out |
| `organization` | customer |
| `text` | distinct text; histories hold its key |
| `picture` | dataset, customer and day of a full picture |
| `email` | address of a user of a customer |
| `tag` | tag of a customer (`thing` 0) or of one of its subscriptions |
| `document` | saved filter, template, schedule, state: JSON text with a version |
| `calling_usage` | customer, location and range of days |
| `leg` | call record; numbers as in `partnerhub.columns.legs`, -1 where not known |
| `call_day` | customer and day whose call records are loaded |
| `call_hash` | day and batch of legs: hashes of the ids of their calls |
| `media` | call and side of it: media quality |
| `service_stats` | call queue, hunt group or auto attendant and range of days |
| `call_quality` | customer, location and range: the service's own statistics |
| `report_run` | run of a report: asked for, being made, or there |
| `import_note` | file, or `put`, that was taken in |
| `<dataset>` | thing: a subscription, a license line, a device, ... |
| `<dataset>_history` | run: the values of a thing from `day` to before `until` |

`<dataset>_history.gone` says that the thing is missing from the picture of day
`until`. A past day is read with `day <= :at AND (until > :at OR gone = 1)`.
"""

from __future__ import annotations

from typing import Final

import attrs
import sqlalchemy as sa
from sqlalchemy import event

from partnerhub.adapters.sql import call_tables, run_tables
from partnerhub.adapters.sql.table_columns import FLAG, NARROW, TEXT, column
from partnerhub.columns.datasets import DATASETS, Dataset, Kind
from partnerhub.columns.usage import USAGE_COUNTS

SCHEMA_VERSION: Final = "schema_version"
"""Name in `meta` of the version of the schema."""

WRITES: Final = "writes"
"""Name in `meta` of the number of write transactions so far."""

NEWEST: Final = "newest "
"""Begins the names in `meta` of the highest key of a table that was ever given out."""

VERSION: Final = 4
"""Version of this schema; a store of another one is migrated or refused."""


@attrs.frozen(eq=False)
class Schema:
    """All tables of one store, under a prefix.

    Attributes:
        prefix: Begins the name of every table and index.
        address: Tells the store apart from others in the same database.
    """

    prefix: str
    address: str
    metadata: sa.MetaData
    meta: sa.Table
    organization: sa.Table
    text: sa.Table
    picture: sa.Table
    email: sa.Table
    tag: sa.Table
    document: sa.Table
    calling_usage: sa.Table
    leg: sa.Table
    call_day: sa.Table
    call_hash: sa.Table
    media: sa.Table
    service_stats: sa.Table
    call_quality: sa.Table
    report_run: sa.Table
    import_note: sa.Table
    things: dict[str, sa.Table]
    histories: dict[str, sa.Table]

    @classmethod
    def prefixed(cls, prefix: str = "ph_", schema: str | None = None) -> Schema:
        """The tables with a prefix, in a database schema where there is one."""
        metadata = sa.MetaData(schema=schema)

        def table(name: str, *columns: sa.schema.SchemaItem) -> sa.Table:
            return sa.Table(prefix + name, metadata, *columns)

        def clustered(name: str, *columns: sa.schema.SchemaItem) -> sa.Table:
            # SQLite keeps such a table in its primary key alone, half as large.
            return sa.Table(prefix + name, metadata, *columns, sqlite_with_rowid=False)

        return cls(
            prefix=prefix,
            address=f"{schema or ''}.{prefix}",
            metadata=metadata,
            meta=table("meta", _text("name", key=True), _text("value")),
            organization=table("organization", *_organization(prefix)),
            text=table("text", _key(), _text("text", unique=True)),
            picture=clustered(
                "picture",
                _text("dataset", key=True),
                _small("organization", key=True),
                _small("day", key=True),
            ),
            email=clustered(
                "email",
                _text("address", key=True),
                _small("organization", key=True, index=True),
            ),
            tag=clustered(
                "tag",
                _small("organization", key=True),
                _small("thing", key=True),
                _small("place", key=True),
                _text("tag"),
            ),
            document=table(
                "document",
                _text("kind", key=True),
                _text("id", key=True),
                _int("version"),
                _text("body"),
            ),
            calling_usage=clustered("calling_usage", *_usage()),
            leg=_newer_wins(clustered("leg", *call_tables.leg()), "report_time"),
            call_day=clustered("call_day", *call_tables.call_day()),
            call_hash=table("call_hash", *call_tables.call_hash()),
            media=clustered("media", *call_tables.media()),
            service_stats=clustered("service_stats", *call_tables.service_stats()),
            call_quality=clustered("call_quality", *call_tables.call_quality()),
            report_run=table("report_run", *run_tables.report_run(prefix)),
            import_note=table("import_note", *run_tables.import_note()),
            things={
                d.name: _by_identity(table(d.name, *_thing(prefix, d)))
                for d in DATASETS
            },
            histories={
                d.name: clustered(d.name + "_history", *_history(d)) for d in DATASETS
            },
        )


def _newer_wins(table: sa.Table, column: str) -> sa.Table:
    """Says by which column rows of one key are settled (`Clash` "newer")."""
    table.info["newer"] = column
    return table


def _by_identity(table: sa.Table) -> sa.Table:
    """Makes the index of identities the primary key, on PostgreSQL.

    There an index of keys would take a third of the time in which rows come in, and
    nobody asks for a thing by its key alone. On SQLite the key is the row's place.
    """
    event.listen(table, "after_create", _promote_identity)
    return table


def _promote_identity(table: sa.Table, connection: sa.Connection, **_: object) -> None:
    if connection.dialect.name != "postgresql":
        return
    preparer = connection.dialect.identifier_preparer
    (index,) = table.indexes
    connection.exec_driver_sql(
        f"ALTER TABLE {preparer.format_table(table)}"
        f" ADD PRIMARY KEY USING INDEX {preparer.quote(str(index.name))}"
    )


def _key() -> sa.Column[int]:
    return column("key", sa.Integer, key=True)


def _int(name: str, *, nullable: bool = False) -> sa.Column[int]:
    return column(name, sa.BigInteger, nullable=nullable)


def _small(name: str, *, key: bool = False, index: bool = False) -> sa.Column[int]:
    return column(name, NARROW, key=key, index=index)


def _text(
    name: str, *, key: bool = False, nullable: bool = False, unique: bool = False
) -> sa.Column[str]:
    return column(name, TEXT, key=key, nullable=nullable, unique=unique)


def _organization(prefix: str) -> tuple[sa.schema.SchemaItem, ...]:
    return (
        _key(),
        _text("id", unique=True),
        _text("name"),
        _text("region", nullable=True),
        _text("industry", nullable=True),
        _text("external_id", nullable=True),
        _int("known_since"),
        _int("name_day"),
        _int("industry_day"),
        _int("external_id_day"),
        _int("emails_day"),
        _int("tags_day"),
        _int("version"),
        sa.Index(f"{prefix}organization_region", "region"),
    )


def _usage() -> tuple[sa.schema.SchemaItem, ...]:
    return (
        _small("organization", key=True),
        _text("location", key=True),
        _small("first", key=True),
        _small("last", key=True),
        *(_int(key, nullable=True) for key in USAGE_COUNTS),
    )


def _thing(prefix: str, dataset: Dataset) -> tuple[sa.schema.SchemaItem, ...]:
    return (
        column("key", sa.Integer),
        sa.PrimaryKeyConstraint("key").ddl_if("sqlite"),
        _small("organization"),
        _small("parent"),
        _text("identity"),
        _small("first_day"),
        sa.Index(
            f"{prefix}{dataset.name}_identity",
            "organization",
            "parent",
            "identity",
            unique=True,
        ),
    )


def _history(dataset: Dataset) -> tuple[sa.schema.SchemaItem, ...]:
    kinds = {
        Kind.COUNT: sa.BigInteger(),
        Kind.FLAG: sa.SmallInteger(),
        Kind.DAY: NARROW,
        Kind.TEXT: NARROW,
    }
    return (
        _small("key", key=True),
        _small("day", key=True),
        _small("organization"),
        _small("until"),
        _small("seen"),
        column("gone", FLAG),
        _small("observed"),
        *(
            column(field.name, kinds[field.kind], nullable=True)
            for field in dataset.fields
        ),
    )
