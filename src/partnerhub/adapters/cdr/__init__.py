"""Reads call records, media quality, and the statistics of queues and other services.

`read_calling` tells a file by its headings and gives its rows as columns. A bad row is
a `Problem` and the others are taken; columns and values that nobody has met are kept
and counted, never fatal.
"""

from partnerhub.adapters.cdr.assembling import LegBatch
from partnerhub.adapters.cdr.media import MediaFile
from partnerhub.adapters.cdr.reading import CallingFile, CallingOptions, read_calling
from partnerhub.adapters.cdr.records import CallRecords
from partnerhub.adapters.cdr.services import ServiceFile

__all__ = [
    "CallRecords",
    "CallingFile",
    "CallingOptions",
    "LegBatch",
    "MediaFile",
    "ServiceFile",
    "read_calling",
]
