"""The options that several commands share, and the values they take."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import partial, wraps
from typing import Any, Final, Literal

import click

DEFAULT_STORE: Final = "sqlite:///partnerhub.db"
STORE_VARIABLE: Final = "PARTNERHUB_STORE"

_ALL: Final = "all"
"""What asks for every region; `*` does too, and shells like it less."""


class DayType(click.ParamType[Any]):
    """A day, written 2026-11-22."""

    name = "date"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> dt.date:
        """The day that a text names."""
        from partnerhub.domain.days import as_day
        from partnerhub.domain.errors import InvalidValue

        try:
            return as_day(value)
        except InvalidValue as error:
            self.fail(str(error), param, ctx)


class HeadingType(click.ParamType[Any]):
    """A heading of a file and the column it stands for: `Heading=column`."""

    name = "heading=column"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, str]:
        """The heading and the column; a heading may hold an equals sign itself."""
        heading, equals, column = value.rpartition("=")
        if not (heading.strip() and equals and column.strip()):
            self.fail(f"{value!r} is not of the form 'Heading=column'", param, ctx)
        return heading.strip(), column.strip()


class NewPathType(click.Path):
    """Where something is written; an option in its place was left without a value."""

    def convert(
        self,
        value: Any,
        param: click.Parameter | None,
        ctx: click.Context | None,
    ) -> Any:
        """The path that a text names."""
        if str(value).startswith("--"):
            self.fail(f"{value!r} is an option, not the name of a file", param, ctx)
        return super().convert(value, param, ctx)


def examples(*lines: str) -> str:
    """The end of a command's help: commands as they are typed, never wrapped."""
    return "\n".join(["\b", "Examples:", *(f"  {line}" for line in lines)])


def _use_store(context: click.Context, _: click.Parameter, url: str | None) -> None:
    if url is not None:
        context.obj = url


def _every(_: click.Context, __: click.Parameter, region: str | None) -> str | None:
    from partnerhub.domain.regions import ALL

    return ALL if region is not None and region.casefold() == _ALL else region


store = click.option(
    "--store",
    metavar="URL",
    expose_value=False,
    callback=_use_store,
    help=f"Where the data are kept; also {STORE_VARIABLE}.  [default: {DEFAULT_STORE}]",
)
at = click.option("--at", type=DayType(), help="The day.  [default: today, UTC]")
start = click.option("--from", "start", type=DayType(), help="First day of a range.")
end = click.option("--to", "end", type=DayType(), help="Last day of it, included.")
region = click.option(
    "--region",
    metavar="REGION",
    callback=_every,
    help="US, CA, EU, UAE, another that holds data, or `all`.",
)
product = click.option(
    "--product",
    type=click.Choice(["calling", "meetings"], case_sensitive=False),
    help="Only what concerns this product.  [default: both]",
)
_exclude = click.option(
    "--exclude",
    metavar="QUERY",
    help="Leave out the customers that a query finds; how many is said.",
)
_exclude_tags = click.option(
    "--exclude-tag",
    "exclude_tags",
    metavar="TAG",
    multiple=True,
    help="Leave out customers with this tag; several times for more.",
)
_exclude_licenses = click.option(
    "--exclude-license",
    "exclude_licenses",
    metavar="NAME",
    multiple=True,
    help="Leave out licenses of this type; several times for more.",
)


def exclusions(command: Callable[..., Any]) -> Callable[..., Any]:
    """What is left out, by query, tag and license type: `exclude`, None for nothing."""

    @wraps(command)
    def called(
        *given: Any,
        exclude: str | None,
        exclude_tags: tuple[str, ...],
        exclude_licenses: tuple[str, ...],
        **others: Any,
    ) -> Any:
        if exclude is None and not exclude_tags and not exclude_licenses:
            return command(*given, exclude=None, **others)
        from partnerhub.kpis import Exclusions

        left_out = Exclusions(
            licenses=exclude_licenses, tags=exclude_tags, filter=exclude
        )
        return command(*given, exclude=left_out, **others)

    return _exclude(_exclude_tags(_exclude_licenses(called)))


_REPORT: Final = (
    click.option(
        "--window",
        metavar="RANGE",
        help="last-week, last-month, last-30-days, in place of --from and --to.",
    ),
    click.option(
        "--each-region",
        is_flag=True,
        help="One file for each region that holds data.",
    ),
    product,
    click.option(
        "--customers",
        "query",
        metavar="QUERY",
        default="",
        help="Only rows of these customers, as in `partnerhub customers`.",
    ),
    click.option(
        "--locale",
        type=click.Choice(["en", "fr"]),
        help="Language of the headings.  [default: the template's, else en]",
    ),
    click.option(
        "--format",
        "file_format",
        type=click.Choice(["csv", "parquet", "xlsx"]),
        default="csv",
        show_default=True,
        help="What is written.",
    ),
    click.option(
        "--compress",
        "compression",
        type=click.Choice(["none", "gzip", "zip"]),
        default="none",
        show_default=True,
        help="How a CSV file is packed; Partner Hub delivers ZIPs.",
    ),
    click.option(
        "--raw",
        is_flag=True,
        help="Leave cells as they are that a spreadsheet would run as formulas.",
    ),
)


def report_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """What can be asked of a report, besides its template and its days.

    The command gets `request`, which makes the request of those.
    """

    @wraps(command)
    def called(
        *given: Any,
        region: str | None,
        window: str | None,
        each_region: bool,
        product: str | None,
        query: str,
        locale: Literal["en", "fr"] | None,
        file_format: str,
        compression: str,
        raw: bool,
        **others: Any,
    ) -> Any:
        from partnerhub.domain.cells import CellSafety
        from partnerhub.domain.report_specs import ReportRequest

        request = partial(
            ReportRequest,
            region=region,
            per_region=each_region,
            safety=CellSafety.RAW if raw else CellSafety.SAFE,
            window=window,
            product=product,
            filter=query,
            locale=locale,
            format=file_format,
            compression=compression,
        )
        return command(*given, request=request, **others)

    made: Callable[..., Any] = called
    for option in (region, *reversed(_REPORT)):
        made = option(made)
    return made


term = click.option(
    "--term",
    metavar="TERM",
    help="Only subscriptions of this commitment term: monthly, annual or unknown.",
)
as_csv = click.option("--csv", "as_csv", is_flag=True, help="Print CSV.")
as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
