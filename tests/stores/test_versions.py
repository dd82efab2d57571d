"""Stores of every schema version so far become stores of this one, or are left alone."""

import datetime as dt
import sqlite3
from pathlib import Path

import numpy as np
import pytest
import sqlalchemy as sa

from partnerhub.adapters.opening import open_store
from partnerhub.adapters.sql import versions
from partnerhub.adapters.sql.schema import VERSION
from partnerhub.columns.datasets import SUBSCRIPTIONS
from partnerhub.columns.records import DatedRecords
from partnerhub.domain.errors import SchemaMismatch
from partnerhub.ports import Document, OrganizationFacts
from partnerhub.testing.comparing import snapshot

SCHEMAS = Path(__file__).parent / "schemas"
OLD = range(1, VERSION)
UUID = "00000000-0000-4000-8000-000000000001"
DAY = dt.date(2026, 11, 22)
DAYS = ("name_day", "industry_day", "external_id_day", "emails_day", "tags_day")

ORGANIZATION = {
    1: "(1, '{uuid}', 'Acme', 'US', NULL, NULL, 20779, 20700)",
    2: "(1, '{uuid}', 'Acme', 'US', NULL, NULL, 20700, 20779, 20779, 20779, 20779, 20779, 1)",
}
TAGS = {1: "(1, 0, 'z'), (1, 1, 'a')", 2: "(1, 0, 0, 'z'), (1, 0, 1, 'a')"}
THINGS = ("customer", "subscription", "license", "device", "number", "app_version")
NEW_IN_3 = (
    *("ph_leg", "ph_call_day", "ph_media", "ph_service_stats"),
    *("ph_call_quality", "ph_report_run", "ph_import_note"),
)
ROWS = """
INSERT INTO ph_organization VALUES {organization};
INSERT INTO ph_tag VALUES {tags};
INSERT INTO ph_email VALUES ('a@x.com', 1);
INSERT INTO ph_subscription VALUES (1, 1, 0, 'Sub1', 20700);
INSERT INTO ph_subscription_history (key, day, organization, until, seen, gone, observed,
  users_total) VALUES (1, 20700, 1, 2932896, 20700, 0, 16383, 5);
INSERT INTO ph_picture VALUES ('subscription', 1, 20700);
"""


def held(*identities):
    """These subscriptions of the customer."""
    return DatedRecords(
        dataset=SUBSCRIPTIONS,
        organization=np.full(len(identities), UUID, object),
        identity=np.array(identities, object),
        day=np.full(len(identities), np.datetime64(DAY)),
        fields={"users_total": np.full(len(identities), 5)},
    )


def old_store(path: Path, version: int) -> None:
    connection = sqlite3.connect(path)
    connection.executescript((SCHEMAS / f"version_{version}.sql").read_text("utf-8"))
    shape = min(version, max(TAGS))
    organization = ORGANIZATION[shape].format(uuid=UUID)
    connection.executescript(ROWS.format(organization=organization, tags=TAGS[shape]))
    connection.close()


def shape(path: Path):
    """Tables, columns, keys and indexes, in whatever order they were made."""
    engine = sa.create_engine(f"sqlite:///{path}")
    inspector = sa.inspect(engine)
    found = {
        table: (
            sorted(
                (c["name"], str(c["type"]), c["nullable"])
                for c in inspector.get_columns(table)
            ),
            inspector.get_pk_constraint(table)["constrained_columns"],
            sorted(
                (i["column_names"], i["unique"]) for i in inspector.get_indexes(table)
            ),
        )
        for table in inspector.get_table_names()
    }
    engine.dispose()
    return found


@pytest.mark.parametrize("version", OLD)
def test_an_old_store_becomes_a_new_one(tmp_path, version):
    old_store(tmp_path / "old.db", version)
    with open_store(f"sqlite:///{tmp_path / 'old.db'}") as store:
        profile = store.profile(UUID)
        assert (profile.name, profile.tags) == ("Acme", ("z", "a"))
        assert profile.version == 1
        assert store.portfolio(DAY).subscriptions.users_total.tolist() == [5]
        with store.writing() as writer:
            writer.put_organizations([OrganizationFacts(id=UUID, name="b", day=DAY)])
            writer.set_tags(UUID, ("new",), day=DAY, subscription="Sub1")
            writer.put_document(Document(kind="k", id="i", body=1))
        seen = snapshot(store, DAY)
    with open_store(f"sqlite:///{tmp_path / 'old.db'}") as store:
        assert snapshot(store, DAY) == seen
    open_store(f"sqlite:///{tmp_path / 'new.db'}").close()
    assert shape(tmp_path / "old.db") == shape(tmp_path / "new.db")


@pytest.mark.parametrize("version", OLD)
def test_an_old_store_is_left_alone_when_asked_to(tmp_path, version):
    path = tmp_path / "old.db"
    old_store(path, version)
    before = shape(path)
    with pytest.raises(SchemaMismatch, match="migrate=True"):
        open_store(f"sqlite:///{path}", migrate=False)
    assert shape(path) == before


def test_a_migration_that_fails_leaves_the_old_store(tmp_path, monkeypatch):
    path = tmp_path / "old.db"
    old_store(path, 1)
    before = shape(path)
    from partnerhub.adapters.sql.migrations import to_2

    def fail(*_):
        raise RuntimeError("power cut")

    monkeypatch.setattr(to_2, "_tags", fail)
    with pytest.raises(RuntimeError, match="power cut"):
        open_store(f"sqlite:///{path}")
    assert shape(path) == before
    monkeypatch.undo()
    open_store(f"sqlite:///{path}").close()
    assert shape(path) != before


def test_every_old_version_has_its_schema_and_step():
    assert sorted(file.name for file in SCHEMAS.iterdir()) == [
        f"version_{version}.sql" for version in OLD
    ]
    folder = Path(versions.__file__).parent / "migrations"
    assert {f"to_{version + 1}.py" for version in OLD} <= {
        file.name for file in folder.iterdir()
    }


def types(engine, schema):
    """The type of every column."""
    inspector = sa.inspect(engine)
    columns = inspector.get_multi_columns(schema=schema)
    return {
        (table, column["name"]): str(column["type"])
        for (_, table), listed in columns.items()
        for column in listed
    }


def widened(types):
    """Statements that make every column of narrow integers as wide as before 3."""
    for (table, column), kind in types.items():
        is_key = column == "key" and not table.endswith("_history")
        is_flag = kind == "SMALLINT" and column != "gone"
        if kind in {"INTEGER", "SMALLINT"} and not is_key and not is_flag:
            yield f'ALTER TABLE {table} ALTER COLUMN "{column}" TYPE bigint'


def backwards(version, newest):
    """Statements that make PostgreSQL's tables of the newest version those of an old one."""
    yield "DELETE FROM ph_meta WHERE name > 'newest ' AND name < 'newest~'"
    for name in THINGS:
        yield f"ALTER TABLE ph_{name} DROP CONSTRAINT ph_{name}_identity"
        yield f"CREATE UNIQUE INDEX ph_{name}_identity ON ph_{name} (organization, parent, identity)"
        yield f"ALTER TABLE ph_{name} ADD PRIMARY KEY (key)"
    yield "ALTER TABLE ph_media ADD COLUMN fresh smallint NOT NULL DEFAULT 0"
    yield "DROP TABLE ph_call_hash"
    if version < 3:
        yield f"DROP TABLE {', '.join(NEW_IN_3)}"
        kept = {key: kind for key, kind in newest.items() if key[0] != "ph_call_hash"}
        yield from (s for s in widened(kept) if s.split()[2] not in NEW_IN_3)
    if version < 2:
        yield "DROP TABLE ph_document"
        yield "DELETE FROM ph_meta WHERE name = 'writes'"
        yield "ALTER TABLE ph_tag DROP COLUMN thing"
        yield "ALTER TABLE ph_tag ADD PRIMARY KEY (organization, place)"
        yield "ALTER TABLE ph_organization ADD COLUMN told_on bigint NOT NULL"
        for name in ("name", "industry", "external_id", "emails", "tags"):
            yield f"ALTER TABLE ph_organization DROP COLUMN {name}_day"
        yield "ALTER TABLE ph_organization DROP COLUMN version"
    yield f"UPDATE ph_meta SET value = '{version}' WHERE name = 'schema_version'"


def indexes(engine, schema):
    """The columns of every index and primary key."""
    found = sa.inspect(engine)
    listed = found.get_multi_indexes(schema=schema).items()
    keys = found.get_multi_pk_constraint(schema=schema).items()
    return (
        {
            table: sorted(str(i["column_names"]) for i in some)
            for (_, table), some in listed
        },
        {table: key["constrained_columns"] for (_, table), key in keys},
    )


@pytest.mark.postgres
@pytest.mark.parametrize("version", OLD)
def test_postgres_is_migrated_too(postgres, new_schema, version):
    schema = new_schema()
    url = postgres.url()
    open_store(url, schema=schema, migrate=True).close()
    engine = sa.create_engine(url.replace("postgresql:", "postgresql+psycopg:"))
    newest = types(engine, schema), indexes(engine, schema)
    columns = "told_on" if version == 1 else ", ".join((*DAYS, "version"))
    values = "20779" if version == 1 else "20779, 20779, 20779, 20779, 20779, 1"
    place = "1, 0, 'z'" if version == 1 else "1, 0, 0, 'z'"
    with engine.begin() as connection:
        organization = (
            f"INSERT INTO ph_organization (key, id, name, {columns}, known_since)"
            f" VALUES (1, '{UUID}', 'Acme', {values}, 20700)"
        )
        for statement in (
            f"SET search_path = {schema}",
            *backwards(version, newest[0]),
            organization,
            f"INSERT INTO ph_tag VALUES ({place})",
            "INSERT INTO ph_subscription VALUES (7, 1, 0, 'Sub1', 20700)",
        ):
            connection.exec_driver_sql(statement)
    with pytest.raises(SchemaMismatch, match="after a backup"):
        open_store(url, schema=schema)
    with open_store(url, schema=schema, migrate=True) as store:
        assert store.profile(UUID).tags == ("z",)
        with store.writing() as writer:
            writer.put_organizations([OrganizationFacts(id=UUID, name="b", day=DAY)])
            writer.put_records(held("Sub1", "Sub2"))
        assert store.profile(UUID).version == 2
        assert store.portfolio(DAY).subscriptions.id.tolist() == ["Sub1", "Sub2"]
    with engine.connect() as connection:
        keys = connection.exec_driver_sql(
            f"SELECT identity, key FROM {schema}.ph_subscription ORDER BY key"
        )
        assert [*map(tuple, keys)] == [("Sub1", 7), ("Sub2", 8)]
    assert (types(engine, schema), indexes(engine, schema)) == newest
    engine.dispose()


def test_who_opened_a_store_before_it_was_migrated_does_not_write_to_it(tmp_path):
    path = tmp_path / "hub.db"
    with open_store(f"sqlite:///{path}") as store:
        connection = sqlite3.connect(path)
        newer = str(VERSION + 1)
        connection.execute(
            "UPDATE ph_meta SET value = ? WHERE name = 'schema_version'", (newer,)
        )
        connection.commit()
        with pytest.raises(SchemaMismatch, match="open it again"), store.writing() as w:
            w.put_document(Document(kind="k", id="i", body=1))
        assert store.documents("k") == ()
        connection.close()
