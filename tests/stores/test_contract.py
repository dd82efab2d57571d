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
