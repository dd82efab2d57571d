"""Numbers of the page on several days, as one thing that prints itself."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any, Final, Literal, get_args

import attrs
import pendulum

from partnerhub.columns.table import Table
from partnerhub.domain.days import as_day
from partnerhub.domain.errors import InvalidValue
from partnerhub.domain.layouts import CellType, Column
from partnerhub.domain.products import Product
from partnerhub.kpis.catalog import CATALOGUE, Unit
from partnerhub.kpis.lines import Usage
from partnerhub.kpis.selection import Region

Step = Literal["day", "week", "month"]

_CELLS: Final = {
    Unit.CUSTOMERS: CellType.COUNT,
    Unit.LICENSES: CellType.COUNT,
    Unit.RATIO: CellType.RATIO,
    Unit.LICENSES_PER_CUSTOMER: CellType.DECIMAL,
}
_COLUMNS: Final[Mapping[str, Column]] = {
    **{
        kpi.series: Column(
            key=kpi.series,
            heading=kpi.heading,
            french=kpi.french_heading,
            cell=_CELLS[kpi.unit],
        )
        for kpi in reversed(CATALOGUE)  # the first of a name has the last word
    },
    **{
        key: Column(key=key, heading=heading, french=french, cell=CellType.COUNT)
        for key, heading, french in (
            ("purchased", "Purchased licenses", "Licences achetées"),
            ("assigned", "Assigned licenses", "Licences attribuées"),
            ("used", "Used licenses", "Licences utilisées"),
        )
    },
}
TREND: Final = ("purchased", "assigned", "used")
"""The numbers of the license distribution trend."""

EVERY: Final = tuple(dict.fromkeys((*(kpi.series for kpi in CATALOGUE), *TREND)))
"""All numbers of a series."""


@attrs.frozen(kw_only=True, eq=False)
class Series:
    """Numbers of the page on several days.

    Attributes:
        days: The days, oldest first.
        names: What is told of each day.
        product: The product they are narrowed to; None for Calling and Meetings.
        region: The region; `*` for all.
        usage: What "used" counts.
        rows: One mapping a day, name -> number; None where there is none.
    """

    days: tuple[pendulum.Date, ...]
    names: tuple[str, ...]
    product: Product | None
    region: Region
    usage: Usage
    rows: tuple[Mapping[str, Any], ...] = attrs.field(repr=False)

    def __len__(self) -> int:
        return len(self.days)

    def __getitem__(self, name: str, /) -> list[Any]:
        """One number over all days."""
        return [row[name] for row in self.rows]

    @property
    def table(self) -> Table:
        """One row a day."""
        columns = [Column(key="day", heading="Day", french="Jour", cell=CellType.DAY)]
        columns += [_COLUMNS[name] for name in self.names]
        rows = [
            {"day": day, **row} for day, row in zip(self.days, self.rows, strict=True)
        ]
        return Table.from_rows(columns, rows, title="Subscriptions over time")

    def _repr_html_(self) -> str:
        return self.table._repr_html_()


def days_between(
    first: dt.date | str, last: dt.date | str, /, *, every: Step = "week"
) -> tuple[pendulum.Date, ...]:
    """The days of a range, a step apart, the last one always among them.

    Weeks and months are counted back from the last day, so that the newest point
    of a chart is the day asked for.

    Raises:
        InvalidValue: The step is none of `day`, `week` and `month`; the range ends
            before it begins.

    Examples:
        >>> [str(day) for day in days_between("2026-11-01", "2026-11-22")]
        ['2026-11-01', '2026-11-08', '2026-11-15', '2026-11-22']
        >>> [str(day) for day in days_between("2026-08-30", "2026-10-31", every="month")]
        ['2026-08-31', '2026-09-30', '2026-10-31']
    """
    if every not in get_args(Step):
        raise InvalidValue("step", every, choices=get_args(Step))
    begin, end = as_day(first), as_day(last)
    if end < begin:
        raise InvalidValue("range of days", f"{begin} to {end}", "it ends too early")

    def back() -> Iterator[pendulum.Date]:
        steps = 0
        day = end
        while day >= begin:
            yield day
            steps += 1
            day = end.subtract(**{f"{every}s": steps})

    return tuple(back())[::-1]
