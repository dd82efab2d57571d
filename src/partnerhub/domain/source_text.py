"""What the status texts of the service say, as inputs of the rules.

Reports print "Active" and "Expired"; older pages of the service print more. Each text
is read once, here, into the few facts that rules take. A text nobody has met says
nothing and is kept as it is.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
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

TRIAL_LITERALS: Final = (
    "Enterprise Trial",
    "Essai Entreprise",
    "Essai d'entreprise",
    "Essai Enterprise",
    "Trial Enterprise",
)
"""What sources print in place of a trial's subscription id, and as its type."""

TRIAL_ID: Final = TRIAL_LITERALS[0]
"""What the specification prints in place of a trial's subscription id."""

# Reports hold no tab inside an id, so it cannot be taken for one.
_SEPARATOR: Final = "\t"

_MOST_BYTES: Final = 900
_MOST_OF_KIND: Final = 50

_TRIAL_WORD: Final = re.compile(
    r"(?:^|[\s_-])(?:trial|essai)(?=$|[\s_-])", re.IGNORECASE
)


def plain_text(text: str, /) -> str:
    """A text without what does not count where texts are compared.

    Examples:
        >>> plain_text("  Essai  d’Entreprise ")
        "essai d'entreprise"
    """
    return " ".join(text.casefold().replace("\u2019", "'").split())


_PLACEHOLDERS: Final = frozenset(map(plain_text, TRIAL_LITERALS))


def told_by(subscription_id: str, kind: str, status: str, /) -> SourceStatus:
    """What the three texts of a subscription say of it together.

    Any of them may say that it is a trial. That it is none takes both its type and
    its status: of the two, a source may leave out the one that would say so.

    Args:
        subscription_id: Its id, or the literal that stands for "a trial".
        kind: Its type; blank where it is not told.
        status: Its status; blank where it is not told.

    Examples:
        >>> told_by("Sub1", "Flex", "Trial expired").is_trial
        True
        >>> told_by("Sub1", "Flex", "Active").is_trial, told_by("Sub1", "", "").is_trial
        (False, None)
    """
    said = source_status(status)
    is_trial: bool | None = None
    if said.is_trial or says_trial(kind) or says_trial(subscription_id):
        is_trial = True
    elif kind and status:
        is_trial = False
    if is_trial is said.is_trial:
        return said
    return SourceStatus(expired=said.expired, paid=said.paid, is_trial=is_trial)


def source_status(text: str, /) -> SourceStatus:
    """What a subscription status text says.

    Examples:
        >>> source_status("Trial expired").expired, source_status("Dormant").expired
        (True, None)
    """
    return _STATUSES.get(plain_text(text), _NOTHING)


def provisioned(text: str, /) -> bool | None:
    """Whether a provisioning text says "completely set up"; None when it is unknown.

    Examples:
        >>> provisioned("Provisioned"), provisioned("Awaiting Provisioning Details")
        (True, False)
    """
    return _PROVISIONED.get(plain_text(text))


def says_trial(text: str, /) -> bool:
    """Whether a subscription id or type says that the subscription is a trial.

    Examples:
        >>> says_trial("Enterprise Trial"), says_trial("Essai Entreprise")
        (True, True)
        >>> says_trial("A-FLEX-3")
        False
    """
    return _TRIAL_WORD.search(text) is not None


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
    names = ", ".join(sorted(products))
    if len(f"{kind}{names}".encode()) > _MOST_BYTES:
        # Stores take no identity of any length.
        names = hashlib.sha256(f"{kind}{_SEPARATOR}{names}".encode()).hexdigest()
        kind = kind[:_MOST_OF_KIND]
    return _SEPARATOR.join((TRIAL_ID, kind, names, f"{ordinal:03}"))


class TrialNumbers:
    """Tells the trials without an id of one source apart, by numbering those alike.

    Examples:
        >>> numbers = TrialNumbers()
        >>> first = numbers.identity("Acme", None, "Flex", ["Webex Meetings"])
        >>> first == trial_identity("Flex", ["Webex Meetings"], 1)
        True
        >>> first == numbers.identity("Acme", None, "Flex", ["Webex Meetings"])
        False
    """

    def __init__(self) -> None:
        self._seen: Counter[tuple[object, ...]] = Counter()

    def identity(
        self, customer: str, day: object, kind: str, products: Iterable[str]
    ) -> str:
        """What tells the next trial apart within its customer (design 5.10).

        Args:
            customer: Who has it.
            day: The day it was seen; numbers start again on another.
            kind: Its subscription type.
            products: The licenses it has.
        """
        names = tuple(sorted(products))
        alike = (customer, day, kind, names)
        self._seen[alike] += 1
        return trial_identity(kind, names, self._seen[alike])


def printed_id(identity: str, /) -> str:
    """The subscription id as reports and tables print it."""
    return identity.partition(_SEPARATOR)[0]


def is_trial_placeholder(subscription_id: str, /) -> bool:
    """Whether a subscription id is the literal that stands for "a trial"."""
    # The first is quick, and asked of every id of a file; few get further.
    return says_trial(subscription_id) and plain_text(subscription_id) in _PLACEHOLDERS
