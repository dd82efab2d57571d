"""One store a region, seen as one."""

from partnerhub.adapters.residency.store import RegionalStore

__all__ = ["RegionalStore"]
