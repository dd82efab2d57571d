"""The domain for many rows at once: read-only numpy columns and what runs over them."""
