"""Hypothesis profiles, and the PostgreSQL server that tests share.

The profiles are dev while typing, ci by CI=true, nightly when asked for:
`pytest --hypothesis-profile=nightly` asks for one by name.
"""

import os
from collections.abc import Callable, Iterator
from itertools import count

import pytest
from hypothesis import settings

from tests import postgres_server
from tests.postgres_server import PostgresServer
from tests.support import require

_NAMES = count()

settings.register_profile("dev", max_examples=50, deadline=None)
settings.register_profile(
    "ci", max_examples=100, deadline=None, derandomize=True, print_blob=True
)
settings.register_profile("nightly", max_examples=2000, deadline=None, print_blob=True)
settings.load_profile("ci" if os.environ.get("CI") == "true" else "dev")


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """The server, started when the first test asks for it."""
    require(postgres_server.binaries(), "a PostgreSQL server (apt install postgresql)")
    with postgres_server.running() as server:
        yield server


@pytest.fixture(scope="session")
def new_schema(postgres: PostgresServer) -> Callable[[], str]:
    """Names of database schemas that nobody has used."""
    return lambda: f"store_{next(_NAMES)}"
