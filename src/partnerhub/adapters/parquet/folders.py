"""A store whose call legs lie in a folder of Parquet files.

The store itself says which list of the folder's parts counts, and says so in the
transaction that the change belongs to. So legs of a transaction that was undone, or
whose process was killed, are never seen, and the next writer removes them. Where a
store has not said so yet, the newest list counts; a store says it before it changes the
folder for the first time.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Final

import numpy as np

from partnerhub.adapters.backend import Backend, StoredDocument
from partnerhub.adapters.parquet.dataset import LegDataset
from partnerhub.adapters.parquet.manifest import Manifest
from partnerhub.adapters.parquet.staging import LegStage
from partnerhub.adapters.store.hub_store import HubStore
from partnerhub.adapters.store.writer import HubWriter
from partnerhub.columns.leg_records import LegRecords
from partnerhub.columns.legs import LegColumns
from partnerhub.columns.unknown import Ints
from partnerhub.domain.errors import StoreCorrupt, StoreError
from partnerhub.domain.regions import ALL
from partnerhub.ports import (
    EVERYTHING,
    OrganizationFacts,
    OrganizationsPut,
    Scope,
    Writer,
)

_NO_REGION: Final = ""
_EVER: Final = (-(2**30), 2**30)
_LIST: Final = ("call-legs", "list")
"""Kind and id of the document that holds the number of the list that counts."""


class LegFolderStore(HubStore):
    """A store over a backend, with its call legs in a data set.

    Args:
        backend: Keeps all else.
        dataset: Keeps the legs. Nobody else writes to it.
    """

    def __init__(self, backend: Backend, dataset: LegDataset) -> None:
        super().__init__(backend)
        self._dataset = dataset
        self._is_told = False

    @property
    def legs_elsewhere(self) -> int:
        """How many call legs lie in the folder."""
        return self._listed().rows

    @contextmanager
    def writing(self) -> Iterator[Writer]:
        """A transaction: committed when the block ends, undone when it raises."""
        self._tell_first()
        with self._backend.writing():
            writer = _FolderWriter(self._backend, self._dataset)
            try:
                yield writer
                writer.publish()
            except BaseException:
                writer.discard()
                raise

    def _tell_first(self) -> None:
        """Says which list counts, where nobody has, before another can be written."""
        if self._is_told:
            return
        with self._backend.reading():
            is_told = _number(self._backend) is not None
        if not is_told:
            listed = self._newest()
            with self._backend.writing():
                if _number(self._backend) is None:
                    _tell(self._backend, listed)
        self._is_told = True

    def _newest(self) -> Manifest:
        """The newest list, where the store has not said which one counts.

        Raises:
            StoreError: Its legs lie in the store itself, where nobody would see them.
        """
        found = self._dataset.listed()
        if not found.number and any(map(len, self._backend.legs(*_EVER, EVERYTHING))):
            raise StoreError(
                self.name,
                "its call records lie in the store and not in a folder: open it "
                "without one (legs, PARTNERHUB_LEGS)",
            )
        return found

    def _listed(self) -> Manifest:
        """The list that counts."""
        with self._backend.reading():
            number = _number(self._backend)
        while True:
            try:
                return (
                    self._newest() if number is None else self._dataset.listed(number)
                )
            except StoreCorrupt:
                before = number
                with self._backend.reading():
                    number = _number(self._backend)
                # Else so much was written meanwhile that it was replaced.
                if number == before:
                    raise

    def legs(
        self, first: dt.date, last: dt.date, scope: Scope = EVERYTHING
    ) -> Iterator[LegColumns]:
        """The call legs that begin on these days, file by file."""
        listed = self._listed()
        if scope == EVERYTHING:
            yield from self._dataset.chunks(first=first, last=last, listed=listed)
            return
        with self._backend.reading():
            who = [row.id for row in self._backend.organizations(scope)]
        for region in (ALL,) if scope.regions is None else scope.regions:
            yield from self._dataset.chunks(
                region=region, first=first, last=last, customers=who, listed=listed
            )


class _FolderWriter(HubWriter):
    """Implements `partnerhub.ports.Writer` over a backend and a data set."""

    def __init__(self, backend: Backend, dataset: LegDataset) -> None:
        super().__init__(backend)
        self._dataset = dataset
        self._begun: LegStage | None = None

    @property
    def _stage(self) -> LegStage:
        """The changes of the folder, begun when they are first asked for."""
        if self._begun is None:
            listed = self._dataset.listed(_number(self._backend))
            self._begun = self._dataset.stage(listed)
        return self._begun

    def publish(self) -> None:
        """Makes the changes of the folder those of the transaction."""
        if self._begun is not None:
            _tell(self._backend, self._begun.publish())

    def discard(self) -> None:
        """Forgets the changes of the folder."""
        if self._begun is not None:
            self._begun.discard()

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
        if not calls:
            return 0
        met = self._stage.join(self._backend.media_of(sorted(calls)))
        return len(calls - met)


def _number(backend: Backend) -> int | None:
    """The number of the list that counts; None where nobody has said so."""
    told = backend.document(*_LIST)
    return None if told is None else int(json.loads(told.body))


def _tell(backend: Backend, listed: Manifest) -> None:
    """Says which list counts."""
    kind, name = _LIST
    told = backend.document(kind, name)
    body = json.dumps(listed.number)
    if told is not None and told.body == body:
        return
    version = 1 if told is None else told.version + 1
    backend.set_document(StoredDocument(kind=kind, id=name, version=version, body=body))
