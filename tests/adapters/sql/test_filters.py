"""What is pushed down; that it finds the right customers is in properties/."""

from __future__ import annotations

import pendulum
import pytest
from hypothesis import given
from sqlalchemy.dialects import postgresql

from partnerhub.adapters.sql.filters import PUSHED, push_down, relaxed
from partnerhub.adapters.sql.schema import Schema
from partnerhub.domain.fields import FIELDS
from partnerhub.domain.filters import Term, nodes
from partnerhub.domain.query_text import parse_filter
from tests.filter_strategies import filters

AT = pendulum.date(2026, 11, 22)
SCHEMA = Schema.prefixed()


@pytest.mark.parametrize(
    ("text", "pushed"),
    [
        ("status:trial region:US", "status:trial region:US"),
        ("acme", ""),
        ("-acme", ""),
        ("acme status:trial", "status:trial"),
        ("acme OR status:trial", ""),
        ("-(acme OR status:trial)", "-status:trial"),
        ("-(acme status:trial)", ""),
        ("-(-acme -status:trial)", ""),
        ("-(-acme OR -status:trial)", "status:trial"),
        ("subscription(type:trial sub1)", "subscription(type:trial)"),
        ("subscription(sub1)", "subscription()"),
        ("-subscription(type:trial sub1)", ""),
        ("-subscription(type:trial OR sub1)", "-subscription(type:trial)"),
    ],
)
def test_what_is_pushed(text, pushed):
    assert str(relaxed(parse_filter(text))) == pushed


@given(filters())
def test_only_pushed_fields_are_left(node):
    left = {part.field for part in nodes(relaxed(node)) if isinstance(part, Term)}
    assert left <= PUSHED <= FIELDS.keys()


@given(filters())
def test_a_filter_of_pushed_fields_stays_whole(node):
    asked = {part.field for part in nodes(node) if isinstance(part, Term)}
    found = push_down(node, SCHEMA, at=AT, licenses=["Webex Meetings"])
    if found.exact:
        assert found.pushed == node
    else:
        assert asked - PUSHED or relaxed(node) != node


@given(filters())
def test_postgresql_takes_the_query(node):
    found = push_down(node, SCHEMA, at=AT, licenses=["Webex Meetings"])
    assert str(found.query.compile(dialect=postgresql.dialect()))


def test_values_are_bound_and_never_written_into_the_query():
    node = parse_filter('email:"\'; drop table"')
    query = push_down(node, SCHEMA, at=AT, licenses=[]).query
    assert "drop" not in str(query)
