"""Customers: an organization, what is known of it on a day, and what it holds."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum
from typing import Final

import attrs
import pendulum

from partnerhub.domain.days import EARLIEST, as_day
from partnerhub.domain.organizations import Organization, clean_texts
from partnerhub.domain.source_text import plain_text
from partnerhub.domain.subscriptions import Subscription


class ManagedBy(StrEnum):
    """How the partner manages a customer (specification, "Filters")."""

    PARTNER = "partner"
    """The customer is part of the partner organization."""
    EXTERNAL = "external"
    """The partner's people are external administrators of it."""


NEVER: Final = EARLIEST
"""The last sign-in of a customer none of whose administrators ever signed in: older
than any window looks back."""

NEVER_WORDS: Final = ("never", "jamais")
"""The texts that stand for `NEVER`, in both languages."""


def _sign_in(value: dt.date | str | None) -> pendulum.Date | None:
    if value is None:
        return None
    if isinstance(value, str) and plain_text(value) in NEVER_WORDS:
        return NEVER
    return as_day(value)


@attrs.frozen(kw_only=True)
class Customer:
    """One customer as it was known on a day.

    Attributes:
        organization: Who it is.
        managed_by: How the partner manages it; None when not known.
        last_admin_sign_in: The newest day one of its administrators signed in to
            Control Hub; `NEVER` (or the text "never") when none ever did; None
            when not known.
        has_admins: Whether it has any administrator; None when not known.
        tags: The partner's tags on it.
        user_emails: Addresses of its users, for search.
        subscriptions: Its subscriptions and trials, ended ones too.
    """

    organization: Organization
    managed_by: ManagedBy | None = None
    last_admin_sign_in: pendulum.Date | None = attrs.field(
        default=None, converter=_sign_in
    )
    has_admins: bool | None = None
    tags: tuple[str, ...] = attrs.field(default=(), converter=clean_texts)
    user_emails: tuple[str, ...] = attrs.field(
        default=(), converter=clean_texts, repr=False
    )
    subscriptions: tuple[Subscription, ...] = ()

    @property
    def id(self) -> str:
        """The uuid of its organization."""
        return self.organization.id.uuid

    @property
    def name(self) -> str:
        """The name of its organization; blank when not known."""
        return self.organization.name

    @property
    def region(self) -> str | None:
        """Where its data are kept; None when nobody has told."""
        return self.organization.region
