"""The partner's tags, on customers and on their subscriptions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from itertools import islice
from types import MappingProxyType
from typing import Final

import attrs

from partnerhub.adapters.importing.noting import note
from partnerhub.domain.capabilities import Capability
from partnerhub.domain.errors import InvalidValue
from partnerhub.domain.tags import added, assigned, has_any, removed
from partnerhub.hub.context import Context
from partnerhub.hub.customers.listed import CustomerList
from partnerhub.hub.customers.querying import uuid_or_none
from partnerhub.hub.permissions import edits, reads
from partnerhub.hub.tagging import BulkTagging, Tag
from partnerhub.ports import Tagged

_NOTED: Final = "tags"
"""What the history of imports calls an edit of tags."""

_BATCH: Final = 5_000
"""Customers that are changed in one transaction."""

Customers = CustomerList | Iterable[str] | str
"""Some customers: a list that was found, their ids, or one id."""

Progress = Callable[[int, int], None]
"""Takes the number of customers done, and of all."""

Edit = Callable[[tuple[str, ...]], tuple[str, ...]]
Seen = Mapping[str, tuple[str, ...]]
"""Uuid -> the tags that were looked at."""

_NOT_LOOKED: Final[Seen] = MappingProxyType({})


class Tags:
    """The tags of a hub (specification, "Custom tags").

    A tag is 1 to 25 characters; a customer, and a subscription, has at most five.
    An edit that was made on tags which somebody else has changed since is refused, one
    that only adds or removes is made on what is there by then: none is ever lost.
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
        found = self._context.profile(customer)
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
        found, texts = self._context.profile(customer), assigned(tags)
        with self._context.store.writing() as writer:
            new = writer.set_tags(
                found.id,
                texts,
                day=self._context.clock(),
                subscription=subscription,
                version=version,
            )
            note(writer, file=_NOTED, rows=1, taken=1)
        return Tagged(
            customer=found.id, subscription=subscription, tags=texts, version=new
        )

    @edits(Capability.EDIT_TAGS)
    def add(
        self,
        customers: Customers,
        tags: str | Iterable[str],
        /,
        *,
        progress: Progress | None = None,
    ) -> BulkTagging:
        """Gives these tags to customers, next to those they have.

        A few thousand customers are changed in one transaction, in which nobody else
        changes them: no edit is lost, and none is refused for another.

        Args:
            customers: What `find` of the customer list gave, ids, or one id.
            tags: The tags.
            progress: Called with the customers done so far, and all there are.

        Raises:
            InvalidValue: One of them is no tag, or there are more than five.
        """
        wanted = assigned(tags)
        return self._bulk(customers, lambda held: added(held, wanted), progress)

    @edits(Capability.EDIT_TAGS)
    def remove(
        self,
        customers: Customers,
        tags: str | Iterable[str],
        /,
        *,
        progress: Progress | None = None,
    ) -> BulkTagging:
        """Takes these tags from customers; the others stay.

        Args:
            customers: What `find` of the customer list gave, ids, or one id.
            tags: The tags.
            progress: Called with the customers done so far, and all there are.
        """
        gone = (tags,) if isinstance(tags, str) else tuple(tags)
        return self._bulk(customers, lambda held: removed(held, gone), progress)

    @edits(Capability.EDIT_TAGS)
    def replace(
        self,
        customers: Customers,
        tags: str | Iterable[str],
        /,
        *,
        seen: Iterable[Tagged] = (),
        progress: Progress | None = None,
    ) -> BulkTagging:
        """Gives customers these tags in place of all they have.

        Args:
            customers: What `find` of the customer list gave, ids, or one id.
            tags: All they shall have; none clears them.
            seen: The tags that were looked at before this was decided, as `of` and
                `find` give them: a customer that has others by now is left as it is.
            progress: Called with the customers done so far, and all there are.

        Raises:
            InvalidValue: One of them is no tag, or there are more than five.
        """
        wanted = assigned(tags)
        looked_at = {each.customer: each.tags for each in seen}
        return self._bulk(customers, lambda _: wanted, progress, seen=looked_at)

    def _bulk(
        self,
        customers: Customers,
        edit: Edit,
        progress: Progress | None,
        *,
        seen: Seen = _NOT_LOOKED,
    ) -> BulkTagging:
        """Edits the tags of many customers, a few thousand in a transaction."""
        sees = self._context.sees_each()
        asked = dict.fromkeys(_ids(customers))
        uuids = {who: uuid_or_none(who) for who in asked}
        known = dict.fromkeys(uuid for uuid in uuids.values() if uuid and sees(uuid))
        outcome = BulkTagging(
            unknown=tuple(who for who, uuid in uuids.items() if uuid not in known)
        )
        left = iter(known)
        while batch := list(islice(left, _BATCH)):
            outcome = outcome.joined(self._edited(batch, edit, seen))
            if progress is not None:
                progress(outcome.customers, len(asked))
        return outcome

    def _edited(self, batch: Collection[str], edit: Edit, seen: Seen) -> BulkTagging:
        """Edits what is there once nobody else can change it."""
        with self._context.store.writing() as writer:
            tried, edits = _tried(batch, writer.tagged(batch), edit, seen)
            if edits:
                writer.edit_tags(edits, day=self._context.clock())
                note(writer, file=_NOTED, rows=len(batch), taken=len(edits))
        return attrs.evolve(tried, changed=tuple(each.customer for each in edits))


def _tried(
    batch: Iterable[str], now: Mapping[str, Tagged], edit: Edit, seen: Seen
) -> tuple[BulkTagging, list[Tagged]]:
    """The edits to make, and what becomes of customers that need none."""
    edits: list[Tagged] = []
    unchanged, at_limit, conflicted, unknown = [], [], [], []
    for customer in batch:
        held = now.get(customer)
        if held is None:
            unknown.append(customer)
        elif seen.get(customer, held.tags) != held.tags:
            conflicted.append(customer)
        else:
            try:
                tags = edit(held.tags)
            except InvalidValue:
                at_limit.append(customer)
                continue
            if tags == held.tags:
                unchanged.append(customer)
            else:
                edits.append(attrs.evolve(held, tags=tags))
    tried = BulkTagging(
        unchanged=tuple(unchanged),
        at_limit=tuple(at_limit),
        conflicted=tuple(conflicted),
        unknown=tuple(unknown),
    )
    return tried, edits


def _ids(customers: Customers) -> Iterable[str]:
    if isinstance(customers, CustomerList):
        return customers.ids
    return (customers,) if isinstance(customers, str) else customers
