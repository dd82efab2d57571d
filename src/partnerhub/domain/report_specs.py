"""What a report is asked for: a template of one's own, and one request for files."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from enum import StrEnum
from typing import Any, Final, Self, TypeVar, get_args

import attrs
import pendulum

from partnerhub.domain.cells import CellSafety
from partnerhub.domain.days import as_day
from partnerhub.domain.errors import InvalidValue
from partnerhub.domain.layouts import Locale
from partnerhub.domain.organizations import clean_text
from partnerhub.domain.products import KPI_PRODUCTS, Product
from partnerhub.domain.query_text import parse_filter
from partnerhub.domain.regions import ALL
from partnerhub.domain.windows import window_days

_Choice = TypeVar("_Choice", bound=StrEnum)

LONGEST_NAME: Final = 300
"""Characters of a template's name."""


class FileFormat(StrEnum):
    """What a report is written as. The value is the ending of the file's name."""

    CSV = "csv"
    PARQUET = "parquet"
    XLSX = "xlsx"


class Compression(StrEnum):
    """How a CSV file is packed; the other formats are packed already."""

    NONE = "none"
    GZIP = "gzip"
    ZIP = "zip"
    """One file in a ZIP, as Partner Hub delivers it."""


def _locale(_: object, __: object, locale: Any) -> None:
    if locale is not None and locale not in get_args(Locale):
        raise InvalidValue("locale", locale, choices=get_args(Locale))


def _english() -> Locale:
    return "en"


def _query(_: object, __: object, text: str) -> None:
    # Whether there is a saved filter of that name is asked where they are kept.
    parse_filter(text, saved=lambda _: parse_filter(""))


@attrs.frozen
class SortKey:
    """A column that rows are ordered by; unknown cells come last either way.

    Attributes:
        column: Its key.
        descending: The greatest first.
    """

    column: str
    descending: bool = False

    @classmethod
    def parse(cls, text: str, /) -> Self:
        """A key as it is typed: `total`, or `-total` for the greatest first.

        Examples:
            >>> SortKey.parse("-total")
            SortKey(column='total', descending=True)
        """
        plain = text.strip()
        return cls(plain.removeprefix("-").strip(), plain.startswith("-"))

    def __str__(self) -> str:
        return f"-{self.column}" if self.descending else self.column


def _name(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", clean_text(text)).split())


def _named(_: object, __: object, name: str) -> None:
    if not name:
        raise InvalidValue("name of a template", name, "it is blank")
    if len(name) > LONGEST_NAME:
        why = f"it has {len(name)} characters, and a name has at most {LONGEST_NAME}"
        raise InvalidValue("name of a template", name, why)


def _keys(keys: Iterable[str]) -> tuple[str, ...]:
    return tuple(keys)


def _sort(keys: Iterable[SortKey]) -> tuple[SortKey, ...]:
    return tuple(keys)


def template_key(name: str, /) -> str:
    """How a template is found: letter case and spacing do not tell two apart.

    Examples:
        >>> template_key("  Weekly  Licences ")
        'weekly licences'
    """
    return unicodedata.normalize("NFC", _name(name).casefold())


@attrs.frozen(kw_only=True)
class ReportTemplate:
    """A report of one's own: some columns of a data set, in an order.

    Attributes:
        name: Display name, in any language; the files' names begin with it.
        base: Key of the data set it is made of.
        columns: Keys of its columns, in order.
        filter: Query text: only rows of customers that it finds.
        sort: What rows are ordered by, the first key first.
        locale: Language of the headings.
        version: How often it has been saved; 0 for one that has not been.

    Raises:
        InvalidValue: The name is blank, too long or no text that can be kept, there
            are no columns, one stands twice, or there are no headings in that language.
        FilterError: The query cannot be understood.

    Examples:
        >>> template = ReportTemplate(
        ...     name="Renewals",
        ...     base="subscription-details",
        ...     columns=("customer_name", "expiration_or_renewal_date"),
        ...     filter="tag:vip",
        ...     sort=(SortKey("expiration_or_renewal_date"),),
        ... )
        >>> template.key
        'renewals'
    """

    name: str = attrs.field(converter=_name, validator=_named)
    base: str
    columns: tuple[str, ...] = attrs.field(converter=_keys)
    filter: str = attrs.field(default="", validator=_query)
    sort: tuple[SortKey, ...] = attrs.field(default=(), converter=_sort)
    locale: Locale = attrs.field(factory=_english, validator=_locale)
    version: int = attrs.field(default=0, validator=attrs.validators.ge(0))

    def __attrs_post_init__(self) -> None:
        _each_once("columns", self.columns)
        _each_once("sort", tuple(key.column for key in self.sort))
        if not self.columns:
            raise InvalidValue("template", self.name, "it has no columns")

    @property
    def key(self) -> str:
        """How it is found: its name, whatever its letter case."""
        return template_key(self.name)


def _each_once(what: str, keys: tuple[str, ...]) -> None:
    twice = next((key for place, key in enumerate(keys) if key in keys[:place]), None)
    if twice is not None:
        raise InvalidValue(f"choice of {what}", twice, "it stands there twice")


def _day_or_none(value: Any) -> pendulum.Date | None:
    return None if value is None else as_day(value)


def one_of(kind: type[_Choice], value: Any, what: str, /) -> _Choice:
    """A value, or its text, as a member of an enumeration.

    Args:
        kind: The enumeration.
        value: The value.
        what: What its members are, for messages.

    Raises:
        InvalidValue: It is none.

    Examples:
        >>> one_of(Compression, "zip", "compression")
        <Compression.ZIP: 'zip'>
    """
    if value not in tuple(kind):
        raise InvalidValue(what, value, choices=map(str, kind))
    return kind(value)


def _format(value: Any) -> FileFormat:
    return one_of(FileFormat, value, "format of reports")


def _compression(value: Any) -> Compression:
    return one_of(Compression, value, "compression")


def _safety(value: Any) -> CellSafety:
    return one_of(CellSafety, value, "safety of cells")


def _product(value: Any) -> Product | None:
    if value is None or value in KPI_PRODUCTS:
        return None if value is None else Product(value)
    raise InvalidValue("product with KPIs", value, choices=KPI_PRODUCTS)


@attrs.frozen(kw_only=True)
class ReportRequest:
    """One request for a report's files.

    Days are those of `start` and `end`, or of `window`, and only of reports that
    cover days; without any, such a report covers the last complete week.

    Attributes:
        template: Key of a report (`subscription-details`), of another data set
            (`customers`, `over-limit`), or the name of a template of one's own.
        start: First day of a report that covers days.
        end: Last day of it, included.
        window: Named range in place of the two: `last-week`, `last-month`,
            `last-30-days`.
        region: A region, or `*` for all of them; None where data lie in one.
        per_region: One file for each region that holds data, in place of one for all.
        at: The day it is of; today, in UTC, where it is left out.
        locale: Language of the headings; None is the template's, else English.
        safety: Whether texts that a spreadsheet would run are guarded.
        format: What is written.
        compression: How a CSV file is packed.
        filter: Query text: only rows of customers that it finds, besides the
            template's own filter.
        product: Only what concerns this product, where the report can tell.

    Raises:
        InvalidValue: Days are given twice, end before they begin, one of several
            regions is asked for without `*`, or a packed file is to be packed.
        FilterError: The query cannot be understood.

    Examples:
        >>> request = ReportRequest(
        ...     template="calling-usage-details", window="last-month", region="*"
        ... )
        >>> request.suffix
        '.csv'
    """

    template: str
    start: pendulum.Date | None = attrs.field(default=None, converter=_day_or_none)
    end: pendulum.Date | None = attrs.field(default=None, converter=_day_or_none)
    window: str | None = None
    region: str | None = None
    per_region: bool = False
    at: pendulum.Date | None = attrs.field(default=None, converter=_day_or_none)
    locale: Locale | None = attrs.field(default=None, validator=_locale)
    safety: CellSafety = attrs.field(default=CellSafety.SAFE, converter=_safety)
    format: FileFormat = attrs.field(default=FileFormat.CSV, converter=_format)
    compression: Compression = attrs.field(
        default=Compression.NONE, converter=_compression
    )
    filter: str = attrs.field(default="", validator=_query)
    product: Product | None = attrs.field(default=None, converter=_product)

    def __attrs_post_init__(self) -> None:
        given = f"{self.start or ''}..{self.end or ''}"
        if self.window is not None:
            if self.start is not None or self.end is not None:
                raise InvalidValue("range of days", given, f"{self.window} is one too")
            window_days(self.window, pendulum.date(2000, 1, 1))
        elif self.start is not None and self.end is not None:
            if self.end < self.start:
                raise InvalidValue("range of days", given, "it ends too early")
        elif self.start is not None or self.end is not None:
            raise InvalidValue("range of days", given, "give both ends")
        if self.per_region and self.region not in {None, ALL}:
            raise InvalidValue("choice of all regions", self.region, f"give {ALL!r}")
        if self.compression is not Compression.NONE and (
            self.format is not FileFormat.CSV
        ):
            why = f"{self.format} is packed already"
            raise InvalidValue("compression", str(self.compression), why)

    @property
    def suffix(self) -> str:
        """The ending of its files' names."""
        if self.compression is Compression.ZIP:
            return ".zip"
        packed = ".gz" if self.compression is Compression.GZIP else ""
        return f".{self.format}{packed}"
