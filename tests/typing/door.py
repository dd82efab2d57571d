"""What callers write. Only type checkers read it: `make types`."""

from types import ModuleType

import partnerhub

door: ModuleType = partnerhub
