"""Between trials that were started here and what the store knows of customers."""

from __future__ import annotations

import pendulum

from partnerhub.columns.objects import customer_object
from partnerhub.domain import rules
from partnerhub.domain.errors import IllegalStep
from partnerhub.domain.organizations import Organization
from partnerhub.domain.products import Product
from partnerhub.domain.subscriptions import LicenseLine, Subscription
from partnerhub.domain.trials import Trial
from partnerhub.hub.context import Context
from partnerhub.ports import Scope


def paid_for(
    context: Context, customer: str, day: pendulum.Date, /, *, trials: bool = True
) -> frozenset[Product]:
    """Products that a customer has an active subscription of.

    Raises:
        IllegalStep: It has a trial under way, where that is asked.
    """
    portfolio = context.store.portfolio(day, Scope(organizations=(customer,)))
    if not len(portfolio.customers):
        return frozenset()
    d, found = rules.day_bounds(day), set[Product]()
    for held in customer_object(portfolio, 0).subscriptions:
        view = rules.with_state(rules.object_view(held), d)
        if trials and rules.trial(view, d):
            why = f"the customer has the trial {held.id} under way: change that one"
            raise IllegalStep("start the trial", why)
        if rules.subscription(view, d):
            found |= held.products
    return frozenset(found)


def as_subscription(
    trial: Trial, customer: Organization, day: pendulum.Date, /
) -> Subscription:
    """A trial as what its customer holds on a day."""
    cancelled, converted = trial.cancelled_on, trial.converted_on
    status = "Active" if converted else "Trial expired" if cancelled else "Trial active"
    return Subscription(
        id=trial.id,
        customer=customer,
        day=day,
        source_status=status,
        type="Subscription" if converted else "Trial",
        is_trial=converted is None,
        starts_on=trial.starts_on,
        ends_on=trial.ends_on if cancelled is None else min(cancelled, trial.ends_on),
        auto_renews=False,
        paid=None,
        added_on=trial.starts_on,
        lines=tuple(
            LicenseLine(license=name, total=count, existed=True)
            for name, count in trial.licenses.items()
        ),
    )
