"""Resources & Help of a hub."""

from __future__ import annotations

from partnerhub.domain.capabilities import Capability
from partnerhub.domain.products import Product
from partnerhub.domain.resources import search_resources
from partnerhub.domain.resources_data import Resource, Shelf, Topic
from partnerhub.hub.context import Context
from partnerhub.hub.permissions import reads


class Resources:
    """Links that partners need (specification, "Resources & Help")."""

    def __init__(self, context: Context) -> None:
        self._context = context

    @reads(Capability.SEE_OWN_ORGANIZATION)
    def quick_links(self) -> tuple[Resource, ...]:
        """What partners open most."""
        return search_resources(shelf=Shelf.QUICK_LINKS)

    @reads(Capability.SEE_OWN_ORGANIZATION)
    def featured(self) -> tuple[Resource, ...]:
        """What is worth a look."""
        return search_resources(shelf=Shelf.FEATURED)

    @reads(Capability.SEE_OWN_ORGANIZATION)
    def search(
        self,
        text: str = "",
        /,
        *,
        topic: Topic | str | None = None,
        product: Product | str | None = None,
    ) -> tuple[Resource, ...]:
        """All links that have these words; see `partnerhub.domain.resources`.

        Args:
            text: Words, or beginnings of words; blank finds all.
            topic: Only what is about this.
            product: Only what is about this product, or about all.

        Raises:
            InvalidValue: There is no such topic or product.
        """
        return search_resources(text, topic=topic, product=product)

    @reads(Capability.SEE_OWN_ORGANIZATION)
    def support(self) -> tuple[Resource, ...]:
        """Whom to ask: partner support for Calling and the Contact Center."""
        return search_resources(topic=Topic.SUPPORT)
