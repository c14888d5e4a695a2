"""A server that ends the connection in the midst of a change: said in one sentence, never half done."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import event, text

from db import runner
from db.engine import Database
from db.errors import Unavailable
from db.operations import REGISTRY
from db.params import build
from tests.dump import ordered_dump
from tests.factories import actor, add_customer, add_operators


@pytest.fixture
def base(postgres_database: Database) -> Database:
    add_operators(postgres_database)
    return postgres_database


def renaming(customer: int) -> runner.Request:
    operation = REGISTRY["change-name"]
    params = build(operation.params, {"customer": customer, "given_name": "Joanna"})
    return runner.Request(
        actor=actor(), operation=operation, params=params, reason="asked", request_id=uuid4().hex
    )


def end_connection(base: Database, connection: Any) -> None:
    pid = connection.connection.driver_connection.info.backend_pid
    with base.reader.connect() as other:
        other.execute(text(f"SELECT pg_terminate_backend({pid}, 5000)"))


@contextmanager
def ended_at(base: Database, place: int) -> Iterator[list[str]]:
    """End the connection before its statement number `place`; give what is said on it."""
    said: list[str] = []

    def hear(connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        said.append(statement)
        if len(said) == place + 1:
            end_connection(base, connection)

    event.listen(base.writer, "before_cursor_execute", hear)
    yield said
    event.remove(base.writer, "before_cursor_execute", hear)


def failure_of(work: Callable[[], object]) -> str:
    """The code of what is raised; empty where nothing is."""
    try:
        work()
    except Unavailable as error:
        return error.code
    return ""


def test_A1_a_connection_lost_before_any_statement_is_said_and_leaves_nothing(base: Database) -> None:
    joan = add_customer(base)
    before = ordered_dump(base)
    place, reached = 0, True
    while reached:
        with ended_at(base, place) as said:
            lost = failure_of(lambda: runner.preview(base, renaming(joan)))
            reached = len(said) > place
        assert (lost == "database-unreachable") is reached
        assert ordered_dump(base) == before
        place += 1
    assert place > 3
    assert runner.run(base, renaming(joan)).outcome == "applied"


def test_R50_what_was_lost_over_its_commit_is_told_as_unknown_and_not_done_twice(base: Database) -> None:
    joan = add_customer(base)
    request = renaming(joan)

    def lose(connection: Any) -> None:
        end_connection(base, connection)

    event.listen(base.writer, "commit", lose)
    with pytest.raises(Unavailable) as lost:
        runner.run(base, request)
    event.remove(base.writer, "commit", lose)
    assert lost.value.code == "commit-unknown"
    assert "not done twice" in str(lost.value)
    assert runner.run(base, request).outcome == "applied"
    assert runner.run(base, request).repeated
