"""Reading call records: CSV to leg columns, against Polars reading the same file.

Polars only splits the file into columns of texts; here rows are also checked, times
and numbers read, and texts classified. How many rows the file has is told by
PARTNERHUB_BENCH_CDR, 1 million by default.
"""

from __future__ import annotations

import csv
import os
import random
import time
import uuid
from pathlib import Path

import polars as pl
import pytest

from partnerhub.adapters.cdr import CallRecords, read_calling
from partnerhub.adapters.cdr.fields import _NOT_READ, _READ

ROWS = int(os.environ.get("PARTNERHUB_BENCH_CDR", "1000000"))
ROUNDS = 3


@pytest.fixture(scope="module")
def file(tmp_path_factory) -> Path:
    """A file of call records with all columns, about 600 bytes a row."""
    dice = random.Random(1)

    def any_id() -> str:
        return str(uuid.UUID(int=dice.getrandbits(128)))

    more = [name for line in _NOT_READ.strip().split("\n") for name in line.split("|")]
    headings = [*_READ.values(), *more]
    customers = [any_id() for _ in range(50)]
    users = [(dice.choice(customers), any_id()) for _ in range(20_000)]
    path = tmp_path_factory.mktemp("cdr") / "cdr.csv"
    with path.open("w", newline="", encoding="utf-8-sig") as out:
        table = csv.writer(out)
        table.writerow(headings)
        for at in range(ROWS):
            customer, user = users[dice.randrange(len(users))]
            second, hour = at % 60, at // 3600 % 24
            start = f"2026-11-{15 + at % 7:02}T{hour:02}:{at // 60 % 60:02}:{second:02}"
            cells = {
                "Org UUID": customer,
                "User UUID": user,
                "User": f"User {at % 900}, Jr" if at % 50 == 0 else "User",
                "Report ID": any_id(),
                "Call ID": f"SSE{at}@10.177.4.29",
                "Correlation ID": any_id(),
                "Start time": f"{start}.500Z",
                "Answer time": f"{start}.900Z",
                "Report time": f"{start}.999Z",
                "Duration": str(at % 600),
                "Location": f"Location {at % 20}",
                "Direction": "ORIGINATING" if at % 2 else "TERMINATING",
                "Call type": ("SIP_ENTERPRISE", "SIP_NATIONAL", "SIP_INBOUND")[at % 3],
                "Client type": ("WXC_CLIENT", "WXC_DEVICE")[at % 2],
                "Model": ("8851-3PCC", "")[at % 2],
                "User type": "User",
                "Answered": "TRUE",
                "Related reason": "NA",
                "Local SessionID": "82bb753300105000a0000242be131609",
                "Remote SessionID": "6bf2f47800105000a0000242be13160a",
                "Site UUID": customer,
            }
            table.writerow([cells.get(heading, "") for heading in headings])
    return path


def bench_reading_call_records(file):
    seconds: dict[str, list[float]] = {"ours": [], "Polars": []}
    rows = 0
    for _ in range(ROUNDS):
        start = time.perf_counter()
        (found,) = read_calling(file)
        assert isinstance(found, CallRecords)
        rows = sum(map(len, found.batches()))
        seconds["ours"].append(time.perf_counter() - start)
        start = time.perf_counter()
        frame = pl.read_csv(file, infer_schema=False)
        seconds["Polars"].append(time.perf_counter() - start)
    assert rows == frame.height == ROWS
    best = {name: min(each) for name, each in seconds.items()}
    ratio = best["ours"] / best["Polars"]
    size = file.stat().st_size / 1e6
    print(
        f"\n{ROWS:,} call records ({size:.0f} MB): {best['ours']:.1f} s, "
        f"{ratio:.2f} times as long as Polars reading the file"
    )
