"""`audit verify` against the bare driver reading the same rows and hashing them."""

import hashlib
import tempfile
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench.figures import Figure, interleaved
from db import guard, schema
from db.actor import Actor
from db.audit.chain import Entry, append
from db.audit.event import Detail
from db.audit.verify import verify
from db.engine import Database, connect

EVENTS = 20_000
ROUNDS = 5
_DETAILS = (
    Detail("reason", after="the caller gave another address"),
    Detail("customer", after="Joan Anderson"),
    Detail("email_profile.address#17", "joan@example.org", "joan.anderson@example.org"),
    Detail("email_profile.state#17", "verified", "unverified"),
)


def _fill(database: Database) -> None:
    with database.writer.connect() as connection, guard.writing(connection, "runner"), connection.begin():
        for number in range(EVENTS):
            append(
                connection,
                Entry(
                    at=datetime(2026, 3, 2, 14, tzinfo=UTC),
                    actor=Actor("rosa", session="bench"),
                    role="lead",
                    operation="change-email",
                    outcome="applied",
                    customer_id=1001 + number % 2000,
                    target=f"customer:{1001 + number % 2000}",
                    target_version=number,
                    request_id=f"{number:032x}",
                    details=_DETAILS,
                ),
            )


def _verify(database: Database) -> None:
    with database.reading() as connection:
        verdict = verify(connection)
    if verdict.problem is not None or verdict.events != EVENTS:
        raise RuntimeError("the log that was just written does not verify")


def _read_and_hash(database: Database) -> None:
    with closing(database.reader.raw_connection()) as pooled:
        cursor: Any = pooled.cursor()
        cursor.execute("SELECT * FROM audit_event ORDER BY seq")
        for row in cursor:
            hashlib.sha256(row[11].encode()).hexdigest()
        cursor.execute("SELECT * FROM audit_detail ORDER BY seq, position")
        for row in cursor:
            for value, salt in ((row[3], row[4]), (row[5], row[6])):
                if value is not None:
                    hashlib.sha256(bytes.fromhex(salt) + value.encode()).hexdigest()


def figures() -> list[Figure]:
    """Measure on SQLite: both sides read the same file."""
    with tempfile.TemporaryDirectory() as folder:
        database = connect(f"sqlite:///{Path(folder) / 'bench.db'}", create=True)
        schema.upgrade(database)
        _fill(database)
        ours, bare = interleaved(ROUNDS, lambda: _verify(database), lambda: _read_and_hash(database))
        database.close()
    note = f"{EVENTS / ours:,.0f} events/s"
    return [Figure(f"audit verify, {EVENTS:,} events", "s", ours, bare, "≤ 3", note)]
