"""The partner's tags, on customers and on their subscriptions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from itertools import islice
from typing import Final

from partnerhub.domain.capabilities import Capability
from partnerhub.domain.errors import ConflictError, InvalidValue, NotFound
from partnerhub.domain.ids import uuid_of
from partnerhub.domain.tags import added, assigned, has_any, removed
from partnerhub.hub.context import Context
from partnerhub.hub.customer_list import CustomerList
from partnerhub.hub.permissions import edits, reads
from partnerhub.hub.tagging import BulkTagging, Outcome, Tag, Tagged
from partnerhub.ports import Profile

_TRIES: Final = 5
_BATCH: Final = 500
"""Customers that are changed in one transaction."""

Customers = CustomerList | Iterable[str] | str
"""Some customers: a list that was found, their ids, or one id."""


class Tags:
    """The tags of a hub (specification, "Custom tags").

    A tag is 1 to 25 characters; a customer, and a subscription, has at most five.
    An edit that was made on tags which somebody else has changed since is refused or
    made anew, never lost.
    """

    def __init__(self, context: Context) -> None:
        self._context = context

    @reads(Capability.READ_TAGS)
    def list(self) -> tuple[Tag, ...]:
        """The tags in use, by name; one that nobody has is not there any more."""
        store, sees = self._context.store, self._context.sees_each()
        of_customers = Counter(
            tag for who, tags in store.tags().items() if sees(who) for tag in tags
        )
        of_held = Counter(
            tag
            for (who, _), tags in store.subscription_tags().items()
            if sees(who)
            for tag in tags
        )
        names = sorted({*of_customers, *of_held}, key=lambda tag: (tag.casefold(), tag))
        return tuple(
            Tag(name=name, customers=of_customers[name], subscriptions=of_held[name])
            for name in names
        )

    @reads(Capability.READ_TAGS)
    def of(self, customer: str, /, *, subscription: str | None = None) -> Tagged:
        """The tags of a customer, or of one of its subscriptions.

        Args:
            customer: Id of the customer.
            subscription: Id of the subscription.

        Raises:
            NotFound: There is no such customer.
        """
        found = self._profile(customer)
        tags = found.tags
        if subscription is not None:
            held = self._context.store.subscription_tags()
            tags = held.get((found.id, subscription), ())
        return Tagged(
            customer=found.id,
            subscription=subscription,
            tags=tags,
            version=found.version,
        )

    @reads(Capability.READ_TAGS)
    def find(self, *tags: str, subscriptions: bool = False) -> tuple[Tagged, ...]:
        """The customers with any of these tags, by uuid.

        Args:
            *tags: The tags, in any case.
            subscriptions: Look at the tags of subscriptions, not of customers.
        """
        store, sees = self._context.store, self._context.sees_each()
        told: Iterable[tuple[str, str | None, tuple[str, ...]]] = (
            (
                (who, held, texts)
                for (who, held), texts in store.subscription_tags().items()
            )
            if subscriptions
            else ((who, None, texts) for who, texts in store.tags().items())
        )
        return tuple(
            Tagged(customer=who, subscription=held, tags=texts)
            for who, held, texts in sorted(told, key=lambda each: each[:2])
            if sees(who) and has_any(texts, tags)
        )

    @edits(Capability.EDIT_TAGS)
    def assign(
        self,
        customer: str,
        tags: str | Iterable[str],
        /,
        *,
        subscription: str | None = None,
        version: int | None = None,
    ) -> Tagged:
        """Replaces all tags of a customer, or of one of its subscriptions.

        Args:
            customer: Id of the customer.
            tags: All it shall have; none clears them.
            subscription: Id of the subscription.
            version: The version that `of` gave with the tags that were looked at;
                None replaces whatever is there.

        Raises:
            InvalidValue: One of them is no tag, or there are more than five.
            NotFound: There is no such customer, or subscription.
            ConflictError: Somebody else has changed them since that version.
        """
        found, texts = self._profile(customer), assigned(tags)
        with self._context.store.writing() as writer:
            new = writer.set_tags(
                found.id,
                texts,
                day=self._context.clock(),
                subscription=subscription,
                version=version,
            )
        return Tagged(
            customer=found.id, subscription=subscription, tags=texts, version=new
        )

    @edits(Capability.EDIT_TAGS)
    def add(self, customers: Customers, tags: str | Iterable[str], /) -> BulkTagging:
        """Gives these tags to customers, next to those they have.

        Args:
            customers: What `find` of the customer list gave, ids, or one id.
            tags: The tags.

        Raises:
            InvalidValue: One of them is no tag, or there are more than five.
        """
        wanted = assigned(tags)
        return self._bulk(customers, lambda held: added(held, wanted))

    @edits(Capability.EDIT_TAGS)
    def remove(self, customers: Customers, tags: str | Iterable[str], /) -> BulkTagging:
        """Takes these tags from customers; the others stay.

        Args:
            customers: What `find` of the customer list gave, ids, or one id.
            tags: The tags.
        """
        gone = (tags,) if isinstance(tags, str) else tuple(tags)
        return self._bulk(customers, lambda held: removed(held, gone))

    @edits(Capability.EDIT_TAGS)
    def replace(
        self, customers: Customers, tags: str | Iterable[str], /
    ) -> BulkTagging:
        """Gives customers these tags in place of all they have.

        Args:
            customers: What `find` of the customer list gave, ids, or one id.
            tags: All they shall have; none clears them.

        Raises:
            InvalidValue: One of them is no tag, or there are more than five.
        """
        wanted = assigned(tags)
        return self._bulk(customers, lambda _: wanted)

    def _profile(
        self, customer: str, sees: Callable[[str], bool] | None = None
    ) -> Profile:
        uuid = uuid_of(customer)
        seen = (sees or self._context.sees)(uuid)
        found = self._context.store.profile(uuid) if seen else None
        if found is None:
            raise NotFound("customer", customer)
        return found

    def _bulk(
        self, customers: Customers, edit: Callable[[tuple[str, ...]], tuple[str, ...]]
    ) -> BulkTagging:
        """Edits the tags of many customers, a few hundred a transaction."""
        outcome = Outcome()
        ids = iter(dict.fromkeys(_ids(customers)))
        while batch := list(islice(ids, _BATCH)):
            self._edited(batch, edit, outcome)
        return outcome.done()

    def _edited(
        self,
        batch: Iterable[str],
        edit: Callable[[tuple[str, ...]], tuple[str, ...]],
        outcome: Outcome,
    ) -> None:
        """Edits what is there now; anew, if somebody else edits at the same time."""
        sees = self._context.sees_each()
        for last in range(_TRIES):
            tried = Outcome()
            edited = []
            for customer in batch:
                try:
                    found = self._profile(customer, sees)
                    tags = edit(found.tags)
                except (NotFound, InvalidValue) as error:
                    tried.refused[customer] = str(error)
                    continue
                if tags == found.tags:
                    tried.unchanged.append(found.id)
                else:
                    tried.changed.append(found.id)
                    edited.append((found, tags))
            try:
                self._write(edited)
            except ConflictError:
                if last == _TRIES - 1:
                    raise
            else:
                outcome.take(tried)
                return

    def _write(self, edited: Iterable[tuple[Profile, tuple[str, ...]]]) -> None:
        with self._context.store.writing() as writer:
            for found, tags in edited:
                writer.set_tags(
                    found.id, tags, day=self._context.clock(), version=found.version
                )


def _ids(customers: Customers) -> Iterable[str]:
    if isinstance(customers, CustomerList):
        return customers.ids
    return (customers,) if isinstance(customers, str) else customers
