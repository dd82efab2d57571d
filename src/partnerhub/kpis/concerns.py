"""The concerns of all customers as columns: one row a concern, most pressing first."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import attrs
import numpy as np

from partnerhub.columns import unknown
from partnerhub.columns.portfolio import Portfolio
from partnerhub.columns.status import status_flags
from partnerhub.columns.unknown import Array, Bools, Days, Ints
from partnerhub.columns.views import day_bounds, line_view, subscription_view
from partnerhub.domain import rules
from partnerhub.domain.attention import (
    SUBSCRIPTION_CONCERNS,
    AttentionPolicy,
    Concern,
)
from partnerhub.domain.policies import KpiPolicy, StatusPolicy
from partnerhub.domain.rules import DayBounds, View
from partnerhub.domain.status import CustomerStatus
from partnerhub.kpis.exclusions import Exclusions, licenses_left, named_customers
from partnerhub.kpis.peers import Assignment

NOTHING_THERE: Final = -1
"""No subscription, no line, no number of licenses."""

NO_DAY: Final = int(np.iinfo(np.int64).max)
"""Days left where nothing is due; it sorts last."""


@attrs.frozen(kw_only=True, eq=False)
class ConcernRows:
    """Concerns, each of one customer; those of a customer stand together.

    Attributes:
        customer: Row of the customer, `(n,)`.
        place: Place of the concern in the policy's order, `(n,)`.
        subscription: Row of the subscription it lies in, or -1, `(n,)`.
        line: Row of the license line it lies in, or -1, `(n,)`.
        days: Days left until something happens, or `NO_DAY`, `(n,)`.
        amount: Licenses that are over or could be dropped, days that an order waits,
            or -1, `(n,)`.
    """

    customer: Ints
    place: Ints
    subscription: Ints
    line: Ints
    days: Ints
    amount: Ints

    def __len__(self) -> int:
        return len(self.customer)

    def take(self, rows: Array) -> ConcernRows:
        """The chosen rows, in the order given."""
        columns = {name: getattr(self, name)[rows] for name in _NAMES}
        return ConcernRows(**columns)


_NAMES: Final = tuple(field.name for field in attrs.fields(ConcernRows))


@attrs.frozen(kw_only=True, eq=False)
class Finder:
    """What concerns are looked for in.

    Attributes:
        portfolio: All customers, as known on the day.
        policy: What counts, and in which order.
        status_policy: Day counts of the statuses.
        kpi_policy: Day counts of endings and renewals.
        exclude: Licenses and customers that do not count.
        peers: Who assigns few licenses; None where that is not looked for.
    """

    portfolio: Portfolio
    policy: AttentionPolicy
    status_policy: StatusPolicy
    kpi_policy: KpiPolicy
    exclude: Exclusions
    peers: Assignment | None

    def rows(self) -> ConcernRows:
        """All concerns, the most pressing customer first."""
        parts = [
            part
            for concern, part in self._parts()
            if concern in self.policy.order and len(part)
        ]
        found = ConcernRows(
            **{
                name: np.concatenate([getattr(part, name) for part in parts])
                if parts
                else np.zeros(0, np.int64)
                for name in _NAMES
            }
        )
        out = named_customers(self.portfolio.customers.id, self.exclude.customers)
        return self._ranked(found.take(np.flatnonzero(~out[found.customer])))

    def _parts(self) -> Iterator[tuple[Concern, ConcernRows]]:
        portfolio = self.portfolio
        held, d = portfolio.subscriptions, self._bounds()
        view = subscription_view(held, d)
        counted = licenses_left(portfolio.lines.license, self.exclude.licenses)
        left = self._subscriptions_left(counted)
        for concern, rule in SUBSCRIPTION_CONCERNS.items():
            rows = np.flatnonzero(rule(view, d) & left)
            later = self._deletes_later if concern is Concern.TRIAL_DELETION else 0
            yield concern, self._of_subscriptions(concern, rows, later=later)
        yield from self._orders(view, d, left)
        yield from self._lines(view, d, counted)
        yield from self._customers(view, d, left)

    def _bounds(self) -> DayBounds:
        return day_bounds(
            self.portfolio.at, policy=self.status_policy, kpi_policy=self.kpi_policy
        )

    @property
    def _deletes_later(self) -> int:
        """Days from the end of a trial to the day on which it is deleted."""
        return self.status_policy.trial_suspended_for + 1

    def _subscriptions_left(self, counted: Bools) -> Bools:
        """Subscriptions of which not every license is excluded."""
        lines = self.portfolio.lines
        size = len(self.portfolio.subscriptions)
        of_any = np.bincount(lines.subscription, minlength=size) > 0
        of_counted = np.bincount(lines.subscription[counted], minlength=size) > 0
        left: Bools = of_counted | ~of_any
        return left

    def _orders(
        self, view: View, d: DayBounds, left: Bools
    ) -> Iterator[tuple[Concern, ConcernRows]]:
        """Orders that wait too long, counted from the first day known of them."""
        held = self.portfolio.subscriptions
        days = [held.added_on, held.starts_on, held.first_seen]
        age = np.max([self._age(day) for day in days], axis=0)
        late = rules.ready_for_order_setup(view, d) & left
        late &= age > self.policy.unfinished_after
        rows = np.flatnonzero(late)
        found = self._of_subscriptions(Concern.UNFINISHED_ORDER, rows, due=False)
        yield Concern.UNFINISHED_ORDER, attrs.evolve(found, amount=age[rows])

    def _lines(
        self, view: View, d: DayBounds, counted: Bools
    ) -> Iterator[tuple[Concern, ConcernRows]]:
        lines = self.portfolio.lines
        over = rules.over_limit(line_view(lines, view), d) & counted
        rows = np.flatnonzero(over)
        yield (
            Concern.OVERAGE,
            self._of_lines(
                Concern.OVERAGE, rows, lines.assigned[rows] - lines.total[rows]
            ),
        )
        renewing = rules.nearing_renewal(view, d)
        known = ~unknown.is_unknown(lines.total) & ~unknown.is_unknown(lines.assigned)
        droppable = renewing[lines.subscription] & counted & known & ~lines.gone
        rows = np.flatnonzero(droppable & (lines.assigned < lines.total))
        found = self._of_lines(
            Concern.UNASSIGNED, rows, lines.total[rows] - lines.assigned[rows]
        )
        due = self._days(lines.subscription[rows])
        yield Concern.UNASSIGNED, attrs.evolve(found, days=due)

    def _customers(
        self, view: View, d: DayBounds, left: Bools
    ) -> Iterator[tuple[Concern, ConcernRows]]:
        portfolio, held = self.portfolio, self.portfolio.subscriptions
        flags = status_flags(portfolio, policy=self.status_policy)
        expired = (flags & CustomerStatus.EXPIRED.value) != 0
        ended_ago = -self._days(np.arange(len(held)))
        lately = (ended_ago > 0) & (ended_ago <= self.policy.expired_within)
        just_ended = expired[held.customer] & lately & left
        just_ended &= ~SUBSCRIPTION_CONCERNS[Concern.TRIAL_DELETION](view, d)
        yield (
            Concern.EXPIRED,
            self._of_subscriptions(Concern.EXPIRED, np.flatnonzero(just_ended)),
        )
        inactive = (flags & CustomerStatus.NO_RECENT_ACTIVITY.value) != 0
        yield Concern.INACTIVE, self._of_customers(Concern.INACTIVE, inactive)
        if self.peers is not None:
            low = self.peers.low
            yield (
                Concern.LOW_ASSIGNMENT,
                self._of_customers(Concern.LOW_ASSIGNMENT, low),
            )

    def _days(self, subscriptions: Array) -> Ints:
        """Days to the end of each, negative when past; `NO_DAY` where not known."""
        ends = self.portfolio.subscriptions.ends_on[subscriptions]
        left = (ends - np.datetime64(self.portfolio.at)).astype(np.int64)
        return np.where(np.isnat(ends), NO_DAY, left)

    def _age(self, days: Days) -> Ints:
        """Days since each; -1 where not known."""
        ago = (np.datetime64(self.portfolio.at) - days).astype(np.int64)
        return np.where(np.isnat(days), -1, ago)

    def _of_subscriptions(
        self, concern: Concern, rows: Array, *, later: int = 0, due: bool = True
    ) -> ConcernRows:
        days = self._days(rows) if due else np.full(len(rows), NO_DAY)
        known = days != NO_DAY
        return self._made(
            concern,
            self.portfolio.subscriptions.customer[rows],
            subscription=rows,
            days=np.where(known, days + later * known, NO_DAY),
        )

    def _of_lines(self, concern: Concern, rows: Array, amount: Ints) -> ConcernRows:
        subscription = self.portfolio.lines.subscription[rows]
        return self._made(
            concern,
            self.portfolio.subscriptions.customer[subscription],
            subscription=subscription,
            line=rows,
            amount=amount,
        )

    def _of_customers(self, concern: Concern, which: Bools) -> ConcernRows:
        return self._made(concern, np.flatnonzero(which))

    def _made(
        self,
        concern: Concern,
        customer: Array,
        *,
        subscription: Array | None = None,
        line: Array | None = None,
        days: Array | None = None,
        amount: Array | None = None,
    ) -> ConcernRows:
        size, order = len(customer), self.policy.order
        nothing = np.full(size, NOTHING_THERE)
        return ConcernRows(
            customer=customer.astype(np.int64),
            place=np.full(size, order.index(concern) if concern in order else 0),
            subscription=nothing if subscription is None else subscription,
            line=nothing if line is None else line,
            days=np.full(size, NO_DAY) if days is None else days,
            amount=nothing if amount is None else amount,
        )

    def _ranked(self, found: ConcernRows) -> ConcernRows:
        """The rows with the most pressing customer first, and its first concern."""
        if not len(found):
            return found
        by_concern = found.take(
            np.lexsort((found.line, found.subscription, found.days, found.place))
        )
        # The first row of each customer is its most pressing concern.
        who, first, row = np.unique(
            by_concern.customer, return_index=True, return_inverse=True
        )
        name = self.portfolio.customers.name[who].astype(str)
        best = by_concern.take(first)
        rank = np.empty(len(who), np.int64)
        rank[np.lexsort((who, name, best.days, best.place))] = np.arange(len(who))
        return by_concern.take(np.argsort(rank[row], kind="stable"))
