"""What partnerhub asks of storage: small protocols over domain and columns.

A *source* only reads. A *store* also writes, through a `Writer` inside a
transaction: what was not written whole is not there at all.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any, Protocol, Self

import attrs
import pendulum

from partnerhub.columns.datasets import Dataset
from partnerhub.columns.inventory import Inventory
from partnerhub.columns.leg_records import CallDays, LegRecords, MediaColumns
from partnerhub.columns.legs import LegColumns
from partnerhub.columns.portfolio import Portfolio
from partnerhub.columns.queue_stats import ServiceKind, ServiceStats
from partnerhub.columns.records import DatedRecords
from partnerhub.columns.timeline import Timeline
from partnerhub.columns.unknown import Bools
from partnerhub.columns.usage import UsageColumns
from partnerhub.domain.call_quality import CallQualityStats
from partnerhub.run_ports import RunSource, RunWriter


@attrs.frozen(kw_only=True)
class Scope:
    """Whose data are asked for.

    Attributes:
        regions: Only customers of these regions, None among them for those whose
            region nobody has told. None asks for all.
        organizations: Only these uuids. None asks for all.
    """

    regions: tuple[str | None, ...] | None = None
    organizations: tuple[str, ...] | None = None


EVERYTHING = Scope()


@attrs.frozen(kw_only=True)
class OrganizationFacts:
    """What a source says of one organization; None where it says nothing.

    Attributes:
        id: Uuid.
        name: Display name.
        region: Where its data are kept.
        industry: Business vertical.
        external_id: The wholesale id.
        user_emails: Addresses of its users; replaces those known.
        tags: The partner's tags on it; replaces those known.
        day: The day of the file that says so; a newer one wins.
    """

    id: str
    name: str | None = None
    region: str | None = None
    industry: str | None = None
    external_id: str | None = None
    user_emails: tuple[str, ...] | None = attrs.field(default=None, repr=False)
    tags: tuple[str, ...] | None = None
    day: dt.date


@attrs.frozen(kw_only=True)
class RegionConflict:
    """A customer is said to lie in two regions (design 5.7)."""

    organization: str
    known: str
    told: str


@attrs.frozen(kw_only=True)
class OrganizationsPut:
    """What putting organizations gave.

    Attributes:
        changed: Uuids of those of which something new was told.
        conflicts: Those said to lie in two regions.
    """

    changed: frozenset[str]
    conflicts: tuple[RegionConflict, ...]


@attrs.frozen(kw_only=True)
class Profile:
    """One organization as it is known now, and the version to edit it by.

    Attributes:
        id: Uuid.
        name: Display name; blank when not known.
        region: Where its data are kept; None when nobody has told.
        industry: Business vertical.
        external_id: The wholesale id.
        user_emails: Addresses of its users, case-folded and sorted.
        tags: The partner's tags on it, in their order.
        version: Goes up by one with every change of the above, and of the tags of
            its subscriptions.
    """

    id: str
    name: str = ""
    region: str | None = None
    industry: str | None = None
    external_id: str | None = None
    user_emails: tuple[str, ...] = attrs.field(default=(), repr=False)
    tags: tuple[str, ...] = ()
    version: int


@attrs.frozen(kw_only=True)
class Tagged:
    """The tags of one customer, or of one of its subscriptions.

    Attributes:
        customer: Uuid of the customer.
        subscription: What tells the subscription apart; None for the customer's own.
        tags: The tags.
        version: The version of the customer's profile to edit them by; None in lists,
            which do not look it up.
    """

    customer: str
    subscription: str | None = None
    tags: tuple[str, ...]
    version: int | None = None


@attrs.frozen(kw_only=True)
class Document:
    """A small thing kept whole: a saved filter, a template, a schedule, a state.

    Attributes:
        kind: What it is; documents of a kind have distinct ids.
        id: Which one.
        body: Anything JSON can hold.
        version: The version that was read; 0 for a new one.
    """

    kind: str
    id: str
    body: Any
    version: int = 0


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

    def usage_within(
        self, first: dt.date, last: dt.date, scope: Scope = EVERYTHING
    ) -> UsageColumns:
        """Calling usage rows of any range of days inside `first..last`."""
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


class Source(CallSource, RunSource, Protocol):
    """Reads one partner's data."""

    def regions(self) -> tuple[str | None, ...]:
        """Regions in which any customer lies, sorted; None, for not told, is last."""
        ...

    def first_day(self) -> pendulum.Date | None:
        """The earliest day of which anything is known; None of an empty store."""
        ...

    def count(self, at: dt.date, scope: Scope = EVERYTHING) -> int:
        """How many customers were known on a day."""
        ...

    def writes(self) -> int:
        """How often anybody has written to it, in whatever process.

        While it stays the same, what was read before is what would be read now.
        """
        ...

    def portfolio(self, at: dt.date, scope: Scope = EVERYTHING) -> Portfolio:
        """All customers and what they held on a day."""
        ...

    def timeline(self, last: dt.date, scope: Scope = EVERYTHING) -> Timeline:
        """Every version of what customers held until a day."""
        ...

    def inventory(
        self, dataset: Dataset, at: dt.date, scope: Scope = EVERYTHING
    ) -> Inventory:
        """The devices, numbers or app versions of a day."""
        ...

    def usage(
        self, first: dt.date, last: dt.date, scope: Scope = EVERYTHING
    ) -> UsageColumns:
        """Calling usage rows of exactly the days `first..last`."""
        ...

    def tags(self) -> Mapping[str, tuple[str, ...]]:
        """The tags of every customer that has any, by uuid."""
        ...

    def subscription_tags(self) -> Mapping[tuple[str, str], tuple[str, ...]]:
        """The tags of every subscription that has any.

        By uuid of its customer and what tells it apart within that.
        """
        ...

    def tagged(self, organizations: Iterable[str]) -> Mapping[str, Tagged]:
        """The own tags of these customers, and the versions to edit them by.

        Uuids that nothing is known of are left out.
        """
        ...

    def find_by_email(self, address: str | None) -> tuple[str, ...]:
        """Uuids of the customers with a user of that address, in any case.

        None finds those with any address at all.
        """
        ...

    def profile(self, organization: str) -> Profile | None:
        """One organization; None where nothing is known of that uuid."""
        ...

    def document(self, kind: str, id: str, /) -> Document | None:  # noqa: A002
        """One document; None where there is none."""
        ...

    def documents(self, kind: str, /) -> tuple[Document, ...]:
        """All documents of a kind, by code point order of their id."""
        ...


class Writer(CallWriter, RunWriter, Protocol):
    """Writes inside one transaction."""

    def put_organizations(self, facts: Iterable[OrganizationFacts]) -> OrganizationsPut:
        """Creates and updates organizations; conflicting regions are left as known."""
        ...

    def put_records(self, records: DatedRecords) -> Bools:
        """Merges dated rows; all rows of a customer and day in one call.

        Returns:
            Which rows told something new, `(n,)`.
        """
        ...

    def put_usage(self, usage: UsageColumns) -> Bools:
        """Replaces usage rows of the same customer, location and days.

        Returns:
            Which rows told something new, `(n,)`.
        """
        ...

    def set_tags(
        self,
        organization: str,
        tags: tuple[str, ...],
        *,
        day: dt.date,
        subscription: str | None = None,
        version: int | None = None,
    ) -> int:
        """Replaces the tags of a customer, or of one of its subscriptions.

        Args:
            organization: Uuid.
            tags: All of them, in their order.
            day: The day of the edit; files of earlier days do not undo it.
            subscription: What tells the subscription apart within its customer.
            version: The version of the profile that the edit was made on; None
                overwrites whatever is there.

        Returns:
            The profile's version after the edit.

        Raises:
            NotFound: There is no such customer or subscription.
            ConflictError: The profile is of another version by now.
        """
        ...

    def set_region(self, organization: str, region: str) -> int:
        """Says where a customer's data are kept, over what files have told.

        Returns:
            The profile's version after it.

        Raises:
            NotFound: There is no such customer.
            InvalidValue: Its data are kept in the store of another region.
        """
        ...

    def edit_tags(self, edits: Iterable[Tagged], *, day: dt.date) -> tuple[str, ...]:
        """Replaces the own tags of many customers; those changed since are left.

        Args:
            edits: The tags each shall have, and the version that the edit was made on.
            day: The day of the edit; files of earlier days do not undo it.

        Returns:
            Uuids of those that are of another version by now, or not there.
        """
        ...

    def put_document(self, document: Document, /) -> int:
        """Keeps a document over the version it was read at.

        Returns:
            Its version from now on.

        Raises:
            ConflictError: The stored one is of another version by now.
        """
        ...

    def delete_document(self, kind: str, id: str, /, *, version: int) -> None:  # noqa: A002
        """Removes a document.

        Raises:
            NotFound: There is none.
            ConflictError: The stored one is of another version by now.
        """
        ...


class Store(Source, Protocol):
    """Reads and writes one partner's data."""

    @property
    def name(self) -> str:
        """Where it is; never holds a password."""
        ...

    def writing(self) -> AbstractContextManager[Writer]:
        """A transaction: committed when the block ends, undone when it raises."""
        ...

    def close(self) -> None:
        """Gives up connections and files."""
        ...

    def __enter__(self) -> Self: ...

    def __exit__(self, *_: object) -> None: ...
