"""On which days there may be legs of a call, without looking at the legs.

Media quality tells the id of its call, and neither day nor customer. So of each batch
of legs the ids of their calls are kept by day, as sorted hashes of 8 bytes. A hash may
be that of another call, or of a record that was replaced since: it says where to look,
and not what is there.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Final

import numpy as np
import sqlalchemy as sa

from partnerhub.adapters.sql.session import Part
from partnerhub.columns.unknown import Array, Ints

_SIZE: Final = 8


class CallHashes(Part):
    """The part that keeps hashes of calls."""

    def note(self, day: Ints, call_id: Array) -> None:
        """Notes that there are legs of these calls on these days, `(n,)`."""
        table = self._schema.call_hash
        c = table.c
        days = np.unique(day).tolist()
        among = self._session.among(c.day, days)
        ((newest,),) = self._session.fetch(sa.select(sa.func.max(c.batch)).where(among))
        rows = []
        for each in days:
            mine = hashed(call_id[day == each].tolist())
            if newest is not None:
                mine = mine[~np.isin(mine, self._of_day(each))]
            if len(mine):
                batch = (newest or 0) + 1
                rows.append({"day": each, "batch": batch, "hashes": mine.tobytes()})
        if rows:
            self._session.execute(sa.insert(table).values(rows))

    def days_of(self, calls: list[str]) -> list[int]:
        """The days on which there may be legs of any of these calls, ascending."""
        c = self._schema.call_hash.c
        asked = hashed(calls)
        query = sa.select(c.day).distinct().order_by(c.day)
        days = [day for (day,) in self._session.fetch(query)]
        return [day for day in days if _meet(self._of_day(day), asked)]

    def _of_day(self, day: int) -> Array:
        """All hashes of a day, sorted batch by batch."""
        c = self._schema.call_hash.c
        rows = self._session.fetch(sa.select(c.hashes).where(c.day == day))
        return np.frombuffer(b"".join(bytes(held) for (held,) in rows), np.uint64)


def hashed(calls: Iterable[str], /) -> Array:
    """The distinct hashes of calls, sorted, uint64; those without an id have none."""
    digests = (
        hashlib.blake2b(call.encode("utf-8"), digest_size=_SIZE).digest()
        for call in {*calls} - {""}
    )
    return np.unique(np.frombuffer(b"".join(digests), np.uint64))


def _meet(hashes: Array, asked: Array) -> bool:
    """Whether any of the hashes is among those that are asked for, sorted."""
    return bool(np.isin(asked, hashes).any())
