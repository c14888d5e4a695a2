"""Databases to measure on: with the practice population, or with a large one that is kept between runs."""

import hashlib
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from platformdirs import user_cache_path
from sqlalchemy import event

from bench import population as large
from bench.rows import rows_of as large_rows_of
from db import guard, schema
from db.bulk import load
from db.engine import Database, connect
from seeds.population import population
from seeds.rows import rows_of
from tests.postgres import SETTINGS, drop_database, fresh_database, running_server

CUSTOMERS = 2000
NAMES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
SERVER = {**SETTINGS, "shared_buffers": "1GB", "autovacuum": "on", "max_wal_size": "8GB", "work_mem": "16MB"}
"""As a server of this size would be set up; like SQLite here, it does not wait for the disk."""


@dataclass(frozen=True)
class Loaded:
    """A large database, and how long loading took: by the clock, and on this process's processor.

    Drawing the people is not in it.
    """

    database: Database
    count: int
    seconds: float
    cpu_seconds: float

    @property
    def name(self) -> str:
        """What to call the database in a table."""
        return NAMES[self.database.writer.dialect.name]


def cache_folder() -> Path:
    """Where databases and results are kept between runs, outside the repository."""
    return user_cache_path("latchkey-bench", ensure_exists=True)


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
        database = without_fsync(connect(f"sqlite:///{Path(folder) / 'bench.db'}", create=True))
        yield seed(database)
        database.close()


@contextmanager
def sqlite_pair() -> Iterator[tuple[Database, Database]]:
    """Two equal ones."""
    with sqlite_database() as one, sqlite_database() as other:
        yield one, other


@contextmanager
def postgres_pair() -> Iterator[tuple[Database, Database]]:
    """Two equal seeded databases on a server of their own, or the one that the tests are told to use."""
    with running_server(SERVER) as server:
        pair = [connect(fresh_database(server)) for _ in range(2)]
        yield seed(pair[0]), seed(pair[1])
        for database in pair:
            database.close()
            drop_database(database.url.render_as_string(hide_password=False))


@contextmanager
def large_sqlite(count: int) -> Iterator[Loaded]:
    """A database of `count` customers, built unless one of the same kind is kept from before."""
    path = cache_folder() / f"{count}-{_fingerprint()}.db"
    rate = path.with_suffix(".seconds")
    if not rate.exists():
        for stale in cache_folder().glob(f"{count}-*"):
            stale.unlink()
        database = without_fsync(connect(f"sqlite:///{path}", create=True))
        rate.write_text(" ".join(map(str, _fill(database, count))))
        database.close()
    database = without_fsync(connect(f"sqlite:///{path}"))
    yield Loaded(database, count, *map(float, rate.read_text().split()))
    database.close()


def is_kept(count: int) -> bool:
    """Whether a database of that size need not be built, because an earlier run left one of the same kind."""
    return (cache_folder() / f"{count}-{_fingerprint()}.seconds").exists()


@contextmanager
def large_postgres(count: int) -> Iterator[Loaded]:
    """The same on a PostgreSQL server that lives as long as the block."""
    with running_server(SERVER) as server:
        url = fresh_database(server)
        database = connect(url)
        yield Loaded(database, count, *_fill(database, count))
        database.close()
        drop_database(url)


def _fill(database: Database, count: int) -> tuple[float, float]:
    """Migrate and load, let PostgreSQL's planner know, and return the seconds by clock and processor."""
    schema.upgrade(database)
    spent = busy = 0.0
    for block in large.blocks(count):
        rows = large_rows_of(block)
        start, before = time.perf_counter(), time.process_time()
        load(database, rows, worker="bench", reason="measuring")
        spent += time.perf_counter() - start
        busy += time.process_time() - before
        done = block.first - large.FIRST_ID + len(block.people)
        rates = f"{done / spent:,.0f}/s ({done / busy:,.0f}/s of CPU)"
        print(f"\r{NAMES[database.writer.dialect.name]}: {done:,} loaded, {rates}", end="", flush=True)
    print()
    if not database.is_sqlite:
        with database.writer.connect() as connection, guard.writing(connection, "migration"):
            settled = connection.execution_options(isolation_level="AUTOCOMMIT")
            settled.exec_driver_sql("SET statement_timeout = 0")
            settled.exec_driver_sql("VACUUM ANALYZE")  # what autovacuum does in its own time
    return spent, busy


def _fingerprint() -> str:
    """Changes with what a kept database depends on: the drawing of people, and the schema."""
    parts = [large.VERSION, schema.known_revisions()]
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:12]


def without_fsync(database: Database) -> Database:
    """Let a SQLite database not wait for the disk."""

    @event.listens_for(database.writer, "connect")
    def _no_fsync(connection: object, _record: object) -> None:
        connection.execute("PRAGMA synchronous = OFF")  # type: ignore[attr-defined]  # a sqlite3 connection

    return database
