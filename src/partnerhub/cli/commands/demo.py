"""`partnerhub demo`."""

from __future__ import annotations

import math
import os
import shlex
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

import partnerhub
from partnerhub.cli import options
from partnerhub.cli.commands.customers import shown_name
from partnerhub.cli.commands.ingest import problem_lines, result_line, summary
from partnerhub.cli.output import (
    Row,
    print_heading,
    print_line,
    print_table,
    progress,
)

if TYPE_CHECKING:
    from partnerhub.adapters.importing import FileOutcome
    from partnerhub.hub import CustomerList, CustomerRow, Hub
    from partnerhub.sample import SampleFile, SamplePartner

_EXAMPLES: Final = 2
"""Customers shown of each status."""


@click.command(
    short_help="Show all of this on a sample partner.",
    epilog=options.examples(
        "partnerhub demo",
        "partnerhub demo --dir big --customers 5000",
    ),
)
@click.option(
    "--dir",
    "folder",
    metavar="DIR",
    default="partnerhub-demo",
    show_default=True,
    type=options.NewPathType(path_type=Path, file_okay=False),
    help="Where its files and its store go.",
)
@click.option(
    "--customers",
    metavar="N",
    default=200,
    show_default=True,
    type=click.IntRange(min=1),
    help="How many customers the partner has.",
)
def demo(folder: Path, customers: int) -> None:
    """Make the files of a sample partner, take them in, and show what they tell.

    Three regions, twelve weekly files each, facts, call records of a few customers,
    and one file with bad rows. The day is that of the newest files, so the demo always shows the same; run again, it
    takes nothing new.
    """
    from partnerhub.sample import SamplePartner

    partner = SamplePartner(customers=customers)
    store = f"sqlite:///{folder / f'sample-{customers}.db'}"
    with progress() as show:
        show("writing files")
        files = partner.write_exports(folder / "exports")
        files += partner.write_calls(folder / "calls")
        damaged = partner.write_damaged(folder / "with-problems")
    with partnerhub.connect(store) as hub:
        print_heading(
            f"A partner with {customers} customers in {', '.join(partner.regions)}"
        )
        print_line(summary(_ingest(hub, files)))
        print_heading("A file with two bad rows")
        for outcome in hub.ingest(damaged.path, region=damaged.region):
            for line in (result_line(outcome), *problem_lines(outcome)):
                print_line(line)
        found = hub.customers.find(at=partner.until)
        print_heading(f"Customers that need attention on {partner.until}")
        print_table(
            ["Status", "Customers", "For example", "Why"], list(_attention(found))
        )
        print_heading(f"KPIs on {partner.until}, in customers")
        _show_kpis(hub, partner)
        print_heading("Calls of the last week, and whose quality fell")
        print_table(
            ["Region", "Calls", "Poor legs", "Before", "Worse beyond chance"],
            list(_calls(hub, partner)),
        )
        print_heading("Subscription Details reports")
        for region in hub.regions:
            written = hub.reports.write(
                "subscription-details",
                to=folder / "reports",
                region=region,
                at=partner.until,
            )
            print_line(f"{written.path}: {written.rows:,} rows")
    print_heading("Where everything is")
    print_table(
        ["What", "Where"],
        [
            (f"{len(files)} exports, facts and calling files", str(folder)),
            ("the file with bad rows", str(damaged.path)),
            ("the store", store),
            ("the reports", str(folder / "reports")),
        ],
    )
    print_heading("What to try next")
    for line in _next(store, partner, damaged, _most_urgent(found), folder / "reports"):
        print_line(f"  {line}")


def _ingest(hub: Hub, files: tuple[SampleFile, ...]) -> list[FileOutcome]:
    outcomes: list[FileOutcome] = []
    with progress() as show:
        for place, file in enumerate(files, start=1):
            show(f"{place} of {len(files)}: {file.path.name}")
            outcomes.extend(
                hub.ingest(
                    file.path,
                    region=file.region,
                    customer=file.customer,
                    start=file.start,
                    end=file.end,
                )
            )
    return outcomes


def _attention(found: CustomerList) -> Iterator[Row]:
    """Customers by primary status, most urgent first: how many, and a few with why."""
    from partnerhub.domain.status import NEED_ATTENTION, PRIMARY_ORDER

    primary = [customer.primary_status for customer in found]
    for status in PRIMARY_ORDER:
        if not status & NEED_ATTENTION:
            continue
        rows = [row for row, shown in enumerate(primary) if shown is status]
        few = found.take(rows[:_EXAMPLES])
        if not rows:
            yield status.label, 0, None, None
        for place, (who, why) in enumerate(zip(few, few.reasons(), strict=True)):
            first = (status.label, len(rows)) if not place else (None, None)
            yield *first, shown_name(who), None if why is None else why.text


def _show_kpis(hub: Hub, partner: SamplePartner) -> None:
    from partnerhub.domain.products import KPI_PRODUCTS
    from partnerhub.kpis.headline import KPIS

    rows: list[Row] = []
    for region in hub.regions:
        for product in KPI_PRODUCTS:
            of = hub.kpis.overview(product=product, region=region, at=partner.until)
            numbers = [int(getattr(of, key)) for key in KPIS]
            rows.append([region, product.value.capitalize(), *numbers])
    print_table(["Region", "Product", *KPIS.values()], rows)


def _calls(hub: Hub, partner: SamplePartner) -> Iterator[Row]:
    """Calls and their quality, a row a region."""
    from partnerhub.domain.cells import percent

    for region in hub.regions:
        page = hub.calling.engagement(region=region, at=partner.until)
        *_, before, now = page.trend["poor_ratio"].tolist()
        calls = page.usage["calls"]
        yield (
            region,
            int(calls[calls > 0].sum()),
            *(None if math.isnan(ratio) else percent(ratio) for ratio in (now, before)),
            ", ".join(page.alerts["customer"].tolist()) or None,
        )


def _most_urgent(found: CustomerList) -> CustomerRow:
    from partnerhub.domain.status import PRIMARY_ORDER

    return min(
        (customer for customer in found if customer.primary_status is not None),
        key=lambda customer: PRIMARY_ORDER.index(customer.primary_status),
    )


def _next(
    store: str,
    partner: SamplePartner,
    damaged: SampleFile,
    customer: CustomerRow,
    reports: Path,
) -> Iterator[str]:
    """Commands that can be pasted."""
    day = str(partner.until)
    # Nothing that a shell or an option parser would stumble over.
    who = customer.name if customer.name[:1].isalnum() else customer.id
    for arguments in (
        ["customers", "status:license_overage", "--at", day],
        ["explain", who, "--at", day],
        ["overview", "--region", "all", "--product", "calling", "--at", day],
        ["overview", "--region", "US", "--at", str(partner.days[0]), "--json"],
        ["calling", "usage", "--region", "US", "--at", day],
        ["report", "devices", "--region", "US", "--at", day, "--out", str(reports)],
        ["ingest", "--region", damaged.region, str(damaged.path)],
    ):
        yield f"{_program()} {shlex.join(['--store', store, *arguments])}"


def _program() -> str:
    """How this program was called, so that what is shown can be pasted."""
    called = Path(sys.argv[0])
    if called.name == "__main__.py":
        return f"{shlex.quote(sys.executable)} -m partnerhub"
    if shutil.which("partnerhub") is None and os.access(called, os.X_OK):
        return shlex.quote(sys.argv[0])
    return "partnerhub"
