"""Who is low next to its peers."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pendulum
import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnerhub import kpis
from partnerhub.columns.objects import portfolio_of
from partnerhub.columns.timeline import timeline_of
from partnerhub.domain.errors import InvalidValue
from partnerhub.domain.organizations import Organization
from partnerhub.domain.policies import KpiPolicy, LowAssignmentPolicy
from partnerhub.domain.subscriptions import LicenseLine, Subscription
from partnerhub.kpis.peers import quantiles

AT = pendulum.date(2026, 11, 22)


def held(customer: int, *lines, region: str = "US", **known) -> Subscription:
    return Subscription(
        id="Sub1",
        customer=Organization(
            id=f"00000000-0000-4000-8000-{customer:012}",
            name=str(customer),
            region=region,
        ),
        lines=tuple(
            LicenseLine(license=f"Webex Calling - {n}", total=total, assigned=assigned)
            for n, (total, assigned) in enumerate(lines)
        ),
        **known,
    )


def low(*subscriptions, region="*", **policy) -> list[str]:
    policy = KpiPolicy(low_assignment=LowAssignmentPolicy(**policy))
    found = kpis.overview(subscriptions, at=AT, region=region, policy=policy)
    return found.low_license_assignment.customers["customer"].tolist()


def rated(*assigned: int, region: str = "US", start: int = 0):
    """Customers with 100 licenses each."""
    return [
        held(start + n, (100, number), region=region)
        for n, number in enumerate(assigned)
    ]


def test_below_the_first_quartile_is_low_and_on_it_is_not():
    assert low(*rated(10, 20, 30, 40, 50)) == ["0"]
    assert low(*rated(20, 20, 20, 40, 50)) == []


def test_the_quartile_is_interpolated():
    # Of six rates it lies a quarter of the way from the second to the third.
    assert low(*rated(10, 20, 30, 40, 50, 60)) == ["0", "1"]


def test_fewer_than_five_peers_have_no_low_one():
    assert low(*rated(10, 20, 30, 40)) == []
    assert low(*rated(10, 20, 30, 40), minimum_peers=4) == ["0"]


def test_customers_without_a_rate_are_no_peers():
    four = rated(10, 20, 30, 40)
    assert low(*four, held(9, (0, 0))) == []
    assert low(*four, held(9, (None, 5))) == []
    assert low(*four, held(9, (100, 50), ends_on=AT - dt.timedelta(1))) == []


def test_a_rate_of_100_percent_is_never_low():
    assert low(*rated(100, 120, 130, 140, 150)) == []
    assert low(*rated(99, 120, 130, 140, 150)) == ["0"]


def test_peers_are_of_the_same_region_also_when_all_are_asked_for():
    us = rated(10, 20, 30, 40, 50)
    eu = rated(60, 70, 80, 90, 95, region="EU", start=5)
    assert low(*us, *eu) == ["0", "5"]
    assert low(*us, *eu, region="EU") == ["5"]


def test_unknown_numbers_of_a_line_leave_the_whole_line_out():
    subscriptions = rated(20, 30, 40, 50)
    mixed = held(9, (100, 90), (1000, None), (None, 5))
    assert low(*subscriptions, mixed) == ["0"]


def test_lines_are_summed_before_they_are_divided():
    subscriptions = rated(20, 30, 40, 50)
    # 0.5 and 0.01 have a mean of 0.255, and a ratio of sums of 0.015.
    assert low(*subscriptions, held(9, (1, 1), (99, 1))) == ["9"]


def test_groups_of_the_policy_are_compared_apart():
    small = rated(10, 20, 30, 40, 50)
    large = [held(9 + n, (1000, 600 + n)) for n in range(5)]
    by_size = {"group": lambda licenses: np.where(licenses > 500, 7, -1)}
    assert low(*small, *large, **by_size) == ["0", "9"]
    assert low(*small, *large) == ["0", "1", "2"]


def test_quantile_and_ceiling_are_policy():
    subscriptions = rated(10, 20, 30, 40, 50)
    assert low(*subscriptions, quantile=0.5) == ["0", "1"]
    assert low(*subscriptions, quantile=1, ceiling=0.3) == ["0", "1"]


@given(
    st.lists(st.lists(st.floats(0, 2), min_size=1, max_size=9), max_size=5),
    st.floats(0, 1),
)
def test_quantiles_are_those_of_numpy(groups, quantile):
    values = np.array([value for group in groups for value in group])
    codes = np.repeat(np.arange(len(groups)), [len(group) for group in groups])
    order = np.random.default_rng(0).permutation(len(values))
    found = quantiles(values[order], codes[order].astype(np.intp), quantile)
    assert found.tolist() == pytest.approx([np.quantile(g, quantile) for g in groups])


@pytest.mark.parametrize(
    "group",
    [lambda n: n[:2], lambda n: np.stack([n, n], 1), lambda n: np.full(len(n), np.nan)],
    ids=["too few", "two each", "NaN"],
)
def test_a_group_that_is_none_is_named(group):
    with pytest.raises(InvalidValue, match=r"LowAssignmentPolicy\.group"):
        low(*rated(10, 20, 30, 40, 50), group=group)


def test_a_series_gives_groups_whole_numbers_too():
    policy = KpiPolicy(low_assignment=LowAssignmentPolicy(group=lambda n: n >> 9))
    small = rated(10, 20, 30, 40, 50)
    large = [held(9 + n, (1000, 600 + n)) for n in range(5)]
    timeline = timeline_of([portfolio_of([*small, *large], at=AT)])
    assert kpis.series(timeline, [AT], policy=policy)["low_assignment"] == [2]


@pytest.mark.parametrize("known", [{"ceiling": float("nan")}, {"minimum_peers": -1}])
def test_numbers_of_the_policy_are_checked(known):
    with pytest.raises(ValueError, match="0 or more"):
        LowAssignmentPolicy(**known)
