"""Call legs in a folder of Parquet files (extra `columnar`), larger than memory.

Files lie under `region=…/week=…`, sorted by customer, each small enough to be read
whole. Texts are texts in them, so any tool reads the data set. Of records of one id
only the newest is kept: that is settled when legs are appended, inside a region and
day, so whoever reads them need not look.
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

from partnerhub.adapters.leg_manifest import (
    Manifest,
    Part,
    read_manifest,
    write_manifest,
)
from partnerhub.columns.aggregates import Aggregate, Partial, summarized
from partnerhub.columns.leg_records import LegRecords, newest
from partnerhub.columns.legs import ROW_COLUMNS, LegColumns, TypeCodes
from partnerhub.columns.registers import RegisterBuilder
from partnerhub.columns.text import TextColumn
from partnerhub.columns.unknown import Array
from partnerhub.domain.days import as_day
from partnerhub.domain.errors import ConflictError, MissingExtra
from partnerhub.domain.regions import ALL

PartialT = TypeVar("PartialT", bound=Partial)

PART_ROWS: Final = 1 << 20
_TRIES: Final = 5
_TEXTS: Final = frozenset({"place", "user", "call_type"})
_NUMBERS: Final = tuple(name for name in ROW_COLUMNS if name not in _TEXTS)
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
            parts, outcome = self._settled(before, given, region or "", told)
            if outcome == Appended(unchanged=told):
                return outcome
            try:
                write_manifest(self._folder, before, parts)
            except ConflictError:
                if not left:
                    raise
            else:
                kept = {part.path for part in parts}
                for part in before.parts:
                    if part.path not in kept:
                        (self._folder / part.path).unlink(missing_ok=True)
                return outcome
        raise AssertionError  # the last try returns or raises

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
        """
        pl, wanted = self._pl, None if customers is None else sorted(set(customers))
        reader = _Reader(pl)
        test = pl.lit(value=True)
        if first is not None:
            test &= pl.col("start") >= as_day(first)
        if last is not None:
            test &= pl.col("start") < as_day(last).add(days=1)
        if wanted is not None:
            test &= pl.col("organization").is_in(wanted)
        for part in read_manifest(self._folder).parts:
            if not _may_hold(part, region, first, last, wanted):
                continue
            frame = pl.read_parquet(
                self._folder / part.path,
                columns=[*_LEG_TEXTS, *_NUMBERS],
                hive_partitioning=False,
            ).filter(test)
            yield reader.legs(frame)

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
        numbers = {name: getattr(legs, name) for name in _NUMBERS}
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


_NEVER: Final = dt.datetime(1900, 1, 1)  # noqa: DTZ001 - columns have no zone, and are UTC


class _Reader:
    """Makes leg columns of frames, with codes that stay from frame to frame."""

    def __init__(self, pl: ModuleType) -> None:
        self._pl = pl
        self._places, self._users = RegisterBuilder(), RegisterBuilder()
        self._types = TypeCodes()

    def legs(self, frame: Any) -> LegColumns:
        texts = {name: _coded(frame[name]) for name in _LEG_TEXTS}
        types = texts["call_type"]
        codes = np.array([self._types.code(text) for text in types.labels], np.uint8)
        columns: dict[str, Array] = {name: frame[name].to_numpy() for name in _NUMBERS}
        columns["start"] = columns["start"].astype("datetime64[s]")
        owners = texts["organization"]
        return LegColumns(
            place=self._places.codes(owners, texts["location"]),
            user=self._users.codes(owners, texts["user"]),
            call_type=codes[types.codes],
            places=self._places.register(),
            users=self._users.register(),
            other_types=self._types.other_types,
            **columns,
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
