"""What tagging customers gives back."""

from __future__ import annotations

import attrs


@attrs.frozen(kw_only=True)
class Tag:
    """One tag, and how often it is used.

    Attributes:
        name: The tag.
        customers: Customers that have it.
        subscriptions: Subscriptions that have it.
    """

    name: str
    customers: int
    subscriptions: int


@attrs.frozen(kw_only=True)
class Tagged:
    """The tags of one customer, or of one of its subscriptions.

    Attributes:
        customer: Uuid of the customer.
        subscription: What tells the subscription apart; None for the customer's own.
        tags: The tags.
        version: The version to edit them by; None in lists, which do not look it up.
    """

    customer: str
    subscription: str | None = None
    tags: tuple[str, ...]
    version: int | None = None


@attrs.frozen(kw_only=True)
class BulkTagging:
    """What became of tagging many customers.

    Attributes:
        changed: Uuids of the customers whose tags are others now.
        unchanged: Uuids of those that had them already.
        refused: Uuid of a customer that was left as it is -> why.
    """

    changed: tuple[str, ...]
    unchanged: tuple[str, ...]
    refused: dict[str, str]


@attrs.define
class Outcome:
    """A `BulkTagging` in the making."""

    changed: list[str] = attrs.Factory(list)
    unchanged: list[str] = attrs.Factory(list)
    refused: dict[str, str] = attrs.Factory(dict)

    def take(self, other: Outcome) -> None:
        """Adds what became of others."""
        self.changed += other.changed
        self.unchanged += other.unchanged
        self.refused |= other.refused

    def done(self) -> BulkTagging:
        """What became of all of them."""
        return BulkTagging(
            changed=tuple(self.changed),
            unchanged=tuple(self.unchanged),
            refused=self.refused,
        )
