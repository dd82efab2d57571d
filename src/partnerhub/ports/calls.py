"""Call records, media quality, statistics of services."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from typing import Protocol

import attrs

from partnerhub.columns.leg_records import CallDays, LegRecords, MediaColumns
from partnerhub.columns.legs import LegColumns
from partnerhub.columns.queue_stats import ServiceKind, ServiceStats
from partnerhub.columns.unknown import Bools
from partnerhub.domain.call_quality import CallQualityStats
from partnerhub.ports.values import EVERYTHING, Scope


@attrs.frozen(kw_only=True)
class LegsPut:
    """What became of call records.

    Attributes:
        taken: Records that were not there, or are newer than those that were.
        unchanged: Records that were there already, or a newer one was.
    """

    taken: int = 0
    unchanged: int = 0


@attrs.frozen(kw_only=True)
class MediaPut:
    """What became of media quality.

    Attributes:
        taken: Rows that told something new.
        unchanged: Rows that were known already.
        waiting: Calls of them of which there is no record yet. Their quality is kept,
            and joins the records when these come.
    """

    taken: int = 0
    unchanged: int = 0
    waiting: int = 0


class CallSource(Protocol):
    """Reads call records and what belongs to them."""

    def legs(
        self, first: dt.date, last: dt.date, scope: Scope = EVERYTHING
    ) -> Iterator[LegColumns]:
        """The call legs that begin on the days `first..last`, UTC.

        So many at a time that they fit in memory, all from one state of the store.
        """
        ...

    def call_days(
        self, first: dt.date, last: dt.date, scope: Scope = EVERYTHING
    ) -> CallDays:
        """Which customers' call records were loaded for which of the days.

        In the order of uuid and day. A day with a record is loaded; so is one that a
        loaded file covers without a call.
        """
        ...

    def service_stats(
        self,
        kind: ServiceKind,
        first: dt.date,
        last: dt.date,
        scope: Scope = EVERYTHING,
    ) -> ServiceStats:
        """Statistics of services, of any range of days inside `first..last`."""
        ...

    def quality_stats(
        self, first: dt.date, last: dt.date, scope: Scope = EVERYTHING
    ) -> tuple[CallQualityStats, ...]:
        """Call-quality statistics that begin on the days `first..last`, UTC."""
        ...


class CallWriter(Protocol):
    """Writes call records and what belongs to them, inside a transaction."""

    def put_legs(self, records: LegRecords) -> LegsPut:
        """Takes call records in; one taken twice changes nothing.

        Of records of one id, customer and day the one with the newest report time is
        kept. Media quality that is known of their calls joins them.
        """
        ...

    def put_call_days(self, days: CallDays) -> None:
        """Notes that call records of these customers and days are loaded."""
        ...

    def put_media(
        self, media: Iterable[MediaColumns], *, region: str | None = None
    ) -> MediaPut:
        """Takes media quality in, for the records there are and those to come.

        Args:
            media: A file of it, in parts.
            region: Where the data of these calls are kept; needed where each region
                has a store of its own.

        Raises:
            RegionRequired: Each region has a store, and none was told.
        """
        ...

    def put_service_stats(self, kind: ServiceKind, stats: ServiceStats) -> Bools:
        """Replaces statistics of the same service and days.

        Returns:
            Which rows told something new, `(n,)`.
        """
        ...

    def put_quality_stats(self, stats: Sequence[CallQualityStats]) -> Bools:
        """Replaces call-quality statistics of the same customer, place and time.

        Returns:
            Which of them told something new, `(n,)`.
        """
        ...
