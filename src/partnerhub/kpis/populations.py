"""Which rows each headline KPI counts. The rules themselves stand in `domain.rules`."""

from __future__ import annotations

from partnerhub.columns.unknown import Bools
from partnerhub.domain import rules
from partnerhub.kpis.selection import Selection


def nearing_expiration(selection: Selection) -> Bools:
    """Subscriptions and trials that end within 90 days (design 5.13)."""
    found: Bools = rules.nearing_expiration(selection.subscription_view, selection.d)
    return found & selection.holding


def nearing_renewal(selection: Selection) -> Bools:
    """Subscriptions that renew by themselves within 90 days (design 5.14)."""
    found: Bools = rules.nearing_renewal(selection.subscription_view, selection.d)
    return found & selection.holding


def over_license_limit(selection: Selection) -> Bools:
    """License lines with more assigned than bought, bool `(lines,)` (design 5.6)."""
    found: Bools = rules.over_limit(selection.line_view, selection.d)
    return found & selection.held


def active_lines(selection: Selection) -> Bools:
    """License lines of active subscriptions and trials, bool `(lines,)`."""
    found: Bools = selection.line_view.active & selection.held
    return found
