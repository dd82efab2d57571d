"""Reads the files that Partner Hub lets a partner download, and facts files.

`read_exports` recognizes each by its headings, in English or French, and gives its
rows as columns, in batches; a bad row is a `Problem`, and the others are taken.
"""

from partnerhub.adapters.exports.export import Batch, Export
from partnerhub.adapters.exports.options import ArchiveLimits, ReadOptions
from partnerhub.adapters.exports.problems import Problem
from partnerhub.adapters.exports.reading import read_exports

__all__ = [
    "ArchiveLimits",
    "Batch",
    "Export",
    "Problem",
    "ReadOptions",
    "read_exports",
]
