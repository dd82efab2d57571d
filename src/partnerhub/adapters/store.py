"""A store made of a backend: what partnerhub reads and writes, whatever the engine."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Self

import numpy as np
import pendulum

from partnerhub.adapters import assembling
from partnerhub.adapters.assembling import day_number
from partnerhub.adapters.backend import Backend, OrganizationRow, new_facts
from partnerhub.adapters.recording import record
from partnerhub.columns.datasets import Dataset
from partnerhub.columns.inventory import Inventory
from partnerhub.columns.portfolio import Portfolio
from partnerhub.columns.records import DatedRecords
from partnerhub.columns.unknown import Bools
from partnerhub.columns.usage import UsageColumns
from partnerhub.domain.days import as_day
from partnerhub.ports import (
    EVERYTHING,
    OrganizationFacts,
    OrganizationsPut,
    RegionConflict,
    Scope,
    Writer,
)


class HubStore:
    """Reads and writes one partner's data in a backend.

    Implements `partnerhub.ports.Store`, which documents the methods.
    """

    def __init__(self, backend: Backend) -> None:
        self._backend = backend

    @property
    def name(self) -> str:
        """Where it is; never holds a password."""
        return self._backend.name

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.name}>"

    def close(self) -> None:
        """Gives up connections and files."""
        self._backend.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @contextmanager
    def writing(self) -> Iterator[Writer]:
        """A transaction: committed when the block ends, undone when it raises."""
        with self._backend.writing():
            yield _HubWriter(self._backend)

    def regions(self) -> tuple[str | None, ...]:
        """Regions in which any customer lies, sorted; None comes last."""
        with self._backend.reading():
            found = {row.region for row in self._backend.organizations(EVERYTHING)}
        return tuple(sorted(found, key=lambda region: (region is None, region or "")))

    def first_day(self) -> pendulum.Date | None:
        """The earliest day of which anything is known; None of an empty store."""
        with self._backend.reading():
            day = self._backend.first_day()
        return None if day is None else pendulum.date(1970, 1, 1).add(days=day)

    def portfolio(self, at: dt.date, scope: Scope = EVERYTHING) -> Portfolio:
        """All customers and what they held on a day."""
        with self._backend.reading():
            return assembling.portfolio(self._backend, as_day(at), scope)

    def inventory(
        self, dataset: Dataset, at: dt.date, scope: Scope = EVERYTHING
    ) -> Inventory:
        """The devices, numbers or app versions of a day."""
        with self._backend.reading():
            return assembling.inventory(self._backend, dataset, as_day(at), scope)

    def usage(
        self, first: dt.date, last: dt.date, scope: Scope = EVERYTHING
    ) -> UsageColumns:
        """Calling usage rows of exactly the days `first..last`."""
        days = day_number(as_day(first)), day_number(as_day(last))
        with self._backend.reading():
            return self._backend.usage(*days, scope)

    def tags(self) -> Mapping[str, tuple[str, ...]]:
        """The tags of every customer that has any, by uuid."""
        with self._backend.reading():
            return self._backend.tags()

    def find_by_email(self, address: str) -> tuple[str, ...]:
        """Uuids of the customers with a user of that address, in any case."""
        with self._backend.reading():
            return self._backend.organizations_of_email(_folded(address))


class _HubWriter:
    """Implements `partnerhub.ports.Writer`."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend

    def put_organizations(self, facts: Iterable[OrganizationFacts]) -> OrganizationsPut:
        """Creates and updates organizations; conflicting regions are left as known."""
        told = {fact.id: fact for fact in facts}
        self._backend.organization_keys(list(told))
        scope = Scope(organizations=tuple(told))
        conflicts: list[RegionConflict] = []
        rows: list[OrganizationRow] = []
        changed: set[str] = set()
        for known in self._backend.organizations(scope):
            fact = told[known.id]
            if known.region and fact.region and known.region != fact.region:
                conflicts.append(
                    RegionConflict(
                        organization=known.id, known=known.region, told=fact.region
                    )
                )
                continue
            row = new_facts(known, fact)
            if row != known:
                rows.append(row)
            if self._put_people(known.key, fact) or row != known:
                changed.add(known.id)
        self._backend.update_organizations(rows)
        return OrganizationsPut(changed=frozenset(changed), conflicts=tuple(conflicts))

    def _put_people(self, organization: int, fact: OrganizationFacts) -> bool:
        """Addresses and tags; says whether they were others before."""
        changed = False
        if fact.user_emails is not None:
            folded = tuple(sorted(set(map(_folded, fact.user_emails))))
            if folded != self._backend.emails_of(organization):
                self._backend.set_emails(organization, folded)
                changed = True
        if fact.tags is not None and fact.tags != self._backend.tags_of(organization):
            self._backend.set_tags(organization, fact.tags)
            changed = True
        return changed

    def put_records(self, records: DatedRecords) -> Bools:
        """Merges dated rows; all rows of a customer and day in one call."""
        return record(self._backend, records)

    def put_usage(self, usage: UsageColumns) -> Bools:
        """Replaces usage rows of the same customer, location and days."""
        if not len(usage):
            return np.zeros(0, np.bool_)
        distinct, row = np.unique(usage.organization.astype(str), return_inverse=True)
        keys = self._backend.organization_keys(distinct.tolist())[row]
        changed = self._changed_usage(usage)
        rows = np.flatnonzero(changed)
        self._backend.put_usage(keys[rows], usage.take(rows))
        return changed

    def _changed_usage(self, usage: UsageColumns) -> Bools:
        """Which rows differ from those known; one range of days a file."""
        known: dict[tuple[object, ...], tuple[int, ...]] = {}
        names = sorted(usage.counts)
        for first, last in {
            *zip(usage.first.tolist(), usage.last.tolist(), strict=True)
        }:
            there = self._backend.usage(
                day_number(as_day(first)), day_number(as_day(last)), EVERYTHING
            )
            known |= dict(zip(_keys(there), _rows(there, names), strict=True))
        told = zip(_keys(usage), _rows(usage, names), strict=True)
        return np.array([known.get(key) != row for key, row in told], np.bool_)


def _keys(usage: UsageColumns) -> Iterable[tuple[object, ...]]:
    return zip(
        usage.organization.tolist(),
        usage.location.tolist(),
        usage.first.tolist(),
        usage.last.tolist(),
        strict=True,
    )


def _rows(usage: UsageColumns, names: list[str]) -> Iterable[tuple[int, ...]]:
    unknown = np.full(len(usage), -1, np.int64)
    columns = [usage.counts.get(name, unknown).tolist() for name in names]
    return zip(*columns, strict=True) if columns else iter([()] * len(usage))


def _folded(address: str) -> str:
    return address.strip().casefold()
