"""Columns and texts that several layouts have in common.

The specification calls one thing by two names in different reports (Customer and
Customer name, Org ID and Organization ID), so the headings are arguments and the
aliases are not.
"""

from __future__ import annotations

from typing import Final

from partnerhub.domain.layouts.columns import CellType, Column
from partnerhub.domain.source_text import TRIAL_ID, TRIAL_LITERALS

STATUS_CHOICES: Final = {
    "Active": ("Actif", "Active(s)", "Actif(s)", "Actif (s)"),
    "Expired": ("Expiré", "Expired(s)", "Expiré(s)", "Expiré (s)"),
    "Suspended": ("Suspendu", "Suspendu(s)"),
}

TRIAL_ID_CHOICES: Final = {TRIAL_ID: TRIAL_LITERALS[1:]}

TYPE_CHOICES: Final = {
    "Subscription": ("Abonnement",),
    "Trial": ("Essai", "Essai clinique"),
    **TRIAL_ID_CHOICES,
}


REGION: Final = Column(
    key="region",
    heading="Region",
    french="Région",
    blank="Nobody has told.",
    meaning="Where the customer's data are kept.",
)


def customer_name(heading: str, french: str) -> Column:
    """The name of the customer organization."""
    return Column(
        key="customer_name",
        heading=heading,
        french=french,
        aliases=(
            "Customer",
            "Customer name",
            "Customer organization",
            "Organization name",
            "Client",
            "Nom du client",
            "Nom de l'organisation",
        ),
        blank="The customer's name is not known.",
        meaning="Name of the customer organization.",
    )


def org_id(heading: str, french: str) -> Column:
    """The id of the customer organization, which every file needs."""
    return Column(
        key="org_id",
        heading=heading,
        french=french,
        cell=CellType.ID,
        aliases=(
            "Org ID",
            "Org UUID",
            "Organization ID",
            "Organisation ID",
            "Organization UUID",
            "Customer ID",
            "Customer Org ID",
            "User organization ID",
            "ID de l'organisation",
            "Identifiant de l'organisation",
            "Identifiant de l'organisation de l'utilisateur",
        ),
        required=True,
        meaning="Unique identifier of the customer organization.",
    )
