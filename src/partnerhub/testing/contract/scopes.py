"""Scopes: every read is narrowed by region and by customer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from partnerhub.columns.datasets import CUSTOMERS
from partnerhub.columns.queue_stats import ServiceKind
from partnerhub.ports import OrganizationFacts, Scope, Store
from partnerhub.testing import worlds
from partnerhub.testing.comparing import call_rows, plain
from partnerhub.testing.contract.base import ContractBase
from partnerhub.testing.everything import (
    DAY,
    days_of,
    facts,
    leg_of,
    put_holdings,
    quality_of,
    stats_of,
    usage_of,
)

_A, _B, _C = worlds.CUSTOMERS_KNOWN
_Owners = Callable[[Store, Scope], Any]


def _of_timeline(store: Store, scope: Scope) -> Any:
    found = store.timeline(DAY, scope)
    return found.customers.id[found.customer[found.holder]]


def _of_inventory(dataset: Any) -> _Owners:
    def owners(store: Store, scope: Scope) -> Any:
        found = store.inventory(dataset, DAY, scope)
        return found.customers.id[found.customer]

    return owners


def _of_lines(store: Store, scope: Scope) -> Any:
    found = store.portfolio(DAY, scope)
    held = found.subscriptions
    return found.customers.id[held.customer[held.customer[found.lines.subscription]]]


_READS: Final[dict[str, _Owners]] = {
    "customers": lambda store, scope: store.portfolio(DAY, scope).customers.id,
    "lines": _of_lines,
    "timeline": _of_timeline,
    **{dataset.name: _of_inventory(dataset) for dataset in worlds.INVENTORIES},
    "usage": lambda store, scope: store.usage(DAY, DAY, scope).organization,
    "usage within": lambda store, scope: (
        store.usage_within(DAY, DAY, scope).organization
    ),
    "legs": lambda store, scope: [
        row["organization"] for row in call_rows(store, DAY, DAY, scope)
    ],
    "call days": lambda store, scope: store.call_days(DAY, DAY, scope).organization,
    "services": lambda store, scope: (
        store.service_stats(ServiceKind.CALL_QUEUE, DAY, DAY, scope).organization
    ),
    "quality": lambda store, scope: [
        each.customer for each in store.quality_stats(DAY, DAY, scope)
    ],
}
"""What is read -> whose it is, each customer once and in order of uuid."""


class ScopesContract(ContractBase):
    """A scope leaves out what is not in it, and nothing else."""

    def test_a_scope_narrows_every_read(self, store: Store) -> None:
        """By region, None among them, by uuid, and by both; empty ones to nothing."""
        with store.writing() as writer:
            regions = {_C: "EU", _B: None, _A: "US"}
            for who, region in regions.items():
                writer.put_organizations([facts(who, region=region)])
                put_holdings(writer, who)
                writer.put_usage(usage_of(who))
                writer.put_legs(leg_of(who))
                writer.put_call_days(days_of(who))
                writer.put_service_stats(ServiceKind.CALL_QUEUE, stats_of(who))
                writer.put_quality_stats([quality_of(who)])
        narrowed: tuple[tuple[Scope, list[str]], ...] = (
            (Scope(), [_A, _B, _C]),
            (Scope(regions=("US",)), [_A]),
            (Scope(regions=(None, "US")), [_A, _B]),
            (Scope(regions=("APAC",)), []),
            (Scope(regions=()), []),
            (Scope(organizations=(_C, _A, "absent")), [_A, _C]),
            (Scope(organizations=()), []),
            (Scope(regions=("EU", None), organizations=(_A, _C)), [_C]),
        )
        for scope, expected in narrowed:
            for name, owners in _READS.items():
                assert list(owners(store, scope)) == expected, (name, scope)
            assert store.count(DAY, scope) == len(expected), scope

    def test_what_a_scope_leaves_out_does_not_change_what_it_has(
        self, store: Store
    ) -> None:
        """Facts of another customer are not taken for those of one without any."""
        told = worlds.Row(_A, "", None, DAY, {"managed_by": "partner"})
        with store.writing() as writer:
            writer.put_organizations([facts(_A), facts(_B)])
            writer.put_records(worlds.records(CUSTOMERS, [told], only={"managed_by"}))
        for scope, expected in (
            (Scope(), ["partner", None]),
            (Scope(organizations=(_A,)), ["partner"]),
            (Scope(organizations=(_B,)), [None]),
        ):
            found = store.portfolio(DAY, scope).customers
            assert plain(found.managed_by) == expected

    def test_a_scope_may_name_thousands(self, store: Store) -> None:
        """More than any engine takes as parameters of one statement."""
        uuids = [f"00000000-0000-4000-8000-{n:012x}" for n in range(3000)]
        self.seed(store, [OrganizationFacts(id=uuid, day=DAY) for uuid in uuids])
        scope = Scope(organizations=(*uuids[:2500], "absent"))
        assert store.portfolio(DAY, scope).customers.id.tolist() == uuids[:2500]
