"""Which customers need attention, and why: the concerns of all of them at once.

>>> from partnerhub.columns.objects import portfolio_of
>>> from partnerhub.domain.subscriptions import LicenseLine, Subscription
>>> from partnerhub.domain.organizations import Organization
>>> import pendulum
>>> acme = Organization(id="c8b0e0d2-0000-4000-8000-000000000001", name="Acme")
>>> held = Subscription(
...     id="Sub1",
...     customer=acme,
...     ends_on="2026-12-24",
...     auto_renews=True,
...     lines=(LicenseLine(license="Webex Meetings", total=10, assigned=4),),
... )
>>> found = attention(portfolio_of([held], at=pendulum.date(2026, 11, 22)))
>>> for customer in found:
...     for finding in customer.findings:
...         print(finding.concern, finding.days, finding.amount, finding.text)
unassigned 32 6 Webex Meetings: 6 of 10 not assigned and could be dropped, renews in \
32 days, on 2026-12-24
renewing 32 None renews in 32 days, on 2026-12-24
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import attrs
import numpy as np

from partnerhub.columns.portfolio import Portfolio
from partnerhub.columns.table import Table
from partnerhub.columns.unknown import Ints
from partnerhub.domain.attention import (
    AttentionPolicy,
    Concern,
    parse_concern,
)
from partnerhub.domain.policies import (
    DEFAULT_KPI_POLICY,
    DEFAULT_STATUS_POLICY,
    KpiPolicy,
    StatusPolicy,
)
from partnerhub.domain.regions import ALL
from partnerhub.kpis.concerns import Finder
from partnerhub.kpis.exclusions import NOTHING, Exclusions
from partnerhub.kpis.findings import ATTENTION_COLUMNS, Attention
from partnerhub.kpis.peers import assignment
from partnerhub.kpis.selection import selection_of

_ATTENTION: Final = AttentionPolicy()


def attention(
    portfolio: Portfolio,
    /,
    *,
    concerns: Iterable[Concern | str] | None = None,
    exclude: Exclusions = NOTHING,
    peers: bool = True,
    policy: AttentionPolicy = _ATTENTION,
    status_policy: StatusPolicy = DEFAULT_STATUS_POLICY,
    kpi_policy: KpiPolicy = DEFAULT_KPI_POLICY,
) -> Attention:
    """The customers that need attention on the portfolio's day, and why.

    Args:
        portfolio: The customers, and what they hold.
        concerns: Only these; all of the policy where it is left out.
        exclude: Licenses and customers that do not count; they are listed apart.
        peers: Whether to look for low assignment, which compares a customer with
            all others of its region.
        policy: What counts, and in which order.
        status_policy: Day counts of the statuses.
        kpi_policy: Day counts and cuts of the KPIs.

    Raises:
        InvalidValue: There is no such concern.
    """
    if concerns is not None:
        wanted = frozenset(map(parse_concern, concerns))
        order = tuple(concern for concern in policy.order if concern in wanted)
        policy = attrs.evolve(policy, order=order)
    looks = peers and Concern.LOW_ASSIGNMENT in policy.order

    def found(without: Exclusions) -> Finder:
        selection = selection_of(
            portfolio, product=None, region=ALL, exclude=without, policy=kpi_policy
        )
        return Finder(
            portfolio=portfolio,
            policy=policy,
            status_policy=status_policy,
            kpi_policy=kpi_policy,
            exclude=without,
            peers=assignment(selection) if looks else None,
        )

    finder = found(exclude)
    rows = finder.rows()
    out = np.zeros(0, np.int64)
    if exclude != NOTHING:
        out = np.setdiff1d(found(NOTHING).rows().customer, rows.customer)
    left_out = {}
    if not peers and Concern.LOW_ASSIGNMENT in policy.order:
        left_out[Concern.LOW_ASSIGNMENT] = "it compares all customers of the partner"
    return Attention(
        portfolio=portfolio,
        rows=rows,
        policy=policy,
        excluded=_customers(portfolio, out),
        left_out=left_out,
        status_policy=status_policy,
        peers=finder.peers,
    )


def _customers(portfolio: Portfolio, rows: Ints) -> Table:
    """One row a customer."""
    who = portfolio.customers
    name, uuid = who.name[rows], who.id[rows]
    values = {
        "customer": np.where(name == "", uuid, name),
        "org_id": uuid,
        "region": who.region.take(rows),
    }
    columns = tuple(column for column in ATTENTION_COLUMNS if column.key in values)
    return Table(title="Excluded", columns=columns, values=values)
