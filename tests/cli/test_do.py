"""Changes on the command line: what `do` answers, refuses, and asks for."""

import pytest

from db.engine import Database
from db.rules.roles import Role
from tests.cli.changing import change_email, plant
from tests.cli.conftest import Latchkey, bind
from tests.dump import ordered_dump
from tests.factories import add_customer, add_operators


def test_do_answers_what_was_changed(latchkey: Latchkey, base: Database) -> None:
    joan = plant(base)
    answer = change_email(latchkey, f"C-{joan}", "joan.new@example.org").json
    assert (answer["operation"], answer["outcome"]) == ("change-email", "applied")
    assert isinstance(answer["event"], int)
    assert {key: value for key, value in answer["changes"][0].items() if key != "row"} == {
        "field": "email_profile.address",
        "before": "joan@example.org",
        "after": "joan.new@example.org",
    }
    assert answer["outcomes"]


def test_a_dry_run_says_the_same_and_changes_nothing(latchkey: Latchkey, base: Database) -> None:
    joan = plant(base)
    before = ordered_dump(base)
    answer = change_email(latchkey, joan, "joan.new@example.org", "--dry-run").json
    assert (answer["outcome"], answer["event"]) == ("dry-run", None)
    assert answer["changes"][0]["after"] == "joan.new@example.org"
    assert ordered_dump(base) == before


def test_do_tells_people_what_was_done(latchkey: Latchkey, base: Database) -> None:
    joan = plant(base)
    words = ("do", "change-email", "--customer", joan, "--email", "joan.new@example.org", "--reason", "asked")
    answer = latchkey(*words)
    assert "joan.new@example.org" in answer.out
    assert f"Done for C-{joan}: event" in answer.out


def test_the_same_request_id_twice_is_done_once(latchkey: Latchkey, base: Database) -> None:
    joan = plant(base)
    first = change_email(latchkey, joan, "joan.new@example.org", "--request-id", "one").json
    second = change_email(latchkey, joan, "joan.new@example.org", "--request-id", "one").json
    assert second["event"] == first["event"]
    assert second["repeated"] is True


def test_an_empty_reason_is_refused(latchkey: Latchkey, base: Database) -> None:
    joan = plant(base)
    answer = latchkey("do", "change-email", "--customer", joan, "--email", "j@example.org", "--json")
    assert (answer.status, answer.error["field"]) == (1, "reason")


def test_a_missing_value_is_named(latchkey: Latchkey, base: Database) -> None:
    answer = latchkey("do", "change-email", "--reason", "asked", "--json")
    assert answer.status == 1
    assert answer.error == {"code": "invalid", "message": "Customer is required.", "field": "customer"}


@pytest.mark.parametrize(
    "email", ["joan@", "jo\u0430n@example.org", "[/x]", "joan\x1b@example.org", "a" * 65536], ids=range(5)
)
def test_A31_an_address_that_cannot_be_one_is_refused(email: str, latchkey: Latchkey, base: Database) -> None:
    joan = plant(base)
    before = ordered_dump(base)
    answer = change_email(latchkey, joan, email)
    assert (answer.status, answer.error["field"]) == (1, "email")
    assert ordered_dump(base) == before


def test_an_impossible_phone_number_is_refused(latchkey: Latchkey, base: Database) -> None:
    joan = plant(base)
    words = ("do", "add-phone", "--customer", joan, "--phone", "12", "--reason", "asked", "--json")
    answer = latchkey(*words)
    assert (answer.status, answer.error["field"]) == (1, "phone")


def test_P4_a_clash_names_field_and_holder(latchkey: Latchkey, base: Database) -> None:
    mode = latchkey("do", "change-dedup-mode", "--mode", "by-email", "--reason", "policy")
    assert mode.status == 0
    joan = plant(base)
    daniel = add_customer(base, given_name="Daniel", emails=["daniel@example.org"])
    answer = change_email(latchkey, daniel, "JOAN@example.org")
    assert (answer.status, answer.error["code"], answer.error["field"]) == (1, "clash", "email")
    assert answer.error["holder"]["customer_id"] == joan


def test_R55_a_stale_version_is_refused_and_shows_what_changed(latchkey: Latchkey, base: Database) -> None:
    joan = plant(base)
    version = latchkey("show", joan, "--json").json["version"]
    change_email(latchkey, joan, "joan.new@example.org")
    answer = change_email(latchkey, joan, "joan.third@example.org", "--version", str(version))
    assert (answer.status, answer.error["code"]) == (1, "stale")
    assert answer.error["changes"][0]["after"] == "joan.new@example.org"


def test_no_permission_says_who_may(latchkey: Latchkey, empty: Database) -> None:
    add_operators(empty)
    bind(empty, Role.SUPPORT)
    joan = plant(empty)
    answer = change_email(latchkey, joan, "john@example.org")
    assert (answer.status, answer.error["code"]) == (1, "permission")
    assert "team lead" in answer.error["message"]


def test_R49_a_disabled_operator_gets_nowhere(latchkey: Latchkey, empty: Database) -> None:
    bind(empty, Role.ADMIN, is_active=False)
    for words in (("find", "joan"), ("audit", "list"), ("settings", "list")):
        answer = latchkey(*words, "--json")
        assert (answer.status, answer.error["code"]) == (1, "permission")


def test_R50_the_environment_names_no_operator(
    latchkey: Latchkey, empty: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_operators(empty)
    for name in ("USER", "LOGNAME", "USERNAME", "LATCHKEY_OPERATOR"):
        monkeypatch.setenv(name, "ada")
    answer = latchkey("find", "joan", "--json")
    assert (answer.status, answer.error["code"]) == (1, "permission")


def test_what_cannot_be_undone_is_confirmed_by_name(latchkey: Latchkey, base: Database) -> None:
    words = ("operator", "role", "kim", "lead", "--reason", "promoted", "--json")
    answer = latchkey(*words)
    assert (answer.status, answer.error["code"], answer.error["field"]) == (1, "confirm", "confirm")
