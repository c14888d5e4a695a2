"""Changing an email: typo correction, replacement, clash, cool-down (P3, P4, R29–R31)."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from db import runner
from db.applied import Applied
from db.engine import Database
from db.errors import Clash, Invalid, Refused
from db.models import EmailProfile, Message
from db.operations import REGISTRY
from db.operations.change_dedup_mode import ChangeDedupMode
from db.operations.change_email import ChangeEmail
from db.rules.dedup import DedupMode
from tests.conftest import Clock
from tests.factories import actor, add_customer, add_operators


@pytest.fixture
def base(database: Database, clock: Clock) -> Database:
    add_operators(database)
    return replace(database, clock=clock)


def change(base: Database, customer: int, email: str, *, role: str = "lead") -> Applied:
    params = ChangeEmail(customer=customer, email=email)
    return runner.run(
        base,
        runner.Request(actor=actor(role), operation=REGISTRY["change-email"], params=params, reason="asked"),
    )


def set_mode(base: Database, mode: DedupMode) -> Applied:
    params = ChangeDedupMode(mode=mode)
    return runner.run(
        base,
        runner.Request(
            actor=actor("admin"), operation=REGISTRY["change-dedup-mode"], params=params, reason="policy"
        ),
    )


def email_of(base: Database, customer: int) -> EmailProfile:
    with base.reading() as connection:
        row = connection.execute(
            select(EmailProfile.__table__).where(EmailProfile.customer_id == customer)
        ).one()
    return EmailProfile(**row._mapping)


def messages(base: Database) -> list[tuple[str, str]]:
    with base.reading() as connection:
        rows = connection.execute(select(Message.kind, Message.recipient).order_by(Message.id))
        return [(kind.value, recipient) for kind, recipient in rows]


def test_R29_the_new_address_starts_unverified_and_both_are_told(base: Database) -> None:
    joan = add_customer(base, emails=["joan@example.org"])
    change(base, joan, "joan.new@example.org")
    assert email_of(base, joan).state == "unverified"
    assert messages(base) == [
        ("notice-old", "joan@example.org"),
        ("notice-new", "joan.new@example.org"),
        ("confirm", "joan.new@example.org"),
    ]


def test_R31_replacing_a_verified_address_starts_a_cool_down_of_24_hours(
    base: Database, clock: Clock
) -> None:
    joan = add_customer(base, emails=["joan@example.org"])
    change(base, joan, "joan.new@example.org")
    until = email_of(base, joan).cool_down_until
    assert until is not None
    assert (until - clock.now).total_seconds() == 24 * 3600


def test_R31_replacing_an_address_that_was_never_verified_has_no_cool_down(base: Database) -> None:
    joan = add_customer(base, emails=[("joan@example.org", "unverified")])
    change(base, joan, "joan.new@example.org")
    assert email_of(base, joan).cool_down_until is None


def test_R30_support_may_correct_a_typo(base: Database) -> None:
    joan = add_customer(base, emails=[("joan@gmial.com", "unverified")])
    applied = change(base, joan, "joan@gmail.com", role="support")
    assert [(c.field, c.before, c.after) for c in applied.changes if c.field.startswith("email")] == [
        ("email_profile.address", "joan@gmial.com", "joan@gmail.com")
    ]


def test_R30_any_other_address_is_refused_to_support_and_says_who_may(base: Database) -> None:
    joan = add_customer(base, emails=["joan@gmial.com"])
    with pytest.raises(Refused) as caught:
        change(base, joan, "john@gmail.com", role="support")
    assert "team lead" in caught.value.sentence
    assert email_of(base, joan).address == "joan@gmial.com"


def test_R31_a_verified_address_is_replaced_even_where_the_typo_table_has_a_line(
    base: Database, clock: Clock
) -> None:
    joan = add_customer(base, emails=["joan@gmial.com"])
    with pytest.raises(Refused, match=r"was verified.*team lead"):
        change(base, joan, "joan@gmail.com", role="support")
    change(base, joan, "joan@gmail.com")
    until = email_of(base, joan).cool_down_until
    assert until is not None
    assert (until - clock.now).total_seconds() == 24 * 3600
    assert messages(base)[0] == ("notice-old", "joan@gmial.com")


def test_P4_a_clash_names_the_holder_and_writes_nothing(base: Database) -> None:
    set_mode(base, DedupMode.BY_EMAIL)
    joan = add_customer(base, emails=["joan@example.org"])
    daniel = add_customer(base, given_name="Daniel", emails=["daniel@example.org"])
    with pytest.raises(Clash) as caught:
        change(base, daniel, "JOAN@Example.org")
    assert caught.value.holder.customer_id == joan
    assert caught.value.field == "email"
    assert email_of(base, daniel).address == "daniel@example.org"


def test_P4_with_detection_off_a_shared_email_saves_with_a_warning(base: Database) -> None:
    add_customer(base, emails=["joan@example.org"])
    daniel = add_customer(base, given_name="Daniel", emails=["daniel@example.org"])
    applied = change(base, daniel, "joan@example.org")
    assert "shared-email" in applied.warnings[0]


def test_A31_a_look_alike_address_is_refused_with_a_sentence(base: Database) -> None:
    joan = add_customer(base, emails=["joan@example.org"])
    with pytest.raises(Invalid) as caught:
        change(base, joan, "jo\u0430n@example.org")
    assert caught.value.field == "email"
