"""Who the customers are, and the tags on them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Protocol

import pendulum

from partnerhub.domain.filters import Filter
from partnerhub.domain.policies import StatusPolicy
from partnerhub.ports.values import (
    EVERYTHING,
    OrganizationFacts,
    OrganizationsPut,
    Profile,
    Scope,
    Tagged,
)


class CustomerSource(Protocol):
    """Reads who the customers are."""

    def regions(self) -> tuple[str | None, ...]:
        """Regions in which any customer lies, None for not told.

        In the order of `partnerhub.domain.regions.in_order`.
        """
        ...

    def first_day(self) -> pendulum.Date | None:
        """The earliest day of which anything is known; None of an empty store."""
        ...

    def count(self, at: dt.date, scope: Scope = EVERYTHING) -> int:
        """How many customers were known on a day."""
        ...

    def candidates(
        self, node: Filter, at: dt.date, *, policy: StatusPolicy
    ) -> tuple[str, ...] | None:
        """Uuids among which are all customers of which a filter holds on a day.

        There may be others among them. None where the store cannot narrow them down.
        """
        ...

    def profile(self, organization: str) -> Profile | None:
        """One organization; None where nothing is known of that uuid."""
        ...

    def find_by_email(self, address: str | None) -> tuple[str, ...]:
        """Uuids of the customers with a user of that address, in any case.

        None finds those with any address at all.
        """
        ...


class CustomerWriter(Protocol):
    """Writes who the customers are, inside a transaction."""

    def put_organizations(self, facts: Iterable[OrganizationFacts]) -> OrganizationsPut:
        """Creates and updates organizations; conflicting regions are left as known."""
        ...

    def set_region(self, organization: str, region: str) -> int:
        """Says where a customer's data are kept, over what files have told.

        Returns:
            The profile's version after it.

        Raises:
            NotFound: There is no such customer.
            InvalidValue: Its data are kept in the store of another region.
        """
        ...


class TagSource(Protocol):
    """Reads tags."""

    def tags(self) -> Mapping[str, tuple[str, ...]]:
        """The tags of every customer that has any, by uuid."""
        ...

    def subscription_tags(self) -> Mapping[tuple[str, str], tuple[str, ...]]:
        """The tags of every subscription that has any.

        By uuid of its customer and what tells it apart within that.
        """
        ...

    def tagged(self, organizations: Iterable[str]) -> Mapping[str, Tagged]:
        """The own tags of these customers, and the versions to edit them by.

        Uuids that nothing is known of are left out.
        """
        ...


class TagWriter(Protocol):
    """Writes tags, inside a transaction."""

    def tagged(self, organizations: Iterable[str]) -> Mapping[str, Tagged]:
        """The own tags of these customers; nobody else edits them until it ends.

        Uuids that nothing is known of are left out.
        """
        ...

    def set_tags(
        self,
        organization: str,
        tags: tuple[str, ...],
        *,
        day: dt.date,
        subscription: str | None = None,
        version: int | None = None,
    ) -> int:
        """Replaces the tags of a customer, or of one of its subscriptions.

        Args:
            organization: Uuid.
            tags: All of them, in their order.
            day: The day of the edit; files of earlier days do not undo it.
            subscription: What tells the subscription apart within its customer.
            version: The version of the profile that the edit was made on; None
                overwrites whatever is there.

        Returns:
            The profile's version after the edit.

        Raises:
            NotFound: There is no such customer or subscription.
            ConflictError: The profile is of another version by now.
        """
        ...

    def edit_tags(self, edits: Iterable[Tagged], *, day: dt.date) -> tuple[str, ...]:
        """Replaces the own tags of many customers; those changed since are left.

        Args:
            edits: The tags each shall have, and the version that the edit was made on.
            day: The day of the edit; files of earlier days do not undo it.

        Returns:
            Uuids of those that are of another version by now, or not there.
        """
        ...
