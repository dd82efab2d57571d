"""The ports are small, each method is in one of them, and every kind of document is listed."""

import ast
import importlib
import re
from pathlib import Path

import pytest

from partnerhub import ports
from partnerhub.hub.documents import Documents
from partnerhub.ports import documents

HUB = Path(ports.__file__).parents[1] / "hub"
SMALL = {
    whole: [part for part in whole.__mro__[1:] if part.__module__ != "typing"]
    for whole in (ports.Source, ports.Writer)
}


def methods(protocol):
    return {name for name in vars(protocol) if not name.startswith("_")}


@pytest.mark.parametrize("whole", SMALL)
def test_each_method_is_in_one_small_port(whole):
    parts = [part for part in SMALL[whole] if part is not object]
    assert len(parts) >= 7
    names = [name for part in parts for name in methods(part)]
    assert len(names) == len(set(names))
    assert max(len(methods(part)) for part in parts) <= 6


def kinds_in(file):
    """The second argument of every `Documents(store, kind, class)`."""
    place = file.relative_to(HUB).with_suffix("").parts
    module = importlib.import_module(".".join(("partnerhub.hub", *place)))
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
            continue
        made = getattr(module, node.func.id, None)
        if isinstance(made, type) and issubclass(made, Documents):
            kind = node.args[1]
            yield (
                kind.value if isinstance(kind, ast.Constant) else vars(module)[kind.id]
            )


def test_every_kind_of_document_is_listed():
    files = [file for file in HUB.rglob("*.py") if file.stem != "__init__"]
    used = {kind for file in files for kind in kinds_in(file)}
    listed = re.findall(r"^\| `(\w+)` \|", documents.__doc__, re.MULTILINE)
    assert len(used) > 5
    assert sorted(used) == sorted(listed)
