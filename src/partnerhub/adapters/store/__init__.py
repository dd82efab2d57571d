"""A store made of a backend: what partnerhub reads and writes, whatever the engine."""

from partnerhub.adapters.store.hub_store import HubStore

__all__ = ["HubStore"]
