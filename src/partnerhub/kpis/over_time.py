"""The page's numbers over a range of days, in one pass over the versions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final, Literal, get_args

import attrs
import numpy as np
import pendulum

from partnerhub.columns.portfolio import PRODUCTS
from partnerhub.columns.table import Table
from partnerhub.columns.timeline import Timeline
from partnerhub.columns.unknown import Bools
from partnerhub.columns.views import day_bounds
from partnerhub.domain.days import as_day
from partnerhub.domain.errors import InvalidValue
from partnerhub.domain.ids import uuid_of
from partnerhub.domain.layouts import CellType, Column
from partnerhub.domain.policies import KpiPolicy
from partnerhub.domain.products import KPI_PRODUCTS, Product, parse_kpi_product
from partnerhub.domain.regions import choose
from partnerhub.kpis.catalog import CATALOGUE, Unit
from partnerhub.kpis.lines import Usage, used_name
from partnerhub.kpis.moving import Moving, numbers_of_day
from partnerhub.kpis.peers import assignment_of
from partnerhub.kpis.selection import (
    NOTHING,
    Exclusions,
    Region,
    in_regions,
    licenses_left,
    named_customers,
    regions_of,
)

_POLICY: Final = KpiPolicy()
Step = Literal["day", "week", "month"]

_CELLS: Final = {
    Unit.CUSTOMERS: CellType.COUNT,
    Unit.LICENSES: CellType.COUNT,
    Unit.RATIO: CellType.RATIO,
    Unit.LICENSES_PER_CUSTOMER: CellType.DECIMAL,
}
_COLUMNS: Final[Mapping[str, Column]] = {
    **{
        kpi.series: Column(
            key=kpi.series,
            heading=kpi.heading,
            french=kpi.french_heading,
            cell=_CELLS[kpi.unit],
        )
        for kpi in reversed(CATALOGUE)  # the first of a name has the last word
    },
    **{
        key: Column(key=key, heading=heading, french=french, cell=CellType.COUNT)
        for key, heading, french in (
            ("purchased", "Purchased licenses", "Licences achetées"),
            ("assigned", "Assigned licenses", "Licences attribuées"),
            ("used", "Used licenses", "Licences utilisées"),
        )
    },
}
_NAMES: Final = tuple(
    dict.fromkeys((*(kpi.series for kpi in CATALOGUE), "purchased", "assigned", "used"))
)
TREND: Final = ("purchased", "assigned", "used")
"""The numbers of the license distribution trend."""


@attrs.frozen(kw_only=True, eq=False)
class Series:
    """Numbers of the page on several days.

    Attributes:
        days: The days, oldest first.
        names: What is told of each day.
        product: The product they are narrowed to; None for Calling and Meetings.
        region: The region; `*` for all.
        usage: What "used" counts.
        rows: One mapping a day, name -> number; None where there is none.
    """

    days: tuple[pendulum.Date, ...]
    names: tuple[str, ...]
    product: Product | None
    region: Region
    usage: Usage
    rows: tuple[Mapping[str, Any], ...] = attrs.field(repr=False)

    def __len__(self) -> int:
        return len(self.days)

    def __getitem__(self, name: str, /) -> list[Any]:
        """One number over all days."""
        return [row[name] for row in self.rows]

    @property
    def table(self) -> Table:
        """One row a day."""
        columns = [Column(key="day", heading="Day", french="Jour", cell=CellType.DAY)]
        columns += [_COLUMNS[name] for name in self.names]
        rows = [
            {"day": day, **row} for day, row in zip(self.days, self.rows, strict=True)
        ]
        return Table.from_rows(columns, rows, title="Subscriptions over time")

    def _repr_html_(self) -> str:
        return self.table._repr_html_()


def days_between(
    first: dt.date | str, last: dt.date | str, /, *, every: Step = "week"
) -> tuple[pendulum.Date, ...]:
    """The days of a range, a step apart, the last one always among them.

    Weeks and months are counted back from the last day, so that the newest point
    of a chart is the day asked for.

    Raises:
        InvalidValue: The step is none of `day`, `week` and `month`; the range ends
            before it begins.

    Examples:
        >>> [str(day) for day in days_between("2026-11-01", "2026-11-22")]
        ['2026-11-01', '2026-11-08', '2026-11-15', '2026-11-22']
        >>> [str(day) for day in days_between("2026-08-30", "2026-10-31", every="month")]
        ['2026-08-31', '2026-09-30', '2026-10-31']
    """
    if every not in get_args(Step):
        raise InvalidValue("step", every, choices=get_args(Step))
    begin, end = as_day(first), as_day(last)
    if end < begin:
        raise InvalidValue("range of days", f"{begin} to {end}", "it ends too early")

    def back() -> Iterator[pendulum.Date]:
        steps = 0
        day = end
        while day >= begin:
            yield day
            steps += 1
            day = end.subtract(**{f"{every}s": steps})

    return tuple(back())[::-1]


def series(
    timeline: Timeline,
    days: Iterable[dt.date],
    /,
    *,
    product: Product | str | None = None,
    region: str | None = None,
    customers: Iterable[str] | None = None,
    exclude: Exclusions = NOTHING,
    policy: KpiPolicy = _POLICY,
    usage: Usage = "7d",
) -> Series:
    """Every number of the page on each of the days, in one pass.

    The numbers are those that `overview` and the sections give of the same day; only
    rows that changed from one day to the next are looked at again.

    Args:
        timeline: Every version of what customers held.
        days: The days, in any order.
        product: Calling or Meetings; None for both.
        region: A region, or `*` for all of them. Needed where data lie in several.
        customers: Only these, by id in either form. Peers are then theirs alone.
        exclude: Licenses and customers that do not count.
        policy: The day counts and cuts.
        usage: What "used" counts.

    Raises:
        InvalidValue: The product has no KPIs; tags are excluded without customers.
        RegionRequired: Data lie in several regions and none was chosen.
        NotFound: The region is not known and holds no data.

    Examples:
        >>> from partnerhub.columns.objects import portfolio_of
        >>> from partnerhub.columns.timeline import timeline_of
        >>> day = pendulum.date(2026, 11, 22)
        >>> nothing = timeline_of([portfolio_of(at=day)])
        >>> series(nothing, [day])["total_customers"]
        [0]
    """
    return _made(
        timeline,
        days,
        _NAMES,
        product=product,
        region=region,
        customers=customers,
        exclude=exclude,
        policy=policy,
        usage=usage,
    )


def trend(
    timeline: Timeline,
    days: Iterable[dt.date],
    /,
    *,
    product: Product | str | None = None,
    region: str | None = None,
    customers: Iterable[str] | None = None,
    exclude: Exclusions = NOTHING,
    usage: Usage = "7d",
) -> Series:
    """The license distribution trend: purchased, assigned and used licenses.

    Each is the sum of what is known over the active subscriptions and trials of the
    day. Arguments and errors are those of `series`.

    Examples:
        >>> trend(nothing, [day]).table["used"].tolist()
        [0]
    """
    return _made(
        timeline,
        days,
        TREND,
        product=product,
        region=region,
        customers=customers,
        exclude=exclude,
        policy=_POLICY,
        usage=usage,
    )


def _made(
    timeline: Timeline,
    days: Iterable[dt.date],
    names: tuple[str, ...],
    *,
    product: Product | str | None,
    region: str | None,
    customers: Iterable[str] | None,
    exclude: Exclusions,
    policy: KpiPolicy,
    usage: Usage,
) -> Series:
    exclude.check()
    who = timeline.customers
    wanted = parse_kpi_product(product)
    choice = choose(region, regions_of(who.region))
    inside = in_regions(who.region, choice)
    if customers is not None:
        inside &= named_customers(who.id, frozenset(map(uuid_of, customers)))
    if exclude.customers:
        inside &= ~named_customers(who.id, exclude.customers)
    had = _at_hand(timeline, wanted, inside)
    if exclude.licenses:
        had &= licenses_left(timeline.license, exclude.licenses)
    ordered = tuple(sorted({as_day(day) for day in days}))
    moving = Moving(timeline, had=had, used=used_name(usage))
    rows = []
    for day in ordered:
        moving.to(day_bounds(day, kpi_policy=policy))
        low = assignment_of(
            moving.sums[3],
            moving.sums[4],
            region=who.region.codes,
            policy=policy.low_assignment,
        ).low
        numbers = numbers_of_day(moving, low)
        rows.append({name: numbers[name] for name in names})
    return Series(
        days=ordered,
        names=names,
        product=wanted,
        region=choice.region,
        usage=usage,
        rows=tuple(rows),
    )


def _at_hand(timeline: Timeline, product: Product | None, inside: Bools) -> Bools:
    """Lines of the products, of customers inside, bool `(lines,)`."""
    codes = timeline.product
    found = np.zeros(len(codes), np.bool_)
    for each in KPI_PRODUCTS if product is None else (product,):
        found |= codes == PRODUCTS.index(each)
    if not inside.all():
        found &= inside[timeline.customer[timeline.holder]]
    return found
