"""Turns what a database driver throws into a sentence, never showing an address or a password."""

import sqlite3
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from sqlalchemy import URL
from sqlalchemy.exc import DBAPIError, TimeoutError

from db.errors import Unavailable

if TYPE_CHECKING:
    import psycopg

_SQLITE = {
    sqlite3.SQLITE_BUSY: (
        "database-locked",
        "The database is busy with another change. Nothing was saved; try again in a moment.",
    ),
    sqlite3.SQLITE_LOCKED: (
        "database-locked",
        "The database is busy with another change. Nothing was saved; try again in a moment.",
    ),
    sqlite3.SQLITE_READONLY: (
        "database-read-only",
        "The database can only be read here. Check who owns the file and its folder.",
    ),
    sqlite3.SQLITE_FULL: (
        "database-full",
        "The disk is full, so nothing was saved. Make room, then try again.",
    ),
    sqlite3.SQLITE_NOTADB: (
        "not-a-database",
        "The configured file is not a Latchkey database. Check the path with: latchkey paths",
    ),
    sqlite3.SQLITE_CORRUPT: (
        "database-damaged",
        "The database file is damaged. Stop, keep a copy of it, and restore the last backup.",
    ),
    sqlite3.SQLITE_CANTOPEN: (
        "database-missing",
        "The database file cannot be opened. Check the path with: latchkey paths",
    ),
    sqlite3.SQLITE_IOERR: (
        "database-unavailable",
        "The disk did not answer. Nothing was saved; check the disk, then try again.",
    ),
    sqlite3.SQLITE_INTERRUPT: (
        "timeout",
        "The database took too long to answer. Nothing was saved; try again.",
    ),
}
_SQLITE_EXTENDED = {
    # Only the shared memory beside the database, not the database itself, found no room to grow.
    sqlite3.SQLITE_IOERR_SHMSIZE: _SQLITE[sqlite3.SQLITE_FULL],
}
_POSTGRES = {
    "55P03": _SQLITE[sqlite3.SQLITE_BUSY],
    "40P01": _SQLITE[sqlite3.SQLITE_BUSY],
    "40001": _SQLITE[sqlite3.SQLITE_BUSY],
    "57014": _SQLITE[sqlite3.SQLITE_INTERRUPT],
    "25P03": (
        "timeout",
        "The database closed a transaction that stood still. Nothing was saved; try again.",
    ),
    "25006": ("database-read-only", "The database can only be read just now. Try again later."),
    "53100": _SQLITE[sqlite3.SQLITE_FULL],
    "3D000": ("database-missing", "The server has no database of that name. Check it with: latchkey paths"),
    "28P01": (
        "database-login",
        "The database server refused the login. Check user and password in the configuration.",
    ),
    "42501": ("database-permission", "The database user may not do that. Run: latchkey doctor"),
}
_UNREACHABLE = (
    "database-unreachable",
    "The database server cannot be reached. Nothing was saved; check the network, then try again.",
)
_UNCERTAIN = (
    "commit-unknown",
    "The connection was lost while saving, so it is not known whether this was saved. Save once more: what"
    " was saved is not done twice.",
)
_NO_SCHEMA = ("not-migrated", "The database has no Latchkey tables yet. Run: latchkey db upgrade")


def describe(error: BaseException) -> tuple[str, str] | None:
    """Return code and sentence for a driver's error, or None where it is not the database's fault."""
    if isinstance(error, TimeoutError):
        return _UNREACHABLE
    cause = error.orig if isinstance(error, DBAPIError) else error
    if isinstance(cause, sqlite3.Error):
        return _describe_sqlite(cause)
    if isinstance(cause, _driver_errors()):
        return _describe_postgres(cause)
    return None


def _driver_errors() -> "tuple[type[psycopg.Error], ...]":
    """What PostgreSQL's driver throws: nothing where it was never loaded, which SQLite spares its start."""
    driver = sys.modules.get("psycopg")
    return () if driver is None else (driver.Error,)


def _describe_sqlite(cause: sqlite3.Error) -> tuple[str, str] | None:
    if "no such table" in str(cause):
        return _NO_SCHEMA
    number = getattr(cause, "sqlite_errorcode", None)
    if number is None:
        return None
    return _SQLITE_EXTENDED.get(number) or _SQLITE.get(number & 0xFF)


def _describe_postgres(cause: "psycopg.Error") -> tuple[str, str] | None:
    import psycopg  # loaded already: this is one of its errors

    state = cause.sqlstate
    if state == "42P01":
        return _NO_SCHEMA
    if state is None or state.startswith(("08", "57P")):
        message = str(cause)
        if state is None and ("authentication failed" in message or 'role "' in message):
            return _POSTGRES["28P01"]
        if state is None and "does not exist" in message:
            return _POSTGRES["3D000"]
        return _UNREACHABLE if isinstance(cause, psycopg.OperationalError) else None
    return _POSTGRES.get(state)


def _thrown() -> tuple[type[Exception], ...]:
    return (DBAPIError, TimeoutError, sqlite3.Error, *_driver_errors())


@contextmanager
def translated(_url: URL) -> Iterator[None]:
    """Let a database failure inside come out as `Unavailable`, with the cause cut off (R12)."""
    try:
        yield
    except _thrown() as error:  # asked when it happens: by then the driver that threw is loaded
        found = describe(error)
        if found is None:
            raise
        code, sentence = found
        raise Unavailable(sentence, code=code) from None


@contextmanager
def committing() -> Iterator[None]:
    """Let a connection that is lost over a commit come out as that: only the server knows how it ended."""
    try:
        yield
    except _thrown() as error:
        if describe(error) != _UNREACHABLE:
            raise
        code, sentence = _UNCERTAIN
        raise Unavailable(sentence, code=code) from None
