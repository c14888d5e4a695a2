"""What two at the same moment can and cannot do (P4, R4, A1, A3)."""

import json
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import text

from db import runner
from db.applied import Applied
from db.audit.verify import verify
from db.engine import Database
from db.errors import LatchkeyError
from db.operations import REGISTRY
from db.operations.add_customer import AddCustomer
from db.operations.add_note import AddNote
from db.operations.change_dedup_mode import ChangeDedupMode
from db.operations.change_email import ChangeEmail
from db.rules.dedup import DedupMode
from tests.dump import ordered_dump
from tests.factories import actor, add_customer

ROOT = Path(__file__).parent.parent.parent
ROUNDS = 12


def request(name: str, params: Any, **given: Any) -> runner.Request:
    return runner.Request(
        actor=actor("admin"), operation=REGISTRY[name], params=params, reason="race", **given
    )


def at_once(*changes: Callable[[], Applied]) -> list[str]:
    """Make changes at the same moment, each in a thread, and return how they ended, sorted."""
    barrier = Barrier(len(changes))

    def one(change: Callable[[], Applied]) -> str:
        barrier.wait()
        try:
            return change().outcome
        except LatchkeyError as error:
            return error.code

    with ThreadPoolExecutor(len(changes)) as pool:
        return sorted(pool.map(one, changes))


def assert_intact(base: Database, events: int) -> None:
    with base.reading() as connection:
        verdict = verify(connection)
    assert verdict.problem is None
    assert verdict.events == events


@pytest.fixture
def strict(base: Database) -> Database:
    """A base in which neither an email nor a phone may be two customers'."""
    runner.run(base, request("change-dedup-mode", ChangeDedupMode(mode=DedupMode.BY_BOTH)))
    return base


def test_P4_of_two_who_enrol_the_same_email_or_phone_exactly_one_wins(strict: Database) -> None:
    for place in range(ROUNDS):
        same: dict[str, Any] = {"email": f"same{place}@example.org", "phone": f"+1 202 555 01{place:02}"}
        other: dict[str, Any] = {
            "email": f"other{place}@example.org",
            "phone": f"+1 202 555 01{place + 50:02}",
        }
        shared = ("email", "phone")[place % 2]
        params = [
            AddCustomer(given_name="Joan", family_name="Lee", **same),
            AddCustomer(given_name="Ann", family_name="Lee", **{**other, shared: same[shared]}),
        ]
        outcomes = at_once(*(lambda p=p: runner.run(strict, request("add-customer", p)) for p in params))
        assert outcomes == ["applied", "clash"]
    assert_intact(strict, events=1 + ROUNDS)


def test_P4_of_two_who_change_to_the_same_email_exactly_one_wins(strict: Database) -> None:
    for place in range(ROUNDS):
        pair = [
            add_customer(
                strict, emails=[f"{name}{place}@example.org"], phones=[f"+1 202 555 01{2 * place + side:02}"]
            )
            for side, name in enumerate(("joan", "daniel"))
        ]
        wanted = f"same{place}@example.org"
        changes = [ChangeEmail(customer=customer, email=wanted) for customer in pair]
        outcomes = at_once(*(lambda p=p: runner.run(strict, request("change-email", p)) for p in changes))
        assert outcomes == ["applied", "clash"]
        with strict.reading() as connection:
            holders = connection.execute(
                text("SELECT count(*) FROM email_profile WHERE canonical = :wanted"), {"wanted": wanted}
            ).scalar_one()
        assert holders == 1


@contextmanager
def other_process(
    base: Database, name: str, values: dict[str, Any], *more: str
) -> Iterator[subprocess.Popen[str]]:
    """Start a process that is ready to make a change, and waits for a line."""
    address = base.url.render_as_string(hide_password=False)
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.races.worker", address, name, json.dumps(values), *more],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    with process:
        try:
            assert process.stdout.readline() == "ready\n"
            yield process
        finally:
            process.kill()


def finish(process: subprocess.Popen[str]) -> str:
    """Wait for a process and return what it said."""
    assert process.stdout is not None
    return process.stdout.read().strip()


def start(process: subprocess.Popen[str]) -> None:
    """Let a waiting process go."""
    assert process.stdin is not None
    process.stdin.write("go\n")
    process.stdin.flush()


def test_P4_of_two_processes_that_save_the_same_email_exactly_one_wins(strict: Database) -> None:
    for place in range(2):
        values = [
            {
                "given_name": name,
                "family_name": "Lee",
                "email": f"same{place}@example.org",
                "phone": f"+1 202 555 01{place * 10 + number:02}",
            }
            for number, name in enumerate(("Joan", "Ann"))
        ]
        with ExitStack() as stack:
            pair = [stack.enter_context(other_process(strict, "add-customer", each)) for each in values]
            for process in pair:
                start(process)
            assert sorted(finish(process) for process in pair) == ["applied", "clash"]
    assert_intact(strict, events=3)


def test_A1_a_process_killed_between_change_and_commit_leaves_nothing(base: Database) -> None:
    joan = add_customer(base, emails=["joan@example.org"])
    before = ordered_dump(base)
    values: dict[str, Any] = {"customer": joan, "email": "joan.new@example.org"}
    with other_process(base, "change-email", values, "killed") as process:
        start(process)
        assert process.wait(timeout=30) == -signal.SIGKILL
    assert ordered_dump(base) == before
    runner.run(base, request("change-email", ChangeEmail(**values)))
    assert_intact(base, events=1)


def test_A3_eight_who_write_at_once_lose_nothing_and_leave_no_gap(base: Database) -> None:
    joan = add_customer(base)
    barrier = Barrier(8)

    def write(writer: int) -> list[int | None]:
        barrier.wait()
        return [
            runner.run(base, request("add-note", AddNote(customer=joan, text=f"{writer}.{number}"))).event
            for number in range(25)
        ]

    with ThreadPoolExecutor(8) as pool:
        events = [event for written in pool.map(write, range(8)) for event in written]
    assert sorted(str(event) for event in events) == sorted(str(event) for event in range(1, 201))
    assert_intact(base, events=200)
    dump = ordered_dump(base)
    texts = {value for row in dump["note"] for value in row if isinstance(value, str) and "." in value}
    assert texts == {f"{writer}.{number}" for writer in range(8) for number in range(25)}
    assert [row[-1] for row in dump["customer"]] == [201]


def test_the_same_request_from_two_at_once_is_one_event(base: Database) -> None:
    for place in range(ROUNDS):
        same = request(
            "add-customer", AddCustomer(given_name="Joan", family_name="Lee"), request_id=f"same-{place}"
        )
        assert at_once(*[partial(runner.run, base, same)] * 2) == ["applied", "applied"]
    assert len(ordered_dump(base)["customer"]) == ROUNDS
    assert_intact(base, events=ROUNDS)
