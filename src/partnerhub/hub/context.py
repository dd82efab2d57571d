"""What every area of a hub shares: a store, an actor, a clock, a region, policies."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Final

import attrs
import pendulum

from partnerhub.columns.portfolio import Portfolio
from partnerhub.domain.access import Actor
from partnerhub.domain.capabilities import Access, Capability
from partnerhub.domain.days import as_day
from partnerhub.domain.engagement_policy import EngagementPolicy
from partnerhub.domain.errors import NotFound
from partnerhub.domain.filters import Filter
from partnerhub.domain.ids import uuid_of
from partnerhub.domain.policies import KpiPolicy, StatusPolicy
from partnerhub.domain.regions import ALL, RegionChoice, choose, in_order
from partnerhub.hub.clock import Clock
from partnerhub.hub.loaded import Kept, Loaded
from partnerhub.hub.people import administrators, resolved
from partnerhub.kpis.calling import EngagementPage
from partnerhub.ports import EVERYTHING, Profile, Scope, Store

_FEW: Final = 100
"""Customers of whom one need not ask what part of all they are."""


@attrs.frozen(kw_only=True)
class Context:
    """One hub's surroundings.

    Attributes:
        store: Where the data are.
        clock: What day it is, for calls without `at=`.
        region: The region of calls without `region=`.
        status_policy: Day counts of the statuses.
        kpi_policy: Day counts and cuts of the KPIs.
        engagement_policy: What is poor, and what counts, in Calling engagement.
        partner: Uuid of the partner's own organization, which is no customer.
        actor: Who asks: a person of the store by address, or a ready actor; None is
            the local owner, who may do everything.
        engagement_pages: The last Calling engagement pages that were made.
    """

    store: Store
    clock: Clock
    region: str | None = None
    status_policy: StatusPolicy = attrs.field(factory=StatusPolicy)
    kpi_policy: KpiPolicy = attrs.field(factory=KpiPolicy)
    engagement_policy: EngagementPolicy = attrs.field(factory=EngagementPolicy)
    partner: str | None = None
    actor: Actor | str | None = None
    _loaded: Kept[Loaded] = attrs.field(
        init=False,
        eq=False,
        default=attrs.Factory(lambda self: Kept(self.store, most=2), takes_self=True),
    )
    engagement_pages: Kept[EngagementPage] = attrs.field(
        init=False,
        eq=False,
        repr=False,
        default=attrs.Factory(lambda self: Kept(self.store, most=4), takes_self=True),
    )
    _regions: Kept[tuple[str | None, ...]] = attrs.field(
        init=False,
        eq=False,
        default=attrs.Factory(lambda self: Kept(self.store, most=1), takes_self=True),
    )

    def close(self) -> None:
        """Lets go of what was read, and of the store."""
        self._loaded.forget()
        self.engagement_pages.forget()
        self.store.close()

    def who(self) -> Actor | None:
        """Who asks, with the roles they have now; None for the local owner."""
        return resolved(self.store, self.actor)

    def demand(self, capability: Capability, needed: Access, /) -> None:
        """Nothing, if whoever asks may.

        Raises:
            PermissionDenied: No role of theirs has so much of the capability.
        """
        who = self.who()
        if who is not None:
            who.demand(capability, needed)

    def may(self, capability: Capability, needed: Access, /) -> bool:
        """Whether whoever asks has so much of a capability."""
        who = self.who()
        return who is None or who.may(capability, needed)

    def sees_each(self) -> Callable[[str], bool]:
        """Whether whoever asks sees a customer, for many of them, by uuid."""
        who = self.who()
        return (lambda _: True) if who is None else who.sees

    def sees(self, customer: str, /) -> bool:
        """Whether whoever asks sees the customer with that uuid."""
        return self.sees_each()(customer)

    def profile(self, customer: str, /) -> Profile:
        """What is known of a customer that whoever asks sees, by its id.

        Raises:
            InvalidValue: It is no id.
            NotFound: There is no such customer, or they do not see it.
        """
        uuid = uuid_of(customer)
        found = self.store.profile(uuid) if self.sees(uuid) else None
        if found is None:
            raise NotFound("customer", customer)
        return found

    def regions(self) -> tuple[str | None, ...]:
        """The regions of the customers that whoever asks sees."""
        if self._reach() is None:
            return self._all_regions()
        found = self.portfolio(self.clock(), choose(ALL, self._all_regions()))
        return in_order(found.customers.region.texts().tolist())

    def _all_regions(self) -> tuple[str | None, ...]:
        return self._regions.get("regions", self.store.regions)

    def _reach(self) -> tuple[str, ...] | None:
        """Uuids of the customers that whoever asks sees; None for all of them."""
        who = self.who()
        if who is None or who.sees_all:
            return None
        return tuple(sorted(who.customers))

    def day(self, at: dt.date | str | None) -> pendulum.Date:
        """The day of a call; today, in UTC, where it names none."""
        return self.clock() if at is None else as_day(at)

    def one_region(self, region: str | None) -> RegionChoice:
        """The region of a call that needs one (design 5.8).

        Raises:
            RegionRequired: Data lie in several regions and none was chosen.
            NotFound: The region is not published and holds no data.
        """
        return choose(region or self.region, self._all_regions())

    def any_region(self, region: str | None) -> RegionChoice:
        """The regions of a call that spans all of them unless one is named."""
        return choose(region or self.region or ALL, self._all_regions())

    def portfolio(
        self, at: dt.date, choice: RegionChoice, *, only: str | None = None
    ) -> Portfolio:
        """The customers of the regions chosen that whoever asks sees, on a day.

        Args:
            at: The day.
            choice: The regions.
            only: Uuid of the only customer that is looked for.
        """
        if only is None:
            return self.loaded(at, choice).portfolio
        reach = (only,) if self.sees(only) else ()
        scope = attrs.evolve(scope_of(choice), organizations=reach)
        return self.store.portfolio(at, scope)

    def loaded(self, at: dt.date, choice: RegionChoice) -> Loaded:
        """The same customers, with what their lists have in common.

        The last two are kept until anybody writes to the store.
        """
        scope = attrs.evolve(scope_of(choice), organizations=self._reach())
        return self._loaded.get((at, scope), lambda: self._read(at, scope, scope))

    def loaded_for(self, at: dt.date, choice: RegionChoice, node: Filter) -> Loaded:
        """The same, where only the customers that a filter finds matter.

        The first time it is asked for, a database narrows them down, so that little is
        read for one question; the second time, or where it finds a third of them and
        more, all are read, and kept.
        """
        whole = attrs.evolve(scope_of(choice), organizations=self._reach())
        if not self._loaded.is_worth((at, whole)):
            found = self.store.candidates(node, at, policy=self.status_policy)
            if found is not None and self._are_few(found, at, whole):
                seen = self.sees_each()
                scope = attrs.evolve(whole, organizations=tuple(filter(seen, found)))
                return self._read(at, scope, whole)
        return self.loaded(at, choice)

    def _are_few(self, found: tuple[str, ...], at: dt.date, whole: Scope) -> bool:
        """Whether they are read sooner than all customers, who would be kept."""
        return len(found) <= _FEW or 3 * len(found) < self.store.count(at, whole)

    def _read(self, at: dt.date, scope: Scope, whole: Scope) -> Loaded:
        return Loaded(
            self.store.portfolio(at, scope),
            self.store,
            whole,
            narrowed=scope != whole,
            policy=self.status_policy,
            admins=self._admins,
        )

    def _admins(self) -> dict[str, tuple[str, ...]]:
        """Uuid of each customer -> the administrators assigned to it."""
        self.demand(Capability.CUSTOMERS_OF_ADMIN, Access.READ)
        found: dict[str, tuple[str, ...]] = {}
        for person in administrators(self.store).all():
            for uuid in person.customers:
                found[uuid] = (*found.get(uuid, ()), person.email)
        return found


def scope_of(choice: RegionChoice) -> Scope:
    """Whose data a choice of region asks for."""
    if choice.region == ALL:
        return EVERYTHING
    return Scope(regions=(choice.region,))
