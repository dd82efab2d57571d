"""What is not known is named exactly where knowing it could set the status."""

from __future__ import annotations

import itertools

import attrs
from hypothesis import given, settings

from partnerhub.domain import rules
from partnerhub.domain.days import LATEST
from partnerhub.domain.lacking import NAMES, lacking
from partnerhub.domain.status import CUSTOMER_STATUS, SUBSCRIPTION_STATUS
from tests.strategies import AT, customers, subscriptions

D = rules.day_bounds(AT)


def completions(thing, names):
    days = (
        rules.EARLIEST,
        *(AT.add(days=n) for n in (-31, -30, -1, 0, 30, 31)),
        LATEST,
    )
    choices = {name: days if name.endswith("_on") else (False, True) for name in names}
    for values in itertools.product(*choices.values()):
        yield attrs.evolve(thing, **dict(zip(names, values, strict=True)))


def unknown_of(thing):
    return [n for n in rules.UNKNOWN_READS if getattr(thing, n, False) is None]


@settings(max_examples=25)
@given(subscriptions())
def test_a_rule_that_could_hold_lacks_something_and_one_that_could_not_lacks_nothing(
    held,
):
    names = [n for n in unknown_of(held) if n not in {"starts_on", "added_on"}]
    held = attrs.evolve(held, starts_on=AT, added_on=AT)
    for rule in set(SUBSCRIPTION_STATUS.values()) - {rules.started}:
        views = [
            rules.with_state(rules.object_view(one), D)
            for one in completions(held, names)
        ]
        now = rules.with_state(rules.object_view(held), D)
        if not rule(now, D):
            assert bool(lacking(rule, held, D)) == any(rule(view, D) for view in views)


@given(customers())
def test_a_customer_whose_sign_in_is_known_lacks_nothing(customer):
    (rule,) = CUSTOMER_STATUS.values()
    if customer.last_admin_sign_in is not None:
        assert lacking(rule, customer, D) == ()
    elif customer.has_admins is not False:
        assert "last_admin_sign_in" in lacking(rule, customer, D)


def test_every_input_that_a_rule_reads_and_may_be_unknown_has_a_name():
    always_known = {"is_trial", "source_expired", "has_calling", "gone"}
    assert set(NAMES) == set(rules.UNKNOWN_READS) - always_known
