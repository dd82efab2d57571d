"""Each trouble a store can have, from its real cause: one of our errors, nothing lost."""

import datetime as dt
import shutil
import sqlite3
import subprocess
import sys
import threading
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import quote

import pytest
import sqlalchemy as sa
from click.testing import CliRunner
from sqlalchemy import make_url

from partnerhub.adapters.backups import backup_store
from partnerhub.adapters.copying.copier import copy_store
from partnerhub.adapters.opening import open_store
from partnerhub.adapters.sql import dialects
from partnerhub.adapters.sql.arrow import postgres_reader
from partnerhub.adapters.sql.sqlite import SqliteDialect
from partnerhub.cli.app import app
from partnerhub.domain.errors import (
    InvalidValue,
    SchemaMismatch,
    StoreBusy,
    StoreCorrupt,
    StoreError,
    StoreFull,
    StoreReadOnly,
    StoreUnreachable,
)
from partnerhub.ports import Document, OrganizationFacts
from partnerhub.testing import worlds
from partnerhub.testing.everything import put_holdings
from tests import postgres_server

DAY = dt.date(2026, 11, 22)
UUID = "00000000-0000-4000-8000-000000000001"


def put(store, name="a"):
    with store.writing() as writer:
        writer.put_organizations([OrganizationFacts(id=UUID, name=name, day=DAY)])


def fill(store, start=0, count=50):
    """Documents one after the other; how many were acknowledged."""
    done = start
    for n in range(start, start + count):
        with store.writing() as writer:
            writer.put_document(Document(kind="k", id=f"{n:06}", body="x" * 20_000))
        done += 1
    return done


@contextmanager
def mounted(folder: Path, *options):
    """A small file system of its own."""
    folder.mkdir()
    tool = shutil.which("mount")
    done = tool and subprocess.run(
        [tool, "-t", "tmpfs", "-o", ",".join(options), "tmpfs", str(folder)],
        check=False,
        capture_output=True,
    )
    if not done or done.returncode:
        pytest.skip("mounting a small file system takes root")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


# --- SQLite -----------------------------------------------------------------------


def test_a_full_disk_loses_nothing_acknowledged(tmp_path):
    with mounted(tmp_path / "small", "size=2m") as folder:
        url = f"sqlite:///{folder}/hub.db"
        acknowledged = 0
        with open_store(url) as store, pytest.raises(StoreFull) as error:
            while acknowledged < 1000:
                acknowledged = fill(store, acknowledged, 1)
        assert "free some space" in str(error.value)
        (folder / "spare").unlink(missing_ok=True)
        subprocess.run(["mount", "-o", "remount,size=8m", str(folder)], check=True)
        with open_store(url) as store:
            ids = [document.id for document in store.documents("k")]
            assert ids == [f"{n:06}" for n in range(acknowledged)]
            assert fill(store, acknowledged, 5) == acknowledged + 5
        integrity = sqlite3.connect(folder / "hub.db")
        assert integrity.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        integrity.close()


def test_a_read_only_file_system_is_named(tmp_path):
    with mounted(tmp_path / "fixed", "size=4m") as folder:
        url = f"sqlite:///{folder}/hub.db"
        with open_store(url) as store:
            put(store)
        subprocess.run(["mount", "-o", "remount,ro", str(folder)], check=True)
        with pytest.raises((StoreReadOnly, StoreUnreachable)) as error:
            with open_store(url) as store:
                put(store, "b")
        assert "folder" in str(error.value)


def test_a_locked_file_is_busy_after_the_wait(tmp_path, monkeypatch):
    monkeypatch.setattr("partnerhub.adapters.sql.sqlite._PRAGMAS", FAST)
    path = tmp_path / "hub.db"
    with open_store(f"sqlite:///{path}") as store:
        put(store)
        other = sqlite3.connect(path, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreBusy, match="another process holds it"):
            put(store, "b")
        assert store.profile(UUID).name == "a"  # readers do not wait
        other.execute("ROLLBACK")
        other.close()
        put(store, "b")
        assert store.profile(UUID).name == "b"


def test_a_writer_who_waits_says_so(tmp_path, monkeypatch, caplog):
    monkeypatch.setattr("partnerhub.adapters.sql.transactions.SAY_AFTER_S", 0.05)
    path = tmp_path / "hub.db"
    with open_store(f"sqlite:///{path}") as store:
        put(store)
        assert not caplog.records
        other = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        other.execute("BEGIN IMMEDIATE")
        ending = threading.Timer(0.5, other.execute, ("ROLLBACK",))
        ending.start()
        put(store, "b")
        ending.join()
        other.close()
    said = [record.getMessage() for record in caplog.records]
    assert said == [f"sqlite:///{path}: waiting for another writer, at most 30 s"]


FAST = ("PRAGMA journal_mode = WAL", "PRAGMA busy_timeout = 50")


def test_no_database_is_named(tmp_path):
    path = tmp_path / "letter.txt"
    path.write_bytes(b"Dear customer, this is no database.\n" * 100)
    with pytest.raises(StoreCorrupt, match="damaged or no SQLite database"):
        open_store(f"sqlite:///{path}")


def test_a_damaged_file_is_named(tmp_path):
    path = tmp_path / "hub.db"
    with open_store(f"sqlite:///{path}") as store:
        fill(store)
    data = bytearray(path.read_bytes())
    data[4096 * 40 : 4096 * 200] = b"\xa5" * (4096 * 160)
    path.write_bytes(data)
    with pytest.raises(StoreCorrupt, match="restore a backup"):
        with open_store(f"sqlite:///{path}") as store:
            store.documents("k")


def damaged(path, damage):
    """A store with an address, a text and a subscription, and then some damage."""
    with open_store(f"sqlite:///{path}") as store, store.writing() as writer:
        facts = OrganizationFacts(
            id=UUID, name="Acme", user_emails=("kim@x.com",), day=DAY
        )
        writer.put_organizations([facts])
        row = worlds.Row(UUID, "Sub1", None, DAY, {"type": "Enterprise"})
        writer.put_records(worlds.records(worlds.SUBSCRIPTIONS, [row], only={"type"}))
    other = sqlite3.connect(path, isolation_level=None)
    other.executescript(damage)
    other.close()


def test_damaged_text_is_not_shown(tmp_path):
    path = tmp_path / "hub.db"
    damaged(path, "UPDATE ph_email SET address = CAST(x'6b696d40ff' AS TEXT)")
    with open_store(f"sqlite:///{path}") as store:
        with pytest.raises(StoreCorrupt, match="restore a backup") as error:
            copy_store(store, open_store("memory:"))
        assert "kim@" not in str(error.value)


def test_texts_that_are_missing_are_damage(tmp_path):
    path = tmp_path / "hub.db"
    damaged(path, "DELETE FROM ph_text")
    with open_store(f"sqlite:///{path}") as store:
        with pytest.raises(StoreCorrupt, match="restore a backup"):
            store.portfolio(DAY)


def test_names_of_tables_that_are_damaged_are_damage(tmp_path):
    path = tmp_path / "hub.db"
    damaged(
        path,
        "PRAGMA writable_schema = ON; UPDATE sqlite_master SET "
        "sql = CAST(x'435245415445ff' AS TEXT), name = CAST(x'ff' AS TEXT)",
    )
    with pytest.raises(StoreCorrupt, match="restore a backup"):
        open_store(f"sqlite:///{path}")
    with pytest.raises(StoreCorrupt, match="restore a backup"):
        backup_store(f"sqlite:///{path}", tmp_path / "copy.db")


def test_a_folder_and_a_missing_folder_are_named(tmp_path):
    with pytest.raises(StoreUnreachable, match="name a file in it"):
        open_store(f"sqlite:///{tmp_path}")
    with pytest.raises(StoreUnreachable, match="check that its folder exists"):
        open_store(f"sqlite:///{tmp_path}/absent/hub.db")


def test_a_newer_schema_is_refused(tmp_path):
    path = tmp_path / "hub.db"
    open_store(f"sqlite:///{path}").close()
    other = sqlite3.connect(path)
    other.execute("UPDATE ph_meta SET value = '99' WHERE name = 'schema_version'")
    other.commit()
    other.close()
    with pytest.raises(SchemaMismatch, match="upgrade partnerhub"):
        open_store(f"sqlite:///{path}")


def test_a_file_that_is_not_to_be_made_is_not(tmp_path):
    path = tmp_path / "hub.db"
    with pytest.raises(StoreUnreachable, match="no such file"):
        open_store(f"sqlite:///{path}", migrate=False)
    assert not path.exists()


@pytest.mark.parametrize("change", ["DELETE FROM", "UPDATE"])
def test_tables_that_tell_no_version(tmp_path, change):
    path = tmp_path / "hub.db"
    open_store(f"sqlite:///{path}").close()
    other = sqlite3.connect(path)
    told = " SET value = 'x'" if change == "UPDATE" else ""
    other.execute(f"{change} ph_meta{told} WHERE name = 'schema_version'")
    other.commit()
    other.close()
    with pytest.raises(SchemaMismatch, match="ph_meta tells no version"):
        open_store(f"sqlite:///{path}")


@pytest.mark.parametrize("name", ["writes", "newest organization", "newest text"])
def test_notes_that_are_no_numbers_are_damage(tmp_path, name):
    path = tmp_path / "hub.db"
    with open_store(f"sqlite:///{path}") as store:
        with store.writing() as writer:
            put_holdings(writer, UUID)
        with closing(sqlite3.connect(path)) as file, file:
            told = ("some", name)
            file.execute("UPDATE ph_meta SET value = ? WHERE name = ?", told)
        with pytest.raises(StoreCorrupt, match=f"'{name}' is no number; restore"):
            store.writes() if name == "writes" else put(store)


def test_an_error_of_the_database_is_ours_inside_a_block_too(tmp_path):
    path = tmp_path / "hub.db"
    with open_store(f"sqlite:///{path}") as store, store.writing() as writer:
        store.backend.session.connection.exec_driver_sql("DROP TABLE ph_document")
        with pytest.raises(SchemaMismatch):
            writer.put_document(Document(kind="k", id="i", body=1))
        put_organization = OrganizationFacts(id=UUID, name="kept", day=DAY)
        writer.put_organizations([put_organization])
    with closing(sqlite3.connect(path)) as file:
        kept = file.execute("SELECT name FROM ph_organization").fetchall()
    assert kept == [("kept",)]


def test_missing_tables_are_a_wrong_schema(tmp_path):
    path = tmp_path / "hub.db"
    with open_store(f"sqlite:///{path}") as store:
        other = sqlite3.connect(path)
        other.execute("DROP TABLE ph_document")
        other.close()
        with pytest.raises(SchemaMismatch, match="are not those of this version"):
            store.documents("k")


def test_what_nobody_foresaw_is_a_store_error_with_its_cause(tmp_path, monkeypatch):
    def fail(*_, **__):
        raise sqlite3.ProgrammingError("something else")

    with open_store(f"sqlite:///{tmp_path / 'hub.db'}") as store:
        monkeypatch.setattr(SqliteDialect, "begin", fail)
        with pytest.raises(StoreError, match="something else") as error:
            store.regions()
        assert isinstance(error.value.__cause__, sqlite3.ProgrammingError)


@pytest.mark.parametrize(
    "url",
    [
        "mysql://u:secret@host/db",
        "nonsense",
        "sqlite:",
        "postgresql://u:secret@h:port/d",
        "mysql://host/db?password=secret",
        "sqlite:///:memory:",
        "sqlite:///nul\0.db",
    ],
)
def test_an_unknown_url_is_refused_and_its_password_not_shown(url):
    with pytest.raises(InvalidValue) as error:
        open_store(url)
    assert "secret" not in str(error.value)


# --- PostgreSQL -------------------------------------------------------------------


@pytest.fixture
def server():
    """One of its own, that may be stopped."""
    from tests.support import require

    require(postgres_server.binaries(), "a PostgreSQL server (apt install postgresql)")
    with postgres_server.running() as server:
        yield server


@pytest.mark.postgres
def test_a_wrong_password_is_named_and_not_shown(postgres):
    with pytest.raises(StoreUnreachable, match="user or password") as error:
        open_store(postgres.url(password="wrong-one"))
    assert "wrong-one" not in str(error.value)
    assert "wrong-one" not in repr(error.value)


@pytest.mark.postgres
def test_a_missing_database_is_named(postgres):
    with pytest.raises(StoreUnreachable, match="create it first"):
        open_store(postgres.url("absent"))


def test_no_server_is_named():
    pytest.importorskip("psycopg")
    url = f"postgresql://postgres:secret@127.0.0.1:{postgres_server._free_port()}/x"
    with pytest.raises(StoreUnreachable, match="no server answers") as error:
        open_store(url)
    assert "secret" not in str(error.value)


@pytest.mark.postgres
@pytest.mark.parametrize(
    ("query", "advice"),
    [("sslmode=require", "check sslmode"), ("nonsense=1", "an option")],
)
def test_what_is_wrong_with_a_url_is_named(postgres, query, advice):
    with pytest.raises(StoreUnreachable, match=advice):
        open_store(f"{postgres.url()}?{query}")


@pytest.mark.postgres
def test_a_password_of_any_characters(postgres, new_schema):
    schema, password = new_schema(), "s3cr3t@:/?#%&= é+"
    admin = sa.create_engine(
        postgres.url().replace("postgresql:", "postgresql+psycopg:")
    )
    with admin.begin() as connection:
        doubled = password.replace("%", "%%")
        connection.exec_driver_sql(
            f"CREATE ROLE any_{schema} LOGIN SUPERUSER PASSWORD '{doubled}'"
        )
    admin.dispose()
    told = f"any_{schema}:{quote(password, safe='')}"
    url = postgres.url().replace("postgres:secret", told)
    with open_store(url, schema=schema, migrate=True) as store:
        assert "s3cr3t" not in store.name
        put(store)
    reader = postgres_reader(make_url(url))
    found = reader.columns("SELECT 7 AS x", [int], counter="SELECT 1", count=1)
    assert found[0].tolist() == [7]


@pytest.mark.postgres
def test_arrow_that_is_not_to_be_had_is_done_without(postgres):
    reader = postgres_reader(make_url(postgres.url(password="wrong-one")))
    assert reader.columns("SELECT 1", [int], counter="SELECT 1", count=1) is None


@pytest.mark.postgres
def test_what_a_url_sets_counts(postgres, new_schema):
    schema = new_schema()
    open_store(postgres.url(), schema=schema, migrate=True).close()
    told = f"application_name=mine&options=-csearch_path%3D{schema}"
    with open_store(f"{postgres.url()}?{told}") as store, store.backend.reading():
        connection = store.backend.session.connection
        names = ("application_name", "search_path", "statement_timeout")
        shown = [connection.exec_driver_sql(f"SHOW {n}").scalar() for n in names]
    assert shown == ["mine", schema, "10min"]


@pytest.mark.postgres
def test_an_error_of_the_server_quotes_no_rows(postgres, new_schema):
    with open_store(postgres.url(), schema=new_schema(), migrate=True) as store:
        session = store.backend.session
        rows = [{"organization": 1, "address": "kim@x.com"}] * 2
        with pytest.raises(StoreError, match="duplicate key") as error:
            with store.writing():
                session.connection.execute(sa.insert(session.schema.email), rows)
        assert "kim" not in str(error.value)


@pytest.mark.postgres
def test_writers_take_turns_whether_or_not_they_name_the_schema(
    postgres, new_schema, monkeypatch
):
    monkeypatch.setattr("partnerhub.adapters.sql.postgres.WAIT_FOR_WRITER_S", 1)
    schema = new_schema()
    path = f"{postgres.url()}?options=-csearch_path%3D{schema}"
    with (
        open_store(postgres.url(), schema=schema, migrate=True) as one,
        open_store(path) as other,
    ):
        with one.writing(), pytest.raises(StoreBusy):
            put(other)
        put(other)


@pytest.mark.postgres
def test_a_database_without_tables_asks_for_a_migration(postgres, new_schema):
    with pytest.raises(SchemaMismatch, match="migrate=True"):
        open_store(postgres.url(), schema=new_schema())


@pytest.mark.postgres
def test_the_command_makes_the_tables_when_told_to(postgres, new_schema):
    schema = new_schema()
    engine = sa.create_engine(
        postgres.url().replace("postgresql:", "postgresql+psycopg:")
    )
    with engine.begin() as connection:
        connection.exec_driver_sql(f"CREATE SCHEMA {schema}")
    engine.dispose()
    url = f"{postgres.url()}?options=-csearch_path%3D{schema}"
    run = CliRunner().invoke
    refused = run(app, ["--store", url, "customers"])
    assert "do that with `partnerhub migrate`" in refused.stderr
    assert run(app, ["--store", url, "migrate"]).exit_code == 0
    assert run(app, ["--store", url, "customers"]).exit_code == 0


@pytest.mark.postgres
def test_a_user_who_may_only_read(postgres, new_schema):
    schema = new_schema()
    with open_store(postgres.url(), schema=schema, migrate=True) as store:
        put(store)
    admin = sa.create_engine(
        postgres.url().replace("postgresql:", "postgresql+psycopg:")
    )
    with admin.begin() as connection:
        for statement in (
            f"CREATE ROLE reader_{schema} LOGIN PASSWORD 'r'",
            f"GRANT USAGE ON SCHEMA {schema} TO reader_{schema}",
            f"GRANT SELECT ON ALL TABLES IN SCHEMA {schema} TO reader_{schema}",
        ):
            connection.exec_driver_sql(statement)
    admin.dispose()
    url = postgres.url().replace("postgres:secret", f"reader_{schema}:r")
    with open_store(url, schema=schema) as store:
        assert store.profile(UUID).name == "a"
        with pytest.raises(StoreReadOnly, match="grant"):
            put(store, "b")


@pytest.mark.postgres
def test_a_statement_that_takes_too_long(postgres, new_schema):
    url = f"{postgres.url()}?options=-cstatement_timeout%3D1s"
    with open_store(url, schema=new_schema(), migrate=True) as store:
        session = store.backend.session
        with pytest.raises(StoreBusy, match="time-out"), session.reading():
            session.connection.exec_driver_sql("SELECT pg_sleep(30)")
        put(store)
        assert store.profile(UUID).name == "a"


@pytest.mark.postgres
def test_a_writer_that_holds_the_store(postgres, new_schema, monkeypatch):
    monkeypatch.setattr("partnerhub.adapters.sql.postgres.WAIT_FOR_WRITER_S", 1)
    assert dialects.WAIT_FOR_WRITER_S > 1
    schema = new_schema()
    with (
        open_store(postgres.url(), schema=schema, migrate=True) as one,
        open_store(postgres.url(), schema=schema) as other,
    ):
        with one.writing():
            with pytest.raises(StoreBusy, match="another process"):
                put(other)
            assert other.profile(UUID) is None
        put(other)


@pytest.mark.postgres
@pytest.mark.parametrize("how", ["stop", "kill"])
def test_a_server_that_goes_in_mid_transaction(server, how):
    with open_store(server.url(), migrate=True) as store:
        put(store, "acknowledged")
        with pytest.raises(StoreUnreachable, match="nothing of this write"):
            with store.writing() as writer:
                facts = OrganizationFacts(id=UUID, name="lost", day=DAY)
                writer.put_organizations([facts])
                server.stop() if how == "stop" else server.kill()
                writer.put_document(Document(kind="k", id="i", body=1))
        with pytest.raises(StoreUnreachable):
            store.profile(UUID)
        server.start()
        # The pool finds out by itself that its connections are dead.
        assert store.profile(UUID).name == "acknowledged"
        assert store.documents("k") == ()
        put(store, "again")
        assert store.profile(UUID).name == "again"


def test_extras_that_are_missing_are_named():
    code = (
        "import sys; sys.modules['psycopg'] = None\n"
        "from partnerhub.adapters.opening import open_store\n"
        "open_store('postgresql://u@h/d')"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], check=False, capture_output=True, text=True
    )
    assert "PostgreSQL needs the extra 'postgres'" in done.stderr
