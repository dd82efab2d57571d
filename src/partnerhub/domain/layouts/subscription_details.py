"""Subscription Details: one row a subscription, ended ones too (19 columns)."""

from __future__ import annotations

from typing import Final

from partnerhub.domain.layouts.columns import CellType, Column, Layout
from partnerhub.domain.layouts.shared import (
    REGION,
    STATUS_CHOICES,
    TRIAL_ID_CHOICES,
    TYPE_CHOICES,
    customer_name,
    org_id,
)
from partnerhub.domain.products import (
    CALLING_PROFESSIONAL,
    CALLING_STANDARD,
    MEETINGS_LICENSE,
)


def _license(
    key: str,
    heading: str,
    french: str,
    product: str,
    *,
    aliases: tuple[str, str],
    literal_assigned: str = "",
) -> tuple[Column, Column, Column]:
    """The three columns of one license type: available, assigned, used.

    Args:
        key: What the column keys start with.
        heading: English heading, without its bracket.
        french: French heading, without its bracket.
        product: The license type, as the meanings name it.
        aliases: Other starts of the heading, one in each language.
        literal_assigned: The assigned column's heading in the specification,
            where it differs from that of its two neighbours.
    """
    starts = (heading, french, *aliases)

    def named(*brackets: str) -> tuple[str, ...]:
        return tuple(f"{start} ({bracket})" for start in starts for bracket in brackets)

    blank = f"The number of {product} licenses is not known."
    return (
        Column(
            key=f"{key}_total",
            heading=f"{heading} (available)",
            french=f"{french} (disponible)",
            cell=CellType.COUNT,
            aliases=named("disponible", "available", "total", "provisioned"),
            blank=blank,
            meaning=f"{product} licenses provisioned: the total that assigned is "
            "compared with.",
            negative_is_unknown=True,
        ),
        Column(
            key=f"{key}_assigned",
            heading=f"{heading} (assigned)",
            french=f"{french} (attribuée)",
            cell=CellType.COUNT,
            aliases=(
                *named("attribuée", "assigned"),
                *((literal_assigned,) if literal_assigned else ()),
            ),
            blank=blank,
            meaning=f"{product} licenses assigned to users.",
        ),
        Column(
            key=f"{key}_used",
            heading=f"{heading} (used)",
            french=f"{french} (utilisée)",
            cell=CellType.COUNT,
            aliases=named("utilisée", "used"),
            blank=blank,
            meaning=f"{product} licenses used at least once.",
        ),
    )


_MEETINGS: Final = _license(
    "meetings",
    "Meeting license",
    "Licence de réunion",
    "Webex Meetings",
    aliases=("Meetings license", "Licence Meetings"),
)
_CALLING_PROFESSIONAL: Final = _license(
    "calling_professional",
    "Calling Professional license",
    "Licence d'appel professionnelle",
    "Webex Calling Professional",
    aliases=("Professional Calling license", "Licence professionnelle d'appel"),
)
_CALLING_STANDARD: Final = _license(
    "calling_standard",
    "Calling Standard license",
    "Licence d'appel standard",
    "Webex Calling Standard",
    aliases=("Standard Calling license", "Licence standard d'appel"),
    literal_assigned="Appel de la licence standard (attribuée)",
)

LICENSE_TRIPLES: Final = tuple(
    tuple(column.key for column in triple)
    for triple in (_MEETINGS, _CALLING_PROFESSIONAL, _CALLING_STANDARD)
)
"""The column keys of each license type: total, assigned, used."""

LICENSE_NAMES: Final = (MEETINGS_LICENSE, CALLING_PROFESSIONAL, CALLING_STANDARD)
"""The license that each triple counts."""

SUBSCRIPTION_DETAILS: Final = Layout(
    key="subscription-details",
    name="Subscription Details",
    french="Détails de l'abonnement",
    also=(REGION,),
    dated=True,
    one_of=LICENSE_TRIPLES,
    columns=(
        Column(
            key="calculation_date",
            heading="Calculation date",
            french="Date de calcul",
            cell=CellType.DAY,
            aliases=("Calculated on", "Report date"),
            required=True,
            meaning="The day the row describes.",
        ),
        customer_name("Customer name", "Nom du client"),
        org_id("Org ID", "ID de l'organisation"),
        Column(
            key="status",
            heading="Subscription status",
            french="Statut de l'abonnement",
            cell=CellType.CHOICE,
            aliases=(
                "Status",
                "Statut",
                "Statut du/des abonnement(s)",
                "Statut des abonnements",
                "Subscription(s) status",
            ),
            blank="The status is not known.",
            meaning="State of the subscription.",
            choices=STATUS_CHOICES,
        ),
        Column(
            key="subscription_id",
            heading="Subscription ID",
            french="ID d'abonnement",
            aliases=("Identifiant d'abonnement", "ID de l'abonnement"),
            required=True,
            meaning='Unique identifier of the subscription; "Enterprise Trial" where '
            "a trial has none.",
            choices=TRIAL_ID_CHOICES,
        ),
        Column(
            key="subscription_type",
            heading="Subscription type",
            french="Type d'abonnement",
            cell=CellType.CHOICE,
            aliases=("Type", "Type de l'abonnement"),
            blank="The type is not known.",
            meaning="Kind of subscription the customer has.",
            choices=TYPE_CHOICES,
        ),
        Column(
            key="users_total",
            heading="Total users in organization",
            french="Nombre total d'utilisateurs dans l'organisation",
            cell=CellType.COUNT,
            aliases=("Total users", "Total number of users in organization"),
            blank="The number is not known.",
            meaning="Users in the customer organization.",
        ),
        Column(
            key="users_verified",
            heading="Total verified users",
            french="Nombre total d'utilisateurs vérifiés",
            cell=CellType.COUNT,
            aliases=("Verified users", "Total number of verified users"),
            blank="The number is not known.",
            meaning="Users whose status in Control Hub is verified.",
        ),
        Column(
            key="auto_renew",
            heading="Auto-renew enabled",
            french="Renouvellement automatique activé",
            cell=CellType.FLAG,
            aliases=("Auto-renew", "Auto-renewal enabled", "Renouvellement auto"),
            blank="Whether it renews is not known.",
            meaning="Whether the subscription renews by itself.",
        ),
        Column(
            key="expiration_or_renewal_date",
            heading="Expiration/Renewal date",
            french="Date d'expiration/de renouvellement",
            cell=CellType.DAY,
            aliases=(
                "Expiration / Date de renouvellement",
                "Expiration date",
                "Renewal date",
                "Expiration or renewal date",
                "Date d'expiration",
                "Date de renouvellement",
            ),
            blank="The end of the subscription is not known.",
            meaning="The day on which the subscription renews or expires.",
        ),
        *_MEETINGS,
        *_CALLING_PROFESSIONAL,
        *_CALLING_STANDARD,
    ),
)
