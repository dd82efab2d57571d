"""The contract itself: no test of it hides another, no operation is left out."""

import functools
import inspect
from collections import Counter
from contextlib import contextmanager
from typing import Any

from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from partnerhub.adapters.opening import open_store
from partnerhub.ports import Source, Writer
from partnerhub.testing import StoreContract
from partnerhub.testing.contract.specification import StoreMachine
from partnerhub.testing.everything import WRITES

OPERATIONS = {
    name for name, _ in inspect.getmembers(Writer, callable) if name[0] != "_"
}
QUESTIONS = {name for name, _ in inspect.getmembers(Source, callable) if name[0] != "_"}


class Spy:
    """Passes everything on, and notes what was called."""

    def __init__(self, real, met):
        self._real, self._met = real, met

    def __getattr__(self, name):
        self._met[name] += 1
        return getattr(self._real, name)

    @contextmanager
    def writing(self):
        with self._real.writing() as writer:
            yield Spy(writer, self._met)


def test_random_operations_are_all_there_are():
    met = Counter()
    spied: Any = lambda: Spy(open_store("memory:"), met)  # noqa: E731 - one an example
    machine: Any = functools.partial(StoreMachine, spied)
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=25,
            stateful_step_count=20,
            derandomize=True,
            database=None,
            deadline=None,
            phases=[Phase.generate],
            suppress_health_check=[HealthCheck.too_slow],
        ),
    )
    assert OPERATIONS - met.keys() == set()
    # Which customers a store narrows a filter down to is its own affair, and how often
    # it was written to depends on who counts.
    assert QUESTIONS - met.keys() == {"candidates", "writes"}


def test_one_of_every_write_is_one_of_every_operation_that_changes_something():
    assert OPERATIONS - WRITES.keys() == {"tagged"}
    assert WRITES.keys() <= OPERATIONS


def test_no_test_of_the_contract_hides_another():
    names = Counter(
        name
        for part in StoreContract.__bases__
        for name in vars(part)
        if name.startswith("test_")
    )
    assert [name for name, count in names.items() if count > 1] == []
