"""Everything the rules need to know of all customers on one day, as columns.

Subscriptions are sorted by customer, lines by subscription, so that what is said of
a customer is one pass over neighbouring rows. Columns carry the attribute names of
their domain class, and rules apply to them unchanged.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

import attrs
import numpy as np
import pendulum

from partnerhub.columns.arrow_sets import ArrowColumns, labelled
from partnerhub.columns.owned import OwnedRows, Pairs, Places
from partnerhub.columns.text import TextColumn
from partnerhub.columns.unknown import Array, Bools, Codes, Days, Ints, RuleColumns
from partnerhub.domain.products import Product, product_of

Flags = Array
"""int8: 1, 0, or -1 where not known."""

PRODUCTS: tuple[Product, ...] = tuple(Product)
"""Place of a product in this tuple is its code in columns."""


@attrs.frozen(kw_only=True, eq=False)
class CustomerColumns(RuleColumns, ArrowColumns):
    """Customers, by code point order of their id.

    Attributes:
        id: Uuid, object `(n,)`.
        name: Display name, object `(n,)`; blank when not known.
        region: Region; -1 where nobody has told.
        industry: Business vertical.
        external_id: The wholesale id.
        managed_by: "partner" or "external".
        last_admin_sign_in: datetime64[D]; 1900-01-01 where never.
        has_admins: int8.
    """

    id: Array
    name: Array
    region: TextColumn
    industry: TextColumn
    external_id: TextColumn
    managed_by: TextColumn
    last_admin_sign_in: Days
    has_admins: Flags

    def __len__(self) -> int:
        return len(self.id)


@attrs.frozen(kw_only=True, eq=False)
class SubscriptionColumns(RuleColumns, ArrowColumns):
    """Subscriptions and trials, sorted by customer.

    Attributes:
        customer: Row of its customer, int32 `(n,)`.
        id: What tells it apart within its customer, object `(n,)`.
        day: The newest day on which it was seen, at or before the day asked for.
        first_seen: The first day on which it was ever seen.
        gone: A newer full picture of its customer leaves it out, bool `(n,)`.
        has_calling: It has a Webex Calling license, bool `(n,)`.
        added_on: When it was added; NaT when not known (design 5.18).

    The other columns are those of `partnerhub.domain.subscriptions.Subscription`.
    """

    customer: Codes
    id: Array
    day: Days
    first_seen: Days
    gone: Bools
    has_calling: Bools
    added_on: Days
    source_status: TextColumn
    type: TextColumn
    is_trial: Flags
    source_expired: Flags
    starts_on: Days
    ends_on: Days
    auto_renews: Flags
    paid: Flags
    provisioned: Flags
    commitment_term: TextColumn
    invoice: TextColumn
    orders: TextColumn
    users_total: Ints
    users_verified: Ints

    def __len__(self) -> int:
        return len(self.customer)


@attrs.frozen(kw_only=True, eq=False)
class LineColumns(RuleColumns, ArrowColumns):
    """License lines, sorted by subscription.

    Attributes:
        subscription: Row of its subscription, int32 `(n,)`.
        license: The license's name.
        product: Place of its product in `PRODUCTS`, uint8 `(n,)`.
        gone: Its subscription is gone, bool `(n,)`.
        existed: Any of its numbers was above 0 at or before the day, bool `(n,)`.

    The counts are those of `partnerhub.domain.subscriptions.LicenseLine`; -1 where
    not known.
    """

    subscription: Codes
    license: TextColumn
    product: Array
    gone: Bools
    existed: Bools
    total: Ints
    assigned: Ints
    used_7d: Ints
    used_3m: Ints
    used_ever: Ints

    def __len__(self) -> int:
        return len(self.subscription)

    def arrow_columns(self) -> Iterator[tuple[str, Array | TextColumn]]:
        """Its columns, the product by name."""
        for name, values in super().arrow_columns():
            is_code = name == "product"
            yield name, labelled(self.product, PRODUCTS) if is_code else values


@attrs.frozen(kw_only=True, eq=False)
class Portfolio:
    """All customers of a scope, with what they hold, as known on a day.

    What is said here of how rows lie is worked out once, when it is first read.

    Attributes:
        at: The day.
        customers: Who they are.
        subscriptions: What they hold.
        lines: The licenses of it.
    """

    at: pendulum.Date
    customers: CustomerColumns
    subscriptions: SubscriptionColumns
    lines: LineColumns

    @cached_property
    def line_customer(self) -> Codes:
        """Row of the customer of each line, int32 `(lines,)`."""
        found: Codes = self.subscriptions.customer.take(self.line_holder, mode="clip")
        return found

    @cached_property
    def line_holder(self) -> Places:
        """Row of the subscription of each line, `(lines,)`."""
        return self.lines.subscription.astype(np.intp)

    @cached_property
    def owned_subscriptions(self) -> OwnedRows:
        """The subscriptions of each customer."""
        return OwnedRows.of(self.subscriptions.customer, len(self.customers))

    @cached_property
    def owned_lines(self) -> OwnedRows:
        """The lines of each customer."""
        return OwnedRows.of(self.line_customer, len(self.customers))

    @cached_property
    def lines_of_subscriptions(self) -> OwnedRows:
        """The lines of each subscription."""
        return OwnedRows.of(self.lines.subscription, len(self.subscriptions))

    @cached_property
    def licenses(self) -> Pairs:
        """Total and assigned of each line, to be summed for customers."""
        return Pairs.of(self.lines.total, self.lines.assigned, self.owned_lines)


def product_codes(licenses: TextColumn) -> Array:
    """The product of each license, as its place in `PRODUCTS`, uint8 `(n,)`."""
    place = {product: code for code, product in enumerate(PRODUCTS)}
    of_label = np.array(
        [place[product_of(name)] for name in licenses.labels], dtype=np.uint8
    )
    if not len(of_label):
        return np.full(len(licenses), place[Product.OTHER], np.uint8)
    return of_label[licenses.codes]
