"""The statuses of all customers at once, against those of one."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from partnerhub.columns.objects import customer_object, portfolio_of
from partnerhub.columns.status import status_flags
from partnerhub.domain.customers import Customer
from partnerhub.domain.organizations import Organization
from partnerhub.domain.policies import StatusPolicy
from partnerhub.domain.status import NONE, CustomerStatus, statuses
from tests.strategies import AT, partners

POLICIES = st.sampled_from((0, 1, 30, 90)).flatmap(
    lambda n: st.builds(
        StatusPolicy,
        expiring_within=st.just(n),
        inactive_after=st.sampled_from((0, n, 91)),
        trial_suspended_for=st.sampled_from((0, n, 31)),
    )
)


@given(partners(), POLICIES)
def test_columns_agree_with_objects(partner, policy):
    portfolio = portfolio_of(at=AT, customers=partner)
    flags = status_flags(portfolio, policy=policy)
    for row, bits in enumerate(flags.tolist()):
        customer = customer_object(portfolio, row)
        assert CustomerStatus(bits) == statuses(customer, at=AT, policy=policy).flags


def test_customers_without_subscriptions_have_no_status():
    organization = Organization(id="00000000-0000-4000-8000-00000000000a")
    never = Customer(organization=organization, has_admins=False)
    flags = status_flags(portfolio_of(at=AT, customers=[never]))
    assert flags.tolist() == [NONE.value]


def test_nobody_has_no_statuses():
    flags = status_flags(portfolio_of(at=AT))
    assert flags.tolist() == []
    assert flags.dtype == np.uint8
