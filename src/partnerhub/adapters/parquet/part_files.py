"""The files of a data set: how they are read, written, and records settled in them.

They lie under `region=…/week=…`, sorted by customer, each small enough to be read
whole. No file is ever changed: what changes is written anew. Which files count is said
by a list, of which nothing is known here.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import os
import uuid
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

import attrs

from partnerhub.adapters.parquet.frames import LEG_COLUMNS, frame_of, polars, records_of
from partnerhub.adapters.parquet.manifest import Part, kept_on_disk
from partnerhub.columns.leg_records import LegRecords, MediaColumns, with_media

PART_ROWS: Final = 1 << 18
_KEY: Final = ("organization", "report_id", "day")
_NEVER: Final = dt.datetime(1900, 1, 1)  # noqa: DTZ001 - columns have no zone, and are UTC


@attrs.frozen(kw_only=True)
class Settled:
    """Parts with records in them.

    Attributes:
        parts: All parts, those that nothing has changed included.
        added: Records that were not there.
        replaced: Records that are newer than those that were there.
    """

    parts: tuple[Part, ...]
    added: int = 0
    replaced: int = 0


class PartFiles:
    """The files of legs in a folder.

    Args:
        folder: Where they lie; made when something is written.

    Raises:
        MissingExtra: The extra `columnar` is not installed.
    """

    def __init__(self, folder: Path, /) -> None:
        self._folder = folder
        self._pl: Any = polars()

    def records_frame(self, records: LegRecords, /) -> Any:
        """The frame that `settled` takes."""
        return frame_of(records)

    def legs(self, part: Part, /, tests: Sequence[Any] = ()) -> Any:
        """The legs of a part that pass all tests, without what tells records apart.

        Raises:
            FileNotFoundError: It is gone.
        """
        frame = self._read(part, columns=list(LEG_COLUMNS))
        return frame.filter(*tests) if tests else frame

    def settled(
        self, parts: tuple[Part, ...], frame: Any, /, *, region: str
    ) -> Settled:
        """Parts with the records of a frame in them, those written since replaced.

        Of records of one customer, day and id the one with the newest report time is
        kept, inside a region.

        Args:
            parts: What is there.
            frame: The records, no two of one customer, day and id.
            region: Where they belong; blank where not told.
        """
        pl = self._pl
        given = frame.with_columns(self._week(), day=pl.col("start").dt.date())
        weeks = set(given["week"].unique().to_list())
        touched = [p for p in parts if p.region == region and p.week in weeks]
        there = pl.concat([self._keys(part) for part in touched] or [self._keys(None)])
        met = given.join(there, on=_KEY, how="left", suffix="_there", nulls_equal=True)
        is_met = pl.col("part").is_not_null()
        is_newer = pl.col("report_time").fill_null(_NEVER) > pl.col(
            "report_time_there"
        ).fill_null(_NEVER)
        fresh = met.filter(~is_met | is_newer)
        replaced = met.filter(is_met & is_newer)
        found = list(parts)
        for (path,), gone in replaced.group_by("part"):
            at = next(at for at, part in enumerate(found) if part.path == path)
            left = self._read(found[at]).with_columns(day=pl.col("start").dt.date())
            left = left.join(gone, on=_KEY, how="anti", nulls_equal=True).drop("day")
            found[at : at + 1] = self._written(left, region, found[at].week)
        for (week,), rows in sorted(
            fresh.select(*frame.columns, "week").group_by("week")
        ):
            found.extend(self._written(rows.drop("week"), region, week))
        return Settled(
            parts=tuple(found),
            added=fresh.height - replaced.height,
            replaced=replaced.height,
        )

    def joined(
        self, part: Part, media: MediaColumns, /
    ) -> tuple[tuple[Part, ...], frozenset[str]]:
        """A part whose legs have the quality of their calls, and the calls met in it.

        The part itself where it has no leg of these calls.
        """
        pl = self._pl
        calls = pl.Series(list(set(media.call_id.tolist())), dtype=pl.String)
        is_met = pl.col("call_id").is_in(calls.implode())
        met = self._read(part, columns=["call_id"]).filter(is_met)["call_id"]
        if not len(met):
            return (part,), frozenset()
        frame = self._read(part)
        joined = with_media(records_of(frame.filter(is_met)), media)
        rest = frame.filter(~is_met)
        changed = frame_of(joined).select(rest.columns)
        parts = self._written(pl.concat([rest, changed]), part.region, part.week)
        return tuple(parts), frozenset(met.to_list())

    def parted(
        self, part: Part, customers: Iterable[str], /
    ) -> tuple[tuple[Part, ...], Any]:
        """A part without the legs of customers, and a frame of theirs."""
        frame = self._read(part)
        is_theirs = self._pl.col("organization").is_in(sorted(set(customers)))
        theirs = frame.filter(is_theirs)
        if not theirs.height:
            return (part,), theirs
        rest = frame.filter(~is_theirs)
        return tuple(self._written(rest, part.region, part.week)), theirs

    def remove(self, parts: Iterable[Part], /) -> None:
        """Removes the files of parts."""
        for part in parts:
            (self._folder / part.path).unlink(missing_ok=True)

    def _read(self, part: Part, *, columns: list[str] | None = None) -> Any:
        path = self._folder / part.path
        return self._pl.read_parquet(path, columns=columns, hive_partitioning=False)

    def _keys(self, part: Part | None) -> Any:
        """What tells the records of a part apart, and which part it is."""
        pl = self._pl
        schema = {
            "organization": pl.String,
            "report_id": pl.String,
            "start": pl.Datetime("ms"),
            "report_time": pl.Datetime("ms"),
        }
        day = pl.col("start").dt.date()
        if part is None:
            nothing = pl.DataFrame(schema={**schema, "part": pl.String})
            return nothing.with_columns(day=day)
        frame = self._read(part, columns=list(schema))
        return frame.with_columns(part=pl.lit(part.path), day=day)

    def _written(self, frame: Any, region: str, week: str) -> Iterator[Part]:
        """Files of these legs, sorted by customer; none of no leg."""
        below = Path("legs") / f"region={quote(region, safe='')}" / f"week={week}"
        folder = self._folder / below
        folder.mkdir(parents=True, exist_ok=True)
        frame = frame.sort("organization", "location", "start", "report_id")
        for rows in frame.iter_slices(PART_ROWS):
            draft = folder / f".{uuid.uuid4().hex}.tmp"
            rows.write_parquet(draft, compression="zstd")
            with draft.open("rb+") as file:
                os.fsync(file.fileno())
                digest = hashlib.file_digest(file, "sha256").hexdigest()
            name = f"{digest[:16]}-{uuid.uuid4().hex[:8]}.parquet"
            draft.replace(folder / name)
            yield Part(
                path=(below / name).as_posix(),
                region=region,
                week=week,
                rows=rows.height,
                first=rows["organization"][0],
                last=rows["organization"][-1],
            )
        kept_on_disk(folder, below=self._folder)

    def _week(self) -> Any:
        """The Sunday that the week of a leg begins with, as ISO text."""
        start = self._pl.col("start").dt
        sunday = start.date() - self._pl.duration(days=start.weekday() % 7)
        return sunday.dt.to_string("%Y-%m-%d").alias("week")
