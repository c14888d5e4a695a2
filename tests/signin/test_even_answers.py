"""Neither the time of an answer nor the work behind it tells who has an account (R15, A26)."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event

from db.engine import Database
from db.gate import Claim
from db.signin import CustomerDoor
from tests.factories import actor
from tests.operations.acting import do
from tests.signin.conftest import at_once, husband_with, joan_with
from tests.signin.post import KEY

WHO = ("nobody", "janderson", "waiting", "shut", "shared@example.org", "x" * 1000)


@pytest.fixture
def everybody(base: Database) -> Database:
    """One who can sign in, a placeholder, a locked one, and two who share an email."""
    joan_with(base)
    joan_with(base, emails=["b@example.org"], phones=[], sign_ins=[("waiting", "placeholder")])
    joan_with(base, emails=["c@example.org"], phones=[], sign_ins=[("shut", "locked")])
    joan_with(base, emails=["shared@example.org"], phones=[], sign_ins=["first"])
    husband_with(base, emails=["shared@example.org"], sign_ins=["second"])
    return base


class Stopwatch:
    """Notes how long an answer would have paused, instead of pausing."""

    def __init__(self) -> None:
        self.paused: list[float] = []

    def took(self, answer: Any) -> float:
        """Seconds of an answer, the pause in it included; there is exactly one."""
        self.paused.clear()
        start = time.monotonic()
        answer()
        (paused,) = self.paused
        return time.monotonic() - start + paused


@pytest.mark.parametrize("who", WHO, ids=lambda who: who[:20])
def test_A26_every_answer_takes_as_long_as_the_policy_says(everybody: Database, who: str) -> None:
    do(everybody, "change-setting", actor("admin"), key="answer_milliseconds", value="2000")
    watch = Stopwatch()
    door = CustomerDoor(everybody, KEY, pause=watch.paused.append)
    token = door.begin(who).token
    for answer in (
        lambda: door.begin(who),
        lambda: door.enter_password(token, "not the password"),
        lambda: door.resend(token),
        lambda: door.use_email_instead(token),
        lambda: door.enter_code(token, "123456"),
        lambda: door.claim(Claim(email=who)),
    ):
        assert watch.took(answer) == pytest.approx(2.0, abs=0.5)


@contextmanager
def statements(database: Database) -> Iterator[list[str]]:
    """Collect what the database is asked."""
    asked: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        asked.append(statement)

    engines = {database.reader, database.writer}
    for engine in engines:
        event.listen(engine, "before_cursor_execute", note)
    yield asked
    for engine in engines:
        event.remove(engine, "before_cursor_execute", note)


def test_A26_the_database_is_asked_the_same_about_somebody_and_nobody(everybody: Database) -> None:
    door = CustomerDoor(everybody, KEY, pause=at_once)
    asked = {}
    for who in ("janderson", "nobodyhere"):
        door.begin(who)  # what is held prepared is so for both
        with statements(everybody) as found:
            door.begin(who)
        asked[who] = sorted(found)
    assert asked["janderson"] == asked["nobodyhere"]
    assert len(asked["janderson"]) > 20
