"""Every headline KPI against a deliberately naive calculation, row by row.

The naive one repeats the specification in plain Python, sharing nothing with the
library but the domain objects.
"""

from __future__ import annotations

import math
from fractions import Fraction

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnerhub import kpis
from partnerhub.columns.objects import portfolio_of
from partnerhub.domain.policies import KpiPolicy, LowAssignmentPolicy
from partnerhub.domain.products import Product
from tests.strategies import AT, LICENSES, partners

BOTH = (Product.CALLING, Product.MEETINGS)
POLICIES = st.builds(
    KpiPolicy,
    nearing_within=st.sampled_from((0, 30, 90)),
    low_assignment=st.builds(
        LowAssignmentPolicy,
        quantile=st.sampled_from((0.0, 0.25, 0.5, 1.0)),
        ceiling=st.sampled_from((0.5, 1.0)),
        minimum_peers=st.integers(1, 5),
        group=st.sampled_from((None, lambda licenses: licenses >= 4)),
    ),
)


def naive(partner, products, policy, left_out=()):
    """KPI -> ids of the customers it counts."""
    found = {key: set() for key in KEYS}
    for customer in partner:
        for s in customer.subscriptions:
            lines = lines_of(s, products, left_out)
            if not lines:
                continue
            found["total_customers"].add(customer.id)
            days = None if s.ends_on is None else (s.ends_on - AT).days
            near = days is not None and 0 <= days <= policy.nearing_within
            if is_active(s):
                if near:
                    nearing = "nearing_renewal" if renews(s) else "nearing_expiration"
                    found[nearing].add(customer.id)
                for line in lines:
                    known = line.total is not None and line.assigned is not None
                    if known and line.assigned > line.total:
                        found["over_license_limit"].add(customer.id)
    found["low_license_assignment"] = low(partner, products, policy, left_out)
    return found


def lines_of(s, products, left_out):
    return [
        line
        for line in s.lines
        if line.product in products
        and line.license not in left_out
        and any(
            (number or 0) > 0
            for number in (
                line.total,
                line.assigned,
                line.used_7d,
                line.used_3m,
                line.used_ever,
            )
        )
    ]


def is_active(s):
    if s.gone or s.source_status in {"Expired", "Trial expired"}:
        return False
    if s.starts_on is not None and s.starts_on > AT:
        return False
    if s.ends_on is None or s.ends_on >= AT:
        return True
    return renews(s)


def renews(s):
    return s.auto_renews is True and not s.is_trial


def low(partner, products, policy, left_out):
    policy = policy.low_assignment
    rates, sizes = {}, {}
    for customer in partner:
        known = [
            line
            for s in customer.subscriptions
            if is_active(s)
            for line in lines_of(s, products, left_out)
            if line.total is not None and line.assigned is not None
        ]
        total = sum(line.total for line in known)
        if total:
            group = None if policy.group is None else policy.group(total)
            peers = rates.setdefault((customer.region, group), {})
            peers[customer.id] = Fraction(sum(line.assigned for line in known), total)
            sizes[customer.id] = total
    return {
        customer
        for peers in rates.values()
        for customer, rate in peers.items()
        if len(peers) >= policy.minimum_peers
        and rate < policy.ceiling
        and rate < quantile(sorted(peers.values()), Fraction(policy.quantile))
    }


def quantile(ordered, share):
    place = (len(ordered) - 1) * share
    below = ordered[math.floor(place)]
    return below + (place - math.floor(place)) * (ordered[math.ceil(place)] - below)


KEYS = (
    "total_customers",
    "nearing_expiration",
    "nearing_renewal",
    "low_license_assignment",
    "over_license_limit",
)


@pytest.mark.parametrize("product", [None, "calling", "meetings"])
@given(
    partner=partners(max_size=20),
    policy=POLICIES,
    left_out=st.sets(st.sampled_from(LICENSES), max_size=2),
)
def test_the_overview_is_what_counting_row_by_row_gives(
    product, partner, policy, left_out
):
    products = BOTH if product is None else (Product(product),)
    found = kpis.overview(
        portfolio_of(at=AT, customers=partner),
        product=product,
        region="*",
        policy=policy,
        exclude=kpis.Exclusions(licenses=left_out),
    )
    expected = naive(partner, products, policy, left_out)
    for key in KEYS:
        count = getattr(found, key)
        assert set(count.customers["customer_id"]) == expected[key], key
        assert set(count.rows["customer_id"]) == expected[key], key
        assert count == len(expected[key])


@given(partner=partners(max_size=20))
def test_regions_one_by_one_add_up_to_all(partner):
    portfolio = portfolio_of(at=AT, customers=partner)
    whole = kpis.overview(portfolio, region="*")
    parts = [
        kpis.overview(portfolio, region=region or "unspecified")
        for region in whole.regions
    ]
    for key in KEYS:
        assert getattr(whole, key) == sum(getattr(part, key) for part in parts)


@given(partner=partners())
def test_objects_and_columns_give_the_same(partner):
    held = [s for customer in partner for s in customer.subscriptions]
    alone = [attrs.evolve(customer, managed_by=None) for customer in partner]
    one = kpis.overview(iter(held), at=AT, region="*")
    other = kpis.overview(portfolio_of(at=AT, customers=alone), region="*")
    assert one.table == other.table
