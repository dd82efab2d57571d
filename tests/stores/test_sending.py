"""Rows on their way into PostgreSQL: what goes wrong undoes the transaction."""

import signal
import threading

import numpy as np
import pytest
import sqlalchemy as sa

from partnerhub.adapters.opening import open_store
from partnerhub.domain.errors import InvalidValue, StoreBusy, StoreError

pytestmark = pytest.mark.postgres
ROWS = 120_000


@pytest.fixture
def session(postgres, new_schema):
    with open_store(postgres.url(), schema=new_schema(), migrate=True) as store:
        yield store.backend.session


def texts(first: int, count: int = ROWS):
    words = np.empty(count, dtype=object)
    words[:] = [f"word {n}" for n in range(first, first + count)]
    return {"key": np.arange(first, first + count), "text": words}


def count(session) -> int:
    query = sa.select(sa.func.count()).select_from(session.schema.text)
    with session.reading():
        return session.connection.scalar(query)


def test_rows_are_in_when_the_connection_is_used(session):
    table = session.schema.text
    with session.writing():
        session.insert_columns(table, texts(1))
        session.insert_columns(table, texts(1 + ROWS))
        assert count(session) == 2 * ROWS
    assert count(session) == 2 * ROWS


def test_rows_that_clash_undo_all(session):
    with pytest.raises(StoreError), session.writing():
        session.insert_columns(session.schema.text, texts(1))
        session.insert_columns(session.schema.text, texts(ROWS, 10))
    assert count(session) == 0


def test_a_clash_shows_where_rows_are_waited_for(session):
    with pytest.raises(StoreError), session.writing():
        session.insert_columns(session.schema.text, texts(1, 10))
        session.insert_columns(session.schema.text, texts(1, 10))
        session.settle()
        pytest.fail("the clash was not noticed")
    assert count(session) == 0


@pytest.mark.parametrize("place", [0, ROWS - 1])
def test_rows_that_cannot_be_encoded_undo_all(session, place):
    bad = texts(1)
    bad["text"][place] = "\ud800"
    with pytest.raises(UnicodeEncodeError), session.writing():
        session.insert_columns(session.schema.text, texts(1 + ROWS, 10))
        session.insert_columns(session.schema.text, bad)
    assert count(session) == 0


def test_numbers_too_large_for_their_column_undo_all(session):
    bad = texts(1) | {"key": np.arange(2**31 - ROWS + 1, 2**31 + 1)}
    with (
        pytest.raises(InvalidValue, match="2147483648 is no key: a whole number from"),
        session.writing(),
    ):
        session.insert_columns(session.schema.text, texts(1, 10))
        session.insert_columns(session.schema.text, bad)
    assert count(session) == 0


def test_an_error_of_the_caller_breaks_off(session):
    with pytest.raises(KeyError), session.writing():
        session.insert_columns(session.schema.text, texts(1))
        raise KeyError("mine")
    assert count(session) == 0


@pytest.fixture
def interrupted_soon():
    """Ctrl-C, a moment after `soon()`."""

    def interrupt(number, frame):
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGALRM, interrupt)
    yield lambda: signal.setitimer(signal.ITIMER_REAL, 0.3)
    signal.setitimer(signal.ITIMER_REAL, 0)
    signal.signal(signal.SIGALRM, before)


def test_who_is_interrupted_while_waiting_leaves_nothing(
    session, postgres, interrupted_soon
):
    table = session.schema.text
    other = sa.create_engine(
        postgres.url().replace("postgresql:", "postgresql+psycopg:")
    )
    with other.connect() as holder:
        name = f"{table.schema}.{table.name}"
        holder.exec_driver_sql(f"LOCK TABLE {name} IN EXCLUSIVE MODE")
        letting_go = threading.Timer(0.6, holder.rollback)
        letting_go.start()
        states = []
        with pytest.raises(KeyboardInterrupt), session.writing():
            connection = session.connection
            driver = connection.connection.dbapi_connection
            sa.event.listen(
                connection,
                "rollback",
                lambda _: states.append(driver.info.transaction_status.name),
            )
            session.insert_columns(table, texts(1))
            interrupted_soon()
            session.settle()
            pytest.fail("nobody was interrupted")
        letting_go.join()
        assert states == ["INERROR"]
    other.dispose()
    assert count(session) == 0
    with session.writing():
        session.insert_columns(table, texts(1, 10))
    assert count(session) == 10


def test_a_time_out_in_mid_copy_leaves_the_store_usable(session, postgres):
    table = session.schema.text
    other = sa.create_engine(
        postgres.url().replace("postgresql:", "postgresql+psycopg:")
    )
    with other.connect() as holder:
        name = f"{table.schema}.{table.name}"
        holder.exec_driver_sql(f"LOCK TABLE {name} IN EXCLUSIVE MODE")
        with pytest.raises(StoreBusy, match="time-out"), session.writing():
            session.connection.exec_driver_sql("SET LOCAL statement_timeout = '200ms'")
            session.insert_columns(table, texts(1))
            session.insert_columns(table, texts(1 + ROWS))
    other.dispose()
    with session.writing():
        session.insert_columns(table, texts(1, 10))
    assert count(session) == 10


def test_an_error_is_ours_where_it_is_raised(session):
    with pytest.raises(StoreError, match="duplicate key"), session.writing():
        session.insert_columns(session.schema.text, texts(1, 10))
        session.insert_columns(session.schema.text, texts(1, 10))
        for _ in range(2):
            with pytest.raises(StoreError, match="duplicate key"):
                session.settle()
    assert count(session) == 0
