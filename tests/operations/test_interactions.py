"""Starting and closing interactions, and notes taken in them (P2)."""

from typing import Any

import pytest
from sqlalchemy import select

from db import runner
from db.applied import Applied
from db.engine import Database
from db.errors import Invalid, Refused, Unknown
from db.models import Customer, Interaction, Note
from db.operations import REGISTRY
from db.params import build
from tests.factories import actor, add_customer, add_operators
from tests.operations.acting import do, rows


@pytest.fixture
def base(database: Database) -> Database:
    add_operators(database)
    return database


def start(base: Database, *, role: str = "support", **values: Any) -> int:
    """The number of the new interaction."""
    applied = do(base, "start-interaction", actor(role), **{"channel": "phone", **values})
    return int(applied.changes[0].row)


def interaction(base: Database, number: int) -> Any:
    with base.reading() as connection:
        return connection.execute(select(Interaction.__table__).where(Interaction.id == number)).one()


def note(
    base: Database, customer: int, text: str, *, role: str = "support", within: int | None = None
) -> Applied:
    operation = REGISTRY["add-note"]
    params = build(operation.params, {"customer": customer, "text": text})
    request = runner.Request(
        actor=actor(role), operation=operation, params=params, reason="call", interaction=within
    )
    return runner.run(base, request)


def test_P2_an_interaction_is_its_operators_and_open(base: Database) -> None:
    joan = add_customer(base)
    number = start(base, inbound_identifier="(415) 555-0142", ticket="T-77", customer=joan)
    row = interaction(base, number)
    assert (row.operator_id, row.customer_id, row.channel, row.direction) == ("kim", joan, "phone", "inbound")
    assert row.closed_at is None


def test_an_interaction_leaves_the_version_of_its_customer_alone(base: Database) -> None:
    joan = add_customer(base)
    do(base, "close-interaction", actor("support"), interaction=start(base, customer=joan))
    assert rows(base, Customer, joan)[0].version == 1


def test_the_event_of_an_interaction_names_its_customer(base: Database) -> None:
    joan = add_customer(base)
    assert do(base, "start-interaction", actor("support"), channel="chat", customer=joan).customer_id == joan


def test_P2_an_interaction_is_closed_once_and_by_its_operator(base: Database) -> None:
    number = start(base)
    with pytest.raises(Refused, match="another operator"):
        do(base, "close-interaction", actor("lead"), interaction=number)
    do(base, "close-interaction", actor("support"), interaction=number)
    assert interaction(base, number).closed_at is not None
    with pytest.raises(Invalid) as caught:
        do(base, "close-interaction", actor("support"), interaction=number)
    assert caught.value.code == "no-change"


def test_an_interaction_that_does_not_exist_is_unknown(base: Database) -> None:
    with pytest.raises(Unknown):
        do(base, "close-interaction", actor("support"), interaction=99)


def test_P2_back_office_work_is_the_leads_and_has_no_direction(base: Database) -> None:
    with pytest.raises(Refused, match="team lead"):
        start(base, channel="back-office")
    assert interaction(base, start(base, role="lead", channel="back-office")).direction == "none"


def test_a_call_has_a_direction(base: Database) -> None:
    with pytest.raises(Invalid) as caught:
        start(base, direction="none")
    assert caught.value.field == "direction"


def test_an_auditor_starts_nothing_and_writes_no_note(base: Database) -> None:
    joan = add_customer(base)
    with pytest.raises(Refused):
        start(base, role="auditor")
    with pytest.raises(Refused):
        note(base, joan, "hello", role="auditor")


def test_a_note_has_lines_and_knows_its_interaction(base: Database) -> None:
    joan = add_customer(base)
    number = start(base)
    note(base, joan, "First line.\nSecond line.", within=number)
    (row,) = rows(base, Note, joan)
    assert (row.text, row.operator_id, row.interaction_id) == ("First line.\nSecond line.", "kim", number)


@pytest.mark.parametrize("text", ["", " \n ", "x" * 4001])
def test_a_note_is_neither_empty_nor_endless(base: Database, text: str) -> None:
    joan = add_customer(base)
    with pytest.raises(Invalid) as caught:
        note(base, joan, text)
    assert caught.value.field == "text"
