"""Every write there is: undone with its transaction, seen inside it, counted."""

from __future__ import annotations

import datetime as dt

import attrs
import numpy as np
import pytest

from partnerhub.columns.queue_stats import ServiceKind
from partnerhub.domain.errors import ConflictError, InvalidValue
from partnerhub.ports import Document, Store, Writer
from partnerhub.testing import worlds
from partnerhub.testing.comparing import call_rows
from partnerhub.testing.contract.base import ContractBase
from partnerhub.testing.everything import (
    DAY,
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

_A, _B, _ = worlds.CUSTOMERS_KNOWN


class _Undo(Exception):
    """Raised by the tests themselves."""


class _Stopped(BaseException):
    """As when somebody presses Ctrl-C."""


def _write_all(writer: Writer) -> None:
    for write in WRITES.values():
        write(writer)


def _write_other_calls(writer: Writer) -> None:
    """Beside those of `WRITES`, of the same customers, and one in place of them."""
    writer.put_usage(usage_of(_A, "other"))
    writer.put_legs(leg_of(_A, report_id="other", call_id="other"))
    writer.put_call_days(days_of(_A, DAY + dt.timedelta(1)))
    louder = {"audio_jitter_ms": np.array([9], np.float32)}
    for media in (media_of(), media_of("other")):
        told = attrs.evolve(media, values={**media.values, **louder})
        writer.put_media([told], region="US")
    writer.put_service_stats(ServiceKind.CALL_QUEUE, stats_of(_A, name="other"))
    writer.put_quality_stats([quality_of(_A, "other")])


class WritesContract(ContractBase):
    """What is true of one write is true of every other."""

    def test_every_write_is_undone_with_its_block(self, store: Store) -> None:
        """Whatever ends it; and nothing is left that shows when they are made again."""
        before = everything(store)
        for error in (_Stopped(), ConflictError("it", expected=1, found=2)):
            with pytest.raises(type(error)), store.writing() as writer:
                _write_all(writer)
                raise error
        assert everything(store) == before
        with self.make() as fresh:
            for each in (store, fresh):
                with each.writing() as writer:
                    _write_all(writer)
            assert everything(store) == everything(fresh)

    def test_every_write_is_undone_to_what_was_there(self, store: Store) -> None:
        """Also where it would have replaced something, or ended it."""
        with store.writing() as writer:
            _write_all(writer)
        before = everything(store), everything(store, DAY + dt.timedelta(5))
        with pytest.raises(_Undo), store.writing() as writer:
            later = worlds.pictures_of([_A], DAY + dt.timedelta(3))
            for dataset in worlds.PICTURED:
                writer.put_records(worlds.records(dataset, [], pictures=later))
            writer.put_organizations([facts(_A, name="b", user_emails=(), tags=())])
            writer.set_tags(_A, (), day=DAY, subscription="s")
            writer.set_region(_A, "EU")
            _write_other_calls(writer)
            raise _Undo
        assert (everything(store), everything(store, DAY + dt.timedelta(5))) == before
        with store.writing() as writer:
            writer.put_legs(leg_of(_A, report_id="o", call_id="other", location="o"))
        shown = {
            row["location"]: row["audio_jitter_ms"]
            for row in call_rows(store, DAY, DAY)
        }
        assert shown == {"": 1.0, "o": None}

    def test_a_block_sees_every_write_it_made(self, store: Store) -> None:
        """As anybody sees it afterwards."""
        with store.writing() as writer:
            _write_all(writer)
            inside = everything(store)
        after = everything(store)
        if not self.sees_own_legs:
            inside["legs"] = after["legs"]
        assert inside == after

    def test_every_write_is_counted(self, store: Store) -> None:
        """So that nobody goes on with what he read before it."""
        for name, write in WRITES.items():
            before = store.writes()
            with store.writing() as writer:
                write(writer)
            after = store.writes()
            assert (before or 0) < (after or 0), name

    def test_a_block_goes_on_after_an_error_that_it_handled(self, store: Store) -> None:
        """What it wrote before and after is kept; what was refused is not, by no half."""
        told = Document(kind="k", id="a", body=1)
        bad = (facts(_B, name="b"), facts(_A, name="a\0b"))
        with store.writing() as writer:
            writer.put_document(told)
            with pytest.raises(ConflictError):
                writer.put_document(told)
            with pytest.raises(InvalidValue):
                writer.put_organizations(bad)
            writer.put_document(attrs.evolve(told, id="b"))
        assert [each.id for each in store.documents("k")] == ["a", "b"]
        assert store.profile(_B) is None
