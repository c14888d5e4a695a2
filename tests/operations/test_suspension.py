"""Suspending and reactivating customers and passes (P4, R18, R33, R36)."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest

from db.applied import Applied
from db.engine import Database
from db.errors import Clash, Invalid, LatchkeyError, Refused
from db.models import Customer, EmailProfile, Pass, PhoneProfile
from db.queries.collisions import colliding_fields
from db.settings import load_policy
from tests.conftest import Clock
from tests.dump import ordered_dump
from tests.factories import actor, add_customer, add_operators, building
from tests.operations.acting import do, messages, open_links, rows

JOANS, PHONE, OTHER_PHONE = "joan@example.org", "(415) 555-0142", "(415) 555-0143"


@pytest.fixture
def base(database: Database, clock: Clock) -> Database:
    add_operators(database)
    return replace(database, clock=clock)


def act(base: Database, operation: str, customer: int, *, role: str = "lead", **values: Any) -> Applied:
    return do(base, operation, actor(role), customer=customer, **values)


def set_mode(base: Database, mode: str) -> None:
    do(base, "change-dedup-mode", actor("admin"), mode=mode)


def status(base: Database, customer: int) -> str:
    return str(rows(base, Customer, customer)[0].status.value)


def emails(base: Database, customer: int) -> list[str]:
    return [row.address for row in rows(base, EmailProfile, customer)]


def pass_row(base: Database, customer: int, place: int = 0) -> int:
    return int(rows(base, Pass, customer)[place].id)


def colliding(base: Database, customer: int) -> list[tuple[str, int]]:
    with base.reading() as connection:
        found = colliding_fields(connection, load_policy(connection), customer)
    return [(each.kind, each.holder.customer_id) for each in found]


def raised(act: Callable[[], Any]) -> LatchkeyError | None:
    try:
        act()
    except LatchkeyError as error:
        return error
    return None


def test_R18_suspending_voids_every_open_link(base: Database) -> None:
    joan = add_customer(base, emails=[JOANS], sign_ins=["joan"])
    act(base, "send-sign-in-link", joan)
    act(base, "suspend-customer", joan)
    assert status(base, joan) == "suspended"
    assert open_links(base, joan) == []


def test_suspending_twice_changes_nothing(base: Database) -> None:
    joan = add_customer(base, status="suspended")
    with pytest.raises(Invalid) as caught:
        act(base, "suspend-customer", joan)
    assert caught.value.code == "no-change"


def test_suspending_is_not_support_s(base: Database) -> None:
    joan = add_customer(base)
    with pytest.raises(Refused, match="team lead"):
        act(base, "suspend-customer", joan, role="support")


def test_P4_a_suspended_customer_holds_nothing(base: Database) -> None:
    set_mode(base, "by-email")
    joan = add_customer(base, emails=[JOANS], status="suspended")
    act(base, "add-email", add_customer(base, given_name="Daniel"), email=JOANS)
    assert colliding(base, joan) == [("email", joan + 1)]


def test_P4_reactivation_without_a_collision_asks_for_nothing(base: Database) -> None:
    set_mode(base, "by-both")
    joan = add_customer(base, emails=[JOANS], phones=[PHONE], status="suspended")
    assert colliding(base, joan) == []
    act(base, "reactivate-customer", joan)
    assert status(base, joan) == "active"


def test_P4_a_collision_names_field_and_holder_and_writes_nothing(base: Database) -> None:
    set_mode(base, "by-email")
    joan = add_customer(base, emails=[JOANS], status="suspended")
    daniel = add_customer(base, given_name="Daniel", emails=[JOANS])
    before = ordered_dump(base)
    with pytest.raises(Clash) as caught:
        act(base, "reactivate-customer", joan)
    assert (caught.value.field, caught.value.holder.customer_id) == ("email", daniel)
    assert ordered_dump(base) == before


def test_P4_reactivation_checks_profiles_that_are_not_primary_too(base: Database) -> None:
    set_mode(base, "by-email")
    joan = add_customer(base, emails=["first@example.org", JOANS], status="suspended")
    add_customer(base, given_name="Daniel", emails=[JOANS])
    with pytest.raises(Clash):
        act(base, "reactivate-customer", joan)


def test_P4_update_and_reactivation_are_one_step(base: Database) -> None:
    set_mode(base, "by-both")
    joan = add_customer(base, emails=[JOANS], phones=[PHONE], status="suspended")
    add_customer(base, given_name="Daniel", emails=[JOANS], phones=[PHONE])
    applied = act(base, "reactivate-customer", joan, email="joan.new@example.org", phone=OTHER_PHONE)
    assert status(base, joan) == "active"
    assert emails(base, joan) == ["joan.new@example.org"]
    assert [row.number for row in rows(base, PhoneProfile, joan)] == [OTHER_PHONE]
    assert "customer.status" in [change.field for change in applied.changes]


def test_R31_the_replacement_starts_unverified_with_a_cool_down_and_both_are_told(base: Database) -> None:
    set_mode(base, "by-email")
    joan = add_customer(base, emails=[JOANS], status="suspended")
    add_customer(base, given_name="Daniel", emails=[JOANS])
    act(base, "reactivate-customer", joan, email="joan.new@example.org")
    (row,) = rows(base, EmailProfile, joan)
    assert (row.state.value, row.cool_down_until is not None) == ("unverified", True)
    assert ("notice-old", JOANS) in messages(base, joan)


def test_P4_the_replacement_must_be_free_as_well(base: Database) -> None:
    set_mode(base, "by-email")
    joan = add_customer(base, emails=[JOANS], status="suspended")
    daniel = add_customer(base, given_name="Daniel", emails=[JOANS, "second@example.org"])
    with pytest.raises(Clash) as caught:
        act(base, "reactivate-customer", joan, email="second@example.org")
    assert caught.value.holder.customer_id == daniel


def test_P4_a_field_that_does_not_collide_is_not_replaced_here(base: Database) -> None:
    set_mode(base, "by-both")
    joan = add_customer(base, emails=[JOANS], phones=[PHONE], status="suspended")
    with pytest.raises(Invalid) as caught:
        act(base, "reactivate-customer", joan, phone=OTHER_PHONE)
    assert caught.value.field == "phone"


def test_P4_a_required_field_that_is_missing_is_given_in_the_same_step(base: Database) -> None:
    set_mode(base, "by-email")
    joan = add_customer(base, status="suspended")
    with pytest.raises(Invalid) as caught:
        act(base, "reactivate-customer", joan)
    assert caught.value.field == "email"
    act(base, "reactivate-customer", joan, email=JOANS)
    assert emails(base, joan) == [JOANS]


def test_P4_with_detection_off_a_shared_email_warns(base: Database) -> None:
    joan = add_customer(base, emails=[JOANS], status="suspended")
    add_customer(base, given_name="Daniel", emails=[JOANS])
    assert "shared-email" in act(base, "reactivate-customer", joan).warnings[0]


def test_who_never_activated_is_inactive_again(base: Database) -> None:
    joan = add_customer(base, status="inactive")
    act(base, "suspend-customer", joan)
    act(base, "reactivate-customer", joan)
    assert status(base, joan) == "inactive"


def test_R33_a_flagged_customer_is_not_reactivated(base: Database) -> None:
    joan = add_customer(base, status="suspended", takeover_flag=True)
    with pytest.raises(Refused) as caught:
        act(base, "reactivate-customer", joan)
    assert caught.value.code == "takeover"


def test_P4_of_two_reactivations_with_the_same_email_exactly_one_succeeds(base: Database) -> None:
    set_mode(base, "by-email")
    both = [add_customer(base, emails=[JOANS, "x@example.org"], status="suspended") for _ in range(2)]
    with ThreadPoolExecutor(2) as pool:
        found = list(pool.map(lambda one: raised(lambda: act(base, "reactivate-customer", one)), both))
    assert sorted(type(error).__name__ for error in found) == ["Clash", "NoneType"]
    assert sorted(status(base, one) for one in both) == ["active", "suspended"]


def test_P4_with_every_pass_suspended_an_active_customer_holds_nothing(base: Database) -> None:
    set_mode(base, "by-email")
    joan = add_customer(base, emails=[JOANS], passes=["AB-1234"])
    applied = act(base, "suspend-pass", joan, pass_row=pass_row(base, joan))
    assert "free for other customers" in applied.outcomes[0]
    act(base, "add-email", add_customer(base, given_name="Daniel"), email=JOANS)


def test_P4_a_pass_whose_customer_would_hold_again_collides(base: Database) -> None:
    set_mode(base, "by-email")
    joan = add_customer(base, emails=[JOANS], passes=[("AB-1234", "suspended")])
    add_customer(base, given_name="Daniel", emails=[JOANS])
    with pytest.raises(Clash):
        act(base, "reactivate-pass", joan, pass_row=pass_row(base, joan))
    act(base, "reactivate-pass", joan, pass_row=pass_row(base, joan), email="joan.new@example.org")
    assert rows(base, Pass, joan)[0].state == "active"


def test_P4_a_second_pass_changes_nothing_about_what_is_held(base: Database) -> None:
    joan = add_customer(base, emails=[JOANS], passes=["AB-1234", ("AB-1235", "suspended")])
    add_customer(base, given_name="Daniel", emails=[JOANS])
    set_mode(base, "by-email")
    act(base, "reactivate-pass", joan, pass_row=pass_row(base, joan, 1))
    assert [row.state.value for row in rows(base, Pass, joan)] == ["active", "active"]


def test_P4_one_card_each_refuses_a_second_active_pass(base: Database) -> None:
    do(base, "change-setting", actor("admin"), key="one_card_each", value="yes")
    joan = add_customer(base, passes=["AB-1234", ("AB-1235", "suspended")])
    with pytest.raises(Invalid, match="one card each"):
        act(base, "reactivate-pass", joan, pass_row=pass_row(base, joan, 1))


def test_an_expired_pass_is_neither_suspended_nor_reactivated(base: Database) -> None:
    joan = add_customer(base, passes=[("AB-1234", "expired")])
    for operation in ("suspend-pass", "reactivate-pass"):
        with pytest.raises(Invalid) as caught:
            act(base, operation, joan, pass_row=pass_row(base, joan))
        assert caught.value.field == "pass_row"


def replaced_at_reactivation(base: Database) -> tuple[int, int]:
    """Joan, reactivated with another email, for Daniel held hers."""
    set_mode(base, "by-email")
    joan = add_customer(base, emails=[JOANS], status="suspended")
    daniel = add_customer(base, given_name="Daniel", emails=[JOANS, "dan@example.org"])
    act(base, "reactivate-customer", joan, email="joan.new@example.org")
    return joan, daniel


def test_taking_a_reactivation_back_puts_the_email_back_that_is_free_again(base: Database) -> None:
    joan, daniel = replaced_at_reactivation(base)
    act(base, "remove-email", daniel, profile=rows(base, EmailProfile, daniel)[0].id)
    applied = act(base, "suspend-customer", joan, puts_back=True)
    assert (status(base, joan), emails(base, joan)) == ("suspended", [JOANS])
    assert f"the email goes back to {JOANS}, unverified" in applied.outcomes


def test_R29_what_is_put_back_starts_unverified_and_both_sides_are_told(base: Database) -> None:
    joan, daniel = replaced_at_reactivation(base)
    act(base, "remove-email", daniel, profile=rows(base, EmailProfile, daniel)[0].id)
    act(base, "suspend-customer", joan, puts_back=True)
    (row,) = rows(base, EmailProfile, joan)
    assert (row.state.value, row.verified_at, row.cool_down_until is None) == ("unverified", None, False)
    assert messages(base, joan)[-2:] == [("notice-old", "joan.new@example.org"), ("notice-new", JOANS)]


def test_what_is_not_put_back_is_told_with_its_holder(base: Database) -> None:
    joan, daniel = replaced_at_reactivation(base)
    applied = act(base, "suspend-customer", joan, puts_back=True)
    assert emails(base, joan) == ["joan.new@example.org"]
    told = f"the email stays joan.new@example.org: {JOANS} is held by C-{daniel} Daniel Anderson by now"
    assert told in applied.outcomes


def test_what_was_changed_again_since_is_not_put_back(base: Database) -> None:
    joan, daniel = replaced_at_reactivation(base)
    act(base, "remove-email", daniel, profile=rows(base, EmailProfile, daniel)[0].id)
    act(base, "change-email", joan, email="third@example.org")
    act(base, "suspend-customer", joan, puts_back=True)
    assert emails(base, joan) == ["third@example.org"]


def test_suspending_alone_puts_nothing_back(base: Database) -> None:
    joan, daniel = replaced_at_reactivation(base)
    act(base, "remove-email", daniel, profile=rows(base, EmailProfile, daniel)[0].id)
    act(base, "suspend-customer", joan)
    assert emails(base, joan) == ["joan.new@example.org"]


def test_R33_nothing_is_put_back_on_a_flagged_account(base: Database) -> None:
    joan, _ = replaced_at_reactivation(base)
    with building(base) as session:
        session.get_one(Customer, joan).takeover_flag = True
    with pytest.raises(Refused) as caught:
        act(base, "suspend-customer", joan, puts_back=True)
    assert caught.value.code == "takeover"
