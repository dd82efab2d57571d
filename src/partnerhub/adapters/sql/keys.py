"""Keys of organizations, texts and things: small integers, in order of appearance.

The store has one writer at a time, so the next key is the highest one and one.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import count
from typing import Any, Final

import numpy as np
import sqlalchemy as sa

from partnerhub.adapters.backend import NEVER, NOT_YET, Things
from partnerhub.adapters.sql.session import Part
from partnerhub.columns.datasets import Dataset
from partnerhub.columns.history import distinct
from partnerhub.columns.unknown import Array, Ints

_NOT_SEEN: Final = np.iinfo(np.int64).max

_NEW_ORGANIZATION = {
    "name": "",
    "known_since": NOT_YET,
    "name_day": NEVER,
    "industry_day": NEVER,
    "external_id_day": NEVER,
    "emails_day": NEVER,
    "tags_day": NEVER,
    "version": 0,
}


class Keys(Part):
    """The part that hands out keys."""

    def next_organization_key(self) -> int:
        """A key that no organization has; the following ones are free too."""
        return self._next_key(self._schema.organization)

    def organization_keys(self, uuids: list[str]) -> Ints:
        """The keys of these uuids, made where new, `(n,)`."""
        table = self._schema.organization
        return self._keys_of(table, table.c.id, uuids, _NEW_ORGANIZATION)

    def text_keys(self, texts: list[str]) -> Ints:
        """The keys of these texts, made where new, `(n,)`."""
        return self._keys_of(self._schema.text, self._schema.text.c.text, texts, {})

    def _keys_of(
        self,
        table: sa.Table,
        column: sa.Column[str],
        texts: list[str],
        defaults: Mapping[str, Any],
    ) -> Ints:
        session = self._session
        query = sa.select(column, table.c.key)
        known = dict(session.fetch(query.where(session.among(column, texts))))
        fresh = [text for text in dict.fromkeys(texts) if text not in known]
        if fresh:
            first = self._next_key(table)
            known |= {text: first + place for place, text in enumerate(fresh)}
            names = ("key", column.name, *defaults)
            rows = ((known[text], text, *defaults.values()) for text in fresh)
            session.insert(table, names, rows)
        return np.array([known[text] for text in texts], np.int64)

    def _next_key(self, table: sa.Table) -> int:
        newest = self._session.connection.scalar(sa.select(sa.func.max(table.c.key)))
        return (newest or 0) + 1

    def texts(self, keys: Ints) -> list[str]:
        """The texts of these distinct keys."""
        session, c = self._session, self._schema.text.c
        wanted = keys.tolist()
        query = sa.select(c.key, c.text).where(session.among(c.key, wanted))
        found = dict(session.fetch(query))
        return [found[key] for key in wanted]

    def things_of(self, dataset: Dataset, organizations: Ints) -> Things:
        """All things of these customers."""
        session, c = self._session, self._schema.things[dataset.name].c
        query = (
            sa.select(c.key, c.organization, c.parent, c.identity, c.first_day)
            .where(session.among(c.organization, organizations.tolist()))
            .order_by(c.key)
        )
        key, organization, parent, identity, first_day = session.fetch_columns(query)
        return Things(
            key=key,
            organization=organization,
            parent=parent,
            identity=identity,
            first_day=first_day,
        )

    def thing_keys(
        self,
        dataset: Dataset,
        organization: Ints,
        parent: Ints,
        identity: Array,
        day: Ints,
    ) -> Ints:
        """The keys of these things seen on these days, made where new, `(n,)`."""
        if not len(identity):
            return np.empty(0, np.int64)
        table = self._schema.things[dataset.name]
        known = self.things_of(dataset, distinct(organization))
        above = organization if dataset.parent is None else parent
        above_known = known.organization if dataset.parent is None else known.parent
        thing = _joint(
            np.concatenate((above_known, above)),
            np.concatenate((known.identity, identity)),
        )
        # Things are numbered in the order of owner and identity, so that tables and
        # their indexes grow at their end only.
        _, first_row, place = np.unique(thing, return_index=True, return_inverse=True)
        keys = np.full(len(first_row), -1, np.int64)
        keys[place[: len(known)]] = known.key
        new = np.flatnonzero(keys < 0)
        keys[new] = self._next_key(table) + np.arange(len(new))

        first = np.full(len(keys), _NOT_SEEN, np.int64)
        first[place[: len(known)]] = known.first_day
        before = first.copy()
        np.minimum.at(first, place[len(known) :], day)
        rows = first_row[new] - len(known)
        self._session.insert_columns(
            table,
            {
                "key": keys[new],
                "organization": organization[rows],
                "parent": parent[rows],
                "identity": identity[rows],
                "first_day": first[new],
            },
        )
        earlier = np.flatnonzero((first < before) & (before < _NOT_SEEN))
        if len(earlier):
            told = {"key": keys[earlier], "first_day": first[earlier]}
            self._session.change(table, "first_day", told)
        found: Ints = keys[place[len(known) :]]
        return found


def _joint(above: Ints, identity: Array) -> Ints:
    """One number for each pair of owner and identity, that sorts by owner."""
    texts = identity.tolist()
    place = dict(zip(dict.fromkeys(texts), count(), strict=False))
    codes = np.fromiter(map(place.__getitem__, texts), np.int64, len(texts))
    return above * len(place) + codes
