"""Who asks: the actor of a hub, as the store knows them now."""

from __future__ import annotations

from partnerhub.domain.access import Actor, CustomerGroup, person_key
from partnerhub.domain.administrators import Administrator
from partnerhub.hub.documents import Documents
from partnerhub.ports import Store


def administrators(store: Store, /) -> Documents[Administrator]:
    """The users of the partner's own organization."""
    return Documents(store, "administrator", Administrator, noted="administrators")


def groups(store: Store, /) -> Documents[CustomerGroup]:
    """The customer groups."""
    return Documents(store, "customer_group", CustomerGroup, noted="customer groups")


def resolved(store: Store, actor: Actor | str | None, /) -> Actor | None:
    """Who asks, with the roles they have at this moment.

    Args:
        store: Where administrators are kept.
        actor: A person's address, looked up at each call, so that a role revoked is
            gone at once; a ready actor is taken as it is; None is the local owner.
    """
    if not isinstance(actor, str):
        return actor
    email = person_key(actor)
    person = administrators(store).get(email)
    if person is None:
        return Actor(email=email)
    return person.actor(groups(store).all())
