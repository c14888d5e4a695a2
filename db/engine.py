"""Connecting: one engine that writes, one that can only read, on SQLite or PostgreSQL.

SQLite: WAL, `BEGIN IMMEDIATE` for every write (a deferred one loses concurrent writes), foreign
keys, recursive triggers (so that REPLACE cannot walk past the append-only ones). PostgreSQL:
statement, lock and idle-in-transaction limits.
"""

import logging
import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError, InvalidatePoolError
from sqlalchemy.pool import ConnectionPoolEntry

from db import guard
from db.errors import Unavailable
from db.failures import translated
from db.prepared import Prepared

BUSY_TIMEOUT_MS = 5_000
STATEMENT_TIMEOUT_MS = 10_000
LOCK_TIMEOUT_MS = 5_000
IDLE_IN_TRANSACTION_MS = 30_000
FRESH_SECONDS = 1


SERVER_TIME = {"sqlite": "strftime('%Y-%m-%dT%H:%M:%f', 'now')", "postgresql": "clock_timestamp()"}
"""The server's time in SQL, as `as_moment` takes it."""


def as_moment(found: str | datetime) -> datetime:
    """Return what a server said of its time, in UTC with milliseconds (R3)."""
    if isinstance(found, str):
        return datetime.fromisoformat(found).replace(tzinfo=UTC)
    moment = found.astimezone(UTC)
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


def server_time(connection: Connection) -> datetime:
    """Return the database server's own time, in UTC with milliseconds (R3)."""
    statement = f"SELECT {SERVER_TIME[connection.dialect.name]}"
    return as_moment(connection.exec_driver_sql(statement).scalar_one())


@dataclass(frozen=True)
class Database:
    """An opened database; `clock` gives the time of a transaction, by default the server's.

    `recorder` writes the audit log and nothing else (see `db.door.recording`). It is the writer, except
    on a read-only database, whose writer cannot write: what is seen there is recorded all the same (R2).
    """

    url: URL
    writer: Engine
    reader: Engine
    recorder: Engine
    read_only: bool = False
    clock: Callable[[Connection], datetime] = field(default=server_time)

    @property
    def is_sqlite(self) -> bool:
        """Whether this is the embedded database."""
        return self.writer.dialect.name == "sqlite"

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Give a connection that cannot write; failures come out as `Unavailable`."""
        with translated(self.url), self.reader.connect() as connection:
            yield connection

    def close(self) -> None:
        """Give all connections back."""
        self.writer.dispose()
        self.reader.dispose()
        self.recorder.dispose()


def _prepare_sqlite(engine: Engine, *, read_only: bool) -> None:
    @event.listens_for(engine, "connect")
    def _connect(connection: sqlite3.Connection, _record: object) -> None:
        connection.isolation_level = None
        for pragma in (
            f"busy_timeout = {BUSY_TIMEOUT_MS}",
            "foreign_keys = ON",
            "recursive_triggers = ON",
            "trusted_schema = OFF",
            "cache_size = -8192",
            "synchronous = FULL",
            f"query_only = {'ON' if read_only else 'OFF'}",
        ):
            connection.execute(f"PRAGMA {pragma}")

    begin = Prepared(text("BEGIN" if read_only else "BEGIN IMMEDIATE"))

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        begin.run_first(connection)


def _open_sqlite(url: URL, *, read_only: bool) -> Engine:
    engine = create_engine(url, connect_args={"timeout": BUSY_TIMEOUT_MS / 1000, "check_same_thread": False})
    _prepare_sqlite(engine, read_only=read_only)
    return engine


def _open_postgresql(url: URL, *, read_only: bool) -> Engine:
    """Who only reads has no transactions: every statement sees what was committed before it in any case, and
    beginning and ending one are two ways to the server.
    """
    options = {
        "statement_timeout": STATEMENT_TIMEOUT_MS,
        "lock_timeout": LOCK_TIMEOUT_MS,
        "idle_in_transaction_session_timeout": IDLE_IN_TRANSACTION_MS,
        "timezone": "UTC",
        "default_transaction_read_only": "on" if read_only else "off",
    }
    engine = create_engine(
        url.set(drivername="postgresql+psycopg"),
        connect_args={
            "options": " ".join(f"-c {name}={value}" for name, value in options.items()),
            "connect_timeout": 5,
            "application_name": "latchkey",
        },
        isolation_level="AUTOCOMMIT" if read_only else "READ COMMITTED",
    )
    logging.getLogger("psycopg").setLevel(logging.ERROR)  # a lost connection is an error that is told anyway
    event.listen(engine, "after_cursor_execute", _await_answer)
    event.listen(engine, "rollback", _forget_answers)
    _ask_whether_alive(engine)
    return engine


def _ask_whether_alive(engine: Engine) -> None:
    """Replace a connection that the server has ended; one that was used just now is not asked."""

    @event.listens_for(engine, "checkin")
    def _given_back(_connection: object, record: ConnectionPoolEntry) -> None:
        record.info[_USED] = monotonic()

    @event.listens_for(engine, "checkout")
    def _taken(connection: DBAPIConnection, record: ConnectionPoolEntry, _proxy: object) -> None:
        if monotonic() - record.info.get(_USED, 0) < FRESH_SECONDS:
            return
        try:
            engine.dialect.do_ping(connection)
        except engine.dialect.loaded_dbapi.OperationalError as error:
            raise InvalidatePoolError from error


_USED = "latchkey.used"


def parse_url(text_url: str) -> URL:
    """Read a database URL; refuse what is neither SQLite in a file nor PostgreSQL."""
    try:
        url = make_url(text_url)
    except (ArgumentError, ValueError):  # of a port or a bracket: their text may hold a password
        raise Unavailable(
            "The database address cannot be read. Write sqlite:///FILE or postgresql://USER@HOST/NAME.",
            code="database-url",
        ) from None
    backend = url.get_backend_name()
    if backend == "postgresql" or (backend == "sqlite" and url.database not in (None, "", ":memory:")):
        return url
    raise Unavailable(
        "Latchkey works on SQLite in a file or on PostgreSQL. Write sqlite:///FILE or"
        " postgresql://USER@HOST/NAME.",
        code="database-url",
    )


def connect(address: str | URL, *, read_only: bool = False, create: bool = False) -> Database:
    """Open a database without checking its schema (see `db.schema.open_database`).

    `create` lets a missing SQLite file come into being, 0600 in a 0700 folder (R54).
    Raises `Unavailable` where the file is missing or the address cannot be used.
    """
    url = parse_url(address) if isinstance(address, str) else address
    sqlite = url.get_backend_name() == "sqlite"
    if sqlite:
        _prepare_file(Path(str(url.database)), create=create)
    opener = _open_sqlite if sqlite else _open_postgresql
    writer = opener(url, read_only=read_only)
    recorder = opener(url, read_only=False) if read_only else writer
    reader = opener(url, read_only=True)
    for engine in {writer, reader, recorder}:
        guard.watch(engine)
    return Database(url=url, writer=writer, reader=reader, recorder=recorder, read_only=read_only)


def _prepare_file(path: Path, *, create: bool) -> None:
    if path.exists():
        return
    if not create:
        raise Unavailable(
            "There is no database at the configured place. Create it with: latchkey db upgrade",
            code="database-missing",
        )
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = os.open(path, os.O_CREAT | os.O_RDWR, 0o600)
        os.close(handle)
        with sqlite3.connect(path) as connection:
            connection.execute("PRAGMA journal_mode = WAL")
        connection.close()
    except (OSError, sqlite3.Error):
        raise Unavailable(
            "The database file cannot be created there. Check that the folder exists and is yours.",
            code="database-missing",
        ) from None


@contextmanager
def pipelined(connection: Connection) -> Iterator[None]:
    """Let PostgreSQL be told several things in one way there, until something is asked for.

    What fails is told at the next answer, at the latest by the commit. SQLAlchemy's own statements, which
    look at their answer at once, wait for it as ever. SQLite is no way off.
    """
    if connection.dialect.name == "sqlite":
        yield
        return
    driver: Any = connection.connection.driver_connection
    info = connection.info  # where the server is gone by the end, the connection has another one
    with driver.pipeline() as info[_PIPELINE]:
        try:
            yield
        finally:
            info.pop(_PIPELINE, None)


_PIPELINE = "latchkey.pipeline"


def _await_answer(connection: Connection, *_statement: object) -> None:
    pipeline = connection.info.get(_PIPELINE)
    if pipeline is not None:
        pipeline.sync()


def _forget_answers(connection: Connection) -> None:
    """Take what is on its way from the server: behind an error there are only refusals, which say nothing."""
    pipeline = None if connection.invalidated else connection.info.get(_PIPELINE)
    if pipeline is not None:
        with suppress(connection.dialect.loaded_dbapi.Error):
            pipeline.sync()


def lock_value(connection: Connection, kind: str, value: str) -> None:
    """Hold a value against other writers until the transaction ends (design decision 6).

    On SQLite the whole transaction already is the only writer.
    """
    if connection.dialect.name == "postgresql":
        _ADVISORY_LOCK.run(connection, {"value": f"{kind}:{value}"})


_ADVISORY_LOCK = Prepared(text("SELECT pg_advisory_xact_lock(hashtextextended(:value, 0))"))
