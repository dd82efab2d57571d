"""The tables of the Calling engagement page, from weekly facts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

import attrs
import numpy as np

from partnerhub.columns import unknown
from partnerhub.columns.table import Table
from partnerhub.columns.unknown import Array, Bools, Ints
from partnerhub.domain.calls import ENDPOINT_TYPES, FEATURES, EndpointType, Feature
from partnerhub.domain.layouts import CellType, Column
from partnerhub.kpis.calling.facts import Source, WeeklyFacts

Names = Mapping[str, str]
"""Customer's uuid -> its display name."""

_NO_DATA: Final = "No call data of the customer was loaded for the week."
_NOT_TOLD: Final = "Exports do not tell it."
_UNRATED: Final = "No leg was rated."
_OF_RECORDS: Final = "Only call records tell it, and none are loaded for the week."

ENDPOINT_LABELS: Final = {
    EndpointType.DESK_PHONE: ("Desk phone", "Téléphone de bureau"),
    EndpointType.ROOM_DEVICE: ("Room device", "Appareil de salle"),
    EndpointType.APP_DESKTOP: ("Webex App (desktop)", "Application Webex (ordinateur)"),
    EndpointType.APP_MOBILE: ("Webex App (mobile)", "Application Webex (mobile)"),
    EndpointType.THIRD_PARTY: ("Third-party device", "Appareil tiers"),
    EndpointType.ANALOG: ("Analog phone", "Téléphone analogique"),
    EndpointType.SIP_GATEWAY: ("SIP gateway", "Passerelle SIP"),
    EndpointType.UNKNOWN: ("Unknown", "Inconnu"),
}
FEATURE_LABELS: Final = {
    Feature.CALL_QUEUE: "Call queue",
    Feature.HUNT_GROUP: "Hunt group",
    Feature.AUTO_ATTENDANT: "Auto attendant",
    Feature.FORWARDING: "Call forwarding",
    Feature.PARK: "Call park",
    Feature.PICKUP: "Call pickup",
    Feature.RECORDING: "Call recording",
    Feature.BARGE_IN: "Barge-in",
    Feature.MULTIPLE_RING: "Simultaneous or sequential ring",
    Feature.EXECUTIVE: "Executive and assistant",
    Feature.TRANSFER: "Call transfer",
}


def _column(
    key: str,
    heading: str,
    french: str,
    cell: CellType = CellType.COUNT,
    blank: str = "",
) -> Column:
    return Column(key=key, heading=heading, french=french, cell=cell, blank=blank)


CUSTOMER: Final = (
    _column("customer", "Customer", "Client", CellType.TEXT),
    _column("customer_id", "Org ID", "ID de l'organisation", CellType.ID),
)
_CALLS: Final = _column("calls", "Calls", "Appels", blank=_NO_DATA)
_LEGS: Final = _column("legs", "Call legs", "Segments d'appel", blank=_NO_DATA)
_RATED: Final = _column("rated", "Rated legs", "Segments évalués", blank=_NO_DATA)
_POOR: Final = _column(
    "poor", "Poor legs", "Segments de mauvaise qualité", blank=_UNRATED
)
_SHARE: Final = _column(
    "poor_ratio", "Poor share", "Part de mauvaise qualité", CellType.RATIO, _UNRATED
)
_SOURCE: Final = _column("source", "Source", "Source", CellType.TEXT, _NO_DATA)
_CHANGE: Final = (
    _column("legs_before", "Call legs, week before", "Segments, semaine précédente"),
    _column(
        "change_ratio",
        "Change",
        "Évolution",
        CellType.RATIO,
        "There was no call, or no call data, in the week before.",
    ),
)
_WEEK: Final = (
    _column("week", "Week from", "Semaine du", CellType.DAY),
    _column("week_end", "to", "au", CellType.DAY),
)


def ratio(part: Array, whole: Array, /) -> Array:
    """Shares as float64; NaN where the whole is 0, or either is not known.

    Examples:
        >>> ratio(np.array([1, 0, -1]), np.array([4, 0, 2])).tolist()
        [0.25, nan, nan]
    """
    usable = (whole > 0) & (part >= 0)
    found = np.full(len(whole), np.nan)
    np.divide(part, whole, out=found, where=usable)
    return found


def _totals(values: Ints) -> Ints:
    """Sums over the customers that tell a number; -1 where none does."""
    told = values >= 0
    sums: Ints = np.where(told, values, 0).sum(axis=0)
    return np.where(told.any(axis=0), sums, unknown.COUNT)


def customers_and_usage(
    facts: WeeklyFacts, /, *, names: Names, population: Iterable[str] = ()
) -> Table:
    """Calls, minutes and users of each customer last week, declining ones first.

    Args:
        facts: The facts.
        names: The customers' names.
        population: Customers that count although they have no leg: those with an
            active Calling line in that week (design 5.31).
    """
    legs, before = facts.last("legs"), facts.before("legs")
    rows = _wanted(facts, population)
    table = _customer_table(
        "Customers and usage",
        facts,
        rows,
        names,
        {
            _CALLS: facts.last("calls"),
            _LEGS: legs,
            _column("minutes", "Minutes", "Minutes", blank=_NO_DATA): facts.last(
                "minutes"
            ),
            _column("users", "Active users", "Utilisateurs actifs", blank=_NOT_TOLD): (
                facts.users[:, 1]
            ),
            _CHANGE[0]: before,
            _CHANGE[1]: ratio(legs, before) - 1,
            _SOURCE: _sources(facts),
        },
        missing=population,
    )
    return table.sort_by("customer_id").sort_by("customer").sort_by("change_ratio")


def quality_trend(facts: WeeklyFacts, /, *, weeks: int = 8) -> Table:
    """Rated and poor legs of each of the last weeks, oldest first.

    A week of which no call data are loaded is blank.
    """
    chosen = slice(max(len(facts.weeks) - weeks, 0), None)
    told = (facts.numbers["poor"] >= 0) & (facts.numbers["rated"] >= 0)
    rated = _totals(np.where(told, facts.numbers["rated"], unknown.COUNT))
    poor = _totals(np.where(told, facts.numbers["poor"], unknown.COUNT))
    known = rated > 0
    days = np.array(facts.weeks, "datetime64[D]").reshape(-1, 2)
    columns: dict[Column, Any] = {
        _WEEK[0]: days[:, 0],
        _WEEK[1]: days[:, 1],
        _RATED: rated,
        _column("good", "Good legs", "Segments de bonne qualité", blank=_UNRATED): (
            np.where(known, rated - poor, unknown.COUNT)
        ),
        _POOR: np.where(known, poor, unknown.COUNT),
        _SHARE: ratio(poor, rated),
        _column(
            "customers_records", "Customers with call records", "Clients avec CDR"
        ): (facts.source == Source.RECORDS).sum(axis=0),
        _column(
            "customers_exports", "Customers with exports only", "Clients avec exports"
        ): (facts.source == Source.EXPORTS).sum(axis=0),
    }
    return Table(
        title="Call quality and trend",
        columns=tuple(columns),
        values={column.key: values[chosen] for column, values in columns.items()},
    )


def quality_by_endpoint(facts: WeeklyFacts, /) -> Table:
    """Legs and their quality last week, by endpoint type.

    Exports add the legs of desk phones, room devices and third-party devices, whose
    quality by endpoint they do not tell. What no customer's data tell is blank.
    """
    sums = _totals(facts.endpoints)
    order = [ENDPOINT_TYPES.index(each) for each in ENDPOINT_LABELS]
    legs, rated, poor = sums[order].T
    labels = np.array([label for label, _ in ENDPOINT_LABELS.values()], object)
    columns: dict[Column, Any] = {
        _column("endpoint", "Endpoint type", "Type de terminal", CellType.TEXT): labels,
        attrs.evolve(_LEGS, blank=_OF_RECORDS): legs,
        attrs.evolve(_RATED, blank=_OF_RECORDS): rated,
        _POOR: np.where(rated > 0, poor, unknown.COUNT),
        _SHARE: ratio(poor, rated),
    }
    return _table("Call quality by endpoint type", columns)


def customers_and_quality(
    facts: WeeklyFacts, /, *, names: Names, population: Iterable[str] = ()
) -> Table:
    """Rated and poor legs of each customer last week, the worst share first."""
    rated, poor = facts.last("rated"), facts.last("poor")
    share = ratio(poor, rated)
    before = ratio(facts.before("poor"), facts.before("rated"))
    table = _customer_table(
        "Customers and call quality",
        facts,
        _wanted(facts, population),
        names,
        {
            _LEGS: facts.last("legs"),
            _RATED: rated,
            _POOR: np.where(rated > 0, poor, unknown.COUNT),
            _SHARE: share,
            _column(
                "poor_ratio_before",
                "Poor share, week before",
                "Part, semaine précédente",
                CellType.RATIO,
                _UNRATED,
            ): before,
            _SOURCE: _sources(facts),
        },
        missing=population,
    )
    ordered = table.sort_by("customer_id").sort_by("customer")
    return ordered.sort_by("poor_ratio", descending=True)


def feature_usage(facts: WeeklyFacts, /) -> Table:
    """Calls that used each advanced feature last week, and by how many customers.

    Blank where no customer's call records are loaded: exports do not tell it.
    """
    bits = [FEATURES.index(each) for each in FEATURE_LABELS]
    used = facts.features[:, bits]
    calls = _totals(used)
    customers = (used > 0).sum(axis=0)
    columns: dict[Column, Any] = {
        _column("feature", "Feature", "Fonctionnalité", CellType.TEXT): np.array(
            list(FEATURE_LABELS.values()), object
        ),
        attrs.evolve(_CALLS, blank=_OF_RECORDS): calls,
        _column("customers", "Customers", "Clients", blank=_OF_RECORDS): np.where(
            calls >= 0, customers, unknown.COUNT
        ),
    }
    return _table("Feature usage by calls", columns)


def _table(title: str, columns: Mapping[Column, Any]) -> Table:
    return Table(
        title=title,
        columns=tuple(columns),
        values={column.key: values for column, values in columns.items()},
    )


def _wanted(facts: WeeklyFacts, population: Iterable[str]) -> Bools:
    """Customers with a leg last week, and those of the population."""
    asked = frozenset(population)
    in_population = np.array([who in asked for who in facts.organization], np.bool_)
    return (facts.last("legs") > 0) | in_population


def _sources(facts: WeeklyFacts) -> Array:
    labels = np.array([source.label for source in Source], object)
    found: Array = labels[facts.source[:, -1]]
    return found


def _customer_table(
    title: str,
    facts: WeeklyFacts,
    rows: Bools,
    names: Names,
    columns: Mapping[Column, Any],
    *,
    missing: Iterable[str],
) -> Table:
    """One row a customer, with blanks for those of whom there are no facts."""
    known = facts.organization.tolist()
    absent = sorted(frozenset(missing) - frozenset(known))
    here = np.flatnonzero(rows)
    who = [known[row] for row in here.tolist()] + absent

    def padded(values: Array) -> Array:
        if values.dtype == object:
            blank: Any = ""
        else:
            blank = np.nan if values.dtype.kind == "f" else unknown.COUNT
        tail = np.full(len(absent), blank, dtype=values.dtype)
        return np.concatenate([values[here], tail])

    texts = np.empty((2, len(who)), dtype=object)
    texts[0] = [names.get(uuid) or uuid for uuid in who]
    texts[1] = who
    return Table(
        title=title,
        columns=(*CUSTOMER, *columns),
        values={
            "customer": texts[0],
            "customer_id": texts[1],
            **{column.key: padded(values) for column, values in columns.items()},
        },
    )
