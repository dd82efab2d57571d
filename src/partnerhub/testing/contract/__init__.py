"""The contract of `partnerhub.ports.Store`, as tests."""

from __future__ import annotations

from partnerhub.testing.contract.calls import CallsContract
from partnerhub.testing.contract.documents import DocumentsContract
from partnerhub.testing.contract.organizations import OrganizationsContract
from partnerhub.testing.contract.records import RecordsContract
from partnerhub.testing.contract.runs import RunsContract
from partnerhub.testing.contract.specification import SpecificationContract
from partnerhub.testing.contract.transactions import TransactionsContract

__all__ = ["StoreContract"]


class StoreContract(
    OrganizationsContract,
    RecordsContract,
    CallsContract,
    DocumentsContract,
    RunsContract,
    TransactionsContract,
    SpecificationContract,
):
    """Everything that a store must do.

    Subclass it, name the class `Test...`, and fill in `make`; fill in `reopen` too
    where the store outlives its object. Tools that only read may fill in `seed`, which
    by default writes through the store itself::

        class TestMyStore(StoreContract):
            def make(self):
                return MyStore()
    """
