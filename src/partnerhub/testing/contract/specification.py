"""Random operations, on the store and on the memory store, which is the specification.

The memory store is the plainest there is; whatever it shows, every store shows.
"""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Callable
from typing import Any

import attrs
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    rule,
    run_state_machine_as_test,
)

from partnerhub.adapters.opening import open_store
from partnerhub.columns.leg_records import CallDays, LegRecords, MediaColumns
from partnerhub.columns.queue_stats import ServiceKind, ServiceStats
from partnerhub.columns.records import DatedRecords
from partnerhub.columns.usage import UsageColumns
from partnerhub.domain.call_quality import CallQualityStats
from partnerhub.domain.errors import PartnerHubError
from partnerhub.domain.report_runs import ReportRun
from partnerhub.ports import (
    Document,
    OrganizationFacts,
    Scope,
    Store,
    Tagged,
    Writer,
)
from partnerhub.testing import call_worlds, run_worlds, worlds
from partnerhub.testing.comparing import calls, plain, snapshot
from partnerhub.testing.contract.base import ContractBase

_DAYS = [worlds.FIRST_DAY + dt.timedelta(n) for n in range(-1, 8)]


class _Undo(Exception):
    """Undoes a transaction on purpose."""


class StoreMachine(RuleBasedStateMachine):
    """Does the same to a store and to the memory store, and compares.

    Args:
        make: Makes the store.
    """

    def __init__(self, make: Callable[[], Store]) -> None:
        super().__init__()
        self.stores = (make(), open_store("memory:"))

    def teardown(self) -> None:
        """Closes both."""
        for store in self.stores:
            store.close()

    def both(self, do: Callable[[Writer], Any], *, undo: bool = False) -> None:
        """Writes to both, and compares what came of it, an error of ours too."""
        outcomes = []
        for store in self.stores:
            try:
                with store.writing() as writer:
                    outcomes.append(plain(do(writer)))
                    if undo:
                        raise _Undo  # noqa: TRY301 - the block is what is undone
            except _Undo:
                pass
            except PartnerHubError as error:
                outcomes.append((type(error), str(error)))
        assert outcomes[0] == outcomes[1]

    @rule(facts=st.lists(worlds.organization_facts(), max_size=3), undo=st.booleans())
    def put_organizations(self, facts: list[OrganizationFacts], undo: bool) -> None:
        """What files say of customers."""
        self.both(lambda writer: writer.put_organizations(facts), undo=undo)

    @rule(told=worlds.files())
    def put_subscriptions(self, told: tuple[DatedRecords, ...]) -> None:
        """A file of subscriptions with their licenses."""
        self.both(lambda writer: [writer.put_records(each).tolist() for each in told])

    @rule(told=worlds.customer_facts() | worlds.inventories())
    def put_records(self, told: DatedRecords) -> None:
        """Facts of customers, inventories."""
        self.both(lambda writer: writer.put_records(told))

    @rule(told=worlds.usage_files())
    def put_usage(self, told: UsageColumns) -> None:
        """Sums of calls."""
        self.both(lambda writer: writer.put_usage(told))

    @rule(told=call_worlds.leg_records(), undo=st.booleans())
    def put_legs(self, told: LegRecords, undo: bool) -> None:
        """Call records."""
        self.both(lambda writer: writer.put_legs(told), undo=undo)

    @rule(told=st.lists(call_worlds.media(), max_size=2))
    def put_media(self, told: list[MediaColumns]) -> None:
        """Media quality, before or after the records of its calls."""
        self.both(lambda writer: writer.put_media(told, region="US"))

    @rule(told=call_worlds.call_days())
    def put_call_days(self, told: CallDays) -> None:
        """Days that a file covers."""
        self.both(lambda writer: writer.put_call_days(told))

    @rule(kind=call_worlds.service_kinds(), told=call_worlds.service_stats())
    def put_service_stats(self, kind: ServiceKind, told: ServiceStats) -> None:
        """Statistics of services."""
        self.both(lambda writer: writer.put_service_stats(kind, told))

    @rule(told=call_worlds.quality_stats())
    def put_quality_stats(self, told: list[CallQualityStats]) -> None:
        """The service's own statistics."""
        self.both(lambda writer: writer.put_quality_stats(told))

    @rule(region=st.sampled_from((None, "US", "EU")))
    def read_calls(self, region: str | None) -> None:
        """All that is known of calls, of everybody or of one region."""
        scopes = Scope(), Scope(regions=(region,))
        mine, model = (
            [calls(store, scope) for scope in scopes] for store in self.stores
        )
        assert mine == model

    @rule(
        who=worlds.uuids(),
        tags=worlds.tag_lists(),
        day=worlds.days(),
        subscription=st.none() | st.sampled_from(worlds.SUBSCRIPTION_IDS),
        version=st.none() | st.integers(0, 4),
    )
    def set_tags(
        self,
        who: str,
        tags: tuple[str, ...],
        day: dt.date,
        subscription: str | None,
        version: int | None,
    ) -> None:
        """An edit, on some version."""
        self.both(
            lambda writer: writer.set_tags(
                who, tags, day=day, subscription=subscription, version=version
            )
        )

    @rule(
        edits=st.lists(
            st.builds(
                Tagged,
                customer=worlds.uuids(),
                tags=worlds.tag_lists(),
                version=st.none() | st.integers(0, 4),
            ),
            max_size=3,
            unique_by=lambda edit: edit.customer,
        ),
        day=worlds.days(),
    )
    def edit_tags(self, edits: list[Tagged], day: dt.date) -> None:
        """Many edits at once, on what the block has read or on some version."""

        def edit(writer: Writer) -> tuple[Any, ...]:
            read = writer.tagged(worlds.CUSTOMERS_KNOWN)
            again = [attrs.evolve(each, tags=("again",)) for each in read.values()]
            return (
                dict(read),
                writer.edit_tags(edits, day=day),
                writer.edit_tags(again[:1], day=day),
            )

        self.both(edit)

    @rule(who=worlds.uuids(), region=st.sampled_from(("US", "EU")))
    def set_region(self, who: str, region: str) -> None:
        """A region that is corrected."""
        self.both(lambda writer: writer.set_region(who, region))

    @rule(
        facts=worlds.organization_facts(),
        held=worlds.files(),
        legs=call_worlds.leg_records(),
        run=run_worlds.runs(),
        undo=st.booleans(),
    )
    def put_together(
        self,
        facts: OrganizationFacts,
        held: tuple[DatedRecords, ...],
        legs: LegRecords,
        run: ReportRun,
        undo: bool,
    ) -> None:
        """Several things in one transaction, kept or undone."""

        def put(writer: Writer) -> list[Any]:
            return [
                writer.put_organizations([facts]),
                *(writer.put_records(each) for each in held),
                writer.put_legs(legs),
                writer.plan_runs([run]),
            ]

        self.both(put, undo=undo)

    @rule(
        kind=st.sampled_from(("k", "kk")),
        name=st.sampled_from(("a", "É", "\U0001f600")),
        body=st.none() | st.integers() | st.lists(st.text(max_size=3), max_size=2),
        version=st.integers(0, 2),
        remove=st.booleans(),
    )
    def change_document(
        self, kind: str, name: str, body: Any, version: int, remove: bool
    ) -> None:
        """A document put or removed, at some version."""
        told = Document(kind=kind, id=name, body=body, version=version)

        def change(writer: Writer) -> int | None:
            if not remove:
                return writer.put_document(told)
            writer.delete_document(kind, name, version=version)
            return None

        self.both(change)

    @rule(told=run_worlds.runs(), step=st.sampled_from(run_worlds.STEPS))
    def change_run(self, told: ReportRun, step: run_worlds.Step) -> None:
        """A report run planned, claimed or kept, at some version and some time."""
        self.both(lambda writer: step(writer, told))

    @rule(
        day=st.sampled_from(_DAYS),
        scope=st.builds(
            Scope,
            regions=st.none() | st.sets(st.sampled_from((None, "US", "EU"))).map(tuple),
            organizations=st.none() | st.sets(worlds.uuids()).map(tuple),
        ),
    )
    def read_a_scope(self, day: dt.date, scope: Scope) -> None:
        """Customers of some regions, and of some ids."""
        mine, model = (
            (snapshot(store, day, scope), store.count(day, scope))
            for store in self.stores
        )
        assert mine == model

    @rule(first=worlds.days(), length=st.integers(0, 2))
    def read_usage(self, first: dt.date, length: int) -> None:
        """Usage of some days."""
        last = first + dt.timedelta(length)
        mine, model = (plain(store.usage(first, last)) for store in self.stores)
        assert mine == model

    @rule(day=st.sampled_from(_DAYS))
    def read_a_day(self, day: dt.date) -> None:
        """All that is shown on a day."""
        mine, model = (snapshot(store, day) for store in self.stores)
        assert mine == model

    @invariant()
    def shows_the_same_now(self) -> None:
        """Profiles, tags, documents, addresses, runs and imports."""
        mine, model = (
            (
                [store.profile(who) for who in worlds.CUSTOMERS_KNOWN],
                dict(store.tagged(worlds.CUSTOMERS_KNOWN)),
                store.documents("k"),
                store.document("kk", "a"),
                store.find_by_email("a@x.com"),
                store.find_by_email(None),
                store.run("a"),
                [store.runs(query) for query in run_worlds.QUERIES],
                [
                    store.newest_slot(name, until=run_worlds.MIDDLE)
                    for name in run_worlds.SCHEDULES
                ],
                store.imports(after=1),
                store.newest_import(),
            )
            for store in self.stores
        )
        assert mine == model


class SpecificationContract(ContractBase):
    """The store does what the memory store does."""

    examples = 10
    """How many sequences of operations are tried."""

    steps = 12
    """How long each is."""

    def test_random_operations_show_what_the_memory_store_shows(self) -> None:
        """Whatever the operations, and their errors too."""
        factory: Any = functools.partial(StoreMachine, self.make)
        run_state_machine_as_test(
            factory,
            settings=settings(
                max_examples=self.examples,
                stateful_step_count=self.steps,
                deadline=None,
            ),
        )
