"""A change through the runner against the same writes replayed by the bare driver.

The writes are recorded from the runner itself, so the floor takes the same head lock and writes the
same rows, and nothing else: no reads, no rules, no hashing.
"""

import time
from contextlib import closing
from statistics import median
from typing import Any

from sqlalchemy import event

from bench.databases import postgres_database, sqlite_database
from bench.figures import Figure
from db import runner
from db.actor import Actor
from db.engine import Database
from db.operations import REGISTRY
from db.operations.change_email import ChangeEmail

CHANGES = 300
Statements = list[tuple[str, Any]]


def _customers(database: Database) -> list[int]:
    with database.reading() as connection:
        rows = connection.exec_driver_sql(
            "SELECT customer_id FROM email_profile e JOIN customer c ON c.id = e.customer_id"
            " WHERE e.is_primary AND c.status = 'active' AND c.id > 1100 ORDER BY c.id"
        )
        return [row[0] for row in rows][:CHANGES]


def _change(database: Database, customer: int, turn: int) -> None:
    params = ChangeEmail(customer=customer, email=f"bench{customer}.{turn}@example.org")
    request = runner.Request(
        actor=Actor("rosa"), operation=REGISTRY["change-email"], params=params, reason="measuring"
    )
    runner.run(database, request)


def _record(database: Database, customers: list[int]) -> list[Statements]:
    """Run each change once and keep the statements that lock or write."""
    kept: Statements = []

    def keep(_c: Any, _cursor: Any, statement: str, parameters: Any, _context: Any, many: bool) -> None:
        if not statement.startswith("SELECT") or "audit_head" in statement:
            kept.append((statement, (many and isinstance(parameters, list), parameters)))

    event.listen(database.writer, "before_cursor_execute", keep)
    recorded = []
    for customer in customers:
        kept.clear()
        _change(database, customer, 0)
        recorded.append(list(kept))
    event.remove(database.writer, "before_cursor_execute", keep)
    return recorded


def _replay(raw: Any, statements: Statements, *, sqlite: bool) -> None:
    cursor = raw.cursor()
    for statement, (many, parameters) in statements:
        if many:
            cursor.executemany(statement, parameters)
        else:
            cursor.execute(statement, parameters)
            if cursor.description:
                cursor.fetchall()
    if sqlite:
        cursor.execute("COMMIT")
    else:
        raw.commit()


def _prepare_replay(database: Database) -> None:
    """Take back what recording wrote that could not be written twice."""
    from db import guard

    with database.writer.connect() as connection, guard.writing(connection, "migration"), connection.begin():
        sqlite = database.is_sqlite
        triggers = [
            row[0]
            for row in connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        ] if sqlite else []
        for name in triggers:
            connection.exec_driver_sql(f"DROP TRIGGER {name}")
        if not sqlite:
            connection.exec_driver_sql("SET session_replication_role = replica")
            for table in ("audit_event", "audit_detail", "audit_head"):
                connection.exec_driver_sql(f"ALTER TABLE {table} DISABLE TRIGGER ALL")
        for table in ("audit_detail", "audit_event", "message", "link"):
            connection.exec_driver_sql(f"DELETE FROM {table}")
        connection.exec_driver_sql("DELETE FROM search_term WHERE kind = 3")


def measure(database: Database) -> tuple[float, float]:
    """Return median seconds of a change by the runner and of its bare writes."""
    customers = _customers(database)
    recorded = _record(database, customers)
    ours = []
    for customer in customers:
        start = time.perf_counter()
        _change(database, customer, 1)
        ours.append(time.perf_counter() - start)
    _prepare_replay(database)
    bare = []
    with closing(database.writer.raw_connection()) as pooled:
        raw = pooled.driver_connection
        for statements in recorded:
            start = time.perf_counter()
            _replay(raw, statements, sqlite=database.is_sqlite)
            bare.append(time.perf_counter() - start)
    return median(ours), median(bare)


def figures() -> list[Figure]:
    """Measure on both databases."""
    found = []
    for name, opener, bound in (
        ("SQLite without fsync", sqlite_database, "≤ 4"),
        ("PostgreSQL", postgres_database, "≤ 2"),
    ):
        with opener() as database:
            ours, bare = measure(database)
        found.append(
            Figure(f"change-email through the runner, {name}", "ms", ours * 1000, bare * 1000, bound)
        )
    return found
