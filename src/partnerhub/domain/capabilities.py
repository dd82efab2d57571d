"""Who may do what: the permission matrix of the partner roles, as data.

The marks of the sources are those of the specification's notes: E is read in an
English Webex page, L in a translated one, D is a deduction, and "ours" is a right
that only partnerhub has something to do with.
"""

from __future__ import annotations

from enum import IntEnum, StrEnum
from typing import Final

import attrs


class Access(IntEnum):
    """How much of a capability a role has; several roles have the most of theirs."""

    NONE = 0
    READ = 1
    TEMPORARY = 2
    """To change things too, once the customer's administrator has approved it.
    partnerhub does not know of approvals, so here it is to read."""
    FULL = 3

    def covers(self, needed: Access, /) -> bool:
        """Whether it is enough for what needs that much.

        Examples:
            >>> Access.TEMPORARY.covers(Access.READ)
            True
            >>> Access.TEMPORARY.covers(Access.FULL)
            False
        """
        return self >= needed


class Capability(StrEnum):
    """Something that takes a right. The value reads on after "may"."""

    # Settings of Partner Hub
    ASSIGN_ADMIN_ROLES = "assign administrator roles"
    PARTNER_ANALYTICS = "use partner analytics and reports"
    BRANDING = "set the branding"
    PARTNER_TEMPLATES = "set company policy and templates"
    CREATE_CUSTOMERS = "create customers"
    # Settings of a customer organization
    VIEW_CUSTOMERS = "view customers"
    ASSIGN_CUSTOMER_ROLES = "assign administrator roles of customers"
    MANAGE_USERS = "add and delete users of customers, and assign licenses"
    MANAGE_DEVICES = "manage devices of customers"
    CUSTOMER_TEMPLATES = "set company policy and templates of customers"
    CUSTOMER_ANALYTICS = "use analytics and reports of customers"
    TROUBLESHOOT = "troubleshoot for customers"
    LICENSES = "manage licenses and upgrades of customers"
    CUSTOMER_SETTINGS = "change organization settings of customers"
    APP_INTEGRATIONS = "manage app integrations of customers"
    SITES = "manage Webex sites of customers"
    AUDIT_LOG = "use the admin audit log of customers"
    USER_CONTENT = "see user-generated content of customers"
    LEGAL_HOLD = "place a legal hold for customers"
    JOIN_MEETINGS = "join meetings of customers in progress"
    RETRIEVE_LOGS = "retrieve logs of customers"
    # Tags, trials, administrators, reports
    READ_TAGS = "read tags"
    EDIT_TAGS = "edit tags"
    MANAGE_TRIALS = "begin and manage trials"
    ASSIGN_CUSTOMERS = "assign customers to administrators"
    CUSTOMERS_OF_ADMIN = "list the customers of an administrator"
    ADMINS_OF_CUSTOMER = "list the administrators of a customer"
    VIEW_ADMINISTRATORS = "view the list of administrators"
    REPORT_TEMPLATES = "list report templates"
    # What partnerhub adds
    SEE_OWN_ORGANIZATION = "see the partner's own organization, roles and help"
    SET_UP_OWN_ORGANIZATION = "set up the partner's own organization"
    LOAD_DATA = "load and copy data"
    SAVE_FILTERS = "save filters"
    SCHEDULE_REPORTS = "schedule reports"


@attrs.frozen
class Row:
    """One row of the matrix: what each role that can be given has of a capability.

    The provisioning administrator is no column: it has what the partner
    administrator has, but for trials. Nor is the wholesale administrator, which adds
    nothing to any of these.

    Attributes:
        capability: What it is about.
        full: Partner full administrator.
        admin: Partner administrator.
        read_only: Partner read-only administrator.
        basic: Help desk administrator (Basic).
        advanced: Help desk administrator (Advanced).
        source: Mark and source.
    """

    capability: Capability
    full: Access
    admin: Access
    read_only: Access
    basic: Access
    advanced: Access
    source: str


_ = Access.NONE
R = Access.READ
T = Access.TEMPORARY
Y = Access.FULL

_C = Capability
_ROLES: Final = "E Partner administrator roles, table 2"
_ADMINS: Final = "E Partner administrators API"
_OURS: Final = "ours"

# fmt: off
MATRIX: Final = {row.capability: row for row in (
    #                           full admin read basic advanced
    Row(_C.ASSIGN_ADMIN_ROLES,    Y, _, _, _, _, _ROLES),
    Row(_C.PARTNER_ANALYTICS,     Y, _, R, _, _, _ROLES),
    Row(_C.BRANDING,              Y, _, R, _, _, _ROLES),
    Row(_C.PARTNER_TEMPLATES,     Y, _, _, _, _, _ROLES),
    Row(_C.CREATE_CUSTOMERS,      Y, _, _, _, _, _ROLES),

    Row(_C.VIEW_CUSTOMERS,        Y, Y, Y, Y, Y, _ROLES),  # whose: see `roles.Reach`
    Row(_C.ASSIGN_CUSTOMER_ROLES, Y, Y, _, _, _, _ROLES),
    Row(_C.MANAGE_USERS,          Y, _, R, R, T, f"{_ROLES}, since 2023-03-08"),
    Row(_C.MANAGE_DEVICES,        Y, Y, R, R, T, _ROLES),
    Row(_C.CUSTOMER_TEMPLATES,    Y, Y, R, R, T, _ROLES),
    Row(_C.CUSTOMER_ANALYTICS,    Y, Y, R, R, T, _ROLES),
    Row(_C.TROUBLESHOOT,          Y, Y, R, Y, Y, _ROLES),
    Row(_C.LICENSES,              Y, Y, R, R, T, _ROLES),
    Row(_C.CUSTOMER_SETTINGS,     Y, Y, R, R, T, _ROLES),
    Row(_C.APP_INTEGRATIONS,      Y, Y, R, R, T, _ROLES),
    Row(_C.SITES,                 Y, Y, R, R, T, _ROLES),
    Row(_C.AUDIT_LOG,             Y, Y, R, R, T, _ROLES),
    Row(_C.USER_CONTENT,          _, _, _, Y, Y, _ROLES),
    Row(_C.LEGAL_HOLD,            _, _, _, _, _, _ROLES),
    Row(_C.JOIN_MEETINGS,         _, _, _, _, Y, _ROLES),
    Row(_C.RETRIEVE_LOGS,         _, _, _, Y, Y, _ROLES),

    Row(_C.READ_TAGS,             Y, Y, R, R, R, "E Partner tags API; help desk: ours"),
    Row(_C.EDIT_TAGS,             Y, Y, _, _, _, "E Partner tags API"),
    Row(_C.MANAGE_TRIALS,         Y, Y, _, _, _, "D; a row of the table until 2024-03-06"),
    Row(_C.ASSIGN_CUSTOMERS,      Y, _, _, _, _, _ADMINS),
    Row(_C.CUSTOMERS_OF_ADMIN,    Y, _, R, _, _, _ADMINS),
    Row(_C.ADMINS_OF_CUSTOMER,    Y, _, _, _, _, _ADMINS),
    Row(_C.VIEW_ADMINISTRATORS,   Y, _, R, _, _, "L Wholesale analytics, table 1"),
    Row(_C.REPORT_TEMPLATES,      Y, _, R, _, _, "E Partner report templates API"),

    Row(_C.SEE_OWN_ORGANIZATION,    Y, Y, R, R, R, _OURS),
    Row(_C.SET_UP_OWN_ORGANIZATION, Y, _, _, _, _, _OURS),
    Row(_C.LOAD_DATA,               Y, _, _, _, _, _OURS),
    Row(_C.SAVE_FILTERS,            Y, Y, R, R, R, _OURS),
    Row(_C.SCHEDULE_REPORTS,        Y, _, _, _, _, _OURS),
)}
"""Capability -> its row, in the order of the page."""
# fmt: on


class PartnerKind(StrEnum):
    """What a partner sells, which decides over a few more rights."""

    FLEX = "flex"
    """Not wholesale."""
    WHOLESALE = "wholesale"
    BROADWORKS = "broadworks"


@attrs.frozen
class OfferRow:
    """What a role may do with the customers of one kind of partner.

    Attributes:
        kind: The kind of partner.
        role: Partner full administrator, and so on; "full + wholesale" for the
            first with the wholesale administrator added.
        create_paid: Create a paid customer.
        wholesale: Wholesale customers.
        flex: Flex customers.
        administrators: The list of administrators.
        templates: Templates.
        analytics: The analytics of wholesale and BroadWorks packages.
    """

    kind: PartnerKind
    role: str
    create_paid: Access
    wholesale: Access
    flex: Access
    administrators: Access
    templates: Access
    analytics: Access


_K = PartnerKind

# fmt: off
OFFERS: Final = (
    #                                     paid whole flex admins templates analytics
    OfferRow(_K.FLEX,       "full",             _, _, Y, Y, _, _),
    OfferRow(_K.FLEX,       "admin",            _, _, Y, _, _, _),
    OfferRow(_K.FLEX,       "read-only",        _, _, R, R, _, _),
    OfferRow(_K.WHOLESALE,  "full",             _, Y, Y, Y, _, Y),
    OfferRow(_K.WHOLESALE,  "full + wholesale", Y, Y, Y, Y, Y, Y),
    OfferRow(_K.WHOLESALE,  "admin",            _, Y, Y, _, _, _),
    OfferRow(_K.WHOLESALE,  "read-only",        _, R, R, R, _, Y),
    OfferRow(_K.BROADWORKS, "full",             _, _, _, _, _, Y),
    OfferRow(_K.BROADWORKS, "admin",            _, _, _, _, _, _),
    OfferRow(_K.BROADWORKS, "read-only",        _, _, _, _, _, Y),
)
"""The rights that differ by kind of partner (L; for information, enforced nowhere)."""
# fmt: on
