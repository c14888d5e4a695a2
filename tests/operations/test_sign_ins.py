"""Creating, naming, locking and disabling sign-ins (P1, R14, R15, R18)."""

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select

from db.applied import Applied
from db.engine import Database
from db.errors import Clash, Invalid, Refused
from db.hashing import needs_rehash
from db.models import AuditDetail, AuthenticationProfile, EmailProfile
from tests.conftest import Clock
from tests.factories import actor, add_customer, add_operators
from tests.operations.acting import do, fields_of, open_links, rows

JOANS = "joan@example.org"


@pytest.fixture
def base(database: Database, clock: Clock) -> Database:
    add_operators(database)
    return replace(database, clock=clock)


def act(base: Database, operation: str, customer: int, *, role: str = "lead", **values: Any) -> Applied:
    return do(base, operation, actor(role), customer=customer, **values)


def sign_ins(base: Database, customer: int) -> list[Any]:
    return rows(base, AuthenticationProfile, customer)


def test_R15_a_new_sign_in_is_a_placeholder_that_costs_as_much_as_any(base: Database) -> None:
    joan = add_customer(base, emails=[JOANS])
    act(base, "create-sign-in", joan)
    (row,) = sign_ins(base, joan)
    assert (row.username, row.canonical, row.state.value) == (JOANS, JOANS, "placeholder")
    assert not needs_rehash(row.password_hash)


def test_R12_the_hash_is_recorded_as_written_and_never_shown(base: Database) -> None:
    joan = add_customer(base, emails=[JOANS])
    applied = act(base, "create-sign-in", joan)
    assert ("authentication_profile.password_hash", None, "(hidden)") in fields_of(applied)
    with base.reading() as connection:
        assert not [
            text for text in connection.execute(select(AuditDetail.after)).scalars() if "$" in (text or "")
        ]


def test_P1_a_customer_without_email_needs_a_username(base: Database) -> None:
    joan = add_customer(base)
    with pytest.raises(Invalid) as caught:
        act(base, "create-sign-in", joan)
    assert caught.value.field == "username"
    act(base, "create-sign-in", joan, username="janderson")
    assert sign_ins(base, joan)[0].canonical == "janderson"


def test_P1_a_username_that_is_taken_names_the_holder(base: Database) -> None:
    joan = add_customer(base, sign_ins=["janderson"])
    daniel = add_customer(base, given_name="Daniel", sign_ins=["danderson"])
    with pytest.raises(Clash, match=f"C-{joan} ") as caught:
        act(base, "set-username", daniel, username="JAnderson")
    assert (caught.value.field, caught.value.holder.customer_id) == ("username", joan)


@pytest.mark.parametrize("status", ["active", "inactive", "suspended"])
def test_P1_a_username_that_is_another_customers_email_is_refused(base: Database, status: str) -> None:
    joan = add_customer(base, emails=[JOANS], status=status)
    daniel = add_customer(base, given_name="Daniel", sign_ins=["danderson"])
    with pytest.raises(Clash) as caught:
        act(base, "set-username", daniel, username="JOAN@example.org")
    assert caught.value.holder.customer_id == joan


def test_P1_a_username_that_is_the_email_of_both_is_allowed(base: Database) -> None:
    add_customer(base, given_name="Daniel", emails=[JOANS])
    joan = add_customer(base, emails=[JOANS], sign_ins=["janderson"])
    act(base, "username-to-email", joan, role="support")
    assert sign_ins(base, joan)[0].canonical == JOANS


def test_username_to_email_takes_another_email_where_it_is_named(base: Database) -> None:
    joan = add_customer(base, emails=[JOANS, "second@example.org"], sign_ins=["janderson"])
    act(base, "username-to-email", joan, profile=rows(base, EmailProfile, joan)[1].id)
    assert sign_ins(base, joan)[0].username == "second@example.org"


def test_setting_a_username_is_not_support_s(base: Database) -> None:
    joan = add_customer(base, sign_ins=["janderson"])
    with pytest.raises(Refused):
        act(base, "set-username", joan, username="joan", role="support")


def test_a_new_username_ends_the_links_to_the_old_one(base: Database) -> None:
    joan = add_customer(base, emails=[JOANS], sign_ins=["janderson"])
    act(base, "send-sign-in-link", joan)
    act(base, "set-username", joan, username="joan")
    assert open_links(base, joan) == []


def test_the_same_username_again_changes_nothing(base: Database) -> None:
    joan = add_customer(base, sign_ins=["janderson"])
    with pytest.raises(Invalid) as caught:
        act(base, "set-username", joan, username="janderson")
    assert caught.value.code == "no-change"


def test_with_two_sign_ins_one_must_be_named(base: Database) -> None:
    joan = add_customer(base, sign_ins=["janderson", "joan"])
    with pytest.raises(Invalid) as caught:
        act(base, "lock-sign-in", joan)
    assert caught.value.field == "sign_in"
    act(base, "lock-sign-in", joan, sign_in=sign_ins(base, joan)[1].id)
    assert [row.state.value for row in sign_ins(base, joan)] == ["active", "locked"]


@pytest.mark.parametrize(
    ("operation", "state"), [("lock-sign-in", "locked"), ("disable-sign-in", "disabled")]
)
def test_R18_locking_and_disabling_void_the_open_links(base: Database, operation: str, state: str) -> None:
    joan = add_customer(base, emails=[JOANS], sign_ins=["janderson"])
    act(base, "send-sign-in-link", joan)
    act(base, operation, joan)
    assert sign_ins(base, joan)[0].state == state
    assert open_links(base, joan) == []


@pytest.mark.parametrize("state", ["active", "placeholder", "reset-required"])
def test_P1_unlocking_gives_back_the_state_before(base: Database, state: str) -> None:
    joan = add_customer(base, sign_ins=[("janderson", state)])
    act(base, "lock-sign-in", joan)
    act(base, "unlock-sign-in", joan)
    (row,) = sign_ins(base, joan)
    assert (row.state.value, row.failed_count, row.state_before_lock) == (state, 0, None)


def test_a_lock_that_nobody_remembers_the_state_before_ends_in_a_reset(base: Database) -> None:
    joan = add_customer(base, sign_ins=[("janderson", "locked")])
    act(base, "unlock-sign-in", joan)
    assert sign_ins(base, joan)[0].state == "reset-required"


def test_unlocking_is_for_locked_sign_ins_only(base: Database) -> None:
    joan = add_customer(base, sign_ins=[("janderson", "disabled")])
    with pytest.raises(Invalid, match="disabled"):
        act(base, "unlock-sign-in", joan)
    with pytest.raises(Invalid, match="disabled"):
        act(base, "lock-sign-in", joan)


def test_unlocking_is_not_support_s(base: Database) -> None:
    joan = add_customer(base, sign_ins=[("janderson", "locked")])
    with pytest.raises(Refused):
        act(base, "unlock-sign-in", joan, role="support")
