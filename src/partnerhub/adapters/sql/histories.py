"""Runs and full pictures in tables."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import sqlalchemy as sa

from partnerhub.adapters.backend import Held
from partnerhub.adapters.sql.session import Part, known
from partnerhub.columns.datasets import Dataset
from partnerhub.columns.history import Pictures, Runs
from partnerhub.columns.text import TextColumn
from partnerhub.columns.unknown import Array, Ints
from partnerhub.ports import Scope

_RUN: Final = ("key", "day", "until", "seen", "gone", "observed")


class Histories(Part):
    """The part that keeps what was so when."""

    def runs_of(
        self, dataset: Dataset, organizations: Ints, since: int
    ) -> tuple[Runs, Ints]:
        """Runs of these customers that are not over before `since`, sorted."""
        history, things = self._tables(dataset)
        if not self._session.newest_key(things):
            return Runs.empty(len(dataset.fields)), np.empty(0, np.int64)
        among = self._session.among(things.c.organization, organizations.tolist())
        rows = self._session.fetch_integers(
            sa.select(history.c.organization, *self._run_columns(dataset))
            .join_from(things, history, history.c.key == things.c.key)
            .where(among, history.c.until >= since)
            .order_by(history.c.key, history.c.day)
        )
        return _runs(rows[1:]), rows[0]

    def _tables(self, dataset: Dataset) -> tuple[sa.Table, sa.Table]:
        schema = self._schema
        return schema.histories[dataset.name], schema.things[dataset.name]

    def _run_columns(self, dataset: Dataset) -> list[sa.ColumnElement[Any]]:
        c = self._schema.histories[dataset.name].c
        return [
            *(c[name] for name in _RUN),
            *(known(c[name]).label(name) for name in dataset.field_names),
        ]

    def replace_runs(
        self, dataset: Dataset, old: Runs, new: Runs, organization: Ints
    ) -> None:
        """Drops the old runs and keeps the new ones, of these customers, `(new,)`."""
        table = self._schema.histories[dataset.name]
        if len(old):
            self._session.remove(table, {"key": old.key, "day": old.day})
        # In the order of the primary key, so that the table grows at its end.
        order = np.lexsort((new.day, new.key))
        new = new.take(order)
        columns = {
            "organization": organization[order],
            "key": new.key,
            "day": new.day,
            "until": new.until,
            "seen": new.seen,
            "gone": new.gone.astype(np.int64),
            "observed": new.observed,
        }
        fields = zip(dataset.field_names, new.values, strict=True)
        self._session.insert_columns(table, {**columns, **dict(fields)})
        self._session.settle()

    def held_on(self, dataset: Dataset, day: int, scope: Scope) -> Held:
        """The runs that hold on a day, or were gone by then."""
        history, things = self._tables(dataset)
        run, thing = history.c, things.c
        # Few customers are found by the things' index, many sooner among the runs.
        whose = run.organization if scope.organizations is None else thing.organization
        columns = self._session.fetch_columns(
            sa.select(
                thing.identity,
                run.organization,
                thing.parent,
                thing.first_day,
                *(run[name] for name in ("key", "day", "until", "seen")),
                *(known(run[name]).label(name) for name in dataset.field_names),
            )
            .join_from(history, things, thing.key == run.key)
            .where(run.day <= day, (run.until > day) | (run.gone == 1))
            .where(*self._session.inside(whose, scope))
            .order_by(run.key, run.day),
            rows=self._session.newest_key(things) if scope.organizations is None else 0,
            kinds=[TextColumn, *[np.int32] * 7, *(f.kind for f in dataset.fields)],
        )
        identity, organization, parent, first_day, key, since, until, seen = columns[:8]
        return Held(
            key=key,
            day=since,
            until=until,
            seen=seen,
            organization=organization,
            parent=parent,
            identity=identity,
            first_day=first_day,
            fields=dict(zip(dataset.field_names, columns[8:], strict=True)),
        )

    def first_day(self) -> int | None:
        """The earliest day of any run; None when there is none."""
        days = [
            self._session.scalar(sa.select(sa.func.min(table.c.day)))
            for table in self._schema.histories.values()
        ]
        return min((day for day in days if day is not None), default=None)

    # pictures

    def pictures_of(self, name: str, organizations: Ints) -> Pictures:
        """All full pictures of these customers."""
        c = self._schema.picture.c
        rows = self._session.fetch_integers(
            sa.select(c.organization, c.day)
            .where(c.dataset == name)
            .where(self._session.among(c.organization, organizations.tolist()))
            .order_by(c.organization, c.day)
        )
        return Pictures(owner=rows[0], day=rows[1])

    def add_pictures(self, name: str, pictures: Pictures) -> None:
        """Notes full pictures; those known already stay."""
        pairs = zip(pictures.owner.tolist(), pictures.day.tolist(), strict=True)
        self._session.insert(
            self._schema.picture,
            ("dataset", "organization", "day"),
            ((name, owner, day) for owner, day in pairs),
            clash="ignore",
        )

    def newest_pictures(self, name: str, day: int, scope: Scope) -> Mapping[int, int]:
        """Customer -> day of its newest full picture at or before `day`."""
        c = self._schema.picture.c
        query = (
            sa.select(c.organization, sa.func.max(c.day))
            .where(c.dataset == name, c.day <= day)
            .where(*self._session.inside(c.organization, scope))
            .group_by(c.organization)
        )
        return dict(self._session.fetch(query))

    def first_pictures(self, name: str) -> Mapping[str | None, int]:
        """Region -> day of the first full picture of any of its customers."""
        picture, who = self._schema.picture, self._schema.organization
        query = (
            sa.select(who.c.region, sa.func.min(picture.c.day))
            .join_from(picture, who, who.c.key == picture.c.organization)
            .where(picture.c.dataset == name)
            .group_by(who.c.region)
        )
        return dict(self._session.fetch(query))


def _runs(rows: Ints | list[Array]) -> Runs:
    return Runs(
        key=rows[0],
        day=rows[1],
        until=rows[2],
        seen=rows[3],
        gone=rows[4] == 1,
        observed=rows[5],
        values=np.asarray(rows[6:]),
    )
