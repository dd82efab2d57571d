"""Sphinx configuration. The build reads nothing from the network."""

import sys
import tomllib
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent / "_extensions"))

import data_dictionary

data_dictionary.write()

_project = tomllib.loads(
    (Path(__file__).parents[1] / "pyproject.toml").read_text("utf-8")
)["project"]

project = "partnerhub"
author = "The partnerhub developers"
copyright = author
release = version = _project["version"]

extensions = [
    "myst_parser",
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",
]
exclude_patterns = ["_build", "_generated"]
nitpicky = True
# Names of others cannot be checked without the network; classes stand in hints too,
# where the reference lists only the public ones.
nitpick_ignore_regex = [(r"py:.*", r"(?!partnerhub\.).*"), (r"py:class", r".*")]

myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3

napoleon_google_docstring = True
napoleon_numpy_docstring = False
napoleon_use_ivar = True
autodoc_member_order = "bysource"
autodoc_typehints = "description"

html_theme = "furo"
html_title = f"partnerhub {release}"
