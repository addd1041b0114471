"""How the tables of the hub came about: Alembic revisions, applied when a hub is opened."""
