"""What customers held over a range of days: every version of it, once.

A version holds from its day until the next one of the same subscription or line. So
a year of weekly snapshots of which a twentieth changes a week is not 52 portfolios
but the first, and what changed since.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

import attrs
import numpy as np

from partnerhub.columns.arrow_sets import ArrowColumns
from partnerhub.columns.portfolio import CustomerColumns, Portfolio, product_codes
from partnerhub.columns.text import TextColumn
from partnerhub.columns.unknown import Array, Bools, Codes, Days, Ints, RuleColumns

SUBSCRIPTION_FIELDS: Final = (
    "starts_on",
    "ends_on",
    "added_on",
    "auto_renews",
    "is_trial",
    "source_expired",
    "gone",
)
LINE_FIELDS: Final = ("gone", "existed", "total", "assigned", "used_7d", "used_ever")


@attrs.frozen(kw_only=True, eq=False)
class SubscriptionVersions(RuleColumns, ArrowColumns):
    """Versions of subscriptions, by subscription, and those of one by day.

    Attributes:
        subscription: Which one, int32 `(n,)`.
        since: From which day it stood so.

    The other columns are those of `partnerhub.columns.portfolio.SubscriptionColumns`.
    """

    subscription: Codes
    since: Days
    starts_on: Days
    ends_on: Days
    added_on: Days
    auto_renews: Array
    is_trial: Array
    source_expired: Array
    gone: Bools
    commitment_term: TextColumn

    def __len__(self) -> int:
        return len(self.since)


@attrs.frozen(kw_only=True, eq=False)
class LineVersions(RuleColumns, ArrowColumns):
    """Versions of license lines, by line, and those of one by day.

    Attributes:
        line: Which one, int32 `(n,)`.
        since: From which day it stood so.
        gone: It left its subscription, which may still be there.

    The other columns are those of `partnerhub.columns.portfolio.LineColumns`.
    """

    line: Codes
    since: Days
    gone: Bools
    existed: Bools
    total: Ints
    assigned: Ints
    used_7d: Ints
    used_ever: Ints

    def __len__(self) -> int:
        return len(self.since)


@attrs.frozen(kw_only=True, eq=False)
class Timeline:
    """All customers of a scope, and every version of what they held.

    Attributes:
        customers: Who they are.
        customer: Row of the customer of each subscription, ascending, int32
            `(subscriptions,)`.
        holder: The subscription of each line, ascending, int32 `(lines,)`.
        license: The license of each line, `(lines,)`.
        subscriptions: Versions of the subscriptions.
        lines: Versions of the lines.
    """

    customers: CustomerColumns
    customer: Codes
    holder: Codes
    license: TextColumn
    subscriptions: SubscriptionVersions
    lines: LineVersions

    @property
    def product(self) -> Array:
        """The product of each line, as its place in `PRODUCTS`, uint8 `(lines,)`."""
        return product_codes(self.license)


def timeline_of(portfolios: Iterable[Portfolio], /) -> Timeline:
    """The timeline of several days, each given whole.

    What a later day leaves out is gone from that day.

    Args:
        portfolios: All customers on each day, in any order; of each customer, the
            newest wins.

    Examples:
        >>> from partnerhub.columns.objects import portfolio_of
        >>> import pendulum
        >>> days = [pendulum.date(2026, 11, day) for day in (15, 22)]
        >>> len(timeline_of(portfolio_of(at=day) for day in days).customer)
        0
    """
    given = sorted(portfolios, key=lambda portfolio: portfolio.at)
    newest: dict[str, tuple[Portfolio, int]] = {}
    for portfolio in given:
        for row, uuid in enumerate(portfolio.customers.id.tolist()):
            newest[uuid] = portfolio, row
    customers = {uuid: row for row, uuid in enumerate(sorted(newest))}
    held: dict[tuple[str, str], list[_Version]] = {}
    lines: dict[tuple[str, str, str], list[_Version]] = {}
    for portfolio in given:
        day = np.datetime64(portfolio.at)
        keys = _subscription_keys(portfolio)
        _add(held, keys, portfolio.subscriptions, SUBSCRIPTION_FIELDS, day)
        terms = portfolio.subscriptions.commitment_term.texts().tolist()
        for key, term in zip(keys, terms, strict=True):
            held[key][-1][1]["commitment_term"] = term
        licenses = portfolio.lines.license.texts().tolist()
        holders = portfolio.lines.subscription.tolist()
        line_keys = [
            (*keys[holder], name)
            for holder, name in zip(holders, licenses, strict=True)
        ]
        _add(lines, line_keys, portfolio.lines, LINE_FIELDS, day)
    subscriptions = {key: code for code, key in enumerate(sorted(held))}
    ordered = sorted(lines)
    return Timeline(
        customers=_customers([newest[uuid] for uuid in customers]),
        customer=_codes(customers[uuid] for uuid, _ in subscriptions),
        holder=_codes(subscriptions[key[:2]] for key in ordered),
        license=TextColumn.of(name for _, _, name in ordered),
        subscriptions=SubscriptionVersions(
            subscription=_numbers_of([held[key] for key in subscriptions]),
            commitment_term=TextColumn.of(
                values["commitment_term"]
                for key in subscriptions
                for _, values in held[key]
            ),
            **_columns([held[key] for key in subscriptions], SUBSCRIPTION_FIELDS),
        ),
        lines=LineVersions(
            line=_numbers_of([lines[key] for key in ordered]),
            **_columns([lines[key] for key in ordered], LINE_FIELDS),
        ),
    )


_Version = tuple[np.datetime64, dict[str, Any]]
_DTYPES: Final[Mapping[str, Any]] = {
    "starts_on": "M8[D]",
    "ends_on": "M8[D]",
    "added_on": "M8[D]",
    "auto_renews": np.int8,
    "is_trial": np.int8,
    "source_expired": np.int8,
    "gone": np.bool_,
    "existed": np.bool_,
}


def _subscription_keys(portfolio: Portfolio) -> list[tuple[str, str]]:
    held = portfolio.subscriptions
    owners = portfolio.customers.id[held.customer].tolist()
    found: list[tuple[str, str]] = []
    met: dict[tuple[str, str], int] = {}
    for owner, identity in zip(owners, held.id.tolist(), strict=True):
        key = owner, identity
        number = met[key] = met.get(key, 0) + 1  # a repeat is another one
        found.append(key if number == 1 else (owner, f"{identity}\0{number}"))
    return found


def _add(
    versions: dict[Any, list[_Version]],
    keys: list[Any],
    columns: object,
    fields: tuple[str, ...],
    day: np.datetime64,
) -> None:
    """Notes the rows of a day, and what they leave out as gone."""
    arrays = [getattr(columns, name) for name in fields]
    for row, key in enumerate(keys):
        values = {name: array[row] for name, array in zip(fields, arrays, strict=True)}
        versions.setdefault(key, []).append((day, values))
    for key in versions.keys() - set(keys):
        values = versions[key][-1][1]
        if not values["gone"]:
            versions[key].append((day, values | {"gone": True}))


def _numbers_of(things: list[list[_Version]]) -> Codes:
    counts = [len(versions) for versions in things]
    return np.repeat(np.arange(len(things), dtype=np.int32), counts)


def _columns(things: list[list[_Version]], fields: tuple[str, ...]) -> dict[str, Any]:
    every = [version for versions in things for version in versions]
    found: dict[str, Any] = {"since": np.array([day for day, _ in every], "M8[D]")}
    for name in fields:
        dtype = _DTYPES.get(name, np.int64)
        found[name] = np.array([values[name] for _, values in every], dtype)
    return found


def _codes(codes: Iterable[int]) -> Codes:
    return np.fromiter(codes, np.int32)


def _customers(rows: list[tuple[Portfolio, int]]) -> CustomerColumns:
    def column(name: str) -> Any:
        return [getattr(p.customers, name)[row] for p, row in rows]

    def texts(name: str) -> TextColumn:
        return TextColumn.of(
            getattr(p.customers, name).take(np.array([row])).texts()[0]
            for p, row in rows
        )

    return CustomerColumns(
        id=np.array(column("id"), dtype=object),
        name=np.array(column("name"), dtype=object),
        region=texts("region"),
        industry=texts("industry"),
        external_id=texts("external_id"),
        managed_by=texts("managed_by"),
        last_admin_sign_in=np.array(column("last_admin_sign_in"), "M8[D]"),
        has_admins=np.array(column("has_admins"), np.int8),
    )
