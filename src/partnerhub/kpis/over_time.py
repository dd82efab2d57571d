"""The page's numbers over a range of days, in one pass over the versions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

import numpy as np

from partnerhub.columns.portfolio import PRODUCTS
from partnerhub.columns.timeline import Timeline
from partnerhub.columns.unknown import Bools
from partnerhub.domain.days import as_day
from partnerhub.domain.ids import uuid_of
from partnerhub.domain.policies import KpiPolicy
from partnerhub.domain.products import KPI_PRODUCTS, Product, parse_kpi_product
from partnerhub.domain.regions import choose
from partnerhub.kpis.daily import LOW, Daily, page_of_days, trend_of_days
from partnerhub.kpis.day_masks import ManyDays, batches
from partnerhub.kpis.lines import Usage, used_name
from partnerhub.kpis.passing import Bit
from partnerhub.kpis.selection import (
    NOTHING,
    Exclusions,
    in_regions,
    licenses_left,
    named_customers,
    regions_of,
)
from partnerhub.kpis.series_of_days import EVERY, TREND, Series
from partnerhub.kpis.versions import AtHand

_POLICY: Final = KpiPolicy()


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
        EVERY,
        page_of_days,
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
        trend_of_days,
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
    make: Callable[..., Daily],
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
    lines = _at_hand(timeline, wanted, inside)
    if exclude.licenses:
        lines &= licenses_left(timeline.license, exclude.licenses)
    ordered = tuple(sorted({as_day(day) for day in days}))
    rows: list[Mapping[str, Any]] = []
    for some in batches(ordered):
        asked = AtHand(timeline, ManyDays(some, policy), lines)
        found = numbers_of(make(asked, used=used_name(usage)))
        for place in range(len(some)):
            rows.append({name: found[name][place] for name in names})
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


def numbers_of(daily: Daily, /) -> Mapping[str, list[Any]]:
    """The numbers of the page by name: one a day, None where there is none."""

    def summed(population: int, name: str) -> list[int]:
        return daily.sums[population, name].tolist()

    def ratio(population: int, part: str, whole: str) -> list[float | None]:
        parts = summed(population, f"{part}_of_{whole}")
        return _ratios(parts, summed(population, f"{whole}_of_{part}"))

    found: dict[str, list[Any]] = {
        "purchased": summed(Bit.ACTIVE, "total"),
        "assigned": summed(Bit.ACTIVE, "assigned"),
        "used": summed(Bit.ACTIVE, "used"),
    }
    if daily.customers is None:
        return found

    def customers(bit: int) -> list[int]:
        return daily.customers[bit].tolist()

    overage = summed(Bit.OVER, "overage")
    for name, bit in (("expiration", Bit.EXPIRING), ("renewal", Bit.RENEWING)):
        found[f"nearing_{name}"] = customers(bit)
        found[f"nearing_{name}_assignment_ratio"] = ratio(bit, "assigned", "total")
        found[f"nearing_{name}_usage_ratio"] = ratio(bit, "used", "total")
    return found | {
        "total_customers": customers(Bit.HAD),
        "new_customers": customers(Bit.ADDED),
        "new_total_licenses": summed(Bit.ADDED, "total"),
        "low_assignment": customers(LOW),
        "low_assignment_ratio": ratio(LOW, "assigned", "total"),
        "low_usage_when_assigned_ratio": ratio(LOW, "used", "total"),
        "low_used_of_assigned_ratio": ratio(LOW, "used", "assigned"),
        "low_unassigned": summed(LOW, "unassigned"),
        "over_limit": customers(Bit.OVER),
        "total_overage": overage,
        "average_overage": _ratios(overage, customers(Bit.OVER)),
    }


def _ratios(parts: list[int], wholes: list[int]) -> list[float | None]:
    return [
        part / whole if whole else None
        for part, whole in zip(parts, wholes, strict=True)
    ]
