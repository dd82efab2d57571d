"""Pieces of a file of call records, made into leg columns."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import Final

import attrs
import numpy as np

from partnerhub.adapters.cdr.cells import parse_answered
from partnerhub.adapters.cdr.fields import REQUIRED, CdrMatch
from partnerhub.adapters.cdr.labels import by_label, endpoints, features
from partnerhub.adapters.cdr.pieces import NO_TIME, Piece
from partnerhub.adapters.exports.cells import CellError, parse_id, parse_text
from partnerhub.adapters.exports.problems import Problem, shown
from partnerhub.columns.leg_records import LegRecords
from partnerhub.columns.legs import LegColumns, TypeCodes
from partnerhub.columns.registers import RegisterBuilder
from partnerhub.columns.text import TextColumn
from partnerhub.columns.unknown import Array, Bools, Ints
from partnerhub.domain.calls import (
    DIRECTIONS,
    USER_KINDS,
    Direction,
    classify_call_type,
    classify_direction,
    classify_user,
    is_known_client,
    is_known_user,
)
from partnerhub.domain.cells import unguard
from partnerhub.domain.quality import MEASURES

_LARGEST: Final = 2**31 - 1
_TERMINATING: Final = DIRECTIONS.index(Direction.TERMINATING)
_MEMO_LIMIT: Final = 1 << 18
_ANSWERED: Final = {None: -1, False: 0, True: 1}


@attrs.frozen(kw_only=True, eq=False)
class LegBatch:
    """Some rows of a file of call records; rows with a fault are left out.

    Attributes:
        records: The records.
        line: The line each starts on, int64 `(n,)`.
        extra: Heading -> texts, of columns that nobody has met.
        raw: `client_type` and `user_type` as written, whose classes alone `records`
            has.
        problems: The faults of the rows that are left out.
    """

    records: LegRecords
    line: Ints
    extra: Mapping[str, TextColumn]
    raw: Mapping[str, TextColumn]
    problems: tuple[Problem, ...]

    def __len__(self) -> int:
        return len(self.line)


class Assembler:
    """Makes leg columns of the pieces of one file, with codes that stay.

    Attributes:
        strange: How often a text was met that nobody knows, by heading and text.
        unread: How often a cell could not be read and counts as not known, by heading.
    """

    def __init__(self, file: str, match: CdrMatch, *, guarded: bool) -> None:
        self.strange: Counter[tuple[str, str]] = Counter()
        self.unread: Counter[str] = Counter()
        self._file = file
        self._match = match
        self._guarded = guarded
        self._places, self._users = RegisterBuilder(), RegisterBuilder()
        self._types = TypeCodes()
        self._memo: dict[str, dict[str, str | None]] = {}
        self._read: dict[str, tuple[Array, Array, Bools]] = {}
        self._with_blank: tuple[Array, Array] | None = None

    def batch(self, piece: Piece, torn: Iterable[Problem] = (), /) -> LegBatch:
        """The records of a piece.

        Args:
            piece: The rows.
            torn: The faults of rows that are not even in it.
        """
        customers, no_customer = self._checked(
            "org_id", piece.coded("org_id"), _customer
        )
        places, no_place = self._checked(
            "location", piece.coded("location"), self._location
        )
        report_id, no_id = piece.texts("report_id")
        start, no_start = piece.times("start")
        no_place &= places.codes >= 0
        no_id |= report_id == ""
        no_start |= start == NO_TIME
        bad = {
            "org_id": no_customer,
            "location": no_place,
            "report_id": no_id,
            "start": no_start,
        }
        faulty = np.logical_or.reduce(list(bad.values()))
        problems = self._problems(piece, bad) if faulty.any() else ()
        good = np.flatnonzero(~faulty)
        raw = {key: piece.coded(key) for key in ("client_type", "user_type")}
        rows = self._columns(piece, good, raw)
        owners = customers.take(good)
        users, no_text = self._checked("user", piece.coded("user").take(good), _user)
        users = TextColumn(np.where(no_text, -1, users.codes), users.labels)
        named = self._named(places.take(good))
        legs = LegColumns(
            place=self._places.codes(owners, named),
            user=self._users.codes(owners, users),
            start=(start[good] // 1000).view("datetime64[s]"),
            places=self._places.register(),
            users=self._users.register(),
            other_types=self._types.other_types,
            **rows,
        )
        written, unread = piece.times("report_time")
        self._tell("Report time", unread[good])
        call_id, no_call = piece.texts("call_id")
        call_id[no_call] = ""
        return LegBatch(
            records=LegRecords(
                legs=legs,
                report_id=report_id[good],
                report_time=written[good].view("datetime64[ms]"),
                call_id=call_id[good],
            ),
            line=piece.line[good],
            extra={
                heading: piece.unmet(position).take(good)
                for heading, position in self._match.unknown.items()
            },
            raw={key: column.take(good) for key, column in raw.items()},
            problems=tuple(sorted((*torn, *problems), key=lambda each: each.line)),
        )

    def _columns(
        self, piece: Piece, good: Array, raw: Mapping[str, TextColumn]
    ) -> dict[str, Array]:
        """The columns whose values do not depend on a register."""
        size = len(good)
        duration, unread = piece.seconds("duration")
        self._tell("Duration", unread[good])
        written = {key: column.take(good) for key, column in raw.items()}
        types = piece.coded("call_type").take(good)
        directions = piece.coded("direction").take(good)
        self._count_strange("Call type", types, lambda t: classify_call_type(t) is None)
        self._count_strange(
            "Direction",
            directions,
            lambda t: classify_direction(t) is Direction.UNKNOWN,
        )
        clients, users = written["client_type"], written["user_type"]
        self._count_strange("Client type", clients, lambda t: not is_known_client(t))
        self._count_strange("User type", users, lambda t: not is_known_user(t))
        direction = by_label(
            directions, lambda text: DIRECTIONS.index(classify_direction(text)), 0
        )
        kind = by_label(
            written["user_type"], lambda text: USER_KINDS.index(classify_user(text)), 0
        )
        answered = by_label(
            piece.coded("answered").take(good),
            lambda text: _ANSWERED[parse_answered(text)],
            -1,
        )
        return {
            "duration_s": np.minimum(duration[good], _LARGEST).astype(np.int32),
            "answered": answered.astype(np.int8),
            "direction": direction.astype(np.uint8),
            "call_type": by_label(
                types,
                lambda text: self._types.code(_tried(parse_text, text) or ""),
                self._types.code(""),
            ).astype(np.uint8),
            "user_kind": kind.astype(np.uint8),
            "endpoint": endpoints(piece, good, written["client_type"]),
            "features": features(piece, good, kind, direction),
            "ipv6": np.where(
                direction == _TERMINATING,
                piece.containing("called_ip", ":")[good],
                piece.containing("calling_ip", ":")[good],
            ),
            "audio": np.full(size, -1, np.int8),
            "video": np.full(size, -1, np.int8),
            "video_s": np.full(size, -1, np.int32),
            **{name: np.full(size, np.nan, np.float32) for name in MEASURES},
        }

    def _named(self, places: TextColumn) -> TextColumn:
        """The places, of which one that is blank is named so."""
        if self._with_blank is None or self._with_blank[0] is not places.labels:
            self._with_blank = (places.labels, np.append(places.labels, ""))
        blank = np.int32(len(places.labels))
        codes = np.where(places.codes < 0, blank, places.codes)
        return TextColumn(codes, self._with_blank[1])

    def _location(self, text: str) -> str:
        return parse_text(unguard(text) if self._guarded else text).strip()

    def _checked(
        self, key: str, column: TextColumn, read: Callable[[str], str]
    ) -> tuple[TextColumn, Bools]:
        """The column with its labels read, and where that failed or is blank."""
        met = self._read.get(key)
        if met is None or met[0] is not column.labels:
            met = self._read[key] = (column.labels, *self._labels(key, column, read))
        _, labels, fails = met
        return TextColumn(column.codes, labels), fails[column.codes]

    def _labels(
        self, key: str, column: TextColumn, read: Callable[[str], str]
    ) -> tuple[Array, Bools]:
        """The labels of a column, read, and which fail; the last is that of blanks."""
        memo = self._memo.setdefault(key, {})
        read_labels = [
            memo[text] if text in memo else memo.setdefault(text, _tried(read, text))
            for text in column.labels.tolist()
        ]
        if len(memo) > _MEMO_LIMIT:
            memo.clear()
        labels = np.empty(len(read_labels), dtype=object)
        labels[:] = [text or "" for text in read_labels]
        fails = np.array([text is None for text in read_labels] + [True], np.bool_)
        return labels, fails

    def _problems(self, piece: Piece, bad: Mapping[str, Bools]) -> tuple[Problem, ...]:
        found = [
            Problem(
                file=self._file,
                line=int(piece.line[row]),
                column=REQUIRED.get(key, "Location"),
                value=shown(piece.cell(key, row)),
                message=_MESSAGES[key],
            )
            for key, rows in bad.items()
            for row in np.flatnonzero(rows).tolist()
        ]
        return tuple(sorted(found, key=lambda problem: problem.line))

    def _tell(self, heading: str, unread: Bools) -> None:
        if unread.any():
            self.unread[heading] += int(unread.sum())

    def _count_strange(
        self, heading: str, column: TextColumn, is_strange: Callable[[str], bool]
    ) -> None:
        met = np.bincount(column.codes[column.codes >= 0], minlength=1)
        for code in np.flatnonzero(met).tolist():
            if is_strange(column.labels[code]):
                self.strange[heading, shown(column.labels[code])] += int(met[code])


_MESSAGES: Final = {
    "org_id": "no customer's id",
    "location": "no text that stores keep, or more than 1,000 bytes",
    "report_id": "no id of the record, without which it might count twice",
    "start": "no time; write it as 2026-11-16T09:00:00.000Z",
}


def _tried(read: Callable[[str], str], text: str) -> str | None:
    try:
        return read(text)
    except CellError:
        return None


def _customer(text: str) -> str:
    found = parse_id(text.strip())
    if not found:
        raise CellError("blank")
    return found


def _user(text: str) -> str:
    plain = parse_text(text).strip()
    try:
        return parse_id(plain)
    except CellError:
        return plain
