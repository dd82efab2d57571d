"""In a host's database: its tables, its transactions and its connections are its own."""

import datetime as dt
import threading
import time

import attrs
import pytest
import sqlalchemy as sa

import partnerhub as ph
from partnerhub.adapters.opening import open_store
from partnerhub.domain.customers import Customer
from partnerhub.domain.errors import (
    InvalidValue,
    SchemaMismatch,
    StoreBusy,
    StoreError,
)
from partnerhub.domain.organizations import Organization
from partnerhub.domain.policies import DEFAULT_STATUS_POLICY
from partnerhub.domain.query_text import parse_filter
from partnerhub.ports import Document, OrganizationFacts
from partnerhub.testing import StoreContract
from partnerhub.testing.everything import WRITES, everything

DAY = dt.date(2026, 11, 22)
UUID = "00000000-0000-4000-8000-000000000001"


def put(store, name):
    with store.writing() as writer:
        writer.put_organizations([OrganizationFacts(id=UUID, name=name, day=DAY)])


def name_in(store):
    found = store.profile(UUID)
    return found and found.name


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def engine(request, tmp_path):
    """The host's engine, as anybody would make it."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path / 'host.db'}"
    else:
        server = request.getfixturevalue("postgres")
        url = server.url().replace("postgresql:", "postgresql+psycopg:")
    engine = sa.create_engine(url)
    with engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE IF EXISTS orders")
        connection.exec_driver_sql("CREATE TABLE orders (id integer primary key)")
        connection.exec_driver_sql("DROP TABLE IF EXISTS alembic_version")
        connection.exec_driver_sql("CREATE TABLE alembic_version (version_num text)")
        connection.exec_driver_sql("INSERT INTO alembic_version VALUES ('theirs')")
    yield engine
    with engine.begin() as connection:
        for table in sa.inspect(connection).get_table_names():
            if table.startswith(("a_", "b_", "ph_")):
                connection.exec_driver_sql(f"DROP TABLE {table}")
    engine.dispose()


def test_nothing_is_made_unless_asked(engine):
    with pytest.raises(SchemaMismatch, match="migrate=True"):
        open_store(engine)
    tables = set(sa.inspect(engine).get_table_names())
    assert tables == {"orders", "alembic_version"}


def test_two_stores_live_in_one_database(engine):
    one = open_store(engine, prefix="a_", migrate=True)
    two = open_store(engine, prefix="b_", migrate=True)
    put(one, "one")
    put(two, "two")
    assert (name_in(one), name_in(two)) == ("one", "two")
    with engine.connect() as connection:
        version = "SELECT version_num FROM alembic_version"
        assert connection.exec_driver_sql(version).scalar() == "theirs"
    ours = set(sa.inspect(engine).get_table_names()) - {"orders", "alembic_version"}
    assert {name[:2] for name in ours} == {"a_", "b_"}


def test_two_hubs_live_in_one_transaction_of_the_host(engine):
    with engine.connect() as connection:
        one = ph.connect(connection, prefix="a_", migrate=True)
        two = ph.connect(connection, prefix="b_", migrate=True)
        for hub, who in ((one, "one"), (two, "two")):
            known = Organization(id=UUID, name=who, region="US")
            hub.put(Customer(organization=known), at=DAY)
        found = [next(iter(hub.customers.find())).name for hub in (one, two)]
        assert found == ["one", "two"]
        connection.rollback()
    assert {*sa.inspect(engine).get_table_names()} == {"orders", "alembic_version"}
    with pytest.raises(InvalidValue, match="store"):
        ph.connect(42)


def test_closing_the_store_leaves_the_engine_open(engine):
    open_store(engine, migrate=True).close()
    with engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT 1").scalar() == 1


def test_the_host_commits_what_the_store_wrote(engine):
    open_store(engine, migrate=True).close()
    with engine.connect() as connection:
        store = open_store(connection)
        connection.exec_driver_sql("INSERT INTO orders VALUES (1)")
        put(store, "kept")
        connection.commit()
    assert name_in(open_store(engine)) == "kept"


@pytest.mark.parametrize("host_first", [True, False])
def test_the_host_undoes_what_the_store_wrote(engine, host_first):
    open_store(engine, migrate=True).close()
    with engine.connect() as connection:
        if host_first:
            connection.exec_driver_sql("INSERT INTO orders VALUES (1)")
        store = open_store(connection)
        put(store, "undone")
        assert name_in(store) == "undone"
        assert store.writes() is None  # so that nobody keeps what was read
        connection.rollback()
    assert name_in(open_store(engine)) is None
    with engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM orders").scalar() == 0


def test_a_block_that_raises_leaves_the_hosts_own_work(engine):
    open_store(engine, migrate=True).close()
    with engine.begin() as connection:
        connection.exec_driver_sql("INSERT INTO orders VALUES (1)")
        store = open_store(connection)
        with pytest.raises(ZeroDivisionError), store.writing() as writer:
            facts = OrganizationFacts(id=UUID, name="undone", day=DAY)
            writer.put_organizations([facts])
            raise ZeroDivisionError
    assert name_in(open_store(engine)) is None
    with engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM orders").scalar() == 1


@pytest.mark.parametrize("autocommit", ["option", "engine"])
def test_a_connection_that_commits_each_statement_is_refused(engine, autocommit):
    open_store(engine, migrate=True).close()
    if autocommit == "engine":
        engine = engine.execution_options(isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        if autocommit == "option":
            connection.execution_options(isolation_level="AUTOCOMMIT")
        for _ in range(2):
            with pytest.raises(StoreError, match=r"AUTOCOMMIT.*pass the engine"):
                open_store(connection)
        assert not connection.in_transaction()
        # A transaction that the host begins by hand is one.
        connection.exec_driver_sql("BEGIN")
        store = open_store(connection)
        put(store, "kept")
        connection.exec_driver_sql("COMMIT")
        with pytest.raises(StoreError, match="AUTOCOMMIT"):
            put(store, "lost")
    assert name_in(open_store(engine)) == "kept"


@pytest.mark.parametrize("end", ["commit", "rollback"])
def test_a_host_may_not_end_its_transaction_inside_a_block(engine, end):
    open_store(engine, migrate=True).close()
    with engine.connect() as connection:
        store = open_store(connection)
        with pytest.raises(StoreError, match="end it after the block"):
            with store.writing() as writer:
                writer.put_document(Document(kind="k", id="before", body=1))
                getattr(connection, end)()
                writer.put_document(Document(kind="k", id="after", body=1))
        # What came after is not left for the host to commit unknowingly.
        connection.exec_driver_sql("INSERT INTO orders VALUES (1)")
        connection.commit()
        kept = [document.id for document in store.documents("k")]
        assert kept == (["before"] if end == "commit" else [])
        put(store, "later")
        connection.commit()
    assert name_in(open_store(engine)) == "later"


def test_errors_of_the_hosts_own_work_in_a_block_are_its_own(engine):
    with engine.begin() as connection:
        store = open_store(connection, migrate=True)
        with pytest.raises(sa.exc.NoResultFound), store.writing() as writer:
            writer.put_document(Document(kind="k", id="undone", body=1))
            connection.execute(sa.text("SELECT id FROM orders")).one()
        assert store.documents("k") == ()


def test_a_connection_that_the_host_has_closed(engine):
    with engine.connect() as connection:
        store = open_store(connection, migrate=True)
    with pytest.raises(StoreError, match="open the store on one that is open"):
        put(store, "lost")


def test_sqlite_has_no_schemas(tmp_path):
    engine = sa.create_engine(f"sqlite:///{tmp_path / 'host.db'}")
    for host in (engine, f"sqlite:///{tmp_path / 'own.db'}"):
        with pytest.raises(InvalidValue, match="choose a prefix"):
            open_store(host, schema="mine", migrate=True)
    engine.dispose()


def test_a_host_that_begins_sqlite_transactions_by_itself(tmp_path):
    """As SQLAlchemy's documentation shows it, so that savepoints work."""
    engine = sa.create_engine(f"sqlite:///{tmp_path / 'host.db'}")
    sa.event.listen(
        engine, "connect", lambda driver, _: setattr(driver, "isolation_level", None)
    )
    sa.event.listen(engine, "begin", lambda begun: begun.exec_driver_sql("BEGIN"))
    put(open_store(engine, migrate=True), "first")
    with engine.connect() as connection:
        store = open_store(connection)
        put(store, "undone")
        connection.rollback()
        assert name_in(store) == "first"
        put(store, "kept")
        connection.commit()
    assert name_in(open_store(engine)) == "kept"
    engine.dispose()


@pytest.mark.postgres
@pytest.mark.parametrize("level", ["AUTOCOMMIT", "SERIALIZABLE"])
def test_an_engine_of_any_isolation_keeps_all_or_nothing(postgres, new_schema, level):
    url = postgres.url().replace("postgresql:", "postgresql+psycopg:")
    engine = sa.create_engine(url, isolation_level=level)
    schema = new_schema()
    store = open_store(engine, schema=schema, migrate=True)
    other = open_store(engine, schema=schema)
    with pytest.raises(ZeroDivisionError), store.writing() as writer:
        facts = OrganizationFacts(id=UUID, name="undone", day=DAY)
        writer.put_organizations([facts])
        raise ZeroDivisionError
    assert name_in(store) is None
    # Who waited for another writer begins with what that has written.
    waiting = threading.Thread(target=put, args=(other, "second"))
    with store.writing() as writer:
        waiting.start()
        time.sleep(0.1)
        writer.put_organizations([attrs.evolve(facts, name="first")])
    waiting.join()
    assert name_in(store) == "second"
    assert store.profile(UUID).version == 2
    engine.dispose()


@pytest.mark.postgres
def test_the_name_of_a_hosts_store_holds_no_password(postgres):
    url = postgres.url().replace("postgresql:", "postgresql+psycopg:")
    engine = sa.create_engine(f"{url}?password=secret")
    with pytest.raises(InvalidValue, match="32 bytes"):
        open_store(engine, prefix="é" * 20)
    with pytest.raises(SchemaMismatch) as error:
        open_store(engine, prefix="none_")
    assert "secret" not in str(error.value)
    engine.dispose()


def test_a_host_with_another_driver_is_told():
    engine = sa.create_engine("sqlite://")
    engine.dialect.driver = "other"
    with pytest.raises(InvalidValue, match=r"sqlite\+pysqlite"):
        open_store(engine)
    with pytest.raises(InvalidValue, match="store"):
        open_store(42)
    engine.dispose()


class TestOnAnEngineOfTheHost(StoreContract):
    """The whole contract, over a plain engine of somebody else's."""

    examples = 3

    @pytest.fixture(autouse=True)
    def engines(self, tmp_path):
        self._folder, self._engines = tmp_path, []
        yield
        for engine in self._engines:
            engine.dispose()

    def make(self):
        path = self._folder / f"{len(self._engines)}.db"
        engine = sa.create_engine(f"sqlite:///{path}", connect_args={"timeout": 30})
        self._engines.append(engine)
        return open_store(engine, prefix="host_", migrate=True)


@pytest.mark.parametrize("bad", [{"prefix": "a%_"}, {"schema": "a%"}, {"prefix": "\0"}])
def test_names_that_a_driver_takes_for_parameters_are_refused(tmp_path, bad):
    with pytest.raises(InvalidValue, match="neither % nor NUL"):
        open_store(f"sqlite:///{tmp_path / 'hub.db'}", **bad)


def test_a_prefix_of_any_other_characters(engine):
    with engine.begin() as connection:
        store = open_store(connection, prefix="a_\"; é:s'", migrate=True)
        for write in WRITES.values():
            with store.writing() as writer:
                write(writer)
        with open_store("memory:") as memory:
            for write in WRITES.values():
                with memory.writing() as writer:
                    write(writer)
            assert everything(store) == everything(memory)
        connection.rollback()


SETTINGS = ("lock_timeout", "enable_nestloop", "jit")


@pytest.mark.postgres
def test_the_settings_of_a_host_are_as_before(postgres, new_schema):
    url = postgres.url().replace("postgresql:", "postgresql+psycopg:")
    engine = sa.create_engine(url)
    shown = sa.select(*(sa.func.current_setting(name) for name in SETTINGS))
    with engine.connect() as connection:
        store = open_store(connection, schema=new_schema(), migrate=True)
        connection.exec_driver_sql("SET lock_timeout = '5s'")
        connection.exec_driver_sql("SET enable_nestloop = off")
        connection.exec_driver_sql("SET LOCAL jit = off")
        before = connection.execute(shown).one()
        for write in WRITES.values():
            with store.writing() as writer:
                write(writer)
        assert connection.execute(shown).one() == before
        node = parse_filter("status:trial")
        assert store.candidates(node, DAY, policy=DEFAULT_STATUS_POLICY) is not None
        assert connection.execute(shown).one() == before
        session = store.backend.session
        with pytest.raises(StoreBusy), session.reading(), session.over_all():
            session.connection.exec_driver_sql("SET LOCAL statement_timeout = 50")
            session.fetch(sa.select(sa.func.pg_sleep(9).cast(sa.Text)))
        assert connection.execute(shown).one() == before
        with session.reading():
            with pytest.raises(KeyError), session.over_all():
                raise KeyError
            assert connection.execute(shown).one() == before
        connection.rollback()
    engine.dispose()
