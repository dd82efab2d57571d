"""What every part of the contract starts from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pytest

from partnerhub.columns.records import DatedRecords
from partnerhub.ports import OrganizationFacts, Store


class ContractBase:
    """A factory of stores, and back doors for setting them up."""

    sees_own_legs = True
    """Whether a block sees the call legs that it wrote; of a store that keeps them in
    files, which appear with its end, False."""

    def make(self) -> Store:
        """A new and empty store; the suite closes it. Called many times a test."""
        raise NotImplementedError("fill in make()")

    def reopen(self, store: Store) -> Store | None:  # noqa: ARG002 - for subclasses
        """Another store over the same data, the first one being closed or not.

        None where data do not outlive the object.
        """
        return None

    def seed(
        self,
        store: Store,
        organizations: Iterable[OrganizationFacts] = (),
        records: Iterable[DatedRecords] = (),
    ) -> None:
        """Fills a store for tests of reading; replace it to go past the writer."""
        with store.writing() as writer:
            writer.put_organizations(organizations)
            for told in records:
                writer.put_records(told)

    @pytest.fixture
    def store(self) -> Iterator[Store]:
        """A new store, closed afterwards."""
        with self.make() as store:
            yield store
