"""Changes of a data set that become visible together, or not at all."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import attrs

from partnerhub.adapters.parquet.manifest import (
    Manifest,
    Part,
    drop_later,
    loose_files,
    sweep,
    write_manifest,
)
from partnerhub.adapters.parquet.part_files import PartFiles
from partnerhub.columns.leg_records import LegRecords, MediaColumns, newest


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


class LegStage:
    """Changes of a data set that nobody sees before they are published.

    Meanwhile nobody else may change the data set; who does makes `publish` fail.

    Args:
        folder: Of the data set.
        before: The list that counts.
        alone: Nobody else writes, so lists that came after it never counted: they
            are removed.
    """

    def __init__(self, folder: Path, before: Manifest, /, *, alone: bool) -> None:
        self._folder = folder
        self._files = PartFiles(folder)
        self._before = self._now = before
        if alone:
            drop_later(folder, before)
        self._loose = loose_files(folder, before)

    def append(self, records: LegRecords, /, *, region: str | None = None) -> Appended:
        """Takes records in; a record taken twice changes nothing.

        Args:
            records: The records.
            region: Region of their customers.
        """
        frame = self._files.records_frame(newest(records))
        put = self._files.settled(self._now.parts, frame, region=region or "")
        if put.added or put.replaced:
            self._replace(put.parts)
        return Appended(
            added=put.added,
            replaced=put.replaced,
            unchanged=len(records) - put.added - put.replaced,
        )

    def join(self, media: MediaColumns, /) -> frozenset[str]:
        """Gives legs the quality of their calls; the calls of which there are legs.

        Args:
            media: All that is known of these calls.
        """
        met = set[str]()
        parts: list[Part] = []
        for part in self._now.parts:
            joined, of_part = self._files.joined(part, media)
            parts.extend(joined)
            met |= of_part
        if met:
            self._replace(tuple(parts))
        return frozenset(met)

    def regions(self) -> frozenset[str]:
        """The regions of its legs; blank for legs without one."""
        return frozenset(part.region for part in self._now.parts)

    def move(self, customers: Iterable[str], /, *, region: str) -> None:
        """Moves the legs of customers, wherever they lie, to a region."""
        wanted = sorted(set(customers))
        kept: list[Part] = []
        moved = []
        for part in self._now.parts:
            left: tuple[Part, ...] = (part,)
            if part.region != region and part.may_hold(wanted):
                left, theirs = self._files.parted(part, wanted)
                if theirs.height:
                    moved.append(theirs)
            kept.extend(left)
        if not moved:
            return
        self._replace(tuple(kept))
        for theirs in moved:
            put = self._files.settled(self._now.parts, theirs, region=region)
            self._replace(put.parts)

    def publish(self) -> Manifest:
        """Makes the changes visible; the list that counts from now on.

        Raises:
            ConflictError: Somebody else has changed the data set.
        """
        if self._now is not self._before:
            parts = self._now.parts
            self._now = write_manifest(self._folder, self._before, parts)
            sweep(self._folder, self._loose)
        return self._now

    def discard(self) -> None:
        """Forgets the changes; a list that names them must never count."""
        self._remove(self._now, self._before)

    def _replace(self, parts: tuple[Part, ...]) -> None:
        old = self._now
        self._now = Manifest(number=self._before.number, parts=parts)
        # What was there before is still to be read by others.
        self._remove(old, self._before, self._now)

    def _remove(self, of: Manifest, *but: Manifest) -> None:
        kept = {part.path for manifest in but for part in manifest.parts}
        self._files.remove(part for part in of.parts if part.path not in kept)
