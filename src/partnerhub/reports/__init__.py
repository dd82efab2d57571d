"""Reports: tables, and how they are written to files."""
