"""Calling engagement against Polars, DuckDB and pandas, in one run on the same legs.

Answers are asserted equal, and a table of medians printed: of interleaved rounds, so
that other work on the machine troubles all of them alike, after one round that is not
counted, in which each touches its memory for the first time. How many legs is told by
PARTNERHUB_BENCH_LEGS, 10 million by default.

Ratios to expect on two cores: Polars and DuckDB need about twice and three to four
times as long. pandas, on integer keys and one grouped sum of columns of booleans,
needs some ten times as long; fifty times would be the speed of memory itself.
"""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pytest

from partnerhub.columns.legs import LegColumns
from partnerhub.columns.registers import Register
from partnerhub.columns.unknown import Array
from partnerhub.domain.calls import ENDPOINT_TYPES, FEATURES, EndpointType
from partnerhub.domain.quality import MEASURES
from partnerhub.kpis.calling.engagement import Engagement
from partnerhub.kpis.calling.usage_cells import SUMS
from partnerhub.kpis.calling.usage_details import UsageDetails

LEGS = int(os.environ.get("PARTNERHUB_BENCH_LEGS", "10000000"))
PLACES, CUSTOMERS, USERS = 20_000, 2_000, 400_000
FIRST_WEEK = np.datetime64("2026-09-20", "s")
WEEK_S = 7 * 86_400
DETAILS = UsageDetails(first="2026-09-27", last="2026-11-21")
PAGE = Engagement(at="2026-11-22")
LOW, HIGH = FIRST_WEEK + WEEK_S, FIRST_WEEK + 9 * WEEK_S
LAST = FIRST_WEEK + 8 * WEEK_S
TYPES, UNRATED = 12, (EndpointType.ANALOG, EndpointType.THIRD_PARTY)


def register(size: int, prefix: str) -> Register:
    names, texts = np.empty(CUSTOMERS, object), np.empty(size, object)
    names[:] = [f"customer-{at:05}" for at in range(CUSTOMERS)]
    texts[:] = [f"{prefix}-{at}" for at in range(size)]
    owner = (np.arange(size) % CUSTOMERS).astype(np.int32)
    return Register(customers=names, customer=owner, text=texts)


@pytest.fixture(scope="module")
def legs() -> LegColumns:
    """Legs of nine weeks, mostly of a few large places, one in five with video."""
    rng, n = np.random.default_rng(0), LEGS
    video = rng.random(n) < 0.2

    def measure(mean: float, present: Array | None = None) -> Array:
        found = rng.exponential(mean, n).astype(np.float32)
        found[rng.random(n) < 0.1] = np.nan
        if present is not None:
            found[~present] = np.nan
        return found

    is_service, has_feature = rng.random(n) < 0.05, rng.random(n) < 0.2
    return LegColumns(
        places=register(PLACES, "place"),
        users=register(USERS, "user"),
        place=(rng.zipf(1.3, n) % PLACES).astype(np.int32),
        user=rng.integers(0, USERS, n, dtype=np.int32),
        start=FIRST_WEEK + np.sort(rng.integers(0, 9 * WEEK_S, n)).astype("m8[s]"),
        duration_s=rng.integers(0, 3600, n, dtype=np.int32),
        answered=np.ones(n, np.int8),
        direction=rng.integers(1, 3, n, dtype=np.uint8),
        call_type=rng.integers(0, TYPES + 1, n, dtype=np.uint8),
        user_kind=np.where(is_service, rng.integers(1, 5, n), 0).astype(np.uint8),
        endpoint=rng.integers(0, len(ENDPOINT_TYPES), n, dtype=np.uint8),
        features=np.where(has_feature, 1 << rng.integers(0, 11, n), 0).astype("u2"),
        ipv6=rng.random(n) < 0.02,
        audio=np.ones(n, np.int8),
        video=video.astype(np.int8),
        video_s=np.where(video, rng.integers(0, 3600, n), -1).astype(np.int32),
        audio_jitter_ms=measure(40),
        audio_latency_ms=measure(120),
        audio_loss_pct=measure(1.2),
        video_jitter_ms=measure(40, video),
        video_latency_ms=measure(120, video),
        video_loss_pct=measure(1.2, video),
    )


@pytest.fixture(scope="module")
def frame(legs) -> pl.DataFrame:
    """The same legs as a user of Polars would hold them."""
    names = (
        *("place", "start", "duration_s", "direction", "call_type", "user_kind"),
        *("endpoint", "features", "ipv6", "audio", "video", "video_s", *MEASURES),
    )
    columns = {name: getattr(legs, name) for name in names}
    columns["customer"] = legs.places.customer[legs.place]
    columns["start"] = legs.start.astype("datetime64[ms]")
    made = pl.DataFrame(columns, nan_to_null=True)
    return made.with_columns(video_s=pl.when(pl.col.video_s >= 0).then(pl.col.video_s))


def race(runs: dict[str, Callable[[], Any]], rounds: int) -> dict[str, Any]:
    """The answers; prints how long each takes, and how many times as long as the first."""
    seconds: dict[str, list[float]] = {name: [] for name in runs}
    answers = {}
    for _ in range(1 + rounds):
        for name, run in runs.items():
            start = time.perf_counter()
            answers[name] = run()
            seconds[name].append(time.perf_counter() - start)
    medians = {name: statistics.median(each[1:]) for name, each in seconds.items()}
    ours = next(iter(medians.values()))
    print(f"\n{LEGS:,} legs, medians of {rounds} rounds")
    for name, median in medians.items():
        print(f"  {name:24} {median:7.3f} s {median / ours:6.1f}")
    return answers


# What both sides say of a leg, as Polars expressions.

C = pl.col
OF_USER = C.user_kind == 0
UNSUPPORTED = C.ipv6 | C.endpoint.is_in(
    [ENDPOINT_TYPES.index(each) for each in UNRATED]
)
MEASURED = pl.any_horizontal(C(name).is_not_null() for name in MEASURES)
BOUNDS = {"jitter_ms": 150, "latency_ms": 400, "loss_pct": 5}
OVER = [C(name) > BOUNDS[name.partition("_")[2]] for name in MEASURES]
RATED = MEASURED & ~UNSUPPORTED
POOR = pl.any_horizontal(*OVER).fill_null(value=False) & ~UNSUPPORTED
IN_RANGE = (C.start >= LOW) & (C.start < HIGH)
COMPARED = {
    "total_calls": "calls",
    "total_call_legs": "legs",
    "rated": "rated",
    "total_poor_call_quality": "poor",
    "seconds": "seconds",
    "video_seconds": "video_s",
    "call_legs_audio": "audio",
    "call_legs_video": "video",
    "call_legs_desk_phone": "endpoint1",
    "call_legs_room_device": "endpoint2",
    "call_legs_other_devices": "endpoint5",
    "calls_hunt_group": "service1",
    "calls_auto_attendant": "service2",
    "call_queue_total_calls": "service3",
    **{key: f"type{at}" for at, key in enumerate(SUMS[-TYPES:])},
}


def by_polars(frame: pl.DataFrame) -> pl.DataFrame:
    seconds = C.duration_s.cast(pl.Int64)
    return (
        frame.lazy()
        .filter(IN_RANGE)
        .with_columns(rated=RATED, poor=POOR, user=OF_USER)
        .group_by("place")
        .agg(
            calls=(C.user & (C.direction == 1)).sum(),
            legs=C.user.sum(),
            rated=(C.user & C.rated).sum(),
            poor=(C.user & C.poor).sum(),
            seconds=seconds.filter(C.user).sum(),
            video_s=C.video_s.cast(pl.Int64).filter(C.user).sum(),
            video_known=(C.user & C.video_s.is_not_null()).sum(),
            audio=(C.user & (C.audio == 1)).sum(),
            video=(C.user & (C.video == 1)).sum(),
            **{f"endpoint{e}": (C.user & (C.endpoint == e)).sum() for e in (1, 2, 5)},
            **{
                f"service{k}": ((C.user_kind == k) & (C.direction == 2)).sum()
                for k in (1, 2, 3)
            },
            type0=(C.user & (C.direction == 1) & (C.call_type == 0)).sum(),
            **{
                f"type{t}": (C.user & (C.call_type == t)).sum() for t in range(1, TYPES)
            },
        )
        .collect()
    )


def duckdb_query() -> str:
    over = " or ".join(f"{n} > {BOUNDS[n.partition('_')[2]]}" for n in MEASURES)
    known = " or ".join(f"{n} is not null" for n in MEASURES)
    counted = {
        "calls": "u and direction = 1",
        "legs": "u",
        "rated": "u and rated",
        "poor": "u and poor",
        "audio": "u and audio = 1",
        "video": "u and video = 1",
        **{f"endpoint{e}": f"u and endpoint = {e}" for e in (1, 2, 5)},
        **{f"service{k}": f"user_kind = {k} and direction = 2" for k in (1, 2, 3)},
        "type0": "u and direction = 1 and call_type = 0",
        **{f"type{t}": f"u and call_type = {t}" for t in range(1, TYPES)},
    }
    counts = ", ".join(f"count_if({test}) as {name}" for name, test in counted.items())
    return f"""
        select place, {counts}, sum(duration_s) filter (u) as seconds,
          coalesce(sum(video_s) filter (u), 0) as video_s
        from (select *, user_kind = 0 as u,
            ({known}) and not (ipv6 or endpoint in (5, 6)) as rated,
            coalesce({over}, false) and not (ipv6 or endpoint in (5, 6)) as poor
          from legs where start >= '{LOW}' and start < '{HIGH}')
        group by place"""


def by_pandas(frame: pd.DataFrame) -> pd.DataFrame:
    inside = frame[(frame.start >= LOW) & (frame.start < HIGH)]
    user = inside.user_kind == 0
    fine = ~(inside.ipv6 | inside.endpoint.isin([5, 6]))
    over = [inside[n] > BOUNDS[n.partition("_")[2]] for n in MEASURES]
    counted = {
        "calls": user & (inside.direction == 1),
        "legs": user,
        "rated": user & inside[list(MEASURES)].notna().any(axis=1) & fine,
        "poor": user & np.logical_or.reduce(over) & fine,
        "audio": user & (inside.audio == 1),
        "video": user & (inside.video == 1),
        **{f"endpoint{e}": user & (inside.endpoint == e) for e in (1, 2, 5)},
        **{
            f"service{k}": (inside.user_kind == k) & (inside.direction == 2)
            for k in (1, 2, 3)
        },
        "type0": user & (inside.direction == 1) & (inside.call_type == 0),
        **{f"type{t}": user & (inside.call_type == t) for t in range(1, TYPES)},
        "seconds": inside.duration_s.where(user, 0),
        "video_s": inside.video_s.where(user, 0).fillna(0).astype(np.int64),
    }
    return pd.DataFrame(counted).groupby(inside.place).sum()


def bench_usage_details(legs, frame):
    plain = frame.to_pandas()
    database = duckdb.connect(config={"threads": os.cpu_count() or 1})
    database.execute("create table legs as select * from frame")
    query = duckdb_query()
    found = race(
        {
            "usage details": lambda: DETAILS.summarize(legs),
            "Polars": lambda: by_polars(frame),
            "DuckDB": lambda: pl.from_arrow(database.sql(query).to_arrow_table()),
        },
        rounds=7,
    )
    found |= race(
        {
            "usage details": lambda: DETAILS.summarize(legs),
            "pandas": lambda: pl.from_pandas(by_pandas(plain).reset_index()),
        },
        rounds=3,
    )
    ours = found.pop("usage details").places.counts
    for theirs in found.values():
        where = theirs["place"].to_numpy()
        assert len(where) == (ours[:, SUMS.index("records")] > 0).sum()
        for mine, other in COMPARED.items():
            expected = theirs[other].to_numpy().astype(np.int64)
            assert (ours[where, SUMS.index(mine)] == expected).all(), mine


def bench_trend_endpoints_and_features(legs, frame):
    """The whole page in one pass, against one Polars query a table, all collected."""

    def tables() -> list[pl.DataFrame]:
        rows = frame.lazy().with_columns(
            week=(C.start - FIRST_WEEK).dt.total_seconds() // WEEK_S,
            rated=RATED,
            poor=POOR,
        )
        sums = {
            "legs": pl.len(),
            "rated": C.rated.sum(),
            "poor": C.poor.sum(),
        }
        users = rows.filter(OF_USER)
        last = (C.start >= LAST) & (C.start < HIGH)
        return pl.collect_all(
            [
                users.group_by("customer", "week").agg(
                    **sums,
                    calls=(C.direction == 1).sum(),
                    seconds=C.duration_s.cast(pl.Int64).sum(),
                ),
                users.filter(last).group_by("customer", "endpoint").agg(**sums),
                rows.filter(last & (C.features != 0))
                .group_by("customer")
                .agg(
                    **{
                        f"f{bit}": ((C.features // (1 << bit)) % 2 == 1).sum()
                        for bit in range(len(FEATURES))
                    }
                ),
            ]
        )

    found = race(
        {"engagement": lambda: PAGE.summarize(legs), "Polars": tables}, rounds=7
    )
    ours, (weeks, endpoints, features) = (
        PAGE.finish(found["engagement"]),
        found["Polars"],
    )
    order = np.array([int(name[-5:]) for name in ours.organization])
    row_of = np.argsort(order)
    at = row_of[weeks["customer"].to_numpy()], weeks["week"].to_numpy()
    for name in ("calls", "legs", "rated", "poor", "seconds"):
        assert (ours.numbers[name][at] == weeks[name].to_numpy()).all(), name
    at = row_of[endpoints["customer"].to_numpy()], endpoints["endpoint"].to_numpy()
    for number, name in enumerate(("legs", "rated", "poor")):
        assert (ours.endpoints[(*at, number)] == endpoints[name].to_numpy()).all()
    where = row_of[features["customer"].to_numpy()]
    for bit in range(len(FEATURES)):
        assert (ours.features[where, bit] == features[f"f{bit}"].to_numpy()).all()


def bench_memory_bandwidth(legs):
    """How near the summary is to only reading its columns once."""
    names = (
        *("place", "start", "duration_s", "direction", "call_type", "user_kind"),
        *("endpoint", "ipv6", "audio", "video", "video_s", *MEASURES),
    )
    columns = [getattr(legs, name) for name in names]
    read = sum(column.nbytes for column in columns)
    both = ThreadPoolExecutor(2)

    def reading() -> None:
        halves = [
            half.view(np.uint8)
            for column in columns
            for half in np.array_split(column, 2)
        ]
        for _ in both.map(np.max, halves):
            pass

    found = race({"reading": reading, "usage": lambda: DETAILS.summarize(legs)}, 5)
    assert found["usage"].places.counts.sum()
    print(f"  reading is of {read / 1e9:.2f} GB, once, on two threads")
