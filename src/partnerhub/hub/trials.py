"""The trials of a hub: started by the wizard, then extended, changed, converted.

What is started here is kept with its services and its site, and is told to the
store as a trial of its customer too, so that lists and statuses show it at once.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from uuid import uuid4

import attrs
import pendulum

from partnerhub.domain import trial_steps
from partnerhub.domain.administrators import Administrator
from partnerhub.domain.capabilities import Capability
from partnerhub.domain.errors import IllegalStep, NotFound
from partnerhub.domain.ids import uuid_of
from partnerhub.domain.organizations import Organization
from partnerhub.domain.trial_services import TrialPolicy, TrialService
from partnerhub.domain.trial_steps import Tier, parse_tier
from partnerhub.domain.trial_wizard import Site, TrialDraft
from partnerhub.domain.trials import Trial, start
from partnerhub.hub.context import Context
from partnerhub.hub.documents import Documents
from partnerhub.hub.people import administrators
from partnerhub.hub.permissions import edits, open_to_all, reads
from partnerhub.hub.putting import put_into
from partnerhub.hub.trial_records import as_subscription, paid_for
from partnerhub.ports import Writer


class Trials:
    """The trials of a hub (specification, "Webex trials")."""

    def __init__(self, context: Context) -> None:
        self._context = context

    @property
    def _kept(self) -> Documents[Trial]:
        return Documents(self._context.store, "trial", Trial)

    @open_to_all
    def draft(
        self, customer: str | None = None, /, *, admin_email: str = ""
    ) -> TrialDraft:
        """An empty wizard, or one for an organization that is a customer already.

        Args:
            customer: Id of the customer; None for a new company.
            admin_email: Address of the customer's administrator.

        Raises:
            NotFound: There is no such customer.
        """
        if customer is None:
            return TrialDraft()
        found = self._context.profile(customer)
        return TrialDraft().for_customer(
            found.id, name=found.name, admin_email=admin_email
        )

    @reads(Capability.VIEW_CUSTOMERS)
    def list(self, customer: str | None = None, /) -> tuple[Trial, ...]:
        """The trials that were started here, by id.

        Args:
            customer: Only those of this customer, by id.
        """
        wanted = None if customer is None else uuid_of(customer)
        sees = self._context.sees_each()
        return tuple(
            trial
            for trial in self._kept.all()
            if sees(trial.organization) and wanted in {None, trial.organization}
        )

    @reads(Capability.VIEW_CUSTOMERS)
    def get(self, trial: str, /) -> Trial:
        """One trial that was started here, by id.

        Raises:
            NotFound: There is none of that id.
        """
        return self._known(trial, self._kept.get(trial))

    @edits(Capability.MANAGE_TRIALS)
    def start(
        self,
        draft: TrialDraft,
        /,
        *,
        at: dt.date | str | None = None,
        id: str | None = None,
        policy: TrialPolicy | None = None,
    ) -> Trial:
        """Starts the trial that a complete draft describes.

        A new company becomes a customer, in the region of its country; whoever
        starts the trial as a partner administrator is assigned to it.

        Args:
            draft: The wizard, filled in.
            at: Its first day; today where it is left out.
            id: What will tell it apart; made up where it is left out.
            policy: The numbers of trials.

        Raises:
            IllegalStep: Something is missing, the customer has a trial under way or a
                subscription of a service, or it is the partner itself.
            NotFound: There is no customer of the draft's id.
        """
        context, day = self._context, self._context.day(at)
        rule, key = policy or TrialPolicy(), id or f"TRIAL-{uuid4().hex[:12].upper()}"
        uuid = draft.organization or str(uuid4())
        if draft.organization not in {None, context.partner}:
            # A draft can be made by hand, for a customer of somebody else.
            context.profile(uuid)
        trial = start(
            draft,
            id=key,
            at=day,
            organization=uuid,
            partner=context.partner,
            paid_for=paid_for(context, uuid, day),
            policy=rule,
        )
        new_customer = Organization(
            id=uuid,
            name=trial.company,
            industry=draft.industry,
            region=rule.regions.get(draft.country or ""),
        )

        def new(kept: Trial | None) -> Trial:
            if kept is not None:
                raise IllegalStep("start the trial", f"there is a trial {key} already")
            return trial

        customer = new_customer if draft.organization is None else None
        started = self._change(key, new, day=day, customer=customer)
        self._assign_to_who_asks(uuid)
        return started

    @edits(Capability.MANAGE_TRIALS)
    def extend(
        self,
        trial: str,
        /,
        *,
        at: dt.date | str | None = None,
        approved: bool = False,
        policy: TrialPolicy | None = None,
    ) -> Trial:
        """Gives a trial 30 days from the day on; never an earlier end than it has.

        Args:
            trial: Its id.
            at: The day; today where it is left out.
            approved: The trials team approved it, which devices need.
            policy: The numbers of trials.

        Raises:
            NotFound: There is none of that id.
            IllegalStep: It is not under way, or may not be extended.
        """
        day, rule = self._context.day(at), policy or TrialPolicy()
        return self._step(
            trial,
            day,
            lambda known: trial_steps.extend(
                known, at=day, approved=approved, policy=rule
            ),
        )

    @edits(Capability.MANAGE_TRIALS)
    def add_services(
        self,
        trial: str,
        services: Iterable[TrialService | str],
        /,
        *,
        at: dt.date | str | None = None,
        quantity: int | None = None,
        devices: int | None = None,
        site: Site | None = None,
        policy: TrialPolicy | None = None,
    ) -> Trial:
        """Adds services to a trial, with what they bring. Its end stays.

        Args:
            trial: Its id.
            services: What is ticked.
            at: The day; today where it is left out.
            quantity: Licenses of each service, those it has included.
            devices: Devices to be sent.
            site: The Meetings site.
            policy: The numbers of trials.

        Raises:
            NotFound: There is none of that id.
            IllegalStep: It is not under way, or something is missing.
        """
        day, more = self._context.day(at), tuple(services)
        who = self.get(trial).organization
        paid = paid_for(self._context, who, day, trials=False)
        return self._step(
            trial,
            day,
            lambda known: trial_steps.add_services(
                known,
                more,
                at=day,
                quantity=quantity,
                devices=devices,
                site=site,
                paid_for=paid,
                policy=policy or TrialPolicy(),
            ),
        )

    @edits(Capability.MANAGE_TRIALS)
    def remove_services(
        self,
        trial: str,
        services: Iterable[TrialService | str],
        /,
        *,
        at: dt.date | str | None = None,
    ) -> Trial:
        """Takes services from a trial.

        Raises:
            NotFound: There is none of that id.
            IllegalStep: It is not under way, does not have them, would be empty, or
                another service needs one of these.
        """
        day, fewer = self._context.day(at), tuple(services)
        return self._step(
            trial, day, lambda known: trial_steps.remove_services(known, fewer, at=day)
        )

    @edits(Capability.MANAGE_TRIALS)
    def cancel(self, trial: str, /, *, at: dt.date | str | None = None) -> Trial:
        """Ends a trial; with Calling it is deleted softly at once.

        Raises:
            NotFound: There is none of that id.
            IllegalStep: It was cancelled or converted before, or is deleted.
        """
        day = self._context.day(at)
        return self._step(trial, day, lambda known: trial_steps.cancel(known, at=day))

    @edits(Capability.MANAGE_TRIALS)
    def convert(
        self,
        trial: str,
        /,
        *,
        tier: Tier | str,
        admin_email: str,
        distributor: str | None = None,
        at: dt.date | str | None = None,
    ) -> Trial:
        """Notes that a trial was turned into a subscription in Cisco Commerce.

        Args:
            trial: Its id.
            tier: `tier_1`, or `tier_2` with a distributor.
            admin_email: The customer's administrator in the order.
            distributor: Name of the distributor of a tier-2 partner.
            at: The day; today where it is left out.

        Raises:
            NotFound: There is none of that id.
            InvalidValue: There is no such tier.
            IllegalStep: It is over, the addresses differ, or the distributor is
                missing.
        """
        day, bought = self._context.day(at), parse_tier(tier)
        return self._step(
            trial,
            day,
            lambda known: trial_steps.convert(
                known,
                at=day,
                tier=bought,
                admin_email=admin_email,
                distributor=distributor,
            ),
        )

    def _known(self, trial: str, found: Trial | None) -> Trial:
        if found is None or not self._context.sees(found.organization):
            raise NotFound("trial", trial, choices=[each.id for each in self.list()])
        return found

    def _step(
        self, trial: str, day: pendulum.Date, step: Callable[[Trial], Trial]
    ) -> Trial:
        return self._change(trial, lambda kept: step(self._known(trial, kept)), day=day)

    def _change(
        self,
        key: str,
        step: Callable[[Trial | None], Trial],
        /,
        *,
        day: pendulum.Date,
        customer: Organization | None = None,
    ) -> Trial:
        """Keeps a trial, and tells the store what its customer holds by it."""

        def told(writer: Writer, made: Trial) -> None:
            held = customer or Organization(id=made.organization)
            put_into(writer, [as_subscription(made, held, day)], day=day)

        return self._kept.change(key, step, also=told)

    def _assign_to_who_asks(self, customer: str) -> None:
        """A partner administrator sees the customers that they provisioned."""
        who, people = self._context.who(), administrators(self._context.store)
        if who is None or who.sees(customer) or people.get(who.email) is None:
            return

        def with_customer(known: Administrator | None) -> Administrator:
            person = known or Administrator(email=who.email)
            return attrs.evolve(person, customers=person.customers | {customer})

        people.change(who.email, with_customer)
