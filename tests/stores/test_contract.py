"""The contract, on every store of ours."""

from itertools import count

import pytest

from partnerhub.adapters.opening import open_store
from partnerhub.ports import Store
from partnerhub.testing import StoreContract


class TestMemory(StoreContract):
    def make(self) -> Store:
        return open_store("memory:")


class TestSqlite(StoreContract):
    @pytest.fixture(autouse=True)
    def place(self, tmp_path):
        self._urls = (f"sqlite:///{tmp_path / str(n)}.db" for n in count())

    def make(self) -> Store:
        return open_store(next(self._urls))

    def reopen(self, store: Store) -> Store:
        return open_store(store.name)


@pytest.mark.postgres
class TestPostgres(StoreContract):
    @pytest.fixture(autouse=True)
    def place(self, postgres, new_schema):
        self._url, self._new_schema = postgres.url(), new_schema
        self._schemas = {}

    def make(self) -> Store:
        schema = self._new_schema()
        store = open_store(self._url, schema=schema, migrate=True)
        self._schemas[id(store)] = schema
        return store

    def reopen(self, store: Store) -> Store:
        return open_store(self._url, schema=self._schemas[id(store)])
