"""The customers of a hub: lists, filters, details."""

from partnerhub.hub.customers.customers import Customers

__all__ = ["Customers"]
