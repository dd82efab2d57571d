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
from partnerhub.kpis.forecasting import Forecast, forecast
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
        term: The commitment term it is narrowed to; None for any.
        usage: What "used" counts.
        known_from: The first day of which anything is known; before it nothing is
            counted. None where nothing ever was.
        rows: One mapping a day, name -> number; None where there is none.
    """

    days: tuple[pendulum.Date, ...]
    names: tuple[str, ...]
    product: Product | None
    region: Region
    term: str | None
    usage: Usage
    known_from: pendulum.Date | None
    rows: tuple[Mapping[str, Any], ...] = attrs.field(repr=False)

    def __len__(self) -> int:
        return len(self.days)

    def __getitem__(self, name: str, /) -> list[Any]:
        """One number over all days."""
        return [row[name] for row in self.rows]

    def forecast(
        self, name: str, day: dt.date | str, /, *, confidence: float = 0.8
    ) -> Forecast | None:
        """What a number is expected to be on a day to come.

        It rests on the days from `known_from` on.

        Args:
            name: The number.
            day: The day asked for, after the last of the series.
            confidence: How sure the interval is, above 0 and below 1.

        Returns:
            None with fewer than six days that are known.

        Raises:
            InvalidValue: The day is not after the last one, or the confidence is no
                share.
        """
        if self.days and as_day(day) <= self.days[-1]:
            why = f"the series ends on {self.days[-1]}"
            raise InvalidValue("day of a forecast", str(day), why)
        begin = self.known_from
        known = [
            (each, number)
            for each, number in zip(self.days, self[name], strict=True)
            if begin is not None and each >= begin
        ]
        days, numbers = [each for each, _ in known], [number for _, number in known]
        return forecast(days, numbers, day, confidence=confidence)

    def to_dict(self) -> dict[str, Any]:
        """What was asked for, and the numbers of each day, ready for JSON."""
        return {
            "product": None if self.product is None else self.product.value,
            "region": self.region,
            "term": self.term,
            "usage": self.usage,
            "known_from": None if self.known_from is None else str(self.known_from),
            "days": [
                {"day": str(day), **row}
                for day, row in zip(self.days, self.rows, strict=True)
            ],
        }

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
