"""Undoing a merge: exactly, in order, with what was changed since as somebody chose (R35)."""

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import text

from db import guard, runner
from db.engine import Database
from db.errors import Clash, IntegrityFailed, Invalid, Refused, Unknown
from db.merging.undo import Unresolved
from db.models import (
    AuthenticationProfile,
    Customer,
    CustomerSession,
    EmailProfile,
    Link,
    Message,
    SignInState,
)
from tests.conftest import Clock
from tests.factories import add_customer, add_operators, building
from tests.merging.people import attach, data, do, merge, request, row_of, rows_of, unmerge


@pytest.fixture
def base(database: Database) -> Database:
    add_operators(database)
    return database


def pair(base: Database) -> tuple[int, int]:
    joan = add_customer(base, emails=["joan@example.org"], sign_ins=["joan"])
    return joan, add_customer(
        base, given_name="Jo", emails=["jo@example.org", "j@example.org"], sign_ins=["jo"]
    )


def test_two_merges_are_undone_in_order_and_not_out_of_it(base: Database) -> None:
    first, second, third = (add_customer(base, emails=[f"{name}@example.org"]) for name in "abc")
    start = data(base)
    merge(base, second, first)
    between = data(base)
    merge(base, third, second)
    with pytest.raises(Invalid) as caught:
        unmerge(base, second)
    assert caught.value.code == "merged-on-top"
    assert f"unmerge-customers on C-{third}, merge 2" in caught.value.sentence
    unmerge(base, third)
    assert data(base) == between
    unmerge(base, second)
    assert data(base) == start


def test_an_edit_under_a_merge_on_top_is_asked_about_when_the_one_below_is_undone(base: Database) -> None:
    first, second, third = (add_customer(base, emails=[f"{name}@example.org"]) for name in "abc")
    merge(base, second, first)
    merge(base, third, second)
    do(base, "change-email", customer=third, profile=1, email="new@example.org")
    unmerge(base, third, rest="restore")
    assert row_of(base, EmailProfile, 1).customer_id == second
    with pytest.raises(Unresolved) as caught:
        unmerge(base, second)
    assert [conflict.key for conflict in caught.value.conflicts] == ["email_profile#1"]


def test_of_two_merges_into_one_survivor_the_later_is_undone_first(base: Database) -> None:
    joan, one, other = (add_customer(base) for _ in range(3))
    merge(base, joan, one)
    merge(base, joan, other)
    with pytest.raises(Invalid) as caught:
        unmerge(base, joan, merge=1)
    assert caught.value.code == "merged-on-top"
    unmerge(base, joan)
    unmerge(base, joan)
    assert {row_of(base, Customer, number).merged_into_id for number in (joan, one, other)} == {None}


def test_what_was_never_merged_or_is_undone_already_is_said(base: Database) -> None:
    joan, double = pair(base)
    with pytest.raises(Unknown):
        unmerge(base, joan)
    merge(base, joan, double, sign_in=1)
    unmerge(base, joan)
    with pytest.raises(Unknown):
        unmerge(base, joan)
    merge(base, joan, double, sign_in=1)  # and it can be merged again
    unmerge(base, joan)


def test_a_field_that_was_changed_since_is_asked_about(base: Database) -> None:
    joan, double = pair(base)
    merge(base, joan, double, sign_in=1, given_name_from=double)
    do(base, "change-name", customer=joan, given_name="Johanna")
    before = data(base)
    with pytest.raises(Unresolved) as caught:
        unmerge(base, joan)
    assert data(base) == before
    (conflict,) = caught.value.conflicts
    assert (conflict.key, conflict.was, conflict.now, conflict.by) == (
        f"customer.given_name#{joan}",
        "Joan",
        "Johanna",
        "rosa",
    )


@pytest.mark.parametrize(("choice", "name"), [("keep", "Johanna"), ("restore", "Joan")])
def test_the_choice_decides_about_a_field(base: Database, choice: str, name: str) -> None:
    joan, double = pair(base)
    merge(base, joan, double, sign_in=1, given_name_from=double)
    do(base, "change-name", customer=joan, given_name="Johanna")
    unmerge(base, joan, choices=f"customer.given_name#{joan}={choice}")
    assert row_of(base, Customer, joan).given_name == name
    assert row_of(base, Customer, double).given_name == "Jo"


@pytest.mark.parametrize(("choice", "owner"), [("keep", 0), ("restore", 1)])
def test_a_row_that_was_changed_since_stays_or_goes_back_as_it_is_now(
    base: Database, choice: str, owner: int
) -> None:
    people = pair(base)
    merge(base, *people, sign_in=1)
    do(base, "change-email", customer=people[0], profile=2, email="jo.new@example.org")
    with pytest.raises(Unresolved) as caught:
        unmerge(base, people[0])
    assert [conflict.key for conflict in caught.value.conflicts] == ["email_profile#2"]
    unmerge(base, people[0], choices=f"email_profile#2={choice}")
    email = row_of(base, EmailProfile, 2)
    assert (email.customer_id, email.address) == (people[owner], "jo.new@example.org")
    for number in people:
        assert sum(row.is_primary for row in rows_of(base, EmailProfile, number)) == 1


def test_all_conflicts_can_be_decided_at_once_and_strange_choices_are_refused(base: Database) -> None:
    joan, double = pair(base)
    merge(base, joan, double, sign_in=1, given_name_from=double)
    do(base, "change-name", customer=joan, given_name="Johanna")
    for wrong in ("nonsense", "customer.given_name#9=keep"):
        with pytest.raises(Invalid) as caught:
            unmerge(base, joan, choices=wrong)
        assert caught.value.field == "choices"
    unmerge(base, joan, rest="restore")
    assert row_of(base, Customer, joan).given_name == "Joan"


def test_a_row_that_was_removed_since_stays_removed(base: Database) -> None:
    joan, double = pair(base)
    merge(base, joan, double, sign_in=1)
    do(base, "remove-email", customer=joan, profile=2)
    applied = unmerge(base, joan)
    assert any("email_profile#2" in sentence for sentence in applied.outcomes)
    (left,) = rows_of(base, EmailProfile, double)
    assert (left.address, left.is_primary) == ("j@example.org", True)


def test_a_later_primary_wins(base: Database) -> None:
    joan, double = pair(base)
    merge(base, joan, double, sign_in=1)
    do(base, "make-email-primary", customer=joan, profile=3)
    with pytest.raises(Unresolved):
        unmerge(base, joan)
    unmerge(base, joan, rest="restore")
    for number in (joan, double):
        assert sum(row.is_primary for row in rows_of(base, EmailProfile, number)) == 1


def test_what_came_since_stays_with_the_survivor(base: Database) -> None:
    joan, double = pair(base)
    merge(base, joan, double, sign_in=1)
    do(base, "add-phone", customer=joan, phone="+1 202 555 0108")
    unmerge(base, joan)
    with base.reading() as connection:
        owner = connection.execute(text("SELECT customer_id FROM phone_profile")).scalar()
    assert owner == joan


def test_R33_A36_a_flag_that_came_since_stays_on_both(base: Database) -> None:
    joan, double = pair(base)
    merge(base, joan, double, sign_in=1)
    with building(base) as session:
        session.get_one(Customer, joan).takeover_flag = True
    unmerge(base, joan)
    assert all(row_of(base, Customer, number).takeover_flag for number in (joan, double))


def test_R35_a_suspension_that_came_since_stays_on_both(base: Database) -> None:
    joan, double = pair(base)
    merge(base, joan, double, sign_in=1)
    do(base, "suspend-customer", customer=joan)
    unmerge(base, joan)
    assert {row_of(base, Customer, number).status.value for number in (joan, double)} == {"suspended"}


def test_R35_a_lock_that_came_since_stays(base: Database) -> None:
    joan, double = pair(base)
    merge(base, joan, double, sign_in=2)
    do(base, "lock-sign-in", customer=joan, sign_in=2)
    unmerge(base, joan, rest="restore")
    sign_in = row_of(base, AuthenticationProfile, 2)
    assert (sign_in.customer_id, sign_in.state) == (double, SignInState.LOCKED)


def test_R35_a_password_that_was_set_while_the_accounts_were_one_must_be_set_again(base: Database) -> None:
    joan, double = pair(base)
    attach(base, double, sign_in=2, email=2)
    merge(base, joan, double, sign_in=2)
    with building(base) as session:
        session.get_one(AuthenticationProfile, 2).credential_version += 1
    unmerge(base, joan)
    assert row_of(base, AuthenticationProfile, 2).state is SignInState.RESET_REQUIRED
    assert all(row.voided_at is not None for row in rows_of(base, Link, double))
    assert all(row.ended_at is not None for row in rows_of(base, CustomerSession, double))


def test_R17_what_a_merge_ended_comes_back_only_while_it_would_still_run(
    database: Database, clock: Clock
) -> None:
    base = replace(database, clock=clock)
    add_operators(base)
    joan, double = pair(base)
    attach(base, double)
    merge(base, joan, double, sign_in=1)
    clock.advance(hours=25)
    unmerge(base, joan)
    assert all(row.voided_at is not None for row in rows_of(base, Link, double))
    assert {row.state.value for row in rows_of(base, Message, double)} == {"void"}


def test_P4_an_address_that_somebody_has_taken_since_stops_the_undo(base: Database) -> None:
    joan = add_customer(base, emails=["joan@example.org"])
    double = add_customer(base, emails=["joan@example.org"])
    merge(base, joan, double)
    do(base, "change-email", customer=joan, profile=1, email="joan.new@example.org")
    ann = add_customer(base, given_name="Ann", emails=["joan@example.org"])
    runner.run(base, request("change-dedup-mode", role="admin", mode="by-email"))
    with pytest.raises(Clash) as caught:
        unmerge(base, joan)
    assert caught.value.holder.customer_id == ann


def test_a_ledger_that_was_tampered_with_is_not_used(base: Database) -> None:
    joan, double = pair(base)
    merge(base, joan, double, sign_in=1)
    with base.writer.connect() as connection, guard.writing(connection, "migration"), connection.begin():
        connection.execute(text("UPDATE merge_row SET before = '99' WHERE column_name = 'customer_id'"))
    with pytest.raises(IntegrityFailed):
        unmerge(base, joan)


def test_undo_is_the_leads_and_a_preview_changes_nothing(base: Database) -> None:
    joan, double = pair(base)
    merge(base, joan, double, sign_in=1)
    before: dict[str, Any] = data(base)
    with pytest.raises(Refused):
        runner.run(base, request("unmerge-customers", role="support", customer=joan))
    assert runner.preview(base, request("unmerge-customers", customer=joan)).outcome == "dry-run"
    assert data(base) == before
