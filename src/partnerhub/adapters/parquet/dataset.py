"""Call legs in a folder of Parquet files (extra `columnar`), larger than memory.

Files lie under `region=…/week=…`, sorted by customer, each small enough to be read
whole. Texts are texts in them, so any tool reads the data set. Of records of one id
only the newest is kept: that is settled when legs are appended, inside a region and
day, so whoever reads them need not look.

What belongs to the data set is told by one list, replaced whole. A writer that dies
leaves files that no list names, and the next append removes them. Files that were
replaced stay until two more lists have been written, so who reads them is not cut off.
"""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final, TypeVar

from partnerhub.adapters.parquet.frames import FrameReader, polars
from partnerhub.adapters.parquet.manifest import Manifest, read_manifest
from partnerhub.adapters.parquet.part_files import PartFiles
from partnerhub.adapters.parquet.staging import Appended, LegStage
from partnerhub.columns.aggregates import Aggregate, Partial, summarized
from partnerhub.columns.leg_records import LegRecords
from partnerhub.columns.legs import LegColumns
from partnerhub.domain.days import as_day
from partnerhub.domain.errors import ConflictError
from partnerhub.domain.regions import ALL

PartialT = TypeVar("PartialT", bound=Partial)

_TRIES: Final = 5


class LegDataset:
    """A data set of call legs.

    Args:
        folder: Where it lies; made when something is appended.

    Raises:
        MissingExtra: The extra `columnar` is not installed.
    """

    def __init__(self, folder: str | os.PathLike[str], /) -> None:
        self._folder = Path(folder)
        self._files = PartFiles(self._folder)

    def __repr__(self) -> str:
        return f"<LegDataset {str(self._folder)!r}>"

    @property
    def rows(self) -> int:
        """How many legs it has."""
        return self.listed().rows

    def listed(self, number: int | None = None, /) -> Manifest:
        """A list of its parts; the newest where no number is given.

        Raises:
            StoreCorrupt: There is no such list any more.
        """
        return read_manifest(self._folder, number)

    def append(self, records: LegRecords, /, *, region: str | None = None) -> Appended:
        """Takes records in, all or none; a record taken twice changes nothing.

        Args:
            records: The records.
            region: Region of their customers.

        Raises:
            ConflictError: Other writers were first, again and again.
        """
        for left in reversed(range(_TRIES)):
            stage = self.stage()
            try:
                outcome = stage.append(records, region=region)
                stage.publish()
            except (ConflictError, FileNotFoundError):
                # Who was first may have swept what this one had written or read.
                stage.discard()
                if not left:
                    raise
            else:
                return outcome
        raise AssertionError  # the last try returns or raises

    def stage(self, listed: Manifest | None = None, /) -> LegStage:
        """Several changes that become visible together, or not at all.

        Args:
            listed: The list that counts, which its owner keeps elsewhere; only the
                owner may write then. The newest where left out.
        """
        before = self.listed() if listed is None else listed
        return LegStage(self._folder, before, alone=listed is not None)

    def chunks(
        self,
        *,
        region: str | None = ALL,
        first: dt.date | None = None,
        last: dt.date | None = None,
        customers: Iterable[str] | None = None,
        listed: Manifest | None = None,
    ) -> Iterator[LegColumns]:
        """The legs, so many at a time that they fit in memory.

        Files of other regions, weeks and customers are not opened.

        Args:
            region: The region; `*` for all, None for legs without one.
            first: First day, UTC.
            last: Last day, included.
            customers: Uuids of the customers; None for all.
            listed: The list that counts; the newest where left out.

        Raises:
            ConflictError: While it was read, so much was appended that files which
                it began with are gone. Read it again.
        """
        pl, wanted = polars(), None if customers is None else sorted(set(customers))
        tests: list[Any] = []
        if first is not None:
            tests.append(pl.col("start") >= as_day(first))
        if last is not None:
            tests.append(pl.col("start") <= dt.datetime.combine(last, dt.time.max))
        if wanted is not None:
            tests.append(pl.col("organization").is_in(wanted))
        reader = FrameReader()
        begun = self.listed() if listed is None else listed
        for part in begun.parts:
            if region != ALL and part.region != (region or ""):
                continue
            if not part.may_hold(wanted, first, last):
                continue
            try:
                legs = reader.legs(self._files.legs(part, tests))
            except FileNotFoundError as error:
                now = self.listed().number
                raise ConflictError(
                    "the list of parts", expected=begun.number, found=now
                ) from error
            yield legs
            del legs  # else it would last while the next part is read

    def summarize(
        self,
        aggregate: Aggregate[PartialT, Any],
        /,
        *,
        region: str | None = ALL,
        first: dt.date | None = None,
        last: dt.date | None = None,
        customers: Iterable[str] | None = None,
    ) -> PartialT | None:
        """The partial of an aggregate; None when no file may hold such legs."""
        return summarized(
            aggregate,
            self.chunks(region=region, first=first, last=last, customers=customers),
        )
