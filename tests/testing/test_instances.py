"""There is a strategy for every public class of the domain."""

import enum
import importlib
import inspect
import pkgutil

import attrs
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from partnerhub import domain
from partnerhub.testing import instances


def public_classes():
    for found in pkgutil.walk_packages(domain.__path__, "partnerhub.domain."):
        module = importlib.import_module(found.name)
        for name, kind in vars(module).items():
            if (
                inspect.isclass(kind)
                and kind.__module__ == found.name
                and not name.startswith("_")
                and not issubclass(kind, Exception)
                and (attrs.has(kind) or issubclass(kind, enum.Enum))
            ):
                yield kind


CLASSES = sorted(public_classes(), key=lambda kind: (kind.__module__, kind.__name__))


@pytest.mark.parametrize("kind", CLASSES, ids=lambda kind: kind.__name__)
def test_every_class_has_a_strategy(kind):
    @given(instances(kind))
    @settings(
        max_examples=3,
        suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow],
        database=None,
    )
    def draw(thing):
        assert isinstance(thing, kind)

    draw()


@given(st.data())
@settings(max_examples=10)
def test_enumerations_come_with_all_members(data):
    from partnerhub.domain.report_runs import RunState

    assert data.draw(instances(RunState)) in RunState
