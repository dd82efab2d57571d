"""Two tables compared: subscriptions against invoice lines, or any other pair."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final

import attrs

from partnerhub.columns.table import Table
from partnerhub.domain.errors import InvalidValue
from partnerhub.domain.layouts import CellType

Key = tuple[Any, ...]
_NUMBERS: Final = frozenset({CellType.COUNT, CellType.CHANGE, CellType.DECIMAL})


@attrs.frozen(kw_only=True, eq=False)
class Reconciliation:
    """What two tables say of the same things.

    Attributes:
        matched: Things of which both say the same.
        different: Things of which they do not, with the numbers of both.
        only_left: Things that only the left one has.
        only_right: Things that only the right one has.
    """

    matched: Table
    different: Table
    only_left: Table
    only_right: Table

    @property
    def agrees(self) -> bool:
        """Whether nothing differs and nothing is missing."""
        return not (len(self.different) or len(self.only_left) or len(self.only_right))

    def to_dict(self) -> dict[str, int]:
        """How many things are in each table."""
        names = ("matched", "different", "only_left", "only_right")
        return {name: len(getattr(self, name)) for name in names}


def reconcile(
    left: Table,
    right: Table,
    /,
    *,
    on: Mapping[str, str] | Sequence[str],
    compare: Mapping[str, str] | Sequence[str],
    normal: Callable[[Any], Any] | None = None,
) -> Reconciliation:
    """Two tables, row by row: what matches, what differs, what one of them lacks.

    Rows of one thing in one table are added up, so that an invoice may have several
    lines of a subscription. A number that is not known on either side is a
    difference, unless it is known on neither.

    Args:
        left: One table.
        right: The other.
        on: The columns that tell things apart, alike in both, or left -> right.
        compare: The numbers to compare, alike in both, or left -> right.
        normal: Makes ids comparable, such as a function that maps the names of one
            side to those of the other. Letter case and spaces around never count.

    Raises:
        NotFound: A table lacks a column.
        InvalidValue: No column tells things apart, or a compared one is no number.

    Examples:
        >>> from partnerhub.columns.table import Table
        >>> from partnerhub.domain.layouts import CellType, Column
        >>> subscription = Column(key="id", heading="Id", french="Id")
        >>> seats = Column(
        ...     key="seats", heading="Seats", french="Postes", cell=CellType.COUNT
        ... )
        >>> held = Table.from_rows([subscription, seats], [("A", 5), ("B", 7)])
        >>> bill = Table.from_rows([subscription, seats], [("a ", 5), ("C", 1)])
        >>> found = reconcile(held, bill, on=["id"], compare=["seats"])
        >>> found.to_dict()
        {'matched': 1, 'different': 0, 'only_left': 1, 'only_right': 1}
    """
    keys, numbers = _pairs(on), _pairs(compare)
    if not keys:
        raise InvalidValue("keys", on, "name a column that tells things apart")
    one = _summed(left, list(keys), list(numbers), normal)
    other = _summed(right, list(keys.values()), list(numbers.values()), normal)
    key_columns = [left.column(key) for key in keys]
    number_columns = [left.column(key) for key in numbers]
    both = [key for key in one if key in other]
    pairs = [
        attrs.evolve(
            column, key=f"{column.key}_{side}", heading=f"{column.heading} ({side})"
        )
        for column in number_columns
        for side in ("left", "right")
    ]

    def alone(title: str, mine: _Things, theirs: _Things) -> Table:
        rows = [
            (*_shown(mine, key), *mine[key][1]) for key in mine if key not in theirs
        ]
        return Table.from_rows([*key_columns, *number_columns], rows, title=title)

    differing = [key for key in both if one[key][1] != other[key][1]]
    return Reconciliation(
        matched=Table.from_rows(
            [*key_columns, *number_columns],
            [
                (*_shown(one, key), *one[key][1])
                for key in both
                if one[key][1] == other[key][1]
            ],
            title="Matched",
        ),
        different=Table.from_rows(
            [*key_columns, *pairs],
            [
                (
                    *_shown(one, key),
                    *(
                        number
                        for pair in zip(one[key][1], other[key][1], strict=True)
                        for number in pair
                    ),
                )
                for key in differing
            ],
            title="Different",
        ),
        only_left=alone("Only left", one, other),
        only_right=alone("Only right", other, one),
    )


_Things = Mapping[Key, tuple[Key, tuple[Any, ...]]]


def _pairs(names: Mapping[str, str] | Iterable[str]) -> dict[str, str]:
    if isinstance(names, Mapping):
        return dict(names)
    return {name: name for name in names}


def _shown(things: _Things, key: Key) -> Key:
    return things[key][0]


def _summed(
    table: Table,
    keys: list[str],
    numbers: list[str],
    normal: Callable[[Any], Any] | None,
) -> _Things:
    """Key -> the ids as they stand, and the sums of the numbers."""
    for name in numbers:
        if table.column(name).cell not in _NUMBERS:
            raise InvalidValue("number to compare", name, "it is a column of texts")
    found: dict[Key, tuple[Key, tuple[Any, ...]]] = {}
    for row in table.select([*keys, *numbers]).rows():
        shown, values = row[: len(keys)], row[len(keys) :]
        key = tuple(_plain(normal(cell) if normal else cell) for cell in shown)
        if key in found:
            values = tuple(map(_added, found[key][1], values))
            shown = found[key][0]
        found[key] = shown, values
    return found


def _plain(cell: Any) -> Any:
    return cell.strip().casefold() if isinstance(cell, str) else cell


def _added(one: Any, other: Any) -> Any:
    if one is None or other is None:
        return None
    return one + other
