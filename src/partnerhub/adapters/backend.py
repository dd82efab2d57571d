"""What a storage engine must do: keep keys, runs and pictures. Nothing of rules.

`partnerhub.adapters.store.hub_store.HubStore` makes a store of any backend, so that merging,
dating and building columns are written once for memory, SQLite and PostgreSQL.
Organizations, things and texts are known by small integer keys of the backend's own.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from contextlib import AbstractContextManager
from typing import Any, Protocol, Self

import attrs
import numpy as np

from partnerhub.adapters.call_backend import CallBackend
from partnerhub.adapters.run_backend import RunBackend
from partnerhub.columns.datasets import Dataset
from partnerhub.columns.history import Pictures, Runs
from partnerhub.columns.text import TextColumn
from partnerhub.columns.unknown import Array, Codes, Ints
from partnerhub.columns.usage import UsageColumns
from partnerhub.domain.days import day_number
from partnerhub.domain.filters import Filter
from partnerhub.domain.policies import StatusPolicy
from partnerhub.ports import OrganizationFacts, Scope

NO_PARENT = 0
"""The parent key of a thing that belongs to its customer alone."""

NOT_YET = 2**62
"""First day of what no file has told of."""

NEVER = -NOT_YET
"""Newest day of what no file has told of."""


@attrs.frozen(kw_only=True)
class OrganizationRow:
    """An organization as stored."""

    key: int
    id: str
    name: str = ""
    region: str | None = None
    industry: str | None = None
    external_id: str | None = None
    known_since: int = NOT_YET
    """Day of the oldest file that tells of it, in days since 1970-01-01."""
    name_day: int = NEVER
    """Day of the file that the name is from; a newer one changes it."""
    industry_day: int = NEVER
    external_id_day: int = NEVER
    emails_day: int = NEVER
    tags_day: int = NEVER
    version: int = 0
    """Goes up with every change that an editor sees."""


@attrs.frozen(kw_only=True, eq=False)
class Held:
    """The runs of one dataset that hold on a day, with the things they are of.

    Numbers are int32: keys and days fit, and of a million runs every byte counts.

    Attributes:
        key: The thing of each run, `(n,)`.
        day: First day of the run, in days since 1970-01-01, `(n,)`.
        until: First day on which it no longer holds, `(n,)`.
        seen: Last day on which a source that is no full picture told of it, `(n,)`.
        organization: Key of the customer of each run, `(n,)`.
        parent: Key of the parent thing, or `NO_PARENT`, `(n,)`.
        identity: Identity of the thing.
        first_day: The first day on which it was ever seen, `(n,)`.
        fields: Field name -> its column, see `partnerhub.columns.unknown`; of texts
            their keys, -1 where not known.
    """

    key: Codes
    day: Codes
    until: Codes
    seen: Codes
    organization: Codes
    parent: Codes
    identity: TextColumn
    first_day: Codes
    fields: Mapping[str, Array]

    def __len__(self) -> int:
        return len(self.key)

    def take(self, rows: Array) -> Held:
        """The chosen runs with their things, in the order given."""
        return Held(
            key=self.key[rows],
            day=self.day[rows],
            until=self.until[rows],
            seen=self.seen[rows],
            organization=self.organization[rows],
            parent=self.parent[rows],
            identity=self.identity.take(rows),
            first_day=self.first_day[rows],
            fields={name: column[rows] for name, column in self.fields.items()},
        )


@attrs.frozen(kw_only=True, eq=False)
class Things:
    """Things of one dataset, in the order of their keys.

    Attributes:
        key: Their keys, `(n,)`.
        organization: Key of the customer of each, `(n,)`.
        parent: Key of the parent thing, or `NO_PARENT`, `(n,)`.
        identity: What tells it apart within those, object `(n,)`.
        first_day: The first day on which it was ever seen, `(n,)`.
    """

    key: Ints
    organization: Ints
    parent: Ints
    identity: Array
    first_day: Ints

    def __len__(self) -> int:
        return len(self.key)

    @classmethod
    def none(cls) -> Self:
        """No things."""
        none = np.empty(0, np.int64)
        return cls(
            key=none,
            organization=none,
            parent=none,
            identity=np.empty(0, dtype=object),
            first_day=none,
        )


@attrs.frozen(kw_only=True)
class StoredDocument:
    """A document as stored: its body is JSON text."""

    kind: str
    id: str
    version: int
    body: str


class Backend(CallBackend, RunBackend, Protocol):
    """One storage engine."""

    name: str

    def writing(self) -> AbstractContextManager[None]:
        """A write transaction; alone among writers, unseen by readers until done."""
        ...

    def reading(self) -> AbstractContextManager[None]:
        """One consistent state for several reads."""
        ...

    def close(self) -> None:
        """Gives up connections and files."""
        ...

    # keys; in a write transaction unknown ones are made

    def next_organization_key(self) -> int:
        """A key that no organization has; the following ones are free too."""
        ...

    def organization_keys(self, uuids: list[str], day: Ints | None = None) -> Ints:
        """The keys of these distinct uuids, made where new, `(n,)`.

        Each is known since that day from now on, or since an earlier one.
        """
        ...

    def thing_keys(
        self,
        dataset: Dataset,
        organization: Ints,
        parent: Ints,
        identity: Array,
        day: Ints,
    ) -> Ints:
        """The keys of these things seen on these days, made where new, `(n,)`."""
        ...

    def text_keys(self, texts: list[str]) -> Ints:
        """The keys of these texts, made where new, `(n,)`."""
        ...

    def texts(self, keys: Ints) -> list[str]:
        """The texts of these distinct keys."""
        ...

    def things_of(self, dataset: Dataset, organizations: Ints) -> Things:
        """All things of these customers."""
        ...

    # history

    def runs_of(
        self, dataset: Dataset, organizations: Ints, since: int
    ) -> tuple[Runs, Ints]:
        """Runs of these customers not over before `since`, sorted, and whose they are."""
        ...

    def replace_runs(
        self, dataset: Dataset, old: Runs, new: Runs, organization: Ints
    ) -> None:
        """Drops the old runs and keeps the new ones, of these customers, `(new,)`."""
        ...

    def pictures_of(self, name: str, organizations: Ints) -> Pictures:
        """All full pictures of these customers."""
        ...

    def add_pictures(self, name: str, pictures: Pictures) -> None:
        """Notes full pictures; those known already stay."""
        ...

    def held_on(self, dataset: Dataset, day: int, scope: Scope) -> Held:
        """The runs that hold on a day, or were gone by then."""
        ...

    def newest_pictures(self, name: str, day: int, scope: Scope) -> Mapping[int, int]:
        """Customer -> day of its newest full picture at or before `day`."""
        ...

    def first_pictures(self, name: str) -> Mapping[str | None, int]:
        """Region -> day of the first full picture of any of its customers."""
        ...

    def first_day(self) -> int | None:
        """The earliest day of any run; None when there is none."""
        ...

    def candidates(
        self, node: Filter, at: dt.date, *, policy: StatusPolicy
    ) -> list[str] | None:
        """Uuids among which are all customers that a filter finds on a day.

        None where the engine cannot narrow them down.
        """
        ...

    def writes(self) -> int | None:
        """How many write transactions have been kept, in whatever process.

        None inside a transaction that may yet be undone.
        """
        ...

    # organizations

    def organizations(self, scope: Scope) -> list[OrganizationRow]:
        """The organizations of a scope, by code point order of their uuid."""
        ...

    def update_organizations(self, rows: Iterable[OrganizationRow]) -> None:
        """Keeps these rows, in place of those with their keys."""
        ...

    def emails_of(self, organization: int) -> tuple[str, ...]:
        """The addresses of a customer, sorted."""
        ...

    def tags_of(self, organization: int, thing: int = NO_PARENT) -> tuple[str, ...]:
        """The tags of a customer, or of one of its subscriptions, in their order."""
        ...

    def set_emails(self, organization: int, addresses: tuple[str, ...]) -> None:
        """Replaces the addresses of a customer; they are case-folded already."""
        ...

    def organizations_of_email(self, address: str | None) -> tuple[str, ...]:
        """Uuids of the customers with that case-folded address, or any, sorted."""
        ...

    def set_tags(
        self, organization: int, tags: tuple[str, ...], thing: int = NO_PARENT
    ) -> None:
        """Replaces the tags of a customer, or of one of its subscriptions."""
        ...

    def set_own_tags(self, tags: Mapping[int, tuple[str, ...]]) -> None:
        """Replaces the own tags of many customers, by key."""
        ...

    def tags(self, organizations: Ints | None = None) -> Mapping[str, tuple[str, ...]]:
        """Uuid -> tags, of every customer, or of these, that has any."""
        ...

    def thing_tags(
        self, organizations: Ints | None = None
    ) -> Mapping[tuple[str, str], tuple[str, ...]]:
        """Uuid and identity -> tags, of every subscription, or of those of these."""
        ...

    # documents

    def document(self, kind: str, id: str, /) -> StoredDocument | None:
        """One document."""
        ...

    def documents(self, kind: str | None = None, /) -> list[StoredDocument]:
        """Those of a kind, or all, by code point order of kind and id."""
        ...

    def set_document(self, document: StoredDocument, /) -> None:
        """Keeps a document in place of the one with its kind and id."""
        ...

    def remove_document(self, kind: str, id: str, /) -> None:
        """Removes a document."""
        ...

    # calling usage

    def usage(self, first: int, last: int, scope: Scope) -> UsageColumns:
        """Usage rows of exactly these days."""
        ...

    def usage_within(self, first: int, last: int, scope: Scope) -> UsageColumns:
        """Usage rows of any days inside these."""
        ...

    def usage_of(self, organizations: Ints) -> UsageColumns:
        """All usage rows of these customers, of whatever days, in a fixed order."""
        ...

    def put_usage(self, organization: Ints, usage: UsageColumns) -> None:
        """Replaces the rows of the same customer, location and days."""
        ...


def new_facts(known: OrganizationRow, told: OrganizationFacts) -> OrganizationRow:
    """The row after a source has spoken; its version is not touched.

    For each text the newest file that tells it wins, in whatever order files are read.
    """
    day = day_number(told.day)
    changes: dict[str, Any] = {}
    for field in ("name", "industry", "external_id"):
        text = getattr(told, field)
        if text and day >= getattr(known, f"{field}_day"):
            changes |= {field: text, f"{field}_day": day}
    if told.region and not known.region:
        changes["region"] = told.region
    if day < known.known_since:
        changes["known_since"] = day
    return attrs.evolve(known, **changes) if changes else known
