"""The log takes new events at its end and nothing else, whatever statement is tried (R11, A4)."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from db import guard
from db.audit.verify import verify
from db.engine import Database
from tests.audit.conftest import EMPTY, erase
from tests.dump import ordered_dump

COLUMNS = "seq, at, operator_id, role, operation, outcome, body, hash"
ROW = "'2026-01-01 00:00:00', 'eve', 'admin', 'x', 'applied', '{}', 'f'"
EVERYWHERE = [
    "UPDATE audit_event SET operator_id = 'eve' WHERE seq = 3",
    "UPDATE audit_event SET body = body WHERE seq = 3",
    "DELETE FROM audit_event WHERE seq = 8",
    "DELETE FROM audit_event",
    f"INSERT INTO audit_event ({COLUMNS}) VALUES (3, {ROW})",
    f"INSERT INTO audit_event ({COLUMNS}) VALUES (99, {ROW})",
    f"INSERT INTO audit_event ({COLUMNS}) VALUES (3, {ROW})"
    " ON CONFLICT (seq) DO UPDATE SET operator_id = 'eve'",
    "INSERT INTO audit_detail (seq, position, field) VALUES (3, 99, 'reason')",
    "INSERT INTO audit_detail (seq, position, field) VALUES (3, 0, 'reason')"
    " ON CONFLICT (seq, position) DO UPDATE SET after = 'other'",
    "UPDATE audit_detail SET after = 'other' WHERE seq = 3",
    "UPDATE audit_detail SET after = NULL, after_salt = NULL WHERE seq = 3",
    "UPDATE audit_detail SET redacted_by = 8 WHERE seq = 3",
    "DELETE FROM audit_detail WHERE seq = 3",
    "DELETE FROM audit_head",
    "UPDATE audit_head SET seq = 2",
    "UPDATE audit_head SET seq = seq",
    "UPDATE audit_head SET hash = 'f'",
    "UPDATE audit_head SET seq = seq + 2",
    "INSERT INTO audit_head (id, seq, hash) VALUES (1, 0, 'f') ON CONFLICT (id) DO UPDATE SET seq = 0",
]
POSTGRESQL = ["TRUNCATE audit_event", "TRUNCATE audit_detail", "TRUNCATE audit_head"]
SQLITE = [
    f"INSERT OR REPLACE INTO audit_event ({COLUMNS}) VALUES (3, {ROW})",
    f"REPLACE INTO audit_event ({COLUMNS}) VALUES (8, {ROW})",
    "INSERT OR REPLACE INTO audit_detail (seq, position, field) VALUES (3, 0, 'reason')",
    "UPDATE OR REPLACE audit_event SET seq = 8 WHERE seq = 3",
    "INSERT OR REPLACE INTO audit_head (id, seq, hash) VALUES (1, 0, 'f')",
]


def attempt(base: Database, statement: str) -> None:
    """Run a statement as one who may write, past the program's own guard."""
    with base.writer.connect() as connection, guard.writing(connection, "migration"), connection.begin():
        connection.execute(text(statement))


def assert_refused(base: Database, statement: str) -> None:
    before = ordered_dump(base)
    with pytest.raises(DBAPIError, match="append-only"):
        attempt(base, statement)
    assert ordered_dump(base) == before


def test_R11_no_statement_rewrites_the_log(logged: Database) -> None:
    for statement in (*EVERYWHERE, *(SQLITE if logged.is_sqlite else POSTGRESQL)):
        assert_refused(logged, statement)


def test_R11_replace_is_refused_where_recursive_triggers_are_off(logged: Database) -> None:
    if not logged.is_sqlite:
        return
    with logged.writer.connect() as connection, guard.writing(connection, "migration"):
        connection.exec_driver_sql("PRAGMA recursive_triggers = OFF")
        connection.rollback()
        for statement in SQLITE:
            with pytest.raises(DBAPIError, match="append-only"), connection.begin():
                connection.exec_driver_sql(statement)


def test_R6_emptying_a_value_in_the_name_of_an_event_is_the_one_update_allowed(logged: Database) -> None:
    redaction = EMPTY.format(seq=3, event=erase(logged, 3))
    attempt(logged, redaction)
    with logged.reading() as connection:
        verdict = verify(connection)
    assert (verdict.problem, verdict.redacted) == (None, (3,))
    assert_refused(logged, redaction)
    assert_refused(logged, "UPDATE audit_detail SET after = 'back', redacted_by = 9 WHERE seq = 3")
