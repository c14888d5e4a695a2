"""In which order a command is judged, and what it says where somebody else was faster."""

import pytest

from db.engine import Database
from db.rules.roles import Role
from tests.cli.conftest import Latchkey, bind
from tests.dump import ordered_dump
from tests.factories import add_customer, add_operators


def plant(base: Database) -> int:
    return add_customer(base, emails=["joan@example.org"])


def test_R55_a_stale_version_is_told_field_by_field_in_plain_text_too(
    latchkey: Latchkey, base: Database
) -> None:
    joan = plant(base)
    latchkey("do", "change-email", "--customer", joan, "--email", "joan.new@example.org", "--reason", "asked")
    note = ("do", "add-note", "--customer", joan, "--text", "hello", "--reason", "asked")
    answer = latchkey(*note, "--version", 1)
    assert (answer.status, answer.out) == (1, "")
    first, columns, *fields, sentence = answer.err.splitlines()
    assert first == "What changed meanwhile; the newest is version 2:"
    assert columns.split() == ["Field", "Before", "After"]
    assert ["email", "joan@example.org", "joan.new@example.org"] in [line.split() for line in fields]
    assert sentence.startswith("Somebody changed this meanwhile.")


@pytest.mark.parametrize("wrong", [("--customer", "C-10x"), ("--given-name", "a\nb"), ("--reason", "")])
def test_R2_who_may_not_is_told_so_before_what_was_typed_is_judged(
    wrong: tuple[str, str], latchkey: Latchkey, empty: Database
) -> None:
    add_operators(empty)
    bind(empty, Role.AUDITOR)
    joan = plant(empty)
    words = ("do", "change-name", "--customer", joan, "--given-name", "Jo", "--reason", "asked", *wrong)
    assert latchkey(*words, "--json").error["code"] == "permission"
    refused = [row for row in ordered_dump(empty)["audit_event"] if "refused" in row]
    assert len(refused) == 1
    if wrong[0] != "--reason":  # a preview needs none
        assert latchkey(*words, "--dry-run", "--json").error["code"] == "permission"
    assert len([row for row in ordered_dump(empty)["audit_event"] if "refused" in row]) == 1


def test_R2_who_may_not_is_not_asked_to_confirm(latchkey: Latchkey, empty: Database) -> None:
    add_operators(empty)
    bind(empty, Role.SUPPORT)
    change = ("do", "change-operator-role", "--operator", "rosa", "--role", "admin", "--reason", "asked")
    assert latchkey(*change, "--json").error["code"] == "permission"
    role = ("operator", "role", "rosa", "admin", "--reason", "asked")
    assert latchkey(*role, "--json").error["code"] == "permission"
