"""The customers of a portfolio that a filter holds of, as a mask."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from partnerhub.columns.filters.labels import NO_LABELS, CustomerLabels, Finder
from partnerhub.columns.filters.rows import Customers
from partnerhub.columns.portfolio import Portfolio
from partnerhub.columns.status import StatusFlags
from partnerhub.columns.unknown import Bools
from partnerhub.domain.filters import Filter, holds
from partnerhub.domain.policies import DEFAULT_STATUS_POLICY, StatusPolicy

_NO_FINDERS: Final[Mapping[str, Finder]] = MappingProxyType({})


def filter_mask(
    node: Filter,
    portfolio: Portfolio,
    /,
    *,
    labels: CustomerLabels = NO_LABELS,
    policy: StatusPolicy = DEFAULT_STATUS_POLICY,
) -> Bools:
    """The customers of which a filter holds on the portfolio's day.

    For several filters of one portfolio, `Prepared` works out only once what they
    have in common.

    Args:
        node: The filter.
        portfolio: The customers and what they hold.
        labels: Their tags, addresses and administrators.
        policy: The day counts of the statuses.

    Returns:
        bool `(customers,)`.

    Examples:
        >>> import pendulum
        >>> from partnerhub.columns.objects import portfolio_of
        >>> from partnerhub.domain.filters import where
        >>> from partnerhub.domain.organizations import Organization
        >>> from partnerhub.domain.subscriptions import Subscription
        >>> acme = Organization(id="c8b0e0d2-0000-4000-8000-000000000001", name="Acme")
        >>> trial = Subscription(id="T1", customer=acme, is_trial=True)
        >>> portfolio = portfolio_of([trial], at=pendulum.date(2026, 11, 22))
        >>> filter_mask(where("status").eq("trial"), portfolio).tolist()
        [True]
    """
    return Prepared(portfolio, labels=labels, policy=policy).mask(node)


class Prepared:
    """A portfolio that filters are asked of; what they need is kept once worked out.

    Args:
        portfolio: The customers and what they hold.
        labels: Their tags, addresses and administrators.
        policy: The day counts of the statuses.
        finders: "tag", "email" or "admin" -> what finds the customers by it, in place
            of `labels`: of a store's index, say.
    """

    def __init__(
        self,
        portfolio: Portfolio,
        /,
        *,
        labels: CustomerLabels = NO_LABELS,
        policy: StatusPolicy = DEFAULT_STATUS_POLICY,
        finders: Mapping[str, Finder] = _NO_FINDERS,
    ) -> None:
        self._customers = Customers(portfolio, labels, policy, finders)

    @property
    def statuses(self) -> StatusFlags:
        """The values of `CustomerStatus` of all customers, uint8 `(customers,)`."""
        return self._customers.statuses()

    def mask(self, node: Filter, /) -> Bools:
        """The customers of which the filter holds, bool `(customers,)`."""
        found: Bools = holds(node, self._customers)
        return found
