"""Keys of organizations, texts and things: small integers, in order of appearance.

The store has one writer at a time, so the next key is the highest one and one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import count
from typing import Final

import numpy as np
import sqlalchemy as sa

from partnerhub.adapters.backend import NEVER, NOT_YET, Things
from partnerhub.adapters.sql.session import Part
from partnerhub.columns.datasets import Dataset
from partnerhub.columns.history import distinct
from partnerhub.columns.unknown import Array, Bools, Ints
from partnerhub.domain.errors import StoreCorrupt

_NOT_SEEN: Final = np.iinfo(np.int64).max

_NEW_ORGANIZATION: Final = {
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
        return self._session.newest_key(self._schema.organization) + 1

    def organization_keys(self, uuids: list[str], day: Ints | None = None) -> Ints:
        """The keys of these distinct uuids, known since that day or earlier, `(n,)`."""
        since = np.full(len(uuids), NOT_YET) if day is None else day

        def new(rows: Ints) -> Mapping[str, Array]:
            count = len(rows)
            numbers = {n: np.full(count, v) for n, v in _NEW_ORGANIZATION.items()}
            name = np.full(count, "", object)
            return {"known_since": since[rows], "name": name, **numbers}

        table = self._schema.organization
        keys, there = self._keys_of(table, table.c.id, uuids, new)
        if day is not None and there.any():
            self._known_since(keys[there], since[there])
        return keys

    def _known_since(self, key: Ints, day: Ints) -> None:
        """Notes that these distinct customers were there on these days already."""
        table = self._schema.organization
        among = self._session.among(table.c.key, key.tolist())
        query = sa.select(table.c.key, table.c.known_since).where(among)
        known = self._session.fetch_integers(query.order_by(table.c.key))
        order = np.argsort(key)
        earlier = np.flatnonzero(day[order] < known[1])
        if len(earlier):
            told = {"key": known[0][earlier], "known_since": day[order][earlier]}
            self._session.change(table, "known_since", told)

    def text_keys(self, texts: list[str]) -> Ints:
        """The keys of these texts, made where new, `(n,)`."""
        table = self._schema.text
        keys, _ = self._keys_of(table, table.c.text, texts, lambda _: {})
        return keys

    def _keys_of(
        self,
        table: sa.Table,
        column: sa.Column[str],
        texts: list[str],
        new: Callable[[Ints], Mapping[str, Array]],
    ) -> tuple[Ints, Bools]:
        """The keys of texts, made where new, and which were there, `(n,)`.

        `new` gives the other columns of those at these places.
        """
        session = self._session
        newest = session.newest_key(table)
        known: dict[str, int] = {}
        if newest:
            query = sa.select(column, table.c.key)
            known = dict(session.fetch(query.where(session.among(column, texts))))
        fresh = {t: row for row, t in enumerate(texts) if t not in known}
        there = np.array([text in known for text in texts], np.bool_)
        if fresh:
            keys = newest + 1 + np.arange(len(fresh))
            known |= zip(fresh, keys.tolist(), strict=True)
            rows = np.array([*fresh.values()])
            told = {"key": keys, column.name: np.array([*fresh], object)}
            session.give_keys(table, newest + len(fresh))
            session.insert_columns(table, {**told, **new(rows)})
        return np.array([known[text] for text in texts], np.int64), there

    def texts(self, keys: Ints) -> list[str]:
        """The texts of these distinct keys."""
        session, c = self._session, self._schema.text.c
        wanted = keys.tolist()
        query = sa.select(c.key, c.text).where(session.among(c.key, wanted))
        found = dict(session.fetch(query))
        if len(found) < len(wanted):
            why = "texts that its rows name are missing; restore a backup"
            raise StoreCorrupt(session.name, why)
        return [found[key] for key in wanted]

    def things_of(self, dataset: Dataset, organizations: Ints) -> Things:
        """All things of these customers."""
        session, table = self._session, self._schema.things[dataset.name]
        if not session.newest_key(table):
            return Things.none()
        c = table.c
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
        session, table = self._session, self._schema.things[dataset.name]
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
        newest = session.newest_key(table)
        keys[new] = newest + 1 + np.arange(len(new))
        session.give_keys(table, newest + len(new))

        first = np.full(len(keys), _NOT_SEEN, np.int64)
        first[place[: len(known)]] = known.first_day
        before = first.copy()
        np.minimum.at(first, place[len(known) :], day)
        rows = first_row[new] - len(known)
        session.insert_columns(
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
            rows = first_row[earlier]
            told = {
                "organization": np.concatenate((known.organization, organization))[
                    rows
                ],
                "key": keys[earlier],
                "first_day": first[earlier],
            }
            session.change(table, "first_day", told)
        found: Ints = keys[place[len(known) :]]
        return found


def _joint(above: Ints, identity: Array) -> Ints:
    """One number for each pair of owner and identity, that sorts by owner."""
    texts = identity.tolist()
    place = dict(zip(dict.fromkeys(texts), count(), strict=False))
    codes = np.fromiter(map(place.__getitem__, texts), np.int64, len(texts))
    return above * len(place) + codes
