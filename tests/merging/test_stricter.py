"""One sign-in stays in use, and the stricter state of all of them survives a merge and its undo (R35)."""

import pytest

from db.engine import Database
from db.merging.blocker import Blocked
from db.models import (
    AuthenticationProfile,
    ContactState,
    Customer,
    CustomerSession,
    CustomerStatus,
    EmailProfile,
    SignInState,
)
from tests.factories import add_customer, add_operators, building
from tests.merging.people import SOON, attach, merge, refusal, row_of, rows_of, unmerge


@pytest.fixture
def base(database: Database) -> Database:
    add_operators(database)
    return database


def test_two_sign_ins_in_use_need_a_choice_and_the_other_is_disabled_with_its_sessions(
    base: Database,
) -> None:
    joan, double = add_customer(base, sign_ins=["joan"]), add_customer(base, sign_ins=["jo"])
    attach(base, joan, sign_in=1)
    attach(base, double, sign_in=2)
    found = refusal(base, joan, double)
    assert isinstance(found, Blocked)
    assert (found.code, found.field) == ("two-sign-ins", "sign_in")
    merge(base, joan, double, sign_in=2)
    states = [
        (row.customer_id, row.state) for row in (row_of(base, AuthenticationProfile, each) for each in (1, 2))
    ]
    assert states == [(joan, SignInState.DISABLED), (joan, SignInState.ACTIVE)]
    assert all(row.ended_at is not None for row in rows_of(base, CustomerSession, joan))


def test_the_sessions_of_the_survivors_own_sign_in_go_on(base: Database) -> None:
    joan, double = add_customer(base, sign_ins=["joan"]), add_customer(base, sign_ins=["jo"])
    attach(base, joan, sign_in=1)
    attach(base, double, sign_in=2)
    merge(base, joan, double, sign_in=1)
    ended = {
        row.authentication_profile_id: row.ended_at is not None
        for row in rows_of(base, CustomerSession, joan)
    }
    assert ended == {1: False, 2: True}


def test_a_placeholder_gives_way_by_itself(base: Database) -> None:
    joan, double = add_customer(base, sign_ins=[("joan", "placeholder")]), add_customer(base, sign_ins=["jo"])
    merge(base, joan, double)
    assert row_of(base, AuthenticationProfile, 1).state is SignInState.DISABLED
    assert row_of(base, AuthenticationProfile, 2).customer_id == joan


@pytest.mark.parametrize(
    ("kept", "other", "status", "after"),
    [
        ("active", "locked", "active", "locked"),
        ("active", "reset-required", "active", "reset-required"),
        ("placeholder", "reset-required", "active", "placeholder"),
        ("active", "disabled", "active", "active"),
        ("locked", "active", "active", "locked"),
        ("active", "placeholder", "inactive", "reset-required"),
    ],
)
def test_R35_the_stricter_state_survives(
    base: Database, kept: str, other: str, status: str, after: str
) -> None:
    joan = add_customer(base, sign_ins=[("joan", kept)], status=status)
    double = add_customer(base, sign_ins=[("jo", other)], status=status)
    merge(base, joan, double, sign_in=1)
    assert row_of(base, AuthenticationProfile, 1).state.value == after
    unmerge(base, joan)
    states = [row_of(base, AuthenticationProfile, each).state.value for each in (1, 2)]
    assert states == [kept, other]


def test_R35_suspension_bouncing_counters_and_cool_downs_survive(base: Database) -> None:
    joan = add_customer(base, emails=["joan@example.org"], sign_ins=["joan"])
    double = add_customer(
        base, emails=[("joan@example.org", "bouncing")], sign_ins=[("jo", "placeholder")], status="suspended"
    )
    with building(base) as session:
        session.get_one(EmailProfile, 2).cool_down_until = SOON
        session.get_one(Customer, double).phone_cool_down_until = SOON
        session.get_one(AuthenticationProfile, 2).code_failures = 7
    merge(base, joan, double)
    person, email, sign_in = (
        row_of(base, Customer, joan), row_of(base, EmailProfile, 1), row_of(base, AuthenticationProfile, 1)
    )  # fmt: skip
    assert (person.status, person.phone_cool_down_until) == (CustomerStatus.SUSPENDED, SOON)
    assert (email.state, email.cool_down_until) == (ContactState.BOUNCING, SOON)
    assert sign_in.code_failures == 7
