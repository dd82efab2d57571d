"""The columns that a customer list can show."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Final

import attrs
import numpy as np

from partnerhub.columns import unknown
from partnerhub.columns.portfolio import PRODUCTS, Portfolio
from partnerhub.columns.status import StatusFlags
from partnerhub.columns.unknown import Array, Bools, Ints
from partnerhub.columns.values import Values
from partnerhub.columns.views import day_bounds, line_view, subscription_view
from partnerhub.domain import rules
from partnerhub.domain.customers import NEVER
from partnerhub.domain.errors import InvalidValue, NotFound
from partnerhub.domain.layouts import CUSTOMER_FACTS, REGION, CellType, Column
from partnerhub.domain.rules import Rule
from partnerhub.domain.status import CustomerStatus, primary

TagsOf = Callable[[], Mapping[str, tuple[str, ...]]]

_NOT_KNOWN: Final = "It is not known."


def _count(key: str, heading: str, french: str) -> Column:
    return Column(key=key, heading=heading, french=french, cell=CellType.COUNT)


def _day(key: str, heading: str, french: str, blank: str) -> Column:
    return Column(
        key=key, heading=heading, french=french, cell=CellType.DAY, blank=blank
    )


def _told(
    key: str, blank: str = _NOT_KNOWN, *, cell: CellType = CellType.TEXT
) -> Column:
    """A column with the headings that it has in the files which tell it."""
    fact = CUSTOMER_FACTS.column(key)
    return Column(
        key=key, heading=fact.heading, french=fact.french, cell=cell, blank=blank
    )


_ALL: Final = (
    Column(key="customer", heading="Customer", french="Client"),
    Column(
        key="org_id", heading="Org ID", french="ID de l'organisation", cell=CellType.ID
    ),
    REGION,
    Column(
        key="primary_status",
        heading="Status",
        french="Statut",
        blank="It never had a subscription or trial.",
    ),
    Column(
        key="statuses",
        heading="All statuses",
        french="Tous les statuts",
        blank="It never had a subscription or trial.",
    ),
    _told("tags", "It has none."),
    _told("industry"),
    Column(
        key="external_id",
        heading="External ID",
        french="ID externe",
        blank="It is no wholesale customer.",
    ),
    _told("managed_by"),
    Column(key="products", heading="Products", french="Produits", blank="It has none."),
    _count("subscriptions", "Active subscriptions", "Abonnements actifs"),
    _count("trials", "Active trials", "Essais actifs"),
    _day("ends_on", "Next end", "Prochaine fin", "None is known to end."),
    _day("renews_on", "Next renewal", "Prochain renouvellement", "None renews itself."),
    _count("total", "Total licenses", "Total des licences"),
    _count("assigned", "Assigned licenses", "Licences attribuées"),
    _count("unassigned", "Unassigned licenses", "Licences non attribuées"),
    _count("overage", "Overage licenses", "Licences en dépassement"),
    _told("has_admins", cell=CellType.FLAG),
    _told(
        "last_admin_sign_in",
        "It is not known, or none ever signed in.",
        cell=CellType.DAY,
    ),
)

COLUMNS: Final[Mapping[str, Column]] = {column.key: column for column in _ALL}
"""Key -> column, in the order in which they are offered."""

DEFAULT: Final = ("customer", "org_id", "region", "primary_status", "statuses")
"""The columns that are shown where none are chosen."""


def columns_named(keys: Iterable[str], /) -> tuple[Column, ...]:
    """The columns with those keys.

    Raises:
        NotFound: There is none of a key.
        InvalidValue: A key is there twice.
    """
    wanted = tuple(keys)
    for key in wanted:
        if wanted.count(key) > 1:
            raise InvalidValue("list of columns", ", ".join(wanted), f"{key} is twice")
    return tuple(map(column_named, wanted))


def column_named(key: str, /) -> Column:
    """The column with that key.

    Raises:
        NotFound: There is none.
    """
    if key not in COLUMNS:
        raise NotFound(
            "column", key, f"there are {', '.join(COLUMNS)}", choices=COLUMNS
        )
    return COLUMNS[key]


@attrs.frozen(kw_only=True, eq=False)
class Cells:
    """What the columns of a list hold.

    Attributes:
        portfolio: All customers looked at.
        rows: Rows of those in the list, `(n,)`.
        flags: The statuses of all customers looked at.
        tags: Gives the tags of every customer that has any.
    """

    portfolio: Portfolio
    rows: Array
    flags: StatusFlags
    tags: TagsOf

    def of(self, key: str, /) -> Values:
        """The cells of a column, `(n,)`."""
        who, rows = self.portfolio.customers, self.rows
        match key:
            case "customer":
                return np.where(who.name[rows] == "", who.id[rows], who.name[rows])
            case "org_id":
                return who.id[rows]
            case "region" | "industry" | "external_id" | "managed_by":
                texts: Values = getattr(who, key).take(rows)
                return texts
            case "primary_status" | "statuses":
                return self._statuses(primary_only=key == "primary_status")
            case "tags":
                tags = self.tags()
                return _texts([", ".join(tags.get(uuid, ())) for uuid in who.id[rows]])
            case "products":
                return self._products()
            case "has_admins":
                return who.has_admins[rows]
            case "last_admin_sign_in":
                return self._sign_ins()
            case _:
                return self._number(key)[rows]

    def _statuses(self, *, primary_only: bool) -> Array:
        """Worked out once for each set of statuses that there is."""
        sets, place = np.unique(self.flags[self.rows], return_inverse=True)
        texts = []
        for bits in sets.tolist():
            found = CustomerStatus(bits)
            shown = primary(found)
            first = "" if shown is None else shown.label
            every = ", ".join(status.label for status in found)
            texts.append(first if primary_only else every)
        return _texts(texts)[place]

    def _products(self) -> Array:
        """The products of licenses that are there, or were."""
        lines, size = self.portfolio.lines, len(self.portfolio.customers)
        held = np.zeros((size, len(PRODUCTS)), np.bool_)
        existed = lines.existed
        held[self.portfolio.line_customer[existed], lines.product[existed]] = True
        return _texts(
            [
                ", ".join(PRODUCTS[code].value for code in np.flatnonzero(row).tolist())
                for row in held[self.rows]
            ]
        )

    def _sign_ins(self) -> Array:
        days = self.portfolio.customers.last_admin_sign_in[self.rows].copy()
        never = days == np.datetime64(NEVER)
        days[never] = unknown.DAY
        return days

    def _number(self, key: str) -> Array:
        held = self.portfolio.subscriptions
        d = day_bounds(self.portfolio.at)
        view = subscription_view(held, d)
        ahead = held.ends_on >= np.datetime64(self.portfolio.at)
        match key:
            case "subscriptions" | "trials":
                rule: Rule = rules.trial if key == "trials" else rules.subscription
                size = len(self.portfolio.customers)
                return np.bincount(held.customer[rule(view, d)], minlength=size)
            case "renews_on":
                return self._earliest(view.active & rules.renews(view, d) & ahead)
            case "ends_on":
                return self._earliest(view.active & ~rules.renews(view, d) & ahead)
            case _:
                return self._licenses(key, line_view(self.portfolio.lines, view).active)

    def _earliest(self, which: Bools) -> Array:
        """The first end or renewal of each customer, NaT where there is none."""
        held = self.portfolio.subscriptions
        found = np.full(len(self.portfolio.customers), np.iinfo(np.int64).max)
        days = held.ends_on[which].astype(np.int64)
        np.minimum.at(found, held.customer[which], days)
        missing = found == np.iinfo(np.int64).max
        first = np.where(missing, 0, found).astype("datetime64[D]")
        first[missing] = unknown.DAY
        return first

    def _licenses(self, key: str, active: Bools) -> Ints:
        """Sums over active lines of which the numbers are known."""
        lines = self.portfolio.lines
        no_total = unknown.is_unknown(lines.total)
        no_assigned = unknown.is_unknown(lines.assigned)
        left = lines.total - lines.assigned
        column, missing = {
            "total": (lines.total, no_total),
            "assigned": (lines.assigned, no_assigned),
            "unassigned": (np.maximum(left, 0), no_total | no_assigned),
            "overage": (np.maximum(-left, 0), no_total | no_assigned),
        }[key]
        known = active & ~missing
        owner, size = self.portfolio.line_customer, len(self.portfolio.customers)
        found = np.bincount(owner[known], column[known], size).astype(np.int64)
        only_unknown = np.bincount(owner[active], minlength=size) > 0
        only_unknown &= np.bincount(owner[known], minlength=size) == 0
        found[only_unknown] = unknown.COUNT
        return found


def _texts(texts: list[str]) -> Array:
    column = np.empty(len(texts), dtype=object)
    column[:] = texts
    return column
