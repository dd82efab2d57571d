"""The Calling engagement page from call legs: what is kept of each week.

One pass gives calls, legs, minutes and quality of every location and week, and of
the last week endpoint types, features and who called. Tables are made from
`partnerhub.kpis.calling.facts`, which exports can fill as well.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Final

import attrs
import numpy as np
import pendulum

from partnerhub.columns.aggregates import Seen, Tally, cell_sums, counted
from partnerhub.columns.key_counts import Counters
from partnerhub.columns.legs import LegColumns, Small, quality_view, unsupported
from partnerhub.columns.unknown import Array, Bools, Codes, Ints
from partnerhub.domain.calls import (
    DIRECTIONS,
    ENDPOINT_TYPES,
    FEATURES,
    USER_KINDS,
    Direction,
    UserKind,
)
from partnerhub.domain.days import as_day
from partnerhub.domain.engagement_policy import EngagementPolicy
from partnerhub.domain.quality import poor_quality, rated
from partnerhub.domain.weeks import Period, last_complete_weeks
from partnerhub.kpis.calling.usage_details import chosen

NUMBERS: Final = ("calls", "legs", "rated", "poor", "seconds", "records")
"""What is summed for each place and week; of records also those that do not count."""

QUALITY: Final = ("legs", "rated", "poor")
"""What is summed for each place and endpoint type of the last week."""

_WEEK_S: Final = 7 * 24 * 60 * 60
# The cell of a leg, 3 bits: rated, poor, originating. No leg is poor and not rated, so
# those codes are free for a leg that does not count, and for one of another week.
_CELLS: Final = 8
_CODES: Final = np.arange(_CELLS)
_RATED, _POOR, _ORIGINATES = (np.uint8(bit) for bit in (1, 2, 4))
_LEFT_OUT: Final = _POOR
_OUTSIDE: Final = np.uint8(_POOR | _ORIGINATES)
_ENDPOINTS: Final = len(ENDPOINT_TYPES)
_USER: Final = USER_KINDS.index(UserKind.USER)
_ORIGINATING: Final = DIRECTIONS.index(Direction.ORIGINATING)
_NO_ROWS: Final = np.empty(0, np.intp)
_POLICY: Final = EngagementPolicy()


@attrs.frozen(kw_only=True)
class EngagementSums:
    """What `Engagement` keeps of call legs.

    Attributes:
        weeks: Of each place, `NUMBERS` of each week, oldest first.
        endpoints: Of each place, `QUALITY` of each endpoint type, last week.
        features: Of each place, legs of the last week that used each feature.
        users: Users that were met in the week before, and in the last week.
    """

    weeks: Tally
    endpoints: Tally
    features: Tally
    users: Seen

    def __add__(self, other: EngagementSums) -> EngagementSums:
        return EngagementSums(
            weeks=self.weeks + other.weeks,
            endpoints=self.endpoints + other.endpoints,
            features=self.features + other.features,
            users=self.users + other.users,
        )


@attrs.frozen(kw_only=True, eq=False)
class EngagementCounts:
    """The finished sums, by customer. Rows are in order of `organization`.

    Attributes:
        weeks: First and last day of each week, oldest first.
        organization: Uuids of the customers with any record, object `(n,)`, sorted.
        numbers: Each of `NUMBERS`, int64 `(n, weeks)`.
        users: Users active in the week before and in the last, int64 `(n, 2)`.
        endpoints: `QUALITY` of each endpoint type, last week, `(n, endpoints, 3)`.
        features: Legs of the last week by feature, `(n, features)`.
        location_organization: Uuid of the customer of each location, sorted.
        location: Its name, object `(locations,)`.
        location_numbers: Each of `NUMBERS`, int64 `(locations, weeks)`.
    """

    weeks: tuple[Period, ...]
    organization: Array
    numbers: Mapping[str, Ints]
    users: Ints
    endpoints: Ints
    features: Ints
    location_organization: Array
    location: Array
    location_numbers: Mapping[str, Ints]


@attrs.frozen(kw_only=True)
class Engagement:
    """The aggregate of the engagement page.

    Attributes:
        at: The last week is the latest one that was complete on this day.
        policy: What counts.
    """

    at: pendulum.Date = attrs.field(converter=as_day)
    policy: EngagementPolicy = _POLICY

    @property
    def weeks(self) -> tuple[Period, ...]:
        """The weeks of the trend, and one before them, oldest first."""
        return last_complete_weeks(self.at, self.policy.trend_weeks + 1)

    def summarize(self, legs: LegColumns, /) -> EngagementSums:
        """The sums of these legs by place; legs of other weeks are left out."""
        places, weeks = len(legs.places), len(self.weeks)
        first = _second(self.weeks[0][0])
        end = first + weeks * _WEEK_S
        met = np.zeros((2, len(legs.users)), np.bool_)

        def count(tables: Sequence[Counters], rows: slice) -> None:
            cells, seconds, endpoints, features = tables
            start = legs.start[rows].view(np.int64)
            low, high = int(start.min()), int(start.max())
            if high < first or low >= end:
                return
            week: int | Codes = (low - first) // _WEEK_S
            if week != (high - first) // _WEEK_S:
                week = _weeks(start, first, weeks)
            here = self._counted(legs, rows)
            left: Small | np.uint8 = _LEFT_OUT
            if low < first or high >= end:
                inside = (start >= first) & (start < end)
                here &= inside
                left = np.where(inside, _LEFT_OUT, _OUTSIDE)
            shift, place = 0, legs.place[rows]
            if isinstance(week, int):
                shift = week * places
            else:
                place = place + week * np.int32(places)
            length = np.maximum(legs.duration_s[rows], 0)
            length *= here
            seconds.add_values(place.astype(np.intp), length, shift=shift)
            quality = self._quality(legs, rows)
            key = place + np.int32(shift)
            key *= np.int32(_CELLS)
            key += chosen(here, quality, left)
            cells.add(key)
            for period in (0, 1):
                found = _of_week(here, week, weeks - 2 + period)
                user = legs.user[rows][found]
                met[period, user[user >= 0]] = True  # two threads may set it alike
            # What was found last is of the last week.
            key = legs.place[rows][found] * np.int32(_ENDPOINTS)
            key += legs.endpoint[rows][found]
            key *= np.int32(_CELLS)
            key += quality[found]
            endpoints.add(key)
            if high >= end - _WEEK_S:
                last = (start >= end - _WEEK_S) & (start < end)
                self._count_features(legs, rows, last, features)

        sizes = (
            weeks * places * _CELLS,
            weeks * places,
            places * _ENDPOINTS * _CELLS,
            places * len(FEATURES),
        )
        cells, seconds, endpoints, features = counted(
            len(legs), lambda: tuple(map(Counters, sizes)), count
        )
        records = cell_sums(cells.reshape(-1, _CELLS), (_CODES != _OUTSIDE,))
        by_week = np.column_stack((_numbers(cells), seconds, records))
        by_week = by_week.reshape(weeks, places, len(NUMBERS)).transpose(1, 0, 2)
        by_endpoint = _numbers(endpoints)[:, 1:]  # all but calls: `QUALITY`
        return EngagementSums(
            weeks=Tally(legs.places, by_week.reshape(places, weeks * len(NUMBERS))),
            endpoints=Tally(
                legs.places, by_endpoint.reshape(places, _ENDPOINTS * len(QUALITY))
            ),
            features=Tally(legs.places, features.reshape(places, len(FEATURES))),
            users=Seen(legs.users, met),
        )

    def finish(self, partial: EngagementSums, /) -> EngagementCounts:
        """The sums by customer and by location, ordered by uuid and name."""
        weeks = self.weeks
        customers, sums = partial.weeks.by_customer()
        order = np.argsort(customers.astype(str), kind="stable")
        _, endpoints = partial.endpoints.by_customer()
        _, features = partial.features.by_customer()
        users = partial.users.by_customer()
        nobody = np.zeros(2, np.int64)
        names = customers[order]
        keys = partial.weeks.keys
        owners, texts = keys.owners(), keys.text
        by_name = np.lexsort((texts.astype(str), owners.astype(str)))
        return EngagementCounts(
            weeks=weeks,
            organization=names,
            numbers=_by_number(sums[order], len(weeks)),
            users=np.array(
                [users.get(who, nobody) for who in names.tolist()], np.int64
            ).reshape(len(names), 2),
            endpoints=endpoints[order].reshape(-1, _ENDPOINTS, len(QUALITY)),
            features=features[order],
            location_organization=owners[by_name],
            location=texts[by_name],
            location_numbers=_by_number(partial.weeks.counts[by_name], len(weeks)),
        )

    def _counted(self, legs: LegColumns, rows: slice) -> Bools:
        """Which legs count, in whatever week they are."""
        found: Bools = legs.user_kind[rows] == _USER
        if self.policy.scope.excluded_from == "all":
            found &= ~unsupported(legs, rows)
        return found

    def _quality(self, legs: LegColumns, rows: slice) -> Small:
        """The cell of each leg, uint8 `(n,)`."""
        s = quality_view(legs, rows)
        found: Small = rated(s, self.policy.thresholds).view(np.uint8) * _RATED
        found += poor_quality(s, self.policy.thresholds).view(np.uint8) * _POOR
        is_made = legs.direction[rows] == _ORIGINATING
        found += is_made.view(np.uint8) * _ORIGINATES
        return found

    def _count_features(
        self, legs: LegColumns, rows: slice, last: Bools, table: Counters
    ) -> None:
        """Counts records of services too: there the calls of a queue count."""
        used = legs.features[rows]
        inside = (used != 0) & last
        if self.policy.scope.excluded_from == "all":
            inside &= ~unsupported(legs, rows)
        here = np.flatnonzero(inside)
        used = used[here]
        key = legs.place[rows][here] * np.int32(len(FEATURES))
        for bit in range(len(FEATURES)):
            table.add(key[(used >> bit) & 1 == 1] + np.int32(bit))


def _weeks(start: Ints, first: int, weeks: int) -> Codes:
    """The week of each leg, int32 `(n,)`; the nearest one for legs of other weeks."""
    return np.clip((start - first) // _WEEK_S, 0, weeks - 1).astype(np.int32)


def _of_week(counted: Bools, week: int | Codes, wanted: int) -> Array:
    """The rows that count and are of a week."""
    if isinstance(week, int):
        return np.flatnonzero(counted) if week == wanted else _NO_ROWS
    return np.flatnonzero(counted & (week == wanted))


def _numbers(cells: Ints) -> Ints:
    """Calls, legs, rated and poor legs of each row of cells: `(rows, 4)`."""
    counts = (_CODES != _LEFT_OUT) & (_CODES != _OUTSIDE)
    bits = (_ORIGINATES, _RATED, _POOR)
    made, rated_, poor = (((_CODES & bit) != 0) & counts for bit in bits)
    return cell_sums(cells.reshape(-1, _CELLS), (made, counts, rated_, poor))


def _by_number(sums: Ints, weeks: int) -> dict[str, Ints]:
    split = sums.reshape(len(sums), weeks, len(NUMBERS))
    return {name: split[:, :, at] for at, name in enumerate(NUMBERS)}


def _second(day: dt.date) -> int:
    return int(np.datetime64(day.isoformat(), "s").astype(np.int64))
