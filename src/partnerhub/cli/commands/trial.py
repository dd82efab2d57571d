"""`partnerhub trial`."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import click

from partnerhub.cli import options
from partnerhub.cli.commands.admins import customer_id
from partnerhub.cli.output import print_json, print_table, say
from partnerhub.cli.stores import read_hub

if TYPE_CHECKING:
    from partnerhub.domain.trial_wizard import Site
    from partnerhub.domain.trials import Trial
    from partnerhub.hub import Hub

_TRIAL = click.argument("trial_id", metavar="TRIAL")
_SERVICES = click.argument("services", metavar="SERVICE...", nargs=-1, required=True)
_QUANTITY = click.option(
    "--quantity", type=click.IntRange(min=1), help="Licenses of each service."
)
_DEVICES = click.option("--devices", type=click.IntRange(min=1), help="Devices sent.")
_SITE = click.option("--site", metavar="ADDRESS", help="Meetings site: acme.webex.com.")
_ZONE = click.option("--time-zone", metavar="ZONE", help="Its time zone: Europe/Paris.")


@click.group(
    short_help="Trials: start, extend, change, cancel, convert.",
    epilog=options.examples(
        "partnerhub trial start messaging --company Acme --email kim@acme.example \\",
        "  --industry Retail --country FR --location-supported --quantity 25",
        "partnerhub trial extend TRIAL-1A2B3C4D5E6F",
        "partnerhub trial list",
    ),
)
def trial() -> None:
    """Webex trials of customers, started here."""


@trial.command("list", short_help="The trials that were started here.")
@options.at
@options.as_json
@options.store
@click.pass_obj
def list_trials(store: str, /, *, at: dt.date | None, as_json: bool) -> None:
    """The trials that were started here, and where each stands."""
    from partnerhub.hub.clock import utc_today

    with read_hub(store) as hub:
        rows = [_to_dict(each, at or utc_today()) for each in hub.trials.list()]
    if as_json:
        print_json(rows)
    else:
        print_table(
            ["Trial", "Customer", "State", "Ends", "Licenses"],
            [
                (
                    row["id"],
                    row["company"],
                    row["state"],
                    row["ends_on"],
                    ", ".join(f"{n} {name}" for name, n in row["licenses"].items()),
                )
                for row in rows
            ],
        )


@trial.command("start", short_help="Start one.")
@_SERVICES
@click.option("--customer", help="A customer that is one already, by id or name.")
@click.option("--company", default="", help="Name of a new company.")
@click.option("--email", help="The customer's administrator.")
@click.option("--industry", help="Business vertical of a new company.")
@click.option("--country", metavar="CC", help="Its country; decides the data region.")
@click.option(
    "--location-supported", is_flag=True, help="Its location is supported: you checked."
)
@_QUANTITY
@_DEVICES
@click.option("--days", type=click.IntRange(min=1), help="30, 60 or 90.  [default: 90]")
@_SITE
@_ZONE
@options.at
@options.store
@click.pass_obj
def start(
    store: str,
    /,
    *,
    services: tuple[str, ...],
    customer: str | None,
    company: str,
    email: str | None,
    industry: str | None,
    country: str | None,
    location_supported: bool,
    quantity: int | None,
    devices: int | None,
    days: int | None,
    site: str | None,
    time_zone: str | None,
    at: dt.date | None,
) -> None:
    """Starts a trial; what the wizard misses is said.

    SERVICE is messaging, meetings, calling, calling_plans, webex_go,
    attendant_console, devices or contact_center.
    """
    with read_hub(store) as hub:
        if customer is None:
            _tell_namesakes(hub, company)
            draft = hub.trials.draft().for_company(
                company,
                admin_email=email,
                industry=industry,
                country=country,
                location_supported=location_supported,
            )
        elif email is None:
            raise click.UsageError("give the customer's administrator: --email")
        else:
            draft = hub.trials.draft(customer_id(hub, customer), admin_email=email)
        draft = draft.with_services(
            services,
            quantity=quantity,
            devices=devices,
            duration=days,
            site=_site(site, time_zone),
        )
        _say(hub.trials.start(draft, at=at))


@trial.command("extend", short_help="Give one 30 days from today.")
@_TRIAL
@click.option("--approved", is_flag=True, help="The trials team approved devices.")
@options.at
@options.store
@click.pass_obj
def extend(store: str, /, *, trial_id: str, approved: bool, at: dt.date | None) -> None:
    """Gives a trial 30 days from the day on; never an earlier end than it has."""
    with read_hub(store) as hub:
        _say(hub.trials.extend(trial_id, at=at, approved=approved))


@trial.command("add", short_help="Add services.")
@_TRIAL
@_SERVICES
@_QUANTITY
@_DEVICES
@_SITE
@_ZONE
@options.at
@options.store
@click.pass_obj
def add(
    store: str,
    /,
    *,
    trial_id: str,
    services: tuple[str, ...],
    quantity: int | None,
    devices: int | None,
    site: str | None,
    time_zone: str | None,
    at: dt.date | None,
) -> None:
    """Adds services to a trial, with what they bring. Its end stays."""
    with read_hub(store) as hub:
        grown = hub.trials.add_services(
            trial_id,
            services,
            at=at,
            quantity=quantity,
            devices=devices,
            site=_site(site, time_zone),
        )
    _say(grown)


@trial.command("remove", short_help="Remove services.")
@_TRIAL
@_SERVICES
@options.at
@options.store
@click.pass_obj
def remove(
    store: str, /, *, trial_id: str, services: tuple[str, ...], at: dt.date | None
) -> None:
    """Takes services from a trial."""
    with read_hub(store) as hub:
        _say(hub.trials.remove_services(trial_id, services, at=at))


@trial.command("cancel", short_help="End one.")
@_TRIAL
@options.at
@options.store
@click.pass_obj
def cancel(store: str, /, *, trial_id: str, at: dt.date | None) -> None:
    """Ends a trial; with Calling it is deleted softly at once."""
    with read_hub(store) as hub:
        _say(hub.trials.cancel(trial_id, at=at))


@trial.command("convert", short_help="Note that one became a subscription.")
@_TRIAL
@click.option(
    "--tier", type=click.Choice(["tier_1", "tier_2"]), required=True, help="Yours."
)
@click.option(
    "--email", required=True, help="The customer's administrator, as ordered."
)
@click.option("--distributor", help="Who converts for a tier-2 partner.")
@options.at
@options.store
@click.pass_obj
def convert(
    store: str,
    /,
    *,
    trial_id: str,
    tier: str,
    email: str,
    distributor: str | None,
    at: dt.date | None,
) -> None:
    """Notes that a trial was turned into a subscription in Cisco Commerce."""
    with read_hub(store) as hub:
        converted = hub.trials.convert(
            trial_id, tier=tier, admin_email=email, distributor=distributor, at=at
        )
    _say(converted)


def _tell_namesakes(hub: Hub, company: str) -> None:
    """Says which customers have the name of a new company already."""
    from partnerhub.domain.filters import folded, where

    if not folded(company):
        return
    for known in hub.customers.find(where("name").eq(company)):
        if folded(known.name) == folded(company):
            say(f"{known.name} is a customer already: --customer {known.id} is for it")


def _site(address: str | None, time_zone: str | None) -> Site | None:
    from partnerhub.domain.trial_wizard import Site

    if address is None and time_zone is None:
        return None
    if address is None or time_zone is None:
        raise click.UsageError("a site needs both --site and --time-zone")
    return Site(url=address, time_zone=time_zone)


def _say(changed: Trial) -> None:
    licenses = ", ".join(f"{count} {name}" for name, count in changed.licenses.items())
    if changed.cancelled_on is not None:
        stands = f"cancelled on {changed.cancelled_on}"
    elif changed.converted_on is not None:
        stands = f"converted on {changed.converted_on}"
    else:
        stands = f"until {changed.ends_on}"
    say(f"{changed.id}: {changed.company}, {stands}, {licenses}")


def _to_dict(each: Trial, day: dt.date) -> dict[str, Any]:
    stands = each.lifecycle(at=day)
    return {
        "id": each.id,
        "customer": each.organization,
        "company": each.company,
        "state": stands.state.value,
        "starts_on": each.starts_on.isoformat(),
        "ends_on": each.ends_on.isoformat(),
        "days_until_deletion": stands.days_until_deletion,
        "licenses": each.licenses,
    }
