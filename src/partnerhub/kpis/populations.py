"""Which rows each KPI counts. The rules themselves stand in `domain.rules`.

All populations come out of one pass: `Selection.line_bits` has a bit for each.
"""

from __future__ import annotations

from partnerhub.columns.unknown import Bools
from partnerhub.kpis.passing import Bit
from partnerhub.kpis.selection import Selection


def nearing_expiration(selection: Selection) -> Bools:
    """License lines of what ends within 90 days, bool `(lines,)` (design 5.13)."""
    return selection.lines_with_bit(Bit.EXPIRING)


def nearing_renewal(selection: Selection) -> Bools:
    """License lines of what renews by itself within 90 days (design 5.14)."""
    return selection.lines_with_bit(Bit.RENEWING)


def recently_added(selection: Selection) -> Bools:
    """License lines of what was added within the last 90 days (design 5.18)."""
    return selection.lines_with_bit(Bit.ADDED)


def over_license_limit(selection: Selection) -> Bools:
    """License lines with more assigned than bought, bool `(lines,)` (design 5.6)."""
    return selection.lines_with_bit(Bit.OVER)


def active_lines(selection: Selection) -> Bools:
    """License lines of active subscriptions and trials, bool `(lines,)`."""
    return selection.lines_with_bit(Bit.ACTIVE)
