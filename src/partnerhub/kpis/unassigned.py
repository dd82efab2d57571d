"""Licenses that nobody has, just before they renew: the last moment to shrink."""

from __future__ import annotations

import datetime as dt
from typing import Final

import attrs
import numpy as np

from partnerhub.columns.table import Table
from partnerhub.domain.policies import KpiPolicy
from partnerhub.domain.products import Product, parse_kpi_product
from partnerhub.kpis.lines import Lines, spare_of
from partnerhub.kpis.passing import Bit
from partnerhub.kpis.section_tables import lines_table
from partnerhub.kpis.selection import NOTHING, Exclusions, selection_of
from partnerhub.kpis.subscriptions import Held, columns_of

_POLICY: Final = KpiPolicy()


def unassigned_before_renewal(
    subscriptions: Held,
    /,
    *,
    within: int | None = None,
    at: dt.date | None = None,
    product: Product | str | None = None,
    region: str | None = None,
    term: str | None = None,
    exclude: Exclusions = NOTHING,
    policy: KpiPolicy = _POLICY,
) -> Table:
    """License lines that renew soon and have licenses that nobody has.

    `available` is what could be dropped: max(0, total - assigned). The line that
    renews first stands at the top; lines of which a number is not known are left out.

    Args:
        subscriptions: What customers hold, as columns or as objects.
        within: Days until the renewal; those of the policy where it is left out.
        at: The day; columns know theirs.
        product: Calling or Meetings; None for both.
        region: A region, or `*` for all of them.
        term: Only subscriptions of this commitment term.
        exclude: Licenses and customers that do not count.
        policy: The day counts and cuts.

    Raises:
        InvalidValue: The product has no KPIs, or `at` is missing.
        RegionRequired: Data lie in several regions and none was chosen.
        NotFound: The region is not known and holds no data.

    Examples:
        >>> from partnerhub.domain.organizations import Organization
        >>> from partnerhub.domain.subscriptions import LicenseLine, Subscription
        >>> acme = Organization(id="c8b0e0d2-0000-4000-8000-000000000001", name="Acme")
        >>> held = Subscription(
        ...     id="Sub1",
        ...     customer=acme,
        ...     ends_on="2026-12-24",
        ...     auto_renews=True,
        ...     lines=(LicenseLine(license="Webex Meetings", total=10, assigned=4),),
        ... )
        >>> found = unassigned_before_renewal([held], at=dt.date(2026, 11, 22))
        >>> found["days"].tolist(), found["available"].tolist()
        ([32], [6])
    """
    if within is not None:
        policy = attrs.evolve(policy, nearing_within=within)
    selection = selection_of(
        columns_of(subscriptions, at),
        product=parse_kpi_product(product),
        region=region,
        exclude=exclude,
        policy=policy,
        term=term,
    )
    lines = Lines(selection, selection.passed.rows[Bit.RENEWING])
    spare = spare_of(lines.numbers("total"), lines.numbers("assigned"))
    chosen = Lines(selection, lines.rows[np.flatnonzero(spare > 0)])
    title = "Unassigned licenses before renewal"
    return lines_table(chosen, title).sort_by("days")
