"""Which rows each headline KPI counts. The rules themselves stand in `domain.rules`."""

from __future__ import annotations

from partnerhub.columns.unknown import Bools
from partnerhub.domain import rules
from partnerhub.kpis.scope import Scope


def nearing_expiration(scope: Scope) -> Bools:
    """Subscriptions and trials that end within 90 days (design 5.13)."""
    found: Bools = rules.nearing_expiration(scope.subscription_view, scope.d)
    return found & scope.holding


def nearing_renewal(scope: Scope) -> Bools:
    """Subscriptions that renew by themselves within 90 days (design 5.14)."""
    found: Bools = rules.nearing_renewal(scope.subscription_view, scope.d)
    return found & scope.holding


def over_license_limit(scope: Scope) -> Bools:
    """License lines with more assigned than bought, bool `(lines,)` (design 5.6)."""
    found: Bools = rules.over_limit(scope.line_view, scope.d)
    return found & scope.held


def active_lines(scope: Scope) -> Bools:
    """License lines of active subscriptions and trials, bool `(lines,)`."""
    found: Bools = scope.line_view.active & scope.held
    return found
