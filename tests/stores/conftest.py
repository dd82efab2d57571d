"""A PostgreSQL server for all tests of stores, started when the first one asks."""

from collections.abc import Callable, Iterator
from itertools import count

import pytest

from tests import postgres_server
from tests.postgres_server import PostgresServer
from tests.support import require

_NAMES = count()


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """The server."""
    require(postgres_server.binaries(), "a PostgreSQL server (apt install postgresql)")
    with postgres_server.running() as server:
        yield server


@pytest.fixture(scope="session")
def new_schema(postgres: PostgresServer) -> Callable[[], str]:
    """Names of database schemas that nobody has used."""
    return lambda: f"store_{next(_NAMES)}"
