"""`Hub`: one partner's data, and everything that can be asked of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Literal, Self

from partnerhub.adapters.importing import import_file, import_frame
from partnerhub.adapters.importing.importer import Progress
from partnerhub.domain.access import Actor
from partnerhub.domain.capabilities import Capability
from partnerhub.domain.customers import Customer
from partnerhub.domain.engagement_policy import EngagementPolicy
from partnerhub.domain.ids import uuid_of
from partnerhub.domain.policies import KpiPolicy, StatusPolicy
from partnerhub.domain.regions import in_order, label
from partnerhub.domain.subscriptions import Subscription
from partnerhub.hub.administrators import Administrators
from partnerhub.hub.calling import Calling
from partnerhub.hub.clock import Clock, utc_today
from partnerhub.hub.context import Context
from partnerhub.hub.customers.customers import Customers
from partnerhub.hub.ingest import IngestReport, files_of, import_options
from partnerhub.hub.kpis import Kpis
from partnerhub.hub.organization import OwnOrganization
from partnerhub.hub.permissions import edits, open_to_all
from partnerhub.hub.putting import put
from partnerhub.hub.reports.reports import Reports
from partnerhub.hub.resources import Resources
from partnerhub.hub.schedules.history import RunHistory
from partnerhub.hub.schedules.schedules import Schedules
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
        engagement_policy: What is poor, and what counts, in Calling engagement.
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
        engagement_policy: EngagementPolicy | None = None,
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
            engagement_policy=engagement_policy or EngagementPolicy(),
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
        self._context.close()

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
    def calling(self) -> Calling:
        """Calling engagement: usage, quality, features, call queues."""
        return Calling(self._context)

    @cached_property
    def reports(self) -> Reports:
        """The reports."""
        return Reports(self._context)

    @cached_property
    def runs(self) -> RunHistory:
        """The history of the reports: every run, and what was imported."""
        return RunHistory(self._context)

    @cached_property
    def schedules(self) -> Schedules:
        """Reports that are written again and again."""
        return Schedules(self._context)

    @edits(Capability.LOAD_DATA)
    def ingest(
        self,
        *paths: str | Path,
        region: str | None = None,
        partial: bool = False,
        as_of: dt.date | str | None = None,
        start: dt.date | str | None = None,
        end: dt.date | str | None = None,
        customer: str | None = None,
        headings: Mapping[str, str] | None = None,
        dates: Literal["auto", "dmy", "mdy"] = "auto",
        progress: Progress | None = None,
    ) -> IngestReport:
        """Takes files of Partner Hub, call records, and facts files, into the store.

        What a file is is told from its headings. Each is taken whole, in one
        transaction, or not at all; a row that cannot be read is a problem, and the
        others are taken. A file taken twice changes nothing.

        Args:
            *paths: CSV, JSON and Parquet files, ZIPs of them, or folders of these.
            region: Where their customers' data are kept.
            partial: They are not full pictures of the customers in them: what they
                leave out is still there.
            as_of: The day of files that do not tell it.
            start: First day that a Calling Usage Details file, statistics of call
                queues and the like, or call records cover.
            end: Last day of it, included.
            customer: Id of the customer that statistics are of, which do not say it;
                call records cover it with or without a call.
            headings: Heading in the file -> column key, for headings not foreseen.
            dates: How dates with slashes read.
            progress: Called with a file's name and the rows read of it so far.

        Raises:
            FileNotFoundError: One of them does not exist; none was taken.
            StoreError: The store failed; the files before that are taken.
        """
        context = self._context
        options = import_options(
            context,
            region=region,
            partial=partial,
            as_of=as_of,
            start=start,
            end=end,
            customer=customer,
            headings=headings,
            dates=dates,
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
    def ingest_frame(
        self,
        frame: object,
        /,
        *,
        name: str = "frame",
        region: str | None = None,
        partial: bool = False,
        as_of: dt.date | str | None = None,
        start: dt.date | str | None = None,
        end: dt.date | str | None = None,
        customer: str | None = None,
        headings: Mapping[str, str] | None = None,
        dates: Literal["auto", "dmy", "mdy"] = "auto",
    ) -> IngestReport:
        """Takes a data frame into the store like a file of the same columns.

        What it holds is told from the names of its columns: headings of Partner Hub,
        their aliases, or keys of columns. Its problems name rows, counted from 1.

        Args:
            frame: A frame of pandas, Polars, DuckDB or PyArrow, or anything else
                that speaks the Arrow PyCapsule interface (extra `columnar`).
            name: What to call it in messages, and in the history of imports.
            region: As in `ingest`; so are the others.
            partial: The frame is no full picture of the customers in it.
            as_of: The day of its rows, where no column tells it.
            start: First day that call sums cover.
            end: Last day of it, included.
            customer: Id of the customer that statistics are of.
            headings: Name of a column -> column key, for names not foreseen.
            dates: How dates with slashes read, where dates are texts.

        Raises:
            InvalidValue: It is no frame.
            MissingExtra: The extra `columnar` is not installed.
            StoreError: The store failed; nothing was taken.

        Examples:
            >>> import partnerhub as ph
            >>> import polars as pl
            >>> frame = pl.DataFrame({"org_id": [], "managed_by": []})
            >>> with ph.connect("memory:") as hub:
            ...     hub.ingest_frame(frame, as_of="2026-11-22").files[0].template
            'customer-facts'
        """
        options = import_options(
            self._context,
            region=region,
            partial=partial,
            as_of=as_of,
            start=start,
            end=end,
            customer=customer,
            headings=headings,
            dates=dates,
        )
        outcome = import_frame(self._context.store, frame, options, name=name)
        return IngestReport((outcome,))

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
