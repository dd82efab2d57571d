"""What a storage engine must do with call records and what belongs to them.

Days are numbers since 1970-01-01. Customers are known by keys of the engine's own.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from partnerhub.columns.leg_records import CallDays, LegRecords, MediaColumns
from partnerhub.columns.legs import LegColumns
from partnerhub.columns.queue_stats import ServiceKind, ServiceStats
from partnerhub.columns.unknown import Ints
from partnerhub.domain.call_quality import CallQualityStats
from partnerhub.ports import Scope


class CallBackend(Protocol):
    """The part of a storage engine that keeps calls."""

    # call legs

    def legs(self, first: int, last: int, scope: Scope) -> Iterator[LegColumns]:
        """The legs of these days, in chunks, all from one state.

        It needs no transaction around it, and lets others be begun meanwhile.
        """
        ...

    def put_legs(self, organization: Ints, records: LegRecords) -> int:
        """Keeps records, each once, over those that were written before them.

        Args:
            organization: Key of the customer of each, `(n,)`.
            records: No two of one customer, day and id.

        Returns:
            How many were kept.
        """
        ...

    def leg_days(self, organizations: Ints) -> list[int]:
        """The days on which these customers have a leg, ascending."""
        ...

    def leg_records(self, organizations: Ints, day: int) -> LegRecords:
        """All records of these customers and day, by uuid and report id."""
        ...

    def call_days(self, first: int, last: int, scope: Scope) -> CallDays:
        """Customers and days that are loaded, by uuid and day."""
        ...

    def put_call_days(self, organization: Ints, day: Ints) -> None:
        """Notes loaded customers and days, `(n,)`."""
        ...

    # media quality

    def media_of(self, calls: list[str]) -> MediaColumns:
        """What is known of these calls, by call id; rows of one side come last."""
        ...

    def media_after(self, call: str, count: int) -> MediaColumns:
        """All of so many calls with the next ids after this one, in the same order."""
        ...

    def put_media(self, media: MediaColumns) -> None:
        """Keeps these rows, in place of those of the same call and side."""
        ...

    def join_media(self, calls: list[str]) -> int:
        """Gives the legs of these calls the quality that is known of them.

        Returns:
            How many of the calls no leg has.
        """
        ...

    # statistics

    def service_stats(
        self, kind: ServiceKind, first: int, last: int, scope: Scope
    ) -> ServiceStats:
        """Statistics of any days inside these, by uuid, days, location and name."""
        ...

    def put_service_stats(
        self, kind: ServiceKind, organization: Ints, stats: ServiceStats
    ) -> None:
        """Replaces the rows of the same customer, service and days."""
        ...

    def quality_stats(
        self, first: int, last: int, scope: Scope
    ) -> tuple[CallQualityStats, ...]:
        """Those that begin on these days, by uuid, location and time."""
        ...

    def put_quality_stats(
        self, organization: Ints, stats: list[CallQualityStats]
    ) -> None:
        """Replaces those of the same customer, location and time."""
        ...
