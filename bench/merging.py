"""A merge of two customers with 1,000 attached rows against the bare SQL updates of the same rows.

The floor moves the same rows by one statement a table, as somebody at the database's own prompt would, and
commits: no ledger, no audit, no rules, nothing that could be undone. The same rows updated one by one, as a
script with the ids in hand would, is told beside it. Each round is undone again, ours by its own undo.
"""

import time
from collections.abc import Callable
from contextlib import AbstractContextManager, closing
from statistics import median
from typing import Any

from bench.databases import postgres_pair, sqlite_pair
from bench.figures import Figure
from db import runner
from db.actor import Actor
from db.bulk import load
from db.engine import Database
from db.models import Channel, Customer, Interaction, Message, MessageKind, MessageState, Note, SignInAttempt
from db.models.customer import CustomerStatus
from db.models.signin import AttemptState
from db.operations import REGISTRY
from db.params import build
from tests.factories import BORN

ROUNDS = 15
ROWS = {"message": 500, "note": 250, "interaction": 125, "sign_in_attempt": 125}
FIRST = 5_000_000
SURVIVOR, ABSORBED = FIRST, FIRST + 1


def plant(database: Database) -> None:
    """Add two customers, of whom one has 1,000 rows."""
    person = {
        "given_name": "Joan",
        "family_name": "Anderson",
        "status": CustomerStatus.ACTIVE,
        "created_at": BORN,
    }
    people = [{"id": number, **person} for number in (SURVIVOR, ABSORBED)]
    mine = {"customer_id": ABSORBED}
    talks = [
        {"id": FIRST + place, **mine, "operator_id": "rosa", "channel": "phone", "direction": "inbound",
         "opened_at": BORN, "closed_at": BORN}
        for place in range(ROWS["interaction"])
    ]  # fmt: skip
    notes = [
        {"id": FIRST + place, **mine, "operator_id": "rosa", "text": "x", "created_at": BORN}
        for place in range(ROWS["note"])
    ]
    mails = [
        {"id": FIRST + place, **mine, "reference": f"LK-{place:04}-BENC", "idempotency_key": f"bench{place}",
         "channel": Channel.EMAIL, "kind": MessageKind.HELP, "recipient": "joan@example.org", "values": "{}",
         "state": MessageState.SENT, "attempts": 1, "next_attempt_at": BORN, "created_at": BORN}
        for place in range(ROWS["message"])
    ]  # fmt: skip
    attempts = [
        {"id": FIRST + place, **mine, "identifier_kind": "email", "state": AttemptState.FAILED, "at": BORN}
        for place in range(ROWS["sign_in_attempt"])
    ]
    rows: Any = {Customer: people, Interaction: talks, Note: notes, Message: mails, SignInAttempt: attempts}
    load(database, rows, worker="bench", reason="measuring")


def run(database: Database, name: str, **values: Any) -> None:
    """Run one operation."""
    operation = REGISTRY[name]
    params = build(operation.params, values)
    runner.run(
        database, runner.Request(actor=Actor("rosa"), operation=operation, params=params, reason="measuring")
    )


def updates(cursor: Any, mark: str, giver: int, taker: int) -> None:
    """Move the rows by one statement a table."""
    for table in ROWS:
        cursor.execute(f"UPDATE {table} SET customer_id = {mark} WHERE customer_id = {mark}", (taker, giver))
    cursor.execute(
        f"UPDATE customer SET status = 'merged', merged_into_id = {mark} WHERE id = {mark}",
        (SURVIVOR, ABSORBED),
    )
    cursor.execute("COMMIT")


def one_by_one(cursor: Any, mark: str, taker: int) -> None:
    """Move the rows by one statement each."""
    for table, count in ROWS.items():
        ids = [(taker, FIRST + place) for place in range(count)]
        cursor.executemany(f"UPDATE {table} SET customer_id = {mark} WHERE id = {mark}", ids)
    cursor.execute("COMMIT")


def measure(ours: Database, bare: Database) -> tuple[float, float, float, float]:
    """Return median seconds: the merge, its undo, the bare updates, and these one by one."""
    for database in (ours, bare):
        plant(database)
    clock = time.thread_time if ours.is_sqlite else time.perf_counter
    mark = "?" if ours.is_sqlite else "%s"
    times: tuple[list[float], ...] = ([], [], [], [])

    def timed(place: int, work: Callable[[], object]) -> None:
        start = clock()
        work()
        times[place].append(clock() - start)

    with closing(bare.writer.raw_connection()) as pooled:
        cursor: Any = pooled.driver_connection.cursor()  # type: ignore[union-attr]  # it is connected
        for _ in range(ROUNDS):
            begin(cursor, ours)
            timed(2, lambda: updates(cursor, mark, ABSORBED, SURVIVOR))
            timed(0, lambda: run(ours, "merge-customers", customer=SURVIVOR, absorbed=str(ABSORBED)))
            timed(1, lambda: run(ours, "unmerge-customers", customer=SURVIVOR))
            begin(cursor, ours)
            timed(3, lambda: one_by_one(cursor, mark, ABSORBED))
    merged, undone, floor, single = (median(found[2:]) for found in times)
    return merged, undone, floor, single


def begin(cursor: Any, database: Database) -> None:
    """Begin a transaction on SQLite's connection; the driver of PostgreSQL does so by itself."""
    if database.is_sqlite:
        cursor.execute("BEGIN IMMEDIATE")


def figures() -> list[Figure]:
    """Measure on both databases."""
    openers: dict[str, tuple[AbstractContextManager[tuple[Database, Database]], str]] = {
        "SQLite without fsync": (sqlite_pair(), "≤ 3"),
        "PostgreSQL": (postgres_pair(), "≤ 3"),
    }
    found = []
    for name, (opener, bound) in openers.items():
        with opener as (ours, bare):
            merged, undone, floor, single = measure(ours, bare)
        note = f"one by one {single * 1000:.1f} ms; undo {undone * 1000:.1f} ms"
        found.append(
            Figure(f"merge with 1,000 attached rows, {name}", "ms", merged * 1000, floor * 1000, bound, note)
        )
    return found


if __name__ == "__main__":
    for figure in figures():
        print(
            figure.name,
            f"{figure.ours:.2f} ms, floor {figure.floor:.2f}, ratio {figure.ratio:.2f}",
            figure.note,
        )
