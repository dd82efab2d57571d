"""The subscription page against Polars, DuckDB and pandas, side by side.

Everyone gets the same rows, one a license line, with integer customer codes; the
peers' are unsorted, then sorted. Results are compared before anything is timed. The
day is fixed. Everyone has the columns loaded in the types it computes with. For
partnerhub that includes days and counts as rules read them, total and assigned as one
number a line, whose each line is, as the peers' frames have it, and where each
customer's lines begin. No answer, nor part of one, is kept from one run to the next.
What the first page takes, which makes all that, is printed too. Run it with
`python -m benchmarks.subscriptions`, or `make bench PYTEST_ARGS=-s`.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import attrs
import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pytest
import sqlalchemy as sa

from benchmarks.portfolios import AT, portfolio, timeline
from benchmarks.stores import DAY, license_rows
from partnerhub import kpis
from partnerhub.adapters.backend import Held
from partnerhub.adapters.opening import open_store
from partnerhub.columns.datasets import LICENSES
from partnerhub.columns.portfolio import PRODUCTS, Portfolio
from partnerhub.columns.status import status_flags
from partnerhub.domain.products import KPI_PRODUCTS
from partnerhub.domain.status import CustomerStatus
from partnerhub.ports import EVERYTHING

ROWS = 1_000_000
TODAY = np.datetime64(AT.isoformat())
DAYS = {n: TODAY + n for n in (-90, -30, 0, 30, 90)}
PRODUCT_CODES = tuple(PRODUCTS.index(product) for product in KPI_PRODUCTS)

Answer = Mapping[str, Any]
Run = Callable[[], Any]


def best(runs: Mapping[str, Run], times: int = 7) -> dict[str, float]:
    """The least seconds of each, in turns, so that a busy machine is unfair to all."""
    seconds = dict.fromkeys(runs, float("inf"))
    for turn in range(times):
        for name, run in runs.items():
            if turn >= 2 and name == "pandas":
                continue
            start = time.perf_counter()
            run()
            seconds[name] = min(seconds[name], time.perf_counter() - start)
    return seconds


def report(what: str, seconds: Mapping[str, float]) -> dict[str, float]:
    """Prints how many times as long as partnerhub each peer takes."""
    mine = seconds["partnerhub"]
    ratios = {name: taken / mine for name, taken in seconds.items()}
    shown = "  ".join(
        f"{name} {ratio:5.1f}x"
        for name, ratio in ratios.items()
        if name != "partnerhub"
    )
    print(f"{what:58} {shown}   (partnerhub {mine * 1e3:.0f} ms)")
    return ratios


def unread(held: Portfolio) -> Portfolio:
    """The same columns, as if no rule had read them yet."""
    return attrs.evolve(
        held,
        customers=attrs.evolve(held.customers),
        subscriptions=attrs.evolve(held.subscriptions),
        lines=attrs.evolve(held.lines),
    )


# --- the same page, four times ----------------------------------------------------


def ours(held: Portfolio) -> dict[str, Any]:
    page = kpis.page(held)
    found: dict[str, Any] = {
        "total": page.overview.total_customers,
        "expiring": page.nearing_expiration.customers,
        "renewing": page.nearing_renewal.customers,
        "new": page.recently_added.customers,
        "over": page.over_limit.customers,
        "low": page.low_assignment.customers,
        "overage": page.over_limit.total_overage,
        "new_total": page.recently_added.total_licenses,
        "unassigned": page.low_assignment.total_unassigned,
        "low_assignment": page.low_assignment.license_assignment_ratio,
        "low_when_assigned": page.low_assignment.usage_when_assigned_ratio,
        "low_of_assigned": page.low_assignment.used_of_assigned_ratio,
    }
    for name, section in (
        ("expiring", page.nearing_expiration),
        ("renewing", page.nearing_renewal),
    ):
        found[f"{name}_assignment"] = section.license_assignment_ratio
        found[f"{name}_usage"] = section.license_usage_ratio
    return found


def finished(customers: Mapping[str, Any], near: Mapping[str, Any]) -> dict[str, Any]:
    """The answer, of sums that a peer has made."""
    return {
        **{k: int(customers[k]) for k in ("total", "new_total", "unassigned", "low")},
        **{k: int(customers[k]) for k in ("expiring", "renewing", "new", "over")},
        "overage": int(near["overage"]),
        "low_assignment": customers["lowA"] / customers["lowT"],
        "low_when_assigned": customers["lowU"] / customers["lowUT"],
        "low_of_assigned": customers["lowUA"] / customers["lowAU"],
        **{
            f"{name}_{what}": near[f"{name}{part}"] / near[f"{name}{whole}"]
            for name in ("expiring", "renewing")
            for what, part, whole in (("assignment", "A", "T"), ("usage", "U", "UT"))
        },
    }


def polars_page(frame: pl.DataFrame) -> dict[str, Any]:
    c = pl.col
    bound = {n: pl.lit(day.item()) for n, day in DAYS.items()}
    renews = c.auto_renews.fill_null(value=False) & ~c.is_trial
    had = c.product.is_in(list(PRODUCT_CODES)) & c.existed
    held = had & ~c.gone
    past = (c.ends_on < bound[0]).fill_null(value=False) & ~renews
    begun = (c.starts_on <= bound[0]).fill_null(value=True)
    active = held & begun & ~past & ~c.source_expired
    near = active & c.ends_on.is_between(bound[0], bound[90]).fill_null(value=False)
    added = c.added_on.is_between(bound[-90], bound[0]).fill_null(value=False)
    rows = frame.lazy().select(
        "customer",
        "total",
        "assigned",
        "used",
        had=had,
        active=active,
        expiring=near & ~renews,
        renewing=near & renews,
        new=held & added,
        over=active & (c.assigned > c.total).fill_null(value=False),
    )
    T, A, U = c.total, c.assigned, c.used
    zero = pl.lit(0, dtype=pl.Int64)
    both = c.active & T.is_not_null() & A.is_not_null()
    used = c.active & T.is_not_null() & U.is_not_null()
    pair = c.active & A.is_not_null() & U.is_not_null()

    def where(mask: pl.Expr, value: pl.Expr) -> pl.Expr:
        return pl.when(mask).then(value).otherwise(zero).sum()

    masks = ("had", "expiring", "renewing", "new", "over")
    each = rows.group_by("customer").agg(
        *(c(name).any() for name in masks),
        T=where(both, T),
        A=where(both, A),
        allT=where(c.active & T.is_not_null(), T),
        U=where(used, U),
        UT=where(used, T),
        UA=where(pair, U),
        AU=where(pair, A),
        spare=where(both & (T > A), T - A),
    )
    rated = each.with_columns(rate=pl.when(c.T > 0).then(c.A / c.T))
    low = (c.rate < c.rate.quantile(0.25, "linear")) & (c.rate < 1)
    customers = rated.with_columns(low=low.fill_null(value=False)).select(
        c.had.sum().alias("total"),
        *(c(name).sum() for name in masks[1:]),
        c.low.sum(),
        new_total=c.allT.filter(c.new).sum(),
        unassigned=c.spare.filter(c.low).sum(),
        **{f"low{name}": c(name).filter(c.low).sum() for name in LOW_SUMS},
    )
    sums = rows.select(
        overage=(A - T).filter(c.over).sum(),
        **{
            f"{name}{key}": value.filter(c(name) & known).sum()
            for name in ("expiring", "renewing")
            for key, value, known in (
                ("A", A, T.is_not_null()),
                ("T", T, A.is_not_null()),
                ("U", U, T.is_not_null()),
                ("UT", T, U.is_not_null()),
            )
        },
    )
    first, second = pl.collect_all([customers, sums])
    return finished(first.row(0, named=True), second.row(0, named=True))


LOW_SUMS = ("T", "A", "U", "UT", "UA", "AU")

DUCKDB_PAGE = f"""
with state as (
  select *, product in {PRODUCT_CODES} and existed as had,
    coalesce(auto_renews, false) and not is_trial as renews,
    coalesce(starts_on <= $d0, true) and not source_expired and not gone
      and not (coalesce(ends_on < $d0, false)
               and (not coalesce(auto_renews, false) or is_trial)) as alive,
    coalesce(ends_on between $d0 and $d90, false) as close
  from frame
), rows as (
  select customer, total, assigned, used, had, had and alive as active,
    had and alive and close and not renews as expiring,
    had and alive and close and renews as renewing,
    had and not gone and coalesce(added_on between $b90 and $d0, false) as new,
    had and alive and coalesce(assigned > total, false) as "over"
  from state
), each as (
  select bool_or(had) had, bool_or(expiring) expiring, bool_or(renewing) renewing,
    bool_or(new) new, bool_or("over") "over",
    sum(total) filter (active and assigned is not null) T,
    sum(assigned) filter (active and total is not null) A,
    sum(total) filter (active) allT,
    sum(used) filter (active and total is not null) U,
    sum(total) filter (active and used is not null) UT,
    sum(used) filter (active and assigned is not null) UA,
    sum(assigned) filter (active and used is not null) AU,
    sum(greatest(0, total - assigned))
      filter (active and total is not null and assigned is not null) spare
  from rows group by customer
), rated as (
  select *, case when T > 0 then A / T end as rate from each
), cut as (
  select quantile_cont(rate, 0.25) as cut from rated
), chosen as (
  select *, coalesce(rate < cut and rate < 1, false) as low from rated, cut
), customers as (
  select count_if(had) total, count_if(expiring) expiring, count_if(renewing) renewing,
    count_if(new) new, count_if("over") "over", count_if(low) low,
    sum(allT) filter (new) new_total, sum(spare) filter (low) unassigned,
    {", ".join(f"sum({n}) filter (low) low{n}" for n in LOW_SUMS)}
  from chosen
), sums as (
  select sum(assigned - total) filter ("over") overage,
    {
    ", ".join(
        f"sum({value}) filter ({name} and {known} is not null) {name}{key}"
        for name in ("expiring", "renewing")
        for key, value, known in (
            ("A", "assigned", "total"),
            ("T", "total", "assigned"),
            ("U", "used", "total"),
            ("UT", "total", "used"),
        )
    )
}
  from rows
)
select * from customers, sums
"""


def duckdb_page(connection: duckdb.DuckDBPyConnection) -> dict[str, Any]:
    days = {"d0": DAYS[0], "d90": DAYS[90], "b90": DAYS[-90]}
    query = connection.execute(DUCKDB_PAGE, {k: v.item() for k, v in days.items()})
    names = [column[0] for column in query.description]
    found = dict(zip(names, query.fetchone(), strict=True))
    return finished(found, found)


def pandas_page(frame: pd.DataFrame) -> dict[str, Any]:
    f = frame
    renews = (f.auto_renews == 1) & ~f.is_trial
    had = f["product"].isin(PRODUCT_CODES) & f.existed
    held = had & ~f.gone
    past = (f.ends_on < DAYS[0]) & ~renews
    begun = (f.starts_on <= DAYS[0]) | f.starts_on.isna()
    active = held & begun & ~past & ~f.source_expired
    near = active & f.ends_on.between(DAYS[0], DAYS[90])
    T, A, U = f.total, f.assigned, f.used
    rows = pd.DataFrame(
        {
            "customer": f.customer,
            "had": had,
            "expiring": near & ~renews,
            "renewing": near & renews,
            "new": held & f.added_on.between(DAYS[-90], DAYS[0]),
            "over": active & (A > T),
            "T": T.where(active & A.notna()),
            "A": A.where(active & T.notna()),
            "allT": T.where(active),
            "U": U.where(active & T.notna()),
            "UT": T.where(active & U.notna()),
            "UA": U.where(active & A.notna()),
            "AU": A.where(active & U.notna()),
            "spare": (T - A).clip(lower=0).where(active),
        }
    )
    masks = ["had", "expiring", "renewing", "new", "over"]
    groups = rows.groupby("customer", sort=False)
    each = (
        groups[masks]
        .any()
        .join(groups[["T", "A", "allT", "spare", *LOW_SUMS[2:]]].sum())
    )
    rate = each.A / each["T"].where(each["T"] > 0)
    each["low"] = (rate < rate.quantile(0.25)) & (rate < 1)
    low = each[each.low]
    customers = {
        "total": each.had.sum(),
        **{name: each[name].sum() for name in (*masks[1:], "low")},
        "new_total": each.allT[each.new].sum(),
        "unassigned": low.spare.sum(),
        **{f"low{name}": low[name].sum() for name in LOW_SUMS},
    }
    near_sums = {"overage": (A - T)[rows.over].sum()}
    for name in ("expiring", "renewing"):
        t, a, u = T[rows[name]], A[rows[name]], U[rows[name]]
        near_sums |= {
            f"{name}A": a[t.notna()].sum(),
            f"{name}T": t[a.notna()].sum(),
            f"{name}U": u[t.notna()].sum(),
            f"{name}UT": t[u.notna()].sum(),
        }
    return finished(customers, near_sums)


# --- statuses ---------------------------------------------------------------------


def polars_statuses(frame: pl.DataFrame, who: pl.DataFrame) -> pl.DataFrame:
    c = pl.col
    bound = {n: pl.lit(day.item()) for n, day in DAYS.items()}
    renews = c.auto_renews.fill_null(value=False) & ~c.is_trial
    past = (c.ends_on < bound[0]).fill_null(value=False) & ~renews
    over = c.gone | c.source_expired | past
    begun = (c.starts_on <= bound[0]).fill_null(value=True)
    active = begun & ~over
    soon = c.ends_on.is_between(bound[0], bound[30]).fill_null(value=False)
    kept = (c.ends_on < bound[0]) & (c.ends_on >= bound[-30])
    unpaid = ~over & ~c.paid.fill_null(value=True)
    late = c.is_trial & c.has_calling & kept.fill_null(value=False) & ~c.gone
    rules = {
        "TRIAL": active & c.is_trial,
        "SUBSCRIPTION": active & ~c.is_trial,
        "EXPIRING_SOON": active & ~renews & soon,
        "LICENSE_OVERAGE": active & (c.assigned > c.total).fill_null(value=False),
        "READY_FOR_ORDER_SETUP": ~over & ~c.provisioned.fill_null(value=True),
        "SUSPENDED": unpaid | late,
        "EXPIRED": begun,
    }
    each = (
        frame.lazy()
        .group_by("customer")
        .agg(**{name: rule.any() for name, rule in rules.items()})
    )
    inactive = (c.last_admin_sign_in < bound[-90]).fill_null(value=False) | (
        ~c.has_admins.fill_null(value=True)
    )
    return (
        each.join(who.lazy(), on="customer")
        .with_columns(
            NO_RECENT_ACTIVITY=inactive,
            EXPIRED=c.EXPIRED & ~c.TRIAL & ~c.SUBSCRIPTION,
        )
        .select("customer", *(status.name for status in CustomerStatus))
        .collect()
    )


# --- the data of the peers --------------------------------------------------------


def frames(held: Portfolio, *, shuffled: bool) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The rows as Polars has them, and the customers."""
    subs, lines = held.subscriptions, held.lines

    def told(column: np.ndarray) -> pl.Series:
        return pl.Series(column).cast(pl.Int64).replace(-1, None)

    def flag(column: np.ndarray) -> pl.Series:
        return pl.Series(column).replace(-1, None).cast(pl.Boolean)

    rows = pl.DataFrame(
        {
            "customer": subs.customer,
            "starts_on": subs.starts_on,
            "ends_on": subs.ends_on,
            "added_on": subs.added_on,
            "auto_renews": flag(subs.auto_renews),
            "is_trial": subs.is_trial == 1,
            "paid": flag(subs.paid),
            "provisioned": flag(subs.provisioned),
            "source_expired": subs.source_expired == 1,
            "has_calling": subs.has_calling,
            "gone": subs.gone,
            "product": lines.product,
            "existed": lines.existed,
            "total": told(lines.total),
            "assigned": told(lines.assigned),
            "used": told(lines.used_7d),
        }
    )
    who = pl.DataFrame(
        {
            "customer": np.arange(len(held.customers), dtype=np.int32),
            "last_admin_sign_in": held.customers.last_admin_sign_in,
            "has_admins": flag(held.customers.has_admins),
        }
    )
    if shuffled:
        rows = rows.sample(fraction=1, shuffle=True, seed=1).rechunk()
    else:
        rows = rows.with_columns(pl.col.customer.set_sorted())
    return rows, who


def same(mine: Answer, theirs: Answer) -> None:
    assert set(mine) == set(theirs)
    for name, value in mine.items():
        assert theirs[name] == pytest.approx(value, rel=1e-12), name


def race(rows: int = ROWS, *, shuffled: bool) -> None:
    held = portfolio(rows)
    frame, who = frames(held, shuffled=shuffled)
    pandas_frame = frame.to_pandas()
    connection = duckdb.connect()
    connection.register("arrow", frame.to_arrow())
    connection.execute("create table frame as select * from arrow")
    mine = ours(held)
    same(mine, polars_page(frame))
    same(mine, duckdb_page(connection))
    same(mine, pandas_page(pandas_frame))
    order = "unsorted" if shuffled else "sorted"
    report(
        f"overview and five sections, {rows:,} rows, {order} codes",
        best(
            {
                "partnerhub": lambda: ours(held),
                "polars": lambda: polars_page(frame),
                "duckdb": lambda: duckdb_page(connection),
                "pandas": lambda: pandas_page(pandas_frame),
            }
        ),
    )
    cold = best({"first page": lambda: ours(unread(held))}, times=3)
    print(f"the first page of a portfolio takes {cold['first page'] * 1e3:.0f} ms")
    found = polars_statuses(frame, who)
    flags = status_flags(held)[found["customer"].to_numpy()]
    for status in CustomerStatus:
        expected = found[status.name].to_numpy()
        assert np.array_equal((flags & status.value) != 0, expected), status
    report(
        f"statuses of all customers, {rows:,} rows, {order} codes",
        best(
            {
                "partnerhub": lambda: status_flags(held),
                "polars": lambda: polars_statuses(frame, who),
            }
        ),
    )


def bench_page_and_statuses() -> None:
    for shuffled in (True, False):
        race(shuffled=shuffled)


def bench_series(rows: int = ROWS) -> None:
    """A year of weeks against one day, 5 % of the subscriptions changing a week.

    A series keeps nothing of what it reads of its columns, so here the day does not
    either.
    """
    held, year = portfolio(rows), timeline(rows)
    weeks = kpis.days_between(AT.subtract(weeks=51), AT)
    assert len(weeks) == 52
    seconds = best(
        {
            "one day": lambda: ours(unread(held)),
            "52 weeks": lambda: kpis.series(year, weeks),
        },
        times=3,
    )
    ratio = seconds["52 weeks"] / seconds["one day"]
    print(f"52 weeks of {rows:,} rows take {ratio:.1f} times as long as one day")


SAME_ROWS = """
select l.identity, l.parent, l.first_day, h.* from ph_license_history h
join ph_license l on l.key = h.key order by h.key, h.day
"""


def bench_store() -> None:
    """License columns out of SQLite against pandas, which reads the same two tables.

    Both join a line with its history and give all columns; pandas reads them by the
    very statement of the store.
    """
    with TemporaryDirectory() as folder:
        path = Path(folder) / "hub.db"
        with open_store(f"sqlite:///{path}", migrate=True) as store:
            with store.writing() as writer:
                writer.put_records(license_rows())
            backend = store.backend
            day = int(DAY.astype(np.int64))

            def ours() -> Held:
                with backend.reading():
                    return backend.held_on(LICENSES, day, EVERYTHING)

            statement = SAME_ROWS
            engine = sa.create_engine(f"sqlite:///{path}")
            frame = pd.read_sql(statement, engine)
            held = ours()
            assert len(frame) == len(held.identity)
            for name in LICENSES.field_names:
                assert np.array_equal(held.fields[name], frame[name]), name
            assert held.identity.texts().tolist() == frame["identity"].tolist()
            runs = {
                "partnerhub": ours,
                "pandas": partial(pd.read_sql, statement, engine),
            }
            report(
                f"{len(frame):,} license rows out of SQLite, columnar",
                best(runs, times=3),
            )
            backend.session._arrow = None
            report(
                f"{len(frame):,} license rows out of SQLite, core", best(runs, times=3)
            )
            engine.dispose()


def bench_linear() -> None:
    """A row costs the same, however many there are."""
    for rows in (10_000, 100_000, 1_000_000, 10_000_000):
        held = portfolio(rows)
        seconds = best({"partnerhub": partial(ours, held)}, times=3)
        nanoseconds = seconds["partnerhub"] / rows * 1e9
        print(
            f"overview and five sections, {rows:>10,} rows: {nanoseconds:.0f} ns a row"
        )


if __name__ == "__main__":
    bench_page_and_statuses()
    bench_series()
    bench_store()
    bench_linear()
