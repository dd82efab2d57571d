"""The subscription KPIs of a day: five headline numbers and five sections.

Formulas are those of the specification, part "Subscriptions"; where it leaves
something open, the decision and its number in the design are named.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from functools import cached_property
from typing import Final

import attrs

from partnerhub.columns.objects import portfolio_of
from partnerhub.columns.portfolio import Portfolio
from partnerhub.domain.days import as_day
from partnerhub.domain.errors import InvalidValue
from partnerhub.domain.policies import KpiPolicy
from partnerhub.domain.products import Product, parse_kpi_product
from partnerhub.domain.subscriptions import Subscription
from partnerhub.kpis.headline import Overview, overview_of
from partnerhub.kpis.lines import Usage, used_name
from partnerhub.kpis.making import Maker
from partnerhub.kpis.sections import (
    LowAssignment,
    NearingExpiration,
    NearingRenewal,
    OverLimit,
    RecentlyAdded,
)
from partnerhub.kpis.selection import NOTHING, Exclusions, selection_of
from partnerhub.kpis.weekly import week_before

_POLICY: Final = KpiPolicy()

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
    policy: KpiPolicy = _POLICY,
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
    made = _maker(
        subscriptions,
        at=at,
        product=product,
        region=region,
        term=term,
        exclude=exclude,
        policy=policy,
    )
    return overview_of(made)


def recently_added(
    subscriptions: Held,
    /,
    *,
    at: dt.date | None = None,
    product: Product | str | None = None,
    region: str | None = None,
    term: str | None = None,
    exclude: Exclusions = NOTHING,
    policy: KpiPolicy = _POLICY,
    usage: Usage = "7d",
    week_ago: Held | None = None,
) -> RecentlyAdded:
    """Customers with a subscription or trial added in the last 90 days.

    New customers = distinct customers with 0 <= days since added <= 90, whatever the
    state of that subscription now. Total licenses = sum of the total licenses of all
    active subscriptions and trials of these customers (design 5.18).

    Takes and raises what `overview` does. `usage` says what "used" counts in the
    KPIs: licenses used in the last seven days, or `ever`, at least once; they never
    mix the two. `week_ago` is what customers held seven days before, for the
    weekly changes.

    Examples:
        >>> found = recently_added([held], at=day)
        >>> found.customers, found.total_licenses
        (1, 10)
        >>> found.table["days_since_added"].tolist()
        [20]
    """
    made = _maker(
        subscriptions,
        at=at,
        product=product,
        region=region,
        term=term,
        exclude=exclude,
        policy=policy,
        usage=usage,
        week_ago=week_ago,
    )
    return made.recently_added()


def nearing_expiration(
    subscriptions: Held,
    /,
    *,
    at: dt.date | None = None,
    product: Product | str | None = None,
    region: str | None = None,
    term: str | None = None,
    exclude: Exclusions = NOTHING,
    policy: KpiPolicy = _POLICY,
    usage: Usage = "7d",
) -> NearingExpiration:
    """Subscriptions and trials that end within 90 days.

    Active, 0 <= days <= 90, and not known to renew by itself; one of which that is not
    known counts, and is marked (design 5.13). License assignment = sum of assigned /
    sum of total; license usage = sum of used / sum of total.

    Takes and raises what `overview` does. `usage` says what "used" counts in the
    KPIs: licenses used in the last seven days, or `ever`, at least once; they never
    mix the two.

    Examples:
        >>> found = nearing_expiration([held], at=day)
        >>> found.customers, found.license_assignment_ratio, found.license_usage_ratio
        (1, 1.2, 0.6)
        >>> [column.heading for column in found.table.print_columns()][:3]
        ['Customer', 'Subscription ID', 'Days until expiration']
    """
    made = _maker(
        subscriptions,
        at=at,
        product=product,
        region=region,
        term=term,
        exclude=exclude,
        policy=policy,
        usage=usage,
    )
    return made.nearing_expiration()


def nearing_renewal(
    subscriptions: Held,
    /,
    *,
    at: dt.date | None = None,
    product: Product | str | None = None,
    region: str | None = None,
    term: str | None = None,
    exclude: Exclusions = NOTHING,
    policy: KpiPolicy = _POLICY,
    usage: Usage = "7d",
) -> NearingRenewal:
    """Subscriptions that renew by themselves within 90 days.

    Active, auto-renewing, no trial, 0 <= days <= 90, whatever the payment state; the
    ratios are over exactly these (design 5.14).

    Takes and raises what `overview` does. `usage` says what "used" counts in the
    KPIs: licenses used in the last seven days, or `ever`, at least once; they never
    mix the two.

    Examples:
        >>> nearing_renewal([held], at=day).license_usage_ratio is None
        True
    """
    made = _maker(
        subscriptions,
        at=at,
        product=product,
        region=region,
        term=term,
        exclude=exclude,
        policy=policy,
        usage=usage,
    )
    return made.nearing_renewal()


def low_assignment(
    subscriptions: Held,
    /,
    *,
    at: dt.date | None = None,
    product: Product | str | None = None,
    region: str | None = None,
    term: str | None = None,
    exclude: Exclusions = NOTHING,
    policy: KpiPolicy = _POLICY,
    usage: Usage = "7d",
    week_ago: Held | None = None,
) -> LowAssignment:
    """Customers that assign fewer licenses than most of their peers.

    A customer whose sum of assigned / sum of total over its active lines is strictly
    below the first quartile of its region; `LowAssignmentPolicy` has the numbers,
    which are ours (design 5.19).

    Takes and raises what `overview` does. `usage` says what "used" counts in the
    KPIs: licenses used in the last seven days, or `ever`, at least once; they never
    mix the two. `week_ago` is what customers held seven days before, for the
    weekly changes.

    Examples:
        >>> low_assignment([held], at=day).customers  # too few peers
        0
    """
    made = _maker(
        subscriptions,
        at=at,
        product=product,
        region=region,
        term=term,
        exclude=exclude,
        policy=policy,
        usage=usage,
        week_ago=week_ago,
    )
    return made.low_assignment()


def over_limit(
    subscriptions: Held,
    /,
    *,
    at: dt.date | None = None,
    product: Product | str | None = None,
    region: str | None = None,
    term: str | None = None,
    exclude: Exclusions = NOTHING,
    policy: KpiPolicy = _POLICY,
    usage: Usage = "7d",
) -> OverLimit:
    """License lines with more assigned than bought.

    Total overage = sum of max(0, assigned - total) line by line; the average is over
    the customers that have one (design 5.6 and 5.21).

    Takes and raises what `overview` does. `usage` says what "used" counts in the
    KPIs: licenses used in the last seven days, or `ever`, at least once; they never
    mix the two.

    Examples:
        >>> found = over_limit([held], at=day)
        >>> found.customers, found.total_overage, found.average_overage
        (1, 2, 2.0)
    """
    made = _maker(
        subscriptions,
        at=at,
        product=product,
        region=region,
        term=term,
        exclude=exclude,
        policy=policy,
        usage=usage,
    )
    return made.over_limit()


@attrs.frozen(eq=False, repr=False)
class Page:
    """The whole page "Subscriptions" of a day.

    Its parts are made when first read, and share one pass over the rows.
    """

    _made: Maker

    @cached_property
    def overview(self) -> Overview:
        """The headline KPIs."""
        return overview_of(self._made)

    @cached_property
    def recently_added(self) -> RecentlyAdded:
        """Recently added customers."""
        return self._made.recently_added()

    @cached_property
    def nearing_expiration(self) -> NearingExpiration:
        """What ends within 90 days."""
        return self._made.nearing_expiration()

    @cached_property
    def nearing_renewal(self) -> NearingRenewal:
        """What renews by itself within 90 days."""
        return self._made.nearing_renewal()

    @cached_property
    def low_assignment(self) -> LowAssignment:
        """Who assigns few licenses."""
        return self._made.low_assignment()

    @cached_property
    def over_limit(self) -> OverLimit:
        """What is over its license limit."""
        return self._made.over_limit()

    def to_dict(self) -> dict[str, object]:
        """All KPIs, ready for JSON."""
        return {name: getattr(self, name).to_dict() for name in PARTS}

    def __repr__(self) -> str:
        at, product = self.overview.at, self.overview.product
        shown = "Calling and Meetings" if product is None else product.value
        return f"<{type(self).__name__}: {shown} on {at}>"


PARTS: Final = (
    "overview",
    "recently_added",
    "nearing_expiration",
    "nearing_renewal",
    "low_assignment",
    "over_limit",
)
"""The parts of a page, in its order."""


def page(
    subscriptions: Held,
    /,
    *,
    at: dt.date | None = None,
    product: Product | str | None = None,
    region: str | None = None,
    term: str | None = None,
    exclude: Exclusions = NOTHING,
    policy: KpiPolicy = _POLICY,
    usage: Usage = "7d",
    week_ago: Held | None = None,
) -> Page:
    """The headline KPIs and all five sections, from one pass over the rows.

    The overview is of the same product as the sections. For the page as it is shown,
    with headline KPIs of both products, ask `overview` as well.

    Takes and raises what `overview` does. `usage` says what "used" counts in the
    KPIs: licenses used in the last seven days, or `ever`, at least once; they never
    mix the two. `week_ago` is what customers held seven days before, for the
    weekly changes.

    Examples:
        >>> whole = page([held], at=day, product="meetings")
        >>> whole
        <Page: meetings on 2026-11-22>
        >>> whole.nearing_expiration.customers, whole.over_limit.total_overage
        (1, 2)
    """
    return Page(
        _maker(
            subscriptions,
            at=at,
            product=product,
            region=region,
            term=term,
            exclude=exclude,
            policy=policy,
            usage=usage,
            week_ago=week_ago,
        )
    )


def _maker(
    subscriptions: Held,
    *,
    at: dt.date | None,
    product: Product | str | None,
    region: str | None,
    term: str | None,
    exclude: Exclusions,
    policy: KpiPolicy,
    usage: Usage = "7d",
    week_ago: Held | None = None,
) -> Maker:
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
    return Maker(selection, usage, week_before(portfolio, week_ago))


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
