"""What the invented customers are called. No name is meant to be a real company's."""

from __future__ import annotations

from typing import Final

from partnerhub.columns.unknown import Array, Ints
from partnerhub.sample.dice import Dice
from partnerhub.sample.texts import texts

SPECIAL_NAMES: Final = (
    "Brandt, Voss & Partners",
    'The "Quiet" Coffee Company',
    "Crème Brûlée Françoise & Fils",
    "=Equal Rights Initiative",
    "+Plus Pharmacy",
    "@home Care Services",
    "-minus Interiors",
    "さくら通信株式会社",
    "شركة النخيل للاتصالات",
    "Łódzka Spółdzielnia Przędzalnicza",
    "Ægir & Þór Havfiskeri",
    "Καλημέρα Ναυτιλιακή",
    "O'Mallory's; Sons \\ Daughters",
    "'Tis the Season Gifts",
    "Riverbend Dental",
    "Riverbend Dental",
    "RIVERBEND DENTAL",
    "☎️ Hotline 24/7",
    "<b>Bold</b> & Co",
    "100% Pure; DROP TABLE Water",
    "  Two Spaces  Before",
    "Ünïcödé Œuvres\u00a0d’Été",
    "A",
    "Worshipful Guild of " + "Extraordinarily " * 12 + "Long Names",
)
"""Names that break careless programs; among them one name of two customers."""

_EVERY: Final = 5
_AT: Final = 3
"""Every fifth of the first customers has a special name, from the fourth on."""

_FIRST: Final = (
    *(
        "Amber",
        "Anchor",
        "Arbor",
        "Aspen",
        "Beacon",
        "Birch",
        "Bluefield",
        "Brightwater",
    ),
    *("Cedar", "Clearview", "Copper", "Coral", "Crescent", "Dovetail", "Elmwood"),
    *("Evergreen", "Falcon", "Fernhill", "Foxglove", "Granite", "Greenway", "Harbor"),
    *("Hazel", "Heron", "Highland", "Ironbridge", "Juniper", "Kestrel", "Lakeside"),
    *("Lantern", "Larkspur", "Maple", "Meadow", "Meridian", "Millstone", "Moonrise"),
    *("Northgate", "Oakridge", "Orchard", "Osprey", "Pinecrest", "Prairie", "Quarry"),
    *("Redwood", "Saffron", "Sandpiper", "Silverleaf", "Sparrow", "Stonebrook"),
    *("Summit", "Thistle", "Timberline", "Valley", "Vineyard", "Westbrook", "Willow"),
)
_SECOND: Final = (
    *("Academy", "Analytics", "Automotive", "Bakery", "Bank", "Biotech", "Builders"),
    *("Clinic", "Consulting", "Credit Union", "Dairy", "Design", "Electric", "Energy"),
    *("Engineering", "Farms", "Foods", "Freight", "Hospital", "Hotels", "Insurance"),
    *("Labs", "Law Group", "Logistics", "Machine Works", "Media", "Museum", "Optics"),
    *("Pharmacy", "Press", "Robotics", "Schools", "Shipping", "Software", "Steel"),
    *("Textiles", "Theatre", "Tools", "Travel", "Water"),
)
_FORMS: Final = {
    "US": ("Inc.", "LLC", "Corp.", "Co."),
    "CA": ("Ltd.", "Inc.", "Ltée", "Corp."),
    "EU": ("GmbH", "SAS", "B.V.", "AB", "S.p.A.", "Oy", "S.L."),
    "UAE": ("LLC", "FZE", "PJSC"),
}
_OTHER_FORMS: Final = ("Ltd.",)

INDUSTRIES: Final = (
    *("Education", "Energy", "Financial services", "Food and agriculture"),
    *("Government", "Healthcare", "Hospitality", "Legal services", "Manufacturing"),
    *("Media", "Nonprofit", "Retail", "Technology", "Transportation"),
)

_FIRST_NAMES: Final = (
    *("amina", "bo", "carla", "dmitri", "elif", "fatou", "george", "hana", "ines"),
    *("jonas", "kim", "lucia", "mats", "noor", "olga", "pedro", "quinn", "rosa"),
)
_LAST_NAMES: Final = (
    *("abe", "berg", "costa", "diaz", "eriksen", "fischer", "garcia", "haddad"),
    *("ito", "jansen", "kovacs", "lefevre", "moreau", "novak", "okafor", "patel"),
)

_CITIES: Final = {
    "US": ("Boston", "Denver", "Portland", "Austin", "Chicago", "San José"),
    "CA": ("Toronto", "Montréal", "Québec", "Calgary", "Halifax", "Vancouver"),
    "EU": ("Lyon", "München", "Kraków", "Göteborg", "Porto", "Utrecht"),
    "UAE": ("Dubai", "Abu Dhabi", "Sharjah"),
}
_OTHER_CITIES: Final = ("Head office", "Branch office", "Warehouse")


def customer_names(dice: Dice, index: Ints, regions: list[str], /) -> Array:
    """The name of each customer: object array.

    Args:
        dice: Decides.
        index: Number of each customer in its partner.
        regions: Region of each customer, which decides its legal form.
    """
    first = dice.below(len(_FIRST), "first word", index)
    second = dice.below(len(_SECOND), "second word", index)
    form = dice.share("legal form", index)
    names = texts(
        [
            f"{_FIRST[f]} {_SECOND[s]} {_form(region, share)}"
            for f, s, region, share in zip(
                first.tolist(), second.tolist(), regions, form.tolist(), strict=True
            )
        ]
    )
    is_special = (index % _EVERY == _AT) & (index // _EVERY < len(SPECIAL_NAMES))
    names[is_special] = [SPECIAL_NAMES[i // _EVERY] for i in index[is_special].tolist()]
    return names


def _form(region: str, share: float) -> str:
    forms = _FORMS.get(region, _OTHER_FORMS)
    return forms[int(share * len(forms))]


def user_emails(dice: Dice, index: Ints, person: Ints, /) -> list[str]:
    """The address of one user of each customer; every domain is a reserved one."""
    first = dice.below(len(_FIRST_NAMES), "first name", index, person).tolist()
    last = dice.below(len(_LAST_NAMES), "last name", index, person).tolist()
    return [
        f"{_FIRST_NAMES[f]}.{_LAST_NAMES[n]}{p or ''}@customer{i}.example"
        for f, n, p, i in zip(first, last, person.tolist(), index.tolist(), strict=True)
    ]


def location_names(region: str, /) -> tuple[str, ...]:
    """Where customers of a region have their locations."""
    return _CITIES.get(region, _OTHER_CITIES)
