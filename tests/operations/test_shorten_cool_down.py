"""Shortening a cool-down: who may, what it moves, and when there is nothing to shorten (R31)."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from db.actor import Actor
from db.applied import Applied
from db.engine import Database
from db.errors import Invalid, Refused, Unknown
from db.models import EmailProfile, Message, Operator, PhoneProfile
from db.rules.roles import Role
from tests.conftest import Clock
from tests.factories import BORN, actor, add_customer, add_operators, building
from tests.operations.acting import do, messages, rows

JOANS, NEW = "joan@example.org", "joan.new@example.org"
OLGA = Actor("olga", session="test", source="127.0.0.1")
"""A second lead."""


@pytest.fixture
def base(database: Database, clock: Clock) -> Database:
    add_operators(database)
    with building(database) as session:
        session.add(Operator(id="olga", display_name="Olga", role=Role.LEAD, created_at=BORN))
    return replace(database, clock=clock)


@pytest.fixture
def joan(base: Database) -> int:
    """Her verified email was replaced by the first lead."""
    customer = add_customer(base, emails=[JOANS], sign_ins=["janderson"])
    do(base, "change-email", actor(), customer=customer, email=NEW)
    return customer


def shorten(base: Database, customer: int, by: Actor = OLGA, **values: Any) -> Applied:
    return do(base, "shorten-cool-down", by, customer=customer, **values)


def end_of(base: Database, customer: int) -> Any:
    return rows(base, EmailProfile, customer)[-1].cool_down_until


def link_mail(base: Database, customer: int) -> Any:
    return next(row for row in rows(base, Message, customer) if row.kind.value == "confirm")


@pytest.mark.parametrize("hours", [0, 3])
def test_R31_another_lead_brings_the_end_forward_and_the_waiting_link_with_it(
    base: Database, clock: Clock, joan: int, hours: int
) -> None:
    assert link_mail(base, joan).next_attempt_at == clock.now + timedelta(hours=24)
    shorten(base, joan, hours=hours)
    assert end_of(base, joan) == clock.now + timedelta(hours=hours)
    assert link_mail(base, joan).next_attempt_at == clock.now + timedelta(hours=hours)


def test_R31_an_admin_counts_as_a_lead(base: Database, clock: Clock, joan: int) -> None:
    shorten(base, joan, by=actor("admin"))
    assert end_of(base, joan) == clock.now


def test_R31_after_it_was_ended_a_reset_link_goes_out(base: Database, joan: int) -> None:
    with pytest.raises(Refused, match="cool-down"):
        do(base, "send-sign-in-link", OLGA, customer=joan)
    shorten(base, joan)
    do(base, "send-sign-in-link", OLGA, customer=joan)
    assert messages(base, joan)[-1] == ("reset", NEW)


def test_R31_whoever_made_the_replacement_is_refused_and_told_whom_to_ask(
    base: Database, clock: Clock, joan: int
) -> None:
    with pytest.raises(Refused, match=r"You made the replacement.* Ask another team lead") as caught:
        shorten(base, joan, by=actor())
    assert caught.value.code == "cool-down"
    assert end_of(base, joan) == clock.now + timedelta(hours=24)


@pytest.mark.parametrize("role", ["support", "auditor"])
def test_R31_below_a_lead_nobody_may(base: Database, joan: int, role: str) -> None:
    with pytest.raises(Refused, match=r"a team lead or an admin\.$") as caught:
        shorten(base, joan, by=actor(role))
    assert caught.value.code == "permission"


def test_R31_whoever_changed_the_address_while_it_ran_made_the_replacement_too(
    base: Database, joan: int
) -> None:
    do(base, "change-email", OLGA, customer=joan, email="joan.newest@example.org")
    with pytest.raises(Refused, match="You made the replacement"):
        shorten(base, joan)
    shorten(base, joan, by=actor("admin"))


def test_R31_whoever_removed_the_verified_address_made_the_replacement_too(base: Database) -> None:
    joan = add_customer(base, emails=[JOANS])
    do(base, "remove-email", actor(), customer=joan, profile=rows(base, EmailProfile, joan)[0].id)
    do(base, "add-email", OLGA, customer=joan, email=NEW)
    for maker in (actor(), OLGA):
        with pytest.raises(Refused, match="You made the replacement"):
            shorten(base, joan, by=maker)
    shorten(base, joan, by=actor("admin"))


def test_R31_a_replacement_of_long_ago_bars_nobody(base: Database, clock: Clock, joan: int) -> None:
    clock.advance(days=30)
    do(base, "mark-email-verified", actor(), customer=joan, profile=rows(base, EmailProfile, joan)[0].id)
    do(base, "change-email", OLGA, customer=joan, email="joan.newest@example.org")
    shorten(base, joan, by=actor())
    assert end_of(base, joan) == clock.now


def test_R31_it_can_be_shortened_again_by_the_same_lead(base: Database, clock: Clock, joan: int) -> None:
    shorten(base, joan, hours=12)
    shorten(base, joan, hours=1)
    assert end_of(base, joan) == clock.now + timedelta(hours=1)


def test_R31_a_cool_down_is_never_made_longer(base: Database, joan: int) -> None:
    with pytest.raises(Invalid, match="already") as caught:
        shorten(base, joan, hours=25)
    assert caught.value.field == "hours"


def test_R31_without_a_cool_down_there_is_nothing_to_shorten(base: Database, clock: Clock, joan: int) -> None:
    clock.advance(hours=24)
    for values in ({}, {"email_profile": rows(base, EmailProfile, joan)[0].id}):
        with pytest.raises(Invalid, match="No cool-down runs") as caught:
            shorten(base, joan, **values)
        assert caught.value.field == "email_profile"


def test_R31_the_cool_down_of_a_phone_is_shortened_too(base: Database, clock: Clock) -> None:
    joan = add_customer(base, phones=["775-555-0142"])
    do(base, "change-phone", actor(), customer=joan, phone="775-555-0143")
    shorten(base, joan, phone_profile=rows(base, PhoneProfile, joan)[0].id)
    assert rows(base, PhoneProfile, joan)[0].cool_down_until == clock.now


def test_R31_of_two_cool_downs_one_must_be_named(base: Database, joan: int) -> None:
    do(base, "add-email", actor(), customer=joan, email="second@example.org")
    with pytest.raises(Invalid, match="Choose which") as caught:
        shorten(base, joan)
    assert caught.value.field == "email_profile"


def test_R31_the_profile_of_somebody_else_is_unknown(base: Database, joan: int) -> None:
    other = add_customer(base, emails=["other@example.org"])
    with pytest.raises(Unknown):
        shorten(base, joan, email_profile=rows(base, EmailProfile, other)[0].id)


def test_R36_not_on_ones_own_record(base: Database, joan: int) -> None:
    with building(base) as session:
        session.get_one(Operator, "olga").customer_id = joan
    with pytest.raises(Refused, match="your own customer record"):
        shorten(base, joan)


def test_R33_a_takeover_flag_freezes_it(base: Database) -> None:
    joan = add_customer(base, emails=[JOANS], takeover_flag=True)
    with pytest.raises(Refused) as caught:
        shorten(base, joan)
    assert caught.value.code == "takeover"
