"""The roles of a partner's people, and what one or several of them allow.

>>> granted([Role.PARTNER_READ_ONLY], Capability.PARTNER_ANALYTICS).name
'READ'
>>> granted([Role.PARTNER_ADMIN, Role.HELP_DESK_BASIC], Capability.EDIT_TAGS).name
'FULL'
>>> reach([Role.PARTNER_ADMIN]), reach([Role.PARTNER_ADMIN, Role.HELP_DESK_BASIC])
(<Reach.ASSIGNED: 1>, <Reach.ALL: 2>)
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import IntEnum, StrEnum
from types import MappingProxyType
from typing import Final

import attrs

from partnerhub.domain.capabilities import MATRIX, Access, Capability, Row
from partnerhub.domain.errors import InvalidValue


class Role(StrEnum):
    """A role in Partner Hub."""

    PARTNER_FULL = "partner_full"
    PARTNER_ADMIN = "partner_admin"
    PARTNER_READ_ONLY = "partner_read_only"
    HELP_DESK_BASIC = "help_desk_basic"
    HELP_DESK_ADVANCED = "help_desk_advanced"
    PROVISIONING = "provisioning"
    WHOLESALE = "wholesale"

    @property
    def label(self) -> str:
        """The role as Partner Hub prints it."""
        return ROLES[self].label


class OrganizationRole(StrEnum):
    """A role in an organization itself, in Control Hub. It opens no Partner Hub."""

    FULL = "full"
    READ_ONLY = "read_only"
    SUPPORT = "support"
    USER_AND_DEVICE = "user_and_device"
    DEVICE = "device"
    COMPLIANCE_OFFICER = "compliance_officer"
    ADVANCED_TROUBLESHOOTING = "advanced_troubleshooting"


class Reach(IntEnum):
    """Whose customers a role sees; several roles see the most of theirs."""

    NONE = 0
    ASSIGNED = 1
    """Those the person provisioned, was assigned, or has through a customer group."""
    ALL = 2


@attrs.frozen(kw_only=True)
class RoleFacts:
    """What is known of a role.

    Attributes:
        label: Its name in Partner Hub.
        scope: What it is for, in one sentence.
        reach: Whose customers it sees.
        granted: It can be given to somebody; a role that cannot comes by itself.
        stands_alone: It means something without another role.
        webex_id: Its id in the service; None when it is not published.
        source: Mark and source.
    """

    label: str
    scope: str
    reach: Reach
    granted: bool = True
    stands_alone: bool = True
    webex_id: str | None = None
    source: str = "E Partner administrator roles"


ROLES: Final[Mapping[Role, RoleFacts]] = MappingProxyType(
    {
        Role.PARTNER_FULL: RoleFacts(
            label="Partner full administrator",
            scope="all customers; assigns roles, and customers to administrators",
            reach=Reach.ALL,
            webex_id="atlas-portal.partner.salesfulladmin",
        ),
        Role.PARTNER_ADMIN: RoleFacts(
            label="Partner administrator",
            scope="the customers that the person provisioned or was assigned",
            reach=Reach.ASSIGNED,
            webex_id="atlas-portal.partner.salesadmin",
        ),
        Role.PARTNER_READ_ONLY: RoleFacts(
            label="Partner read-only administrator",
            scope="views all customers and changes nothing",
            reach=Reach.ALL,
        ),
        Role.HELP_DESK_BASIC: RoleFacts(
            label="Help desk administrator (Basic)",
            scope="the Help Desk view, search over all customers, temporary reading",
            reach=Reach.ALL,
            webex_id="atlas-portal.partner.helpdesk",
        ),
        Role.HELP_DESK_ADVANCED: RoleFacts(
            label="Help desk administrator (Advanced)",
            scope="Basic, and may ask a customer's administrator for full access",
            reach=Reach.ALL,
        ),
        Role.PROVISIONING: RoleFacts(
            label="Provisioning administrator",
            scope="who set up services for an organization of another partner; as a "
            "partner administrator, without trials",
            reach=Reach.ASSIGNED,
            granted=False,
            webex_id="atlas-portal.partner.provision_admin",
        ),
        Role.WHOLESALE: RoleFacts(
            label="Wholesale administrator",
            scope="added to another role, to manage Wholesale Route-to-Market",
            reach=Reach.NONE,
            stands_alone=False,
            source="E Wholesale roles, since 2024-05",
        ),
    }
)
"""Role -> what is known of it, in the order in which they are listed."""


def access_of(role: Role, capability: Capability, /) -> Access:
    """What one role has of a capability.

    Examples:
        >>> access_of(Role.PROVISIONING, Capability.EDIT_TAGS).name
        'FULL'
        >>> access_of(Role.PROVISIONING, Capability.MANAGE_TRIALS).name
        'NONE'
    """
    row: Row = MATRIX[capability]
    match role:
        case Role.PARTNER_FULL:
            return row.full
        case Role.PARTNER_ADMIN:
            return row.admin
        case Role.PARTNER_READ_ONLY:
            return row.read_only
        case Role.HELP_DESK_BASIC:
            return row.basic
        case Role.HELP_DESK_ADVANCED:
            return row.advanced
        case Role.PROVISIONING if capability is Capability.MANAGE_TRIALS:
            return Access.NONE
        case Role.PROVISIONING:
            return row.admin
        case Role.WHOLESALE:
            return Access.NONE


def granted(roles: Iterable[Role], capability: Capability, /) -> Access:
    """What these roles together have of a capability: the most that one has."""
    return max((access_of(role, capability) for role in roles), default=Access.NONE)


def reach(roles: Iterable[Role], /) -> Reach:
    """Whose customers these roles together see: the most that one sees."""
    return max((ROLES[role].reach for role in roles), default=Reach.NONE)


def roles_with(capability: Capability, needed: Access, /) -> tuple[Role, ...]:
    """The roles that have at least so much of a capability.

    Examples:
        >>> [role.label for role in roles_with(Capability.EDIT_TAGS, Access.FULL)][:2]
        ['Partner full administrator', 'Partner administrator']
    """
    return tuple(role for role in Role if access_of(role, capability).covers(needed))


def parse_role(text: str | Role, /) -> Role:
    """The role that a text names: its code, its label or its id in the service.

    Raises:
        InvalidValue: It names none.

    Examples:
        >>> parse_role("Partner administrator"), parse_role("partner-full")
        (<Role.PARTNER_ADMIN: 'partner_admin'>, <Role.PARTNER_FULL: 'partner_full'>)
    """
    plain = " ".join(text.casefold().split())
    code = plain.replace("-", "_").replace(" ", "_")
    for role, facts in ROLES.items():
        if code == role or plain in {facts.label.casefold(), facts.webex_id}:
            return role
    raise InvalidValue("partner role", text, choices=[role.value for role in Role])
