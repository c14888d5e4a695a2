"""A change through the runner against the same writes replayed by the bare driver.

The writes are recorded from the runner itself, so the floor takes the same head lock and writes the
same rows, and nothing else: no reads, no rules, no hashing. A second floor reads and locks as the rules
need it, too, as whoever wrote the change by hand would have to. Ours and the floor are done by turns, each
on a database of its own with the same settings, so that noise and caches treat them alike; at the end both
databases must hold the same rows.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from statistics import median
from typing import Any

import msgspec
from sqlalchemy import event

from bench.databases import postgres_pair, sqlite_pair
from bench.figures import Figure
from db import runner
from db.actor import Actor
from db.engine import Database
from db.operations import REGISTRY
from db.operations.change_email import ChangeEmail
from tests.dump import ordered_dump

CHANGES = 300
WARM_UP = 20
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
    """Keep all statements, and do no more than that while they are timed."""
    kept: Statements = []

    def keep(_c: Any, _cursor: Any, statement: str, parameters: Any, _context: Any, many: bool) -> None:
        kept.append((statement, many, parameters))

    event.listen(database.writer, "before_cursor_execute", keep)
    yield kept
    event.remove(database.writer, "before_cursor_execute", keep)


def _all_of(statements: Statements) -> Statements:
    """Return what a script repeats that keeps the rules: reads and locks too."""
    return [
        _plainly(statement, many and isinstance(parameters, list), parameters)
        for statement, many, parameters in statements
    ]


def _writes_among(statements: Statements) -> Statements:
    """Return what a script repeats that only writes the rows; one of these takes the head lock."""
    return [
        told
        for told in _all_of(statements)
        if not told[0].startswith(("SELECT", "PRAGMA")) or "audit_head" in told[0]
    ]


def _plainly(statement: str, many: bool, parameters: Any) -> tuple[str, bool, Any]:
    """Unpack rows that went as one JSON value, as a script would write them: one `INSERT` for each."""
    if not (isinstance(parameters, dict) and "rows" in parameters):
        return statement, many, parameters
    rows = msgspec.json.decode(parameters["rows"])
    places = ", ".join(f"%({name})s" for name in rows[0])
    return f"{statement.partition(' SELECT ')[0]} VALUES ({places})", True, rows


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


def measure(
    ours: Database, bare: Database, repeated: Callable[[Statements], Statements] = _writes_among
) -> tuple[float, float, float]:
    """Return median seconds of a change by the runner, on the processor, and of what is `repeated` of it.

    Without a server and without fsync nothing is waited for, so on SQLite all is time on the processor,
    which other work on the machine does not lengthen.
    """
    clock = time.thread_time if ours.is_sqlite else time.perf_counter
    mine, busy, floor = [], [], []
    with closing(bare.writer.raw_connection()) as pooled:
        for customer in some_customers(ours):
            with _recording(ours) as statements:
                start, before = clock(), time.thread_time()
                change_email(ours, customer, 0)
                mine.append(clock() - start)
                busy.append(time.thread_time() - before)
            again = repeated(statements)
            start = clock()
            _replay(pooled.driver_connection, again)
            floor.append(clock() - start)
    _compare(ours, bare)
    return median(mine[WARM_UP:]), median(busy[WARM_UP:]), median(floor[WARM_UP:])


def _compare(ours: Database, bare: Database) -> None:
    """Raise where the floor did not write the same rows; the event of the filling is each one's own."""
    mine, others = ordered_dump(ours), ordered_dump(bare)
    for table in mine:
        first = 1 if table == "audit_event" else 0
        if table != "audit_detail" and mine[table][first:] != others[table][first:]:
            raise RuntimeError(f"{table} differs: the floor is not a fair one")
        if len(mine[table]) != len(others[table]):
            raise RuntimeError(f"{table} has another number of rows: the floor is not a fair one")


OPENERS: dict[str, tuple[Callable[[], AbstractContextManager[Pair]], str]] = {
    "SQLite without fsync": (sqlite_pair, "≤ 4"),
    "PostgreSQL": (postgres_pair, "≤ 2"),
}


def figures() -> list[Figure]:
    """Measure on both databases, against either floor."""
    found = []
    for name, (opener, bound) in OPENERS.items():
        told = f"change-email through the runner, {name}"
        for label, limit, repeated in (
            (told, bound, _writes_among),
            (f"{told}; floor with its reads and locks", "reported", _all_of),
        ):
            with opener() as (ours, bare):
                mine, busy, floor = measure(ours, bare, repeated)
            note = f"{busy * 1000:.1f} ms on the processor"
            found.append(Figure(label, "ms", mine * 1000, floor * 1000, limit, note))
    return found
