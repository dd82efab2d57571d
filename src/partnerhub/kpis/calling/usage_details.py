"""Calling Usage Details from call legs: 33 columns a customer and location (5.29).

Every number of the report is a sum over legs, so the partial is one table of sums.
Each leg falls into one cell of two small tables beside its place, and counting the
joint codes of place and cell counts all of them.
"""

from __future__ import annotations

import datetime as dt
from typing import Final

import attrs
import numpy as np
import pendulum

from partnerhub.columns import unknown
from partnerhub.columns.aggregates import Tally, counted
from partnerhub.columns.key_counts import Counters, PairCounters
from partnerhub.columns.legs import MOST_TYPES, LegColumns, Small, quality_view
from partnerhub.columns.unknown import Array, Bools, Ints
from partnerhub.columns.usage import UsageColumns
from partnerhub.domain.calls import (
    DIRECTIONS,
    ENDPOINT_TYPES,
    USER_KINDS,
    Direction,
    UserKind,
)
from partnerhub.domain.days import as_day
from partnerhub.domain.errors import InvalidValue
from partnerhub.domain.quality import QualityThresholds, poor_quality, rated
from partnerhub.kpis.calling.usage_cells import (
    AUDIO,
    ENDPOINT_COLUMNS,
    IGNORED,
    NO_COLUMN,
    OF_SERVICE,
    ORIGINATES,
    OUTSIDE,
    POOR,
    RATED,
    REST,
    ROUTED,
    ROUTED_COLUMNS,
    ROUTES,
    SUMS,
    VIDEO,
    sums_of,
)

_ORIGINATING: Final = DIRECTIONS.index(Direction.ORIGINATING)
_TERMINATING: Final = DIRECTIONS.index(Direction.TERMINATING)
_DAY_S: Final = 24 * 60 * 60
_FEW: Final = 4
"""Where fewer than one in so many legs of a block count, they are picked out."""

_Tables = tuple[
    PairCounters, Counters, Counters, Counters, Counters, Counters, Counters
]
_THRESHOLDS: Final = QualityThresholds()
_USER: Final = USER_KINDS.index(UserKind.USER)


@attrs.frozen(kw_only=True)
class UsageSums:
    """What `UsageDetails` keeps of call legs.

    Attributes:
        places: The sums of each place, by `SUMS`.
        types: Legs of users of call types without a column, by their text.
    """

    places: Tally
    types: dict[str, int]

    def __add__(self, other: UsageSums) -> UsageSums:
        names = {*self.types, *other.types}
        return UsageSums(
            places=self.places + other.places,
            types={n: self.types.get(n, 0) + other.types.get(n, 0) for n in names},
        )


@attrs.frozen(kw_only=True)
class UsageDetails:
    """The aggregate of Calling Usage Details over a range of days.

    Attributes:
        first: First day, UTC; of a leg its start counts.
        last: Last day, included.
        thresholds: When a leg is poor.

    Raises:
        InvalidValue: The range ends before it starts.
    """

    first: pendulum.Date = attrs.field(converter=as_day)
    last: pendulum.Date = attrs.field(converter=as_day)
    thresholds: QualityThresholds = _THRESHOLDS

    def __attrs_post_init__(self) -> None:
        if self.last < self.first:
            raise InvalidValue(
                "range", f"{self.first}..{self.last}", "it ends before it starts"
            )

    def summarize(self, legs: LegColumns, /) -> UsageSums:
        """The sums of these legs by place."""
        size = len(legs.places)
        low, high = _second(self.first), _second(self.last) + _DAY_S

        def made() -> _Tables:
            return (
                PairCounters(size, ROUTES, REST),
                Counters(size),
                Counters(size),
                Counters(size),
                Counters(size),
                Counters(size),
                Counters(MOST_TYPES),
            )

        def count(tables: _Tables, rows: slice) -> None:
            inside = _between(legs.start[rows], low, high)
            if inside is None:
                self._count(legs, rows, None, tables)
                return
            number = np.count_nonzero(inside)
            if number > len(inside) // _FEW:
                self._count(legs, rows, inside, tables)
            elif number:
                some = legs.take(rows).take(np.flatnonzero(inside))
                self._count(some, slice(0, number), None, tables)

        pairs, *more, types = counted(len(legs), made, count)
        routes, rest = np.split(pairs, (size * ROUTES,))
        return UsageSums(
            places=Tally(
                legs.places,
                sums_of(
                    routes.reshape(size, ROUTES),
                    rest.reshape(size, REST),
                    more,
                ),
            ),
            types={
                name: number
                for name, number in zip(legs.type_names(), types.tolist(), strict=False)
                if number
            },
        )

    def finish(self, partial: UsageSums, /) -> UsageColumns:
        """The rows of the report, ordered by customer's id and location.

        A row is there for every place with a record. Columns 17 to 20, which records
        do not tell, and Spark calls are not among the counts; -1 is not known.
        """
        tally = partial.places
        held = np.flatnonzero(tally.counts[:, SUMS.index("records")])
        owners, texts = tally.keys.owners()[held], tally.keys.text[held]
        order = np.lexsort((texts.astype(str), owners.astype(str)))
        sums = dict(zip(SUMS, tally.counts[held[order]].T, strict=True))
        counts = {key: sums[key] for key in SUMS if key.startswith(("total_", "call"))}

        counts["call_minutes"] = minutes(sums["seconds"])
        counts["call_minutes_video"] = minutes(sums["video_seconds"])
        legs, media = sums["total_call_legs"], ("call_legs_audio", "call_legs_video")
        has_media = sums[media[0]] + sums[media[1]] + sums["media_neither"] > 0
        for keys, told in (
            (("total_poor_call_quality",), sums["rated"] > 0),
            (media, has_media),
            (("call_minutes",), (sums["seconds_unknown"] < legs) | (legs == 0)),
            (
                ("call_minutes_video",),
                sums["video_seconds"] + sums["video_seconds_zero"] > 0,
            ),
        ):
            for key in keys:
                counts[key] = np.where(told, counts[key], unknown.COUNT)
        size = len(order)
        return UsageColumns(
            organization=owners[order],
            location=texts[order],
            first=np.full(size, np.datetime64(self.first.isoformat(), "D")),
            last=np.full(size, np.datetime64(self.last.isoformat(), "D")),
            counts=counts,
        )

    def _count(
        self,
        legs: LegColumns,
        rows: slice,
        inside: Bools | None,
        tables: _Tables,
    ) -> None:
        """Adds the legs of a block, or only those that are inside the range."""
        pairs, seconds, unknown_s, video, video_zero, neither, types = tables
        of_user = legs.user_kind[rows] == _USER
        if inside is not None:
            of_user &= inside
        place = legs.place[rows]
        pairs.add(
            place,
            _routes(legs, rows, of_user, inside),
            self._rest(legs, rows, of_user),
        )
        length = legs.duration_s[rows] * of_user
        if length.min(initial=0) < 0:
            unknown_s.add(place[length < 0])
            np.maximum(length, 0, out=length)
        where = place.astype(np.intp)
        seconds.add_values(where, length)
        # Few legs have what follows, so they are picked out.
        video_s, call_type = legs.video_s[rows], legs.call_type[rows]
        media = np.maximum(legs.audio[rows], legs.video[rows])
        with_video = np.flatnonzero((video_s > 0) & of_user)
        video.add_values(where[with_video], video_s[with_video])
        for table, is_so in ((video_zero, video_s == 0), (neither, media == 0)):
            if is_so.any():
                table.add(place[is_so & of_user])
        other = np.flatnonzero((call_type >= NO_COLUMN) & of_user)
        types.add(call_type[other].astype(np.int32))

    def _rest(self, legs: LegColumns, rows: slice, of_user: Bools) -> Small:
        """The cell of each leg in the table of the rest, uint8 `(n,)`."""
        s = quality_view(legs, rows)
        endpoint = legs.endpoint[rows]
        found = (legs.audio[rows] == 1).view(np.uint8) * AUDIO
        found += (legs.video[rows] == 1).view(np.uint8) * VIDEO
        found += rated(s, self.thresholds).view(np.uint8) * RATED
        found += poor_quality(s, self.thresholds).view(np.uint8) * POOR
        for code, each in enumerate(ENDPOINT_COLUMNS, start=1):
            is_such = endpoint == ENDPOINT_TYPES.index(each)
            found += is_such.view(np.uint8) * np.uint8(code)
        return chosen(of_user, found, OF_SERVICE)


def _routes(
    legs: LegColumns, rows: slice, of_user: Bools, inside: Bools | None
) -> Small:
    """The cell of each leg in the table of routes, uint8 `(n,)`."""
    kind, direction = legs.user_kind[rows], legs.direction[rows]
    code = np.minimum(legs.call_type[rows], np.uint8(NO_COLUMN))
    code += (direction == _ORIGINATING).view(np.uint8) * ORIGINATES
    is_routed = (direction == _TERMINATING) & (kind <= len(ROUTED_COLUMNS))
    service = chosen(is_routed, kind + np.uint8(ROUTED), IGNORED)
    if inside is not None:
        service = chosen(inside, service, OUTSIDE)
    return chosen(of_user, code, service)


def chosen(where: Bools, yes: Small, no: Small | np.uint8) -> Small:
    """`yes` where it is so, else `no`, uint8 `(n,)`; faster than `np.where`.

    Differences of uint8 wrap, and wrap back when they are added.
    """
    found: Small = (yes - no) * where.view(np.uint8)
    found += no
    return found


def minutes(seconds: Ints) -> Ints:
    """Whole minutes, rounded half up: int64 `(n,)`.

    Examples:
        >>> minutes(np.array([29, 30, 89, 90])).tolist()
        [0, 1, 1, 2]
    """
    return (seconds + 30) // 60


def _second(day: dt.date) -> int:
    return int(np.datetime64(day.isoformat(), "s").astype(np.int64))


def _between(start: Array, low: int, high: int) -> Bools | None:
    """Which legs start in the seconds `[low, high)`; None when all do."""
    second = start.view(np.int64)  # dates compare at a tenth of the speed
    if len(second) and second.min() >= low and second.max() < high:
        return None
    found: Bools = (second >= low) & (second < high)
    return found
