"""What the page does not show: movement, forecasts, renewals, bills, True Forward."""

from __future__ import annotations

import datetime as dt
import json

import attrs
import pendulum
import pytest

import partnerhub as ph
from partnerhub import kpis
from partnerhub.columns.objects import portfolio_of
from partnerhub.columns.table import Table
from partnerhub.domain.errors import InvalidValue, NotFound
from partnerhub.domain.layouts import CellType, Column
from partnerhub.domain.layouts.invoice import INVOICE_LINES
from partnerhub.domain.policies import KpiPolicy, LowAssignmentPolicy
from tests.kpis.test_sections import AT, DOZEN, PRO, held, organization

BEFORE = AT - dt.timedelta(100)


@pytest.fixture
def hub():
    with ph.connect("memory:") as hub:
        hub.put(*DOZEN)
        yield hub


# Movement


def test_won_and_lost():
    stays = held("Stays", 400, -800, (PRO, 1, 1))
    leaves = held("Leaves", -5, -800, (PRO, 1, 1))
    comes = held("Comes", 400, -5, (PRO, 1, 1))
    chats = held("Chats", 400, -800, ("Webex Messaging", 1, 1))
    every = [stays, leaves, comes, chats]
    found = kpis.movement(
        *(kpis.page(every, at=day, product="calling") for day in (BEFORE, AT))
    )
    assert found.to_dict() == {
        "first": BEFORE.isoformat(),
        "last": AT.isoformat(),
        "active_before": 2,
        "active_after": 2,
        "new": 1,
        "churned": 1,
        "churn_ratio": 0.5,
    }
    assert found.new.rows["customer"].tolist() == ["Comes"]
    assert found.churned.rows["customer"].tolist() == ["Leaves"]
    assert found.coverage.at == AT


def test_days_go_forward():
    with pytest.raises(InvalidValue, match="last day"):
        kpis.movement(kpis.page([], at=AT), kpis.page([], at=BEFORE))
    nobody = kpis.movement(kpis.page([], at=AT), kpis.page([], at=AT))
    assert nobody.churn_ratio is None


def test_both_days_are_of_the_same_things():
    with pytest.raises(InvalidValue, match="product"):
        kpis.movement(kpis.page([], at=BEFORE, product="calling"), kpis.page([], at=AT))


def test_a_hub_reads_both_days(hub):
    found = hub.kpis.movement(AT, AT + dt.timedelta(200), product="calling")
    assert sorted(found.churned.customers["customer"]) == [
        "Ninety",
        "Ninety-one",
        "Today",
    ]
    assert found.new == 0


def test_both_days_leave_out_whom_the_filter_finds_on_the_last(hub):
    days = AT, AT + dt.timedelta(200)
    found = hub.kpis.movement(*days, product="calling", exclude="status:expired")
    assert found.churned == 0
    assert found.new == 0


# Forecasts


WEEKS = [pendulum.date(2026, 9, 6).add(weeks=n) for n in range(10)]


def test_a_line_goes_on():
    found = kpis.forecast(WEEKS, [2 * n for n in range(10)], WEEKS[-1].add(weeks=2))
    assert (found.expected, found.low, found.high) == (22, 22, 22)
    assert found.points == 10


def test_the_interval_widens_with_noise_and_distance():
    noisy = [10, 14, 9, 13, 11, 15, 10, 16, 12, 15]
    near = kpis.forecast(WEEKS, noisy, WEEKS[-1].add(weeks=1))
    far = kpis.forecast(WEEKS, noisy, WEEKS[-1].add(weeks=20))
    sure = kpis.forecast(WEEKS, noisy, WEEKS[-1].add(weeks=1), confidence=0.99)
    assert near.low < near.expected < near.high
    assert far.high - far.low > near.high - near.low
    assert sure.high - sure.low > near.high - near.low
    # The same by hand, with Student's t of 8 degrees and 0.9: 1.397.
    assert near.high - near.expected == pytest.approx(1.3968 * 2.8150, rel=2e-3)


def test_a_number_that_is_none_counts_as_none():
    known = [10.0 + week for week in range(10)]
    known[3] = float("nan")
    found = kpis.forecast(WEEKS, known, WEEKS[-1].add(weeks=1))
    assert (found.expected, found.points) == (20, 9)


def test_nothing_is_forecast_below_zero_or_from_too_little():
    falling = [9 - n for n in range(10)]
    found = kpis.forecast(WEEKS, falling, WEEKS[-1].add(weeks=5))
    assert (found.low, found.expected) == (0, 0)
    assert (
        kpis.forecast(WEEKS, [1, None, None, None, None, 1, 1, 1, 1, None], AT) is None
    )
    assert kpis.forecast([AT] * 6, range(6), AT) is None
    with pytest.raises(InvalidValue, match="confidence"):
        kpis.forecast(WEEKS, falling, AT, confidence=1)
    with pytest.raises(InvalidValue, match="10 days"):
        kpis.forecast(WEEKS, falling[:3], AT)


# Before a renewal


def test_licenses_that_could_be_dropped(hub):
    for found in (
        kpis.page(DOZEN, at=AT, product="calling").unassigned_before_renewal(),
        hub.kpis.page(at=AT, product="calling").unassigned_before_renewal(),
    ):
        rows = found.select(["customer", "days", "total", "available"]).rows()
        assert list(rows) == [("Rolling", 0, 30, 27), ("Renewing", 90, 10, 3)]
    soon = hub.kpis.page(at=AT).unassigned_before_renewal(within=30)
    assert soon["customer"].tolist() == ["Rolling"]


def test_every_row_lies_within_the_days_asked_for():
    for within in (0, 30, 89, 90):
        found = kpis.page(DOZEN, at=AT).unassigned_before_renewal(within=within)
        assert all(0 <= days <= within for days in found["days"].tolist())


# True Forward


def agreement(name, *line, kind="Enterprise Agreement", **known):
    return held(name, 400, -10, line, type=kind, **known)


def test_room_to_grow():
    suite = "Webex Suite"
    portfolio = portfolio_of(
        [
            agreement("Within", PRO, 100, 120),
            agreement("Beyond", PRO, 100, 121),
            agreement("Suite", suite, 100, 116),
            agreement("Suite within", suite, 100, 115),
            agreement("Named", PRO, 100, 900, kind="Named User"),
            agreement("Trial", PRO, 100, 900, is_trial=True),
            agreement("Unknown", PRO, None, 900),
            attrs.evolve(agreement("Nothing", PRO, 0, 3), starts_on=None),
        ],
        at=AT,
    )
    found = kpis.true_forward(portfolio)
    rows = found.select(["customer", "over", "room_ratio", "measured_on"]).rows()
    start = AT - dt.timedelta(10)
    measured = start.add(months=11).subtract(days=1)
    assert sorted(rows) == [
        ("Beyond", 1, 0.2, measured),
        ("Nothing", 3, 0.2, None),
        ("Suite", 1, 0.15, measured),
    ]
    generous = kpis.TrueForwardPolicy(room_ratio=9, suite_room_ratio=9)
    assert kpis.true_forward(portfolio, policy=generous)["customer"].tolist() == [
        "Nothing"
    ]


def test_the_day_of_measure_comes_every_year(hub):
    start = AT.subtract(years=1).add(days=3)
    old = held("Old", 400, -362, (PRO, 10, 90), type="EA")
    assert old.starts_on == start
    hub.put(old)
    found = hub.kpis.true_forward(at=AT)
    assert found["measured_on"].tolist() == [start.add(months=23).subtract(days=1)]


# Bills


KEY = Column(key="id", heading="Subscription", french="Abonnement")
SEATS = Column(key="seats", heading="Seats", french="Postes", cell=CellType.COUNT)
BILLED = attrs.evolve(SEATS, key="billed")
NUMBER = attrs.evolve(KEY, key="number")


def test_a_bill_against_what_is_held():
    mine = Table.from_rows([KEY, SEATS], [("A", 5), ("B", 7), ("C", None), ("D", 1)])
    bill = Table.from_rows(
        [NUMBER, BILLED], [(" a", 2), ("A", 3), ("B", 8), ("C", None), ("E", 4)]
    )
    found = kpis.reconcile(mine, bill, on={"id": "number"}, compare={"seats": "billed"})
    assert list(found.matched.rows()) == [("A", 5), ("C", None)]
    assert list(found.different.rows()) == [("B", 7, 8)]
    assert list(found.only_left.rows()) == [("D", 1)]
    assert list(found.only_right.rows()) == [("E", 4)]
    assert not found.agrees


def test_a_credit_is_taken_off():
    held_now = held("Credited", 400, -800, (PRO, 15, 1))
    columns = INVOICE_LINES.columns[::2]
    bill = Table.from_rows(columns, [(held_now.id, 20), (held_now.id, -5)])
    found = kpis.reconcile_invoice(portfolio_of([held_now], at=AT), bill)
    assert found.agrees
    refund = Table.from_rows(columns, [(held_now.id, -5)])
    found = kpis.reconcile_invoice(portfolio_of([held_now], at=AT), refund)
    assert next(iter(found.different.rows()))[-2:] == (15, -5)


def test_names_can_be_mapped():
    left = Table.from_rows([KEY, SEATS], [("Acme", 5)])
    right = Table.from_rows([KEY, SEATS], [("Acme Inc", 2), ("Acme Inc", None)])
    found = kpis.reconcile(
        left, right, on=["id"], compare=["seats"], normal={"Acme Inc": "Acme"}.get
    )
    assert found.to_dict()["only_left"] == 1
    found = kpis.reconcile(
        left,
        right,
        on=["id"],
        compare=["seats"],
        normal=lambda name: name.removesuffix(" Inc"),
    )
    assert list(found.different.rows()) == [("Acme", 5, None)]
    assert kpis.reconcile(left, left, on=["id"], compare=["seats"]).agrees


def test_what_cannot_be_compared():
    left = Table.from_rows([KEY, SEATS], [("Acme", 5)])
    with pytest.raises(InvalidValue, match="keys"):
        kpis.reconcile(left, left, on=[], compare=["seats"])
    with pytest.raises(InvalidValue, match="texts"):
        kpis.reconcile(left, left, on=["seats"], compare=["id"])
    with pytest.raises(NotFound):
        kpis.reconcile(left, left, on=["id"], compare=["price"])


# Peers


def explained(name, **options):
    page = kpis.page(DOZEN, at=AT, product="calling", **options)
    return page.explain_low_assignment(organization(name).id.uuid)


def test_why_a_customer_is_low(hub):
    for found in (
        explained("Rolling"),
        hub.kpis.page(at=AT, product="calling").explain_low_assignment(
            organization("Rolling").id.uuid
        ),
    ):
        assert found.low
        assert (found.assigned, found.total, found.rate_ratio) == (3, 30, 0.1)
        assert len(found.peer_rates) == 8
        assert found.distribution[0.25] == found.cut_ratio
        assert found.reason == (
            "it assigns 10.0% of 30 licenses; the cut of its 8 peers is 40.6%"
        )
        assert json.loads(json.dumps(found.to_dict()))["peers"] == 8


def test_why_one_is_not():
    assert not explained("Renewing").low
    assert "not below" in explained("Renewing").reason
    nothing = explained("Ended")
    assert (nothing.rate_ratio, nothing.distribution) == (None, {})
    assert "no active license" in nothing.reason
    few = KpiPolicy(low_assignment=LowAssignmentPolicy(minimum_peers=9))
    assert "nobody is low" in explained("Rolling", policy=few).reason
    ceiling = KpiPolicy(low_assignment=LowAssignmentPolicy(ceiling=0.05))
    assert "never low" in explained("Rolling", policy=ceiling).reason
    with pytest.raises(NotFound):
        kpis.page(DOZEN, at=AT).explain_low_assignment(
            "0" * 8 + "-0000-4000-8000-" + "0" * 12
        )


def test_size_bands_are_peers():
    bands = LowAssignmentPolicy(minimum_peers=1, group=kpis.SizeBands(20))
    found = explained("Rolling", policy=KpiPolicy(low_assignment=bands))
    assert len(found.peer_rates) == 3  # Ninety, Rolling, Both
    assert bands == LowAssignmentPolicy(minimum_peers=1, group=kpis.SizeBands(20))
