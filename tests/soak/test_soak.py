"""What takes minutes: long monkeys, and processes killed at any moment. Run by `make soak`."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from db.audit.verify import verify
from db.engine import Database
from tests.factories import add_customer, add_operators
from tests.tui.monkey import let_loose, seeded, unaudited

pytestmark = pytest.mark.soak
MONKEY_SECONDS = float(os.environ.get("LATCHKEY_SOAK_SECONDS", "600"))
FEWEST_KEYS = 100
KILLS = 60
WORKER = """
import sys
from db import runner
from db.engine import connect
from db.operations import REGISTRY
from db.params import build
from tests.factories import actor

base, customer = connect(sys.argv[1]), int(sys.argv[2])
operation = REGISTRY["change-name"]
for turn in range(100_000):
    params = build(operation.params, {"customer": customer, "given_name": f"Joan {sys.argv[3]} {turn}"})
    runner.run(base, runner.Request(actor=actor(), operation=operation, params=params, reason="soak"))
    print(turn, flush=True)
"""


@pytest.mark.parametrize("role", ["support", "lead", "admin", "auditor"])
async def test_ten_minutes_of_random_keys(sqlite_database: Database, tmp_path: Path, role: str) -> None:
    database = seeded(sqlite_database)
    pressed, seed = 0, 11
    while pressed <= FEWEST_KEYS:  # a busy machine takes longer; it does not make the promise smaller
        pressed += await let_loose(database, tmp_path, role=role, seed=seed, seconds=MONKEY_SECONDS)
        seed += 1
    assert unaudited(database) == []


def test_A1_a_process_killed_at_any_moment_leaves_a_whole_log_and_no_half_change(database: Database) -> None:
    add_operators(database)
    customer = add_customer(database)
    address = database.url.render_as_string(hide_password=False)
    dice = random.Random(3)
    for round_number in range(KILLS):
        worker = subprocess.Popen(
            [sys.executable, "-c", WORKER, address, str(customer), str(round_number)],
            stdout=subprocess.PIPE,
            text=True,
        )
        assert worker.stdout is not None
        worker.stdout.readline()
        patience = dice.random() * 0.05
        start = time.monotonic()
        while time.monotonic() - start < patience:
            worker.stdout.readline()
        worker.send_signal(signal.SIGKILL)
        worker.wait()
        worker.stdout.close()
        assert unaudited(database) == [], json.dumps({"round": round_number})
        with database.reading() as connection:
            assert verify(connection).problem is None
