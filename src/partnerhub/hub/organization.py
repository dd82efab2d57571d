"""The partner's own organization: its profile, and setting it up."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import attrs

from partnerhub.domain import onboarding as steps
from partnerhub.domain.access import person_key
from partnerhub.domain.administrators import Administrator
from partnerhub.domain.capabilities import Access, Capability
from partnerhub.domain.errors import InvalidValue, NotFound
from partnerhub.domain.onboarding import Onboarding
from partnerhub.domain.organizations import PartnerOrganization
from partnerhub.hub.context import Context
from partnerhub.hub.documents import Documents
from partnerhub.hub.people import administrators
from partnerhub.hub.permissions import edits, open_to_all, reads
from partnerhub.ports import Document, Writer

_OWN = "own"
"""The key of what there is one of."""


@attrs.frozen(kw_only=True)
class _Profile:
    """A `PartnerOrganization` as it is kept."""

    id: str
    name: str = ""
    industry: str | None = None
    expected_users: int | None = None


class OwnOrganization:
    """The partner's own organization (specification, "Organization profile")."""

    def __init__(self, context: Context) -> None:
        self._context = context

    @reads(Capability.SEE_OWN_ORGANIZATION)
    def profile(self) -> PartnerOrganization:
        """Name, id, industry, and the users it expects to onboard.

        Raises:
            NotFound: Nobody has told it: `update` does, or `partner=` of the hub.
        """
        kept = self._profiles.get(_OWN)
        if kept is not None:
            return PartnerOrganization(**attrs.asdict(kept))
        if self._context.partner is None:
            why = "tell it with hub.organization.update(id=...)"
            raise NotFound("organization profile", "own", why)
        return PartnerOrganization(id=self._context.partner)

    @edits(Capability.SET_UP_OWN_ORGANIZATION)
    def update(
        self,
        *,
        id: str | None = None,
        name: str | None = None,
        industry: str | None = None,
        expected_users: int | None = None,
    ) -> PartnerOrganization:
        """Changes the profile; what is left out stays.

        Args:
            id: Its id, in either form.
            name: Display name.
            industry: Business vertical.
            expected_users: Number of Webex users it expects to onboard.

        Raises:
            InvalidValue: It has no id yet and none is given, or the number is
                negative.
        """
        if expected_users is not None and expected_users < 0:
            raise InvalidValue("number of users", expected_users, "0 or more")
        uuid = id or self._context.partner

        def changed(kept: _Profile | None) -> _Profile:
            if kept is None and uuid is None:
                why = "the partner's own organization has none yet: give it"
                raise InvalidValue("id", uuid, why)
            old = kept or _Profile(id=uuid or "")
            new = PartnerOrganization(
                id=id or old.id,
                name=old.name if name is None else name,
                industry=old.industry if industry is None else industry,
                expected_users=old.expected_users
                if expected_users is None
                else expected_users,
            )
            return _Profile(
                id=new.id.uuid,
                name=new.name,
                industry=new.industry,
                expected_users=new.expected_users,
            )

        self._profiles.change(_OWN, changed)
        return self.profile()

    @reads(Capability.SEE_OWN_ORGANIZATION)
    def onboarding(self) -> Onboarding:
        """How far it is set up."""
        return self._onboarding.get(_OWN) or Onboarding()

    @edits(Capability.SET_UP_OWN_ORGANIZATION)
    def order(self, *, at: dt.date | str | None = None) -> Onboarding:
        """The first order is placed, which gives access to Partner Hub.

        Raises:
            IllegalStep: That was done before.
        """
        return self._stepped(steps.order, at)

    @open_to_all
    def launch(self, *, by: str, at: dt.date | str | None = None) -> Administrator:
        """Launches it; its first user becomes full and partner full administrator.

        As long as nobody has a role, anybody of the partner may be that first user.

        Args:
            by: The first user's address.
            at: The day; today where it is left out.

        Raises:
            IllegalStep: There is no order, or it was launched before.
            PermissionDenied: There are administrators, and whoever asks is none who
                may.
        """
        store = self._context.store
        people = administrators(store)
        if any(person.roles for person in people.all()):
            self._context.demand(Capability.SET_UP_OWN_ORGANIZATION, Access.FULL)
        key, day = person_key(by), self._context.day(at)
        document, known = store.document(people.kind, key), people.get(key)

        def launched(kept: Onboarding | None) -> Onboarding:
            return steps.launch(kept or Onboarding(), by=key, at=day)

        def with_roles(writer: Writer, made: Onboarding) -> None:
            body = people.body(steps.first_user(made, known))
            version = 0 if document is None else document.version
            writer.put_document(
                Document(kind=people.kind, id=key, body=body, version=version)
            )

        made = self._onboarding.change(_OWN, launched, also=with_roles)
        return steps.first_user(made, known)

    @edits(Capability.SET_UP_OWN_ORGANIZATION)
    def accept_terms(self, *, at: dt.date | str | None = None) -> Onboarding:
        """The general terms are accepted.

        Raises:
            IllegalStep: It was not launched, or they were accepted before.
        """
        return self._stepped(steps.accept_terms, at)

    @edits(Capability.SET_UP_OWN_ORGANIZATION)
    def set_up(self, *, at: dt.date | str | None = None) -> Onboarding:
        """The set-up assistant is begun.

        Raises:
            IllegalStep: The terms were not accepted, or it was begun before.
        """
        return self._stepped(steps.set_up, at)

    @edits(Capability.SET_UP_OWN_ORGANIZATION)
    def finish(self, *, at: dt.date | str | None = None) -> Onboarding:
        """The set-up is complete.

        Raises:
            IllegalStep: Steps before it are missing, or it was done before.
        """
        return self._stepped(steps.finish, at)

    @property
    def _profiles(self) -> Documents[_Profile]:
        return Documents(self._context.store, "partner_organization", _Profile)

    @property
    def _onboarding(self) -> Documents[Onboarding]:
        return Documents(self._context.store, "onboarding", Onboarding)

    def _stepped(
        self, step: Callable[..., Onboarding], at: dt.date | str | None
    ) -> Onboarding:
        day = self._context.day(at)
        return self._onboarding.change(
            _OWN, lambda kept: step(kept or Onboarding(), at=day)
        )
