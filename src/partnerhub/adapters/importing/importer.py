"""One file into one store, in one transaction."""

from __future__ import annotations

import functools
import logging
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Final

import attrs
import numpy as np

from partnerhub.adapters.cdr import (
    CallingOptions,
    CallRecords,
    MediaFile,
    ServiceFile,
)
from partnerhub.adapters.cdr.quality_stats import QualityFile
from partnerhub.adapters.exports import Export, Problem, ReadOptions
from partnerhub.adapters.exports.frame_rows import read_frame
from partnerhub.adapters.exports.problems import numbered
from partnerhub.adapters.importing import (
    calls,
    facts,
    inventories,
    subscription_details,
    usage,
)
from partnerhub.adapters.importing.files import (
    AnyFile,
    file_of,
    read_files,
    template_of,
)
from partnerhub.adapters.importing.noting import note
from partnerhub.adapters.importing.outcome import MOST_PROBLEMS, FileOutcome, why_left
from partnerhub.adapters.importing.spool import Rows, Spool
from partnerhub.adapters.importing.taking import FileContext, Taker, TrialsOf
from partnerhub.adapters.importing.trials import trials_without_id
from partnerhub.columns.datasets import APP_VERSIONS, DEVICES, NUMBERS
from partnerhub.columns.unknown import Bools, Ints
from partnerhub.domain import layouts, regions
from partnerhub.domain.errors import FileRefused
from partnerhub.ports import OrganizationsPut, Store, Writer

_LOG: Final = logging.getLogger("partnerhub.adapters.importing")

Progress = Callable[[str, int], None]
"""Called with a file's name and the rows read of it so far."""

_TAKERS: Final[Mapping[str, Taker]] = {
    layouts.SUBSCRIPTION_DETAILS.key: subscription_details.take,
    layouts.CUSTOMER_FACTS.key: facts.take_customers,
    layouts.SUBSCRIPTION_FACTS.key: facts.take_subscriptions,
    layouts.DEVICES.key: functools.partial(inventories.take, dataset=DEVICES),
    layouts.TELEPHONE_NUMBERS.key: functools.partial(inventories.take, dataset=NUMBERS),
    layouts.WEBEX_APP_VERSION.key: functools.partial(
        inventories.take, dataset=APP_VERSIONS
    ),
    layouts.CALLING_USAGE_DETAILS.key: usage.take,
}
"""Key of a layout -> what takes its rows."""


@attrs.frozen(kw_only=True)
class ImportOptions:
    """How files are taken.

    Attributes:
        region: Where their customers' data are kept; None when it is not told.
        partial: They are not full pictures of the customers in them: what they
            leave out is still there.
        partner: Uuid of the partner's own organization, which is no customer.
        customer: Id of the customer that files of statistics are of, and one that
            files of call records cover with or without a call.
        reading: How they are read.
    """

    region: str | None = None
    partial: bool = False
    partner: str | None = None
    customer: str | None = None
    reading: ReadOptions = attrs.field(factory=ReadOptions)


def import_file(
    store: Store,
    path: Path,
    options: ImportOptions = ImportOptions(),
    *,
    progress: Progress | None = None,
) -> Iterator[FileOutcome]:
    """Imports a file, or each file of a ZIP.

    Args:
        store: Where to.
        path: A CSV, JSON or Parquet file, or a ZIP of them.
        options: How.
        progress: Told of the rows read.

    Yields:
        What became of each; a file that cannot be used is an outcome too.

    Raises:
        FileNotFoundError: There is no such file.
        StoreError: The store failed; nothing of that file is in it.
    """
    refused: list[FileRefused] = []
    reading = _calling(options)
    for file in read_files(path, reading, refused=refused.append):
        yield from _told(refused)
        yield _taken(store, file, reading, options, progress)
    yield from _told(refused)


def import_frame(
    store: Store, frame: object, options: ImportOptions = ImportOptions(), *, name: str
) -> FileOutcome:
    """Imports a data frame, like a file of the same columns.

    Args:
        store: Where to.
        frame: Anything that speaks the Arrow PyCapsule interface.
        options: How.
        name: What to call it in messages.

    Raises:
        InvalidValue: It is no frame.
        MissingExtra: The extra `columnar` is not installed.
        StoreError: The store failed; nothing of the frame is in it.
    """
    reading = _calling(options)
    try:
        file = file_of(read_frame(frame, name), reading)
    except FileRefused as error:
        return _refused(error)
    return _taken(store, file, reading, options, None)


def _calling(options: ImportOptions) -> CallingOptions:
    return CallingOptions(customer=options.customer, reading=options.reading)


def _taken(
    store: Store,
    file: AnyFile,
    reading: CallingOptions,
    options: ImportOptions,
    progress: Progress | None,
) -> FileOutcome:
    """What became of a file."""
    try:
        return _outcome(store, file, reading, options, progress)
    except FileRefused as error:
        return _refused(error, file)


def _outcome(
    store: Store,
    file: AnyFile,
    reading: CallingOptions,
    options: ImportOptions,
    progress: Progress | None,
) -> FileOutcome:
    def told(rows: int) -> None:
        if progress is not None:
            progress(file.file, rows)

    match file:
        case Export():
            return _import(store, file, options, told)
        case CallRecords():
            found = calls.import_records(
                store,
                file,
                region=options.region,
                partner=options.partner,
                customer=reading.customer,
                period=reading.reading.period,
                told=told,
            )
        case MediaFile():
            found = calls.import_media(store, file, region=options.region, told=told)
        case ServiceFile():
            found = calls.import_services(store, file, region=options.region)
        case QualityFile():
            found = calls.import_quality(store, file, region=options.region)
    notices = (*found.notices, *_region_notice(options.region))
    return attrs.evolve(found, notices=notices)


def _told(refused: list[FileRefused]) -> Iterator[FileOutcome]:
    """Outcomes of the files refused since the last one that was read."""
    yield from map(_refused, refused)
    refused.clear()


def _refused(error: FileRefused, file: AnyFile | None = None) -> FileOutcome:
    return FileOutcome(
        file=error.file,
        template=template_of(file) if file is not None else "",
        rows=getattr(file, "rows", 0),
        problems=(Problem(file=error.file, line=0, message=error.why),),
        refused=True,
    )


def _import(
    store: Store, export: Export, options: ImportOptions, told: Callable[[int], None]
) -> FileOutcome:
    problems: list[Problem] = []
    incomplete: set[str] = set()
    strangers = 0
    with Spool("org_id") as spool:
        for batch in export.batches():
            problems.extend(batch.problems)
            incomplete |= batch.incomplete
            strangers += batch.strangers
            spool.add(Rows(batch.line, batch.cells))
            told(export.rows)
        context = _context(
            export,
            region=options.region,
            partial=options.partial or strangers > 0,
            incomplete=frozenset(incomplete),
            trials=functools.partial(trials_without_id, store),
        )
        taken = unchanged = left_out = 0
        with store.writing() as writer:
            for rows in spool.parts():
                part = _put(writer, rows, context, options, _TAKERS[export.layout.key])
                problems.extend(part.problems)
                taken += int(part.changed.sum())
                unchanged += int((~part.changed).sum())
                left_out += part.left_out
            note(writer, file=export.file, rows=export.rows, taken=taken)
    problems.sort(key=lambda problem: problem.line)
    unlisted = len(problems) - MOST_PROBLEMS
    _LOG.info("%s: %d rows taken of %d", export.file, taken, export.rows)
    return FileOutcome(
        file=export.file,
        template=export.layout.key,
        rows=export.rows,
        taken=taken,
        unchanged=unchanged,
        left_out=left_out,
        problems=tuple(problems[:MOST_PROBLEMS]),
        notices=(
            *export.notices,
            *_doubts(len(incomplete), strangers),
            *_region_notice(options.region),
            *((f"{unlisted} more problems are not listed",) if unlisted > 0 else ()),
        ),
    )


def _region_notice(region: str | None) -> Iterator[str]:
    if region is not None and region not in regions.KNOWN:
        known = ", ".join(regions.KNOWN)
        yield f"region {region} is none of the published ones ({known}); it was kept"


def _doubts(incomplete: int, strangers: int) -> Iterator[str]:
    """Why what the file leaves out is not taken to be gone."""
    if strangers:
        bad = numbered(strangers, "bad row", "bad rows")
        yield (
            f"the customer of {bad} cannot be read: nothing that this file leaves out "
            "is taken to be gone"
        )
    elif incomplete:
        have = numbered(incomplete, "customer has", "customers have")
        yield (
            f"{have} bad rows: what this file leaves out of "
            f"{'it' if incomplete == 1 else 'them'} is not taken to be gone"
        )


def _context(
    export: Export,
    *,
    region: str | None,
    partial: bool,
    incomplete: frozenset[str],
    trials: TrialsOf,
) -> FileContext:
    first, last = export.period if export.period is not None else (None, None)
    return FileContext(
        problem=export.problem,
        region=region,
        day=export.day,
        first=first,
        last=last,
        partial=partial,
        incomplete=incomplete,
        trials=trials,
    )


@attrs.frozen(eq=False)
class _PartPut:
    changed: Bools
    problems: tuple[Problem, ...]
    left_out: int


def _put(
    writer: Writer,
    rows: Rows,
    context: FileContext,
    options: ImportOptions,
    taker: Taker,
) -> _PartPut:
    """Puts all rows of some customers; those of no customer are left out."""
    own = rows.cells["org_id"] == options.partner
    if own.any():
        rows = rows.take(np.flatnonzero(~own))
    told = taker(rows, context)
    put = writer.put_organizations(told.organizations)
    elsewhere: list[Problem] = []
    if put.conflicts:
        inside, elsewhere = _apart(rows, put, context)
        rows = rows.take(inside)
        told = taker(rows, context)
    changed = np.zeros(len(rows), np.bool_)
    for part in told.parts:
        changed[part.row[writer.put_records(part.records)]] = True
    if told.usage is not None:
        changed[told.usage.row[writer.put_usage(told.usage.columns)]] = True
    if told.of_customers:
        changed |= rows.customers.each(put.changed.__contains__, np.bool_)
    good = np.ones(len(rows), np.bool_)
    good[list(told.problems)] = False
    return _PartPut(
        changed[good], (*told.problems.values(), *elsewhere), int(own.sum())
    )


def _apart(
    rows: Rows, put: OrganizationsPut, context: FileContext
) -> tuple[Ints, list[Problem]]:
    """The rows of customers that lie in one region, and a problem for each other."""
    why = {each.organization: why_left(each) for each in put.conflicts}
    who = rows.cells["org_id"]
    outside = rows.customers.each(why.__contains__, np.bool_)
    problems = [
        context.problem(int(rows.line[row]), "org_id", who[row], why[who[row]])
        for row in np.flatnonzero(outside).tolist()
    ]
    return np.flatnonzero(~outside), problems
