"""How long the door's answers take, whoever they are about (R15, A26), and the verdict on an identifier.

Each is told three times: as the portal sees it, with the pause that evens answers out; the work alone, by the
clock, database included; and on this process's processor.
"""

import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.databases import NAMES, SERVER
from bench.figures import Figure, interleaved
from db import gate, schema
from db.engine import Database, connect
from db.gate import Claim
from db.settings import load_policy
from db.signin import CustomerDoor
from tests.factories import add_customer
from tests.postgres import fresh_database, running_server

ROUNDS = 40
PAUSED_ROUNDS = 8
BOUND = "0.8 to 1.2"
"""Of the ratio of somebody to nobody (R15)."""
SIGN_INS = {"wrong password": ("joan", "active"), "placeholder": ("ruth", "placeholder")}
Asking = Callable[[int], Callable[[], object]]
"""What gives the question about the customer of a place."""


@dataclass(frozen=True)
class Way:
    """One way of taking the time of an answer."""

    label: str
    rounds: int
    first: int
    pause: Callable[[float], object]
    clock: Callable[[], float]


def _at_once(_seconds: float) -> None:
    """Let no time pass."""


WAYS = (
    Way("answer", PAUSED_ROUNDS, 0, time.sleep, time.perf_counter),
    Way("work, by the clock", ROUNDS, PAUSED_ROUNDS, _at_once, time.perf_counter),
    Way("work, processor", ROUNDS, PAUSED_ROUNDS + ROUNDS, _at_once, time.process_time),
)
CUSTOMERS = PAUSED_ROUNDS + 2 * ROUNDS


def figures() -> list[Figure]:
    """Ask in turn about somebody and nobody, on both databases; then judge one, without signing in."""
    found: list[Figure] = []
    for databases in (_sqlite, _postgresql):
        with databases() as database:
            _fill(database)
            found += [figure for way in WAYS for figure in _timings(database, way)]
            found.append(_verdict(database))
    return found


@contextmanager
def _sqlite() -> Iterator[Database]:
    with tempfile.TemporaryDirectory() as folder:
        database = connect(f"sqlite:///{Path(folder) / 'signing-in.db'}", create=True)
        yield database
        database.close()


@contextmanager
def _postgresql() -> Iterator[Database]:
    with running_server(SERVER) as server:
        database = connect(fresh_database(server))
        yield database
        database.close()


def _fill(database: Database) -> None:
    schema.upgrade(database)
    for place in range(CUSTOMERS):  # each of their own, so that no lock or limit comes in between
        for name, state in SIGN_INS.values():
            username = f"{name}{place}"
            add_customer(database, emails=[f"{username}@example.org"], sign_ins=[(username, state)])


def _timings(database: Database, way: Way) -> list[Figure]:
    door = CustomerDoor(database, bytes(32), pause=way.pause)
    kinds: dict[str, tuple[Asking, Asking]] = {
        "begin": (_begin(door, "joan"), _begin(door, "nobody")),
        "begin with an email": (_begin(door, "joan", "@example.org"), _begin(door, "nobody", "@example.org")),
        "claim": (_claim(door, "joan"), _claim(door, "nobody")),
    }
    for label, (name, _) in SIGN_INS.items():
        kinds[label] = (_password(door, name), _password(door, "nobody"))
    return [_figure(database, way, label, *pair) for label, pair in kinds.items()]


def _figure(database: Database, way: Way, label: str, known: Asking, unknown: Asking) -> Figure:
    places = range(way.first, way.first + way.rounds)
    asked, floor = (iter([asking(place) for place in places]) for asking in (known, unknown))
    ours, bare = interleaved(way.rounds, lambda: next(asked)(), lambda: next(floor)(), clock=way.clock)
    name = f"{NAMES[database.writer.dialect.name]}: {label} / unknown, {way.label}"
    return Figure(name, "ms", ours * 1000, bare * 1000, BOUND)


def _begin(door: CustomerDoor, name: str, host: str = "") -> Asking:
    return lambda place: lambda: door.begin(f"{name}{place}{host}")


def _claim(door: CustomerDoor, name: str) -> Asking:
    return lambda place: lambda: door.claim(Claim(email=f"{name}{place}@example.org"))


def _password(door: CustomerDoor, name: str) -> Asking:
    def asking(place: int) -> Callable[[], object]:
        token = door.begin(f"{name}{place}").token
        return lambda: door.enter_password(token, "not the password")

    return asking


def _verdict(database: Database) -> Figure:
    spent = []
    with database.reading() as connection:
        policy, now = load_policy(connection), database.clock(connection)
        for place in range(ROUNDS):
            start = time.perf_counter()
            gate.judge(connection, f"joan{place}@example.org", policy, now)
            spent.append(time.perf_counter() - start)
    name = f"{NAMES[database.writer.dialect.name]}: verdict on an email, median"
    return Figure(name, "ms", statistics.median(spent) * 1000, None, "30")
