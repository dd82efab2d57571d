"""Bringing files into a store: read, gathered by customer, merged, reported.

`import_file` does all of it in one transaction a file: it is taken whole or, if
anything fails on the way, not at all. `import_frame` does the same for a data frame.
"""

from partnerhub.adapters.importing.importer import (
    ImportOptions,
    import_file,
    import_frame,
)
from partnerhub.adapters.importing.outcome import FileOutcome

__all__ = ["FileOutcome", "ImportOptions", "import_file", "import_frame"]
