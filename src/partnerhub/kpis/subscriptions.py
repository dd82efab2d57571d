"""The subscription KPIs of a day: five headline numbers and five sections.

Formulas are those of the specification, part "Subscriptions"; where it leaves
something open, the decision and its number in the design are named.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from partnerhub.columns.objects import portfolio_of
from partnerhub.columns.portfolio import Portfolio
from partnerhub.domain.days import as_day
from partnerhub.domain.errors import InvalidValue
from partnerhub.domain.policies import DEFAULT_KPI_POLICY, KpiPolicy
from partnerhub.domain.products import Product, parse_kpi_product
from partnerhub.domain.subscriptions import Subscription
from partnerhub.kpis.exclusions import NOTHING, Exclusions
from partnerhub.kpis.headline import Overview
from partnerhub.kpis.lines import Usage, used_name
from partnerhub.kpis.making import Maker
from partnerhub.kpis.pages import Page
from partnerhub.kpis.selection import selection_of
from partnerhub.kpis.weekly import week_before

Held = Portfolio | Iterable[Subscription]
"""What customers hold: as columns of a day, or as objects."""


def overview(
    subscriptions: Held,
    /,
    *,
    at: dt.date | None = None,
    product: Product | str | None = None,
    region: str | None = None,
    term: str | None = None,
    exclude: Exclusions = NOTHING,
    policy: KpiPolicy = DEFAULT_KPI_POLICY,
) -> Overview:
    """The five headline KPIs on a day.

    Each counts customers once (specification, "Key performance indicators").

    Args:
        subscriptions: What customers hold, as columns or as objects.
        at: The day; a date-time becomes its UTC date. Columns know their day.
        product: Calling or Meetings; None for both.
        region: A region, or `*` for all of them. Needed where data lie in several.
        term: Only subscriptions of this commitment term: `monthly`, `annual`, or
            `unknown` for those that tell none.
        exclude: Licenses and customers that do not count; coverage lists them.
        policy: The day counts and cuts.

    Raises:
        InvalidValue: The product has no KPIs; `at` is missing, or not the day of the
            columns; tags are excluded without their customers.
        RegionRequired: Data lie in several regions and none was chosen.
        NotFound: The region is not known and holds no data.

    Examples:
        >>> from partnerhub.domain.organizations import Organization
        >>> from partnerhub.domain.subscriptions import LicenseLine
        >>> import pendulum
        >>> acme = Organization(id="c8b0e0d2-0000-4000-8000-000000000001", name="Acme")
        >>> held = Subscription(
        ...     id="Sub1",
        ...     customer=acme,
        ...     ends_on="2026-12-24",
        ...     added_on="2026-11-02",
        ...     lines=(
        ...         LicenseLine(
        ...             license="Webex Meetings", total=10, assigned=12, used_7d=6
        ...         ),
        ...     ),
        ... )
        >>> day = pendulum.date(2026, 11, 22)
        >>> found = overview([held], at=day)
        >>> found.nearing_expiration, found.over_license_limit, found.nearing_renewal
        (1, 1, 0)
        >>> found.over_license_limit.rows["overage"].tolist()
        [2]
        >>> found.nearing_expiration.rows["days"].tolist()
        [32]
        >>> overview([held], at=day, product="calling")
        ... # doctest: +ELLIPSIS
        Overview(at=Date(2026, 11, 22), product=<Product.CALLING: 'calling'>, ...)
    """
    return page(
        subscriptions,
        at=at,
        product=product,
        region=region,
        term=term,
        exclude=exclude,
        policy=policy,
    ).overview


def page(
    subscriptions: Held,
    /,
    *,
    at: dt.date | None = None,
    product: Product | str | None = None,
    region: str | None = None,
    term: str | None = None,
    exclude: Exclusions = NOTHING,
    policy: KpiPolicy = DEFAULT_KPI_POLICY,
    usage: Usage = "7d",
    week_ago: Held | None = None,
) -> Page:
    """The headline KPIs and all five sections, from one pass over the rows.

    The overview is of the same product as the sections. For the page as it is shown,
    with headline KPIs of both products, ask `overview` as well.

    Args:
        subscriptions: As in `overview`.
        at: As in `overview`.
        product: As in `overview`.
        region: As in `overview`.
        term: As in `overview`.
        exclude: As in `overview`.
        policy: As in `overview`.
        usage: What "used" counts in the KPIs: licenses used in the last seven days, or
            `ever`, at least once. They never mix the two.
        week_ago: What customers held seven days before, for the weekly changes.

    Raises:
        InvalidValue: As in `overview`; there is no such usage; `week_ago` is of another
            day.
        RegionRequired: Data lie in several regions and none was chosen.
        NotFound: The region is not known and holds no data.

    Examples:
        >>> whole = page([held], at=day, product="meetings")
        >>> whole
        <Page: meetings on 2026-11-22>
        >>> whole.nearing_expiration.customers, whole.over_limit.total_overage
        (1, 2)
        >>> added = whole.recently_added
        >>> added.customers, added.total_licenses, added.table["days_since_added"][0]
        (1, 10, np.int64(20))
        >>> ending = whole.nearing_expiration
        >>> ending.license_assignment_ratio, ending.license_usage_ratio
        (1.2, 0.6)
        >>> whole.nearing_renewal.license_usage_ratio is None
        True
        >>> whole.low_assignment.customers  # too few peers
        0
        >>> whole.explain_low_assignment(acme.id.uuid).reason
        'it assigns 120.0% of 10 licenses; of 1 customers with a rate nobody is low'
        >>> import attrs
        >>> spare = LicenseLine(license="Webex Meetings", total=10, assigned=4)
        >>> renews = attrs.evolve(held, auto_renews=True, lines=(spare,))
        >>> found = page([renews], at=day).unassigned_before_renewal()
        >>> found["days"].tolist(), found["available"].tolist()
        ([32], [6])
    """
    used_name(usage)
    portfolio = columns_of(subscriptions, at)
    selection = selection_of(
        portfolio,
        product=parse_kpi_product(product),
        region=region,
        exclude=exclude,
        policy=policy,
        term=term,
    )
    return Page(Maker(selection, usage, week_before(portfolio, week_ago)))


def columns_of(subscriptions: Held, at: dt.date | None) -> Portfolio:
    """The columns of what a call was given.

    Raises:
        InvalidValue: `at` is missing, or not the day of the columns.
    """
    if isinstance(subscriptions, Portfolio):
        if at is not None and as_day(at) != subscriptions.at:
            why = f"the columns are of {subscriptions.at}"
            raise InvalidValue("day of these columns", str(at), why)
        return subscriptions
    if at is None:
        raise InvalidValue("day", at, "objects do not carry one: give `at=`")
    return portfolio_of(subscriptions, at=at)
