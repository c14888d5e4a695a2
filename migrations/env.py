"""Runs migrations on the connection that `db.schema` hands over, or on the configured database."""

from alembic import context
from sqlalchemy import Connection

from db.models import Base


def _run(connection: Connection) -> None:
    context.configure(connection=connection, target_metadata=Base.metadata, render_as_batch=False)
    with context.begin_transaction():
        context.run_migrations()


connection = context.config.attributes.get("connection")
if connection is None:
    raise SystemExit("Run migrations with: latchkey db upgrade")
_run(connection)
