"""What a filter means, written once for every engine.

An engine brings its rows: the views that the rules of `partnerhub.domain.rules` are
applied to, and the few things that only it can do, which are to test texts, to sum
licenses and to lead from subscriptions to their customers. `holds` makes a filter's
answer of these, with comparisons, `& |` and `not_` alone: a bool for one customer, an
array for all of them, or a SQL clause. No engine knows a node, an operator or the
rule behind a field.

It is two-valued: where a value is missing a term does not hold, and `Not` flips that.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial, reduce
from operator import and_, or_
from typing import Any, Final, assert_never

import attrs

from partnerhub.domain import rules
from partnerhub.domain.fields import FIELDS, Field, Kind, Level
from partnerhub.domain.filters.comparing import passes
from partnerhub.domain.filters.nodes import (
    And,
    Filter,
    Not,
    OneSubscription,
    Operator,
    Or,
    Term,
)
from partnerhub.domain.filters.rows import CustomerRows, Rows, SubscriptionRows
from partnerhub.domain.rules import DayBounds, Rule, View, not_
from partnerhub.domain.status import CustomerStatus

_STATUS_OF: Final = {status.code: status.value for status in CustomerStatus}


def holds(node: Filter, customers: CustomerRows, /) -> Any:
    """Of which customers the filter holds."""

    def leaf(node: Term | OneSubscription) -> Any:
        if isinstance(node, OneSubscription):
            return customers.any_subscription(partial(_of_subscription, node.part))
        field = FIELDS[node.field]
        if field.level is Level.SUBSCRIPTION:
            return customers.any_subscription(partial(_of_subscription, node))
        test = _has_status if field.kind is Kind.STATE else passes
        return _tested(node, partial(test, field=field, rows=customers))

    return _combined(node, customers, leaf)


def _of_subscription(node: Filter, subscriptions: SubscriptionRows) -> Any:
    """Of which subscriptions the filter holds."""

    def leaf(node: Term | OneSubscription) -> Any:
        if isinstance(node, OneSubscription):  # the node itself refuses that
            raise TypeError(f"a subscription inside a subscription: {node}")
        field = FIELDS[node.field]
        test = _is_in_state if field.kind is Kind.STATE else passes
        return _tested(node, partial(test, field=field, rows=subscriptions))

    return _combined(node, subscriptions, leaf)


def _combined(
    node: Filter, rows: Rows, leaf: Callable[[Term | OneSubscription], Any]
) -> Any:
    match node:
        case And(parts=()):
            return rows.everything()
        case And(parts=parts):
            return reduce(and_, (_combined(part, rows, leaf) for part in parts))
        case Or(parts=parts):
            return reduce(or_, (_combined(part, rows, leaf) for part in parts))
        case Not(part=part):
            return not_(_combined(part, rows, leaf))
        case Term() | OneSubscription():
            return leaf(node)
        case _:
            assert_never(node)


def _tested(term: Term, test: Callable[[Term], Any]) -> Any:
    """Rows that pass; what is missing is what is not known."""
    if term.operator is Operator.MISSING:
        return not_(test(attrs.evolve(term, operator=Operator.KNOWN)))
    return test(term)


# --- states ------------------------------------------------------------------------


def _is_active(s: View, _: DayBounds) -> Any:
    return s.active


def _has_ended(s: View, _: DayBounds) -> Any:
    return s.ended


STATES: Final[Mapping[str, Rule]] = {
    "active": _is_active,
    "expiring_soon": rules.expiring_soon,
    "ready_for_order_setup": rules.ready_for_order_setup,
    "suspended": rules.suspended,
    "expired": _has_ended,
}
"""State of a subscription or trial -> its rule."""
LINE_STATES: Final[Mapping[str, Rule]] = {"license_overage": rules.over_limit}
"""The same where one of its license lines decides."""


def _codes(term: Term, field: Field) -> tuple[str, ...]:
    """The states asked for; every one where any will do."""
    if term.operator is Operator.KNOWN:
        return field.choices
    return tuple(map(str, term.values))


def _has_status(term: Term, field: Field, rows: CustomerRows) -> Any:
    wanted = sum(_STATUS_OF[code] for code in _codes(term, field))
    return (rows.statuses() & wanted) != 0


def _is_in_state(term: Term, field: Field, rows: SubscriptionRows) -> Any:
    s = rows.view

    def in_state(code: str) -> Any:
        match field.name:
            case "type":
                return s.is_trial if code == "trial" else not_(s.is_trial)
            case "trial_status":
                return s.is_trial & state(code)
            case _:
                return not_(s.is_trial) & state(code)

    def state(code: str) -> Any:
        if code in LINE_STATES:
            return rows.any_line(LINE_STATES[code])
        return STATES[code](s, rows.d)

    return reduce(or_, map(in_state, _codes(term, field)))
