"""Calling files into a store: each is taken whole, or not at all."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Final

import attrs
import numpy as np

from partnerhub.adapters.cdr import CallRecords, LegBatch, MediaFile, ServiceFile
from partnerhub.adapters.cdr.quality_stats import QualityFile
from partnerhub.adapters.exports import Problem
from partnerhub.adapters.importing.noting import note
from partnerhub.adapters.importing.outcome import MOST_PROBLEMS, FileOutcome, why_left
from partnerhub.columns.leg_records import CallDays, MediaColumns
from partnerhub.columns.queue_stats import ServiceKind
from partnerhub.columns.records import EPOCH
from partnerhub.columns.unknown import Array, Bools, Days
from partnerhub.domain.weeks import Period
from partnerhub.ports import OrganizationFacts, Store, Writer

_MOST_DAYS: Final = 31
"""Days between the first and the last record of a file that it may cover."""

Told = Callable[[int], None]
"""Called with the rows read so far."""


@attrs.define
class _Taking:
    """What becomes of one file of call records."""

    writer: Writer
    region: str | None
    partner: str | None
    elsewhere: dict[str, str] = attrs.Factory(dict)
    seen: set[str] = attrs.Factory(set)
    first: int | None = None
    last: int | None = None
    problems: list[Problem] = attrs.Factory(list)
    faults: int = 0
    taken: int = 0
    unchanged: int = 0
    left_out: int = 0

    def take(self, batch: LegBatch, file: str) -> None:
        """Takes the records of a batch that are of our customers."""
        self._tell(batch.problems)
        if not len(batch):
            return
        legs = batch.records.legs
        owner = legs.places.customer[legs.place]
        codes = np.unique(owner)
        uuids = legs.places.customers[codes].tolist()
        days = legs.start.astype("datetime64[D]")
        self._meet(uuids, days)
        is_own = np.isin(owner, codes[[who == self.partner for who in uuids]])
        is_elsewhere = np.isin(owner, codes[[who in self.elsewhere for who in uuids]])
        self.left_out += int(is_own.sum())
        self._tell(self._conflicts(batch, is_elsewhere, file))
        mine = np.flatnonzero(~(is_own | is_elsewhere))
        put = self.writer.put_legs(
            batch.records if len(mine) == len(batch) else batch.records.take(mine)
        )
        self.taken += put.taken
        self.unchanged += put.unchanged
        if len(mine):
            low, high = days[mine].min(), days[mine].max()
            self._extend(int(low.astype(np.int64)), int(high.astype(np.int64)))

    def _meet(self, uuids: list[str], days: Days) -> None:
        """Makes the customers known, and finds those that lie in another region."""
        new = [u for u in uuids if u not in self.seen and u != self.partner]
        if not new:
            return
        day = days.max().item()
        put = self.writer.put_organizations(
            OrganizationFacts(id=uuid, region=self.region, day=day) for uuid in new
        )
        self.seen.update(new)
        for conflict in put.conflicts:
            self.elsewhere[conflict.organization] = why_left(conflict)

    def _conflicts(self, batch: LegBatch, rows: Bools, file: str) -> Iterator[Problem]:
        legs = batch.records.legs
        owners = legs.places.owners()
        for row in np.flatnonzero(rows).tolist():
            who = str(owners[legs.place[row]])
            yield Problem(
                file=file,
                line=int(batch.line[row]),
                column="Org UUID",
                value=who,
                message=self.elsewhere[who],
            )

    def _tell(self, problems: Iterator[Problem] | tuple[Problem, ...]) -> None:
        for problem in problems:
            self.faults += 1
            if len(self.problems) < MOST_PROBLEMS:
                self.problems.append(problem)

    def _extend(self, low: int, high: int) -> None:
        self.first = low if self.first is None else min(self.first, low)
        self.last = high if self.last is None else max(self.last, high)

    def cover(self, period: Period | None, customer: str | None) -> None:
        """Notes for which days the customers of the file are loaded.

        Those that are said, else all from its first to its last record, unless these
        lie so far apart that one of them must be a stray.
        """
        if period is not None:
            days = np.arange(
                np.datetime64(period[0], "D"), np.datetime64(period[1], "D") + 1
            )
        elif self.first is not None and self.last is not None:
            days = EPOCH + np.arange(self.first, self.last + 1)
            if len(days) > _MOST_DAYS:
                return
        else:
            return
        if customer is not None:
            self._meet([customer], days)
        who = sorted(self.seen - self.elsewhere.keys())
        uuids = np.empty(len(who), dtype=object)
        uuids[:] = who
        self.writer.put_call_days(
            CallDays(
                organization=np.repeat(uuids, len(days)), day=np.tile(days, len(who))
            )
        )


def import_records(
    store: Store,
    file: CallRecords,
    /,
    *,
    region: str | None,
    partner: str | None,
    customer: str | None,
    period: Period | None,
    told: Told,
) -> FileOutcome:
    """Takes a file of call records.

    Args:
        store: Where to.
        file: The file.
        region: Where the data of its customers are kept.
        partner: Uuid of the partner's own organization, which is no customer.
        customer: Uuid of a customer that it covers, with or without a call.
        period: The days that it covers, where somebody says so.
        told: Told of the rows read.
    """
    with store.writing() as writer:
        taking = _Taking(writer=writer, region=region, partner=partner)
        for batch in file.batches():
            taking.take(batch, file.file)
            told(file.rows)
        taking.cover(period, customer)
        note(writer, file=file.file, rows=file.rows, taken=taking.taken)
    unlisted = taking.faults - len(taking.problems)
    return FileOutcome(
        file=file.file,
        template="call-records",
        rows=file.rows,
        taken=taking.taken,
        unchanged=taking.unchanged,
        left_out=taking.left_out,
        problems=tuple(sorted(taking.problems, key=lambda problem: problem.line)),
        notices=(
            *file.notices,
            *((f"{unlisted} more problems are not listed",) if unlisted else ()),
        ),
    )


def import_media(
    store: Store, file: MediaFile, /, *, region: str | None, told: Told
) -> FileOutcome:
    """Takes a file of media quality."""
    problems: list[Problem] = []
    rows = 0

    def counted() -> Iterator[MediaColumns]:
        nonlocal rows
        for part in file.batches(problems):
            rows += len(part)
            told(rows + len(problems))
            yield part

    with store.writing() as writer:
        put = writer.put_media(counted(), region=region)
        rows += len(problems)
        note(writer, file=file.file, rows=rows, taken=put.taken)
    unlisted = len(problems) - MOST_PROBLEMS
    waiting = f"the records of {put.waiting} calls are not loaded yet: quality waits"
    return FileOutcome(
        file=file.file,
        template=file.layout.key,
        rows=rows,
        taken=put.taken,
        unchanged=put.unchanged,
        problems=tuple(problems[:MOST_PROBLEMS]),
        notices=(
            *file.notices,
            *((waiting,) if put.waiting else ()),
            *((f"{unlisted} more problems are not listed",) if unlisted > 0 else ()),
        ),
    )


def import_services(
    store: Store, file: ServiceFile, /, *, region: str | None
) -> FileOutcome:
    """Takes statistics of call queues, hunt groups or auto attendants."""
    stats, problems = file.read()
    with store.writing() as writer:
        conflict = _customer_conflict(writer, file.customer, file.period[1], region)
        changed = np.zeros(0, np.bool_)
        if conflict is None:
            changed = writer.put_service_stats(ServiceKind(file.layout.key), stats)
            rows = len(stats) + len(problems)
            note(writer, file=file.file, rows=rows, taken=int(changed.sum()))
    if conflict is not None:
        problems = (Problem(file=file.file, line=0, message=conflict),)
    return FileOutcome(
        file=file.file,
        template=file.layout.key,
        rows=len(stats) + len(problems),
        taken=int(changed.sum()),
        unchanged=int((~changed).sum()),
        problems=problems,
        notices=file.notices,
        refused=conflict is not None,
    )


def import_quality(
    store: Store, file: QualityFile, /, *, region: str | None
) -> FileOutcome:
    """Takes the service's own statistics of a customer's calls."""
    stats = file.read()
    day = dt.date(1970, 1, 1) + dt.timedelta(milliseconds=stats.start_ms)
    with store.writing() as writer:
        conflict = _customer_conflict(writer, file.customer, day, region)
        changed: Array = np.zeros(0, np.bool_)
        if conflict is None:
            changed = writer.put_quality_stats((stats,))
            note(writer, file=file.file, rows=1, taken=int(changed.sum()))
    problem = Problem(file=file.file, line=0, message=conflict or "")
    return FileOutcome(
        file=file.file,
        template="call-quality-statistics",
        rows=1,
        taken=int(changed.sum()),
        unchanged=int((~changed).sum()),
        problems=() if conflict is None else (problem,),
        notices=("it counts calls, and is kept apart from call legs",),
        refused=conflict is not None,
    )


def _customer_conflict(
    writer: Writer, customer: str, day: dt.date, region: str | None
) -> str | None:
    """Makes a customer known; what is wrong if it lies in another region."""
    facts = OrganizationFacts(id=customer, region=region, day=day)
    for conflict in writer.put_organizations([facts]).conflicts:
        return why_left(conflict)
    return None
