"""A write outside the one door raises, on the ORM and on Core.

The writing engine refuses every changing statement on a connection that nobody declared a writer.
Inside the runner, audited tables may only change through the flush of the ledger's session, because that
is where before and after are collected; the bulk path may only add rows, which it counts and hashes, a
rebuild of the search index may only touch what is derived, a scan for duplicates may only write what it
found, and a witness may only write the audit log.
`WRITERS` lists all who may be declared (R10).
"""

import re
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Engine, event
from sqlalchemy.sql.dml import Insert, UpdateBase

WRITERS = frozenset({"runner", "bulk", "migration", "reindex", "scan", "witness"})
_CHECKED = WRITERS - {"migration"}
_KEY = "latchkey.writer"
_FLUSHING = "latchkey.flushing"
_READS = re.compile(
    r"\s*(SELECT|PRAGMA|SHOW|BEGIN|SAVEPOINT|ROLLBACK|RELEASE|EXPLAIN|VALUES|WITH)\b", re.IGNORECASE
)
_CHANGES = re.compile(
    r"\b(INSERT|INTO|(?<!FOR )(?<!FOR NO KEY )UPDATE|DELETE|TRUNCATE|DROP|ALTER|CREATE|COPY|MERGE)\b|;\s*\S",
    re.IGNORECASE,
)
_QUOTED = re.compile(r"""'(?:[^']|'')*'|"(?:[^"]|"")*"|--[^\n]*|/\*.*?\*/""", re.DOTALL)
_ASKING_PRAGMA = re.compile(
    r"\s*PRAGMA\s+(\w+\.)?(\w+|\w+_(x?info|list|check)\s*\([^)]*\))\s*$", re.IGNORECASE
)


class WriteOutsideRunner(RuntimeError):
    """A programming mistake: something tried to change data without passing the one door."""


@contextmanager
def writing(connection: Connection, writer: str) -> Iterator[None]:
    """Declare who writes on this connection until the block ends."""
    if writer not in WRITERS:
        raise WriteOutsideRunner(f"{writer!r} is not on the list of writers")
    connection.info[_KEY] = writer
    try:
        yield
    finally:
        connection.info.pop(_KEY, None)
        connection.info.pop(_FLUSHING, None)


@contextmanager
def driver_cursor(connection: Connection) -> Iterator[Any]:
    """Give the driver's own cursor, which no check sees: for `COPY`, to the bulk path alone."""
    if connection.info.get(_KEY) != "bulk":
        raise WriteOutsideRunner("only the bulk path may write past the checks")
    with closing(connection.connection.cursor()) as cursor:
        yield cursor


def set_flushing(connection: Connection, flushing: bool) -> None:
    """Tell the guard that the session is writing what the ledger sees."""
    connection.info[_FLUSHING] = flushing


def watch(engine: Engine) -> None:
    """Check every statement of an engine before it leaves."""
    event.listen(engine, "before_cursor_execute", _check)


def _check(
    connection: Connection, _cursor: Any, statement: str, _parameters: Any, context: Any, _many: bool
) -> None:
    if _only_reads(statement):
        return
    writer = connection.info.get(_KEY)
    if writer == "migration":
        return
    clause = getattr(getattr(context, "compiled", None), "statement", None)
    if writer not in _CHECKED or not isinstance(clause, UpdateBase):
        raise WriteOutsideRunner("a change must go through db.runner")
    _check_table(connection, writer, clause)


@lru_cache(maxsize=1024)
def _only_reads(statement: str) -> bool:
    bare = _QUOTED.sub("x", statement)
    found = _READS.match(bare)
    if found is None:
        return False
    if found.group(1).upper() == "PRAGMA":
        return _ASKING_PRAGMA.match(bare) is not None
    return not _CHANGES.search(bare)


def _check_table(connection: Connection, writer: str, clause: UpdateBase) -> None:
    info = getattr(clause.table, "info", {})
    if writer == "witness":
        if not info.get("audit"):
            raise WriteOutsideRunner(f"a witness changes nothing, {clause.table} least of all")
        return
    if writer == "scan":
        if not (info.get("scanned") or info.get("audit")):
            raise WriteOutsideRunner(f"a scan writes what it found, and not {clause.table}")
        return
    counted = writer == "bulk" and isinstance(clause, Insert)
    if not (counted or connection.info.get(_FLUSHING) or info.get("derived") or info.get("audit")):
        raise WriteOutsideRunner(f"{clause.table} must change through the session, so that it is audited")
