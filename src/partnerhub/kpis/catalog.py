"""Every subscription KPI: its name, unit, formula, population and source.

The data dictionary of the documentation is made from this, and tests hold it against
the results, so that none of the three can differ.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final

import attrs

from partnerhub.columns.table import Table
from partnerhub.domain.layouts import Column


class Unit(StrEnum):
    """What a KPI counts in."""

    CUSTOMERS = "customers"
    LICENSES = "licenses"
    RATIO = "ratio"
    """A share held as 0..1, printed in %."""
    LICENSES_PER_CUSTOMER = "licenses per customer"


@attrs.frozen(kw_only=True)
class Kpi:
    """One KPI.

    Attributes:
        part: The part of the page: `overview`, or a section's name.
        name: Its attribute there.
        label: As the page prints it.
        french: The same in French.
        unit: What it counts in.
        formula: How it is worked out; T, A and U are the total, assigned and used
            licenses of a license line.
        population: Of which rows.
        series: Its name in a series.
        source: Where formula and population are written.
    """

    part: str
    name: str
    label: str
    french: str
    unit: Unit
    formula: str
    population: str
    series: str
    source: str

    @property
    def key(self) -> str:
        """What tells it apart: `over_limit.total_overage`."""
        return f"{self.part}.{self.name}"

    @property
    def heading(self) -> str:
        """A label that stands alone: with its section, where others are called so."""
        return self._alone(self.label, "nearing expiration", "nearing renewal", "low")

    @property
    def french_heading(self) -> str:
        """The same in French."""
        return self._alone(
            self.french, "proche de l'expiration", "bientôt renouvelés", "faible"
        )

    def _alone(self, label: str, expiration: str, renewal: str, low: str) -> str:
        sections = {
            "nearing_expiration": expiration,
            "nearing_renewal": renewal,
            "low_assignment": low,
        }
        if self.unit is not Unit.RATIO:
            return label
        return f"{label} ({sections[self.part]})"


_ENDING: Final = (
    "subscriptions and trials that are active, end in 0..90 days and are not known to "
    "renew by themselves"
)
_RENEWING: Final = (
    "subscriptions, no trials, that are active and renew by themselves in 0..90 days"
)
_ADDED: Final = "subscriptions and trials added 0..90 days ago, whatever their state"
_LOW: Final = (
    "customers whose sum of A / sum of T over active lines is below the first quartile "
    "of their region, and below 100 %; with at least five customers"
)
_OVER: Final = "license lines of active subscriptions and trials with A > T"
_HAD: Final = "customers that have or had a license line of the products"
_OF_LOW: Final = f"active lines of {_LOW}"
_SPEC: Final = "specification, KPIs; design 5."


_Row = tuple[str, str, str, Unit, str, str, str, str]


def _kpi(  # noqa: PLR0917 - one row of the table below
    key: str,
    label: str,
    french: str,
    unit: Unit,
    formula: str,
    population: str,
    series: str,
    source: str,
) -> Kpi:
    part, _, name = key.partition(".")
    return Kpi(
        part=part,
        name=name,
        label=label,
        french=french,
        unit=unit,
        formula=formula,
        population=population,
        series=series,
        source=_SPEC + source,
    )


_DISTINCT: Final = "distinct customers"
_ASSIGNED: Final = "sum of A / sum of T, over lines that know both"
_USED: Final = "sum of U / sum of T, over lines that know both"


def _nearing(
    part: str, label: str, french: str, population: str, source: str
) -> tuple[_Row, ...]:
    """The KPIs that both sections of subscriptions near their end have."""
    ratio = Unit.RATIO
    return (
        (
            f"{part}.customers", label, french, Unit.CUSTOMERS, _DISTINCT, population,
            part, source,
        ),
        (
            f"{part}.license_assignment_ratio", "License assignment",
            "Attribution des licences", ratio, _ASSIGNED, population,
            f"{part}_assignment_ratio", f"{source} and 5.15",
        ),
        (
            f"{part}.license_usage_ratio", "License usage",
            "Utilisation des licences", ratio, _USED, population,
            f"{part}_usage_ratio", f"{source} and 5.16",
        ),
    )  # fmt: skip


CATALOGUE: Final[tuple[Kpi, ...]] = tuple(
    _kpi(*row)
    for row in (
        (
            "overview.total_customers", "Total customers", "Nombre total de clients",
            Unit.CUSTOMERS, _DISTINCT, _HAD, "total_customers", "12",
        ),
        (
            "overview.nearing_expiration", "Nearing expiration",
            "Proche de l'expiration", Unit.CUSTOMERS, _DISTINCT, _ENDING,
            "nearing_expiration", "13",
        ),
        (
            "overview.nearing_renewal", "Nearing renewal", "Bientôt renouvelés",
            Unit.CUSTOMERS, _DISTINCT, _RENEWING, "nearing_renewal", "14",
        ),
        (
            "overview.low_license_assignment", "Low license assignment",
            "Faible attribution de licences", Unit.CUSTOMERS, _DISTINCT, _LOW,
            "low_assignment", "19",
        ),
        (
            "overview.over_license_limit", "Over license limit",
            "Dépassement de la limite de licences", Unit.CUSTOMERS, _DISTINCT, _OVER,
            "over_limit", "6",
        ),
        (
            "recently_added.customers", "New customers", "Nouveaux clients",
            Unit.CUSTOMERS, _DISTINCT, _ADDED, "new_customers", "18",
        ),
        (
            "recently_added.total_licenses", "Total licenses", "Total des licences",
            Unit.LICENSES, "sum of T", "active lines of the new customers",
            "new_total_licenses", "18",
        ),
        *_nearing(
            "nearing_expiration", "Customers nearing expiration",
            "Clients dont l'abonnement arrive à expiration", _ENDING, "13",
        ),
        *_nearing(
            "nearing_renewal", "Customers nearing renewal",
            "Clients en cours de renouvellement", _RENEWING, "14",
        ),
        (
            "low_assignment.customers", "Customers with low assignment",
            "Clients à faible attribution", Unit.CUSTOMERS, _DISTINCT, _LOW,
            "low_assignment", "19",
        ),
        (
            "low_assignment.license_assignment_ratio", "License assignment",
            "Attribution de licence", Unit.RATIO, _ASSIGNED, _OF_LOW,
            "low_assignment_ratio", "19",
        ),
        (
            "low_assignment.usage_when_assigned_ratio", "License usage when assigned",
            "Utilisation des licences lors de leur attribution", Unit.RATIO, _USED,
            _OF_LOW, "low_usage_when_assigned_ratio", "20",
        ),
        (
            "low_assignment.used_of_assigned_ratio", "Used of assigned licenses",
            "Licences utilisées parmi les attribuées", Unit.RATIO,
            "sum of U / sum of A, over lines that know both", _OF_LOW,
            "low_used_of_assigned_ratio", "20",
        ),
        (
            "low_assignment.total_unassigned", "Total unassigned licenses",
            "Total des licences non attribuées", Unit.LICENSES,
            "sum of max(0, T - A), line by line", _OF_LOW, "low_unassigned", "19",
        ),
        (
            "over_limit.customers", "Customers with overages",
            "Clients avec dépassements", Unit.CUSTOMERS, _DISTINCT, _OVER,
            "over_limit", "6",
        ),
        (
            "over_limit.total_overage", "Total overage licenses",
            "Total des licences en surplus", Unit.LICENSES,
            "sum of A - T, line by line", _OVER, "total_overage", "6",
        ),
        (
            "over_limit.average_overage", "Average license overage",
            "Dépassement moyen de licence", Unit.LICENSES_PER_CUSTOMER,
            "total overage licenses / customers with overages", _OVER,
            "average_overage", "21",
        ),
    )
)  # fmt: skip
"""All KPIs of the page "Subscriptions", in its order."""

_COLUMNS: Final = tuple(
    Column(key=key, heading=heading, french=french)
    for key, heading, french in (
        ("key", "Key", "Clé"),
        ("label", "KPI", "Indicateur"),
        ("french", "French", "Français"),
        ("unit", "Unit", "Unité"),
        ("formula", "Formula", "Formule"),
        ("population", "Population", "Population"),
        ("source", "Source", "Source"),
    )
)


def catalogue() -> Table:
    """One row a KPI.

    Examples:
        >>> found = catalogue()
        >>> found["key"].tolist()[:2]
        ['overview.total_customers', 'overview.nearing_expiration']
    """
    rows = [
        (
            kpi.key,
            kpi.label,
            kpi.french,
            kpi.unit.value,
            kpi.formula,
            kpi.population,
            kpi.source,
        )
        for kpi in CATALOGUE
    ]
    return Table.from_rows(_COLUMNS, rows, title="Subscription KPIs")
