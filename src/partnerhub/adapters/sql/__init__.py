"""The SQL backend: SQLAlchemy Core for statements, the driver itself for bulk rows."""
