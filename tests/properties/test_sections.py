"""Every KPI of the sections against a deliberately naive calculation, row by row.

It repeats the specification in plain Python over domain objects, and shares nothing
with the library but `naive`, which counts the headline KPIs the same way.
"""

from __future__ import annotations

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnerhub import kpis
from partnerhub.columns.objects import portfolio_of
from partnerhub.domain.policies import KpiPolicy, LowAssignmentPolicy
from partnerhub.domain.products import Product
from tests.properties.test_overview import BOTH, is_active, lines_of, low, renews
from tests.strategies import AT, LICENSES, partners

POLICY = KpiPolicy(low_assignment=LowAssignmentPolicy(minimum_peers=2))


def ratio(pairs):
    """Sum / sum over pairs that know both."""
    known = [(a, b) for a, b in pairs if a is not None and b is not None]
    whole = sum(b for _, b in known)
    return sum(a for a, _ in known) / whole if whole else None


def total(numbers):
    """The sum of those known; None where there are some and none is known."""
    numbers = list(numbers)
    known = [number for number in numbers if number is not None]
    return None if numbers and not known else sum(known)


def spare(line):
    if line.total is None or line.assigned is None:
        return None
    return max(0, line.total - line.assigned)


@pytest.mark.parametrize("product", [None, "calling", "meetings"])
@given(
    partner=partners(max_size=15),
    usage=st.sampled_from(("7d", "ever")),
    left_out=st.sets(st.sampled_from(LICENSES), max_size=2),
    term=st.sampled_from((None, "monthly", "annual", "unknown")),
)
def test_the_sections_are_what_adding_row_by_row_gives(
    product, partner, usage, left_out, term
):
    products = BOTH if product is None else (Product(product),)
    of_term = [only(customer, term) for customer in partner]
    lines = [
        (customer, s, line)
        for customer in of_term
        for s in customer.subscriptions
        for line in lines_of(s, products, left_out)
        if not s.gone
    ]

    def used(line):
        return line.used_7d if usage == "7d" else line.used_ever

    def days(s):
        return None if s.ends_on is None else (s.ends_on - AT).days

    def near(s):
        return is_active(s) and days(s) is not None and 0 <= days(s) <= 90

    page = kpis.page(
        portfolio_of(at=AT, customers=partner),
        product=product,
        region="*",
        policy=POLICY,
        usage=usage,
        term=term,
        exclude=kpis.Exclusions(licenses=left_out),
    )

    # Recently added
    new = {
        customer.id
        for customer, s, _ in lines
        if s.added_on is not None and 0 <= (AT - s.added_on).days <= 90
    }
    active = [(c, line) for c, s, line in lines if is_active(s)]
    assert page.recently_added.customers == len(new)
    assert page.recently_added.total_licenses == total(
        line.total for customer, line in active if customer.id in new
    )
    assert set(page.recently_added.table["customer_id"]) == new

    # Nearing expiration, nearing renewal
    ending = [(c, x) for c, s, x in lines if near(s) and not renews(s)]
    renewing = [(c, x) for c, s, x in lines if near(s) and renews(s)]
    for section, found in (
        (page.nearing_expiration, ending),
        (page.nearing_renewal, renewing),
    ):
        assert section.customers == len({customer.id for customer, _ in found})
        assert section.license_assignment_ratio == ratio(
            (line.assigned, line.total) for _, line in found
        )
        assert section.license_usage_ratio == ratio(
            (used(line), line.total) for _, line in found
        )
        assert len(section.rows) == len(found)
        assert all(0 <= left <= 90 for left in section.table["days"].tolist())
        known = [n for n in section.table["total"].tolist() if n >= 0]
        assert sum(known) == sum(line.total or 0 for _, line in found)

    # Low assignment
    ids = low(of_term, products, POLICY, left_out)
    mine = [line for customer, line in active if customer.id in ids]
    section = page.low_assignment
    assert section.customers == len(ids)
    assert section.license_assignment_ratio == ratio(
        (x.assigned, x.total) for x in mine
    )
    assert section.usage_when_assigned_ratio == ratio((used(x), x.total) for x in mine)
    assert section.used_of_assigned_ratio == ratio((used(x), x.assigned) for x in mine)
    assert section.total_unassigned == total(map(spare, mine))

    # Over the limit
    over = [
        (customer.id, line.assigned - line.total)
        for customer, line in active
        if line.total is not None and (line.assigned or 0) > line.total
    ]
    section = page.over_limit
    owners = {customer for customer, _ in over}
    assert section.customers == len(owners)
    assert section.total_overage == sum(number for _, number in over)
    assert section.average_overage == (
        section.total_overage / len(owners) if owners else None
    )
    assert sorted(section.table["overage"].tolist()) == sorted(n for _, n in over)


def only(customer, term):
    """The customer with its subscriptions of that commitment term."""
    if term is None:
        return customer
    kept = tuple(
        s
        for s in customer.subscriptions
        if (str(s.commitment_term) if s.commitment_term else "unknown") == term
    )
    return attrs.evolve(customer, subscriptions=kept)
