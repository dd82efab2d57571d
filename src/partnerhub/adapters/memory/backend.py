"""The memory backend: the plainest one, by which the others are judged."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import numpy as np

from partnerhub.adapters.backend import StoredDocument
from partnerhub.adapters.memory.calls import CallState, MemoryCalls
from partnerhub.adapters.memory.people import MemoryPeople
from partnerhub.adapters.memory.runs import MemoryRuns, RunState
from partnerhub.adapters.memory.state import State, UsageKey
from partnerhub.adapters.memory.things import MemoryThings
from partnerhub.columns.records import EPOCH, day_numbers
from partnerhub.columns.unknown import Ints
from partnerhub.columns.usage import USAGE_COUNTS, UsageColumns
from partnerhub.domain.filters import Filter
from partnerhub.domain.policies import StatusPolicy
from partnerhub.ports import Scope


class MemoryBackend(MemoryPeople, MemoryThings, MemoryCalls, MemoryRuns):
    """Keeps everything in dictionaries and arrays of this process."""

    name = "memory:"

    def __init__(self) -> None:
        self._state = State()
        self._lock = threading.RLock()
        self._inside = False
        self._writes = 0

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Works on the state itself, and puts the old one back if that fails."""
        with self._lock:
            if self._inside:
                raise RuntimeError("this thread is inside a transaction of this store")
            before = self._state.copied()
            self._inside = True
            try:
                yield
            except BaseException:
                self._state = before
                raise
            finally:
                self._inside = False
                self._writes += 1

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Waits for a writer to end."""
        with self._lock:
            yield

    def candidates(
        self,
        node: Filter,  # noqa: ARG002 - of the protocol
        at: dt.date,  # noqa: ARG002 - of the protocol
        *,
        policy: StatusPolicy,  # noqa: ARG002 - of the protocol
    ) -> list[str] | None:
        """Nothing narrows them down: all are in memory anyway."""
        return None

    def writes(self) -> int | None:
        """How many write transactions there have been; None inside one."""
        return None if self._inside else self._writes

    def close(self) -> None:
        """Nothing to give up."""

    @property
    def _runs(self) -> RunState:
        return self._state.runs

    @property
    def _calls(self) -> CallState:
        return self._state.calls

    # documents

    def document(self, kind: str, id: str, /) -> StoredDocument | None:
        """One document."""
        return self._state.documents.get((kind, id))

    def documents(self, kind: str | None = None, /) -> list[StoredDocument]:
        """Those of a kind, or all, by code point order of kind and id."""
        rows = sorted(self._state.documents.items())
        return [row for (of, _), row in rows if kind is None or of == kind]

    def set_document(self, document: StoredDocument, /) -> None:
        """Keeps a document in place of the one with its kind and id."""
        self._state.documents[document.kind, document.id] = document

    def remove_document(self, kind: str, id: str, /) -> None:
        """Removes a document."""
        del self._state.documents[kind, id]

    # calling usage

    def usage(self, first: int, last: int, scope: Scope) -> UsageColumns:
        """Usage rows of exactly these days."""
        inside = {row.key for row in self.organizations(scope)}
        return self._usage(
            key
            for key in self._state.usage
            if key[2:] == (first, last) and key[0] in inside
        )

    def usage_within(self, first: int, last: int, scope: Scope) -> UsageColumns:
        """Usage rows of any days inside these."""
        inside = {row.key for row in self.organizations(scope)}
        return self._usage(
            key
            for key in self._state.usage
            if first <= key[2] and key[3] <= last and key[0] in inside
        )

    def usage_of(self, organizations: Ints) -> UsageColumns:
        """All usage rows of these customers, of whatever days, in a fixed order."""
        wanted = set(organizations.tolist())
        return self._usage(key for key in self._state.usage if key[0] in wanted)

    def _usage(self, keys: Iterable[UsageKey]) -> UsageColumns:
        id_of = {row.key: row.id for row in self._state.organizations.values()}
        found = sorted(
            (id_of[key[0]], *key[1:], self._state.usage[key]) for key in keys
        )
        counts = np.array([row[4] for row in found], np.int64)
        counts = counts.reshape(len(found), len(USAGE_COUNTS))
        return UsageColumns(
            organization=np.array([row[0] for row in found], object),
            location=np.array([row[1] for row in found], object),
            first=EPOCH + np.array([row[2] for row in found], np.int64),
            last=EPOCH + np.array([row[3] for row in found], np.int64),
            counts=dict(zip(USAGE_COUNTS, counts.T, strict=True)),
        )

    def put_usage(self, organization: Ints, usage: UsageColumns) -> None:
        """Replaces the rows of the same customer, location and days."""
        unknown = np.full(len(usage), -1, np.int64)
        told = zip(
            organization.tolist(),
            usage.location.tolist(),
            day_numbers(usage.first).tolist(),
            day_numbers(usage.last).tolist(),
            *(usage.counts.get(name, unknown).tolist() for name in USAGE_COUNTS),
            strict=True,
        )
        self._state.usage.update({row[:4]: row[4:] for row in told})
