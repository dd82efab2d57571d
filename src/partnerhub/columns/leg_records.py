"""Call legs as a source tells them, before a store takes them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

import attrs
import numpy as np

from partnerhub.columns.arrow_sets import ArrowColumns
from partnerhub.columns.legs import LegColumns, joined
from partnerhub.columns.records import day_numbers
from partnerhub.columns.text import TextColumn
from partnerhub.columns.unknown import Array, Days
from partnerhub.domain.calls import DIRECTIONS, Direction
from partnerhub.domain.quality import MEASURES

_MADE: Final = DIRECTIONS.index(Direction.ORIGINATING)


@attrs.frozen(kw_only=True, eq=False)
class LegRecords(ArrowColumns):
    """Call legs with what tells them apart.

    Attributes:
        legs: What formulas read of them.
        report_id: What tells a record apart within its customer, object `(n,)`.
        report_time: When it was written, datetime64[ms]; NaT where not known. Of
            records of one id the latest counts.
        call_id: SIP id of the call, object; blank where not known. Quality measures
            join by it.
    """

    legs: LegColumns
    report_id: Array
    report_time: Array
    call_id: Array

    def __len__(self) -> int:
        return len(self.report_id)

    def arrow_columns(self) -> Iterator[tuple[str, Array | TextColumn]]:
        """Its columns, after those of its legs."""
        yield from self.legs.arrow_columns()
        yield from super().arrow_columns()

    def take(self, rows: Array, /) -> LegRecords:
        """The chosen rows, in the order given."""
        return LegRecords(
            legs=self.legs.take(rows),
            report_id=self.report_id[rows],
            report_time=self.report_time[rows],
            call_id=self.call_id[rows],
        )


def joined_records(parts: Iterable[LegRecords], /) -> LegRecords:
    """The records of several sources as one, in their order."""
    parts = tuple(parts)
    return LegRecords(
        legs=joined(part.legs for part in parts),
        report_id=np.concatenate([part.report_id for part in parts]),
        report_time=np.concatenate([part.report_time for part in parts]),
        call_id=np.concatenate([part.call_id for part in parts]),
    )


def by_customer(records: LegRecords, /) -> LegRecords:
    """The records in the order of their customer's uuid and their id."""
    legs = records.legs
    owners = legs.places.owners()[legs.place].tolist()
    keys = list(zip(owners, records.report_id.tolist(), strict=True))
    order = sorted(range(len(keys)), key=keys.__getitem__)
    return records.take(np.array(order, np.int64))


def newest(records: LegRecords, /) -> LegRecords:
    """Each record once: the one with the latest report time, of equal ones the first.

    Records of one customer, day and id are one; as stores keep legs by days, a record
    whose call is told to begin on another day is another. Rows stay in their order. A
    record without a report time counts as the oldest.
    """
    legs = records.legs
    customer = legs.places.customer[legs.place].tolist()
    day = day_numbers(legs.start).tolist()
    written = records.report_time.astype("datetime64[ms]").view(np.int64).tolist()
    best: dict[tuple[int, int, str], int] = {}
    keys = zip(customer, day, records.report_id.tolist(), strict=True)
    for row, key in enumerate(keys):
        other = best.get(key)
        if other is None or written[row] > written[other]:
            best[key] = row
    if len(best) == len(records):
        return records
    return records.take(np.array(sorted(best.values()), np.int64))


@attrs.frozen(kw_only=True, eq=False)
class CallDays(ArrowColumns):
    """Customers and days whose call records were loaded, with or without a call.

    Attributes:
        organization: Uuid of the customer, object `(n,)`.
        day: The day, UTC, datetime64[D] `(n,)`.
    """

    organization: Array
    day: Days

    def __len__(self) -> int:
        return len(self.day)


MEDIA_VALUES: Final[Mapping[str, type]] = {
    "audio": np.int8,
    "video": np.int8,
    "video_s": np.int32,
    **dict.fromkeys(MEASURES, np.float32),
}
"""The leg columns that media quality tells, and the type of each."""


@attrs.frozen(kw_only=True, eq=False)
class MediaColumns(ArrowColumns):
    """Media quality of call legs, as its file or API tells it.

    Attributes:
        call_id: SIP id of the call, object `(n,)`.
        caller: It is of the side that made the call, int8: 1, 0, -1 not known.
        values: Each of `MEDIA_VALUES` -> what is known of it, `(n,)`.
    """

    call_id: Array
    caller: Array
    values: Mapping[str, Array]

    def __len__(self) -> int:
        return len(self.call_id)

    def arrow_columns(self) -> Iterator[tuple[str, Array | TextColumn]]:
        """Its columns, the values by their names."""
        yield from super().arrow_columns()
        yield from self.values.items()

    def take(self, rows: Array, /) -> MediaColumns:
        """The chosen rows, in the order given."""
        return MediaColumns(
            call_id=self.call_id[rows],
            caller=self.caller[rows],
            values={key: column[rows] for key, column in self.values.items()},
        )


def with_media(records: LegRecords, media: MediaColumns, /) -> LegRecords:
    """The records with the quality of their call, where it is known.

    A row of quality is of the legs with its call id and side; a row that does not
    name its side is of both. Of several rows the last counts.
    """
    legs = records.legs
    by_call: dict[str, list[int]] = {}
    for row, call in enumerate(records.call_id.tolist()):
        if call:
            by_call.setdefault(call, []).append(row)
    made = (legs.direction == _MADE).tolist()
    at, taken = [], []
    for row, (call, caller) in enumerate(
        zip(media.call_id.tolist(), media.caller.tolist(), strict=True)
    ):
        for leg in by_call.get(call, ()):
            if caller < 0 or made[leg] == (caller == 1):
                at.append(leg)
                taken.append(row)
    columns = {}
    for name, values in media.values.items():
        column = getattr(legs, name).copy()
        column[at] = values[taken]
        column.flags.writeable = False
        columns[name] = column
    return attrs.evolve(records, legs=attrs.evolve(legs, **columns))
