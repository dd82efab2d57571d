"""Records as frames of Polars, and frames as leg columns."""

from __future__ import annotations

from types import ModuleType
from typing import Any, Final

import numpy as np

from partnerhub.columns.leg_reading import NUMBERS, LegReader
from partnerhub.columns.leg_records import LegRecords
from partnerhub.columns.legs import LegColumns
from partnerhub.columns.text import TextColumn
from partnerhub.columns.unknown import Array
from partnerhub.domain.errors import MissingExtra

_LEG_TEXTS: Final = ("organization", "location", "user", "call_type")
LEG_COLUMNS: Final = (*_LEG_TEXTS, *NUMBERS)
"""The columns of a frame that make a leg; others tell records apart."""


def polars() -> ModuleType:
    """Polars.

    Raises:
        MissingExtra: The extra `columnar` is not installed.
    """
    try:
        import polars as pl
    except ImportError as error:
        raise MissingExtra("a Parquet data set", "columnar") from error
    return pl


def frame_of(records: LegRecords, /) -> Any:
    """A frame of records; texts are texts in it."""
    legs, pl = records.legs, polars()
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


def records_of(frame: Any, /) -> LegRecords:
    """The records of a frame."""
    texts = {name: frame[name].to_numpy() for name in ("report_id", "call_id")}
    return LegRecords(
        legs=FrameReader().legs(frame),
        report_time=frame["report_time"].to_numpy(),
        **{name: column.astype(object) for name, column in texts.items()},
    )


class FrameReader:
    """Makes leg columns of frames, with codes that stay from frame to frame."""

    def __init__(self) -> None:
        self._legs = LegReader()

    def legs(self, frame: Any) -> LegColumns:
        """The legs of a frame."""
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
    pl = polars()
    distinct = series.drop_nulls().unique()
    codes = series.cast(pl.Enum(distinct)).to_physical().cast(pl.Int32)
    return TextColumn(
        codes.fill_null(-1).to_numpy(), distinct.to_numpy().astype(object)
    )
