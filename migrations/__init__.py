"""The history of the schema, run by Alembic; see `db.schema`."""
