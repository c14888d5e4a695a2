"""What a request may hold, and what repeating one answers: only to who asked, only the same wish."""

from dataclasses import replace
from typing import Any

import pytest

from db import runner
from db.applied import Applied
from db.engine import Database
from db.errors import Invalid, Refused
from db.operations import REGISTRY
from db.params import build
from db.rules.dedup import DedupMode
from tests.conftest import Clock
from tests.factories import actor, add_customer, add_operators


@pytest.fixture
def base(database: Database, clock: Clock) -> Database:
    add_operators(database)
    return replace(database, clock=clock)


def ask(base: Database, name: str, *, role: str = "lead", request_id: str | None = None, **values) -> Applied:
    operation = REGISTRY[name]
    request = runner.Request(
        actor=actor(role), operation=operation, params=build(operation.params, values), reason="asked"
    )
    return runner.run(base, request if request_id is None else replace(request, request_id=request_id))


def test_a_repeated_request_is_answered_as_before(base: Database) -> None:
    joan = add_customer(base)
    first = ask(base, "change-name", request_id="R-1", customer=joan, given_name="Joanna")
    again = ask(base, "change-name", request_id="R-1", customer=joan, given_name="Joanna")
    assert (again.event, again.repeated) == (first.event, True)


def test_R12_another_operator_gets_no_answer_from_a_request_id(base: Database) -> None:
    joan = add_customer(base)
    ask(base, "change-name", request_id="R-1", customer=joan, given_name="Joanna")
    with pytest.raises(Invalid) as caught:
        ask(base, "change-name", role="admin", request_id="R-1", customer=joan, given_name="Joanna")
    assert caught.value.field == "request_id"


def test_a_request_id_with_other_parameters_is_refused_and_not_swallowed(base: Database) -> None:
    joan = add_customer(base)
    ask(base, "change-name", request_id="R-1", customer=joan, given_name="Joanna")
    with pytest.raises(Invalid):
        ask(base, "change-name", request_id="R-1", customer=joan, given_name="Jo")


def test_R49_a_disabled_operator_gets_no_answer_from_their_own_request_id(base: Database) -> None:
    joan = add_customer(base)
    ask(base, "change-name", request_id="R-1", customer=joan, given_name="Joanna")
    ask(base, "disable-operator", role="admin", operator="rosa")
    with pytest.raises(Refused):
        ask(base, "change-name", request_id="R-1", customer=joan, given_name="Joanna")


@pytest.mark.parametrize("request_id", ["", "x" * 65, "a b", "\udcff", "a\n"])
def test_a_request_id_is_short_and_plain(base: Database, request_id: str) -> None:
    with pytest.raises(Invalid) as caught:
        ask(base, "change-name", request_id=request_id, customer=add_customer(base), given_name="Jo")
    assert caught.value.field == "request_id"


@pytest.mark.parametrize("number", [2**31, 10**20, -(10**20)])
def test_a_number_too_large_for_a_column_gets_a_sentence(base: Database, number: int) -> None:
    with pytest.raises(Invalid):
        ask(base, "change-email", customer=add_customer(base), profile=number, email="a@example.org")


def test_a_reason_with_characters_that_nobody_sees_is_refused(base: Database) -> None:
    operation = REGISTRY["change-name"]
    params = build(operation.params, {"customer": add_customer(base), "given_name": "Jo"})
    request = runner.Request(actor=actor(), operation=operation, params=params, reason="a\x1b]52;c;AAA\x07")
    with pytest.raises(Invalid) as caught:
        runner.run(base, request)
    assert caught.value.field == "reason"


def test_a_wrong_choice_names_the_right_ones(base: Database) -> None:
    with pytest.raises(Invalid) as caught:
        ask(base, "change-dedup-mode", role="admin", mode="phone")
    assert all(mode.value in caught.value.sentence for mode in DedupMode)


def test_A32_a_typo_onto_the_address_of_another_customer_is_refused_to_support_in_every_mode(
    base: Database,
) -> None:
    add_customer(base, emails=["vic.tim@gmail.com"])
    mal = add_customer(base, emails=[("vic.tim@gmail.co", "unverified")])
    with pytest.raises(Refused):
        ask(base, "change-email", role="support", customer=mal, email="vic.tim@gmail.com")


def test_R20_new_addresses_for_a_customer_are_limited(base: Database) -> None:
    joan = add_customer(base, emails=[("joan@example.org", "unverified")])
    for turn in range(5):
        ask(base, "change-email", customer=joan, email=f"joan{turn}@example.org")
    with pytest.raises(Refused) as caught:
        ask(base, "change-email", customer=joan, email="joan9@example.org")
    assert caught.value.code == "rate"


def test_R32_disabling_the_second_admin_makes_nobody_the_sole_approver(base: Database) -> None:
    operation = REGISTRY["add-operator"]
    params = build(operation.params, {"id": "eve", "display_name": "Eve", "role": "admin"})
    runner.run(base, runner.Request(actor=actor("admin"), operation=operation, params=params, reason="hired"))
    ask(base, "disable-operator", role="admin", operator="eve")
    operation = REGISTRY["change-operator-role"]
    params = build(operation.params, {"operator": "kim", "role": "admin"})
    with pytest.raises(Refused):
        runner.run(base, runner.Request(actor=actor("admin"), operation=operation, params=params, reason="x"))


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"reason": "x" * 601}, "reason"),
        ({"reason": "\udcff"}, "reason"),
        ({"request_id": "\udcff"}, "request_id"),
        ({"request_id": "r" * 300}, "request_id"),
        ({"version": 2**40}, "version"),
        ({"interaction": 2**40}, "interaction"),
    ],
)
def test_a_preview_refuses_what_the_run_would_refuse(
    base: Database, given: dict[str, Any], field: str
) -> None:
    params = build(REGISTRY["change-name"].params, {"customer": add_customer(base), "given_name": "Joanna"})
    asked = runner.Request(actor=actor(), operation=REGISTRY["change-name"], params=params, reason="asked")
    with pytest.raises(Invalid) as caught:
        runner.preview(base, replace(asked, **given))
    assert caught.value.field == field


def test_a_preview_waits_for_the_reason(base: Database) -> None:
    params = build(REGISTRY["change-name"].params, {"customer": add_customer(base), "given_name": "Joanna"})
    asked = runner.Request(actor=actor(), operation=REGISTRY["change-name"], params=params, reason="")
    assert runner.preview(base, asked).outcome == "dry-run"
