"""Files written by hand, and stores to take them into."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from partnerhub.adapters.importing import FileOutcome, ImportOptions, import_file
from partnerhub.adapters.opening import open_store
from partnerhub.adapters.store.hub_store import HubStore

HEADINGS = (
    "Calculation date,Customer name,Org ID,Subscription status,Subscription ID,"
    "Subscription type,Auto-renew enabled,Expiration/Renewal date,"
    "Meeting license (available),Meeting license (assigned),Meeting license (used)"
)


def org(number: int) -> str:
    return f"c8b0e0d2-0000-4000-8000-{number:012}"


@pytest.fixture(params=["memory:", "sqlite"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[HubStore]:
    url = request.param
    if url == "sqlite":
        url = f"sqlite:///{tmp_path / 'hub.db'}"
    with open_store(url) as opened:
        yield opened


@pytest.fixture
def take(store: HubStore, tmp_path: Path) -> Callable[..., FileOutcome]:
    """Writes lines to a file and takes it; gives the outcome of the one file."""

    def taken(
        *lines: str,
        name: str = "Subscription Details_abc_2026-11-22.csv",
        headings: str = HEADINGS,
        **options: object,
    ) -> FileOutcome:
        path = tmp_path / name
        path.write_text("\n".join((headings, *lines)) + "\n", encoding="utf-8")
        (outcome,) = import_file(store, path, ImportOptions(**options))
        return outcome

    return taken


def row(day: str, who: int, subscription: str, numbers: str = "10,5,3", **more: str):
    cells = {
        "name": f"Customer {who}",
        "status": "Active",
        "type": "Flex",
        "renews": "FALSE",
        "ends": "2027-01-31",
        **more,
    }
    return (
        f"{day},{cells['name']},{org(who)},{cells['status']},{subscription},"
        f"{cells['type']},{cells['renews']},{cells['ends']},{numbers}"
    )
