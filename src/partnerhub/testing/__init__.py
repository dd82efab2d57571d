"""For tests of your own: random data, and proof that a store is one (extra `testing`).

`StoreContract` is a test class: fill in `make`, and pytest runs the whole contract of
`partnerhub.ports.Store` against your store. `strategies` has hypothesis strategies for
customers and what they hold, and `instances` gives one for every class of the domain.
"""

import pytest

# Before they are imported, so that their assertions say what differed.
pytest.register_assert_rewrite("partnerhub.testing.contract")

from partnerhub.testing import strategies  # noqa: E402 - see above
from partnerhub.testing.any_class import instances  # noqa: E402 - see above
from partnerhub.testing.contract import StoreContract  # noqa: E402 - see above

__all__ = ["StoreContract", "instances", "strategies"]
