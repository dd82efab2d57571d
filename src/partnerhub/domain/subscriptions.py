"""Subscriptions and trials, as they were known on a day."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum
from typing import Any

import attrs
import pendulum

from partnerhub.domain.days import as_day
from partnerhub.domain.errors import InvalidValue
from partnerhub.domain.organizations import (
    Organization,
    clean_text,
    clean_texts,
    optional_clean_text,
)
from partnerhub.domain.products import Product, product_of
from partnerhub.domain.rules import LARGEST
from partnerhub.domain.source_text import SourceStatus, told_by


class CommitmentTerm(StrEnum):
    """How long the customer is bound. Never guessed: unknown stays None."""

    MONTHLY = "monthly"
    ANNUAL = "annual"


def _optional_day(value: dt.date | str | None) -> pendulum.Date | None:
    return None if value is None else as_day(value)


def _count(_: object, attribute: attrs.Attribute[int], value: int | None) -> None:
    if value is None:
        return
    if value < 0:
        raise InvalidValue(attribute.name, value, "a count is 0 or more")
    if value >= LARGEST:
        # Rules read an unknown total as the largest number, so none may reach it.
        raise InvalidValue(attribute.name, value, f"a count is below {LARGEST}")


def _total(value: int | None) -> int | None:
    """A negative total is how some sources write "not known" (design 5.12)."""
    return None if value is not None and value < 0 else value


def existed(*counts: Any) -> Any:
    """Whether any number of a license line is above 0 (design 5.12).

    Args:
        counts: Numbers, None where not known, or columns of them, below 0 where not
            known.

    Examples:
        >>> existed(0, None, 3), existed(0, None)
        (True, False)
    """
    found: Any = False
    for count in counts:
        if count is not None:
            # `|`, as it holds for a column too.
            found = found | (count > 0)
    return found


def _existed_by_its_numbers(line: LicenseLine) -> bool:
    counts = (line.total, line.assigned, line.used_7d, line.used_3m, line.used_ever)
    return bool(existed(*counts))


@attrs.frozen(kw_only=True)
class LicenseLine:
    """The licenses of one type on one subscription.

    Attributes:
        license: The license's name as the service prints it.
        total: Licenses bought; None when not known.
        assigned: Licenses assigned to users.
        used_7d: Licenses used in the last seven days.
        used_3m: Licenses used in the last three months.
        used_ever: Licenses used at least once.
        existed: Any of its numbers was ever above 0; a line that never was is none
            (design 5.12). Told from the numbers where it is left out.
    """

    license: str = attrs.field(converter=clean_text)
    total: int | None = attrs.field(default=None, converter=_total, validator=_count)
    assigned: int | None = attrs.field(default=None, validator=_count)
    used_7d: int | None = attrs.field(default=None, validator=_count)
    used_3m: int | None = attrs.field(default=None, validator=_count)
    used_ever: int | None = attrs.field(default=None, validator=_count)
    existed: bool = attrs.field(
        default=attrs.Factory(_existed_by_its_numbers, takes_self=True)
    )

    @property
    def product(self) -> Product:
        """The product family, read off the license's name."""
        return product_of(self.license)

    @property
    def available(self) -> int | None:
        """Licenses bought and not assigned; None when either is not known."""
        if self.total is None or self.assigned is None:
            return None
        return max(0, self.total - self.assigned)


def _said_of(held: Subscription) -> SourceStatus:
    return told_by(held.id, held.type, held.source_status)


def _is_trial(held: Subscription) -> bool:
    return bool(_said_of(held).is_trial)


def _is_paid(held: Subscription) -> bool | None:
    return _said_of(held).paid


@attrs.frozen(kw_only=True)
class Subscription:
    """One subscription or trial, as it was known on a day.

    Attributes:
        id: Subscription id; "Enterprise Trial" for a trial without one.
        customer: The organization that holds it.
        day: The day this was seen; None for one that was not read from anywhere.
        source_status: Status text of the source; blank when it gave none.
        type: Subscription type as the source prints it.
        is_trial: Whether it is a trial.
        starts_on: First day; None when not known.
        ends_on: Last day, or the day it renews; None when not known.
        auto_renews: Whether it renews by itself; None when not known.
        paid: Whether it has been paid; None when not known.
        provisioned: Whether it is completely set up; None when not known.
        commitment_term: Monthly or annual; None when not known.
        invoice: Invoice number.
        orders: Order numbers.
        users_total: Users in the organization.
        users_verified: Users with the status verified.
        lines: Its licenses, one a type.
        added_on: The day it was added to the customer; None when not known.
        gone: It is missing from a newer full picture of its customer.
    """

    id: str = attrs.field(converter=clean_text)
    customer: Organization
    day: pendulum.Date | None = attrs.field(default=None, converter=_optional_day)
    source_status: str = attrs.field(default="", converter=clean_text)
    type: str = attrs.field(default="", converter=clean_text)
    is_trial: bool = attrs.field(default=attrs.Factory(_is_trial, takes_self=True))
    starts_on: pendulum.Date | None = attrs.field(default=None, converter=_optional_day)
    ends_on: pendulum.Date | None = attrs.field(default=None, converter=_optional_day)
    auto_renews: bool | None = None
    paid: bool | None = attrs.field(default=attrs.Factory(_is_paid, takes_self=True))
    provisioned: bool | None = None
    commitment_term: CommitmentTerm | None = None
    invoice: str | None = attrs.field(default=None, converter=optional_clean_text)
    orders: tuple[str, ...] = attrs.field(default=(), converter=clean_texts)
    users_total: int | None = attrs.field(default=None, validator=_count)
    users_verified: int | None = attrs.field(default=None, validator=_count)
    lines: tuple[LicenseLine, ...] = ()
    added_on: pendulum.Date | None = attrs.field(default=None, converter=_optional_day)
    gone: bool = False

    @property
    def source_expired(self) -> bool:
        """Whether the source itself says that it is over."""
        return bool(_said_of(self).expired)

    @property
    def products(self) -> frozenset[Product]:
        """The product families of the licenses it has or had."""
        return frozenset(line.product for line in self.lines if line.existed)

    @property
    def has_calling(self) -> bool:
        """Whether it has or had a Webex Calling license."""
        return Product.CALLING in self.products
