"""A username equal to another's email is refused unless both hold that email, whichever is set last (P1)."""

from dataclasses import replace
from typing import Any

import pytest

from db.applied import Applied
from db.engine import Database
from db.errors import Clash, Invalid
from db.models import AuthenticationProfile, EmailProfile
from tests.conftest import Clock
from tests.dump import ordered_dump
from tests.factories import actor, add_customer, add_operators
from tests.operations.acting import do, rows

SHARED = "joan@example.org"


@pytest.fixture
def base(database: Database, clock: Clock) -> Database:
    add_operators(database)
    return replace(database, clock=clock)


def act(base: Database, operation: str, **values: Any) -> Applied:
    return do(base, operation, actor(), **values)


def refused(base: Database, holder: int, operation: str, **values: Any) -> Clash:
    before = ordered_dump(base)
    with pytest.raises(Clash, match=f"^C-{holder} .* signs in with this as username") as caught:
        act(base, operation, **values)
    assert caught.value.holder.customer_id == holder
    assert caught.value.field == "email"
    assert ordered_dump(base) == before
    return caught.value


@pytest.fixture
def joan(base: Database) -> int:
    """She signs in with an address that is not on file as her email."""
    return add_customer(base, sign_ins=[SHARED])


def test_P1_adding_an_email_that_is_anothers_username_is_refused(base: Database, joan: int) -> None:
    daniel = add_customer(base, given_name="Daniel")
    refused(base, joan, "add-email", customer=daniel, email="JOAN@example.org")


def test_P1_enrolling_with_an_email_that_is_anothers_username_is_refused(base: Database, joan: int) -> None:
    refused(base, joan, "add-customer", given_name="Daniel", family_name="Anderson", email=SHARED)


def test_P1_changing_an_email_to_anothers_username_is_refused(base: Database, joan: int) -> None:
    daniel = add_customer(base, given_name="Daniel", emails=["daniel@example.org"])
    refused(base, joan, "change-email", customer=daniel, email=SHARED)


def test_P1_correcting_a_wrong_address_to_anothers_username_while_sending_a_link_is_refused(
    base: Database, joan: int
) -> None:
    unverified = ("j.anderson@example.org", "unverified")
    daniel = add_customer(base, given_name="Daniel", emails=[unverified], sign_ins=["danderson"])
    refused(base, joan, "send-sign-in-link", customer=daniel, email=SHARED)


def test_P1_reactivating_with_an_email_that_is_anothers_username_is_refused(
    base: Database, joan: int
) -> None:
    daniel = add_customer(base, given_name="Daniel", emails=[SHARED], status="suspended")
    refused(base, joan, "reactivate-customer", customer=daniel)
    act(base, "change-email", customer=daniel, email="daniel@example.org")
    act(base, "reactivate-customer", customer=daniel)


def test_P1_reactivating_a_pass_with_an_email_that_is_anothers_username_is_refused(
    base: Database, joan: int
) -> None:
    daniel = add_customer(base, given_name="Daniel", emails=[SHARED], passes=[("P-1001", "suspended")])
    refused(base, joan, "reactivate-pass", customer=daniel, pass_row=1)


def test_P1_an_email_that_both_hold_may_be_the_username_of_one(base: Database) -> None:
    add_customer(base, emails=[SHARED], sign_ins=[SHARED])
    daniel = add_customer(base, given_name="Daniel")
    act(base, "add-email", customer=daniel, email=SHARED)
    assert [row.canonical for row in rows(base, EmailProfile, daniel)] == [SHARED]


def test_P1_ones_own_username_may_become_ones_email(base: Database, joan: int) -> None:
    act(base, "add-email", customer=joan, email=SHARED)
    assert [row.canonical for row in rows(base, EmailProfile, joan)] == [SHARED]


@pytest.mark.parametrize("status", ["merged", "erased"])
def test_P1_the_username_of_a_customer_who_is_gone_bars_nobody(base: Database, status: str) -> None:
    daniel = add_customer(base, given_name="Daniel")
    survivor = daniel if status == "merged" else None
    add_customer(base, sign_ins=[SHARED], status=status, merged_into_id=survivor)
    act(base, "add-email", customer=daniel, email=SHARED)


@pytest.mark.parametrize(
    ("operation", "values", "field"),
    [
        ("change-email", {"email": "joan.new@example.org"}, "email"),
        ("remove-email", {"profile": 1}, "profile"),
    ],
)
def test_P1_an_email_that_both_hold_stays_while_it_is_the_username_of_one(
    base: Database, operation: str, values: dict[str, Any], field: str
) -> None:
    joan = add_customer(base, emails=[SHARED], sign_ins=[SHARED])
    daniel = add_customer(base, given_name="Daniel", emails=[SHARED])
    with pytest.raises(Invalid, match=rf"C-{daniel} .*Change the username first") as caught:
        act(base, operation, customer=joan, **values)
    assert caught.value.field == field
    act(base, "set-username", customer=joan, username="janderson")
    act(base, operation, customer=joan, **values)


def test_P1_the_one_without_the_username_gives_the_shared_email_up_freely(base: Database) -> None:
    add_customer(base, emails=[SHARED], sign_ins=[SHARED])
    daniel = add_customer(base, given_name="Daniel", emails=[SHARED])
    act(base, "change-email", customer=daniel, email="daniel@example.org")
    assert [row.canonical for row in rows(base, EmailProfile, daniel)] == ["daniel@example.org"]


@pytest.mark.parametrize("username", ["P-77001", "p77001", "p7-70\u201301"])
@pytest.mark.parametrize("state", ["active", "suspended", "expired"])
def test_P1_a_username_that_reads_as_the_pass_of_another_is_refused(
    base: Database, username: str, state: str
) -> None:
    joan = add_customer(base, passes=[("P-77001", state)])
    daniel = add_customer(base, given_name="Daniel", sign_ins=["danderson"])
    for operation in ("set-username", "create-sign-in"):
        with pytest.raises(Clash, match=f"id of a pass of C-{joan} ") as caught:
            act(base, operation, customer=daniel, username=username)
        assert (caught.value.field, caught.value.holder.customer_id) == ("username", joan)


def test_P1_ones_own_pass_id_may_be_ones_username(base: Database) -> None:
    joan = add_customer(base, sign_ins=["janderson"], passes=["P-77001"])
    act(base, "set-username", customer=joan, username="P-77001")
    assert rows(base, AuthenticationProfile, joan)[0].canonical == "p-77001"


@pytest.mark.parametrize("username", ["P-77001", "p77001", "-p77001", "p7-70\u201301"])
def test_P1_a_pass_that_is_anothers_username_is_not_reactivated(base: Database, username: str) -> None:
    joan = add_customer(base, passes=[("P-77001", "suspended")], sign_ins=["P-7700-1"])
    daniel = add_customer(base, given_name="Daniel", sign_ins=[username, "P-77002"])
    with pytest.raises(Clash, match=f"^C-{daniel} .*set-username") as caught:
        act(base, "reactivate-pass", customer=joan, pass_row=1)
    assert (caught.value.field, caught.value.holder.customer_id) == ("pass_row", daniel)
    act(base, "set-username", customer=daniel, sign_in=2, username="danderson")
    act(base, "reactivate-pass", customer=joan, pass_row=1)
