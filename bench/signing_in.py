"""How long a wrong password takes, whoever it was tried on (R15, A26), and the verdict on an identifier."""

import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from bench.figures import Figure, interleaved
from db import gate, schema
from db.engine import Database, connect
from db.settings import load_policy
from db.signin import CustomerDoor
from tests.factories import add_customer

ROUNDS = 40
SIGN_INS = {"wrong password": ("joan", "active"), "placeholder": ("ruth", "placeholder")}


def figures() -> list[Figure]:
    """Try in turn an identifier that exists and one that does not; then judge one, without signing in."""
    with tempfile.TemporaryDirectory() as folder:
        database = connect(f"sqlite:///{Path(folder) / 'signing-in.db'}", create=True)
        schema.upgrade(database)
        for place in range(2 * ROUNDS):  # each of their own, so that no lock comes in between
            for name, state in SIGN_INS.values():
                username = f"{name}{place}"
                add_customer(database, emails=[f"{username}@example.org"], sign_ins=[(username, state)])
        found = [*_timings(database), _verdict(database)]
        database.close()
    return found


def _timings(database: Database) -> list[Figure]:
    door = CustomerDoor(database, bytes(32))
    timed = []
    for label, (name, _) in SIGN_INS.items():
        known, unknown = _tries(door, name), _tries(door, "nobody")
        ours, floor = interleaved(ROUNDS, known, unknown)
        timed.append(Figure(f"{label} / unknown identifier", "ms", ours * 1000, floor * 1000, "0.8 to 1.2"))
    return timed


def _tries(door: CustomerDoor, name: str) -> Callable[[], object]:
    tokens = iter([door.begin(f"{name}{place}").token for place in range(ROUNDS)])
    return lambda: door.enter_password(next(tokens), "not the password")


def _verdict(database: Database) -> Figure:
    spent = []
    with database.reading() as connection:
        policy, now = load_policy(connection), database.clock(connection)
        for place in range(ROUNDS):
            start = time.perf_counter()
            gate.judge(connection, f"joan{place}@example.org", policy, now)
            spent.append(time.perf_counter() - start)
    return Figure("verdict on an email, median", "ms", statistics.median(spent) * 1000, None, "30")
