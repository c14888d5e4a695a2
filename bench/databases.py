"""Databases to measure on: a seeded SQLite file without fsync, and a seeded PostgreSQL database."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import event

from db import schema
from db.bulk import load
from db.engine import Database, connect
from seeds.population import population
from seeds.rows import rows_of
from tests.postgres import drop_database, fresh_database, running_server

CUSTOMERS = 2000


def seed(database: Database) -> Database:
    """Migrate and fill a database with the practice population."""
    schema.upgrade(database)
    rows = rows_of(
        population(count=CUSTOMERS), now=datetime(2026, 3, 2, tzinfo=UTC), password_hash="$argon2id$nobody"
    )
    load(database, rows, worker="bench", reason="measuring")
    return database


@contextmanager
def sqlite_database() -> Iterator[Database]:
    """A seeded SQLite database that does not wait for the disk."""
    with tempfile.TemporaryDirectory() as folder:
        database = connect(f"sqlite:///{Path(folder) / 'bench.db'}", create=True)

        @event.listens_for(database.writer, "connect")
        def _no_fsync(connection: object, _record: object) -> None:
            connection.execute("PRAGMA synchronous = OFF")  # type: ignore[attr-defined]  # a sqlite3 connection

        yield seed(database)
        database.close()


@contextmanager
def postgres_database() -> Iterator[Database]:
    """A seeded PostgreSQL database on a server of its own, or the one that the tests are told to use."""
    os.environ.setdefault("TMPDIR", tempfile.gettempdir())
    with running_server() as server:
        url = fresh_database(server)
        database = connect(url)
        yield seed(database)
        database.close()
        drop_database(url)
