"""Adding, replacing, removing and marking phones (P4, R18, R29–R33)."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from db.applied import Applied
from db.engine import Database
from db.errors import Clash, Invalid, Refused, Unknown
from db.models import Customer, PhoneProfile
from tests.conftest import Clock
from tests.factories import actor, add_customer, add_operators
from tests.operations.acting import do, messages, open_links, rows

DAY = timedelta(hours=24)
FIRST, SECOND, THIRD = "(415) 555-0142", "(415) 555-0143", "(415) 555-0144"


@pytest.fixture
def base(database: Database, clock: Clock) -> Database:
    add_operators(database)
    return replace(database, clock=clock)


def act(base: Database, operation: str, customer: int, *, role: str = "lead", **values: Any) -> Applied:
    return do(base, operation, actor(role), customer=customer, **values)


def set_mode(base: Database, mode: str) -> None:
    do(base, "change-dedup-mode", actor("admin"), mode=mode)


def phones(base: Database, customer: int) -> list[Any]:
    return rows(base, PhoneProfile, customer)


def profile(base: Database, customer: int, place: int) -> int:
    found: int = phones(base, customer)[place].id
    return found


def cool_down(base: Database, customer: int) -> datetime | None:
    """Of the youngest phone."""
    found: datetime | None = phones(base, customer)[-1].cool_down_until
    return found


def primary(base: Database, customer: int) -> list[str]:
    return [row.number for row in phones(base, customer) if row.is_primary]


def test_R31_the_first_phone_is_primary_unverified_and_without_cool_down(base: Database) -> None:
    joan = add_customer(base)
    act(base, "add-phone", joan, phone=FIRST, kind="landline", role="support")
    (row,) = phones(base, joan)
    assert (row.is_primary, row.state.value, row.cool_down_until) == (True, "unverified", None)
    assert (row.kind, row.canonical, row.reversed) == ("landline", "+14155550142", "24105555141")


def test_support_may_not_add_a_second_phone_and_reads_why(base: Database) -> None:
    joan = add_customer(base, phones=[FIRST])
    with pytest.raises(Refused) as caught:
        act(base, "add-phone", joan, phone=SECOND, role="support")
    assert "already" in caught.value.sentence


def test_R31_a_phone_added_beside_a_verified_one_has_the_cool_down_of_a_replacement(
    base: Database, clock: Clock
) -> None:
    joan = add_customer(base, phones=[FIRST])
    act(base, "add-phone", joan, phone=SECOND)
    assert cool_down(base, joan) == clock.now + DAY
    assert primary(base, joan) == [FIRST]


def test_R31_cool_downs_of_emails_and_phones_are_apart(base: Database) -> None:
    joan = add_customer(base, emails=["joan@example.org"])
    act(base, "remove-email", joan, profile=1)
    act(base, "add-phone", joan, phone=FIRST)
    assert cool_down(base, joan) is None


def test_R31_removing_a_verified_phone_first_is_no_way_around(base: Database, clock: Clock) -> None:
    joan = add_customer(base, phones=[FIRST])
    removed = clock.now
    act(base, "remove-phone", joan, profile=profile(base, joan, 0))
    assert rows(base, Customer, joan)[0].phone_cool_down_until == removed + DAY
    clock.advance(hours=1)
    act(base, "add-phone", joan, phone=SECOND)
    assert cool_down(base, joan) == removed + DAY


def test_R31_replacing_a_verified_phone_starts_a_cool_down(base: Database, clock: Clock) -> None:
    joan = add_customer(base, phones=[FIRST])
    act(base, "change-phone", joan, phone=SECOND)
    (row,) = phones(base, joan)
    assert (row.state.value, row.verified_at, row.cool_down_until) == ("unverified", None, clock.now + DAY)
    assert (row.number, row.canonical, row.reversed) == (SECOND, "+14155550143", "34105555141")


def test_R31_replacing_a_phone_that_was_never_verified_has_no_cool_down(base: Database) -> None:
    joan = add_customer(base, phones=[(FIRST, "unverified")])
    act(base, "change-phone", joan, phone=SECOND)
    assert cool_down(base, joan) is None


def test_R29_a_replaced_phone_is_told_to_every_verified_email_and_to_no_other(base: Database) -> None:
    joan = add_customer(
        base, phones=[FIRST], emails=["a@example.org", ("b@example.org", "bouncing"), "c@example.org"]
    )
    act(base, "change-phone", joan, phone=SECOND)
    assert messages(base, joan) == [
        ("notice-security", "a@example.org"),
        ("notice-security", "c@example.org"),
    ]


def test_R29_a_removed_phone_is_told_to_the_verified_email(base: Database) -> None:
    joan = add_customer(base, phones=[FIRST], emails=["a@example.org"])
    act(base, "remove-phone", joan, profile=profile(base, joan, 0))
    assert messages(base, joan) == [("notice-security", "a@example.org")]


def test_another_way_of_writing_the_same_number_changes_only_the_writing(base: Database) -> None:
    joan = add_customer(base, phones=[FIRST], emails=["a@example.org"])
    act(base, "change-phone", joan, phone="415-555-0142")
    (row,) = phones(base, joan)
    assert (row.number, row.state.value, row.cool_down_until) == ("415-555-0142", "verified", None)
    assert messages(base, joan) == []


def test_a_named_phone_is_replaced_rather_than_the_primary_one(base: Database) -> None:
    joan = add_customer(base, phones=[FIRST, SECOND])
    act(base, "change-phone", joan, profile=profile(base, joan, 1), phone=THIRD)
    assert [row.number for row in phones(base, joan)] == [FIRST, THIRD]


def test_without_a_phone_there_is_nothing_to_change(base: Database) -> None:
    joan = add_customer(base)
    with pytest.raises(Invalid) as caught:
        act(base, "change-phone", joan, phone=FIRST)
    assert caught.value.field == "profile"


@pytest.mark.parametrize(
    ("operation", "values"),
    [
        ("add-phone", {"phone": THIRD}),
        ("change-phone", {"phone": THIRD}),
        ("remove-phone", {"profile": 1}),
        ("make-phone-primary", {"profile": 2}),
    ],
)
def test_R18_a_changed_phone_voids_the_open_links(
    base: Database, operation: str, values: dict[str, Any]
) -> None:
    joan = add_customer(base, phones=[FIRST, SECOND])
    act(base, "add-email", joan, email="joan@example.org")
    assert open_links(base, joan) == ["joan@example.org"]
    act(base, operation, joan, **values)
    assert open_links(base, joan) == []


@pytest.mark.parametrize("operation", ["add-phone", "change-phone"])
def test_the_same_phone_twice_on_one_customer_is_invalid(base: Database, operation: str) -> None:
    joan = add_customer(base, phones=[FIRST, SECOND])
    with pytest.raises(Invalid) as caught:
        act(base, operation, joan, phone="+1 415 555 0143")
    assert caught.value.field == "phone"


@pytest.mark.parametrize("operation", ["add-phone", "change-phone"])
def test_P4_a_phone_that_another_live_customer_holds_is_refused(base: Database, operation: str) -> None:
    set_mode(base, "by-phone")
    joan = add_customer(base, phones=[FIRST])
    daniel = add_customer(base, given_name="Daniel", phones=[SECOND])
    with pytest.raises(Clash) as caught:
        act(base, operation, daniel, phone="+1 415 555 0142")
    assert (caught.value.holder.customer_id, caught.value.field) == (joan, "phone")
    assert [row.number for row in phones(base, daniel)] == [SECOND]


@pytest.mark.parametrize("mode", ["by-phone", "by-both"])
def test_P4_the_last_phone_stays_while_it_is_required(base: Database, mode: str) -> None:
    set_mode(base, mode)
    joan = add_customer(base, phones=[FIRST])
    with pytest.raises(Invalid) as caught:
        act(base, "remove-phone", joan, profile=profile(base, joan, 0))
    assert mode in caught.value.sentence
    assert primary(base, joan) == [FIRST]


def test_P4_a_phone_before_the_last_may_go(base: Database) -> None:
    set_mode(base, "by-phone")
    joan = add_customer(base, phones=[FIRST, SECOND, THIRD])
    act(base, "remove-phone", joan, profile=profile(base, joan, 0))
    assert primary(base, joan) == [SECOND]


def test_one_phone_is_primary_after_the_flag_has_moved(base: Database) -> None:
    joan = add_customer(base, phones=[FIRST, SECOND])
    act(base, "make-phone-primary", joan, profile=profile(base, joan, 1))
    act(base, "make-phone-primary", joan, profile=profile(base, joan, 0))
    assert primary(base, joan) == [FIRST]


def test_marks_are_recorded(base: Database, clock: Clock) -> None:
    joan = add_customer(base, phones=[(FIRST, "unverified"), SECOND])
    act(base, "mark-phone-verified", joan, profile=profile(base, joan, 0))
    act(base, "mark-phone-bouncing", joan, profile=profile(base, joan, 1))
    first, second = phones(base, joan)
    assert (first.state.value, first.verified_at) == ("verified", clock.now)
    assert second.state.value == "bouncing"


CHOSEN = ["remove-phone", "make-phone-primary", "mark-phone-verified", "mark-phone-bouncing"]


@pytest.mark.parametrize("operation", CHOSEN)
def test_a_phone_of_another_customer_is_unknown(base: Database, operation: str) -> None:
    joan = add_customer(base, phones=[FIRST])
    daniel = add_customer(base, given_name="Daniel", phones=[SECOND])
    with pytest.raises(Unknown):
        act(base, operation, daniel, profile=profile(base, joan, 0))


@pytest.mark.parametrize("operation", [*CHOSEN, "change-phone"])
def test_support_may_not_replace_remove_or_mark_phones(base: Database, operation: str) -> None:
    joan = add_customer(base, phones=[FIRST])
    values = {"phone": SECOND} if operation == "change-phone" else {"profile": 1}
    with pytest.raises(Refused) as caught:
        act(base, operation, joan, role="support", **values)
    assert caught.value.code == "permission"


@pytest.mark.parametrize("operation", [*CHOSEN, "add-phone", "change-phone"])
def test_R33_the_takeover_flag_freezes_phones(base: Database, operation: str) -> None:
    joan = add_customer(base, phones=[FIRST], takeover_flag=True)
    values = {"profile": 1} if operation in CHOSEN else {"phone": SECOND}
    with pytest.raises(Refused) as caught:
        act(base, operation, joan, **values)
    assert caught.value.code == "takeover"
