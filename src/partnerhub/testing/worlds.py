"""Random things to write: a few customers, subscriptions and days, so that they meet."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

import attrs
import numpy as np
from hypothesis import strategies as st

from partnerhub.columns import unknown
from partnerhub.columns.datasets import (
    APP_VERSIONS,
    CUSTOMERS,
    DEVICES,
    LICENSES,
    NUMBERS,
    SUBSCRIPTIONS,
    Dataset,
    Kind,
)
from partnerhub.columns.records import DatedRecords, FullPictures
from partnerhub.columns.unknown import Array
from partnerhub.columns.usage import USAGE_COUNTS, UsageColumns
from partnerhub.domain.products import CALLING_PROFESSIONAL, MEETINGS_LICENSE
from partnerhub.ports import OrganizationFacts
from partnerhub.testing.strategies import maybe

FIRST_DAY: Final = dt.date(2026, 11, 1)
CUSTOMERS_KNOWN: Final = tuple(
    f"00000000-0000-4000-8000-00000000000{n}" for n in range(1, 4)
)
SUBSCRIPTION_IDS: Final = ("Sub1", "Sub2", "Enterprise Trial")
_TEXTS: Final = ("", "Active", "Café", "𝒳 \U0001f600", "O'Brien; --", "A")
_LICENSES: Final = (CALLING_PROFESSIONAL, MEETINGS_LICENSE, "Slido")

INVENTORIES: Final = (DEVICES, NUMBERS, APP_VERSIONS)
PICTURED: Final = (SUBSCRIPTIONS, *INVENTORIES)
"""Datasets of which a full picture leaves out what is gone."""

VALUES: Final[Mapping[Kind, tuple[Any, ...]]] = {
    Kind.TEXT: _TEXTS,
    Kind.FLAG: (-1, 0, 1),
    Kind.COUNT: (-1, 0, 1, 7, 2**31, 2**53 + 1, 2**62),
    Kind.DAY: (None, "1900-01-01", "1969-12-31", "2026-11-03", "9999-12-30"),
}
"""Values of each kind of field, on and around what stores have trouble with."""


@attrs.frozen
class Row:
    """One record, before it is a row of columns."""

    organization: str
    identity: str
    parent: str | None
    day: dt.date
    values: Mapping[str, Any]


def days() -> st.SearchStrategy[dt.date]:
    """Days of one week."""
    return st.integers(0, 6).map(lambda n: FIRST_DAY + dt.timedelta(n))


def uuids() -> st.SearchStrategy[str]:
    """One of three customers."""
    return st.sampled_from(CUSTOMERS_KNOWN)


def organization_facts() -> st.SearchStrategy[OrganizationFacts]:
    """What a file may say of a customer."""
    texts = st.sampled_from(_TEXTS)
    return st.builds(
        OrganizationFacts,
        id=uuids(),
        name=maybe(texts),
        region=maybe(st.sampled_from(("US", "EU"))),
        industry=maybe(texts),
        external_id=maybe(texts),
        user_emails=maybe(st.sampled_from(((), ("A@x.com",), ("ß@x.com", "b@x.com")))),
        tags=maybe(tag_lists()),
        day=days(),
    )


def tag_lists() -> st.SearchStrategy[tuple[str, ...]]:
    """Tags of one thing."""
    tags = st.sampled_from(("vip", "Été", "zz", "\U0001f600"))
    return st.lists(tags, max_size=3, unique=True).map(tuple)


def values_of(dataset: Dataset) -> st.SearchStrategy[dict[str, Any]]:
    """A value, or nothing known, for each field of a dataset."""
    return st.fixed_dictionaries(
        {field.name: st.sampled_from(VALUES[field.kind]) for field in dataset.fields}
    )


@st.composite
def files(draw: st.DrawFn) -> tuple[DatedRecords, ...]:
    """What one file of subscriptions says: those, then their licenses.

    It is a full picture of its customers, or adds to what is known.
    """
    day = draw(days())
    full = draw(st.booleans())
    held: dict[tuple[str, str], dict[str, Any]] = draw(
        st.dictionaries(
            st.tuples(uuids(), st.sampled_from(SUBSCRIPTION_IDS)),
            values_of(SUBSCRIPTIONS),
            min_size=1,
            max_size=4,
        )
    )
    subscriptions = [Row(o, s, None, day, v) for (o, s), v in held.items()]
    lines = [
        Row(organization, name, subscription, day, draw(values_of(LICENSES)))
        for organization, subscription in held
        for name in draw(st.sets(st.sampled_from(_LICENSES)).map(sorted))
    ]
    pictures = pictures_of(sorted({o for o, _ in held}), day) if full else None
    named = None if full else draw(st.sets(st.sampled_from(SUBSCRIPTIONS.field_names)))
    held_rows = records(SUBSCRIPTIONS, subscriptions, pictures=pictures, only=named)
    if named and draw(st.booleans()):
        rows = st.lists(st.booleans(), min_size=len(held_rows), max_size=len(held_rows))
        of_some = {min(named): np.array(draw(rows), np.bool_)}
        held_rows = attrs.evolve(held_rows, told=of_some)
    return (
        held_rows,
        records(LICENSES, lines, pictures=pictures),
    )


@st.composite
def customer_facts(draw: st.DrawFn) -> DatedRecords:
    """What a facts file says of customers."""
    day = draw(days())
    told = draw(st.dictionaries(uuids(), values_of(CUSTOMERS), min_size=1))
    return records(CUSTOMERS, [Row(o, "", None, day, v) for o, v in told.items()])


@st.composite
def inventories(draw: st.DrawFn) -> DatedRecords:
    """A full picture of the devices, numbers or app versions of some customers."""
    dataset, day = draw(st.sampled_from(INVENTORIES)), draw(days())
    keys = st.tuples(uuids(), st.sampled_from(("a", "A")))
    told = draw(st.dictionaries(keys, values_of(dataset), min_size=1, max_size=3))
    rows = [Row(o, name, None, day, v) for (o, name), v in told.items()]
    return records(
        dataset, rows, pictures=pictures_of(sorted({r[0] for r in told}), day)
    )


@st.composite
def usage_files(draw: st.DrawFn) -> UsageColumns:
    """Calling usage of some locations over one range of days."""
    first, length = draw(days()), draw(st.integers(0, 2))
    keys = st.tuples(uuids(), st.sampled_from(("", "HQ", "Été")))
    counts = st.dictionaries(
        st.sampled_from(USAGE_COUNTS[:3]), st.sampled_from((-1, 0, 2**40))
    )
    told = draw(st.dictionaries(keys, counts, min_size=1, max_size=3))
    begin = np.datetime64(first.isoformat(), "D")
    return UsageColumns(
        organization=objects(who for who, _ in told),
        location=objects(place for _, place in told),
        first=np.full(len(told), begin),
        last=np.full(len(told), begin + length),
        counts={
            name: np.array([row.get(name, -1) for row in told.values()], np.int64)
            for name in USAGE_COUNTS[:3]
        },
    )


def pictures_of(organizations: Sequence[str], day: dt.date) -> FullPictures:
    """Full pictures of these customers on a day."""
    told = np.full(len(organizations), np.datetime64(day.isoformat(), "D"))
    return FullPictures(objects(organizations), told)


def records(
    dataset: Dataset,
    rows: Sequence[Row],
    *,
    pictures: FullPictures | None = None,
    only: set[str] | None = None,
) -> DatedRecords:
    """Rows as columns; with `only`, just those fields are told."""
    fields = [f for f in dataset.fields if only is None or f.name in only]
    return DatedRecords(
        dataset=dataset,
        organization=objects(row.organization for row in rows),
        parent=None if dataset.parent is None else objects(row.parent for row in rows),
        identity=objects(row.identity for row in rows),
        day=np.array([row.day for row in rows], "datetime64[D]"),
        fields={
            field.name: _column([row.values[field.name] for row in rows], field.kind)
            for field in fields
        },
        pictures=pictures,
    )


def _column(values: list[Any], kind: Kind) -> Array:
    match kind:
        case Kind.TEXT:
            return objects(values)
        case Kind.FLAG:
            return np.array(values, np.int8)
        case Kind.COUNT:
            return np.array(values, np.int64)
        case Kind.DAY:
            told = [unknown.DAY if v is None else np.datetime64(v, "D") for v in values]
            return np.array(told, "datetime64[D]")


def objects(texts: Iterable[str | None]) -> Array:
    """A text column."""
    listed = list(texts)
    column = np.empty(len(listed), dtype=object)
    column[:] = listed
    return column
