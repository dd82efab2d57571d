"""The public door of the KPIs."""

from __future__ import annotations

from types import ModuleType

from partnerhub import kpis


def test_the_list_of_exports_is_what_the_module_holds():
    held = {
        name
        for name, value in vars(kpis).items()
        if not name.startswith("_")
        and not isinstance(value, ModuleType)
        and name != "annotations"
    }
    assert held == set(kpis.__all__)
    in_order = sorted(kpis.__all__, key=lambda name: (not name.isupper(), name))
    assert list(kpis.__all__) == in_order
