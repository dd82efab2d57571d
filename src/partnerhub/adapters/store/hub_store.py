"""A store made of a backend: what partnerhub reads and writes, whatever the engine."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Self

import pendulum

from partnerhub.adapters.backend import Backend, StoredDocument
from partnerhub.adapters.store import assembling, timelines
from partnerhub.adapters.store.calls import CallReads
from partnerhub.adapters.store.runs import RunReading
from partnerhub.adapters.store.writer import (
    HubWriter,
    folded,
    organization_row,
    tagged_in,
)
from partnerhub.columns.datasets import Dataset
from partnerhub.columns.inventory import Inventory
from partnerhub.columns.portfolio import Portfolio
from partnerhub.columns.timeline import Timeline
from partnerhub.columns.usage import UsageColumns
from partnerhub.domain.days import as_day, day_number
from partnerhub.domain.filters import Filter
from partnerhub.domain.organizations import clean_text, clean_texts
from partnerhub.domain.policies import StatusPolicy
from partnerhub.domain.regions import in_order
from partnerhub.ports import (
    EVERYTHING,
    Document,
    Profile,
    Scope,
    Tagged,
    Writer,
)


class HubStore(CallReads, RunReading):
    """Reads and writes one partner's data in a backend.

    Implements `partnerhub.ports.Store`, which documents the methods.
    """

    def __init__(self, backend: Backend) -> None:
        self._backend = backend

    @property
    def backend(self) -> Backend:
        """What keeps the data; for copying and backups."""
        return self._backend

    @property
    def name(self) -> str:
        """Where it is; never holds a password."""
        return self._backend.name

    @property
    def legs_elsewhere(self) -> int | None:
        """How many call legs lie in a folder; None where the backend keeps them."""
        return None

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
            yield HubWriter(self._backend)

    def regions(self) -> tuple[str | None, ...]:
        """Regions in which any customer lies, in the order of `regions.in_order`."""
        with self._backend.reading():
            rows = self._backend.organizations(EVERYTHING)
        return in_order(row.region for row in rows)

    def first_day(self) -> pendulum.Date | None:
        """The earliest day of which anything is known; None of an empty store."""
        with self._backend.reading():
            day = self._backend.first_day()
        return None if day is None else pendulum.date(1970, 1, 1).add(days=day)

    def count(self, at: dt.date, scope: Scope = EVERYTHING) -> int:
        """How many customers were known on a day."""
        day = day_number(as_day(at))
        with self._backend.reading():
            rows = self._backend.organizations(scope)
        return sum(row.known_since <= day for row in rows)

    def candidates(
        self, node: Filter, at: dt.date, *, policy: StatusPolicy
    ) -> tuple[str, ...] | None:
        """Uuids among which are all customers that a filter finds on a day."""
        with self._backend.reading():
            found = self._backend.candidates(node, as_day(at), policy=policy)
        return None if found is None else tuple(found)

    def writes(self) -> int | None:
        """How often anybody has written to it; None where that may yet be undone."""
        with self._backend.reading():
            return self._backend.writes()

    def portfolio(self, at: dt.date, scope: Scope = EVERYTHING) -> Portfolio:
        """All customers and what they held on a day."""
        with self._backend.reading():
            return assembling.portfolio(self._backend, as_day(at), scope)

    def timeline(self, last: dt.date, scope: Scope = EVERYTHING) -> Timeline:
        """Every version of what customers held until a day."""
        with self._backend.reading():
            return timelines.timeline(self._backend, as_day(last), scope)

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

    def usage_within(
        self, first: dt.date, last: dt.date, scope: Scope = EVERYTHING
    ) -> UsageColumns:
        """Calling usage rows of any range of days inside these."""
        days = day_number(as_day(first)), day_number(as_day(last))
        with self._backend.reading():
            return self._backend.usage_within(*days, scope)

    def tags(self) -> Mapping[str, tuple[str, ...]]:
        """The tags of every customer that has any, by uuid."""
        with self._backend.reading():
            return self._backend.tags()

    def subscription_tags(self) -> Mapping[tuple[str, str], tuple[str, ...]]:
        """The tags of every subscription that has any."""
        with self._backend.reading():
            return self._backend.thing_tags()

    def tagged(self, organizations: Iterable[str]) -> Mapping[str, Tagged]:
        """The own tags of these customers, and the versions to edit them by."""
        with self._backend.reading():
            return tagged_in(self._backend, organizations)

    def find_by_email(self, address: str | None) -> tuple[str, ...]:
        """Uuids of the customers with a user of that address, or of any."""
        wanted = None if address is None else folded(clean_text(address))
        with self._backend.reading():
            return self._backend.organizations_of_email(wanted)

    def profile(self, organization: str) -> Profile | None:
        """One organization; None where nothing is known of that uuid."""
        with self._backend.reading():
            row = organization_row(self._backend, organization)
            if row is None:
                return None
            return Profile(
                id=row.id,
                name=row.name,
                region=row.region,
                industry=row.industry,
                external_id=row.external_id,
                user_emails=self._backend.emails_of(row.key),
                tags=self._backend.tags_of(row.key),
                version=row.version,
            )

    def document(self, kind: str, id: str, /) -> Document | None:
        """One document; None where there is none."""
        clean_texts((kind, id))
        with self._backend.reading():
            found = self._backend.document(kind, id)
        return None if found is None else _document(found)

    def documents(self, kind: str, /) -> tuple[Document, ...]:
        """All documents of a kind, by code point order of their id."""
        clean_text(kind)
        with self._backend.reading():
            return tuple(map(_document, self._backend.documents(kind)))


def _document(stored: StoredDocument) -> Document:
    return Document(
        kind=stored.kind,
        id=stored.id,
        version=stored.version,
        body=json.loads(stored.body),
    )
