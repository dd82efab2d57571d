"""The three files that list what is there on a day: devices, numbers, app versions."""

from __future__ import annotations

from typing import Final

from partnerhub.domain.layouts.columns import CellType, Column, Layout
from partnerhub.domain.layouts.shared import REGION, customer_name, org_id

_EXTERNAL_ID: Final = Column(
    key="external_id",
    heading="External ID",
    french="ID externe",
    aliases=("External customer ID", "Identifiant externe"),
    blank="The customer is no wholesale customer.",
    meaning="Identifier given when the wholesale customer was created.",
)


def _location_id(thing: str) -> Column:
    return Column(
        key="location_id",
        heading="Location ID",
        french="ID de l'emplacement",
        cell=CellType.ID,
        aliases=("Location UUID", "Identifiant de l'emplacement"),
        blank="The location is not known.",
        meaning=f"Identifier of the location to which the {thing} belongs.",
    )


def _location_name(thing: str) -> Column:
    return Column(
        key="location_name",
        heading="Location name",
        french="Nom de l'emplacement",
        aliases=("Location", "Emplacement"),
        blank="The location is not known.",
        meaning=f"Name of the location to which the {thing} belongs.",
    )


def _phone_number(blank: str, meaning: str) -> Column:
    return Column(
        key="phone_number",
        heading="Phone number",
        french="Numéro de téléphone",
        cell=CellType.PHONE,
        aliases=("Telephone number", "Phone", "Number", "Numéro"),
        blank=blank,
        meaning=meaning,
        personal=True,
    )


def _extension(blank: str, meaning: str) -> Column:
    return Column(
        key="extension",
        heading="Extension",
        french="Extension",
        aliases=("Ext", "Poste", "Numéro de poste"),
        blank=blank,
        meaning=meaning,
        personal=True,
    )


def _user_id(thing: str) -> Column:
    return Column(
        key="user_id",
        heading="User ID",
        french="ID utilisateur",
        aliases=("Email", "User email", "ID de l'utilisateur", "Adresse électronique"),
        blank=f"The {thing} is not assigned.",
        meaning=f"Identifier of the user to whom the {thing} is assigned; an e-mail "
        "address for a person.",
        personal=True,
    )


def _user_uuid(thing: str) -> Column:
    return Column(
        key="user_uuid",
        heading="User UUID",
        french="UUID utilisateur",
        cell=CellType.ID,
        aliases=("UUID de l'utilisateur",),
        blank=f"The {thing} is not assigned.",
        meaning=f"UUID of the user or feature to which the {thing} is assigned.",
        personal=True,
    )


DEVICES: Final = Layout(
    key="devices",
    name="Devices",
    french="Appareils",
    also=(REGION,),
    note="Changes of devices can take up to 24 hours to appear.",
    french_note="Les modifications apportées aux appareils peuvent mettre jusqu'à "
    "24 heures à apparaître.",
    columns=(
        _EXTERNAL_ID,
        customer_name("Customer", "Client"),
        org_id("Org ID", "ID de l'organisation"),
        _location_id("device"),
        _location_name("device"),
        Column(
            key="product",
            heading="Product",
            french="Produit",
            aliases=("Product type", "Device type", "Model", "Type de produit"),
            blank="The product is not known.",
            meaning="Product type of the device.",
        ),
        Column(
            key="mac",
            heading="MAC",
            french="MAC",
            aliases=("MAC address", "Adresse MAC"),
            required=True,
            blank="The device has not been activated yet.",
            meaning="Media access control address of the device.",
        ),
        Column(
            key="firmware",
            heading="Firmware",
            french="Micrologiciel",
            aliases=("Firmware version", "Software version", "Version du firmware"),
            blank="The version is not known.",
            meaning="Software version of the device.",
        ),
        _phone_number(
            "The device has no number.", "Primary phone number of the device."
        ),
        _extension("The device has no extension.", "Primary extension of the device."),
        _user_id("device"),
        _user_uuid("device"),
    ),
)

TELEPHONE_NUMBERS: Final = Layout(
    key="telephone-numbers",
    name="Telephone Numbers",
    french="Numéros de téléphone",
    also=(REGION,),
    note="Changes of telephone numbers can take up to 24 hours to appear.",
    french_note="Les modifications apportées aux numéros de téléphone peuvent mettre "
    "jusqu'à 24 heures à apparaître.",
    one_of=(("phone_number",), ("extension",)),
    columns=(
        _EXTERNAL_ID,
        customer_name("Customer", "Client"),
        org_id("Org ID", "ID de l'organisation"),
        _location_id("number"),
        _location_name("number"),
        Column(
            key="country",
            heading="Country",
            french="Pays",
            aliases=("Country code", "Code pays"),
            blank="The country is not known.",
            meaning="Country of the location to which the number belongs.",
        ),
        _phone_number("The row is an extension.", "Phone number."),
        _extension("The row is a phone number.", "Extension."),
        Column(
            key="pstn_connection",
            heading="PSTN connection",
            french="Connexion RTPC",
            # The specification writes RTCP where it means RTPC.
            aliases=("Connexion RTCP", "PSTN provider", "PSTN"),
            blank="The row is an extension.",
            meaning="Provider that connects the number to the telephone network.",
        ),
        Column(
            key="active",
            heading="Active",
            french="Actif",
            cell=CellType.FLAG,
            aliases=("Activated", "Activé", "Status", "Statut"),
            blank="The state is not known.",
            meaning="Whether the number is activated.",
        ),
        Column(
            key="user_type",
            heading="User type",
            french="Type d'utilisateur",
            cell=CellType.CHOICE,
            aliases=("Owner type", "Assigned to type"),
            blank="The number is not assigned.",
            meaning="Kind of user or feature to which the number is assigned.",
            choices={
                "People": ("Person", "User", "Personnes", "Personne", "Utilisateur"),
                "Workspace": ("Place", "Espace de travail"),
                "Auto attendant": (
                    "Répondeur automatique",
                    "Standard automatique",
                ),
                "Hunt group": ("Groupe de recherche", "Groupe de chasse"),
                "Call queue": ("File d'attente d'appels", "File d'attente"),
                "Virtual line": ("Ligne virtuelle",),
                "Voicemail group": ("Groupe de messagerie vocale",),
                "Paging group": ("Groupe de radiomessagerie",),
            },
        ),
        Column(
            key="number_type",
            heading="Number type",
            french="Type de numéro",
            cell=CellType.CHOICE,
            aliases=("Phone number type",),
            blank="The row is an extension, or the number is not assigned.",
            meaning="Whether the number is the user's first or a further one.",
            choices={
                "Primary": ("Principal", "Primaire"),
                "Secondary": ("Secondaire", "Alternate"),
            },
        ),
        _user_id("number"),
        _user_uuid("number"),
    ),
)

WEBEX_APP_VERSION: Final = Layout(
    key="webex-app-version",
    name="Webex App Version",
    french="Version de l'application Webex",
    also=(REGION,),
    window_days=90,
    note="Users of the last 90 days.",
    french_note="Utilisateurs des 90 derniers jours.",
    columns=(
        customer_name("Customer name", "Nom du client"),
        org_id("Organization ID", "ID de l'organisation"),
        Column(
            key="application_type",
            heading="Application type",
            french="Type d'application",
            aliases=("App type", "Client type"),
            required=True,
            blank="The type is not known.",
            meaning="Kind of Webex App client.",
        ),
        Column(
            key="platform",
            heading="Platform",
            french="Plateforme",
            aliases=("Plate-forme",),
            required=True,
            blank="The platform is not known.",
            meaning="What the client runs on.",
        ),
        Column(
            key="version",
            heading="Version",
            french="Version",
            aliases=("App version", "Application version", "Client version"),
            required=True,
            blank="The version is not known.",
            meaning="Last version of the client seen.",
        ),
        Column(
            key="os_version",
            heading="OS version",
            french="Version du SE",
            aliases=("Operating system version", "Version du système d'exploitation"),
            blank="The version is not known.",
            meaning="Last version of the operating system seen.",
        ),
        Column(
            key="users",
            heading="Number of users",
            french="Nombre d'utilisateurs",
            cell=CellType.COUNT,
            aliases=("User count", "Total users"),
            required=True,
            blank="The number is not known.",
            meaning="Users on that platform and version.",
        ),
    ),
)
