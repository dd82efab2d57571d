"""The quality rules, one copy, over objects, numpy columns, SQLite and Polars."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace
from typing import Any

import polars as pl
import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from partnerhub.columns.legs import legs_of, quality_view
from partnerhub.domain.calls import UNSUPPORTED, CallLeg, EndpointType
from partnerhub.domain.errors import InvalidValue
from partnerhub.domain.quality import (
    LEG_READS,
    LEG_RULES,
    MEASURES,
    QualityThresholds,
    is_poor_quality,
    leg_view,
    rated,
)

BOUNDS = {"jitter_ms": 150.0, "latency_ms": 400.0, "loss_pct": 5.0}


def measure(name: str):
    bound = BOUNDS[name.partition("_")[2]]
    return st.none() | st.sampled_from((0.0, bound - 0.5, bound, bound + 0.5))


LEGS = st.lists(
    st.builds(
        CallLeg,
        organization=st.just("acme"),
        start=st.just(dt.datetime(2026, 11, 16, tzinfo=dt.UTC)),
        endpoint=st.sampled_from(EndpointType),
        ipv6=st.booleans(),
        **{name: measure(name) for name in MEASURES},
    ),
    min_size=1,
    max_size=12,
)
THRESHOLDS = st.builds(
    QualityThresholds,
    combine=st.sampled_from(("any", "all")),
    inclusive=st.booleans(),
)


def row(leg: CallLeg) -> dict[str, Any]:
    told = {name: getattr(leg, name) for name in MEASURES}
    return told | {
        "measured": any(value is not None for value in told.values()),
        "unsupported": leg.ipv6 or leg.endpoint in UNSUPPORTED,
    }


@pytest.mark.parametrize("rule", LEG_RULES, ids=lambda rule: rule.__name__)
@given(legs=LEGS, q=THRESHOLDS)
def test_engines_agree(rule, legs, q):
    expected = [bool(rule(leg_view(leg), q)) for leg in legs]
    assert (
        rule(quality_view(legs_of(legs), slice(0, len(legs))), q).tolist() == expected
    )
    rows = [row(leg) for leg in legs]
    assert by_polars(rule, rows, q) == expected
    assert by_sql(rule, rows, q) == expected


def by_polars(rule, rows, q) -> list[bool]:
    schema = {
        name: pl.Boolean if isinstance(fill, bool) else pl.Float64
        for name, fill in LEG_READS.items()
    }
    frame = pl.DataFrame(rows, schema=schema)
    view = SimpleNamespace(
        **{name: pl.col(name).fill_null(fill) for name, fill in LEG_READS.items()}
    )
    return frame.select(rule(view, q).alias("holds"))["holds"].to_list()


def by_sql(rule, rows, q) -> list[bool]:
    table = sa.Table(
        "legs",
        sa.MetaData(),
        sa.Column("row", sa.Integer, primary_key=True),
        *(
            sa.Column(name, sa.Integer if isinstance(fill, bool) else sa.Float)
            for name, fill in LEG_READS.items()
        ),
    )
    view = SimpleNamespace(
        **{
            name: sa.func.coalesce(table.c[name], int(fill)) != 0
            if isinstance(fill, bool)
            else sa.func.coalesce(table.c[name], fill)
            for name, fill in LEG_READS.items()
        }
    )
    engine = sa.create_engine("sqlite://")
    with engine.begin() as database:
        table.create(database)
        database.execute(
            table.insert(), [{"row": at, **each} for at, each in enumerate(rows)]
        )
        found = set(database.scalars(sa.select(table.c.row).where(rule(view, q))))
    engine.dispose()
    return [at in found for at in range(len(rows))]


@given(legs=LEGS, q=THRESHOLDS)
def test_an_unrated_leg_is_neither_poor_nor_good(legs, q):
    for leg in legs:
        poor = is_poor_quality(leg, thresholds=q)
        assert (poor is None) == (not rated(leg_view(leg), q))


def test_the_bounds_are_those_of_the_specification():
    at = dt.datetime(2026, 11, 16, tzinfo=dt.UTC)

    def poor(**known: float) -> bool | None:
        return is_poor_quality(CallLeg(organization="acme", start=at, **known))

    assert poor(audio_jitter_ms=150.0, audio_latency_ms=400.0) is False
    assert poor(video_latency_ms=400.1) is True
    assert poor(audio_loss_pct=5.1, audio_jitter_ms=1.0) is True
    assert poor() is None


@pytest.mark.parametrize(
    "options", [{"jitter_ms": 0}, {"loss_pct": float("nan")}, {"combine": "some"}]
)
def test_thresholds_refuse_nonsense(options):
    with pytest.raises(InvalidValue):
        QualityThresholds(**options)
