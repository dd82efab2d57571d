"""The reports of a hub, and templates of one's own."""

from partnerhub.hub.reports.reports import Reports, Written

__all__ = ["Reports", "Written"]
