"""An invented partner of any size, for the demo, the documentation, tests, benchmarks.

It writes the files that Webex gives a partner, and the facts files that complete
them. Everything is decided by its seed and its last day: the same arguments give
the same bytes on every machine.
"""

from __future__ import annotations

from partnerhub.sample.partner import (
    SampleFile,
    SamplePartner,
    write_subscription_details,
)

__all__ = ["SampleFile", "SamplePartner", "write_subscription_details"]
