"""`partnerhub admins`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from partnerhub.cli import options
from partnerhub.cli.output import counted, print_json, print_line, print_table, say
from partnerhub.cli.stores import read_hub

if TYPE_CHECKING:
    from partnerhub.domain.administrators import Administrator
    from partnerhub.hub import Hub

_PERSON = click.argument("email")
_CUSTOMER = click.argument("customer")


@click.group(
    short_help="Administrators: their roles and their customers.",
    epilog=options.examples(
        "partnerhub admins add ana@partner.example --name Ana",
        "partnerhub admins grant ana@partner.example partner_admin",
        'partnerhub admins assign ana@partner.example "Acme Corp"',
    ),
)
def admins() -> None:
    """The users of the partner's own organization, their roles and customers."""


@admins.command("list", short_help="Who has which roles.")
@options.as_json
@options.store
@click.pass_obj
def list_admins(store: str, /, *, as_json: bool) -> None:
    """The administrators, with their roles and how many customers are theirs."""
    with read_hub(store) as hub:
        people = hub.administrators.list(with_roles=False)
    if as_json:
        print_json([_to_dict(person) for person in people])
    else:
        print_table(
            ["Administrator", "Name", "Roles", "Assigned"],
            [
                (who.email, who.name, ", ".join(_labels(who)), len(who.customers))
                for who in people
            ],
        )


@admins.command("roles", short_help="The roles there are.")
@options.as_json
@options.store
@click.pass_obj
def roles(store: str, /, *, as_json: bool) -> None:
    """The partner roles, and what each is for."""
    del store
    from partnerhub.domain.roles import ROLES

    rows = [(role.value, facts.label, facts.scope) for role, facts in ROLES.items()]
    if as_json:
        keys = ("role", "label", "scope")
        print_json([dict(zip(keys, row, strict=True)) for row in rows])
    else:
        print_table(["Role", "Name", "For"], rows)


@admins.command("add", short_help="Make a user known, without a role.")
@_PERSON
@click.option("--name", default="", help="Display name.")
@options.store
@click.pass_obj
def add(store: str, /, *, email: str, name: str) -> None:
    """Makes a user of the partner's own organization known."""
    with read_hub(store) as hub:
        _say(hub.administrators.add_user(email, name=name))


@admins.command("grant", short_help="Give a role.")
@_PERSON
@click.argument("role")
@options.store
@click.pass_obj
def grant(store: str, /, *, email: str, role: str) -> None:
    """Gives a user of the partner's own organization a role."""
    with read_hub(store) as hub:
        _say(hub.administrators.grant(email, role))


@admins.command("revoke", short_help="Take a role, or all of them.")
@_PERSON
@click.argument("role", required=False)
@click.option("--all", "every", is_flag=True, help="Every partner role.")
@options.store
@click.pass_obj
def revoke(store: str, /, *, email: str, role: str | None, every: bool) -> None:
    """Takes a role from somebody; with --all the access to Partner Hub."""
    if every == (role is not None):
        raise click.UsageError("give a role, or --all")
    with read_hub(store) as hub:
        people = hub.administrators
        _say(people.revoke_all(email) if role is None else people.revoke(email, role))


@admins.command("assign", short_help="Give somebody a customer to look after.")
@_PERSON
@_CUSTOMER
@options.store
@click.pass_obj
def assign(store: str, /, *, email: str, customer: str) -> None:
    """Assigns a customer, by id or name, to a partner administrator."""
    with read_hub(store) as hub:
        _say(hub.administrators.assign(email, customer_id(hub, customer)))


@admins.command("unassign", short_help="Take a customer from somebody.")
@_PERSON
@_CUSTOMER
@options.store
@click.pass_obj
def unassign(store: str, /, *, email: str, customer: str) -> None:
    """Takes a customer from a partner administrator; the role stays."""
    with read_hub(store) as hub:
        left = hub.administrators.unassign(email, customer_id(hub, customer))
    say(f"{email} still sees it {'; '.join(map(str, left))}" if left else "done")


@admins.command("access", short_help="Why somebody sees a customer.")
@_PERSON
@_CUSTOMER
@options.store
@click.pass_obj
def access(store: str, /, *, email: str, customer: str) -> None:
    """Every ground on which somebody sees a customer: role, assignment, group."""
    with read_hub(store) as hub:
        grounds = hub.administrators.access(email, customer_id(hub, customer))
    for ground in grounds:
        print_line(str(ground))
    if not grounds:
        say(f"{email} does not see it")


def customer_id(hub: Hub, customer: str) -> str:
    """Uuid of the customer that an id or a name tells."""
    return hub.customers.explain(customer).customer.id


def _labels(person: Administrator) -> list[str]:
    return sorted(role.label for role in person.roles)


def _say(person: Administrator) -> None:
    roles = ", ".join(_labels(person)) or "no role"
    assigned = counted(len(person.customers), "customer")
    say(f"{person.email}: {roles}, {assigned} assigned")


def _to_dict(person: Administrator) -> dict[str, Any]:
    return {
        "email": person.email,
        "name": person.name,
        "roles": sorted(role.value for role in person.roles),
        "customers": sorted(person.customers),
    }
