"""Call records and loaded days in their tables."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np
import sqlalchemy as sa

from partnerhub.adapters.sql.call_hashes import CallHashes
from partnerhub.adapters.sql.call_tables import LEG_NUMBERS
from partnerhub.adapters.sql.keys import Keys
from partnerhub.adapters.sql.session import Part
from partnerhub.columns.leg_reading import LegReader
from partnerhub.columns.leg_records import CallDays, LegRecords, by_customer
from partnerhub.columns.legs import LegColumns
from partnerhub.columns.records import EPOCH, day_numbers
from partnerhub.columns.text import TextColumn
from partnerhub.columns.unknown import CODE, Array, Ints
from partnerhub.domain.quality import MEASURES
from partnerhub.ports import Scope

PAGE: Final = 250_000
"""Legs that are read at a time; a customer's legs of a day are never parted."""

_NOT_KNOWN: Final = -(2.0**127)
"""Reads for a measure that is null: some drivers tell a column by its first rows.

A number that floats of 4 bytes hold too.
"""

_NEVER: Final = -1
_NAT: Final = np.datetime64("NaT", "ms")
_NUMBERS: Final = ("start", "duration_s", "video_s", *LEG_NUMBERS)
_DTYPES: Final[dict[str, type]] = {
    "answered": np.int8,
    "direction": np.uint8,
    "user_kind": np.uint8,
    "endpoint": np.uint8,
    "features": np.uint16,
    "ipv6": np.bool_,
    "audio": np.int8,
    "video": np.int8,
}
_KEYS: Final = ("organization", "location", "person", "call_type")


class Legs(Part):
    """The part that keeps call records."""

    def legs(self, first: int, last: int, scope: Scope) -> Iterator[LegColumns]:
        """The legs of these days, in chunks, all from one state."""
        c = self._schema.leg.c
        reader = LegReader()
        with self._session.scanning() as reading:
            with reading():
                names = self._names()
                inside = self._session.inside(c.organization, scope)
                pages = _pages(self._counts(first, last, inside))
            for low, high, rows in pages:
                with reading():
                    legs = self._read(
                        reader,
                        names,
                        sa.tuple_(c.day, c.organization) >= low,
                        sa.tuple_(c.day, c.organization) <= high,
                        *inside,
                        rows=rows,
                    )
                yield legs

    def _names(self) -> dict[int, str]:
        """Key -> uuid of every customer."""
        c = self._schema.organization.c
        return dict(self._session.fetch(sa.select(c.key, c.id)))

    def _counts(
        self, first: int, last: int, inside: list[sa.ColumnElement[bool]]
    ) -> Ints:
        """Day, customer and how many legs, in that order: `(3, n)`."""
        c = self._schema.leg.c
        return self._session.fetch_integers(
            sa.select(c.day, c.organization, sa.func.count().label("legs"))
            .where(c.day.between(first, last), *inside)
            .group_by(c.day, c.organization)
            .order_by(c.day, c.organization)
        )

    def _read(
        self,
        reader: LegReader,
        names: dict[int, str],
        *conditions: sa.ColumnElement[bool],
        rows: int = 0,
    ) -> LegColumns:
        found = self._fetch(*conditions, rows=rows)
        return self._legs(reader, names, found)

    def _fetch(
        self,
        *conditions: sa.ColumnElement[bool],
        rows: int = 0,
        more: tuple[str, ...] = (),
    ) -> dict[str, Array]:
        c = self._schema.leg.c
        keys = (*_KEYS, *_NUMBERS, *more)
        query = (
            sa.select(
                *(c[name] for name in keys),
                *(
                    sa.func.coalesce(c[name], _NOT_KNOWN).label(name)
                    for name in MEASURES
                ),
            )
            .where(*conditions)
            .order_by(c.day, c.organization, c.report_id)
        )
        columns = self._session.fetch_columns(query, rows=rows)
        return dict(zip((*keys, *MEASURES), columns, strict=True))

    def _legs(
        self, reader: LegReader, names: dict[int, str], found: dict[str, Array]
    ) -> LegColumns:
        owners, code = np.unique(found["organization"], return_inverse=True)
        organization = TextColumn(code.astype(np.int32), _objects(names, owners))
        texts = Keys(self._session).texts
        location = TextColumn.of_keys(found["location"], texts)
        blank = len(location.labels)
        numbers: dict[str, Array] = {
            "start": found["start"].view("datetime64[s]"),
            "duration_s": found["duration_s"].astype(np.int32),
            "video_s": found["video_s"].astype(np.int32),
            **{name: found[name].astype(_DTYPES[name]) for name in LEG_NUMBERS},
        }
        for name in MEASURES:
            column = found[name]
            column = np.where(column == _NOT_KNOWN, np.nan, column)
            numbers[name] = column.astype(np.float32)
        return reader.legs(
            organization=organization,
            location=TextColumn(
                np.where(location.codes < 0, blank, location.codes).astype(np.int32),
                np.append(location.labels, ""),
            ),
            user=TextColumn.of_keys(found["person"], texts),
            call_type=TextColumn.of_keys(found["call_type"], texts),
            numbers=numbers,
        )

    # writing

    def put_legs(self, organization: Ints, records: LegRecords) -> int:
        """Keeps records, each once, over those that were written before them."""
        legs = records.legs
        day = day_numbers(legs.start)
        # In the order of the primary key, so that days not met before are appended.
        order = np.lexsort((records.report_id.astype(str), organization, day))
        written = records.report_time.astype("datetime64[ms]")
        columns: dict[str, Array] = {
            "day": day,
            "organization": organization,
            "report_id": records.report_id,
            "report_time": np.where(np.isnat(written), _NEVER, written.view(np.int64)),
            "call_id": records.call_id,
            "start": legs.start.view(np.int64),
            "location": self._keys_of_codes(legs.place, legs.places.text),
            "person": self._keys_of_codes(legs.user, legs.users.text),
            "call_type": self._keys_of_codes(
                legs.call_type, np.array(legs.type_names(), object)
            ),
            "duration_s": legs.duration_s,
            "video_s": legs.video_s,
            **{name: getattr(legs, name) for name in LEG_NUMBERS},
        }
        columns = {
            name: column if column.dtype == object else column.astype(np.int64)
            for name, column in columns.items()
        }
        columns |= {name: getattr(legs, name) for name in MEASURES}
        ordered = {name: column[order] for name, column in columns.items()}
        CallHashes(self._session).note(day, records.call_id)
        return self._session.merge_columns(self._schema.leg, ordered, "newer")

    def _keys_of_codes(self, codes: Array, texts: Array) -> Ints:
        """The key of the text of each code, made where new; -1 where not known."""
        met = np.unique(codes)
        met = met[met >= 0]
        keys = np.full(len(texts) + 1, CODE, np.int64)  # the last is for code -1
        told = [code for code in met.tolist() if texts[code]]
        # Places of several customers have the same name.
        named = TextColumn.of(str(texts[code]) for code in told)
        keys[told] = Keys(self._session).text_keys(named.labels.tolist())[named.codes]
        found: Ints = keys[codes.astype(np.int64)]
        return found

    def put_call_days(self, organization: Ints, day: Ints) -> None:
        """Notes loaded customers and days."""
        self._session.insert(
            self._schema.call_day,
            ("day", "organization"),
            zip(day.tolist(), organization.tolist(), strict=True),
            clash="ignore",
        )

    def call_days(self, first: int, last: int, scope: Scope) -> CallDays:
        """Customers and days that are loaded, by uuid and day."""
        c, who = self._schema.call_day.c, self._schema.organization
        uuid, day = self._session.fetch_columns(
            sa.select(who.c.id, c.day)
            .join_from(self._schema.call_day, who, who.c.key == c.organization)
            .where(c.day.between(first, last))
            .where(*self._session.inside(c.organization, scope))
            .order_by(who.c.id, c.day)
        )
        return CallDays(organization=uuid, day=EPOCH + day)

    # copying

    def leg_days(self, organizations: Ints) -> list[int]:
        """The days on which these customers have a leg."""
        c = self._schema.leg.c
        among = self._session.among(c.organization, organizations.tolist())
        query = sa.select(c.day).where(among).distinct().order_by(c.day)
        return [day for (day,) in self._session.fetch(query)]

    def leg_records(self, organizations: Ints, day: int) -> LegRecords:
        """All records of these customers and day, by uuid and report id."""
        c = self._schema.leg.c
        among = self._session.among(c.organization, organizations.tolist())
        names = self._names()
        found = self._fetch(
            c.day == day, among, more=("report_id", "report_time", "call_id")
        )
        written = found["report_time"]
        records = LegRecords(
            legs=self._legs(LegReader(), names, found),
            report_id=found["report_id"],
            report_time=np.where(
                written == _NEVER, _NAT, written.view("datetime64[ms]")
            ),
            call_id=found["call_id"],
        )
        return by_customer(records)


def _pages(counts: Ints) -> list[tuple[tuple[int, int], tuple[int, int], int]]:
    """First and last day and customer of each page, and how many legs it has."""
    pages: list[tuple[tuple[int, int], tuple[int, int], int]] = []
    low: tuple[int, int] | None = None
    high, held = (0, 0), 0
    for day, organization, legs in counts.T.tolist():
        if low is not None and held + legs > PAGE:
            pages.append((low, high, held))
            low, held = None, 0
        low, high = low or (day, organization), (day, organization)
        held += legs
    if low is not None:
        pages.append((low, high, held))
    return pages


def _objects(names: dict[int, str], keys: Ints) -> Array:
    found = np.empty(len(keys), dtype=object)
    found[:] = [names[key] for key in keys.tolist()]
    return found
