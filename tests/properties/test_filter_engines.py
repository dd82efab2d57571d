"""One meaning in three engines: one object, numpy columns, SQL pushed down.

A pair is one filter and one customer. Each example draws many filters and three to
eight customers; in CI the first test compares some 3,900 pairs and the second 3,000.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import attrs
import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from partnerhub.adapters.opening import open_store
from partnerhub.adapters.sql.filters import PUSHED, license_names, push_down
from partnerhub.adapters.sql.schema import NEWEST, Schema
from partnerhub.columns.filters import CustomerLabels, Prepared
from partnerhub.columns.objects import customer_object, portfolio_of
from partnerhub.columns.portfolio import Portfolio
from partnerhub.domain.customers import Customer
from partnerhub.domain.days import day_number
from partnerhub.domain.filters import Filter, matches
from partnerhub.domain.policies import StatusPolicy
from partnerhub.hub.putting import put
from partnerhub.ports import Store
from tests.filter_strategies import ADDRESSES, TAGS, filters
from tests.strategies import AT, customers

SCHEMA = Schema.prefixed()


# A store on disk for each example takes its time.
HALF = settings(max_examples=max(1, settings().max_examples // 2))


def several(
    each: st.SearchStrategy[Filter], size: int = 8
) -> st.SearchStrategy[list[Filter]]:
    return st.lists(each, min_size=size, max_size=size)


POLICIES = st.sampled_from((StatusPolicy(), StatusPolicy(expiring_within=0)))


@st.composite
def labelled(draw: st.DrawFn) -> list[Customer]:
    """Customers with tags and addresses; the ids of some are in filters, too."""
    found = draw(
        st.lists(customers(AT), min_size=3, max_size=8, unique_by=lambda each: each.id)
    )
    addresses = st.lists(st.sampled_from(ADDRESSES), max_size=2)
    tags = st.lists(st.sampled_from(TAGS), max_size=2, unique=True)
    return [
        attrs.evolve(who, tags=tuple(draw(tags)), user_emails=tuple(draw(addresses)))
        for who in found
    ]


ADMINS = st.lists(st.sampled_from(ADDRESSES), max_size=2).map(tuple)


def labels_of(partner: list[Customer], admins: tuple[str, ...]) -> CustomerLabels:
    return CustomerLabels(
        tag={each.id: each.tags for each in partner},
        email={each.id: each.user_emails for each in partner},
        admin={each.id: admins for each in partner[::2]},
    )


@given(labelled(), several(filters()), ADMINS, POLICIES)
def test_columns_agree_with_objects(partner, nodes, admins, policy):
    partner = sorted(partner, key=lambda each: each.id)
    labels = labels_of(partner, admins)
    portfolio = portfolio_of(at=AT, customers=partner)
    prepared = Prepared(portfolio, labels=labels, policy=policy)
    for node in nodes:
        expected = [
            matches(
                node, who, at=AT, policy=policy, admins=labels.admin.get(who.id, ())
            )
            for who in partner
        ]
        assert prepared.mask(node).tolist() == expected, str(node)


def one_each(partner: list[Customer]) -> list[Customer]:
    """Without a second subscription of one id, which a store takes for the first."""
    return [
        attrs.evolve(
            who, subscriptions=tuple({s.id: s for s in who.subscriptions}.values())
        )
        for who in partner
    ]


@contextmanager
def stored(
    partner: list[Customer], gone: int, postgres: str | None
) -> Iterator[tuple[Store, sa.Connection]]:
    """A store of them, in which every `gone`th subscription has vanished by `AT`."""
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        url = f"sqlite:///{folder}/hub.db" if postgres is None else postgres
        store = stack.enter_context(open_store(url, migrate=True))
        engine = sa.create_engine(url.replace("postgresql:", "postgresql+psycopg:"))
        stack.callback(engine.dispose)
        connection = stack.enter_context(engine.connect())
        if postgres is not None:
            emptied(connection)
        put(store, partner, day=AT.subtract(days=30))
        run = SCHEMA.histories["subscription"]
        connection.execute(
            sa.update(run)
            # Not of that day itself: no run is over before it begins.
            .where(run.c.key % gone == 0, run.c.day < day_number(AT))
            .values(until=day_number(AT), gone=1)
        )
        connection.commit()
        yield store, connection


def emptied(connection: sa.Connection) -> None:
    """Leaves the tables as they are made."""
    names = [table.name for table in SCHEMA.metadata.sorted_tables]
    names.remove(SCHEMA.meta.name)
    connection.exec_driver_sql(f"TRUNCATE {', '.join(names)}")
    connection.execute(
        sa.delete(SCHEMA.meta).where(SCHEMA.meta.c.name.startswith(NEWEST))
    )
    connection.commit()


def objects_of(portfolio: Portfolio, partner: list[Customer]) -> list[Customer]:
    by_id = {who.id: who for who in partner}
    ids = portfolio.customers.id.tolist()
    return [
        customer_object(
            portfolio,
            row,
            tags=by_id[uuid].tags,
            user_emails=by_id[uuid].user_emails,
        )
        for row, uuid in enumerate(ids)
    ]


def found_by_sql(
    node: Filter, connection: sa.Connection, policy: StatusPolicy
) -> tuple[set[str], bool]:
    licenses = connection.scalars(license_names(SCHEMA)).all()
    pushed = push_down(node, SCHEMA, at=AT, licenses=licenses, policy=policy)
    rows = connection.scalars(pushed.query).all()
    assert len(rows) == len(set(rows))
    return set(rows), pushed.exact


def check_sql(
    partner: list[Customer],
    nodes: list[Filter],
    policy: StatusPolicy,
    gone: int,
    postgres: str | None = None,
) -> None:
    partner = one_each(partner)
    with stored(partner, gone, postgres) as (store, connection):
        portfolio = store.portfolio(AT)
        prepared = Prepared(portfolio, labels=labels_of(partner, ()), policy=policy)
        known = objects_of(portfolio, partner)
        for node in nodes:
            mask = prepared.mask(node).tolist()
            objects = [matches(node, c, at=AT, policy=policy) for c in known]
            assert mask == objects, str(node)
            expected = {who.id for who, held in zip(known, mask, strict=True) if held}
            found, exact = found_by_sql(node, connection, policy)
            assert expected <= found, str(node)
            assert not exact or expected == found, str(node)
        # The last one as a hub asks it.
        narrowed = store.candidates(node, AT, policy=policy)
        assert narrowed is None or set(narrowed) == found, str(node)


PUSHED_MOSTLY = several(filters(PUSHED) | filters(PUSHED) | filters(), size=12)
GONE = st.sampled_from((2, 3, 100))


@HALF
@given(labelled(), PUSHED_MOSTLY, POLICIES, GONE)
def test_sql_agrees_with_columns_and_objects(partner, nodes, policy, gone):
    check_sql(partner, nodes, policy, gone)


@pytest.mark.postgres
@settings(max_examples=max(1, settings().max_examples // 5))
@given(labelled(), PUSHED_MOSTLY, POLICIES, GONE)
def test_sql_of_postgresql_agrees_too(postgres, partner, nodes, policy, gone):
    check_sql(partner, nodes, policy, gone, postgres.url())
