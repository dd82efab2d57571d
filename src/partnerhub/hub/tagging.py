"""What tagging customers gives back."""

from __future__ import annotations

import attrs

from partnerhub.domain.tags import MOST


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
class BulkTagging:
    """What became of tagging many customers.

    Attributes:
        changed: Uuids of the customers whose tags are others now.
        unchanged: Uuids of those that had them already.
        at_limit: Uuids of those that would have more tags than fit; left as they are.
        conflicted: Uuids of those whose tags are not those that were looked at before
            replacing them; left as they are.
        unknown: Ids of which there is no customer, or none that whoever asks sees.
    """

    changed: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    at_limit: tuple[str, ...] = ()
    conflicted: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()

    @property
    def refused(self) -> dict[str, str]:
        """Id of each customer that was left as it is -> why."""
        return {
            customer: why
            for why, customers in (
                (f"it would have more than {MOST} tags", self.at_limit),
                ("somebody else has changed its tags", self.conflicted),
                ("there is no such customer", self.unknown),
            )
            for customer in customers
        }

    @property
    def customers(self) -> int:
        """How many they are in all."""
        return sum(map(len, attrs.astuple(self, recurse=False)))

    def joined(self, other: BulkTagging, /) -> BulkTagging:
        """What became of these and of others."""
        fields = [field.name for field in attrs.fields(BulkTagging)]
        return BulkTagging(
            **{name: getattr(self, name) + getattr(other, name) for name in fields}
        )
