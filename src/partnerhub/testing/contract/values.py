"""Every value there and back: of dated rows, calls, statistics."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

import attrs
import numpy as np
import pytest

from partnerhub.columns.datasets import (
    CUSTOMERS,
    DATASETS,
    LICENSES,
    SUBSCRIPTIONS,
    Dataset,
    Kind,
)
from partnerhub.columns.leg_records import MEDIA_VALUES, LegRecords
from partnerhub.columns.legs import legs_of
from partnerhub.columns.queue_stats import (
    SERVICE_MEANS,
    SERVICE_SUMS,
    SERVICE_TEXTS,
    ServiceKind,
)
from partnerhub.columns.usage import USAGE_COUNTS
from partnerhub.domain.call_quality import CallQualityStats
from partnerhub.domain.calls import (
    CallLeg,
    CallType,
    Direction,
    EndpointType,
    Feature,
    UserKind,
)
from partnerhub.domain.quality import MEASURES
from partnerhub.ports import Store
from partnerhub.testing import worlds
from partnerhub.testing.comparing import call_rows, leg_rows, plain
from partnerhub.testing.contract.base import ContractBase
from partnerhub.testing.everything import (
    DAY,
    facts,
    leg_of,
    media_of,
    quality_of,
    stats_of,
    usage_of,
)

_A, _B, _ = worlds.CUSTOMERS_KNOWN
_ROWS: Final = range(max(map(len, worlds.VALUES.values())))
_COUNTS: Final = (-1, 0, 2**31, 2**53 + 1)
_DECIMALS: Final = (np.nan, 0.0, 0.1, 1e300)


def _row(dataset: Dataset, number: int) -> worlds.Row:
    """The values of a row: each field has another one in each, and than its neighbour."""
    values: dict[str, Any] = {}
    for place, field in enumerate(dataset.fields):
        choices = worlds.VALUES[field.kind]
        values[field.name] = choices[(number + place) % len(choices)]
    who = f"00000000-0000-4000-8000-{number:012}" if dataset is CUSTOMERS else _A
    identity = "" if dataset is CUSTOMERS else str(number)
    parent = None if dataset.parent is None else "s"
    return worlds.Row(who, identity, parent, DAY, values)


def _shown(store: Store, dataset: Dataset, field: str) -> list[Any]:
    portfolio = store.portfolio(DAY)
    parts: dict[Dataset, Any] = {
        CUSTOMERS: portfolio.customers,
        SUBSCRIPTIONS: portfolio.subscriptions,
        LICENSES: portfolio.lines,
    }
    column: Any = (
        getattr(parts[dataset], field)
        if dataset in parts
        else store.inventory(dataset, DAY).fields[field]
    )
    listed: list[Any] = plain(column)
    return listed


def _seen(value: Any, kind: Kind, field: str) -> Any:
    if field == "existed":
        return value == 1
    return (value or None) if kind is Kind.TEXT else value


def _leg(**told: Any) -> CallLeg:
    return CallLeg(
        organization=_A, start=dt.datetime.combine(DAY, dt.time(), dt.UTC), **told
    )


def _legs() -> list[CallLeg]:
    """One of which nothing is known, and several with all there is."""
    legs = [_leg()]
    for number in range(3):
        on = number % 2 == 0
        measures: dict[str, Any] = {
            name: (0.0, 150.10000610351562, 1e9)[(number + place) % 3]
            for place, name in enumerate(MEASURES)
        }
        legs.append(
            _leg(
                location=f"place {number}",
                user=f"user {number}",
                duration_s=(2**31 - 1, 0, 40_000)[number],
                answered=on,
                direction=tuple(Direction)[number % len(Direction)],
                call_type=(*CallType, "SIP_MOON", "SIP_SUN", "")[-1 - number],
                user_kind=tuple(UserKind)[-1 - number],
                endpoint=tuple(EndpointType)[-1 - number],
                features=(~Feature.NONE, Feature.TRANSFER, Feature.PARK)[number],
                ipv6=on,
                audio=not on,
                video=on,
                video_s=(0, 2**31 - 1, 40_000)[number],
                **measures,
            )
        )
    return legs


class ValuesContract(ContractBase):
    """Unknown comes back as unknown, all else exactly."""

    @pytest.mark.parametrize("dataset", DATASETS, ids=lambda dataset: dataset.name)
    def test_every_value_of_every_field_comes_back(
        self, store: Store, dataset: Any
    ) -> None:
        """Large numbers and far days too."""
        rows = [_row(dataset, number) for number in _ROWS]
        held = worlds.Row(_A, "s", None, DAY, {"type": "x"})
        with store.writing() as writer:
            if dataset is LICENSES:
                writer.put_records(worlds.records(SUBSCRIPTIONS, [held], only={"type"}))
            writer.put_records(worlds.records(dataset, rows))
        for field in dataset.fields:
            told = [
                _seen(row.values[field.name], field.kind, field.name) for row in rows
            ]
            assert _shown(store, dataset, field.name) == told, field.name

    def test_every_value_of_a_customer_comes_back(self, store: Store) -> None:
        """With those that nobody has told."""
        names = ("name", "region", "industry", "external_id")
        with store.writing() as writer:
            told: dict[str, Any] = {name: f"some {name}" for name in names}
            writer.put_organizations([facts(_A, **told), facts(_B)])
        found = store.portfolio(DAY).customers
        assert found.id.tolist() == [_A, _B]
        assert found.name.tolist() == ["some name", ""]
        for name in names[1:]:
            assert plain(getattr(found, name)) == [f"some {name}", None]

    def test_every_count_of_usage_comes_back(self, store: Store) -> None:
        """Each its own, and -1 where it is not known."""
        with store.writing() as writer:
            for row, place in enumerate("abcd"):
                counts = {
                    name: np.array([_COUNTS[(row + at) % 4]])
                    for at, name in enumerate(USAGE_COUNTS)
                }
                writer.put_usage(attrs.evolve(usage_of(_A, place), counts=counts))
            only = {USAGE_COUNTS[1]: np.array([5])}
            writer.put_usage(attrs.evolve(usage_of(_A, "e"), counts=only))
        found = store.usage(DAY, DAY)
        for at, name in enumerate(USAGE_COUNTS):
            told = [_COUNTS[(row + at) % 4] for row in range(4)]
            assert found.counts[name].tolist() == [*told, 5 if at == 1 else -1], name

    def test_every_value_of_a_leg_comes_back(self, store: Store) -> None:
        """To the second and the last digit; of call types nobody knows, their text."""
        legs = _legs()
        count = len(legs)
        records = LegRecords(
            legs=legs_of(legs),
            report_id=worlds.objects(map(str, range(count))),
            report_time=np.full(count, "2026-11-20", "datetime64[ms]"),
            call_id=worlds.objects([""] * count),
        )
        with store.writing() as writer:
            writer.put_legs(records)
        assert call_rows(store, DAY, DAY) == leg_rows([records.legs])

    def test_every_value_of_media_quality_comes_back(self, store: Store) -> None:
        """On the leg of its call; what the newest row says counts, all of it."""
        for turn in range(3):
            values: dict[str, Any] = {}
            for place, (name, kind) in enumerate(MEDIA_VALUES.items()):
                whole = issubclass(kind, np.integer)
                choices: tuple[Any, ...] = (1, 0, -1) if whole else (7.5, 1e9, np.nan)
                told = choices[(place + turn) % 3]
                values[name] = np.array([told], kind)
            with store.writing() as writer:
                writer.put_legs(leg_of(_A))
                put = writer.put_media(
                    [attrs.evolve(media_of(), values=values)], region="US"
                )
            assert put.taken == 1
            (found,) = call_rows(store, DAY, DAY)
            for name, value in values.items():
                told = value.tolist()[0]
                assert found[name] == (None if told != told else told), name  # noqa: PLR0124 - NaN is not itself

    def test_every_value_of_statistics_comes_back(self, store: Store) -> None:
        """Of each kind of service; what a source does not have is not known."""
        for kind in ServiceKind:
            with store.writing() as writer:
                for row, place in enumerate("abcd"):
                    values: dict[str, Any] = {}
                    for at, name in enumerate((*SERVICE_SUMS, *SERVICE_MEANS)):
                        choices = _COUNTS if name in SERVICE_SUMS else _DECIMALS
                        values[name] = np.array([choices[(row + at) % 4]])
                    for name in SERVICE_TEXTS:
                        values[name] = worlds.objects([f"{name} {place}"])
                    told = stats_of(_A, location=place)
                    writer.put_service_stats(kind, attrs.evolve(told, values=values))
                nothing = attrs.evolve(stats_of(_A, location="e"), values={})
                writer.put_service_stats(kind, nothing)
            found = store.service_stats(kind, DAY, DAY)
            for at, name in enumerate((*SERVICE_SUMS, *SERVICE_MEANS)):
                choices = _COUNTS if name in SERVICE_SUMS else _DECIMALS
                expected = [choices[(row + at) % 4] for row in range(4)] + [choices[0]]
                np.testing.assert_array_equal(found.column(name), expected, name)
            for name in SERVICE_TEXTS:
                texts = [f"{name} {place}" for place in "abcd"]
                assert found.column(name).tolist() == [*texts, ""]

    def test_every_value_of_the_services_own_statistics_comes_back(
        self, store: Store
    ) -> None:
        """None stays None."""
        names = [field.name for field in attrs.fields(CallQualityStats)]
        counts = [name for name in names if "calls" in name]
        means = [name for name in names if name.startswith("audio")]
        told = []
        for row, place in enumerate("abc"):
            values: dict[str, Any] = {
                name: (None, 0, 2**53 + 1)[(row + at) % 3]
                for at, name in enumerate(counts)
            } | {
                name: (None, 0.1, 1e300)[(row + at) % 3]
                for at, name in enumerate(means)
            }
            told.append(attrs.evolve(quality_of(_A, place), **values))
        with store.writing() as writer:
            writer.put_quality_stats(told)
        assert store.quality_stats(DAY, DAY) == tuple(told)
