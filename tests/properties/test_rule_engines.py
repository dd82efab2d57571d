"""One rule, four engines: an object, numpy columns, SQLite and Polars agree.

The rows are random and any input may be unknown. A rule that is added to
`domain.rules` is tested here without a word more.
"""

from __future__ import annotations

import datetime as dt
import sys
from functools import partial
from types import SimpleNamespace
from typing import Any

import numpy as np
import polars as pl
import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.dialects import postgresql

from partnerhub.adapters import frames
from partnerhub.adapters.sql import rule_views
from partnerhub.columns import unknown, views
from partnerhub.domain import rules
from partnerhub.domain.errors import MissingExtra
from partnerhub.domain.policies import KpiPolicy, StatusPolicy
from tests.strategies import AT, days, maybe

READS = {**rules.UNKNOWN_READS, "line_gone": False}
EPOCH = dt.date(1970, 1, 1)
NUMPY = {dt.date: "datetime64[D]", bool: np.int8, int: np.int64}
POLARS = {dt.date: pl.Date, bool: pl.Boolean, int: pl.Int64}

Row = dict[str, Any]


def kind_of(name: str) -> type:
    fill = READS[name]
    return dt.date if isinstance(fill, dt.date) else type(fill)


VALUES = {
    dt.date: st.just(rules.EARLIEST) | st.just(rules.LATEST) | days(),
    bool: st.booleans(),
    int: st.integers(0, 4),
}
ROWS = st.lists(
    st.fixed_dictionaries({name: maybe(VALUES[kind_of(name)]) for name in READS}),
    max_size=12,
)
POLICIES = st.fixed_dictionaries(
    {
        "policy": st.builds(
            StatusPolicy,
            expiring_within=st.sampled_from((0, 30)),
            inactive_after=st.sampled_from((0, 90)),
            trial_suspended_for=st.sampled_from((0, 30)),
        ),
        "kpi_policy": st.builds(
            KpiPolicy,
            nearing_within=st.sampled_from((0, 90)),
            added_within=st.sampled_from((0, 90)),
        ),
    }
)


def by_objects(rule: rules.Rule, rows: list[Row], policies: Any) -> list[bool]:
    d = rules.day_bounds(AT, **policies)

    def holds(row: Row) -> bool:
        s = rules.with_state(rules.object_view(SimpleNamespace(**row)), d)
        if rule in rules.LINE_RULES:
            s.gone = bool(row["line_gone"])
            rules.with_line_state(s, s.active)
        return bool(rule(s, d))

    return [holds(row) for row in rows]


def by_columns(rule: rules.Rule, rows: list[Row], policies: Any) -> list[bool]:
    d = views.day_bounds(AT, **policies)
    held = SimpleNamespace(**{name: column(name, rows) for name in READS}, read={})
    held.counts = partial(getattr, held)
    s = views.subscription_view(held, d)
    if rule in rules.LINE_RULES:
        held.read = {}
        held.subscription = np.arange(len(rows), dtype=np.int32)
        held.gone = held.line_gone == 1
        s = views.line_view(held, s)
    if rule in rules.CUSTOMER_RULES:
        s = views.customer_view(held)
    return rule(s, d).tolist()


def column(name: str, rows: list[Row]) -> Any:
    kind = kind_of(name)
    blank = None if kind is dt.date else unknown.COUNT
    cells = [blank if row[name] is None else row[name] for row in rows]
    return np.array(cells, NUMPY[kind])


def by_sql(rule: rules.Rule, rows: list[Row], policies: Any) -> list[bool]:
    d = rule_views.day_bounds(AT, **policies)
    metadata = sa.MetaData()
    own = {name: "gone" if name == "line_gone" else name for name in READS}
    of_lines = {"line_gone", *rules.LINE_READS} - {"gone"}
    held, lines = (
        sa.Table(
            table,
            metadata,
            sa.Column("row", sa.Integer, primary_key=True),
            *(sa.Column(own[name], sa.Integer) for name in names),
        )
        for table, names in (
            ("held", [name for name in READS if name not in of_lines]),
            ("lines", [name for name in READS if name in of_lines]),
        )
    )
    s = rule_views.subscription_view(held, d)
    if rule in rules.LINE_RULES:
        s = rule_views.line_view(lines, s)
    if rule in rules.CUSTOMER_RULES:
        s = rule_views.customer_view(held)
    query = sa.select(held.c.row).join(lines, held.c.row == lines.c.row)
    engine = sa.create_engine("sqlite://")
    with engine.begin() as database:
        metadata.create_all(database)
        for table, names in ((held, READS.keys() - of_lines), (lines, of_lines)):
            stored = [
                {"row": at, **{own[name]: integer(row[name]) for name in names}}
                for at, row in enumerate(rows)
            ]
            if stored:
                database.execute(table.insert(), stored)
        found = set(database.scalars(query.where(rule(s, d))))
        others = set(database.scalars(query.where(rules.not_(rule(s, d)))))
    engine.dispose()
    assert found | others == set(range(len(rows)))  # two-valued, never NULL
    return [row in found for row in range(len(rows))]


def integer(value: Any) -> int | None:
    if isinstance(value, dt.date):
        return (value - EPOCH).days
    return None if value is None else int(value)


def by_frames(rule: rules.Rule, rows: list[Row], policies: Any) -> list[bool]:
    d = rules.day_bounds(AT, **policies)
    frame = pl.DataFrame(rows, schema={name: POLARS[kind_of(name)] for name in READS})
    s = frames.subscription_view(d)
    if rule in rules.LINE_RULES:
        s = frames.line_view(s)
    if rule in rules.CUSTOMER_RULES:
        s = frames.customer_view()
    return frame.select(rule(s, d).alias("holds"))["holds"].to_list()


@pytest.mark.parametrize(
    "rule",
    [*rules.SUBSCRIPTION_RULES, *rules.LINE_RULES, *rules.CUSTOMER_RULES],
    ids=lambda rule: rule.__name__,
)
@given(rows=ROWS, policies=POLICIES)
def test_engines_agree(rule, rows, policies):
    expected = by_objects(rule, rows, policies)
    assert by_columns(rule, rows, policies) == expected
    assert by_sql(rule, rows, policies) == expected
    assert by_frames(rule, rows, policies) == expected


def test_every_rule_of_a_row_and_a_day_is_in_the_lists():
    listed = {*rules.SUBSCRIPTION_RULES, *rules.LINE_RULES, *rules.CUSTOMER_RULES}
    named = {
        function
        for name, function in vars(rules).items()
        if callable(function)
        and getattr(function, "__module__", "") == rules.__name__
        and function.__annotations__.get("return") == "Any"
        and len(function.__annotations__) == len(("a row", "a day", "return"))
    }
    assert named == listed


def test_postgresql_is_asked_for_truths_and_not_for_integers():
    held = sa.table("held", *(sa.column(name, sa.Integer) for name in READS))
    s = rule_views.subscription_view(held, rule_views.day_bounds(AT))
    clause = rules.trial(s, None).compile(
        dialect=postgresql.dialect(), compile_kwargs={"literal_binds": True}
    )
    assert str(clause).endswith("= false AND coalesce(held.is_trial, 0) != 0")


def test_without_polars_the_error_names_the_extra(monkeypatch):
    monkeypatch.setitem(sys.modules, "polars", None)
    with pytest.raises(MissingExtra, match=r"partnerhub\[columnar\]"):
        frames.customer_view()
