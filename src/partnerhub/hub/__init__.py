"""The hub: a store, a region and a clock over the pure functions of the library."""

from partnerhub.hub.customers.explanation import Explanation
from partnerhub.hub.customers.listed import CustomerList, CustomerRow
from partnerhub.hub.hub import Hub
from partnerhub.hub.ingest import IngestReport
from partnerhub.hub.reports.reports import TEMPLATES, Written

__all__ = [
    "TEMPLATES",
    "CustomerList",
    "CustomerRow",
    "Explanation",
    "Hub",
    "IngestReport",
    "Written",
]
