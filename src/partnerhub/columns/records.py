"""What one source says of the things of one dataset, before a store takes it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

import attrs
import numpy as np

from partnerhub.columns import unknown
from partnerhub.columns.arrow_sets import ArrowColumns
from partnerhub.columns.datasets import Dataset, Kind
from partnerhub.columns.history import UNKNOWN
from partnerhub.columns.text import TextColumn
from partnerhub.columns.unknown import Array, Bools, Days, Ints

EPOCH: Final = np.datetime64(0, "D")


@attrs.frozen(eq=False)
class FullPictures(ArrowColumns):
    """Of which customers, and days, a file is a full picture.

    Attributes:
        organization: Uuid of the customer, object `(n,)`.
        day: The day, datetime64[D] `(n,)`.
    """

    organization: Array
    day: Days

    def __len__(self) -> int:
        return len(self.day)


@attrs.frozen(kw_only=True, eq=False)
class DatedRecords(ArrowColumns):
    """Rows of one dataset, each of one thing on one day.

    Attributes:
        dataset: What they are.
        organization: Uuid of the customer, object `(n,)`.
        parent: Identity of the thing of the parent dataset; None where the dataset
            has no parent, object `(n,)`.
        identity: What tells the thing apart within its customer (and parent), object
            `(n,)`.
        day: Of which day, datetime64[D] `(n,)`.
        fields: Field name -> column `(n,)`; texts are object arrays with None where
            not known, see `partnerhub.columns.unknown` for the rest. A field that is
            left out is not told.
        told: Field name -> bool `(n,)`, for fields that only some rows tell.
        pictures: Customers and days of which these rows are full pictures: what is
            not among the rows is gone from that day. None for rows that only add
            what they say.
    """

    dataset: Dataset
    organization: Array
    parent: Array | None = None
    identity: Array
    day: Days
    fields: Mapping[str, Array]
    told: Mapping[str, Bools] = attrs.field(factory=dict)
    pictures: FullPictures | None = None

    def __len__(self) -> int:
        return len(self.identity)

    def arrow_columns(self) -> Iterator[tuple[str, Array | TextColumn]]:
        """Its columns, the fields by their names."""
        yield from super().arrow_columns()
        yield from self.fields.items()

    def observed(self) -> Ints:
        """Bit i is set where field i of the dataset is told, int64 `(n,)`."""
        mask = np.zeros(len(self), np.int64)
        for bit, name in enumerate(self.dataset.field_names):
            if name in self.told:
                mask |= self.told[name].astype(np.int64) << bit
            elif name in self.fields:
                mask |= 1 << bit
        return mask

    def take(self, rows: Array) -> DatedRecords:
        """The chosen rows, in the order given; the pictures stay."""
        return attrs.evolve(
            self,
            organization=self.organization[rows],
            parent=None if self.parent is None else self.parent[rows],
            identity=self.identity[rows],
            day=self.day[rows],
            fields={name: column[rows] for name, column in self.fields.items()},
            told={name: column[rows] for name, column in self.told.items()},
        )


def day_numbers(days: Days) -> Ints:
    """Days since 1970-01-01, `UNKNOWN` where not known, int64 `(n,)`."""
    numbers = days.astype("datetime64[D]").astype(np.int64)
    return np.where(np.isnat(days), UNKNOWN, numbers)


def to_int64(column: Array, kind: Kind) -> Ints:
    """A column as a row of the history's matrix. Texts must be codes already."""
    if kind is Kind.DAY:
        return day_numbers(column)
    plain = column.astype(np.int64)
    return np.where(unknown.is_unknown(column), UNKNOWN, plain)


def from_int64(row: Ints, kind: Kind) -> Array:
    """A row of the history's matrix as a typed column, read-only."""
    missing = row == UNKNOWN
    column: Array
    match kind:
        case Kind.DAY:
            column = np.where(missing, 0, row).astype("datetime64[D]")
            column[missing] = unknown.DAY
        case Kind.FLAG:
            column = np.where(missing, unknown.FLAG, row).astype(np.int8)
        case Kind.COUNT:
            column = np.where(missing, unknown.COUNT, row)
        case Kind.TEXT:
            column = np.where(missing, unknown.CODE, row).astype(np.int32)
    column.flags.writeable = False
    return column
