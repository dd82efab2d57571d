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
import hashlib
import os
import uuid
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any, Final, TypeVar
from urllib.parse import quote

import attrs
import numpy as np

from partnerhub.adapters.parquet.manifest import (
    Manifest,
    Part,
    loose_files,
    read_manifest,
    sweep,
    write_manifest,
)
from partnerhub.columns.aggregates import Aggregate, Partial, summarized
from partnerhub.columns.leg_reading import NUMBERS, LegReader
from partnerhub.columns.leg_records import (
    LegRecords,
    MediaColumns,
    newest,
    with_media,
)
from partnerhub.columns.legs import LegColumns
from partnerhub.columns.text import TextColumn
from partnerhub.columns.unknown import Array
from partnerhub.domain.days import as_day
from partnerhub.domain.errors import ConflictError, MissingExtra
from partnerhub.domain.regions import ALL

PartialT = TypeVar("PartialT", bound=Partial)

PART_ROWS: Final = 1 << 18
_TRIES: Final = 5
_LEG_TEXTS: Final = ("organization", "location", "user", "call_type")
_KEY: Final = ("organization", "report_id", "day")


@attrs.frozen(kw_only=True)
class Appended:
    """What became of appended records.

    Attributes:
        added: Records that were not there.
        replaced: Records that are newer than those that were there.
        unchanged: Records that were there already, or a newer one was.
    """

    added: int = 0
    replaced: int = 0
    unchanged: int = 0


class LegDataset:
    """A data set of call legs.

    Args:
        folder: Where it lies; made when something is appended.

    Raises:
        MissingExtra: The extra `columnar` is not installed.
    """

    def __init__(self, folder: str | os.PathLike[str], /) -> None:
        self._folder = Path(folder)
        self._pl = _polars()

    def __repr__(self) -> str:
        return f"<LegDataset {str(self._folder)!r}>"

    @property
    def rows(self) -> int:
        """How many legs it has."""
        return sum(part.rows for part in read_manifest(self._folder).parts)

    def append(self, records: LegRecords, /, *, region: str | None = None) -> Appended:
        """Takes records in, all or none; a record taken twice changes nothing.

        Args:
            records: The records.
            region: Region of their customers.

        Raises:
            ConflictError: Other writers were first, again and again.
        """
        told = len(records)
        records = newest(records)
        given = self._frame(records).with_columns(self._week())
        for left in reversed(range(_TRIES)):
            before = read_manifest(self._folder)
            loose = loose_files(self._folder)
            try:
                parts, outcome = self._settled(before, given, region or "", told)
                if outcome != Appended(unchanged=told):
                    write_manifest(self._folder, before, parts)
                    sweep(self._folder, loose)
            except (ConflictError, FileNotFoundError):
                # Who was first may have swept what this one had written or read.
                if not left:
                    raise
            else:
                return outcome
        raise AssertionError  # the last try returns or raises

    def stage(self) -> LegStage:
        """Several changes that become visible together, or not at all."""
        return LegStage(self)

    def chunks(
        self,
        *,
        region: str | None = ALL,
        first: dt.date | None = None,
        last: dt.date | None = None,
        customers: Iterable[str] | None = None,
    ) -> Iterator[LegColumns]:
        """The legs, so many at a time that they fit in memory.

        Files of other regions, weeks and customers are not opened.

        Args:
            region: The region; `*` for all, None for legs without one.
            first: First day, UTC.
            last: Last day, included.
            customers: Uuids of the customers; None for all.

        Raises:
            ConflictError: While it was read, so much was appended that files which
                it began with are gone. Read it again.
        """
        pl, wanted = self._pl, None if customers is None else sorted(set(customers))
        reader = _Reader()
        tests = []
        if first is not None:
            tests.append(pl.col("start") >= as_day(first))
        if last is not None:
            tests.append(pl.col("start") <= dt.datetime.combine(last, dt.time.max))
        if wanted is not None:
            tests.append(pl.col("organization").is_in(wanted))
        listed = read_manifest(self._folder)
        for part in listed.parts:
            if not _may_hold(part, region, first, last, wanted):
                continue
            try:
                legs = self._legs(part, tests, reader)
            except FileNotFoundError as error:
                now = read_manifest(self._folder).number
                raise ConflictError(
                    "the list of parts", expected=listed.number, found=now
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

    def _legs(self, part: Part, tests: list[Any], reader: _Reader) -> LegColumns:
        """The legs of a part that pass all tests."""
        frame = self._pl.read_parquet(
            self._folder / part.path,
            columns=[*_LEG_TEXTS, *NUMBERS],
            hive_partitioning=False,
        )
        return reader.legs(frame.filter(*tests) if tests else frame)

    def _settled(
        self, before: Manifest, given: Any, region: str, told: int
    ) -> tuple[tuple[Part, ...], Appended]:
        """The parts with the records in them, and what became of these."""
        pl = self._pl
        weeks = set(given["week"].unique().to_list())
        touched = [
            part
            for part in before.parts
            if part.region == region and part.week in weeks
        ]
        there = pl.concat(
            [self._keys(part) for part in touched] or [self._keys(None)]
        ).with_columns(day=pl.col("start").dt.date())
        given = given.with_columns(day=pl.col("start").dt.date())
        met = given.join(there, on=_KEY, how="left", suffix="_there", nulls_equal=True)
        is_met = pl.col("part").is_not_null()
        is_newer = pl.col("report_time").fill_null(_NEVER) > pl.col(
            "report_time_there"
        ).fill_null(_NEVER)
        fresh = met.filter(~is_met | is_newer)
        replaced = met.filter(is_met & is_newer)
        outcome = Appended(
            added=fresh.height - replaced.height,
            replaced=replaced.height,
            unchanged=told - fresh.height,
        )
        parts = list(before.parts)
        for path, gone in replaced.group_by("part"):
            at = next(at for at, part in enumerate(parts) if part.path == path[0])
            left = pl.read_parquet(
                self._folder / parts[at].path, hive_partitioning=False
            ).with_columns(day=pl.col("start").dt.date())
            left = left.join(gone, on=_KEY, how="anti", nulls_equal=True).drop("day")
            parts[at : at + 1] = self._written(left, region, parts[at].week)
        for (week,), rows in sorted(
            fresh.select(*given.columns).drop("day").group_by("week")
        ):
            parts.extend(self._written(rows.drop("week"), region, week))
        return tuple(parts), outcome

    def _keys(self, part: Part | None) -> Any:
        """What tells the records of a part apart, and which part it is."""
        pl = self._pl
        schema = {
            "organization": pl.String,
            "report_id": pl.String,
            "start": pl.Datetime("ms"),
            "report_time": pl.Datetime("ms"),
        }
        if part is None:
            return pl.DataFrame(schema={**schema, "part": pl.String})
        frame = pl.read_parquet(
            self._folder / part.path, columns=list(schema), hive_partitioning=False
        )
        return frame.with_columns(part=pl.lit(part.path))

    def _written(self, frame: Any, region: str, week: str) -> Iterator[Part]:
        """Files of these legs, sorted by customer."""
        folder = Path("legs") / f"region={quote(region, safe='')}" / f"week={week}"
        (self._folder / folder).mkdir(parents=True, exist_ok=True)
        frame = frame.sort("organization", "location", "start", "report_id")
        for rows in frame.iter_slices(PART_ROWS):
            draft = self._folder / folder / f".{uuid.uuid4().hex}.tmp"
            rows.write_parquet(draft, compression="zstd")
            with draft.open("rb+") as file:
                os.fsync(file.fileno())
                digest = hashlib.file_digest(file, "sha256").hexdigest()
            path = folder / f"{digest[:16]}-{uuid.uuid4().hex[:8]}.parquet"
            draft.replace(self._folder / path)
            yield Part(
                path=path.as_posix(),
                region=region,
                week=week,
                rows=rows.height,
                first=rows["organization"][0],
                last=rows["organization"][-1],
            )

    def _week(self) -> Any:
        """The Sunday that the week of a leg begins with, as ISO text."""
        start = self._pl.col("start").dt
        sunday = start.date() - self._pl.duration(days=start.weekday() % 7)
        return sunday.dt.to_string("%Y-%m-%d").alias("week")

    def _frame(self, records: LegRecords) -> Any:
        legs, pl = records.legs, self._pl
        names = np.array(legs.type_names(), dtype=object)
        users = np.array([*legs.users.text.tolist(), None], object)  # -1 is the last
        texts = {
            "organization": legs.places.owners()[legs.place],
            "location": legs.places.text[legs.place],
            "user": users[legs.user],
            "call_type": names[legs.call_type],
            "report_id": records.report_id,
            "call_id": records.call_id,
        }
        numbers = {name: getattr(legs, name) for name in NUMBERS}
        numbers["start"] = legs.start.astype("datetime64[ms]")
        numbers["report_time"] = records.report_time
        return pl.DataFrame(
            {
                **{
                    name: pl.Series(column.tolist(), dtype=pl.String)
                    for name, column in texts.items()
                },
                **numbers,
            }
        )


class LegStage:
    """Changes of a data set that nobody sees before they are published.

    Meanwhile nobody else may change the data set; who does makes `publish` fail.
    """

    def __init__(self, dataset: LegDataset) -> None:
        self._dataset = dataset
        self._before = self._now = read_manifest(dataset._folder)  # noqa: SLF001
        self._loose = loose_files(dataset._folder)  # noqa: SLF001

    def append(self, records: LegRecords, /, *, region: str | None = None) -> Appended:
        """Takes records in, as `LegDataset.append` does."""
        dataset, told = self._dataset, len(records)
        given = dataset._frame(newest(records)).with_columns(dataset._week())  # noqa: SLF001
        parts, outcome = dataset._settled(self._now, given, region or "", told)  # noqa: SLF001
        if outcome != Appended(unchanged=told):
            self._replace(parts)
        return outcome

    def join(self, media: MediaColumns, /) -> frozenset[str]:
        """Gives legs the quality of their calls; the calls of which there are legs."""
        dataset, pl = self._dataset, self._dataset._pl  # noqa: SLF001
        calls, met = set(media.call_id.tolist()), set[str]()
        parts: list[Part] = []
        for part in self._now.parts:
            path = dataset._folder / part.path  # noqa: SLF001
            there = pl.read_parquet(path, columns=["call_id"], hive_partitioning=False)
            found = calls.intersection(there["call_id"].to_list())
            if not found:
                parts.append(part)
                continue
            met |= found
            frame = pl.read_parquet(path, hive_partitioning=False)
            joined, _ = with_media(_records(frame), media)
            changed = dataset._frame(joined)  # noqa: SLF001
            parts.extend(dataset._written(changed, part.region, part.week))  # noqa: SLF001
        if met:
            self._replace(tuple(parts))
        return frozenset(met)

    def regions(self) -> frozenset[str]:
        """The regions of its legs; blank for legs without one."""
        return frozenset(part.region for part in self._now.parts)

    def move(self, customers: Iterable[str], /, *, region: str) -> None:
        """Moves the legs of customers, wherever they lie, to a region."""
        dataset, pl, wanted = self._dataset, self._dataset._pl, sorted(set(customers))  # noqa: SLF001
        is_theirs = pl.col("organization").is_in(wanted)
        kept: list[Part] = []
        moved: list[Any] = []
        for part in self._now.parts:
            if part.region == region or not _may_hold(part, ALL, None, None, wanted):
                kept.append(part)
                continue
            frame = pl.read_parquet(
                dataset._folder / part.path,  # noqa: SLF001
                hive_partitioning=False,
            )
            theirs = frame.filter(is_theirs)
            if theirs.height:
                moved.append(theirs)
                rest = frame.filter(~is_theirs)
                kept.extend(dataset._written(rest, part.region, part.week))  # noqa: SLF001
            else:
                kept.append(part)
        if not moved:
            return
        self._replace(tuple(kept))
        for theirs in moved:
            given = theirs.with_columns(dataset._week())  # noqa: SLF001
            parts, _ = dataset._settled(self._now, given, region, len(given))  # noqa: SLF001
            self._replace(parts)

    def publish(self) -> None:
        """Makes the changes visible.

        Raises:
            ConflictError: Somebody else has changed the data set.
        """
        if self._now is not self._before:
            write_manifest(self._dataset._folder, self._before, self._now.parts)  # noqa: SLF001
            sweep(self._dataset._folder, self._loose)  # noqa: SLF001

    def discard(self) -> None:
        """Forgets the changes."""
        self._remove(self._now, self._before)

    def _replace(self, parts: tuple[Part, ...]) -> None:
        old = self._now
        self._now = Manifest(number=self._before.number, parts=parts)
        # What was there before is still to be read by others.
        self._remove(old, self._before, self._now)

    def _remove(self, of: Manifest, *but: Manifest) -> None:
        kept = {part.path for manifest in but for part in manifest.parts}
        for part in of.parts:
            if part.path not in kept:
                (self._dataset._folder / part.path).unlink(missing_ok=True)  # noqa: SLF001


def _records(frame: Any) -> LegRecords:
    texts = {name: frame[name].to_numpy() for name in ("report_id", "call_id")}
    return LegRecords(
        legs=_Reader().legs(frame),
        report_time=frame["report_time"].to_numpy(),
        **{name: column.astype(object) for name, column in texts.items()},
    )


_NEVER: Final = dt.datetime(1900, 1, 1)  # noqa: DTZ001 - columns have no zone, and are UTC


class _Reader:
    """Makes leg columns of frames, with codes that stay from frame to frame."""

    def __init__(self) -> None:
        self._legs = LegReader()

    def legs(self, frame: Any) -> LegColumns:
        numbers: dict[str, Array] = {name: frame[name].to_numpy() for name in NUMBERS}
        numbers["start"] = numbers["start"].astype("datetime64[s]")
        return self._legs.legs(
            organization=_coded(frame["organization"]),
            location=_coded(frame["location"]),
            user=_coded(frame["user"]),
            call_type=_coded(frame["call_type"]),
            numbers=numbers,
        )


def _coded(series: Any) -> TextColumn:
    """A series of texts as codes."""
    pl = _polars()
    distinct = series.drop_nulls().unique()
    codes = series.cast(pl.Enum(distinct)).to_physical().cast(pl.Int32)
    return TextColumn(
        codes.fill_null(-1).to_numpy(), distinct.to_numpy().astype(object)
    )


def _may_hold(
    part: Part,
    region: str | None,
    first: dt.date | None,
    last: dt.date | None,
    customers: list[str] | None,
) -> bool:
    if region != ALL and part.region != (region or ""):
        return False
    week = as_day(part.week)
    if last is not None and week > as_day(last):
        return False
    if first is not None and week.add(days=6) < as_day(first):
        return False
    return customers is None or any(part.first <= who <= part.last for who in customers)


def _polars() -> ModuleType:
    try:
        import polars as pl
    except ImportError as error:
        raise MissingExtra("a Parquet data set", "columnar") from error
    return pl
