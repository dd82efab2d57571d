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

from partnerhub.columns.aggregates import Seen, Tally, counted
from partnerhub.columns.legs import LegColumns, Small, quality_view, unsupported
from partnerhub.columns.unknown import Array, Ints
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

NUMBERS: Final = ("calls", "legs", "rated", "poor", "seconds")
"""What is summed for each place and week."""

QUALITY: Final = ("legs", "rated", "poor")
"""What is summed for each place and endpoint type of the last week."""

_WEEK_S: Final = 7 * 24 * 60 * 60
# The cell of a leg, 3 bits: rated, poor, originating; poor alone is a leg left out.
_CELLS: Final = 8
_RATED, _POOR, _ORIGINATES = (np.uint8(bit) for bit in (1, 2, 4))
_LEFT_OUT: Final = _POOR
_ENDPOINTS: Final = len(ENDPOINT_TYPES)
_USER: Final = USER_KINDS.index(UserKind.USER)
_ORIGINATING: Final = DIRECTIONS.index(Direction.ORIGINATING)
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
        met = np.zeros((2, len(legs.users)), np.bool_)

        def count(tables: Sequence[Ints], rows: slice) -> None:
            cells, seconds, *of_last = tables
            week = (legs.start[rows].view(np.int64) - first) // _WEEK_S
            inside = (week >= 0) & (week < weeks)
            inside &= legs.user_kind[rows] == _USER
            if self.policy.scope.excluded_from == "all":
                inside &= ~unsupported(legs, rows)
            week[~inside] = 0
            place = legs.place[rows].astype(np.intp)
            key = place * weeks
            key += week
            length = np.maximum(legs.duration_s[rows], 0).astype(np.int64)
            np.add.at(seconds, key, length * inside.astype(np.int64))
            quality = self._quality(legs, rows)
            key *= _CELLS
            key += chosen(inside, quality, _LEFT_OUT)
            np.add.at(cells, key, 1)
            week[~inside] = -1
            last = np.flatnonzero(week == weeks - 1)
            self._count_endpoints(legs, rows, last, quality, of_last[0])
            self._count_features(legs, rows, of_last[1])
            for period in (0, 1):
                here = np.flatnonzero(week == weeks - 2 + period)
                user = legs.user[rows][here]
                met[period, user[user >= 0]] = True  # two threads may set it alike

        sizes = (
            places * weeks * _CELLS,
            places * weeks,
            places * _ENDPOINTS * _CELLS,
            places * (len(FEATURES)),
        )
        cells, seconds, endpoints, features = counted(len(legs), sizes, count)
        by_week = np.dstack(
            [
                *_numbers(cells.reshape(places, weeks, _CELLS)),
                seconds.reshape(places, weeks),
            ]
        )
        _, *by_endpoint = _numbers(endpoints.reshape(places, _ENDPOINTS, _CELLS))
        return EngagementSums(
            weeks=Tally(legs.places, by_week.reshape(places, weeks * len(NUMBERS))),
            endpoints=Tally(
                legs.places,
                np.dstack(by_endpoint).reshape(places, _ENDPOINTS * len(QUALITY)),
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

    def _quality(self, legs: LegColumns, rows: slice) -> Small:
        """The cell of each leg, uint8 `(n,)`."""
        s = quality_view(legs, rows)
        found: Small = rated(s, self.policy.thresholds).view(np.uint8) * _RATED
        found += poor_quality(s, self.policy.thresholds).view(np.uint8) * _POOR
        is_made = legs.direction[rows] == _ORIGINATING
        found += is_made.view(np.uint8) * _ORIGINATES
        return found

    def _count_endpoints(
        self, legs: LegColumns, rows: slice, last: Array, quality: Array, table: Ints
    ) -> None:
        key = legs.place[rows][last].astype(np.intp) * _ENDPOINTS
        key += legs.endpoint[rows][last]
        np.add.at(table, key * _CELLS + quality[last], 1)

    def _count_features(self, legs: LegColumns, rows: slice, table: Ints) -> None:
        """Counts records of services too: there the calls of a queue count."""
        used, start = legs.features[rows], legs.start[rows].view(np.int64)
        first = _second(self.weeks[-1][0])
        inside = (used != 0) & (start >= first) & (start < first + _WEEK_S)
        if self.policy.scope.excluded_from == "all":
            inside &= ~unsupported(legs, rows)
        here = np.flatnonzero(inside)
        used = used[here]
        key = legs.place[rows][here].astype(np.intp) * len(FEATURES)
        for bit in range(len(FEATURES)):
            np.add.at(table, key[(used >> bit) & 1 == 1] + bit, 1)


def _numbers(cells: Ints) -> tuple[Ints, Ints, Ints, Ints]:
    """Calls, legs, rated and poor legs of tables of cells: `(places, n)` each."""
    cells[..., _LEFT_OUT] = 0
    code = np.arange(_CELLS)
    return (
        cells[..., (code & _ORIGINATES) != 0].sum(axis=-1),
        cells.sum(axis=-1),
        cells[..., (code & _RATED) != 0].sum(axis=-1),
        cells[..., (code & _POOR) != 0].sum(axis=-1),
    )


def _by_number(sums: Ints, weeks: int) -> dict[str, Ints]:
    split = sums.reshape(len(sums), weeks, len(NUMBERS))
    return {name: split[:, :, at] for at, name in enumerate(NUMBERS)}


def _second(day: dt.date) -> int:
    return int(np.datetime64(day.isoformat(), "s").astype(np.int64))
