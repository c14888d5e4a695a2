"""Adding, removing and marking emails (P4, R18, R29–R33)."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from db.applied import Applied
from db.engine import Database
from db.errors import Clash, Invalid, Refused, Unknown
from db.models import Customer, EmailProfile, Message
from tests.conftest import Clock
from tests.factories import actor, add_customer, add_operators
from tests.operations.acting import do, messages, open_links, rows

DAY = timedelta(hours=24)


@pytest.fixture
def base(database: Database, clock: Clock) -> Database:
    add_operators(database)
    return replace(database, clock=clock)


def act(base: Database, operation: str, customer: int, *, role: str = "lead", **values: Any) -> Applied:
    return do(base, operation, actor(role), customer=customer, **values)


def emails(base: Database, customer: int) -> list[Any]:
    return rows(base, EmailProfile, customer)


def profile(base: Database, customer: int, place: int) -> int:
    found: int = emails(base, customer)[place].id
    return found


def cool_down(base: Database, customer: int) -> datetime | None:
    """Of the youngest email."""
    found: datetime | None = emails(base, customer)[-1].cool_down_until
    return found


def primary(base: Database, customer: int) -> list[str]:
    return [row.address for row in emails(base, customer) if row.is_primary]


def test_R31_the_first_email_is_primary_unverified_and_without_cool_down(base: Database) -> None:
    joan = add_customer(base)
    act(base, "add-email", joan, email="joan@example.org", role="support")
    (row,) = emails(base, joan)
    assert (row.is_primary, row.state.value, row.cool_down_until) == (True, "unverified", None)


def test_an_added_email_is_asked_to_confirm(base: Database) -> None:
    joan = add_customer(base)
    act(base, "add-email", joan, email="joan@example.org")
    assert messages(base, joan) == [("confirm", "joan@example.org")]


def test_support_may_not_add_a_second_email_and_reads_why(base: Database) -> None:
    joan = add_customer(base, emails=["joan@example.org"])
    with pytest.raises(Refused) as caught:
        act(base, "add-email", joan, email="joan.new@example.org", role="support")
    assert "already" in caught.value.sentence
    assert "team lead" in caught.value.sentence


def test_a_second_email_is_not_primary(base: Database) -> None:
    joan = add_customer(base, emails=["joan@example.org"])
    act(base, "add-email", joan, email="joan.new@example.org")
    assert primary(base, joan) == ["joan@example.org"]


def test_R31_an_email_added_beside_a_verified_one_has_the_cool_down_of_a_replacement(
    base: Database, clock: Clock
) -> None:
    joan = add_customer(base, emails=["joan@example.org"])
    act(base, "add-email", joan, email="joan.new@example.org")
    assert cool_down(base, joan) == clock.now + DAY


def test_R31_the_confirmation_link_waits_for_the_end_of_the_cool_down(base: Database, clock: Clock) -> None:
    joan = add_customer(base, emails=["joan@example.org"])
    act(base, "add-email", joan, email="joan.new@example.org")
    notice, confirm = rows(base, Message, joan)
    assert (notice.kind.value, notice.next_attempt_at) == ("notice-new", clock.now)
    assert (confirm.kind.value, confirm.next_attempt_at) == ("confirm", clock.now + DAY)


def test_R31_an_email_added_beside_an_unverified_one_has_no_cool_down(base: Database) -> None:
    joan = add_customer(base, emails=[("joan@example.org", "unverified")])
    act(base, "add-email", joan, email="joan.new@example.org")
    assert cool_down(base, joan) is None


def test_R31_using_an_unverified_email_beside_a_verified_one_is_no_way_around(
    base: Database, clock: Clock
) -> None:
    joan = add_customer(base, emails=["joan@example.org", ("old@example.org", "unverified")])
    act(base, "change-email", joan, profile=profile(base, joan, 1), email="joan.new@example.org")
    assert cool_down(base, joan) == clock.now + DAY


def test_R31_removing_a_verified_email_first_is_no_way_around(base: Database, clock: Clock) -> None:
    joan = add_customer(base, emails=["joan@example.org"])
    removed = clock.now
    act(base, "remove-email", joan, profile=profile(base, joan, 0))
    clock.advance(hours=1)
    act(base, "add-email", joan, email="joan.new@example.org")
    assert cool_down(base, joan) == removed + DAY


def test_R31_a_removal_is_forgotten_after_its_cool_down(base: Database, clock: Clock) -> None:
    joan = add_customer(base, emails=["joan@example.org"])
    act(base, "remove-email", joan, profile=profile(base, joan, 0))
    clock.advance(hours=24)
    act(base, "add-email", joan, email="joan.new@example.org")
    assert cool_down(base, joan) is None


def test_R31_removing_an_unverified_email_leaves_no_cool_down(base: Database) -> None:
    joan = add_customer(base, emails=[("joan@example.org", "unverified")])
    act(base, "remove-email", joan, profile=profile(base, joan, 0))
    assert rows(base, Customer, joan)[0].email_cool_down_until is None


@pytest.mark.parametrize("removed_first", [True, False], ids=["in-its-place", "beside-it"])
def test_R31_a_replacement_that_is_still_cooling_down_is_no_way_around(
    base: Database, clock: Clock, removed_first: bool
) -> None:
    joan = add_customer(base, emails=["joan@example.org"])
    act(base, "change-email", joan, email="joan.new@example.org")
    end = cool_down(base, joan)
    clock.advance(hours=2)
    if removed_first:
        act(base, "remove-email", joan, profile=profile(base, joan, 0))
    act(base, "add-email", joan, email="joan.other@example.org")
    assert cool_down(base, joan) == end


def test_R31_a_bouncing_email_that_was_verified_still_counts(base: Database, clock: Clock) -> None:
    joan = add_customer(base, emails=["joan@example.org"])
    act(base, "mark-email-bouncing", joan, profile=profile(base, joan, 0))
    act(base, "add-email", joan, email="joan.new@example.org")
    assert cool_down(base, joan) == clock.now + DAY


def test_R18_adding_an_email_voids_the_open_links(base: Database) -> None:
    joan = add_customer(base)
    act(base, "add-email", joan, email="joan@example.org")
    act(base, "add-email", joan, email="joan.new@example.org")
    assert open_links(base, joan) == ["joan.new@example.org"]


def test_R18_removing_an_email_voids_the_open_links(base: Database) -> None:
    joan = add_customer(base)
    act(base, "add-email", joan, email="joan@example.org")
    act(base, "remove-email", joan, profile=profile(base, joan, 0))
    assert open_links(base, joan) == []


def test_R18_another_primary_email_voids_the_open_links(base: Database) -> None:
    joan = add_customer(base, emails=["joan@example.org"])
    act(base, "add-email", joan, email="joan.new@example.org")
    act(base, "make-email-primary", joan, profile=profile(base, joan, 1))
    assert open_links(base, joan) == []


def test_the_same_email_twice_on_one_customer_is_invalid(base: Database) -> None:
    joan = add_customer(base, emails=["joan@example.org"])
    with pytest.raises(Invalid) as caught:
        act(base, "add-email", joan, email="JOAN@Example.org")
    assert caught.value.field == "email"


def test_P4_an_email_that_another_live_customer_holds_is_not_added(base: Database) -> None:
    act_as_admin(base, "by-email")
    joan = add_customer(base, emails=["joan@example.org"])
    daniel = add_customer(base, given_name="Daniel")
    with pytest.raises(Clash) as caught:
        act(base, "add-email", daniel, email="Joan@example.org")
    assert caught.value.holder.customer_id == joan
    assert emails(base, daniel) == []


def act_as_admin(base: Database, mode: str) -> None:
    do(base, "change-dedup-mode", actor("admin"), mode=mode)


@pytest.mark.parametrize("mode", ["by-email", "by-both"])
def test_P4_the_last_email_stays_while_it_is_required(base: Database, mode: str) -> None:
    act_as_admin(base, mode)
    joan = add_customer(base, emails=["joan@example.org"])
    with pytest.raises(Invalid) as caught:
        act(base, "remove-email", joan, profile=profile(base, joan, 0))
    assert mode in caught.value.sentence
    assert primary(base, joan) == ["joan@example.org"]
    assert messages(base, joan) == []


@pytest.mark.parametrize("mode", ["off", "by-phone"])
def test_P4_the_last_email_may_go_while_it_is_not_required(base: Database, mode: str) -> None:
    if mode != "off":
        act_as_admin(base, mode)
    joan = add_customer(base, emails=["joan@example.org"])
    act(base, "remove-email", joan, profile=profile(base, joan, 0))
    assert emails(base, joan) == []


def test_R29_a_removed_email_is_told(base: Database) -> None:
    joan = add_customer(base, emails=["joan@example.org"])
    act(base, "remove-email", joan, profile=profile(base, joan, 0))
    assert messages(base, joan) == [("notice-old", "joan@example.org")]


def test_the_oldest_remaining_email_becomes_primary(base: Database) -> None:
    joan = add_customer(base, emails=["a@example.org", "b@example.org", "c@example.org"])
    act(base, "remove-email", joan, profile=profile(base, joan, 0))
    assert primary(base, joan) == ["b@example.org"]


def test_removing_another_email_leaves_the_primary_one(base: Database) -> None:
    joan = add_customer(base, emails=["a@example.org", "b@example.org"])
    act(base, "remove-email", joan, profile=profile(base, joan, 1))
    assert primary(base, joan) == ["a@example.org"]


def test_one_email_is_primary_after_the_flag_has_moved(base: Database) -> None:
    joan = add_customer(base, emails=["a@example.org", "b@example.org", "c@example.org"])
    act(base, "make-email-primary", joan, profile=profile(base, joan, 2))
    act(base, "make-email-primary", joan, profile=profile(base, joan, 1))
    assert primary(base, joan) == ["b@example.org"]


def test_making_the_primary_email_primary_is_no_change(base: Database) -> None:
    joan = add_customer(base, emails=["a@example.org"])
    with pytest.raises(Invalid) as caught:
        act(base, "make-email-primary", joan, profile=profile(base, joan, 0))
    assert caught.value.code == "no-change"


def test_a_verified_mark_remembers_when(base: Database, clock: Clock) -> None:
    joan = add_customer(base, emails=[("joan@example.org", "bouncing")])
    act(base, "mark-email-verified", joan, profile=profile(base, joan, 0))
    (row,) = emails(base, joan)
    assert (row.state.value, row.verified_at) == ("verified", clock.now)


def test_R31_a_verified_mark_does_not_end_a_cool_down(base: Database, clock: Clock) -> None:
    joan = add_customer(base, emails=["joan@example.org"])
    act(base, "change-email", joan, email="joan.new@example.org")
    act(base, "mark-email-verified", joan, profile=profile(base, joan, 0))
    assert cool_down(base, joan) == clock.now + DAY


def test_a_bouncing_mark_is_recorded(base: Database) -> None:
    joan = add_customer(base, emails=["joan@example.org"])
    act(base, "mark-email-bouncing", joan, profile=profile(base, joan, 0))
    assert emails(base, joan)[0].state.value == "bouncing"


CHOSEN = ["remove-email", "make-email-primary", "mark-email-verified", "mark-email-bouncing"]


@pytest.mark.parametrize("operation", CHOSEN)
def test_an_email_of_another_customer_is_unknown(base: Database, operation: str) -> None:
    joan = add_customer(base, emails=["joan@example.org"])
    daniel = add_customer(base, given_name="Daniel", emails=["daniel@example.org"])
    with pytest.raises(Unknown) as caught:
        act(base, operation, daniel, profile=profile(base, joan, 0))
    assert caught.value.field == "profile"


@pytest.mark.parametrize("operation", CHOSEN)
def test_support_may_not_remove_or_mark_emails(base: Database, operation: str) -> None:
    joan = add_customer(base, emails=["joan@example.org"])
    with pytest.raises(Refused) as caught:
        act(base, operation, joan, profile=profile(base, joan, 0), role="support")
    assert caught.value.code == "permission"


@pytest.mark.parametrize("operation", [*CHOSEN, "add-email"])
def test_R33_the_takeover_flag_freezes_emails(base: Database, operation: str) -> None:
    joan = add_customer(base, emails=["joan@example.org"], takeover_flag=True)
    values = {"email": "joan.new@example.org"} if operation == "add-email" else {"profile": 1}
    with pytest.raises(Refused) as caught:
        act(base, operation, joan, **values)
    assert caught.value.code == "takeover"
