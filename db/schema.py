"""The version of the schema: migrating up and down, and refusing a database of another version."""

from pathlib import Path

from sqlalchemy import URL, Connection, inspect

from db import guard
from db.engine import Database, connect
from db.errors import Unavailable
from db.failures import translated

_VERSIONS = Path(__file__).resolve().parent.parent / "migrations"


def known_revisions() -> tuple[str, ...]:
    """Return the revisions that this program knows, oldest first, without importing alembic.

    Opening the console must not pay for alembic's import, so the newest revision is read from the
    names of the migration files (`0001_….py`), which a test compares with alembic's own answer.
    """
    found = sorted(path.name.split("_")[0] for path in (_VERSIONS / "versions").glob("[0-9]*_*.py"))
    return tuple(found)


def current_revision(connection: Connection) -> str | None:
    """Return the revision of a database, or None where it was never migrated."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    revision: str | None = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
    return revision


def check(database: Database) -> None:
    """Raise `Unavailable` unless the database has exactly the schema that this program speaks."""
    with database.reading() as connection:
        found = current_revision(connection)
    known = known_revisions()
    if found is None:
        raise Unavailable(
            "The database has no Latchkey tables yet. Run: latchkey db upgrade", code="not-migrated"
        )
    if found not in known:
        raise Unavailable(
            "The database was made by a newer Latchkey. Update this program before using it.",
            code="newer-database",
        )
    if found != known[-1]:
        raise Unavailable(
            "The database is of an older version. Make a backup, then run: latchkey db upgrade",
            code="older-database",
        )


def open_database(address: str | URL, *, read_only: bool = False) -> Database:
    """Open a database whose schema fits; raise `Unavailable` with what to do otherwise."""
    database = connect(address, read_only=read_only)
    try:
        check(database)
    except Unavailable:
        database.close()
        raise
    return database


def upgrade(database: Database, revision: str = "head") -> None:
    """Migrate up, in one transaction."""
    _migrate(database, "upgrade", revision)


def downgrade(database: Database, revision: str) -> None:
    """Migrate down to a revision, or to `base`, in one transaction."""
    _migrate(database, "downgrade", revision)


def _migrate(database: Database, direction: str, revision: str) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_VERSIONS))
    with (
        translated(database.url),
        database.writer.connect() as connection,
        guard.writing(connection, "migration"),
        connection.begin(),
    ):
        config.attributes["connection"] = connection
        getattr(command, direction)(config, revision)
