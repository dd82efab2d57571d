"""Customers in memory: their names, addresses and tags."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import attrs
import numpy as np

from partnerhub.adapters.backend import NO_PARENT, NOT_YET, OrganizationRow
from partnerhub.adapters.memory.state import State
from partnerhub.columns.datasets import SUBSCRIPTIONS
from partnerhub.columns.unknown import Ints
from partnerhub.ports import Scope


class MemoryPeople:
    """The part that keeps customers."""

    _state: State

    def next_organization_key(self) -> int:
        """A key that no organization has; the following ones are free too."""
        return len(self._state.organizations) + 1

    def organization_keys(self, uuids: list[str], day: Ints | None = None) -> Ints:
        """The keys of these uuids, known since that day or earlier, `(n,)`."""
        known = self._state.organizations
        days = [NOT_YET] * len(uuids) if day is None else day.tolist()
        for uuid, since in zip(uuids, days, strict=True):
            row = known.get(uuid) or OrganizationRow(key=len(known) + 1, id=uuid)
            if uuid not in known or since < row.known_since:
                self.update_organizations([attrs.evolve(row, known_since=since)])
        return np.array([known[uuid].key for uuid in uuids], np.int64)

    def organizations(self, scope: Scope) -> list[OrganizationRow]:
        """The organizations of a scope, by code point order of their uuid."""
        known = self._state.organizations
        wanted = known if scope.organizations is None else set(scope.organizations)
        rows = (known[uuid] for uuid in sorted(wanted) if uuid in known)
        return [
            row for row in rows if scope.regions is None or row.region in scope.regions
        ]

    def update_organizations(self, rows: Iterable[OrganizationRow]) -> None:
        """Keeps these rows, in place of those with their keys."""
        for row in rows:
            self._state.organizations[row.id] = row
            self._state.uuids[row.key] = row.id

    def emails_of(self, organization: int) -> tuple[str, ...]:
        """The addresses of a customer, sorted."""
        return self._state.emails.get(organization, ())

    def tags_of(self, organization: int, thing: int = NO_PARENT) -> tuple[str, ...]:
        """The tags of a customer, or of one of its subscriptions, in their order."""
        return self._state.tags.get((organization, thing), ())

    def set_emails(self, organization: int, addresses: tuple[str, ...]) -> None:
        """Replaces the addresses of a customer."""
        of_email = self._state.of_email
        for address in self._state.emails.get(organization, ()):
            others = tuple(key for key in of_email[address] if key != organization)
            of_email[address] = others
            if not others:
                del of_email[address]
        for address in addresses:
            of_email[address] = (*of_email.get(address, ()), organization)
        self._state.emails[organization] = addresses

    def organizations_of_email(self, address: str | None) -> tuple[str, ...]:
        """Uuids of the customers with that address, or with any, sorted."""
        keys: Iterable[int] = self._state.of_email.get(address or "", ())
        if address is None:
            keys = (key for key, some in self._state.emails.items() if some)
        return tuple(sorted(self._state.uuids[key] for key in keys))

    def set_tags(
        self, organization: int, tags: tuple[str, ...], thing: int = NO_PARENT
    ) -> None:
        """Replaces the tags of a customer, or of one of its subscriptions."""
        self._state.tags[organization, thing] = tags

    def set_own_tags(self, tags: Mapping[int, tuple[str, ...]]) -> None:
        """Replaces the own tags of many customers, by key."""
        for organization, texts in tags.items():
            self.set_tags(organization, texts)

    def tags(self, organizations: Ints | None = None) -> Mapping[str, tuple[str, ...]]:
        """Uuid -> tags, of every customer, or of these, that has any."""
        uuids = self._state.uuids
        keys = list(uuids) if organizations is None else organizations.tolist()
        tags = {uuids[key]: self.tags_of(key) for key in keys}
        return {uuid: tags[uuid] for uuid in sorted(tags) if tags[uuid]}

    def thing_tags(
        self, organizations: Ints | None = None
    ) -> Mapping[tuple[str, str], tuple[str, ...]]:
        """Uuid and identity -> tags, of every subscription, or of those of these."""
        uuids = self._state.uuids
        wanted = uuids if organizations is None else set(organizations.tolist())
        things = self._state.things[SUBSCRIPTIONS.name].keys
        names = {key: thing[2] for thing, key in things.items()}
        return {
            (uuids[who], names[thing]): tags
            for (who, thing), tags in self._state.tags.items()
            if thing != NO_PARENT and tags and who in wanted
        }
