"""Putting domain objects into a store, without a file."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Final

from partnerhub.adapters.importing.noting import note
from partnerhub.columns.telling import customer_records, subscription_records
from partnerhub.domain.customers import Customer
from partnerhub.domain.errors import InvalidValue
from partnerhub.domain.subscriptions import Subscription
from partnerhub.domain.tags import assigned
from partnerhub.ports import OrganizationFacts, Store, Writer

OBJECTS: Final = "objects"
"""What the history of imports calls objects that were put without a file."""


def put(
    store: Store, things: Iterable[Customer | Subscription], *, day: dt.date
) -> None:
    """Puts customers, with what they hold, and subscriptions, in one transaction.

    Raises:
        InvalidValue: A customer is known to lie in another region, or has tags that do
            not fit; nothing was put.
    """
    with store.writing() as writer:
        put_into(writer, things, day=day)


def put_into(
    writer: Writer, things: Iterable[Customer | Subscription], *, day: dt.date
) -> None:
    """Puts customers and subscriptions inside a transaction.

    Raises:
        InvalidValue: A customer is known to lie in another region.
    """
    listed = list(things)
    if listed:
        note(writer, file=OBJECTS, rows=len(listed), taken=len(listed))
    customers = [thing for thing in listed if isinstance(thing, Customer)]
    held = [thing for thing in listed if isinstance(thing, Subscription)]
    held += [each for customer in customers for each in customer.subscriptions]
    told = {each.customer.id.uuid: _facts(each, day) for each in held}
    told |= {customer.id: _customer_facts(customer, day) for customer in customers}
    for conflict in writer.put_organizations(told.values()).conflicts:
        raise InvalidValue(
            f"region of customer {conflict.organization}",
            conflict.told,
            f"it lies in {conflict.known}" if conflict.known else "none has its store",
            choices=conflict.choices,
        )
    writer.put_records(customer_records(customers, day=day))
    for records in subscription_records(held, day=day):
        writer.put_records(records)


def _facts(held: Subscription, day: dt.date) -> OrganizationFacts:
    who = held.customer
    return OrganizationFacts(
        id=who.id.uuid,
        name=who.name or None,
        region=who.region,
        industry=who.industry,
        external_id=who.external_id,
        day=held.day or day,
    )


def _customer_facts(customer: Customer, day: dt.date) -> OrganizationFacts:
    who = customer.organization
    return OrganizationFacts(
        id=who.id.uuid,
        name=who.name or None,
        region=who.region,
        industry=who.industry,
        external_id=who.external_id,
        user_emails=customer.user_emails or None,
        tags=assigned(customer.tags) or None,
        day=day,
    )
