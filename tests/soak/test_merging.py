"""Merges killed at any moment leave both customers as they were, or one of them (A1); by `make soak`."""

import random
import signal
import subprocess
import sys
import time
from typing import Any

import pytest

from db.audit.verify import verify
from db.engine import Database
from db.search.check import first_difference
from tests.dump import ordered_dump
from tests.factories import add_customer, add_operators
from tests.merging.people import attach
from tests.tui.monkey import unaudited

pytestmark = pytest.mark.soak
KILLS = 60
WORKER = """
import sys
from db import runner
from db.engine import connect
from db.operations import REGISTRY
from db.params import build
from tests.factories import actor

base, joan, double = connect(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])

def do(name, **values):
    operation = REGISTRY[name]
    params = build(operation.params, values)
    runner.run(base, runner.Request(actor=actor(), operation=operation, params=params, reason="soak"))

merged = sys.argv[4] == "merged"
for turn in range(100_000):
    if not merged:
        do("merge-customers", customer=joan, absorbed=f"C-{double}", end_links=True)
    merged = False
    do("unmerge-customers", customer=joan)
    print(turn, flush=True)
"""


def test_A1_a_merge_or_its_undo_killed_at_any_moment_is_whole_or_not_there(database: Database) -> None:
    add_operators(database)
    joan, double = (add_customer(database, emails=[f"{name}@example.org"]) for name in "ab")
    attach(database, double)
    address = database.url.render_as_string(hide_password=False)
    whole = contents(database)
    dice = random.Random(5)
    for _ in range(KILLS):
        state = "merged" if contents(database) != whole else "apart"
        worker = subprocess.Popen(
            [sys.executable, "-c", WORKER, address, str(joan), str(double), state],
            stdout=subprocess.PIPE,
            text=True,
        )
        assert worker.stdout is not None
        worker.stdout.readline()
        time.sleep(dice.random() * 0.05)  # any moment is meant, so there is nothing to wait for
        worker.send_signal(signal.SIGKILL)
        worker.wait()
        worker.stdout.close()
        assert unaudited(database) == []
        with database.reading() as connection:
            assert verify(connection).problem is None
            assert first_difference(connection, sample=None) is None
        assert_whole(database, whole, joan, double)


def contents(database: Database) -> list[Any]:
    """Who owns what, and in which state it is; without what an undo leaves behind."""
    dump = ordered_dump(database)
    return [
        [row[:-1] for row in dump["customer"]],
        *([*dump[name]] for name in ("email_profile", "message", "link", "contract", "note")),
    ]


def assert_whole(database: Database, whole: list[Any], joan: int, double: int) -> None:
    dump = ordered_dump(database)
    if contents(database) == whole:
        return
    for name, column in (("message", 3), ("contract", 1), ("note", 1)):
        assert {row[column] for row in dump[name]} == {joan}
    status = {row[0]: row[4].value for row in dump["customer"]}
    assert (status[joan], status[double]) == ("active", "merged")
