"""The customers of a hub: who they are, their statuses, and why."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from functools import cached_property
from typing import Final

import attrs

from partnerhub.columns.objects import customer_object
from partnerhub.columns.portfolio import Portfolio
from partnerhub.domain.attention import AttentionPolicy, Concern
from partnerhub.domain.capabilities import Access, Capability
from partnerhub.domain.customers import Customer
from partnerhub.domain.days import as_day
from partnerhub.domain.detail import (
    order_history,
    subscription_details,
    trial_details,
)
from partnerhub.domain.errors import InvalidValue
from partnerhub.domain.filters import Filter, where
from partnerhub.domain.filters.nodes import SAVED
from partnerhub.domain.query_text import Completion, suggest
from partnerhub.domain.status import statuses
from partnerhub.hub.context import Context
from partnerhub.hub.customers.detail import (
    Changes,
    CustomerAdministrator,
    CustomerDetail,
    changes_between,
    looking_after,
)
from partnerhub.hub.customers.explanation import Explanation
from partnerhub.hub.customers.filters import Filters
from partnerhub.hub.customers.listed import CustomerList
from partnerhub.hub.customers.listing import listed
from partnerhub.hub.customers.querying import (
    Excluding,
    exclusions_of,
    row_of,
    uuid_or_none,
)
from partnerhub.hub.customers.region_corrections import (
    RegionCorrection,
    corrected,
    corrections,
)
from partnerhub.hub.customers.saved import saved_filters
from partnerhub.hub.people import administrators, groups
from partnerhub.hub.permissions import edits, reads
from partnerhub.kpis.attention import attention
from partnerhub.kpis.findings import Attention

LAUNCH_URL: Final = "https://admin.webex.com/overview?orgId={id}"
"""Where a customer's Control Hub opens. The pattern is not published."""


class Customers:
    """The customer list of a hub (specification, "Customer list")."""

    def __init__(self, context: Context) -> None:
        self._context = context

    @reads(Capability.VIEW_CUSTOMERS)
    def find(
        self,
        query: str | Filter = "",
        /,
        *,
        at: dt.date | str | None = None,
        region: str | None = None,
        exclude: Excluding | None = None,
    ) -> CustomerList:
        """The customers that a query asks for, ordered by name.

        A database narrows the customers of a first query down. What is read for the
        second is kept until anybody writes to the store, for the last two days asked
        for, so that queries after it take milliseconds.

        Args:
            query: Terms such as `status:expired product:calling -tag:vip acme`, also
                `saved:name` for a saved filter, or a filter made with
                `partnerhub.domain.filters.where`; blank finds all.
            at: The day; today where it is left out.
            region: Only customers of this region; all regions where it is left out.
            exclude: Customers that do not count: those that a filter finds, or, as
                `Exclusions`, those with certain tags, and those of whose licenses all
                are of certain types. They are listed apart, in `excluded`.

        Raises:
            FilterError: The query cannot be understood.
            NotFound: The region is not published and holds no data.
        """
        return listed(self._context, query, at=at, region=region, exclude=exclude)

    @reads(Capability.VIEW_CUSTOMERS)
    def suggest(self, text: str, position: int | None = None, /) -> list[Completion]:
        """Completions of a query that is being typed.

        As `partnerhub.domain.query_text.suggest`, with the tags, industries and regions
        of the customers that whoever asks sees, and the names of saved filters.

        Args:
            text: The query, finished or not.
            position: Where the cursor is; the end when not given.
        """
        context = self._context
        loaded = context.loaded(context.clock(), context.any_region(None))
        return suggest(
            text,
            position,
            values={**loaded.values, SAVED: saved_filters(context.store).names()},
        )

    @cached_property
    def filters(self) -> Filters:
        """Saved filters: named, and shared by the partner's administrators."""
        return Filters(self._context)

    @reads(Capability.VIEW_CUSTOMERS)
    def by_email(
        self, address: str, /, *, at: dt.date | str | None = None
    ) -> CustomerList:
        """The customers with a user of that e-mail address, in any case.

        Args:
            address: The whole address.
            at: The day; today where it is left out.
        """
        return self.find(where("email").eq(address.strip()), at=at)

    @reads(Capability.VIEW_CUSTOMERS)
    def explain(
        self, customer: str, /, *, at: dt.date | str | None = None
    ) -> Explanation:
        """Why a customer has the statuses it has.

        Args:
            customer: Its id in either form, or its name in any case; a part of the
                name serves where only one customer has it.
            at: The day; today where it is left out.

        Raises:
            NotFound: No customer, or more than one, has that name.
        """
        found = self._customer(customer, at)
        return Explanation(
            customer=found,
            statuses=statuses(
                found,
                at=self._context.day(at),
                policy=self._context.status_policy,
            ),
        )

    @reads(Capability.LICENSES)
    def detail(
        self, customer: str, /, *, at: dt.date | str | None = None
    ) -> CustomerDetail:
        """What is shown when a customer is opened: its three tabs.

        Args:
            customer: Its id or name, as in `explain`.
            at: The day; today where it is left out.

        Raises:
            NotFound: No customer, or more than one, has that name.
        """
        context, day = self._context, self._context.day(at)
        found, policy = self._customer(customer, at), context.status_policy
        told = context.store.subscription_tags()
        tags = {held: texts for (who, held), texts in told.items() if who == found.id}
        trials = trial_details(found, at=day, policy=policy)
        return CustomerDetail(
            at=day,
            customer=found,
            statuses=statuses(found, at=day, policy=policy),
            subscriptions=subscription_details(found, at=day, tags=tags, policy=policy),
            orders=order_history(found),
            trials=trials,
            administrators=self._administrators(found.id),
            launch_url=LAUNCH_URL.format(id=found.id),
        )

    @reads(Capability.VIEW_CUSTOMERS)
    def launch_url(self, customer: str, /) -> str:
        """Where the customer's own Control Hub opens.

        Args:
            customer: Its id or name, as in `explain`.

        Raises:
            NotFound: No customer, or more than one, has that name.
        """
        return LAUNCH_URL.format(id=self._customer(customer, None).id)

    @reads(Capability.VIEW_CUSTOMERS)
    def changes(
        self,
        since: dt.date | str,
        /,
        *,
        at: dt.date | str | None = None,
        region: str | None = None,
    ) -> Changes:
        """The customers whose statuses changed between two days, and why.

        Args:
            since: The first day.
            at: The second; today where it is left out.
            region: Only customers of this region; all regions where it is left out.

        Raises:
            InvalidValue: The first day is after the second.
            NotFound: The region is not published and holds no data.
        """
        context, day, first = self._context, self._context.day(at), as_day(since)
        if first > day:
            raise InvalidValue("first day", str(first), f"the second one is {day}")
        choice, policy = context.any_region(region), context.status_policy
        old, new = context.portfolio(first, choice), context.portfolio(day, choice)
        return changes_between(old, new, policy=policy)

    @reads(Capability.VIEW_CUSTOMERS)
    def attention(
        self,
        *,
        at: dt.date | str | None = None,
        region: str | None = None,
        concerns: Iterable[Concern | str] | None = None,
        exclude: Excluding | None = None,
        policy: AttentionPolicy | None = None,
    ) -> Attention:
        """The customers that need attention, the most pressing first, and why.

        Low assignment compares a customer with all others of the partner, so it is
        left out for those who may not use the partner's analytics.

        Args:
            at: The day; today where it is left out.
            region: Only customers of this region; all regions where it is left out.
            concerns: Only these; all where it is left out.
            exclude: What does not count: the customers that a filter finds, or license
                types, tags and a filter as `Exclusions`. They are listed apart.
            policy: What counts, and in which order.

        Raises:
            InvalidValue: There is no such concern.
            FilterError: The query to exclude cannot be understood.
            NotFound: The region is not published and holds no data.
        """
        context = self._context
        loaded = context.loaded(context.day(at), context.any_region(region))
        found = attention(
            loaded.portfolio,
            concerns=concerns,
            exclude=exclusions_of(context, exclude, loaded),
            peers=context.may(Capability.PARTNER_ANALYTICS, Access.READ),
            policy=policy or AttentionPolicy(),
            status_policy=context.status_policy,
            kpi_policy=context.kpi_policy,
        )
        return attrs.evolve(found, out_of_reach=loaded.out_of_reach)

    @edits(Capability.LOAD_DATA)
    def set_region(
        self, customer: str, region: str, /, *, why: str = ""
    ) -> RegionCorrection:
        """Corrects the region of a customer, over what files have told.

        A file gives a customer its region once, and another file that says otherwise is
        a problem. This undoes a wrong first one. It is kept that it was done.

        Args:
            customer: Its id, in either form.
            region: The right region.
            why: The reason, for those who look at it later.

        Raises:
            NotFound: There is no such customer.
            InvalidValue: The region is blank, or the one it has; or a store for each
                region is in use, and its data are in that of another.
        """
        return corrected(self._context, customer, region, why=why)

    @reads(Capability.LOAD_DATA)
    def region_corrections(self) -> tuple[RegionCorrection, ...]:
        """The regions that were corrected, by customer, the oldest first."""
        kept = corrections(self._context).all()
        return tuple(made for each in kept for made in each.made)

    def _customer(self, customer: str, at: dt.date | str | None) -> Customer:
        """The customer that an id or a name tells, as known on the day."""
        context = self._context
        portfolio = context.portfolio(
            context.day(at), context.any_region(None), only=uuid_or_none(customer)
        )
        row = row_of(portfolio, customer)
        return customer_object(portfolio, row, tags=self._tags(portfolio, row))

    def _administrators(
        self, customer: str
    ) -> tuple[CustomerAdministrator, ...] | None:
        """Who looks after a customer; None for those who may not list them."""
        context = self._context
        if not context.may(Capability.ADMINS_OF_CUSTOMER, Access.READ):
            return None
        return looking_after(
            customer, administrators(context.store).all(), groups(context.store).all()
        )

    def _tags(self, portfolio: Portfolio, row: int) -> tuple[str, ...]:
        return self._context.store.tags().get(portfolio.customers.id[row], ())
