"""What the processes do that get killed, and how to tell that nothing is lost or half.

Operation n writes, in one transaction: the number n, tags and a subscription of one
customer, and now and then thousands of subscriptions of another. So all that a store
shows follows from the number of the last operation that it kept.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import numpy as np

import partnerhub as ph
from partnerhub.adapters.opening import open_store
from partnerhub.columns.datasets import SUBSCRIPTIONS
from partnerhub.columns.leg_records import LegRecords
from partnerhub.columns.legs import legs_of
from partnerhub.columns.records import DatedRecords, FullPictures
from partnerhub.domain.calls import CallLeg
from partnerhub.domain.errors import StoreError
from partnerhub.ports import Document, OrganizationFacts, Store
from partnerhub.testing.worlds import objects

CUSTOMERS = tuple(f"00000000-0000-4000-8000-00000000000{n}" for n in range(5))
IMPORTER = "00000000-0000-4000-8000-0000000000ff"
MANY = 2_000
EVERY = 4
DAY = dt.date(2026, 11, 22)
_DAY = np.datetime64(DAY.isoformat(), "D")


def _held(who: str, count: int, number: int) -> DatedRecords:
    return DatedRecords(
        dataset=SUBSCRIPTIONS,
        organization=objects([who] * count),
        identity=objects(f"Sub{n}" for n in range(count)),
        day=np.full(count, _DAY),
        fields={"users_total": np.full(count, number, np.int64)},
        pictures=FullPictures(objects([who]), np.array([_DAY])),
    )


def operate(store: Store, number: int) -> None:
    """Does operation `number`, whole or not at all."""
    who = CUSTOMERS[number % len(CUSTOMERS)]
    with store.writing() as writer:
        stored = store.document("crash", "last")
        version = 0 if stored is None else stored.version
        last = Document(kind="crash", id="last", body=number, version=version)
        writer.put_document(last)
        writer.put_organizations([OrganizationFacts(id=who, day=DAY)])
        writer.put_records(_held(who, 1, number))
        writer.set_tags(who, (f"tag {number}",), day=DAY)
        if number % EVERY == 0:
            writer.put_records(_held(IMPORTER, MANY, number))
            writer.put_legs(_called(number))
        writer.put_document(Document(kind="slot", id=str(number), body={"done": True}))


def _called(number: int) -> LegRecords:
    """Records of many calls, all newer than those of the operations before."""
    start = dt.datetime.combine(DAY, dt.time(9), dt.UTC)
    leg = CallLeg(organization=IMPORTER, start=start, duration_s=number)
    return LegRecords(
        legs=legs_of([leg] * MANY),
        report_id=objects(f"r{n}" for n in range(MANY)),
        report_time=np.full(MANY, np.datetime64(number, "ms")),
        call_id=objects([""] * MANY),
    )


def ingest(url: str, legs: Path | None, files: list[Path], acknowledged) -> None:
    """Takes in files of call records until killed; tells how many are done."""
    with ph.connect(url, legs=legs) as hub:
        for number, file in enumerate(files, start=1):
            (outcome,) = hub.ingest(file, region="US")
            assert not outcome.problems
            acknowledged.send(number)


def work(url: str, start: int, acknowledged) -> None:
    """Operates until killed, or until the store is gone; tells each success."""
    try:
        with open_store(url) as store:
            number = start
            while True:
                operate(store, number)
                acknowledged.send(number)
                number += 1
    except StoreError:
        acknowledged.send("gone")


def check(store: Store, acknowledged: int) -> int:
    """The last operation that the store kept.

    Raises:
        AssertionError: One that was acknowledged is not there, or one is there by half.
    """
    last = store.document("crash", "last")
    kept = 0 if last is None else last.body
    # One more may have been kept and its acknowledgment cut off.
    assert kept in {acknowledged, acknowledged + 1}, "lost"
    found = store.portfolio(DAY)
    expected: dict[str, int] = {}
    for number in range(max(1, kept - 10), kept + 1):
        expected[CUSTOMERS[number % len(CUSTOMERS)]] = number
    tags = {who: (f"tag {number}",) for who, number in expected.items()}
    assert store.tags() == tags, "half: tags"
    owners = found.customers.id[found.subscriptions.customer]
    shown = found.subscriptions.users_total
    for who, number in expected.items():
        assert shown[owners == who].tolist() == [number], "half: subscriptions"
    newest = kept - kept % EVERY
    many = shown[owners == IMPORTER]
    assert len(many) == (MANY if newest else 0), "half: an import"
    assert (many == newest).all(), "half: an import"
    lengths = [n for legs in store.legs(DAY, DAY) for n in legs.duration_s.tolist()]
    assert lengths == [newest] * (MANY if newest else 0), "half: call records"
    assert len(store.documents("slot")) == kept, "half: documents"
    return kept
