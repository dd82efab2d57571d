"""The columns of the tables of the five sections, and how they are printed."""

from __future__ import annotations

from typing import Final

from partnerhub.columns.printing import PrintedColumn
from partnerhub.domain.layouts import CellType
from partnerhub.kpis.tables import STATE, described

COUNT: Final = CellType.COUNT
_NOT_KNOWN: Final = "It is not known."

TOTAL: Final = described(
    "total", "Total licenses", "Nombre total de licences", COUNT, _NOT_KNOWN
)
USED: Final = described(
    "used", "Used licenses", "Licences utilisées", COUNT, _NOT_KNOWN
)
USED_BASIS: Final = described(
    "used_basis", "Basis of use", "Base de l'utilisation", blank="No use is known."
)
ASSIGNED: Final = described(
    "assigned", "Assigned licenses", "Licences attribuées", COUNT, _NOT_KNOWN
)
AVAILABLE: Final = described(
    "available", "Available licenses", "Licences disponibles", COUNT, _NOT_KNOWN
)
OVERAGE: Final = described(
    "overage", "Overage licenses", "Licences en dépassement", COUNT, _NOT_KNOWN
)
ASSIGNED_RATIO: Final = described(
    "assigned_ratio",
    "Share of licenses assigned",
    "Part des licences attribuées",
    CellType.RATIO,
    "A number is not known, or there are no licenses.",
)
USED_RATIO: Final = described(
    "used_ratio",
    "Share of licenses used",
    "Part des licences utilisées",
    CellType.RATIO,
    "A number is not known, or there are no licenses.",
)
TERM: Final = described(
    "commitment_term", "Commitment term", "Durée d'engagement", blank=_NOT_KNOWN
)
ADDED_ON: Final = described("added_on", "Added on", "Ajouté le", CellType.DAY)
ENDS_ON: Final = STATE[0]
AUTO_RENEWS: Final = STATE[2]

BAR_COLUMNS: Final = (USED, ASSIGNED, AVAILABLE)
BAR: Final = PrintedColumn(
    heading="Used/Assigned/Available licenses",
    french="Licences utilisées/attribuées/disponibles",
    keys=tuple(column.key for column in BAR_COLUMNS),
    pattern="{}/{}/{}",
)
ASSIGNED_SHARE: Final = PrintedColumn(
    heading="Assigned licenses (%)",
    french="Licences attribuées (%)",
    keys=(ASSIGNED.key, ASSIGNED_RATIO.key),
    pattern="{} ({})",
)
USED_SHARE: Final = PrintedColumn(
    heading="Used licenses (%)",
    french="Licences utilisées (%)",
    keys=(USED.key, USED_RATIO.key),
    pattern="{} ({})",
)
_NO_WEEK: Final = "A snapshot of this week, or of the week before, is missing."
CHANGES: Final = {
    "assigned": described(
        "assignment_change",
        "Weekly change in assignment",
        "Changement hebdomadaire des attributions",
        CellType.CHANGE,
        _NO_WEEK,
    ),
    "used_7d": described(
        "usage_change",
        "Weekly change in usage",
        "Variation hebdomadaire de l'utilisation",
        CellType.CHANGE,
        _NO_WEEK,
    ),
}
USED_3M: Final = described(
    "used_3m",
    "Usage in the last 3 months",
    "Utilisation au cours des 3 derniers mois",
    COUNT,
    _NOT_KNOWN,
)
NO_END: Final = "The end or renewal date is not known, or has passed."
