"""Filters over the customers of a large partner, and search by e-mail address.

The goals: a text filter over 200,000 customers in 10 ms once columns are loaded, 20 ms
with free text; one of a million addresses in 5 ms, in every store.
`CUSTOMERS=20000 ADDRESSES=100000 make bench PYTEST_ARGS=benchmarks/customers.py` tries
fewer. Times are milliseconds.
"""

import datetime as dt
import os
import statistics
import time

import attrs
import numpy as np
import pytest

from benchmarks.portfolios import portfolio
from partnerhub.adapters.opening import open_store
from partnerhub.columns.filters import CustomerLabels, Prepared
from partnerhub.domain.query_text import parse_filter
from partnerhub.ports import OrganizationFacts
from tests import postgres_server

CUSTOMERS = int(os.environ.get("CUSTOMERS", "200000"))
ADDRESSES = int(os.environ.get("ADDRESSES", "1000000"))
PER_CUSTOMER = 50
QUERIES = (
    "status:expiring_soon",
    "status:expired -tag:vip",
    "product:calling ends<90d",
    "assigned>90%",
    "subscription(type:trial ends<30d)",
    "region:US last_sign_in>90d",
    "tag:vip (renews<30d OR status:license_overage)",
    "status:expiring_soon product:calling managed_by:external -tag:vip assigned>50%",
    "company",
    "name:corp9 -sub12",
)


def ms(work, times):
    """Milliseconds of each run."""
    found = []
    for _ in range(times):
        start = time.perf_counter()
        work()
        found.append(1000 * (time.perf_counter() - start))
    return found


def bench_filters():
    """The first time, and once what filters have in common is there."""
    columns = portfolio(CUSTOMERS * 5)
    who = columns.customers
    names = np.array([f"Company {n:06} Corp{n % 97}" for n in range(len(who))], object)
    columns = attrs.evolve(columns, customers=attrs.evolve(who, name=names))
    tags = dict.fromkeys(who.id[::10].tolist(), ("vip",))
    prepared = Prepared(columns, labels=CustomerLabels(tag=tags))
    print(f"\n{len(who):,} customers, {len(columns.subscriptions):,} subscriptions")
    for query in QUERIES:
        node = parse_filter(query)
        (first,) = ms(lambda node=node: prepared.mask(node), 1)
        later = ms(lambda node=node: prepared.mask(node), 21)
        found = int(np.count_nonzero(prepared.mask(node)))
        print(
            f"  {query[:60]:60} {found:>8,} found   first {first:7.1f} ms, then "
            f"{statistics.median(later):5.2f} ms (worst {max(later):5.2f})"
        )


def searched(url):
    """Prints how long one of many addresses takes."""
    customers = ADDRESSES // PER_CUSTOMER
    told = [
        OrganizationFacts(
            id=f"c8b0e0d2-0000-4000-8000-{n:012x}",
            user_emails=tuple(f"user{k}@c{n}.example" for k in range(PER_CUSTOMER)),
            day=dt.date(2026, 11, 22),
        )
        for n in range(customers)
    ]
    with open_store(url, migrate=True) as store:
        for start in range(0, customers, 2_000):
            with store.writing() as writer:
                writer.put_organizations(told[start : start + 2_000])
        rng = np.random.default_rng(1)
        some = iter(rng.integers(0, customers, 1_000).tolist())
        assert store.find_by_email(f"USER7@c{customers - 1}.example") == (told[-1].id,)
        hits = ms(lambda: store.find_by_email(f"user3@c{next(some)}.example"), 400)
        misses = ms(lambda: store.find_by_email("nobody@c1.example"), 400)
    name = url.partition(":")[0]
    print(
        f"\n{ADDRESSES:,} addresses of {customers:,} customers in {name}: "
        f"found in {statistics.median(hits):.3f} ms (99 %: "
        f"{statistics.quantiles(hits, n=100)[98]:.3f}, worst {max(hits):.3f}); "
        f"not there in {statistics.median(misses):.3f} ms"
    )


def bench_email_memory():
    """A dictionary."""
    searched("memory:")


def bench_email_sqlite(tmp_path):
    """The primary key of its table."""
    searched(f"sqlite:///{tmp_path / 'hub.db'}")


def bench_email_postgres():
    """The same, over a connection."""
    if postgres_server.binaries() is None:
        pytest.skip("no PostgreSQL server is installed")
    with postgres_server.running(durable=True) as server:
        searched(server.url())
