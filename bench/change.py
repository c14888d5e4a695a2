"""A change through the runner against the same writes replayed by the bare driver.

The writes are recorded from the runner itself, so the floor takes the same head lock and writes the
same rows, and nothing else: no reads, no rules, no hashing. Both are done by turns, each on a database
of its own, so that noise and caches treat them alike.
"""

import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from statistics import median
from typing import Any

from sqlalchemy import event

from bench.databases import postgres_pair, sqlite_pair
from bench.figures import Figure
from db import runner
from db.actor import Actor
from db.engine import Database
from db.operations import REGISTRY
from db.operations.change_email import ChangeEmail

CHANGES = 300
Statements = list[tuple[str, bool, Any]]
Pair = tuple[Database, Database]


def some_customers(database: Database, count: int = CHANGES) -> list[int]:
    """Return active customers who have an email address."""
    with database.reading() as connection:
        rows = connection.exec_driver_sql(
            "SELECT customer_id FROM email_profile e JOIN customer c ON c.id = e.customer_id"
            " WHERE e.is_primary AND c.status = 'active' AND c.id > 1100 ORDER BY c.id"
        )
        return [row[0] for row in rows][:count]


def change_email(database: Database, customer: int, turn: int) -> None:
    """Run one change, another address each turn."""
    params = ChangeEmail(customer=customer, email=f"bench{customer}.{turn}@example.org")
    request = runner.Request(
        actor=Actor("rosa"), operation=REGISTRY["change-email"], params=params, reason="measuring"
    )
    runner.run(database, request)


def change_all(database: Database, customers: list[int]) -> None:
    """Change the address of each."""
    for customer in customers:
        change_email(database, customer, 1)


@contextmanager
def _recording(database: Database) -> Iterator[Statements]:
    """Keep the statements that lock or write."""
    kept: Statements = []

    def keep(_c: Any, _cursor: Any, statement: str, parameters: Any, _context: Any, many: bool) -> None:
        if not statement.startswith(("SELECT", "PRAGMA")) or "audit_head" in statement:
            kept.append((statement, many and isinstance(parameters, list), parameters))

    event.listen(database.writer, "before_cursor_execute", keep)
    yield kept
    event.remove(database.writer, "before_cursor_execute", keep)


def _replay(raw: Any, statements: Statements) -> None:
    cursor = raw.cursor()
    for statement, many, parameters in statements:
        if many:
            cursor.executemany(statement, parameters)
        else:
            cursor.execute(statement, parameters)
            if cursor.description:
                cursor.fetchall()
    cursor.execute("COMMIT")


def measure(ours: Database, bare: Database) -> tuple[float, float, float]:
    """Return median seconds of a change by the runner, on the processor, and of its bare writes."""
    customers = some_customers(ours)
    for customer in customers[:20]:
        change_email(ours, customer, 0)
        change_email(bare, customer, 0)
    mine, busy, floor = [], [], []
    with closing(bare.writer.raw_connection()) as pooled:
        for customer in customers[20:]:
            with _recording(ours) as statements:
                start, before = time.perf_counter(), time.thread_time()
                change_email(ours, customer, 0)
                mine.append(time.perf_counter() - start)
                busy.append(time.thread_time() - before)
            start = time.perf_counter()
            _replay(pooled.driver_connection, statements)
            floor.append(time.perf_counter() - start)
    return median(mine), median(busy), median(floor)


def figures() -> list[Figure]:
    """Measure on both databases."""
    openers: dict[str, tuple[AbstractContextManager[Pair], str]] = {
        "SQLite without fsync": (sqlite_pair(), "≤ 4"),
        "PostgreSQL": (postgres_pair(), "≤ 2"),
    }
    found = []
    for name, (opener, bound) in openers.items():
        with opener as (ours, bare):
            mine, busy, floor = measure(ours, bare)
        found.append(
            Figure(
                f"change-email through the runner, {name}", "ms", mine * 1000, floor * 1000, bound,
                f"{busy * 1000:.1f} ms on the processor",
            )
        )  # fmt: skip
    return found
