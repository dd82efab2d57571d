"""One module a schema version: `to_2` brings a store of version 1 to version 2.

Each spells its tables out and never imports `schema`, which describes the newest.
"""
