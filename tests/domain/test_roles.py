import base64

import pytest

from partnerhub.domain.capabilities import (
    MATRIX,
    OFFERS,
    Access,
    Capability,
    PartnerKind,
)
from partnerhub.domain.errors import InvalidValue
from partnerhub.domain.roles import (
    ROLES,
    Reach,
    Role,
    access_of,
    granted,
    parse_role,
    reach,
    roles_with,
)

GIVEN = (
    Role.PARTNER_FULL,
    Role.PARTNER_ADMIN,
    Role.PARTNER_READ_ONLY,
    Role.HELP_DESK_BASIC,
    Role.HELP_DESK_ADVANCED,
)

# Table 2 of the roles article, row by row, as its page prints it.
PUBLISHED = {
    Capability.ASSIGN_ADMIN_ROLES: "Y----",
    Capability.PARTNER_ANALYTICS: "Y-R--",
    Capability.BRANDING: "Y-R--",
    Capability.PARTNER_TEMPLATES: "Y----",
    Capability.CREATE_CUSTOMERS: "Y----",
    Capability.VIEW_CUSTOMERS: "YYYYY",
    Capability.ASSIGN_CUSTOMER_ROLES: "YY---",
    Capability.MANAGE_USERS: "Y-RRT",
    Capability.MANAGE_DEVICES: "YYRRT",
    Capability.CUSTOMER_TEMPLATES: "YYRRT",
    Capability.CUSTOMER_ANALYTICS: "YYRRT",
    Capability.TROUBLESHOOT: "YYRYY",
    Capability.LICENSES: "YYRRT",
    Capability.CUSTOMER_SETTINGS: "YYRRT",
    Capability.APP_INTEGRATIONS: "YYRRT",
    Capability.SITES: "YYRRT",
    Capability.AUDIT_LOG: "YYRRT",
    Capability.USER_CONTENT: "---YY",
    Capability.LEGAL_HOLD: "-----",
    Capability.JOIN_MEETINGS: "----Y",
    Capability.RETRIEVE_LOGS: "---YY",
    # From the programming interfaces.
    Capability.EDIT_TAGS: "YY---",
    Capability.ASSIGN_CUSTOMERS: "Y----",
    Capability.CUSTOMERS_OF_ADMIN: "Y-R--",
    Capability.ADMINS_OF_CUSTOMER: "Y----",
    Capability.REPORT_TEMPLATES: "Y-R--",
    Capability.MANAGE_TRIALS: "YY---",
}
LETTERS = {
    Access.FULL: "Y",
    Access.READ: "R",
    Access.TEMPORARY: "T",
    Access.NONE: "-",
}


@pytest.mark.parametrize("capability", PUBLISHED)
def test_the_matrix_is_the_published_one(capability):
    found = "".join(LETTERS[access_of(role, capability)] for role in GIVEN)
    assert found == PUBLISHED[capability]


def test_every_capability_has_a_row_with_its_source():
    assert list(MATRIX) == list(Capability)
    assert all(row.source for row in MATRIX.values())


def test_the_provisioning_administrator_has_no_trials():
    for capability in Capability:
        partner = access_of(Role.PARTNER_ADMIN, capability)
        derived = access_of(Role.PROVISIONING, capability)
        no_trials = capability is Capability.MANAGE_TRIALS
        assert derived == (Access.NONE if no_trials else partner)


def test_the_wholesale_administrator_adds_nothing_by_itself():
    assert reach([Role.WHOLESALE]) is Reach.NONE
    assert all(
        access_of(Role.WHOLESALE, capability) is Access.NONE
        for capability in Capability
    )


def test_whose_customers_a_role_sees():
    all_of_them = {role for role in Role if reach([role]) is Reach.ALL}
    assert all_of_them == set(GIVEN) - {Role.PARTNER_ADMIN}
    assert reach([Role.PARTNER_ADMIN, Role.WHOLESALE]) is Reach.ASSIGNED
    assert reach([]) is Reach.NONE


def test_no_role_no_right():
    assert granted([], Capability.VIEW_CUSTOMERS) is Access.NONE


def test_the_roles_that_have_a_capability():
    assert roles_with(Capability.PARTNER_ANALYTICS, Access.READ) == (
        Role.PARTNER_FULL,
        Role.PARTNER_READ_ONLY,
    )
    assert roles_with(Capability.LEGAL_HOLD, Access.READ) == ()


@pytest.mark.parametrize("role", Role)
def test_a_role_is_read_by_code_label_and_id(role):
    facts = ROLES[role]
    names = {role.value, facts.label.upper(), role.value.replace("_", "-")}
    for name in names | ({facts.webex_id} if facts.webex_id else set()):
        assert parse_role(name) is role


def test_an_unknown_role_names_the_nearest():
    with pytest.raises(InvalidValue, match="did you mean 'partner_admin'"):
        parse_role("partner_adm")


def test_the_id_of_the_full_administrator_is_that_of_the_sample():
    known = ROLES[Role.PARTNER_FULL].webex_id
    assert base64.b64encode(known.encode()).decode().upper().startswith("YXRSYXM")


def test_rights_by_kind_of_partner_cover_all_kinds():
    assert {row.kind for row in OFFERS} == set(PartnerKind)
    (wholesale,) = (row for row in OFFERS if row.role == "full + wholesale")
    assert wholesale.create_paid is Access.FULL
