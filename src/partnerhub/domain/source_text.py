"""What the status texts of the service say, as inputs of the rules.

Reports print "Active" and "Expired"; older pages of the service print more
(domain.md 1.2). Each text is read once, here, into the few facts that rules
take. A text nobody has met says nothing and is kept as it is.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import attrs


@attrs.frozen(kw_only=True)
class SourceStatus:
    """What one subscription status text says; None where it says nothing.

    Attributes:
        expired: The subscription is over.
        paid: It has been paid for.
        is_trial: It is a trial.
    """

    expired: bool | None = None
    paid: bool | None = None
    is_trial: bool | None = None


_NOTHING: Final = SourceStatus()

_STATUSES: Final = {
    "active": SourceStatus(expired=False),
    "expired": SourceStatus(expired=True),
    "suspended": SourceStatus(expired=False, paid=False),
    "expires in 30 days": SourceStatus(expired=False),
    "expires in 60 days": SourceStatus(expired=False),
    "trial active": SourceStatus(expired=False, is_trial=True),
    "trial expires in 30 days": SourceStatus(expired=False, is_trial=True),
    "trial expires in 60 days": SourceStatus(expired=False, is_trial=True),
    "trial expired": SourceStatus(expired=True, is_trial=True),
}

_PROVISIONED: Final = {
    "provisioned": True,
    "true": True,
    "provisioned_with_errors": False,
    "provisioning": False,
    "manual provisioning (cisco)": False,
    "manual provisioning (partner)": False,
    "awaiting provisioning details": False,
    "unable to provision": False,
    "updating": True,
    "error": False,
    "false": False,
}

TRIAL_ID: Final = "Enterprise Trial"
"""What the specification prints in place of a trial's subscription id."""

# Reports hold no tab inside an id, so it cannot be taken for one.
_SEPARATOR: Final = "\t"

_TRIAL_WORDS: Final = ("trial", "essai")


def source_status(text: str, /) -> SourceStatus:
    """What a subscription status text says.

    Examples:
        >>> source_status("Trial expired").expired, source_status("Dormant").expired
        (True, None)
    """
    return _STATUSES.get(" ".join(text.casefold().split()), _NOTHING)


def provisioned(text: str, /) -> bool | None:
    """Whether a provisioning text says "completely set up"; None when it is unknown.

    Examples:
        >>> provisioned("Provisioned"), provisioned("Awaiting Provisioning Details")
        (True, False)
    """
    return _PROVISIONED.get(" ".join(text.casefold().split()))


def says_trial(text: str, /) -> bool:
    """Whether a subscription id or type says that the subscription is a trial.

    Examples:
        >>> says_trial("Enterprise Trial"), says_trial("Essai Entreprise")
        (True, True)
        >>> says_trial("A-FLEX-3")
        False
    """
    words = text.casefold().replace("-", " ").replace("_", " ").split()
    return any(word in words for word in _TRIAL_WORDS)


def trial_identity(kind: str, products: Iterable[str], ordinal: int) -> str:
    """What tells a trial without an id apart within its customer (design 5.10).

    Args:
        kind: Its subscription type.
        products: The licenses it has.
        ordinal: 1 for the first such trial of a customer in a file, then 2, ...

    Examples:
        >>> identity = trial_identity("Flex", ["Webex Meetings"], 1)
        >>> printed_id(identity)
        'Enterprise Trial'
    """
    return _SEPARATOR.join(
        (TRIAL_ID, kind, ", ".join(sorted(products)), f"{ordinal:03}")
    )


def printed_id(identity: str, /) -> str:
    """The subscription id as reports and tables print it."""
    return identity.partition(_SEPARATOR)[0]


def is_trial_placeholder(subscription_id: str, /) -> bool:
    """Whether a subscription id is the literal that stands for "a trial"."""
    plain = " ".join(subscription_id.casefold().split())
    return plain in {TRIAL_ID.casefold(), "essai entreprise", "essai enterprise"}
