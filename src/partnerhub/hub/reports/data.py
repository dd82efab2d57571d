"""The data sets that reports are made of: Partner Hub's five, the customers, the sections."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from types import MappingProxyType
from typing import Final, NamedTuple

import attrs
import pendulum

from partnerhub import kpis
from partnerhub.columns.datasets import APP_VERSIONS, DEVICES, NUMBERS, Dataset
from partnerhub.columns.objects import portfolio_of
from partnerhub.columns.table import Table
from partnerhub.domain import layouts
from partnerhub.domain.errors import NotFound, there_are
from partnerhub.domain.layouts import Column, Locale
from partnerhub.domain.products import Product
from partnerhub.domain.regions import RegionChoice, label
from partnerhub.domain.weeks import Period
from partnerhub.hub.calling import calling_details
from partnerhub.hub.context import Context, scope_of
from partnerhub.hub.customers.columns import COLUMNS as CUSTOMER_COLUMNS
from partnerhub.hub.customers.columns import DEFAULT as CUSTOMER_DEFAULT
from partnerhub.hub.customers.customers import Customers
from partnerhub.hub.kpis import Kpis
from partnerhub.reports.inventories import inventory_table
from partnerhub.reports.subscription_details import subscription_details
from partnerhub.reports.usage_details import usage_details


@attrs.frozen(kw_only=True)
class Asked:
    """What a data set is asked for.

    Attributes:
        context: The hub.
        choice: The regions.
        day: The day.
        days: The range of days; None of a data set of one day.
        product: Only what concerns this product; None for all.
    """

    context: Context
    choice: RegionChoice
    day: pendulum.Date
    days: Period | None = None
    product: Product | None = None


@attrs.frozen(kw_only=True)
class DataSet:
    """Rows that reports are made of.

    Attributes:
        key: Its name in code and on the command line.
        name: English display name.
        french: French display name.
        make: Makes its table, with every column that there is.
        printed: Keys of the columns of the plain report; empty for what the table
            itself prints.
        customer: Key of the column with the customer's uuid.
        ranged: Whether it covers a range of days.
        by_product: Whether it can be narrowed to a product.
        note: How fresh it is, in English; blank when there is nothing to say.
        french_note: The same in French.
    """

    key: str
    name: str
    french: str
    make: Callable[[Asked], Table] = attrs.field(repr=False)
    printed: tuple[str, ...] = ()
    customer: str = "org_id"
    ranged: bool = False
    by_product: bool = False
    note: str = ""
    french_note: str = ""

    def name_in(self, locale: Locale, /) -> str:
        """Its display name in a language."""
        return self.french if locale == "fr" else self.name

    def note_in(self, locale: Locale, /) -> str:
        """How fresh it is, in a language."""
        return self.french_note if locale == "fr" else self.note

    @property
    def columns(self) -> tuple[Column, ...]:
        """Every column that can be chosen, in order."""
        return _columns(self.key)


def data_set(key: str, /) -> DataSet:
    """The data set with that key.

    Raises:
        NotFound: There is none; it names the nearest.
    """
    found = DATA_SETS.get(key)
    if found is None:
        raise NotFound("report template", key, there_are(DATA_SETS), choices=DATA_SETS)
    return found


@cache
def _columns(key: str) -> tuple[Column, ...]:
    layout = next((each for each in layouts.REPORTS if each.key == key), None)
    if layout is not None:
        return (*layout.columns, layouts.REGION)
    if key == _CUSTOMERS.key:
        return tuple(CUSTOMER_COLUMNS.values())
    # A section's columns are those of its table, also where nobody is in it.
    nobody = portfolio_of((), at=pendulum.date(2000, 1, 1))
    return _SECTIONS[key].table(kpis.page(nobody)).columns


def _usage(asked: Asked) -> Table:
    assert asked.days is not None  # noqa: S101 - a ranged data set is asked with days
    first, last = asked.days
    found = calling_details(asked.context, first, last, asked.choice)
    customers = asked.context.portfolio(last, asked.choice).customers
    return attrs.evolve(usage_details(found.usage, customers), notes=found.notes)


def _inventory(dataset: Dataset) -> Callable[[Asked], Table]:
    def make(asked: Asked) -> Table:
        store, scope = asked.context.store, scope_of(asked.choice)
        return inventory_table(store.inventory(dataset, asked.day, scope))

    return make


def _subscriptions(asked: Asked) -> Table:
    portfolio = asked.context.portfolio(asked.day, asked.choice)
    return subscription_details(portfolio, product=asked.product)


def _customers(asked: Asked) -> Table:
    query = "" if asked.product is None else f"product:{asked.product.value}"
    region = label(asked.choice.region)
    found = Customers(asked.context).find(query, at=asked.day, region=region)
    return found.to_table(CUSTOMER_COLUMNS)


def _section(key: str) -> Callable[[Asked], Table]:
    def make(asked: Asked) -> Table:
        region = label(asked.choice.region)
        page = Kpis(asked.context).page(
            product=asked.product, region=region, at=asked.day
        )
        return _SECTIONS[key].table(page)

    return make


class _Section(NamedTuple):
    """A section of the KPIs: its names, and its table of a page."""

    name: str
    french: str
    table: Callable[[kpis.Page], Table]


_SECTIONS: Final = {
    "recently-added": _Section(
        kpis.RecentlyAdded.title,
        "Abonnements récemment ajoutés",
        lambda page: page.recently_added.table,
    ),
    "nearing-expiration": _Section(
        kpis.NearingExpiration.title,
        "Abonnements arrivant bientôt à expiration",
        lambda page: page.nearing_expiration.table,
    ),
    "nearing-renewal": _Section(
        kpis.NearingRenewal.title,
        "Abonnements bientôt renouvelés",
        lambda page: page.nearing_renewal.table,
    ),
    "low-assignment": _Section(
        kpis.LowAssignment.title,
        "Abonnements à faible attribution de licences",
        lambda page: page.low_assignment.table,
    ),
    "over-limit": _Section(
        kpis.OverLimit.title,
        "Abonnements en dépassement de licences",
        lambda page: page.over_limit.table,
    ),
    "unassigned-before-renewal": _Section(
        "Unassigned licenses before renewal",
        "Licences non attribuées avant renouvellement",
        lambda page: page.unassigned_before_renewal(),
    ),
}

_MAKERS: Final = {
    layouts.CALLING_USAGE_DETAILS.key: _usage,
    layouts.DEVICES.key: _inventory(DEVICES),
    layouts.TELEPHONE_NUMBERS.key: _inventory(NUMBERS),
    layouts.WEBEX_APP_VERSION.key: _inventory(APP_VERSIONS),
    layouts.SUBSCRIPTION_DETAILS.key: _subscriptions,
}

_CUSTOMERS: Final = DataSet(
    key="customers",
    name="Customers",
    french="Clients",
    make=_customers,
    printed=CUSTOMER_DEFAULT,
    by_product=True,
)

DATA_SETS: Final = MappingProxyType(
    {
        **{
            layout.key: DataSet(
                key=layout.key,
                name=layout.name,
                french=layout.french,
                make=_MAKERS[layout.key],
                printed=layout.keys,
                ranged=layout.ranged,
                by_product=layout is layouts.SUBSCRIPTION_DETAILS,
                note=layout.note,
                french_note=layout.french_note,
            )
            for layout in layouts.REPORTS
        },
        _CUSTOMERS.key: _CUSTOMERS,
        **{
            key: DataSet(
                key=key,
                name=section.name,
                french=section.french,
                make=_section(key),
                customer="customer_id",
                by_product=True,
            )
            for key, section in _SECTIONS.items()
        },
    }
)
"""Key -> data set: the five reports, the customer list, the sections of the KPIs."""
