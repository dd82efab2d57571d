"""The edge: files, databases, services. Nobody but the door and the hub knows it."""
