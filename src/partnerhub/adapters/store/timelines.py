"""Making a timeline of what a backend holds: every run of it, once."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import pendulum

from partnerhub.adapters.backend import Backend
from partnerhub.adapters.store.known_customers import (
    KnownCustomers,
    added_on,
    customer_columns,
    places,
)
from partnerhub.columns.datasets import LICENSES, SUBSCRIPTIONS, Dataset
from partnerhub.columns.history import OPEN, Runs
from partnerhub.columns.records import EPOCH, from_int64
from partnerhub.columns.text import TextColumn
from partnerhub.columns.timeline import (
    LINE_FIELDS,
    SUBSCRIPTION_FIELDS,
    LineVersions,
    SubscriptionVersions,
    Timeline,
)
from partnerhub.columns.unknown import Codes, Ints
from partnerhub.domain.days import day_number
from partnerhub.ports import Scope


def timeline(backend: Backend, last: pendulum.Date, scope: Scope) -> Timeline:
    """Every version of what the customers of a scope held until a day."""
    who = KnownCustomers.known_by(backend, last, scope)
    keys = who.keys
    held = backend.things_of(SUBSCRIPTIONS, keys)
    customer = who.places(held.organization)
    # By their texts: keys tell in which order a store met them.
    order = np.lexsort((TextColumn.of(held.identity.tolist()).ranks(), customer))
    customer, held_keys = customer[order], held.key[order]
    lines = backend.things_of(LICENSES, keys)
    holder = places(held_keys, lines.parent)
    license_of = TextColumn.of(lines.identity.tolist())
    line_order = np.lexsort((license_of.ranks(), holder))
    line_order = line_order[holder[line_order] >= 0]
    versions = _versions(backend, SUBSCRIPTIONS, keys, held_keys, last)
    first_seen = EPOCH + held.first_day[order][versions.thing]
    starts_on = versions.field("starts_on")
    line_versions = _versions(backend, LICENSES, keys, lines.key[line_order], last)
    return Timeline(
        customers=customer_columns(backend, who, last, scope),
        customer=customer,
        holder=holder[line_order].astype(np.int32),
        license=license_of.take(line_order),
        subscriptions=SubscriptionVersions(
            subscription=versions.thing,
            since=versions.since,
            gone=versions.gone,
            commitment_term=versions.texts("commitment_term", backend),
            added_on=added_on(
                backend, who, customer[versions.thing], starts_on, first_seen
            ),
            **versions.fields(set(SUBSCRIPTION_FIELDS) - {"gone", "added_on"}),
        ),
        lines=LineVersions(
            line=line_versions.thing,
            since=line_versions.since,
            gone=line_versions.gone,
            existed=line_versions.field("existed") == 1,
            **line_versions.fields(set(LINE_FIELDS) - {"gone", "existed"}),
        ),
    )


class _Versions:
    """The runs of one dataset, and their ends where nothing follows."""

    def __init__(self, dataset: Dataset, runs: Runs, thing: Codes, last: int) -> None:
        ends = np.flatnonzero(runs.gone & (runs.until <= last))
        rows = np.concatenate((np.arange(len(runs)), ends))
        day = np.concatenate((runs.day, runs.until[ends]))
        gone = np.arange(len(rows)) >= len(runs)
        # One that was gone and came back on the same day is back.
        order = np.lexsort((~gone, day, thing[rows]))
        self._dataset = dataset
        self._values = runs.values[:, rows[order]]
        self.thing: Codes = thing[rows[order]]
        self.since = EPOCH + day[order]
        self.gone = gone[order]

    def texts(self, name: str, backend: Backend) -> TextColumn:
        keys = self._values[self._dataset.field_names.index(name)]
        return TextColumn.of_keys(keys, backend.texts)

    def field(self, name: str) -> Any:
        place = self._dataset.field_names.index(name)
        return from_int64(self._values[place], self._dataset.fields[place].kind)

    def fields(self, names: Iterable[str]) -> dict[str, Any]:
        return {name: self.field(name) for name in names}


def _versions(
    backend: Backend,
    dataset: Dataset,
    organizations: Ints,
    keys: Ints,
    last: pendulum.Date,
) -> _Versions:
    """The versions of these things that begin by a day."""
    runs, _ = backend.runs_of(dataset, organizations, -OPEN)
    thing = places(keys, runs.key)
    until = day_number(last)
    chosen = np.flatnonzero((thing >= 0) & (runs.day <= until))
    return _Versions(dataset, runs.take(chosen), thing[chosen].astype(np.int32), until)
