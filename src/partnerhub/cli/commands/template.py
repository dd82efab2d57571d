"""`partnerhub template`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import click

from partnerhub.cli import options
from partnerhub.cli.output import print_json, print_line, print_table, say
from partnerhub.cli.stores import read_hub

if TYPE_CHECKING:
    from partnerhub.domain.report_specs import ReportTemplate

_PATH = click.Path(path_type=Path, dir_okay=False)


@click.group(
    short_help="Reports of your own: add, list, show, remove, export, import.",
    epilog=options.examples(
        "partnerhub template columns subscription-details",
        'partnerhub template add "VIP renewals" --base nearing-renewal \\',
        "  --column customer --column days --column total \\",
        "  --customers tag:vip --sort days --sort -total",
        'partnerhub report "VIP renewals" --out reports --region all',
    ),
)
def template() -> None:
    """Report templates of your own: some columns of a data set, in an order."""


@template.command("add", short_help="Keep a template, over an older one of its name.")
@click.argument("name")
@click.option(
    "--base", metavar="REPORT", required=True, help="The data set it is made of."
)
@click.option(
    "--column",
    "columns",
    metavar="KEY",
    multiple=True,
    help="A column, in order; repeat it.  [default: all]",
)
@click.option(
    "--customers",
    "query",
    metavar="QUERY",
    default="",
    help="Only rows of these customers, as in `partnerhub customers`.",
)
@click.option(
    "--sort",
    metavar="KEY",
    multiple=True,
    help="A column to order by, -KEY for the greatest first; repeat it.",
)
@click.option(
    "--locale",
    type=click.Choice(["en", "fr"]),
    default="en",
    show_default=True,
    help="Language of the headings.",
)
@options.store
@click.pass_obj
def add(
    store: str,
    /,
    *,
    name: str,
    base: str,
    columns: tuple[str, ...],
    query: str,
    sort: tuple[str, ...],
    locale: Literal["en", "fr"],
) -> None:
    """Keep a template under NAME; `partnerhub report NAME` writes it."""
    from partnerhub.domain.report_specs import ReportTemplate, SortKey
    from partnerhub.hub.reports.data import data_set

    every = tuple(column.key for column in data_set(base).columns)
    with read_hub(store) as hub:
        kept = hub.reports.templates.save(
            ReportTemplate(
                name=name,
                base=base,
                columns=columns or every,
                filter=query,
                sort=tuple(map(SortKey.parse, sort)),
                locale=locale,
            )
        )
    say(f"{kept.name}: version {kept.version}")


@template.command("list", short_help="The templates there are.")
@options.as_json
@options.store
@click.pass_obj
def list_templates(store: str, /, *, as_json: bool) -> None:
    """The templates there are."""
    with read_hub(store) as hub:
        found = hub.reports.templates.list()
    if as_json:
        print_json([_told(each) for each in found])
        return
    rows = [(t.name, t.base, len(t.columns), t.filter, t.version) for t in found]
    print_table(["Template", "Made of", "Columns", "Customers", "Version"], rows)


@template.command("show", short_help="One template.")
@click.argument("name")
@options.as_json
@options.store
@click.pass_obj
def show(store: str, /, *, name: str, as_json: bool) -> None:
    """One template, by its name in any letter case."""
    with read_hub(store) as hub:
        found = hub.reports.templates.get(name)
    if as_json:
        print_json(_told(found))
        return
    for key, value in _told(found).items():
        print_line(f"{key}: {', '.join(value) if isinstance(value, list) else value}")


@template.command("columns", short_help="The columns that a data set has.")
@click.argument("base")
@options.as_json
def columns_of(*, base: str, as_json: bool) -> None:
    """The columns that templates made of BASE can choose from."""
    from partnerhub.hub.reports.data import data_set

    found = data_set(base).columns
    if as_json:
        keys = ("key", "heading", "french")
        print_json([{key: getattr(column, key) for key in keys} for column in found])
        return
    rows = [(column.key, column.heading, column.french) for column in found]
    print_table(["Key", "Heading", "French"], rows)


@template.command("remove", short_help="Remove a template.")
@click.argument("name")
@options.store
@click.pass_obj
def remove(store: str, /, *, name: str) -> None:
    """Remove a template; reports written of it stay."""
    with read_hub(store) as hub:
        hub.reports.templates.remove(name)


@template.command("export", short_help="Write templates as a JSON file.")
@click.argument("path", type=_PATH)
@click.argument("names", metavar="[NAME...]", nargs=-1)
@options.store
@click.pass_obj
def export(store: str, /, *, path: Path, names: tuple[str, ...]) -> None:
    """Write templates as a JSON file, for another store; all where none is named."""
    with read_hub(store) as hub:
        print_line(str(hub.reports.templates.export_file(path, *names)))


@template.command("import", short_help="Keep the templates of an exported file.")
@click.argument("path", type=_PATH)
@options.store
@click.pass_obj
def import_templates(store: str, /, *, path: Path) -> None:
    """Keep the templates of an exported file, over older ones of their names."""
    with read_hub(store) as hub:
        for kept in hub.reports.templates.import_file(path):
            say(f"{kept.name}: version {kept.version}")


def _told(kept: ReportTemplate) -> dict[str, Any]:
    return {
        "name": kept.name,
        "base": kept.base,
        "columns": list(kept.columns),
        "customers": kept.filter,
        "sort": [str(key) for key in kept.sort],
        "locale": kept.locale,
        "version": kept.version,
    }
