"""The layouts: what every other part relies on them for."""

from __future__ import annotations

import pytest

from partnerhub.adapters.exports.headings import folded
from partnerhub.domain.layouts import (
    CALLING_USAGE_DETAILS,
    CUSTOMER_FACTS,
    DEVICES,
    LAYOUTS,
    SUBSCRIPTION_DETAILS,
    SUBSCRIPTION_FACTS,
    TELEPHONE_NUMBERS,
    WEBEX_APP_VERSION,
    CellType,
    Layout,
)

every_layout = pytest.mark.parametrize("layout", LAYOUTS, ids=lambda one: one.key)


@pytest.mark.parametrize(
    ("layout", "columns"),
    [
        (SUBSCRIPTION_DETAILS, 19),
        (CALLING_USAGE_DETAILS, 33),
        (DEVICES, 12),
        (TELEPHONE_NUMBERS, 14),
        (WEBEX_APP_VERSION, 7),
    ],
    ids=lambda one: getattr(one, "key", one),
)
def test_a_report_has_the_columns_of_the_specification(layout: Layout, columns: int):
    assert len(layout.columns) == columns


@every_layout
def test_every_name_of_a_column_is_its_alone(layout: Layout):
    owner: dict[str, str] = {}
    for column in layout.columns:
        for name in column.names:
            assert folded(name), f"{column.key} has a name of punctuation only"
            assert owner.setdefault(folded(name), column.key) == column.key, name


@every_layout
def test_every_text_of_a_choice_is_its_alone(layout: Layout):
    for column in layout.columns:
        texts = [
            text.casefold()
            for written, read in column.choices.items()
            for text in (written, *read)
        ]
        assert len(texts) == len(set(texts)), column.key


@every_layout
def test_every_column_is_described(layout: Layout):
    for column in layout.columns:
        assert column.meaning.endswith("."), column.key
        assert column.french, column.key
        assert column.required or column.blank, f"{column.key}: when is it blank?"
        assert column.key.isidentifier()


@every_layout
def test_keys_are_unique_and_groups_name_columns(layout: Layout):
    assert len(set(layout.keys)) == len(layout.keys)
    for group in layout.one_of:
        assert set(group) <= set(layout.keys)


def test_layouts_are_told_apart_by_key():
    assert [layout.key for layout in LAYOUTS] == [
        "calling-usage-details",
        "devices",
        "telephone-numbers",
        "webex-app-version",
        "subscription-details",
        "customer-facts",
        "subscription-facts",
    ]


def test_every_file_needs_the_id_of_the_organization():
    assert all(layout.column("org_id").required for layout in LAYOUTS)


def test_dated_layouts_have_a_required_day():
    for layout in LAYOUTS:
        days = [c for c in layout.columns if c.cell is CellType.DAY and c.required]
        assert bool(days) == layout.dated, layout.key


def test_a_column_that_is_not_there_is_a_key_error():
    with pytest.raises(KeyError, match="mac"):
        WEBEX_APP_VERSION.column("mac")


def test_addresses_and_numbers_of_people_are_marked():
    marked = {
        column.key for layout in LAYOUTS for column in layout.columns if column.personal
    }
    assert marked == {
        "phone_number",
        "extension",
        "user_id",
        "user_uuid",
        "user_emails",
    }


def test_facts_carry_what_no_report_does():
    assert {"last_admin_sign_in", "managed_by"} <= set(CUSTOMER_FACTS.keys)
    assert {"paid", "provisioned", "starts_on"} <= set(SUBSCRIPTION_FACTS.keys)


LITERAL = {
    "calling-usage-details": """
        Nom du client|ID de l’organisation|Emplacement|Total des appels
        |Total des segments d’appels|Qualité d'appel totalement médiocre
        |Minutes d'appel|Minutes d'appel - Vidéo|Jambes d'appel - Audio
        |Appeler les jambes - Vidéo|Appels à pied - Téléphone de bureau
        |Appelez les jambes - Dispositif de chambre|Jambes d'appel - Autres appareils
        |Appels - Appels de groupe de chasse|Appels - Appels du standard automatique
        |File d'attente d'appels - Nombre total d'appels
        |File d'attente d'appels - Appels expirés
        |File d'attente d'appels - Appels saturés
        |File d'attente d'appels - Appels transférés
        |File d'attente d'appels - Appels abandonnés|Appels internes totaux
        |Appels entièrement gratuits|Appels au tarif premium total
        |Appels audio totalement intégrés|Appels nationaux totaux
        |Nombre total d'appels entrants|Appels de service opérateur totaux
        |Appels d'étincelles totaux|Appels en numéros courts au total
        |Appels internationaux totaux|Appels mobiles totaux|Appels d'urgence totaux
        |Appels inconnus au total""",
    "devices": """
        ID externe|Client|Identifiant de l’organisation de l’utilisateur
        |ID de l’emplacement|Nom de l’emplacement|Produit|Mac|Firmware
        |Numéro de téléphone|Extension|ID utilisateur|UUID utilisateur""",
    "telephone-numbers": """
        ID externe|Client|Identifiant de l’organisation de l’utilisateur
        |ID de l’emplacement|Nom de l’emplacement|Pays|Numéro de téléphone|Extension
        |Connexion RTCP|Actif|Type d’utilisateur|Type de numéro|ID utilisateur
        |UUID utilisateur""",
    "webex-app-version": """
        Nom du client|ID de l’organisation|Type d’application|Plateforme|Version
        |Version DU SE|Nombre d'utilisateurs""",
    "subscription-details": """
        Date de calcul|Nom du client|Identifiant de l’organisation de l’utilisateur
        |Statut du/des abonnement(s)|ID d'abonnement|Type d’abonnement
        |Nombre total d'utilisateurs dans l'organisation
        |Nombre total d'utilisateurs vérifiés|Renouvellement automatique activé
        |Expiration / Date de renouvellement|Licence de réunion (disponible)
        |Licence de réunion (attribuée)|Licence de réunion (utilisée)
        |Licence professionnelle d'appel (disponible)
        |Licence professionnelle d'appel (attribuée)
        |Licence professionnelle d'appel (utilisée)
        |Licence d'appel standard (disponible)
        |Appel de la licence standard (attribuée)
        |Licence d'appel standard (utilisée)""",
}


@pytest.mark.parametrize("key", LITERAL)
def test_the_literal_headings_of_the_specification_are_read_in_its_order(key: str):
    layout = next(layout for layout in LAYOUTS if layout.key == key)
    index = {
        folded(name): column.key for column in layout.columns for name in column.names
    }
    read = [index.get(folded(heading)) for heading in LITERAL[key].split("|")]
    assert read == list(layout.keys)
