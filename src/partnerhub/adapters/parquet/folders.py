"""A store whose call legs lie in a folder of Parquet files.

The folder is changed inside the store's write transactions, of which there is one at
a time, and its changes are published just before the transaction is kept: a process
killed between the two leaves records of a file whose taking was not noted, and taking
it again sets that right.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import numpy as np

from partnerhub.adapters.backend import Backend
from partnerhub.adapters.parquet.dataset import LegDataset, LegStage
from partnerhub.adapters.store.hub_store import HubStore
from partnerhub.adapters.store.writer import HubWriter
from partnerhub.columns.leg_records import LegRecords
from partnerhub.columns.legs import LegColumns
from partnerhub.columns.unknown import Ints
from partnerhub.domain.regions import ALL
from partnerhub.ports import (
    EVERYTHING,
    OrganizationFacts,
    OrganizationsPut,
    Scope,
    Writer,
)

_NO_REGION = ""


class LegFolderStore(HubStore):
    """A store over a backend, with its call legs in a data set.

    Args:
        backend: Keeps all else.
        dataset: Keeps the legs.
    """

    def __init__(self, backend: Backend, dataset: LegDataset) -> None:
        super().__init__(backend)
        self._dataset = dataset

    @property
    def legs_elsewhere(self) -> int:
        """How many call legs lie in the folder."""
        return self._dataset.rows

    @contextmanager
    def writing(self) -> Iterator[Writer]:
        """A transaction: committed when the block ends, undone when it raises."""
        with self._backend.writing():
            stage = self._dataset.stage()
            try:
                yield _FolderWriter(self._backend, stage)
                stage.publish()
            except BaseException:
                stage.discard()
                raise

    def legs(
        self, first: dt.date, last: dt.date, scope: Scope = EVERYTHING
    ) -> Iterator[LegColumns]:
        """The call legs that begin on these days, file by file."""
        if scope == EVERYTHING:
            yield from self._dataset.chunks(first=first, last=last)
            return
        with self._backend.reading():
            who = [row.id for row in self._backend.organizations(scope)]
        for region in (ALL,) if scope.regions is None else scope.regions:
            yield from self._dataset.chunks(
                region=region, first=first, last=last, customers=who
            )


class _FolderWriter(HubWriter):
    """Implements `partnerhub.ports.Writer` over a backend and a data set."""

    def __init__(self, backend: Backend, stage: LegStage) -> None:
        super().__init__(backend)
        self._stage = stage

    def _keep(self, keys: Ints, records: LegRecords) -> int:
        """Keeps records in the files of their region and week."""
        places = records.legs.places
        scope = Scope(organizations=tuple(places.customers.tolist()))
        known = {row.key: row.region for row in self._backend.organizations(scope)}
        distinct, code = np.unique(keys, return_inverse=True)
        regions = [known[key] or _NO_REGION for key in distinct.tolist()]
        taken = 0
        for region in sorted(set(regions)):
            mine = np.array([each == region for each in regions], np.bool_)
            part = records.take(np.flatnonzero(mine[code]))
            put = self._stage.append(part, region=region or None)
            taken += put.added + put.replaced
        return taken

    def put_organizations(self, facts: Iterable[OrganizationFacts]) -> OrganizationsPut:
        """Takes organizations in; legs go where their customer's data now lie."""
        put = super().put_organizations(facts)
        if put.changed and _NO_REGION in self._stage.regions():
            scope = Scope(organizations=tuple(put.changed))
            placed: dict[str, list[str]] = {}
            for row in self._backend.organizations(scope):
                if row.region:
                    placed.setdefault(row.region, []).append(row.id)
            for region, customers in placed.items():
                self._stage.move(customers, region=region)
        return put

    def set_region(self, organization: str, region: str) -> int:
        """Says where a customer's data are kept, its legs too."""
        version = super().set_region(organization, region)
        self._stage.move((organization,), region=region)
        return version

    def _join(self, calls: set[str]) -> int:
        """Gives legs the new quality of their calls; how many calls have no leg."""
        met = self._stage.join(self._backend.media_of(sorted(calls)))
        self._backend.join_media()
        return len(calls - met)
