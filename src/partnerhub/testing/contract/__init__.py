"""The contract of `partnerhub.ports.Store`, as tests."""

from __future__ import annotations

from partnerhub.testing.contract.calls import CallsContract
from partnerhub.testing.contract.documents import DocumentsContract
from partnerhub.testing.contract.organizations import OrganizationsContract
from partnerhub.testing.contract.portfolios import PortfoliosContract
from partnerhub.testing.contract.records import RecordsContract
from partnerhub.testing.contract.runs import RunsContract
from partnerhub.testing.contract.scopes import ScopesContract
from partnerhub.testing.contract.specification import SpecificationContract
from partnerhub.testing.contract.summaries import SummariesContract
from partnerhub.testing.contract.tags import TagsContract
from partnerhub.testing.contract.texts import TextsContract
from partnerhub.testing.contract.transactions import TransactionsContract
from partnerhub.testing.contract.values import ValuesContract
from partnerhub.testing.contract.writes import WritesContract

__all__ = ["StoreContract"]


class StoreContract(
    OrganizationsContract,
    TagsContract,
    RecordsContract,
    PortfoliosContract,
    ScopesContract,
    CallsContract,
    SummariesContract,
    DocumentsContract,
    RunsContract,
    ValuesContract,
    TextsContract,
    WritesContract,
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
