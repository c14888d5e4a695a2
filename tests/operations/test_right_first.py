"""Who may not do it at all is told so, whatever they typed: the right is judged before the input (R2)."""

from dataclasses import replace
from typing import Any

import pytest

from db import runner
from db.engine import Database
from db.errors import Invalid, ReadOnly, Refused
from db.operations import change_email, change_name
from tests.dump import ordered_dump
from tests.factories import actor, add_customer, add_operators

WRONG = [
    {"reason": ""},
    {"reason": "a\nb"},
    {"request_id": "no such id!"},
    {"version": 2**40},
    {"name": "x" * 301},
]
"""What can be wrong with a request before the data is looked at."""


@pytest.fixture
def base(database: Database) -> Database:
    add_operators(database)
    add_customer(database, emails=["joan@example.org"])
    return database


def request(role: str, *, name: str = "Jo", **given: Any) -> runner.Request:
    wanted = runner.Request(
        actor=actor(role),
        operation=change_name.OPERATION,
        params=change_name.ChangeName(customer=1, given_name=name),
        reason="asked",
    )
    return replace(wanted, **given)


@pytest.mark.parametrize("wrong", WRONG, ids=lambda wrong: next(iter(wrong)))
def test_R2_without_the_right_wrong_input_is_a_refusal_and_an_event(
    base: Database, wrong: dict[str, Any]
) -> None:
    before = len(ordered_dump(base)["audit_event"])
    with pytest.raises(Refused, match="Your role may not change name") as caught:
        runner.run(base, request("auditor", **wrong))
    assert caught.value.code == "permission"
    assert len(ordered_dump(base)["audit_event"]) == before + 1


@pytest.mark.parametrize("wrong", WRONG, ids=lambda wrong: next(iter(wrong)))
def test_R2_with_the_right_wrong_input_is_corrected_and_no_event(
    base: Database, wrong: dict[str, Any]
) -> None:
    before = ordered_dump(base)
    with pytest.raises(Invalid):
        runner.run(base, request("lead", **wrong))
    assert ordered_dump(base) == before


def test_R2_a_preview_judges_in_the_same_order_and_is_no_event(base: Database) -> None:
    before = ordered_dump(base)
    with pytest.raises(Refused):
        runner.preview(base, request("auditor", name="x" * 301))
    with pytest.raises(Invalid):
        runner.preview(base, request("lead", name="x" * 301))
    assert ordered_dump(base) == before


def test_a_right_that_depends_on_the_data_is_not_guessed_from_wrong_input(base: Database) -> None:
    params = change_email.ChangeEmail(customer=1, email="x" * 400)
    wanted: dict[str, Any] = {"operation": change_email.OPERATION, "params": params}
    with pytest.raises(Invalid, match="too long"):
        runner.run(base, replace(request("support"), **wanted))
    with pytest.raises(Refused):
        runner.run(base, replace(request("auditor"), **wanted))


def test_a_read_only_session_says_that_it_is_one(base: Database) -> None:
    with pytest.raises(ReadOnly):
        runner.refuse_without_right(
            replace(base, read_only=True), actor("auditor"), change_name.OPERATION, dry_run=False
        )
