"""The five headline KPIs (specification, "Subscriptions")."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from functools import partial
from types import MappingProxyType
from typing import Final

import attrs
import pendulum

from partnerhub.columns.objects import portfolio_of
from partnerhub.columns.portfolio import Portfolio
from partnerhub.columns.table import Table
from partnerhub.domain.days import as_day
from partnerhub.domain.errors import InvalidValue
from partnerhub.domain.layouts import CellType, Column
from partnerhub.domain.policies import KpiPolicy
from partnerhub.domain.products import Product, parse_kpi_product
from partnerhub.domain.subscriptions import Subscription
from partnerhub.kpis.coverage import Coverage
from partnerhub.kpis.peers import assignment
from partnerhub.kpis.results import Count, count_of
from partnerhub.kpis.selection import (
    NOTHING,
    Bit,
    Exclusions,
    Region,
    Selection,
    selection_of,
)
from partnerhub.kpis.tables import (
    bit_table,
    low_assignment_table,
    overage_table,
)

_POLICY: Final = KpiPolicy()

KPIS: Final = MappingProxyType(
    {
        "total_customers": "Total customers",
        "nearing_expiration": "Nearing expiration",
        "nearing_renewal": "Nearing renewal",
        "low_license_assignment": "Low license assignment",
        "over_license_limit": "Over license limit",
    }
)
"""Key -> label of each headline KPI, in the page's order."""

_TABLE: Final = (
    Column(key="kpi", heading="KPI", french="Indicateur"),
    Column(key="customers", heading="Customers", french="Clients", cell=CellType.COUNT),
)


@attrs.frozen(kw_only=True, eq=False)
class Overview:
    """The headline KPIs of one day. Each is a number of customers that can be opened.

    Attributes:
        at: The day.
        product: The product they are narrowed to; None for Calling and Meetings.
        region: The region; `*` for all; None where nobody has told it.
        regions: The regions that hold data, of those asked for.
        total_customers: Managed customers that have or had a license of the products,
            ended and gone ones too (design 5.12).
        nearing_expiration: A subscription or trial ends within 90 days and is not
            known to renew by itself (design 5.13).
        nearing_renewal: A subscription renews by itself within 90 days (design 5.14).
        low_license_assignment: Fewer licenses are assigned than by most peers
            (design 5.19).
        over_license_limit: More licenses of one type are assigned than were bought
            (design 5.6).
        coverage: What the numbers rest on.
    """

    at: pendulum.Date
    product: Product | None
    region: Region
    regions: tuple[Region, ...]
    total_customers: Count
    nearing_expiration: Count
    nearing_renewal: Count
    low_license_assignment: Count
    over_license_limit: Count
    coverage: Coverage = attrs.field(repr=False)

    @property
    def table(self) -> Table:
        """One row a KPI."""
        return Table.from_rows(
            _TABLE,
            [(label, int(getattr(self, key))) for key, label in KPIS.items()],
            title=f"Subscriptions on {self.at}",
        )

    def to_dict(self) -> dict[str, str | int | None]:
        """The day, what was asked for, and the numbers, ready for JSON."""
        return {
            "at": self.at.isoformat(),
            "region": self.region,
            "product": None if self.product is None else self.product.value,
            **{key: int(getattr(self, key)) for key in KPIS},
        }

    def _repr_html_(self) -> str:
        return self.table._repr_html_()


def overview(
    subscriptions: Portfolio | Iterable[Subscription],
    /,
    *,
    at: dt.date | None = None,
    product: Product | str | None = None,
    region: str | None = None,
    exclude: Exclusions = NOTHING,
    policy: KpiPolicy = _POLICY,
) -> Overview:
    """The five headline KPIs on a day.

    Args:
        subscriptions: What customers hold, as columns or as objects.
        at: The day; a date-time becomes its UTC date. Columns know their day.
        product: Calling or Meetings; None for both.
        region: A region, or `*` for all of them. Needed where data lie in several.
        exclude: Licenses and customers that do not count; coverage lists them.
        policy: The day counts and cuts.

    Raises:
        InvalidValue: The product has no KPIs; `at` is missing, or not the day of the
            columns.
        RegionRequired: Data lie in several regions and none was chosen.
        NotFound: The region is not known and holds no data.

    Examples:
        >>> from partnerhub.domain.organizations import Organization
        >>> from partnerhub.domain.subscriptions import LicenseLine
        >>> acme = Organization(id="c8b0e0d2-0000-4000-8000-000000000001", name="Acme")
        >>> held = Subscription(
        ...     id="Sub1",
        ...     customer=acme,
        ...     ends_on="2026-12-24",
        ...     lines=(LicenseLine(license="Webex Meetings", total=10, assigned=12),),
        ... )
        >>> found = overview([held], at=pendulum.date(2026, 11, 22))
        >>> found.nearing_expiration, found.over_license_limit, found.nearing_renewal
        (1, 1, 0)
        >>> found.over_license_limit.rows["overage"].tolist()
        [2]
        >>> found.nearing_expiration.rows["days"].tolist()
        [32]
        >>> overview([held], at=pendulum.date(2026, 11, 22), product="calling")
        ... # doctest: +ELLIPSIS
        Overview(at=Date(2026, 11, 22), product=<Product.CALLING: 'calling'>, ...)
    """
    selection = selection_of(
        _portfolio(subscriptions, at),
        product=parse_kpi_product(product),
        region=region,
        exclude=exclude,
        policy=policy,
    )
    coverage = Coverage(selection=selection)
    return Overview(
        at=selection.portfolio.at,
        product=selection.product,
        region=selection.region,
        regions=selection.regions,
        total_customers=coverage.customers,
        nearing_expiration=_of_subscriptions(
            selection, "Subscriptions nearing expiration", Bit.EXPIRING
        ),
        nearing_renewal=_of_subscriptions(
            selection, "Subscriptions nearing renewal", Bit.RENEWING
        ),
        low_license_assignment=_low_assignment(selection),
        over_license_limit=_over_limit(selection),
        coverage=coverage,
    )


def _portfolio(
    subscriptions: Portfolio | Iterable[Subscription], at: dt.date | None
) -> Portfolio:
    if isinstance(subscriptions, Portfolio):
        if at is not None and as_day(at) != subscriptions.at:
            why = f"the columns are of {subscriptions.at}"
            raise InvalidValue("day of these columns", str(at), why)
        return subscriptions
    if at is None:
        raise InvalidValue("day", at, "objects do not carry one: give `at=`")
    return portfolio_of(subscriptions, at=at)


def _of_subscriptions(selection: Selection, title: str, bit: int) -> Count:
    return count_of(
        selection,
        title,
        selection.customers_with_bit(bit),
        rows=partial(bit_table, bit=bit),
    )


def _over_limit(selection: Selection) -> Count:
    return count_of(
        selection,
        "Subscriptions with license overages",
        selection.customers_with_bit(Bit.OVER),
        rows=overage_table,
    )


def _low_assignment(selection: Selection) -> Count:
    found = assignment(selection)
    return count_of(
        selection,
        "Subscriptions with low license assignment",
        found.low,
        rows=partial(low_assignment_table, found=found),
    )
