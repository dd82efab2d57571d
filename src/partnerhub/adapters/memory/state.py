"""What the memory backend keeps."""

from __future__ import annotations

from typing import Any

import attrs

from partnerhub.adapters.backend import OrganizationRow, StoredDocument
from partnerhub.adapters.memory.calls import CallState
from partnerhub.adapters.memory.runs import RunState
from partnerhub.columns.datasets import DATASETS
from partnerhub.columns.history import Pictures, Runs

Thing = tuple[int, int, str]  # organization, parent, identity
UsageKey = tuple[int, str, int, int]  # organization, location, first, last


@attrs.define
class ThingState:
    """The things of one dataset, and their runs."""

    keys: dict[Thing, int]
    first_day: dict[int, int]
    runs: Runs


@attrs.define
class State:
    """Everything stored.

    Values are replaced and never changed, so that a copy of the dictionaries is a copy
    of the state.
    """

    organizations: dict[str, OrganizationRow] = attrs.Factory(dict)
    uuids: dict[int, str] = attrs.Factory(dict)
    texts: dict[str, int] = attrs.Factory(dict)
    things: dict[str, ThingState] = attrs.Factory(
        lambda: {
            d.name: ThingState({}, {}, Runs.empty(len(d.fields))) for d in DATASETS
        }
    )
    pictures: dict[str, Pictures] = attrs.Factory(dict)
    emails: dict[int, tuple[str, ...]] = attrs.Factory(dict)
    of_email: dict[str, tuple[int, ...]] = attrs.Factory(dict)
    tags: dict[tuple[int, int], tuple[str, ...]] = attrs.Factory(dict)
    usage: dict[UsageKey, tuple[int, ...]] = attrs.Factory(dict)
    calls: CallState = attrs.Factory(CallState)
    documents: dict[tuple[str, str], StoredDocument] = attrs.Factory(dict)
    runs: RunState = attrs.Factory(RunState)

    def copied(self) -> State:
        """The same state, in dictionaries of its own."""
        parts = {field.name: getattr(self, field.name) for field in attrs.fields(State)}
        parts.pop("calls")
        parts.pop("runs")
        copies: dict[str, Any] = {name: dict(part) for name, part in parts.items()}
        copies["calls"] = self.calls.copied()
        copies["runs"] = self.runs.copied()
        copies["things"] = {
            name: ThingState(dict(each.keys), dict(each.first_day), each.runs)
            for name, each in self.things.items()
        }
        return State(**copies)
