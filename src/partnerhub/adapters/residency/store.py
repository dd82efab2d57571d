"""One store a region: data of a region never touch another region's store."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from typing import Self

import attrs
import numpy as np
import pendulum

from partnerhub.adapters.residency.calls import RegionalCalls, RegionalCallWriter
from partnerhub.adapters.residency.runs import FirstStoreRuns, FirstStoreWriter
from partnerhub.columns.datasets import Dataset
from partnerhub.columns.inventory import Inventory
from partnerhub.columns.joining import (
    join_inventories,
    join_portfolios,
    join_timelines,
    join_usage,
)
from partnerhub.columns.portfolio import Portfolio
from partnerhub.columns.records import DatedRecords, FullPictures
from partnerhub.columns.timeline import Timeline
from partnerhub.columns.unknown import Array, Bools
from partnerhub.columns.usage import UsageColumns
from partnerhub.domain.errors import InvalidValue, NotFound, StoreError
from partnerhub.domain.filters import Filter
from partnerhub.domain.policies import StatusPolicy
from partnerhub.domain.regions import in_order, parse_region
from partnerhub.ports import (
    EVERYTHING,
    Document,
    OrganizationFacts,
    OrganizationsPut,
    Profile,
    RegionConflict,
    Scope,
    Store,
    Tagged,
    Writer,
)


class RegionalStore(RegionalCalls, FirstStoreRuns):
    """Several stores that look like one; each keeps the customers of its region.

    Implements `partnerhub.ports.Store`. Every customer needs a region. Documents, which
    belong to no region, are in the first store. A block that writes to several stores
    is undone in all when it raises, and each store is all or nothing; only if one of
    them fails in the moment of committing, another may have committed before it.

    Args:
        stores: Region -> its store.

    Raises:
        InvalidValue: There is no region, or one is told twice or blank.
        StoreError: A store holds customers of another region.
    """

    def __init__(self, stores: Mapping[str, Store]) -> None:
        by_region: dict[str, Store] = {}
        for name, store in stores.items():
            region = parse_region(name)
            if region is None or region in by_region:
                why = "each store has a region, and each region one store"
                raise InvalidValue("region of a store", name, why)
            others = [r for r in store.regions() if r is not None and r != region]
            if others:
                raise StoreError(
                    store.name,
                    f"it is to be the store of {region} and holds customers of "
                    f"{', '.join(others)}",
                )
            by_region[region] = store
        if not by_region:
            raise InvalidValue("region of a store", "", "name the store of each region")
        self._stores: Mapping[str, Store] = by_region

    @property
    def name(self) -> str:
        """Where they are; never holds a password."""
        return ", ".join(f"{region}={s.name}" for region, s in self._stores.items())

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.name}>"

    def close(self) -> None:
        """Gives up connections and files."""
        with ExitStack() as stack:
            for store in self._stores.values():
                stack.callback(store.close)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @contextmanager
    def writing(self) -> Iterator[Writer]:
        """A transaction in each store that is written to."""
        with ExitStack() as stack:
            yield _RegionalWriter(self._stores, stack)

    # reading

    def _asked(self, scope: Scope) -> list[Store]:
        """The stores of a scope's regions; others are not even looked at."""
        if scope.regions is None:
            return list(self._stores.values())
        wanted = [s for region, s in self._stores.items() if region in scope.regions]
        return wanted or [self._first]

    def regions(self) -> tuple[str | None, ...]:
        """Regions in which any customer lies, in the order of `regions.in_order`."""
        return in_order(r for store in self._stores.values() for r in store.regions())

    def first_day(self) -> pendulum.Date | None:
        """The earliest day of which anything is known; None of empty stores."""
        days = [store.first_day() for store in self._stores.values()]
        return min((day for day in days if day is not None), default=None)

    def count(self, at: dt.date, scope: Scope = EVERYTHING) -> int:
        """How many customers were known on a day."""
        return sum(store.count(at, scope) for store in self._asked(scope))

    def candidates(
        self, node: Filter, at: dt.date, *, policy: StatusPolicy
    ) -> tuple[str, ...] | None:
        """Uuids among which are all customers that a filter finds on a day."""
        found: list[str] = []
        for store in self._stores.values():
            some = store.candidates(node, at, policy=policy)
            if some is None:
                return None
            found += some
        return tuple(found)

    def writes(self) -> int | None:
        """How often anybody has written to any; None where that may yet be undone."""
        counts = [store.writes() for store in self._stores.values()]
        known = [count for count in counts if count is not None]
        return sum(known) if len(known) == len(counts) else None

    def portfolio(self, at: dt.date, scope: Scope = EVERYTHING) -> Portfolio:
        """All customers and what they held on a day."""
        parts = [store.portfolio(at, scope) for store in self._asked(scope)]
        return parts[0] if len(parts) == 1 else join_portfolios(parts)

    def timeline(self, last: dt.date, scope: Scope = EVERYTHING) -> Timeline:
        """Every version of what customers held until a day."""
        parts = [store.timeline(last, scope) for store in self._asked(scope)]
        return parts[0] if len(parts) == 1 else join_timelines(parts)

    def inventory(
        self, dataset: Dataset, at: dt.date, scope: Scope = EVERYTHING
    ) -> Inventory:
        """The devices, numbers or app versions of a day."""
        parts = [store.inventory(dataset, at, scope) for store in self._asked(scope)]
        return parts[0] if len(parts) == 1 else join_inventories(parts)

    def usage(
        self, first: dt.date, last: dt.date, scope: Scope = EVERYTHING
    ) -> UsageColumns:
        """Calling usage rows of exactly the days `first..last`."""
        parts = [store.usage(first, last, scope) for store in self._asked(scope)]
        return parts[0] if len(parts) == 1 else join_usage(parts)

    def usage_within(
        self, first: dt.date, last: dt.date, scope: Scope = EVERYTHING
    ) -> UsageColumns:
        """Calling usage rows of any range of days inside these."""
        parts = [store.usage_within(first, last, scope) for store in self._asked(scope)]
        return parts[0] if len(parts) == 1 else join_usage(parts)

    def tags(self) -> Mapping[str, tuple[str, ...]]:
        """The tags of every customer that has any, by uuid."""
        found = [each for s in self._stores.values() for each in s.tags().items()]
        return dict(sorted(found))

    def subscription_tags(self) -> Mapping[tuple[str, str], tuple[str, ...]]:
        """The tags of every subscription that has any."""
        stores = self._stores.values()
        found = [each for s in stores for each in s.subscription_tags().items()]
        return dict(sorted(found))

    def tagged(self, organizations: Iterable[str]) -> Mapping[str, Tagged]:
        """The own tags of these customers, and the versions to edit them by."""
        wanted, found = tuple(organizations), dict[str, Tagged]()
        for store in self._stores.values():
            found |= store.tagged(wanted)
        return found

    def find_by_email(self, address: str | None) -> tuple[str, ...]:
        """Uuids of the customers with a user of that address, in any case."""
        stores = self._stores.values()
        return tuple(sorted(uuid for s in stores for uuid in s.find_by_email(address)))

    def profile(self, organization: str) -> Profile | None:
        """One organization; None where nothing is known of that uuid."""
        for store in self._stores.values():
            found = store.profile(organization)
            if found is not None:
                return found
        return None

    def document(self, kind: str, id: str, /) -> Document | None:
        """One document; None where there is none."""
        return self._first.document(kind, id)

    def documents(self, kind: str, /) -> tuple[Document, ...]:
        """All documents of a kind, by code point order of their id."""
        return self._first.documents(kind)


class _RegionalWriter(RegionalCallWriter, FirstStoreWriter):
    """Implements `partnerhub.ports.Writer`; begins a transaction where it is needed."""

    def __init__(self, stores: Mapping[str, Store], stack: ExitStack) -> None:
        self._stores = stores
        self._stack = stack
        self._writers: dict[str, Writer] = {}
        self._homes: dict[str, str] = {}

    def _writer(self, region: str) -> Writer:
        if region not in self._writers:
            begun = self._stores[region].writing()
            self._writers[region] = self._stack.enter_context(begun)
        return self._writers[region]

    def _find_homes(self, uuids: Iterable[str]) -> None:
        """Finds in whose stores customers are, of many at once."""
        left = tuple(dict.fromkeys(uuid for uuid in uuids if uuid not in self._homes))
        for region, store in self._stores.items() if left else ():
            self._homes |= dict.fromkeys(store.tagged(left), region)

    def _homes_of(self, uuids: Array) -> Array:
        listed = uuids.tolist()
        self._find_homes(listed)
        homes = np.empty(len(listed), dtype=object)
        homes[:] = list(map(self._known_home, listed))
        return homes

    def _known_home(self, uuid: str) -> str:
        if uuid not in self._homes:
            self._find_homes((uuid,))
        if uuid not in self._homes:
            raise NotFound("customer", uuid)
        return self._homes[uuid]

    def put_organizations(self, facts: Iterable[OrganizationFacts]) -> OrganizationsPut:
        """Creates and updates organizations; conflicting regions are left as known."""
        by_region: dict[str, list[OrganizationFacts]] = {}
        conflicts: list[RegionConflict] = []
        told = list(facts)
        self._find_homes(fact.id for fact in told)
        for fact in told:
            home = self._homes.get(fact.id)
            region = home or fact.region
            if region is None or region not in self._stores:
                conflicts.append(
                    RegionConflict(
                        organization=fact.id,
                        known=None,
                        told=region,
                        choices=tuple(self._stores),
                    )
                )
                continue
            if home is not None and fact.region not in {None, home}:
                conflicts.append(
                    RegionConflict(
                        organization=fact.id, known=home, told=str(fact.region)
                    )
                )
                continue
            self._homes[fact.id] = region
            here = attrs.evolve(fact, region=region)
            by_region.setdefault(region, []).append(here)
        changed: set[str] = set()
        for region, told_here in by_region.items():
            put = self._writer(region).put_organizations(told_here)
            changed |= put.changed
            conflicts += put.conflicts
        return OrganizationsPut(changed=frozenset(changed), conflicts=tuple(conflicts))

    def put_records(self, records: DatedRecords) -> Bools:
        """Merges dated rows, each in the store of its customer."""
        changed = np.zeros(len(records), np.bool_)
        pictures = records.pictures
        homes = self._homes_of(records.organization)
        pictured = self._homes_of(
            np.empty(0, object) if pictures is None else pictures.organization
        )
        for region in dict.fromkeys((*homes.tolist(), *pictured.tolist())):
            rows = np.flatnonzero(homes == region)
            part = records.take(rows)
            if pictures is not None:
                mine = pictured == region
                kept = FullPictures(pictures.organization[mine], pictures.day[mine])
                part = attrs.evolve(part, pictures=kept)
            changed[rows] = self._writer(region).put_records(part)
        return changed

    def put_usage(self, usage: UsageColumns) -> Bools:
        """Replaces usage rows, each in the store of its customer."""
        changed = np.zeros(len(usage), np.bool_)
        for region, rows in self._by_home(usage.organization):
            changed[rows] = self._writer(region).put_usage(usage.take(rows))
        return changed

    def set_tags(
        self,
        organization: str,
        tags: tuple[str, ...],
        *,
        day: dt.date,
        subscription: str | None = None,
        version: int | None = None,
    ) -> int:
        """Replaces the tags of a customer, or of one of its subscriptions."""
        return self._writer(self._known_home(organization)).set_tags(
            organization, tags, day=day, subscription=subscription, version=version
        )

    def set_region(self, organization: str, region: str) -> int:
        """Refuses another region than that of the store a customer is in."""
        home = self._known_home(organization)
        if region != home:
            why = f"its data are in the store of {home}, and stay there"
            raise InvalidValue(f"region for {organization}", region, why)
        return self._writer(home).set_region(organization, region)

    def tagged(self, organizations: Iterable[str]) -> Mapping[str, Tagged]:
        """The own tags of these customers; nobody else edits them until it ends."""
        wanted, found = tuple(organizations), dict[str, Tagged]()
        self._find_homes(wanted)
        homes = {self._homes.get(uuid) for uuid in wanted}
        # In one order, and the first, where edits are noted, always: two writers that
        # began stores in different orders would wait for each other.
        for place, region in enumerate(self._stores):
            if region in homes or not place:
                found |= self._writer(region).tagged(wanted)
        return found

    def edit_tags(self, edits: Iterable[Tagged], *, day: dt.date) -> tuple[str, ...]:
        """Replaces the own tags of many customers; those changed since are left."""
        by_home: dict[str | None, list[Tagged]] = {}
        asked = list(edits)
        self._find_homes(edit.customer for edit in asked)
        for edit in asked:
            home = self._homes.get(edit.customer)
            by_home.setdefault(home, []).append(edit)
        conflicts = [edit.customer for edit in by_home.pop(None, ())]
        for region, some in by_home.items():
            conflicts += self._writer(str(region)).edit_tags(some, day=day)
        return tuple(conflicts)

    def put_document(self, document: Document, /) -> int:
        """Keeps a document over the version it was read at."""
        return self._first.put_document(document)

    def delete_document(self, kind: str, id: str, /, *, version: int) -> None:
        """Removes a document."""
        self._first.delete_document(kind, id, version=version)
