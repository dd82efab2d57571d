"""Organizations, their users' addresses, and tags."""

from __future__ import annotations

import operator
from collections.abc import Iterable, Mapping
from typing import Final

import attrs
import sqlalchemy as sa

from partnerhub.adapters.backend import NO_PARENT, OrganizationRow
from partnerhub.adapters.sql.session import Part
from partnerhub.columns.datasets import SUBSCRIPTIONS
from partnerhub.columns.unknown import Ints
from partnerhub.ports import Scope

_NAMES: Final = tuple(field.name for field in attrs.fields(OrganizationRow))
_VALUES: Final = operator.attrgetter(*_NAMES)


class People(Part):
    """The part that keeps who the customers are."""

    def organizations(self, scope: Scope) -> list[OrganizationRow]:
        """The organizations of a scope, by code point order of their uuid."""
        table = self._schema.organization
        query = (
            sa.select(*(table.c[name] for name in _NAMES))
            .where(*self._session.inside(table.c.key, scope))
            .order_by(table.c.id)
        )
        rows = self._session.fetch(query)
        return [OrganizationRow(**dict(zip(_NAMES, row, strict=True))) for row in rows]

    def update_organizations(self, rows: Iterable[OrganizationRow]) -> None:
        """Keeps these rows, in place of those with their keys."""
        kept = list(rows)
        if not kept:
            return
        table = self._schema.organization
        self._session.give_keys(table, max(row.key for row in kept))
        self._session.insert(table, _NAMES, map(_VALUES, kept), clash="replace")

    def emails_of(self, organization: int) -> tuple[str, ...]:
        """The addresses of a customer, sorted."""
        c = self._schema.email.c
        query = sa.select(c.address).where(c.organization == organization)
        return tuple(sorted(row[0] for row in self._session.fetch(query)))

    def set_emails(self, organization: int, addresses: tuple[str, ...]) -> None:
        """Replaces the addresses of a customer."""
        table = self._schema.email
        mine = table.c.organization == organization
        self._session.execute(sa.delete(table).where(mine))
        rows = ((address, organization) for address in addresses)
        self._session.insert(table, ("address", "organization"), rows)

    def organizations_of_email(self, address: str | None) -> tuple[str, ...]:
        """Uuids of the customers with that address, or with any, sorted."""
        email, who = self._schema.email.c, self._schema.organization.c
        mine = sa.select(who.id).order_by(who.id)
        if address is None:
            mine = mine.where(sa.exists().where(email.organization == who.key))
        else:
            # Not as a join: PostgreSQL would read all organizations for one address.
            keys = sa.select(email.organization).where(email.address == address)
            found = [row[0] for row in self._session.fetch(keys)]
            mine = mine.where(self._session.among(who.key, found))
        return tuple(row[0] for row in self._session.fetch(mine))

    def tags_of(self, organization: int, thing: int = NO_PARENT) -> tuple[str, ...]:
        """The tags of a customer, or of one of its subscriptions, in their order."""
        c = self._schema.tag.c
        query = sa.select(c.tag).where(c.organization == organization, c.thing == thing)
        rows = self._session.fetch(query.order_by(c.place))
        return tuple(row[0] for row in rows)

    def set_tags(
        self, organization: int, tags: tuple[str, ...], thing: int = NO_PARENT
    ) -> None:
        """Replaces the tags of a customer, or of one of its subscriptions."""
        table = self._schema.tag
        mine = (table.c.organization == organization, table.c.thing == thing)
        self._session.execute(sa.delete(table).where(*mine))
        rows = ((organization, thing, place, tag) for place, tag in enumerate(tags))
        names = ("organization", "thing", "place", "tag")
        self._session.insert(table, names, rows)

    def set_own_tags(self, tags: Mapping[int, tuple[str, ...]]) -> None:
        """Replaces the own tags of many customers, by key."""
        table = self._schema.tag
        mine = self._session.among(table.c.organization, list(tags))
        self._session.execute(sa.delete(table).where(mine, table.c.thing == NO_PARENT))
        rows = (
            (organization, NO_PARENT, place, tag)
            for organization, texts in tags.items()
            for place, tag in enumerate(texts)
        )
        self._session.insert(table, ("organization", "thing", "place", "tag"), rows)

    def tags(self, organizations: Ints | None = None) -> Mapping[str, tuple[str, ...]]:
        """Uuid -> tags, of every customer, or of these, that has any."""
        tag, who = self._schema.tag, self._schema.organization
        query = (
            sa.select(who.c.id, tag.c.tag)
            .join_from(tag, who, who.c.key == tag.c.organization)
            .where(tag.c.thing == NO_PARENT, *self._tags_of(organizations))
            .order_by(who.c.id, tag.c.place)
        )
        found: dict[str, tuple[str, ...]] = {}
        for uuid, text in self._session.fetch(query):
            found[uuid] = (*found.get(uuid, ()), text)
        return found

    def thing_tags(
        self, organizations: Ints | None = None
    ) -> Mapping[tuple[str, str], tuple[str, ...]]:
        """Uuid and identity -> tags, of every subscription, or of those of these."""
        tag, who = self._schema.tag, self._schema.organization
        thing = self._schema.things[SUBSCRIPTIONS.name]
        query = (
            sa.select(who.c.id, thing.c.identity, tag.c.tag)
            .join_from(tag, who, who.c.key == tag.c.organization)
            .join(
                thing,
                (who.c.key == thing.c.organization) & (thing.c.key == tag.c.thing),
            )
            .where(tag.c.thing != NO_PARENT, *self._tags_of(organizations))
            .order_by(who.c.id, thing.c.identity, tag.c.place)
        )
        found: dict[tuple[str, str], tuple[str, ...]] = {}
        for uuid, identity, text in self._session.fetch(query):
            key = (uuid, identity)
            found[key] = (*found.get(key, ()), text)
        return found

    def _tags_of(self, organizations: Ints | None) -> list[sa.ColumnElement[bool]]:
        """Clauses that keep only the tags of these customers."""
        if organizations is None:
            return []
        c = self._schema.tag.c
        return [self._session.among(c.organization, organizations.tolist())]
