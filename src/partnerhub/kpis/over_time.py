"""The page's numbers over a range of days, in one pass over the versions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

import pendulum

from partnerhub.columns.timeline import Timeline
from partnerhub.columns.unknown import Bools
from partnerhub.domain.days import as_day
from partnerhub.domain.errors import NotFound
from partnerhub.domain.policies import DEFAULT_KPI_POLICY, KpiPolicy
from partnerhub.domain.products import Product, parse_kpi_product
from partnerhub.domain.regions import choose
from partnerhub.kpis.daily import (
    LOW,
    TOLD,
    UNTOLD,
    Daily,
    page_of_days,
    trend_of_days,
)
from partnerhub.kpis.day_masks import ManyDays, batches
from partnerhub.kpis.exclusions import (
    NOTHING,
    Exclusions,
    licenses_left,
    listed,
    named_customers,
    uuids,
)
from partnerhub.kpis.lines import Usage, used_name
from partnerhub.kpis.passing import Bit
from partnerhub.kpis.selection import (
    in_regions,
    of_commitment_term,
    of_products,
    regions_of,
)
from partnerhub.kpis.series_of_days import EVERY, TREND, Series
from partnerhub.kpis.versions import AtHand


def series(
    timeline: Timeline,
    days: Iterable[dt.date],
    /,
    *,
    product: Product | str | None = None,
    region: str | None = None,
    customers: Iterable[str] | None = None,
    term: str | None = None,
    exclude: Exclusions = NOTHING,
    policy: KpiPolicy = DEFAULT_KPI_POLICY,
    usage: Usage = "7d",
    only: Iterable[str] | None = None,
) -> Series:
    """Every number of the page on each of the days, in one pass.

    The numbers are those that `overview` and the sections give of the same day, and
    those of the license distribution trend: `TREND`, the licenses purchased, assigned
    and used of active subscriptions and trials, each the sum of what is known; None
    where there are such lines and none of them tells the number.

    Args:
        timeline: Every version of what customers held.
        days: The days, in any order.
        product: Calling or Meetings; None for both.
        region: A region, or `*` for all of them. Needed where data lie in several.
        customers: Only these, by id in either form. Who is low is told next to all
            customers, whatever is asked for (design 5.19).
        term: Only subscriptions of this commitment term on the day, or `unknown`.
        exclude: Licenses and customers that do not count.
        policy: The day counts and cuts.
        usage: What "used" counts.
        only: The numbers wanted; all where it is left out. The trend alone takes a
            third of the time.

    Raises:
        InvalidValue: The product has no KPIs; tags are excluded without customers.
        RegionRequired: Data lie in several regions and none was chosen.
        NotFound: The region is not known and holds no data, or there is no such number.

    Examples:
        >>> from partnerhub.columns.objects import portfolio_of
        >>> from partnerhub.columns.timeline import timeline_of
        >>> day = pendulum.date(2026, 11, 22)
        >>> nothing = timeline_of([portfolio_of(at=day)])
        >>> series(nothing, [day])["total_customers"]
        [0]
        >>> series(nothing, [day], only=TREND).table["used"].tolist()
        [0]
    """
    exclude.check()
    names = EVERY if only is None else tuple(map(_checked, listed(only)))
    who = timeline.customers
    wanted = parse_kpi_product(product)
    choice = choose(region, regions_of(who.region))
    inside = in_regions(who.region, choice)
    if exclude.customers:
        inside &= ~named_customers(who.id, exclude.customers)
    lines = _at_hand(timeline, wanted, inside)
    if exclude.licenses:
        lines &= licenses_left(timeline.license, exclude.licenses)
    chosen = None
    if customers is not None:
        chosen = named_customers(who.id, uuids(customers))
    terms = timeline.subscriptions.commitment_term
    of_term = None if term is None else of_commitment_term(terms, term)
    ordered = tuple(sorted({as_day(day) for day in days}))
    make = trend_of_days if set(names) <= set(TREND) else page_of_days
    rows: list[Mapping[str, Any]] = []
    for some in batches(ordered):
        asked = AtHand(timeline, ManyDays(some, policy), lines, of_term, chosen)
        found = numbers_of(make(asked, used=used_name(usage)))
        told = zip(*(found[name] for name in names), strict=True)
        rows += [dict(zip(names, numbers, strict=True)) for numbers in told]
    return Series(
        days=ordered,
        names=names,
        product=wanted,
        region=choice.region,
        term=term,
        usage=usage,
        known_from=_first_day(timeline, lines, chosen),
        rows=tuple(rows),
    )


def _checked(name: str) -> str:
    if name not in EVERY:
        raise NotFound("number of a series", name, choices=EVERY)
    return name


def _at_hand(timeline: Timeline, product: Product | None, inside: Bools) -> Bools:
    """Lines of the products, of customers inside, bool `(lines,)`."""
    found = of_products(timeline.product, product)
    if not inside.all():
        found &= inside[timeline.customer[timeline.holder]]
    return found


def _first_day(
    timeline: Timeline, lines: Bools, customers: Bools | None
) -> pendulum.Date | None:
    """The first day on which any of the lines of the customers was seen."""
    if customers is not None:
        lines = lines & customers[timeline.customer[timeline.holder]]
    seen = timeline.lines.since[lines[timeline.lines.line]]
    return as_day(seen.min().item()) if len(seen) else None


def numbers_of(daily: Daily, /) -> Mapping[str, list[Any]]:
    """The numbers of the page by name: one a day, None where there is none."""

    def summed(population: int, name: str) -> list[int]:
        found: list[int] = daily.sums[population, name].tolist()
        return found

    def ratio(population: int, part: str, whole: str) -> list[float | None]:
        parts = summed(population, f"{part}_of_{whole}")
        return _ratios(parts, summed(population, f"{whole}_of_{part}"))

    def told(population: int, name: str) -> list[int | None]:
        """The sums, None where there are lines and no number of them is known."""
        known = summed(population, name + TOLD)
        unknown = summed(population, name + UNTOLD)
        return [
            None if not number and lacking and not there else number
            for number, there, lacking in zip(
                summed(population, name), known, unknown, strict=True
            )
        ]

    found: dict[str, list[Any]] = {
        "purchased": told(Bit.ACTIVE, "total"),
        "assigned": told(Bit.ACTIVE, "assigned"),
        "used": told(Bit.ACTIVE, "used"),
    }
    counts = daily.customers
    if counts is None:
        return found

    def customers(bit: int) -> list[int]:
        told: list[int] = counts[bit].tolist()
        return told

    overage = summed(Bit.OVER, "overage")
    for name, bit in (("expiration", Bit.EXPIRING), ("renewal", Bit.RENEWING)):
        found[f"nearing_{name}"] = customers(bit)
        found[f"nearing_{name}_assignment_ratio"] = ratio(bit, "assigned", "total")
        found[f"nearing_{name}_usage_ratio"] = ratio(bit, "used", "total")
    return found | {
        "total_customers": customers(Bit.HAD),
        "new_customers": customers(Bit.ADDED),
        "new_total_licenses": told(Bit.ADDED, "total"),
        "low_assignment": customers(LOW),
        "low_assignment_ratio": ratio(LOW, "assigned", "total"),
        "low_usage_when_assigned_ratio": ratio(LOW, "used", "total"),
        "low_used_of_assigned_ratio": ratio(LOW, "used", "assigned"),
        "low_unassigned": told(LOW, "unassigned"),
        "over_limit": customers(Bit.OVER),
        "total_overage": overage,
        "average_overage": _ratios(overage, customers(Bit.OVER)),
    }


def _ratios(parts: list[int], wholes: list[int]) -> list[float | None]:
    return [
        part / whole if whole else None
        for part, whole in zip(parts, wholes, strict=True)
    ]
