"""Writing to a store made of a backend, inside one of its transactions."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Mapping

import attrs
import numpy as np

from partnerhub.adapters.backend import (
    NO_PARENT,
    Backend,
    OrganizationRow,
    StoredDocument,
    new_facts,
)
from partnerhub.adapters.store.calls import CallWrites
from partnerhub.adapters.store.recording import organization_keys, record
from partnerhub.adapters.store.runs import RunWriting
from partnerhub.columns.datasets import SUBSCRIPTIONS
from partnerhub.columns.records import DatedRecords, day_numbers
from partnerhub.columns.unknown import Bools
from partnerhub.columns.usage import USAGE_COUNTS, UsageColumns
from partnerhub.domain.days import as_day, day_number
from partnerhub.domain.errors import ConflictError, InvalidValue, NotFound
from partnerhub.domain.organizations import clean_text, clean_texts, key_text, key_texts
from partnerhub.ports import (
    EVERYTHING,
    Document,
    OrganizationFacts,
    OrganizationsPut,
    RegionConflict,
    Scope,
    Tagged,
)


class HubWriter(CallWrites, RunWriting):
    """Implements `partnerhub.ports.Writer`."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend

    def put_organizations(self, facts: Iterable[OrganizationFacts]) -> OrganizationsPut:
        """Creates and updates organizations; conflicting regions are left as known."""
        told = [_cleaned(fact) for fact in facts]
        scope = Scope(organizations=tuple(dict.fromkeys(fact.id for fact in told)))
        current = {row.id: row for row in self._backend.organizations(scope)}
        next_key = self._backend.next_organization_key()
        conflicts: list[RegionConflict] = []
        changed: dict[str, OrganizationRow] = {}
        for fact in told:
            known = current.get(fact.id)
            if known is None:
                known = OrganizationRow(key=next_key, id=fact.id)
                next_key += 1
            if known.region and fact.region and known.region != fact.region:
                conflicts.append(
                    RegionConflict(
                        organization=known.id, known=known.region, told=fact.region
                    )
                )
                continue
            row = self._put_people(new_facts(known, fact), fact)
            if row == known:
                continue
            if _seen(row) != _seen(known):
                row = attrs.evolve(row, version=known.version + 1)
            current[fact.id] = changed[fact.id] = row
        self._backend.update_organizations(changed.values())
        return OrganizationsPut(changed=frozenset(changed), conflicts=tuple(conflicts))

    def _put_people(
        self, row: OrganizationRow, fact: OrganizationFacts
    ) -> OrganizationRow:
        """Addresses and tags, unless newer ones are known; counted in the version."""
        if fact.user_emails is None and fact.tags is None:
            return row
        day = day_number(as_day(fact.day))
        changed = False
        if fact.user_emails is not None and day >= row.emails_day:
            addresses = tuple(sorted(set(map(folded, fact.user_emails))))
            if addresses != self._backend.emails_of(row.key):
                self._backend.set_emails(row.key, addresses)
                changed = True
            row = attrs.evolve(row, emails_day=day)
        if fact.tags is not None and day >= row.tags_day:
            if fact.tags != self._backend.tags_of(row.key):
                self._backend.set_tags(row.key, fact.tags)
                changed = True
            row = attrs.evolve(row, tags_day=day)
        return attrs.evolve(row, version=row.version + changed)

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
        tags = tuple(map(clean_text, tags))
        row = organization_row(self._backend, organization)
        if row is None:
            raise NotFound("customer", organization)
        if version is not None and version != row.version:
            what = f"customer {organization}"
            raise ConflictError(what, expected=version, found=row.version)
        thing = NO_PARENT
        if subscription is not None:
            thing = self._subscription(row, subscription)
        self._backend.set_tags(row.key, tags, thing)
        own = thing == NO_PARENT
        row = (
            _with_edit(row, day) if own else attrs.evolve(row, version=row.version + 1)
        )
        self._backend.update_organizations([row])
        return row.version

    def set_region(self, organization: str, region: str) -> int:
        """Says where a customer's data are kept, over what files have told."""
        row = organization_row(self._backend, organization)
        if row is None:
            raise NotFound("customer", organization)
        if row.region != region:
            version = row.version + 1
            row = attrs.evolve(row, region=key_text(region), version=version)
            self._backend.update_organizations([row])
        return row.version

    def tagged(self, organizations: Iterable[str]) -> Mapping[str, Tagged]:
        """The own tags of these customers; nobody else edits them until it ends."""
        return tagged_in(self._backend, organizations)

    def edit_tags(self, edits: Iterable[Tagged], *, day: dt.date) -> tuple[str, ...]:
        """Replaces the own tags of many customers; those changed since are left."""
        asked = list(edits)
        scope = Scope(organizations=tuple(edit.customer for edit in asked))
        known = {row.id: row for row in self._backend.organizations(scope)}
        tags: dict[int, tuple[str, ...]] = {}
        edited, conflicts = [], []
        for edit in asked:
            row = known.get(edit.customer)
            if row is None or edit.version not in {None, row.version}:
                conflicts.append(edit.customer)
                continue
            tags[row.key] = tuple(map(clean_text, edit.tags))
            edited.append(_with_edit(row, day))
        if edited:
            self._backend.set_own_tags(tags)
            self._backend.update_organizations(edited)
        return tuple(conflicts)

    def _subscription(self, row: OrganizationRow, identity: str) -> int:
        owner = np.array([row.key], np.int64)
        things = self._backend.things_of(SUBSCRIPTIONS, owner)
        found = np.flatnonzero(things.identity == identity)
        if not len(found):
            raise NotFound("subscription", identity, choices=things.identity.tolist())
        return int(things.key[found[0]])

    def put_document(self, document: Document, /) -> int:
        """Keeps a document over the version it was read at."""
        kind, name = key_text(document.kind), key_text(document.id)
        self._check_version(kind, name, document.version)
        version = document.version + 1
        self._backend.set_document(
            StoredDocument(
                kind=kind, id=name, version=version, body=_json(document.body)
            )
        )
        return version

    def delete_document(self, kind: str, id: str, /, *, version: int) -> None:
        """Removes a document."""
        clean_texts((kind, id))
        if self._backend.document(kind, id) is None:
            raise NotFound(kind, id)
        self._check_version(kind, id, version)
        self._backend.remove_document(kind, id)

    def _check_version(self, kind: str, name: str, expected: int) -> None:
        stored = self._backend.document(kind, name)
        found = 0 if stored is None else stored.version
        if found != expected:
            raise ConflictError(f"{kind} {name!r}", expected=expected, found=found)

    def put_records(self, records: DatedRecords) -> Bools:
        """Merges dated rows; all rows of a customer and day in one call."""
        return record(self._backend, records)

    def put_usage(self, usage: UsageColumns) -> Bools:
        """Replaces usage rows of the same customer, location and days."""
        if not len(usage):
            return np.zeros(0, np.bool_)
        key_texts(usage.location)
        days = day_numbers(usage.last)
        keys = organization_keys(self._backend, usage.organization, days)
        changed = self._changed_usage(usage)
        rows = np.flatnonzero(changed)
        self._backend.put_usage(keys[rows], usage.take(rows))
        return changed

    def _changed_usage(self, usage: UsageColumns) -> Bools:
        """Which rows differ from those known; one range of days a file."""
        known: dict[tuple[object, ...], tuple[int, ...]] = {}
        for first, last in {
            *zip(usage.first.tolist(), usage.last.tolist(), strict=True)
        }:
            there = self._backend.usage(
                day_number(as_day(first)), day_number(as_day(last)), EVERYTHING
            )
            known |= dict(zip(_keys(there), _rows(there), strict=True))
        told = zip(_keys(usage), _rows(usage), strict=True)
        return np.array([known.get(key) != row for key, row in told], np.bool_)


def _keys(usage: UsageColumns) -> Iterable[tuple[object, ...]]:
    return zip(
        usage.organization.tolist(),
        usage.location.tolist(),
        usage.first.tolist(),
        usage.last.tolist(),
        strict=True,
    )


def _rows(usage: UsageColumns) -> Iterable[tuple[int, ...]]:
    unknown = np.full(len(usage), -1, np.int64)
    columns = [usage.counts.get(name, unknown).tolist() for name in USAGE_COUNTS]
    return zip(*columns, strict=True)


def _with_edit(row: OrganizationRow, day: dt.date) -> OrganizationRow:
    """The row after its tags have been edited on a day."""
    newest = max(row.tags_day, day_number(as_day(day)))
    return attrs.evolve(row, tags_day=newest, version=row.version + 1)


def folded(address: str) -> str:
    """An e-mail address as it is kept and compared."""
    return address.strip().casefold()


def organization_row(backend: Backend, uuid: str) -> OrganizationRow | None:
    """What is stored of one organization; None where nothing is known of it."""
    found = backend.organizations(Scope(organizations=(uuid,)))
    return found[0] if found else None


def tagged_in(backend: Backend, organizations: Iterable[str]) -> Mapping[str, Tagged]:
    """The own tags of these customers, and the versions to edit them by."""
    rows = backend.organizations(Scope(organizations=tuple(organizations)))
    tags = backend.tags(np.array([row.key for row in rows], np.int64))
    return {
        row.id: Tagged(customer=row.id, tags=tags.get(row.id, ()), version=row.version)
        for row in rows
    }


def _seen(row: OrganizationRow) -> tuple[object, ...]:
    """What an editor sees of an organization; people count through the version."""
    return row.name, row.region, row.industry, row.external_id, row.version


def _cleaned(fact: OrganizationFacts) -> OrganizationFacts:
    key_texts((fact.id, fact.region or "", *map(folded, fact.user_emails or ())))
    for text in (fact.name, fact.industry, fact.external_id, *(fact.tags or ())):
        clean_text(text or "")
    return fact


def _json(body: object) -> str:
    """A body as text that is the same for equal bodies, in ASCII on every store."""
    try:
        return json.dumps(body, sort_keys=True, allow_nan=False)
    except (TypeError, ValueError) as error:
        raise InvalidValue("document", type(body).__name__, str(error)) from error
