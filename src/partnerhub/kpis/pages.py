"""The page "Subscriptions" of a day, whose parts are made when they are read."""

from __future__ import annotations

from functools import cached_property
from typing import Final

import attrs

from partnerhub.columns.table import Table
from partnerhub.kpis.coverage import Coverage
from partnerhub.kpis.explaining import PeerComparison, comparison
from partnerhub.kpis.headline import Overview, overview_of
from partnerhub.kpis.making import Maker
from partnerhub.kpis.sections import (
    LowAssignment,
    NearingExpiration,
    NearingRenewal,
    OverLimit,
    RecentlyAdded,
)
from partnerhub.kpis.selection import Selection
from partnerhub.kpis.unassigned import unassigned_table


@attrs.frozen(eq=False, repr=False)
class Page:
    """The whole page "Subscriptions" of a day.

    Its parts are made when first read, and share one pass over the rows. A section
    that nobody reads costs nothing.
    """

    _made: Maker

    @property
    def selection(self) -> Selection:
        """What it is about."""
        return self._made.selection

    @property
    def coverage(self) -> Coverage:
        """What all of its numbers rest on."""
        return self._made.coverage

    @cached_property
    def overview(self) -> Overview:
        """The headline KPIs."""
        return overview_of(self._made)

    @cached_property
    def recently_added(self) -> RecentlyAdded:
        """Customers with a subscription or trial added in the last 90 days.

        New customers = distinct customers with 0 <= days since added <= 90, whatever
        the state of that subscription now. Total licenses = sum of the total licenses
        of all active subscriptions and trials of these customers (design 5.18).
        """
        return self._made.recently_added()

    @cached_property
    def nearing_expiration(self) -> NearingExpiration:
        """Subscriptions and trials that end within 90 days.

        Active, 0 <= days <= 90, and not known to renew by itself; one of which that is
        not known counts, and is marked (design 5.13). License assignment = sum of
        assigned / sum of total; license usage = sum of used / sum of total.
        """
        return self._made.nearing_expiration()

    @cached_property
    def nearing_renewal(self) -> NearingRenewal:
        """Subscriptions that renew by themselves within 90 days.

        Active, auto-renewing, no trial, 0 <= days <= 90, whatever the payment state;
        the ratios are over exactly these (design 5.14).
        """
        return self._made.nearing_renewal()

    @cached_property
    def low_assignment(self) -> LowAssignment:
        """Customers that assign fewer licenses than most of their peers.

        A customer whose sum of assigned / sum of total over its active lines is
        strictly below the first quartile of its region; `LowAssignmentPolicy` has the
        numbers, which are ours (design 5.19).
        """
        return self._made.low_assignment()

    @cached_property
    def over_limit(self) -> OverLimit:
        """License lines with more assigned than bought.

        Total overage = sum of max(0, assigned - total) line by line; the average is
        over the customers that have one (design 5.6 and 5.21).
        """
        return self._made.over_limit()

    def explain_low_assignment(self, customer: str, /) -> PeerComparison:
        """Why a customer is low next to its peers, or is not.

        Args:
            customer: Its id, in either form.

        Raises:
            NotFound: There is no such customer.
        """
        return comparison(self.selection, self._made.assignment, customer)

    def unassigned_before_renewal(self, *, within: int | None = None) -> Table:
        """License lines that renew soon and have licenses that nobody has.

        `available` is what could be dropped: max(0, total - assigned). The line that
        renews first stands at the top; lines of which a number is not known are left
        out.

        Args:
            within: Days until the renewal; those of the policy where it is left out.
        """
        return unassigned_table(self.selection, within=within)

    def to_dict(self) -> dict[str, object]:
        """All KPIs, ready for JSON."""
        return {name: getattr(self, name).to_dict() for name in PARTS}

    def __repr__(self) -> str:
        selection = self.selection
        product = selection.product
        shown = "Calling and Meetings" if product is None else product.value
        return f"<{type(self).__name__}: {shown} on {selection.portfolio.at}>"


SECTIONS: Final = (
    "recently_added",
    "nearing_expiration",
    "nearing_renewal",
    "low_assignment",
    "over_limit",
)
"""The sections of a page, in its order."""

PARTS: Final = ("overview", *SECTIONS)
"""The parts of a page, in its order."""
