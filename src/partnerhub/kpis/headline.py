"""The five headline KPIs (specification, "Subscriptions")."""

from __future__ import annotations

from functools import partial
from types import MappingProxyType
from typing import Final

import attrs
import pendulum

from partnerhub.columns.table import Table
from partnerhub.domain.layouts import CellType, Column
from partnerhub.domain.products import Product
from partnerhub.kpis.coverage import Coverage
from partnerhub.kpis.making import Maker
from partnerhub.kpis.passing import Bit
from partnerhub.kpis.results import Count, count_of
from partnerhub.kpis.sections import (
    LowAssignment,
    NearingExpiration,
    NearingRenewal,
    OverLimit,
)
from partnerhub.kpis.selection import Region, Selection
from partnerhub.kpis.tables import bit_table, low_assignment_table, overage_table

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
        term: The commitment term it is narrowed to; None for any.
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
    term: str | None
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
            "term": self.term,
            **{key: int(getattr(self, key)) for key in KPIS},
        }

    def _repr_html_(self) -> str:
        return self.table._repr_html_()


def overview_of(made: Maker, /) -> Overview:
    """The headline KPIs of a selection."""
    selection = made.selection
    return Overview(
        at=selection.portfolio.at,
        product=selection.product,
        region=selection.region,
        regions=selection.regions,
        term=selection.term,
        total_customers=made.coverage.customers,
        nearing_expiration=_of_subscriptions(
            selection, NearingExpiration.title, Bit.EXPIRING
        ),
        nearing_renewal=_of_subscriptions(
            selection, NearingRenewal.title, Bit.RENEWING
        ),
        low_license_assignment=count_of(
            selection,
            LowAssignment.title,
            made.assignment.low,
            rows=partial(low_assignment_table, found=made.assignment),
        ),
        over_license_limit=count_of(
            selection,
            OverLimit.title,
            selection.customers_with_bit(Bit.OVER),
            rows=overage_table,
        ),
        coverage=made.coverage,
    )


def _of_subscriptions(selection: Selection, title: str, bit: int) -> Count:
    return count_of(
        selection,
        title,
        selection.customers_with_bit(bit),
        rows=partial(bit_table, bit=bit),
    )
