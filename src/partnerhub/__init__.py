"""The library that partners of a collaboration cloud work with."""
