"""`Hub`: one partner's data, and everything that can be asked of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Literal, Self

from partnerhub.adapters.exports import ReadOptions
from partnerhub.adapters.importing import ImportOptions, import_file
from partnerhub.adapters.importing.importer import Progress
from partnerhub.domain.access import Actor
from partnerhub.domain.capabilities import Capability
from partnerhub.domain.customers import Customer
from partnerhub.domain.ids import uuid_of
from partnerhub.domain.policies import KpiPolicy, StatusPolicy
from partnerhub.domain.regions import in_order, label, parse_region
from partnerhub.domain.subscriptions import Subscription
from partnerhub.hub.administrators import Administrators
from partnerhub.hub.clock import Clock, utc_today
from partnerhub.hub.context import Context
from partnerhub.hub.customers import Customers
from partnerhub.hub.ingest import IngestReport, files_of
from partnerhub.hub.kpis import Kpis
from partnerhub.hub.organization import OwnOrganization
from partnerhub.hub.permissions import edits, open_to_all
from partnerhub.hub.putting import put
from partnerhub.hub.reports import Reports
from partnerhub.hub.resources import Resources
from partnerhub.hub.tags import Tags
from partnerhub.hub.trials import Trials
from partnerhub.ports import Store


class Hub:
    """Ties a store, a region and a clock to the pure functions of the library.

    Use it as a context manager, or call `close`.

    Args:
        store: Where the data are.
        region: The region of calls that name none.
        status_policy: Day counts of the statuses.
        kpi_policy: Day counts and cuts of the KPIs.
        partner: Id of the partner's own organization, which is no customer.
        actor: Who asks: the address of an administrator of the store, or an `Actor`.
            Left out, it is the local owner, who may do everything.
        clock: What day it is, for calls without `at=`; UTC by default.

    Examples:
        >>> import partnerhub as ph
        >>> with ph.connect("memory:") as hub:
        ...     len(hub.customers.find())
        0
    """

    def __init__(
        self,
        store: Store,
        /,
        *,
        region: str | None = None,
        status_policy: StatusPolicy | None = None,
        kpi_policy: KpiPolicy | None = None,
        partner: str | None = None,
        actor: Actor | str | None = None,
        clock: Clock = utc_today,
    ) -> None:
        self._context = Context(
            store=store,
            clock=clock,
            region=region,
            status_policy=status_policy or StatusPolicy(),
            kpi_policy=kpi_policy or KpiPolicy(),
            partner=None if partner is None else uuid_of(partner),
            actor=actor,
        )

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self._context.store.name}>"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @open_to_all
    def close(self) -> None:
        """Gives up the store's connections and files."""
        self._context.store.close()

    @property
    def regions(self) -> tuple[str, ...]:
        """The regions of the customers seen, each as `region=` takes it.

        Customers whose region nobody has told are in "unspecified".
        """
        return tuple(map(label, in_order(self._context.regions())))

    @cached_property
    def customers(self) -> Customers:
        """The customer list, and why each has its statuses."""
        return Customers(self._context)

    @cached_property
    def tags(self) -> Tags:
        """The partner's tags, on customers and subscriptions."""
        return Tags(self._context)

    @cached_property
    def trials(self) -> Trials:
        """Trials: start, extend, change, cancel, convert."""
        return Trials(self._context)

    @cached_property
    def administrators(self) -> Administrators:
        """The partner's people, their roles and their customers."""
        return Administrators(self._context)

    @cached_property
    def organization(self) -> OwnOrganization:
        """The partner's own organization, and setting it up."""
        return OwnOrganization(self._context)

    @cached_property
    def resources(self) -> Resources:
        """Resources & Help."""
        return Resources(self._context)

    @cached_property
    def kpis(self) -> Kpis:
        """The KPIs."""
        return Kpis(self._context)

    @cached_property
    def reports(self) -> Reports:
        """The reports."""
        return Reports(self._context)

    @edits(Capability.LOAD_DATA)
    def ingest(
        self,
        *paths: str | Path,
        region: str | None = None,
        partial: bool = False,
        as_of: dt.date | str | None = None,
        start: dt.date | str | None = None,
        end: dt.date | str | None = None,
        headings: Mapping[str, str] | None = None,
        dates: Literal["auto", "dmy", "mdy"] = "auto",
        progress: Progress | None = None,
    ) -> IngestReport:
        """Takes files of Partner Hub, and facts files, into the store.

        What a file is is told from its headings. Each is taken whole, in one
        transaction, or not at all; a row that cannot be read is a problem, and the
        others are taken. A file taken twice changes nothing.

        Args:
            *paths: CSV files, ZIPs of them, JSON facts files, or folders of these.
            region: Where their customers' data are kept.
            partial: They are not full pictures of the customers in them: what they
                leave out is still there.
            as_of: The day of files that do not tell it.
            start: First day of a Calling Usage Details file.
            end: Last day of it, included.
            headings: Heading in the file -> column key, for headings not foreseen.
            dates: How dates with slashes read.
            progress: Called with a file's name and the rows read of it so far.

        Raises:
            FileNotFoundError: One of them does not exist; none was taken.
            StoreError: The store failed; the files before that are taken.
        """
        context = self._context
        options = ImportOptions(
            region=parse_region(region or context.region),
            partial=partial,
            partner=context.partner,
            reading=ReadOptions(
                as_of=as_of,
                start=start,
                end=end,
                headings=dict(headings or {}),
                dates=dates,
            ),
        )
        files = list(files_of(paths))
        return IngestReport(
            tuple(
                outcome
                for file in files
                for outcome in import_file(
                    context.store, file, options, progress=progress
                )
            )
        )

    @edits(Capability.LOAD_DATA)
    def put(
        self, *things: Customer | Subscription, at: dt.date | str | None = None
    ) -> None:
        """Puts customers, with what they hold, and subscriptions into the store.

        Each adds what it says: what it leaves out, and every attribute that is None,
        stays as it is known.

        Args:
            *things: The objects; each at most once a day.
            at: The day of what carries none; today where it is left out.

        Raises:
            InvalidValue: A customer is known to lie in another region; nothing was
                put.
        """
        put(self._context.store, things, day=self._context.day(at))
