"""A series in one pass gives what each day gives by itself."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pendulum
import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnerhub import kpis
from partnerhub.columns import unknown
from partnerhub.columns.objects import portfolio_of
from partnerhub.columns.portfolio import LineColumns, Portfolio, SubscriptionColumns
from partnerhub.columns.text import TextColumn
from partnerhub.columns.timeline import timeline_of
from partnerhub.columns.views import day_bounds, subscription_view
from partnerhub.domain import rules
from partnerhub.domain.policies import KpiPolicy, LowAssignmentPolicy
from partnerhub.kpis.day_masks import ManyDays, batches
from partnerhub.kpis.passing import Bit
from tests.strategies import AT, LICENSES, partners

POLICY = KpiPolicy(low_assignment=LowAssignmentPolicy(minimum_peers=2))
STEPS = (0, 1, 7, 30, 90)


def numbers_of(page: kpis.Page) -> dict[str, object]:
    """The names of a series, read off a page."""
    low, over = page.low_assignment, page.over_limit
    return {
        "total_customers": page.overview.total_customers,
        "new_customers": page.recently_added.customers,
        "new_total_licenses": page.recently_added.total_licenses,
        "nearing_expiration": page.nearing_expiration.customers,
        "nearing_expiration_assignment_ratio": (
            page.nearing_expiration.license_assignment_ratio
        ),
        "nearing_expiration_usage_ratio": page.nearing_expiration.license_usage_ratio,
        "nearing_renewal": page.nearing_renewal.customers,
        "nearing_renewal_assignment_ratio": (
            page.nearing_renewal.license_assignment_ratio
        ),
        "nearing_renewal_usage_ratio": page.nearing_renewal.license_usage_ratio,
        "low_assignment": low.customers,
        "low_assignment_ratio": low.license_assignment_ratio,
        "low_usage_when_assigned_ratio": low.usage_when_assigned_ratio,
        "low_used_of_assigned_ratio": low.used_of_assigned_ratio,
        "low_unassigned": low.total_unassigned,
        "over_limit": over.customers,
        "total_overage": over.total_overage,
        "average_overage": over.average_overage,
        **trend_of(page),
    }


def trend_of(page: kpis.Page) -> dict[str, int | None]:
    """The sums of the active lines, None where there are some and none tells it."""
    chosen = page.selection.lines_with_bit(Bit.ACTIVE)
    lines, used = page.selection.portfolio.lines, f"used_{page.low_assignment.usage}"
    found: dict[str, int | None] = {}
    for name, field in (
        ("purchased", "total"),
        ("assigned", "assigned"),
        ("used", used),
    ):
        numbers = getattr(lines, field)[chosen].tolist()
        known = [number for number in numbers if number >= 0]
        found[name] = sum(known) if known or not numbers else None
    return found


@pytest.mark.parametrize("product", [None, "calling", "meetings"])
@given(
    pictures=st.tuples(*[partners(max_size=6)] * 3),
    gap=st.sampled_from((1, 7, 60)),
    without=st.sets(st.sampled_from(LICENSES), max_size=1),
    choice=st.tuples(
        st.sampled_from(("7d", "ever")), st.sampled_from((None, "monthly", "unknown"))
    ),
)
def test_a_series_is_every_day_by_itself(product, pictures, gap, without, choice):
    usage, term = choice
    first, second, third = pictures
    # Later pictures hold other values of the first customers, and others.
    pictures = [first, [*second, *_but(first[::2], second)], third]
    days = [AT + dt.timedelta(gap * place) for place in range(len(pictures))]
    timeline = timeline_of(
        portfolio_of(at=day, customers=picture)
        for day, picture in zip(days, pictures, strict=True)
    )
    asked = sorted({day + dt.timedelta(step) for day in days for step in STEPS})
    options = {
        "product": product,
        "region": "*",
        "policy": POLICY,
        "usage": usage,
        "term": term,
        "exclude": kpis.Exclusions(licenses=without),
    }
    found = kpis.series(timeline, asked, **options)
    assert found.days == tuple(pendulum.date(d.year, d.month, d.day) for d in asked)
    for day, numbers in zip(found.days, found.rows, strict=True):
        held = state_on(timeline, day)
        expected = numbers_of(kpis.page(held, **options))
        assert {name: numbers[name] for name in expected} == expected, day


def _but(some, others):
    known = {customer.id for customer in others}
    return [customer for customer in some if customer.id not in known]


def state_on(timeline, day):
    """The portfolio of a day, picked from the versions one by one."""
    today = np.datetime64(day.isoformat())

    def newest(thing, since, count):
        found = np.full(count, -1)
        for row in np.flatnonzero(since <= today).tolist():
            found[thing[row]] = row
        return found

    subs, lines = timeline.subscriptions, timeline.lines
    held = newest(subs.subscription, subs.since, len(timeline.customer))
    line = newest(lines.line, lines.since, len(timeline.holder))
    there = np.flatnonzero(held >= 0)
    place = np.full(len(held), -1)
    place[there] = np.arange(len(there))
    line_there = np.flatnonzero(line >= 0)
    at, line_at = held[there], line[line_there]
    size = len(at)
    blank = TextColumn(np.full(size, -1, np.int32), np.empty(0, dtype=object))
    holder = place[timeline.holder[line_there]]
    return Portfolio(
        at=day,
        customers=timeline.customers,
        subscriptions=SubscriptionColumns(
            customer=timeline.customer[there],
            id=np.array([str(n) for n in range(size)], dtype=object),
            day=np.full(size, unknown.DAY),
            first_seen=np.full(size, unknown.DAY),
            gone=subs.gone[at],
            has_calling=np.zeros(size, np.bool_),
            added_on=subs.added_on[at],
            source_status=blank,
            type=blank,
            is_trial=subs.is_trial[at],
            source_expired=subs.source_expired[at],
            starts_on=subs.starts_on[at],
            ends_on=subs.ends_on[at],
            auto_renews=subs.auto_renews[at],
            paid=np.full(size, -1, np.int8),
            provisioned=np.full(size, -1, np.int8),
            commitment_term=subs.commitment_term.take(at),
            invoice=blank,
            orders=blank,
            users_total=np.full(size, -1),
            users_verified=np.full(size, -1),
        ),
        lines=LineColumns(
            subscription=holder.astype(np.int32),
            license=timeline.license.take(line_there),
            product=timeline.product[line_there],
            gone=lines.gone[line_at] | subs.gone[at][holder],
            existed=lines.existed[line_at],
            total=lines.total[line_at],
            assigned=lines.assigned[line_at],
            used_7d=lines.used_7d[line_at],
            used_3m=np.full(len(line_at), -1),
            used_ever=lines.used_ever[line_at],
        ),
    )


@given(
    picture=partners(max_size=8),
    steps=st.lists(st.integers(-40, 40), min_size=1, max_size=70, unique=True),
)
def test_every_rule_on_many_days_is_the_rule_on_each(picture, steps):
    """The engine of series, on more days than one mask holds."""
    held = portfolio_of(at=AT, customers=picture).subscriptions
    days = [AT + dt.timedelta(step) for step in sorted(steps)]
    for some in batches(days):
        many = ManyDays(some, POLICY)
        view = many.view(held, rules.SUBSCRIPTION_READS, slice(None))
        rules.with_state(view, many.d)
        for rule in rules.SUBSCRIPTION_RULES:
            masks = rule(view, many.d).masks
            for place, day in enumerate(some):
                d = day_bounds(day, kpi_policy=POLICY)
                expected = rule(subscription_view(held, d), d)
                found = (masks >> np.uint64(place)) & np.uint64(1)
                assert found.astype(bool).tolist() == expected.tolist(), rule.__name__
