"""Facts files: what no report of Partner Hub carries, in a format of our own.

Sign-ins, payment, provisioning, start dates, use in the last 7 days.
Each file may leave out any column but its key columns.
"""

from __future__ import annotations

from typing import Final

from partnerhub.domain.customers import NEVER, NEVER_WORDS
from partnerhub.domain.layouts.columns import CellType, Column, Layout
from partnerhub.domain.layouts.shared import (
    STATUS_CHOICES,
    TRIAL_ID_CHOICES,
    TYPE_CHOICES,
)

_LEFT_OUT: Final = "Nothing is said about it; what was known stays."

_ORG_ID: Final = Column(
    key="org_id",
    heading="Org ID",
    french="ID de l'organisation",
    cell=CellType.ID,
    # Fewer than in the reports: a list of customers that happens to have an
    # organization's id is no facts file.
    aliases=("Organization ID",),
    required=True,
    meaning="Unique identifier of the customer organization.",
)

CUSTOMER_FACTS: Final = Layout(
    key="customer-facts",
    name="Customer Facts",
    french="Faits sur les clients",
    one_of=(
        ("name",),
        ("region",),
        ("managed_by",),
        ("industry",),
        ("last_admin_sign_in",),
        ("has_admins",),
        ("user_emails",),
        ("tags",),
    ),
    columns=(
        _ORG_ID,
        Column(
            key="name",
            heading="Name",
            french="Nom",
            aliases=("Customer name", "Nom du client"),
            blank=_LEFT_OUT,
            meaning="Name of the customer organization.",
        ),
        Column(
            key="region",
            heading="Region",
            french="Région",
            blank=_LEFT_OUT,
            meaning="Region in which the customer's data are kept.",
        ),
        Column(
            key="managed_by",
            heading="Managed by",
            french="Géré par",
            cell=CellType.CHOICE,
            blank=_LEFT_OUT,
            meaning="Whether the customer is part of the partner organization or "
            "managed by an external administrator.",
            choices={
                "partner": ("partner organization", "organisation partenaire"),
                "external": ("external administrator", "administrateur externe"),
            },
        ),
        Column(
            key="industry",
            heading="Industry",
            french="Secteur d'activité",
            aliases=("Business vertical", "Type d'industrie"),
            blank=_LEFT_OUT,
            meaning="Industry of the customer.",
        ),
        Column(
            key="last_admin_sign_in",
            heading="Last administrator sign-in",
            french="Dernière connexion d'un administrateur",
            cell=CellType.DAY,
            blank=_LEFT_OUT,
            meaning="Last day on which an administrator of the customer signed in, "
            'or "never".',
            words=dict.fromkeys(NEVER_WORDS, NEVER),
        ),
        Column(
            key="has_admins",
            heading="Has administrators",
            french="A des administrateurs",
            cell=CellType.FLAG,
            blank=_LEFT_OUT,
            meaning="Whether the customer has an administrator at all.",
        ),
        Column(
            key="user_emails",
            heading="User e-mail addresses",
            french="Adresses électroniques des utilisateurs",
            blank=_LEFT_OUT,
            meaning="Addresses by which the customer is found, separated by spaces, "
            "commas or semicolons.",
            personal=True,
        ),
        Column(
            key="tags",
            heading="Tags",
            french="Étiquettes",
            aliases=("Custom tags", "Balises"),
            blank=_LEFT_OUT,
            meaning="Tags of the customer, separated by commas or semicolons; at most 5 "
            "of 25 characters.",
        ),
    ),
)

_SUBSCRIPTION: Final = (
    Column(
        key="starts_on",
        heading="Starts on",
        french="Date de début",
        cell=CellType.DAY,
        aliases=("Start date",),
        blank=_LEFT_OUT,
        meaning="First day of the subscription.",
    ),
    Column(
        key="ends_on",
        heading="Ends on",
        french="Date de fin",
        cell=CellType.DAY,
        aliases=("End date",),
        blank=_LEFT_OUT,
        meaning="Day on which the subscription ends or renews.",
    ),
    Column(
        key="auto_renews",
        heading="Auto-renews",
        french="Renouvellement automatique",
        cell=CellType.FLAG,
        blank=_LEFT_OUT,
        meaning="Whether the subscription renews by itself.",
    ),
    Column(
        key="type",
        heading="Type",
        french="Type",
        cell=CellType.CHOICE,
        blank=_LEFT_OUT,
        meaning="Kind of subscription, as the source writes it.",
        choices=TYPE_CHOICES,
    ),
    Column(
        key="status",
        heading="Status",
        french="Statut",
        cell=CellType.CHOICE,
        blank=_LEFT_OUT,
        meaning="State of the subscription.",
        choices=STATUS_CHOICES,
    ),
    Column(
        key="paid",
        heading="Paid",
        french="Payé",
        cell=CellType.FLAG,
        blank=_LEFT_OUT,
        meaning="Whether the subscription has been paid.",
    ),
    Column(
        key="provisioned",
        heading="Provisioned",
        french="Provisionné",
        cell=CellType.CHOICE,
        blank=_LEFT_OUT,
        meaning="TRUE, FALSE, or the provisioning status as the source writes it.",
        choices={
            "TRUE": ("1", "Yes", "Vrai", "Oui"),
            "FALSE": ("0", "No", "Faux", "Non"),
        },
    ),
    Column(
        key="commitment_term",
        heading="Commitment term",
        french="Durée d'engagement",
        blank=_LEFT_OUT,
        meaning="Length of the commitment, as the source writes it.",
    ),
    Column(
        key="invoice",
        heading="Invoice",
        french="Facture",
        blank=_LEFT_OUT,
        meaning="Number of the subscription's invoice.",
    ),
    Column(
        key="orders",
        heading="Orders",
        french="Commandes",
        blank=_LEFT_OUT,
        meaning="Order numbers, separated by commas or semicolons.",
    ),
)

_LICENSE_LINE: Final = (
    Column(
        key="product",
        heading="Product",
        french="Produit",
        aliases=("License", "License name", "Licence"),
        blank="The row says nothing about one license type.",
        meaning="Name of the license type that the numbers of the row are of.",
    ),
    Column(
        key="total",
        heading="Total",
        french="Total",
        cell=CellType.COUNT,
        blank=_LEFT_OUT,
        meaning="Licenses provisioned.",
        negative_is_unknown=True,
    ),
    Column(
        key="assigned",
        heading="Assigned",
        french="Attribuées",
        cell=CellType.COUNT,
        blank=_LEFT_OUT,
        meaning="Licenses assigned to users.",
    ),
    Column(
        key="used_7d",
        heading="Used in the last 7 days",
        french="Utilisées ces 7 derniers jours",
        cell=CellType.COUNT,
        blank=_LEFT_OUT,
        meaning="Licenses used in the 7 days up to the row's day.",
    ),
    Column(
        key="used_3m",
        heading="Used in the last 3 months",
        french="Utilisées ces 3 derniers mois",
        cell=CellType.COUNT,
        blank=_LEFT_OUT,
        meaning="Licenses used in the 3 months up to the row's day.",
    ),
)

SUBSCRIPTION_FACTS: Final = Layout(
    key="subscription-facts",
    name="Subscription Facts",
    french="Faits sur les abonnements",
    dated=True,
    one_of=tuple((column.key,) for column in (*_SUBSCRIPTION, *_LICENSE_LINE)),
    columns=(
        _ORG_ID,
        Column(
            key="subscription_id",
            heading="Subscription ID",
            french="ID d'abonnement",
            required=True,
            meaning="Unique identifier of the subscription. Of a trial without one, type "
            "and product say which it is; rows without them are of the only one.",
            choices=TRIAL_ID_CHOICES,
        ),
        Column(
            key="day",
            heading="Day",
            french="Jour",
            cell=CellType.DAY,
            required=True,
            meaning="The day the row describes.",
        ),
        *_SUBSCRIPTION,
        *_LICENSE_LINE,
    ),
)
