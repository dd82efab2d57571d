"""The SQL backend: keys, runs and pictures in tables."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Final

import attrs
import numpy as np
import sqlalchemy as sa

from partnerhub.adapters.backend import NEVER, NOT_YET, Held, OrganizationRow
from partnerhub.adapters.sql import bulk, sqlite
from partnerhub.adapters.sql.schema import USAGE_COUNTS, Schema
from partnerhub.adapters.sql.trouble import translated
from partnerhub.columns.datasets import Dataset
from partnerhub.columns.history import Pictures, Runs
from partnerhub.columns.records import EPOCH, day_numbers
from partnerhub.columns.unknown import Array, Ints
from partnerhub.columns.usage import UsageColumns
from partnerhub.ports import Scope

_FEW: Final = 500
"""Values that fit a query as parameters; more go into a temporary table."""

_RUN: Final = ("key", "day", "until", "seen", "gone", "observed")


class SqlBackend:
    """Keeps everything in the tables of one database."""

    def __init__(self, engine: sa.Engine, schema: Schema, *, name: str) -> None:
        self.name = name
        self._engine = engine
        self._schema = schema
        self._local = threading.local()

    # transactions

    @contextmanager
    def writing(self) -> Iterator[None]:
        """A write transaction; a second writer waits for it to end."""
        with self._transaction("BEGIN IMMEDIATE"):
            yield

    @contextmanager
    def reading(self) -> Iterator[None]:
        """One state for several reads, that of a writer inside its transaction."""
        if getattr(self._local, "connection", None) is not None:
            yield
            return
        with self._transaction("BEGIN"):
            yield

    @contextmanager
    def _transaction(self, begin: str) -> Iterator[None]:
        with (
            translated(self.name),
            self._engine.connect() as connection,
            connection.execution_options(**{sqlite.BEGIN: begin}).begin(),
        ):
            self._local.connection = connection
            try:
                yield
            finally:
                self._local.connection = None

    @property
    def _connection(self) -> sa.Connection:
        connection: sa.Connection = self._local.connection
        return connection

    def close(self) -> None:
        """Gives up connections and files."""
        self._engine.dispose()

    # keys

    def organization_keys(self, uuids: list[str]) -> Ints:
        """The keys of these uuids, made where new, `(n,)`."""
        table = self._schema.organization
        new = {"name": "", "told_on": NEVER, "known_since": NOT_YET}
        return self._keys_of(table, table.c.id, uuids, new)

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
        query = sa.select(column, table.c.key).where(self._among(column, texts))
        known = dict(bulk.fetch(self._connection, query))
        fresh = [text for text in texts if text not in known]
        if fresh:
            first = self._next_key(table)
            known |= {text: first + place for place, text in enumerate(fresh)}
            names = ("key", column.name, *defaults)
            rows = [(known[text], text, *defaults.values()) for text in fresh]
            bulk.insert(self._connection, table, names, rows)
        return np.array([known[text] for text in texts], np.int64)

    def _next_key(self, table: sa.Table) -> int:
        newest = self._connection.scalar(sa.select(sa.func.max(table.c.key)))
        return (newest or 0) + 1

    def thing_keys(
        self,
        dataset: Dataset,
        organization: Ints,
        parent: Ints,
        identity: Array,
        day: Ints,
    ) -> Ints:
        """The keys of these things seen on these days, made where new, `(n,)`."""
        table = self._schema.things[dataset.name]
        c = table.c
        query = sa.select(c.organization, c.parent, c.identity, c.key, c.first_day)
        owners = np.unique(organization).tolist()
        rows = bulk.fetch(
            self._connection, query.where(self._among(c.organization, owners))
        )
        known = {row[:3]: row[3] for row in rows}
        first = {row[3]: row[4] for row in rows}
        fresh: dict[int, tuple[int, int, str]] = {}
        earlier: dict[int, int] = {}
        next_key = self._next_key(table)
        keys = np.empty(len(identity), np.int64)
        told = zip(
            organization.tolist(),
            parent.tolist(),
            identity.tolist(),
            day.tolist(),
            strict=True,
        )
        for row, (owner, above, name, seen) in enumerate(told):
            thing = (owner, above, name)
            key = known.get(thing)
            if key is None:
                key = known[thing] = next_key
                fresh[key] = thing
                first[key] = seen
                next_key += 1
            elif seen < first[key]:
                first[key] = seen
                if key not in fresh:
                    earlier[key] = seen
            keys[row] = key
        bulk.insert(
            self._connection,
            table,
            ("key", "organization", "parent", "identity", "first_day"),
            ((key, *thing, first[key]) for key, thing in fresh.items()),
        )
        bulk.executemany(
            self._connection,
            f"UPDATE {table.fullname} SET first_day = ? WHERE key = ?",  # noqa: S608
            ((seen, key) for key, seen in earlier.items()),
        )
        return keys

    def texts(self, keys: Ints) -> list[str]:
        """The texts of these keys."""
        table = self._schema.text
        query = sa.select(table.c.key, table.c.text)
        wanted = keys.tolist()
        found = dict(
            bulk.fetch(self._connection, query.where(self._among(table.c.key, wanted)))
        )
        return [found[key] for key in wanted]

    # history

    def runs_of(
        self, dataset: Dataset, organizations: Ints, since: int
    ) -> tuple[Runs, Ints]:
        """Runs of these customers that are not over before `since`, sorted."""
        history, things = self._tables(dataset)
        rows = bulk.fetch_integers(
            self._connection,
            sa.select(history.c.organization, *self._run_columns(dataset))
            .join_from(things, history, history.c.key == things.c.key)
            .where(self._among(things.c.organization, organizations.tolist()))
            .where(history.c.until >= since)
            .order_by(history.c.key, history.c.day),
        )
        return _runs(rows[1:]), rows[0]

    def _tables(self, dataset: Dataset) -> tuple[sa.Table, sa.Table]:
        schema = self._schema
        return schema.histories[dataset.name], schema.things[dataset.name]

    def _run_columns(self, dataset: Dataset) -> list[sa.ColumnElement[Any]]:
        c = self._schema.histories[dataset.name].c
        return [
            *(c[name] for name in _RUN),
            *(bulk.known(c[name]).label(name) for name in dataset.field_names),
        ]

    def replace_runs(
        self, dataset: Dataset, old: Runs, new: Runs, organization: Ints
    ) -> None:
        """Drops the old runs and keeps the new ones, of these customers, `(new,)`."""
        table = self._schema.histories[dataset.name]
        bulk.executemany(
            self._connection,
            f"DELETE FROM {table.fullname} WHERE key = ? AND day = ?",  # noqa: S608
            zip(old.key.tolist(), old.day.tolist(), strict=True),
        )
        bulk.insert(
            self._connection,
            table,
            ("organization", *_RUN, *dataset.field_names),
            zip(
                organization.tolist(),
                new.key.tolist(),
                new.day.tolist(),
                new.until.tolist(),
                new.seen.tolist(),
                new.gone.astype(np.int64).tolist(),
                new.observed.tolist(),
                *(bulk.nullable(row) for row in new.values),
                strict=True,
            ),
        )

    def pictures_of(self, name: str, organizations: Ints) -> Pictures:
        """All full pictures of these customers."""
        c = self._schema.picture.c
        rows = bulk.fetch_integers(
            self._connection,
            sa.select(c.organization, c.day)
            .where(c.dataset == name)
            .where(self._among(c.organization, organizations.tolist()))
            .order_by(c.organization, c.day),
        )
        return Pictures(owner=rows[0], day=rows[1])

    def add_pictures(self, name: str, pictures: Pictures) -> None:
        """Notes full pictures; those known already stay."""
        pairs = zip(pictures.owner.tolist(), pictures.day.tolist(), strict=True)
        bulk.insert(
            self._connection,
            self._schema.picture,
            ("dataset", "organization", "day"),
            ((name, owner, day) for owner, day in pairs),
            ignore=True,
        )

    def held_on(self, dataset: Dataset, day: int, scope: Scope) -> Held:
        """The runs that hold on a day, or were gone by then."""
        history, things = self._tables(dataset)
        run, thing = history.c, things.c
        holds = (run.day <= day) & ((run.until > day) | (run.gone == 1))
        rows = (
            sa.select()
            .join_from(history, things, thing.key == run.key)
            .where(holds, *self._inside(run.organization, scope))
            .order_by(run.key, run.day)
        )
        numbers = bulk.fetch_integers(
            self._connection,
            rows.add_columns(
                run.organization,
                thing.parent,
                thing.first_day,
                *self._run_columns(dataset),
            ),
        )
        names = bulk.fetch(self._connection, rows.add_columns(thing.identity))
        identity = np.empty(len(names), dtype=object)
        identity[:] = [row[0] for row in names]
        return Held(
            runs=_runs(numbers[3:]),
            organization=numbers[0],
            parent=numbers[1],
            identity=identity,
            first_day=numbers[2],
        )

    def newest_pictures(self, name: str, day: int, scope: Scope) -> Mapping[int, int]:
        """Customer -> day of its newest full picture at or before `day`."""
        c = self._schema.picture.c
        query = (
            sa.select(c.organization, sa.func.max(c.day))
            .where(c.dataset == name, c.day <= day)
            .where(*self._inside(c.organization, scope))
            .group_by(c.organization)
        )
        return dict(bulk.fetch(self._connection, query))

    def first_pictures(self, name: str) -> Mapping[str | None, int]:
        """Region -> day of the first full picture of any of its customers."""
        c, who = self._schema.picture.c, self._schema.organization.c
        query = (
            sa.select(who.region, sa.func.min(c.day))
            .join_from(
                self._schema.picture,
                self._schema.organization,
                who.key == c.organization,
            )
            .where(c.dataset == name)
            .group_by(who.region)
        )
        return dict(bulk.fetch(self._connection, query))

    def first_day(self) -> int | None:
        """The earliest day of any run; None when there is none."""
        days = [
            self._connection.scalar(sa.select(sa.func.min(table.c.day)))
            for table in self._schema.histories.values()
        ]
        return min((day for day in days if day is not None), default=None)

    # organizations

    def organizations(self, scope: Scope) -> list[OrganizationRow]:
        """The organizations of a scope, by code point order of their uuid."""
        table = self._schema.organization
        names = [field.name for field in attrs.fields(OrganizationRow)]
        query = (
            sa.select(*(table.c[name] for name in names))
            .where(*self._inside(table.c.key, scope))
            .order_by(table.c.id)
        )
        return [
            OrganizationRow(**dict(zip(names, row, strict=True)))
            for row in bulk.fetch(self._connection, query)
        ]

    def update_organizations(self, rows: Iterable[OrganizationRow]) -> None:
        """Replaces these rows."""
        names = [field.name for field in attrs.fields(OrganizationRow)]
        bulk.insert(
            self._connection,
            self._schema.organization,
            names,
            (attrs.astuple(row) for row in rows),
            replace=True,
        )

    def emails_of(self, organization: int) -> tuple[str, ...]:
        """The addresses of a customer, sorted."""
        c = self._schema.email.c
        query = sa.select(c.address).where(c.organization == organization)
        return tuple(sorted(row[0] for row in bulk.fetch(self._connection, query)))

    def tags_of(self, organization: int) -> tuple[str, ...]:
        """The tags of a customer, in their order."""
        c = self._schema.tag.c
        query = sa.select(c.tag).where(c.organization == organization)
        rows = bulk.fetch(self._connection, query.order_by(c.place))
        return tuple(row[0] for row in rows)

    def set_emails(self, organization: int, addresses: tuple[str, ...]) -> None:
        """Replaces the addresses of a customer."""
        table = self._schema.email
        self._connection.execute(
            sa.delete(table).where(table.c.organization == organization)
        )
        rows = ((address, organization) for address in addresses)
        bulk.insert(self._connection, table, ("address", "organization"), rows)

    def organizations_of_email(self, address: str) -> tuple[str, ...]:
        """Uuids of the customers with that address, sorted."""
        email, who = self._schema.email, self._schema.organization
        query = (
            sa.select(who.c.id)
            .join_from(email, who, who.c.key == email.c.organization)
            .where(email.c.address == address)
            .order_by(who.c.id)
        )
        return tuple(row[0] for row in bulk.fetch(self._connection, query))

    def set_tags(self, organization: int, tags: tuple[str, ...]) -> None:
        """Replaces the tags of a customer."""
        table = self._schema.tag
        self._connection.execute(
            sa.delete(table).where(table.c.organization == organization)
        )
        rows = ((organization, place, tag) for place, tag in enumerate(tags))
        bulk.insert(self._connection, table, ("organization", "place", "tag"), rows)

    def tags(self) -> Mapping[str, tuple[str, ...]]:
        """Uuid -> tags, of every customer that has any."""
        tag, who = self._schema.tag, self._schema.organization
        query = (
            sa.select(who.c.id, tag.c.tag)
            .join_from(tag, who, who.c.key == tag.c.organization)
            .order_by(who.c.id, tag.c.place)
        )
        found: dict[str, tuple[str, ...]] = {}
        for uuid, text in bulk.fetch(self._connection, query):
            found[uuid] = (*found.get(uuid, ()), text)
        return found

    # calling usage

    def usage(self, first: int, last: int, scope: Scope) -> UsageColumns:
        """Usage rows of exactly these days."""
        table, who = self._schema.calling_usage, self._schema.organization
        c = table.c
        condition = (c.first == first, c.last == last)
        inside = self._inside(c.organization, scope)
        texts = bulk.fetch(
            self._connection,
            sa.select(who.c.id, c.location)
            .join_from(table, who, who.c.key == c.organization)
            .where(*condition, *inside)
            .order_by(who.c.id, c.location),
        )
        numbers = bulk.fetch_integers(
            self._connection,
            sa.select(*(sa.func.coalesce(c[key], -1) for key in USAGE_COUNTS))
            .join_from(table, who, who.c.key == c.organization)
            .where(*condition, *inside)
            .order_by(who.c.id, c.location),
        )
        return UsageColumns(
            organization=_objects([row[0] for row in texts]),
            location=_objects([row[1] for row in texts]),
            first=np.full(len(texts), EPOCH + first),
            last=np.full(len(texts), EPOCH + last),
            counts=dict(zip(USAGE_COUNTS, numbers, strict=True)),
        )

    def put_usage(self, organization: Ints, usage: UsageColumns) -> None:
        """Replaces the rows of the same customer, location and days."""
        names = [key for key in USAGE_COUNTS if key in usage.counts]
        bulk.insert(
            self._connection,
            self._schema.calling_usage,
            ("organization", "location", "first", "last", *names),
            zip(
                organization.tolist(),
                usage.location.tolist(),
                day_numbers(usage.first).tolist(),
                day_numbers(usage.last).tolist(),
                *(_or_none(usage.counts[name]) for name in names),
                strict=True,
            ),
            replace=True,
        )

    # which rows

    def _inside(
        self, key: sa.ColumnElement[int], scope: Scope
    ) -> list[sa.ColumnElement[bool]]:
        """Clauses that keep only the organizations of a scope."""
        who = self._schema.organization.c
        clauses: list[sa.ColumnElement[bool]] = []
        if scope.regions is not None:
            named = [region for region in scope.regions if region is not None]
            region: sa.ColumnElement[bool] = who.region.in_(named)
            if None in scope.regions:
                region = region | who.region.is_(None)
            clauses.append(key.in_(sa.select(who.key).where(region)))
        if scope.organizations is not None:
            among = self._among(who.id, list(scope.organizations))
            clauses.append(key.in_(sa.select(who.key).where(among)))
        return clauses

    def _among(
        self, column: sa.ColumnElement[Any], values: Sequence[Any]
    ) -> sa.ColumnElement[bool]:
        if len(values) <= _FEW:
            return column.in_(values)
        wanted = sa.table("ph_wanted", sa.column("value"))
        self._connection.exec_driver_sql(
            "CREATE TEMPORARY TABLE IF NOT EXISTS ph_wanted (value)"
        )
        self._connection.exec_driver_sql("DELETE FROM temp.ph_wanted")
        bulk.executemany(
            self._connection,
            "INSERT INTO temp.ph_wanted VALUES (?)",
            ((value,) for value in values),
        )
        return column.in_(sa.select(wanted.c.value))


def _runs(rows: Ints) -> Runs:
    return Runs(
        key=rows[0],
        day=rows[1],
        until=rows[2],
        seen=rows[3],
        gone=rows[4] == 1,
        observed=rows[5],
        values=rows[6:],
    )


def _or_none(counts: Array) -> list[int | None]:
    return [None if count < 0 else count for count in counts.tolist()]


def _objects(texts: list[str]) -> Array:
    column = np.empty(len(texts), dtype=object)
    column[:] = texts
    return column
