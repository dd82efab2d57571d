"""Texts: told apart, ordered by code point, refused where not every store keeps them."""

from __future__ import annotations

import random
from collections.abc import Callable
from operator import methodcaller
from typing import Any, Final

import attrs
import numpy as np
import pytest

from partnerhub.columns.datasets import LICENSES, SUBSCRIPTIONS, Dataset
from partnerhub.columns.queue_stats import ServiceKind
from partnerhub.domain.errors import InvalidValue
from partnerhub.domain.organizations import MOST_KEY_BYTES
from partnerhub.domain.report_runs import ImportNote, RunQuery
from partnerhub.ports import (
    Document,
    OrganizationFacts,
    Scope,
    Store,
    Tagged,
    Writer,
)
from partnerhub.testing import worlds
from partnerhub.testing.comparing import call_rows
from partnerhub.testing.contract.base import ContractBase
from partnerhub.testing.everything import (
    DAY,
    RUN,
    WRITES,
    days_of,
    everything,
    facts,
    leg_of,
    media_of,
    quality_of,
    stats_of,
    usage_of,
)

_A = worlds.CUSTOMERS_KNOWN[0]
_QUEUE = ServiceKind.CALL_QUEUE

_ALIKE: Final = (
    *("a", "A", "\u00e1", "a\u0301", "a ", " a", "\ufb01", "fi", "%", "_"),
    *("a" * 300, "a" * 301, "\u4e00" * 333, "a" * (MOST_KEY_BYTES - 1)),
    "a" * MOST_KEY_BYTES,
)
"""Texts that a collation, a pattern, padding or a limit takes for one another."""

_ORDERED: Final = (" ", "A", "Z", "_", "a", "\u00c9", "\uffee", "\U0001f600")
"""By code point, which is the order of no language, and not that of UTF-16."""

_Put = Callable[[Writer, str], Any]
_Shown = Callable[[Store], list[str]]
_Door = Callable[[Writer], Any]


def _put_thing(dataset: Dataset) -> _Put:
    """A thing that this text tells apart, and shows where nothing else does."""

    def put(writer: Writer, text: str) -> None:
        field = "total" if dataset is LICENSES else "type"
        if dataset in worlds.INVENTORIES:
            field = dataset.field_names[0]
        parent = None if dataset.parent is None else "s"
        row = worlds.Row(_A, text, parent, DAY, {field: 1 if parent else text})
        if parent:
            _put_thing(SUBSCRIPTIONS)(writer, parent)
        writer.put_records(worlds.records(dataset, [row], only={field}))

    return put


def _things(dataset: Dataset) -> tuple[_Put, _Shown]:
    def shown(store: Store) -> list[str]:
        texts: Any
        if dataset is LICENSES:
            texts = store.portfolio(DAY).lines.license
        elif dataset is SUBSCRIPTIONS:
            texts = store.portfolio(DAY).subscriptions.type
        else:
            texts = store.inventory(dataset, DAY).fields[dataset.field_names[0]]
        found: list[str] = texts.texts().tolist()
        return found

    return _put_thing(dataset), shown


def _ordered_places() -> dict[str, tuple[_Put, _Shown]]:
    """Where things are told apart, and listed, by a text."""
    things = (SUBSCRIPTIONS, LICENSES, *worlds.INVENTORIES)
    return {
        **{dataset.name: _things(dataset) for dataset in things},
        "usage": (
            lambda writer, text: writer.put_usage(usage_of(_A, text)),
            lambda store: store.usage(DAY, DAY).location.tolist(),
        ),
        "place of a service": (
            lambda writer, text: writer.put_service_stats(
                _QUEUE, stats_of(_A, location=text)
            ),
            lambda store: store.service_stats(_QUEUE, DAY, DAY).location.tolist(),
        ),
        "name of a service": (
            lambda writer, text: writer.put_service_stats(
                ServiceKind.HUNT_GROUP, stats_of(_A, name=text)
            ),
            lambda store: store.service_stats(
                ServiceKind.HUNT_GROUP, DAY, DAY
            ).name.tolist(),
        ),
        "quality": (
            lambda writer, text: writer.put_quality_stats([quality_of(_A, text)]),
            lambda store: [each.location for each in store.quality_stats(DAY, DAY)],
        ),
        "document": (
            lambda writer, text: writer.put_document(
                Document(kind="k", id=text, body=0)
            ),
            lambda store: [each.id for each in store.documents("k")],
        ),
        "run": (
            lambda writer, text: writer.put_run(attrs.evolve(RUN, key=text)),
            lambda store: [run.key for run in store.runs()],
        ),
    }


def _doors(text: str) -> dict[str, _Door]:
    """Every text that a writer takes."""

    def things(dataset: Dataset, row: worlds.Row) -> _Door:
        told = worlds.records(dataset, [row], only=set(row.values))
        return methodcaller("put_records", told)

    picture = worlds.pictures_of([text], DAY)
    row = worlds.Row(_A, "s", None, DAY, {"type": text})
    line = worlds.Row(_A, "l", "s", DAY, {"total": 1})
    note = ImportNote(file=text, at=RUN.asked, rows=0, taken=0)
    return {
        **_doors_of_customers(text),
        **_doors_of_calls(text),
        **_doors_of_runs(text),
        "customer of a row": things(
            SUBSCRIPTIONS, attrs.evolve(row, organization=text)
        ),
        "customer of a picture": methodcaller(
            "put_records", worlds.records(SUBSCRIPTIONS, [], pictures=picture)
        ),
        "value": things(SUBSCRIPTIONS, row),
        "subscription": things(SUBSCRIPTIONS, attrs.evolve(row, identity=text)),
        "license": things(LICENSES, attrs.evolve(line, identity=text)),
        "subscription of a line": things(LICENSES, attrs.evolve(line, parent=text)),
        "customer of usage": methodcaller("put_usage", usage_of(text)),
        "location of usage": methodcaller("put_usage", usage_of(_A, text)),
        "kind": methodcaller("put_document", Document(kind=text, id="i", body=0)),
        "document": methodcaller("put_document", Document(kind="k", id=text, body=0)),
        "removed": methodcaller("delete_document", "k", text, version=1),
        "file": methodcaller("note_import", note),
    }


def _doors_of_customers(text: str) -> dict[str, _Door]:
    told: dict[str, OrganizationFacts] = {
        "customer": facts(text),
        "tag": facts(_A, tags=("a", text)),
        "address": facts(_A, user_emails=("a@x.com", text)),
    }
    for name in ("name", "region", "industry", "external_id"):
        told[name] = facts(_A, **{name: text})
    edit = Tagged(customer=_A, tags=("a", text))
    return {
        **{
            name: methodcaller("put_organizations", [each])
            for name, each in told.items()
        },
        "corrected region": methodcaller("set_region", _A, text),
        "edited tag": methodcaller("set_tags", _A, ("a", text), day=DAY),
        "one of many tags": methodcaller("edit_tags", [edit], day=DAY),
    }


def _doors_of_calls(text: str) -> dict[str, _Door]:
    found: dict[str, _Door] = {
        "customer of a leg": methodcaller("put_legs", leg_of(text)),
        "customer of a day": methodcaller("put_call_days", days_of(text)),
        "customer of a service": methodcaller(
            "put_service_stats", _QUEUE, stats_of(text)
        ),
        "customer of quality": methodcaller("put_quality_stats", [quality_of(text)]),
        "location of quality": methodcaller(
            "put_quality_stats", [quality_of(_A, text)]
        ),
        "call": methodcaller("put_media", [media_of(text)], region="US"),
    }
    for name in ("location", "name", "phone", "extension"):
        stats = stats_of(_A, **{name: text})
        found[f"{name} of a service"] = methodcaller("put_service_stats", _QUEUE, stats)
    for name in ("location", "user", "call_type", "report_id", "call_id"):
        leg = leg_of(_A, **{name: text})
        found[f"{name} of a leg"] = methodcaller("put_legs", leg)
    return found


def _doors_of_runs(text: str) -> dict[str, _Door]:
    when: dict[str, Any] = {"at": RUN.asked, "until": RUN.asked}
    found: dict[str, _Door] = {
        "claimed run": methodcaller("claim_run", text, worker="w", **when)
    }
    for name in ("key", "schedule", "who", "worker", "path", "error"):
        told: dict[str, Any] = {"key": "r", "schedule": "x", name: text}
        run = attrs.evolve(RUN, **told)
        found[f"{name} of a run"] = methodcaller("put_run", run)
        found[f"{name} of a plan"] = methodcaller("plan_runs", [run])
    return found


class TextsContract(ContractBase):
    """A text is the same everywhere or nowhere."""

    def test_texts_that_look_alike_are_told_apart(self, store: Store) -> None:
        """By case, accents, how they are composed, blanks; however long."""
        for place, (put, shown) in _ordered_places().items():
            with store.writing() as writer:
                for text in _ALIKE:
                    put(writer, text)
            assert shown(store) == sorted(_ALIKE), place

    def test_things_are_in_code_point_order_of_their_texts(self, store: Store) -> None:
        """Not by language, case, the halves of UTF-16, or the order of writing."""
        for place, (put, shown) in _ordered_places().items():
            with store.writing() as writer:
                for text in reversed(_ORDERED):
                    put(writer, text)
            assert shown(store) == list(_ORDERED), place

    def test_the_longest_texts_are_kept(self, store: Store) -> None:
        """Of what no index can make less; two of them where two tell a thing apart."""
        # Neither in a few bytes a character nor by what repeats.
        some = random.Random(1).choices(range(0x4E00, 0x9FFF), k=2 * MOST_KEY_BYTES)  # noqa: S311 - no secret
        text = "".join(map(chr, some))
        longest, more = text[: MOST_KEY_BYTES // 3], text[: MOST_KEY_BYTES // 3 + 1]
        for place, (put, shown) in _ordered_places().items():
            with store.writing() as writer:
                put(writer, longest)
            assert shown(store) == [longest], place
            with pytest.raises(InvalidValue, match="bytes"), store.writing() as writer:
                put(writer, more)
                pytest.fail(f"the {place} was taken")
        with store.writing() as writer:
            writer.put_document(Document(kind=longest, id=longest, body=text))
            stats = stats_of(_A, location=longest, name=longest)
            writer.put_service_stats(_QUEUE, stats)
            writer.put_organizations([facts(_A, name=text, tags=(text,))])
            told = attrs.evolve(RUN, key="k", schedule=longest, error=text)
            writer.put_run(told)
        assert [each.body for each in store.documents(longest)] == [text]
        assert [run.error for run in store.runs(RunQuery(schedule=longest))] == [text]
        assert store.tags() == {_A: (text,)}

    def test_kinds_and_schedules_that_look_alike_are_told_apart(
        self, store: Store
    ) -> None:
        """And one is not found by the beginning of another."""
        for text in _ALIKE:
            with store.writing() as writer:
                writer.put_document(Document(kind=text, id="i", body=text))
                told = attrs.evolve(RUN, key=str(hash(text)), schedule=text, who=text)
                writer.put_run(told)
        for text in _ALIKE:
            assert [each.body for each in store.documents(text)] == [text]
            assert [run.who for run in store.runs(RunQuery(schedule=text))] == [text]
            assert store.newest_slot(text, until=RUN.asked) == RUN.slot
            assert store.newest_slot(text + "x", until=RUN.asked) is None

    def test_tags_of_subscriptions_that_look_alike_are_told_apart(
        self, store: Store
    ) -> None:
        """By the whole id."""
        with store.writing() as writer:
            for text in _ALIKE:
                _put_thing(SUBSCRIPTIONS)(writer, text)
                tags = (text[-20:] + str(len(text)),)
                writer.set_tags(_A, tags, day=DAY, subscription=text)
        expected = {(_A, text): (text[-20:] + str(len(text)),) for text in _ALIKE}
        assert store.subscription_tags() == expected

    def test_calls_that_look_alike_are_told_apart(self, store: Store) -> None:
        """Records by their ids, and the calls whose quality they have."""
        with store.writing() as writer:
            for text in _ALIKE:
                leg = leg_of(_A, report_id=text, call_id=text, location=text)
                writer.put_legs(leg)
            media = []
            for number, text in enumerate(_ALIKE):
                told = media_of(text)
                jitter = {"audio_jitter_ms": np.array([number], np.float32)}
                media.append(attrs.evolve(told, values={**told.values, **jitter}))
            writer.put_media(media, region="US")
        found = {
            row["location"]: row["audio_jitter_ms"]
            for row in call_rows(store, DAY, DAY)
        }
        assert found == {text: number for number, text in enumerate(_ALIKE)}

    @pytest.mark.parametrize("text", ["a\0b", "\ud800"])
    def test_no_text_is_taken_that_not_every_store_can_keep(
        self, store: Store, text: str
    ) -> None:
        """NUL and lone surrogates stop at every door; nothing of the call stays."""
        with store.writing() as writer:
            for write in WRITES.values():
                write(writer)
        before = everything(store)
        for name, door in _doors(text).items():
            with pytest.raises(InvalidValue), store.writing() as writer:
                door(writer)
                pytest.fail(f"the {name} {text!r} was taken")
        assert everything(store) == before

    @pytest.mark.parametrize("text", ["a\0b", "\ud800"])
    def test_nothing_is_asked_by_a_text_that_no_store_keeps(
        self, store: Store, text: str
    ) -> None:
        """It is told to whoever asks, and the next one is answered."""
        asked: tuple[Callable[[], Any], ...] = (
            lambda: store.profile(text),
            lambda: store.find_by_email(text),
            lambda: store.tagged([_A, text]),
            lambda: store.count(DAY, Scope(regions=("US", text))),
            lambda: store.document("k", text),
            lambda: store.document(text, "i"),
            lambda: store.documents(text),
            lambda: store.run(text),
            lambda: store.runs(RunQuery(schedule=text)),
            lambda: store.runs(RunQuery(template=text)),
            lambda: store.newest_slot(text, until=RUN.asked),
        )
        for ask in asked:
            with pytest.raises(InvalidValue):
                ask()
        assert store.regions() == ()
