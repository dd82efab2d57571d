"""Whether a filter holds of one customer."""

from __future__ import annotations

import datetime as dt
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable
from functools import cached_property
from typing import Any

import pendulum

from partnerhub.domain import rules
from partnerhub.domain.customers import Customer
from partnerhub.domain.days import as_day
from partnerhub.domain.filters.meaning import holds
from partnerhub.domain.filters.nodes import Filter
from partnerhub.domain.filters.rows import TextTest
from partnerhub.domain.filters.values import address_key
from partnerhub.domain.policies import DEFAULT_STATUS_POLICY, StatusPolicy
from partnerhub.domain.rules import DayBounds, View
from partnerhub.domain.source_text import printed_id
from partnerhub.domain.status import statuses
from partnerhub.domain.subscriptions import LicenseLine, Subscription


def matches(
    node: Filter,
    customer: Customer,
    /,
    *,
    at: dt.date,
    admins: Iterable[str] = (),
    policy: StatusPolicy = DEFAULT_STATUS_POLICY,
) -> bool:
    """Whether the filter holds of a customer on a day.

    Args:
        node: The filter.
        customer: The customer as known on that day.
        at: The day; a date-time becomes its UTC date.
        admins: E-mail addresses of the partner administrators assigned to it.
        policy: The day counts of the statuses.

    Examples:
        >>> from partnerhub.domain.filters.building import where
        >>> from partnerhub.domain.organizations import Organization
        >>> acme = Organization(id="c8b0e0d2-0000-4000-8000-000000000001", name="Acmé")
        >>> customer = Customer(organization=acme, tags=("VIP",))
        >>> vip = where("tag").eq("vip") & where("name").eq("acme")
        >>> matches(vip, customer, at=pendulum.date(2026, 11, 22))
        True
    """
    return bool(holds(node, _CustomerRow(customer, tuple(admins), as_day(at), policy)))


class _OneRow(ABC):
    """What one customer and one subscription have in common."""

    def __init__(self, at: pendulum.Date, d: DayBounds) -> None:
        self.at = at
        self.d = d

    def native(self, day: dt.date, /) -> dt.date:
        return day

    def everything(self) -> bool:
        return True

    def text(self, field: str, test: TextTest, /) -> bool:
        return any(map(test, self._texts(field)))

    def count(self, field: str, /) -> int:
        counts = (_counted(line, field) for line in self._active_lines())
        known = [count for count in counts if count is not None]
        return sum(known) if known else -1

    def share(self, field: str, /) -> tuple[int, int]:
        part, whole = 0, 0
        for line in self._active_lines():
            count = _counted(line, field)
            if count is not None and line.total is not None:
                part, whole = part + count, whole + line.total
        return part, whole

    @abstractmethod
    def _texts(self, field: str) -> Iterable[str]:
        """The texts that it has of a field."""

    @abstractmethod
    def _active_lines(self) -> Iterable[LicenseLine]:
        """Its license lines that are active."""


class _SubscriptionRow(_OneRow):
    """One subscription, as the rows of `partnerhub.domain.filters.meaning`."""

    def __init__(self, held: Subscription, at: pendulum.Date, d: DayBounds) -> None:
        super().__init__(at, d)
        self._held = held

    @cached_property
    def view(self) -> View:
        return rules.with_state(rules.object_view(self._held), self.d)

    def any_line(self, rule: rules.Rule, /) -> bool:
        return any(rule(self._line_view(line), self.d) for line in self._held.lines)

    def _line_view(self, line: LicenseLine) -> View:
        view = rules.object_view(line)
        view.active = self.view.active
        return view

    def _texts(self, field: str) -> Iterable[str]:
        match field:
            case "product":
                return (product.value for product in self._held.products)
            case "term":
                return _known(self._held.commitment_term)
            case _:  # "subscription" and "text"
                return (printed_id(self._held.id),)

    def _active_lines(self) -> Iterable[LicenseLine]:
        return self._held.lines if self.view.active else ()


class _CustomerRow(_OneRow):
    """One customer, as the rows of `partnerhub.domain.filters.meaning`."""

    def __init__(
        self,
        customer: Customer,
        admins: tuple[str, ...],
        at: pendulum.Date,
        policy: StatusPolicy,
    ) -> None:
        super().__init__(at, rules.day_bounds(at, policy=policy))
        self._customer = customer
        self._admins = admins
        self._policy = policy

    @cached_property
    def view(self) -> View:
        return rules.object_view(self._customer)

    @cached_property
    def _subscriptions(self) -> tuple[_SubscriptionRow, ...]:
        held = self._customer.subscriptions
        return tuple(_SubscriptionRow(each, self.at, self.d) for each in held)

    def statuses(self) -> int:
        found = statuses(self._customer, at=self.at, policy=self._policy)
        return found.flags.value

    def any_subscription(self, test: Callable[[_SubscriptionRow], Any], /) -> bool:
        return any(map(test, self._subscriptions))

    def _texts(self, field: str) -> Iterable[str]:
        customer, organization = self._customer, self._customer.organization
        match field:
            case "text":
                held = customer.subscriptions
                return (
                    customer.name,
                    customer.id,
                    *(printed_id(each.id) for each in held),
                )
            case "name":
                return (customer.name,)
            case "id":
                return (customer.id,)
            case "tag":
                return customer.tags
            case "email":
                return map(address_key, customer.user_emails)
            case "admin":
                return map(address_key, self._admins)
            case "managed_by":
                return _known(customer.managed_by)
            case "industry":
                return _known(organization.industry)
            case _:  # "region"
                return _known(organization.region)

    def _active_lines(self) -> Iterable[LicenseLine]:
        for each in self._subscriptions:
            yield from each._active_lines()  # noqa: SLF001 - a row like itself


def _known(text: str | None) -> tuple[str, ...]:
    return () if text is None else (text,)


def _counted(line: LicenseLine, field: str) -> int | None:
    match field:
        case "total":
            return line.total
        case "assigned":
            return line.assigned
        case _:  # "used"
            return line.used_ever if line.used_7d is None else line.used_7d
