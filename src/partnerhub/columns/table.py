"""`Table`: what every report and every section gives back, columns first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import repeat
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, Self

import attrs
import numpy as np
import numpy.typing as npt

from partnerhub.columns import arrow, values
from partnerhub.columns.html import table_html
from partnerhub.columns.printing import Printed, PrintedColumn, printed_column
from partnerhub.columns.unknown import Array
from partnerhub.columns.values import Cell, Values
from partnerhub.domain.cells import CellSafety
from partnerhub.domain.errors import InvalidValue, NotFound
from partnerhub.domain.layouts import Column, Locale

if TYPE_CHECKING:
    import pandas as pd  # type: ignore[import-untyped]
    import polars as pl
    import pyarrow as pa


__all__ = ["PrintedColumn", "Table"]

_SHOWN_ROWS: Final = 20
"""How many rows a notebook shows."""


def _checked(given: Mapping[str, object], table: Any) -> Mapping[str, Values]:
    keys = [column.key for column in table.columns]
    if sorted(given) != sorted(keys):
        raise InvalidValue("set of columns", sorted(given), choices=keys)
    held = {
        column.key: values.as_values(column, given[column.key])
        for column in table.columns
    }
    lengths = {key: len(column) for key, column in held.items()}
    if len(set(lengths.values())) > 1:
        raise InvalidValue("table", lengths, "its columns differ in length")
    return MappingProxyType(held)


@attrs.frozen(kw_only=True, eq=False, repr=False)
class Table:
    """Named, typed columns of equal length that never change.

    An array of the right type is taken over without a copy, so whoever made it
    must not write to it later.

    Attributes:
        title: What it shows.
        columns: Description of each column, in order.
        values: Column key -> its cells: an array, or a `TextColumn`. How unknown
            stands in them is told in `partnerhub.columns.unknown`.
        printed: What is written on paper and in CSV files, in order: keys of data
            columns, and `PrintedColumn` for headings over several of them. Empty
            when each data column is printed as it is.
        notes: What its numbers rest on, in words.

    Examples:
        >>> from partnerhub.domain.layouts import CellType, Column
        >>> customer = Column(key="customer", heading="Customer", french="Client")
        >>> total = Column(
        ...     key="total", heading="Total", french="Total", cell=CellType.COUNT
        ... )
        >>> table = Table(
        ...     title="Licenses",
        ...     columns=(customer, total),
        ...     values={"customer": ["Acme", "Bolt"], "total": np.array([25, -1])},
        ... )
        >>> table
        <Table 'Licenses': 2 rows x 2 columns (customer, total)>
        >>> table["total"]
        array([25, -1])
        >>> list(table.rows())
        [('Acme', 25), ('Bolt', None)]
    """

    title: str = ""
    columns: tuple[Column, ...]
    values: Mapping[str, Values] = attrs.field(
        # mypy's plug-in does not know converters that see the other fields.
        converter=attrs.Converter(_checked, takes_self=True)  # type: ignore[misc]
    )
    printed: tuple[str | PrintedColumn, ...] = ()
    notes: tuple[str, ...] = ()

    def __attrs_post_init__(self) -> None:
        for entry in self.printed:
            for key in (entry,) if isinstance(entry, str) else entry.keys:
                self.column(key)

    @classmethod
    def from_rows(
        cls,
        columns: Sequence[Column],
        rows: Iterable[Sequence[Any] | Mapping[str, Any]],
        /,
        *,
        title: str = "",
        printed: tuple[str | PrintedColumn, ...] = (),
    ) -> Self:
        """A table of rows, each in the order of `columns` or by key.

        None is unknown; so is a key that a row does not have.

        Examples:
            >>> from partnerhub.domain.layouts import Column
            >>> name = Column(key="name", heading="Name", french="Nom")
            >>> Table.from_rows([name], [("Acme",), {"name": "Bolt"}])["name"].tolist()
            ['Acme', 'Bolt']
        """
        keys = [column.key for column in columns]
        tuples = [
            [row.get(key) for key in keys] if isinstance(row, Mapping) else row
            for row in rows
        ]
        cells = list(zip(*tuples, strict=True)) or list(repeat((), len(keys)))
        arrays = {
            column.key: values.from_python(column.cell, cells_of_column)
            for column, cells_of_column in zip(columns, cells, strict=True)
        }
        return cls(title=title, columns=tuple(columns), values=arrays, printed=printed)

    # Reading

    def __len__(self) -> int:
        return len(next(iter(self.values.values()), ()))

    def __getitem__(self, key: str, /) -> Array:
        """The cells of a column as one read-only array.

        Raises:
            NotFound: There is no such column.
        """
        self.column(key)
        return values.read_only(values.as_array(self.values[key]))

    def column(self, key: str, /) -> Column:
        """The description of a column.

        Raises:
            NotFound: There is no such column.
        """
        for column in self.columns:
            if column.key == key:
                return column
        raise NotFound("column", key, choices=[column.key for column in self.columns])

    def rows(self) -> Iterator[tuple[Cell, ...]]:
        """The rows as Python values, None where unknown, days as `datetime.date`."""
        if not self.columns:
            return iter(())
        return zip(
            *(values.to_python(c.cell, self.values[c.key]) for c in self.columns),
            strict=True,
        )

    def to_dicts(self) -> list[dict[str, Cell]]:
        """The rows as dictionaries by column key."""
        keys = [column.key for column in self.columns]
        return [dict(zip(keys, row, strict=True)) for row in self.rows()]

    # Narrowing

    def select(self, keys: Iterable[str], /) -> Self:
        """The data columns with these keys, in this order, each printed as it is."""
        columns = tuple(self.column(key) for key in keys)
        held = {column.key: self.values[column.key] for column in columns}
        return attrs.evolve(self, columns=columns, values=held, printed=())

    def take(self, rows: npt.ArrayLike | slice, /) -> Self:
        """The rows at these positions, or where a mask is true; a slice copies nothing.

        Examples:
            >>> from partnerhub.domain.layouts import Column
            >>> name = Column(key="name", heading="Name", french="Nom")
            >>> table = Table.from_rows([name], [("Acme",), ("Bolt",)])
            >>> list(table.take([1, 0]).rows())
            [('Bolt',), ('Acme',)]
        """
        if not isinstance(rows, slice):
            rows = np.asarray(rows)
            rows = rows if rows.size else rows.astype(np.intp)
        held = {key: values.chosen(column, rows) for key, column in self.values.items()}
        return attrs.evolve(self, values=held)

    def head(self, rows: int = 5, /) -> Self:
        """The first rows."""
        return self.take(slice(max(rows, 0)))

    def batches(self, rows: int, /) -> Iterator[Self]:
        """The table cut into views of at most that many rows; one when it is empty."""
        for start in range(0, max(len(self), 1), rows):
            yield self.take(slice(start, start + rows))

    def sort_by(self, key: str, /, *, descending: bool = False) -> Self:
        """The rows in order of a column.

        Equal rows stay in their order, so sorting by the lesser key first sorts by
        two. Unknown cells come last either way. Texts are ordered by code point.
        """
        self.column(key)
        return self.take(values.sort_order(self.values[key], descending=descending))

    # Showing and comparing

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Table):
            return NotImplemented
        return (
            self.title == other.title
            and self.columns == other.columns
            and self.printed == other.printed
            and all(
                values.equal_values(column, other.values[key])
                for key, column in self.values.items()
            )
        )

    __hash__ = None  # type: ignore[assignment]  # equal by content, as arrays are

    def __repr__(self) -> str:
        title = f" {self.title!r}" if self.title else ""
        keys = ", ".join(column.key for column in self.columns)
        size = f"{len(self):,} rows x {len(self.columns)} columns"
        return f"<Table{title}: {size} ({keys})>"

    def _repr_html_(self) -> str:
        shown = self.head(_SHOWN_ROWS).print_columns(safety=CellSafety.RAW)
        return table_html(self.title, shown, rows=len(self))

    def print_columns(
        self, *, locale: Locale = "en", safety: CellSafety = CellSafety.SAFE
    ) -> list[Printed]:
        """The columns as they stand on paper and in CSV files.

        Raises:
            InvalidValue: There are no headings in that language.
        """
        entries = [
            self.column(entry) if isinstance(entry, str) else entry
            for entry in self.printed or self.values
        ]
        return [
            printed_column(
                entry,
                [
                    (self.column(key), self.values[key])
                    for key in (
                        entry.keys if isinstance(entry, PrintedColumn) else (entry.key,)
                    )
                ],
                locale=locale,
                safety=safety,
            )
            for entry in entries
        ]

    # Leaving

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        """The data columns for any reader of Arrow; numbers are not copied.

        Raises:
            MissingExtra: The extra `columnar` is not installed.
        """
        pairs = [(column, self.values[column.key]) for column in self.columns]
        return arrow.stream(pairs, len(self), requested_schema)

    def to_arrow(self) -> pa.Table:
        """The data columns in pyarrow, which the caller has installed."""
        return arrow.to_pyarrow(self)

    def to_pandas(self) -> pd.DataFrame:
        """The data columns in pandas, which the caller has installed."""
        return arrow.to_pandas(self)

    def to_polars(self) -> pl.DataFrame:
        """The data columns in Polars (extra `columnar`)."""
        return arrow.to_polars(self)
