"""The public door: what it names is there, and it opens cheaply."""

from __future__ import annotations

import subprocess
import sys
import typing
from types import ModuleType

import pytest

import partnerhub
import partnerhub.domain
import partnerhub.hub
import partnerhub.kpis

DOORS = (partnerhub, partnerhub.domain, partnerhub.hub, partnerhub.kpis)


@pytest.mark.parametrize("door", DOORS, ids=lambda door: door.__name__)
def test_every_public_name_resolves(door: ModuleType) -> None:
    for name in door.__all__:
        assert getattr(door, name) is not None, name


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        partnerhub.nothing  # noqa: B018 - reading it raises


def test_dir_lists_the_public_names() -> None:
    assert dir(partnerhub) == sorted(partnerhub.__all__)


def loaded_after(code: str) -> set[str]:
    program = f"{code}\nimport sys; print('\\n'.join(sys.modules))"
    run = subprocess.run(
        [sys.executable, "-c", program], check=True, capture_output=True, text=True
    )
    return {name.partition(".")[0] for name in run.stdout.split()}


HEAVY = {"numpy", "sqlalchemy", "alembic", "pendulum", "polars", "pandas", "pyarrow"}


def test_importing_the_library_loads_nothing_heavy() -> None:
    assert not loaded_after("import partnerhub") & HEAVY


def test_the_domain_needs_no_numpy() -> None:
    loaded = loaded_after("import partnerhub.domain.status, partnerhub.domain.layouts")
    assert not loaded & (HEAVY - {"pendulum"})


def test_a_memory_hub_loads_neither_sql_nor_any_extra() -> None:
    loaded = loaded_after("import partnerhub as ph; ph.connect('memory:').close()")
    assert not loaded & (HEAVY - {"pendulum", "numpy"})


def test_the_hints_of_every_public_class_resolve() -> None:
    for name in partnerhub.__all__:
        thing = getattr(partnerhub, name)
        if isinstance(thing, type):
            assert typing.get_type_hints(thing) is not None
