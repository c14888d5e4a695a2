"""Sending a reset or an activation link (P5, R16, R20, R21, R30, R31, R33)."""

from dataclasses import replace
from typing import Any

import pytest

from db.applied import Applied
from db.engine import Database
from db.errors import Clash, Invalid, Refused
from db.models import AuthenticationProfile, EmailProfile, Link
from tests.conftest import Clock
from tests.dump import ordered_dump
from tests.factories import actor, add_customer, add_operators
from tests.operations.acting import do, messages, open_links, rows

JOANS = "joan@example.org"


@pytest.fixture
def base(database: Database, clock: Clock) -> Database:
    add_operators(database)
    return replace(database, clock=clock)


def send(base: Database, customer: int, *, role: str = "support", **values: Any) -> Applied:
    return do(base, "send-sign-in-link", actor(role), customer=customer, **values)


def set_limit(base: Database, key: str, value: int) -> None:
    do(base, "change-setting", actor("admin"), key=key, value=str(value))


def joan_with(base: Database, **given: Any) -> int:
    return add_customer(base, **{"emails": [JOANS], "sign_ins": ["janderson"], **given})


@pytest.mark.parametrize(
    ("status", "kind", "minutes"), [("active", "reset", 60), ("inactive", "activation", 1440)]
)
def test_P5_the_status_chooses_the_link(base: Database, status: str, kind: str, minutes: int) -> None:
    joan = joan_with(base, status=status)
    send(base, joan)
    assert messages(base, joan) == [(kind, JOANS)]
    (link,) = rows(base, Link, joan)
    assert (link.purpose.value, link.lifetime_minutes, link.secret_hash) == (kind, minutes, None)
    assert link.authentication_profile_id == rows(base, AuthenticationProfile, joan)[0].id


def test_R15_a_link_goes_to_a_placeholder(base: Database) -> None:
    joan = joan_with(base, sign_ins=[("janderson", "placeholder")])
    send(base, joan)
    assert messages(base, joan) == [("reset", JOANS)]


def test_R21_a_suspended_customer_is_to_be_reactivated_first(base: Database) -> None:
    with pytest.raises(Invalid, match="Reactivate customer"):
        send(base, joan_with(base, status="suspended"))


@pytest.mark.parametrize(("state", "remedy"), [("locked", "Unlock sign-in"), ("disabled", "Create sign-in")])
def test_R21_a_link_lifts_no_lock(base: Database, state: str, remedy: str) -> None:
    with pytest.raises(Invalid, match=remedy):
        send(base, joan_with(base, sign_ins=[("janderson", state)]))


def test_of_several_sign_ins_the_only_usable_one_is_meant(base: Database) -> None:
    joan = joan_with(base, sign_ins=[("old", "disabled"), "janderson"])
    send(base, joan)
    assert (
        rows(base, Link, joan)[0].authentication_profile_id == rows(base, AuthenticationProfile, joan)[1].id
    )


def test_without_a_sign_in_or_an_email_the_sentence_says_what_to_do(base: Database) -> None:
    with pytest.raises(Invalid, match="Create sign-in"):
        send(base, joan_with(base, sign_ins=[]))
    with pytest.raises(Invalid, match="Add an email"):
        send(base, joan_with(base, emails=[], sign_ins=["joan"]))


def test_R16_a_new_link_supersedes_the_old_one(base: Database, clock: Clock) -> None:
    joan = joan_with(base)
    send(base, joan)
    clock.advance(minutes=2)
    send(base, joan)
    first, second = rows(base, Link, joan)
    assert (first.void_reason, second.voided_at) == ("superseded", None)


def test_R20_one_link_a_minute(base: Database, clock: Clock) -> None:
    joan = joan_with(base)
    send(base, joan)
    with pytest.raises(Refused, match="Try again in") as caught:
        send(base, joan, role="lead")
    assert caught.value.code == "rate"
    clock.advance(seconds=61)
    send(base, joan)


def test_R20_five_links_an_hour(base: Database, clock: Clock) -> None:
    joan = joan_with(base)
    for _ in range(5):
        send(base, joan)
        clock.advance(minutes=2)
    with pytest.raises(Refused, match="50 minutes"):
        send(base, joan)


@pytest.mark.parametrize(("key", "limit"), [("operator_sends_per_hour", 5), ("all_sends_per_hour", 10)])
def test_R20_an_operator_and_everybody_have_limits_too(base: Database, key: str, limit: int) -> None:
    set_limit(base, key, limit)
    for place in range(limit):
        send(base, joan_with(base, sign_ins=[f"user{place}"]))
    with pytest.raises(Refused) as caught:
        send(base, joan_with(base, sign_ins=["last"]))
    assert caught.value.code == "rate"


def test_R20_a_refused_send_uses_nothing_up(base: Database) -> None:
    joan = joan_with(base)
    send(base, joan)
    before = ordered_dump(base)["rate_hit"]
    with pytest.raises(Refused):
        send(base, joan)
    assert ordered_dump(base)["rate_hit"] == before


def test_R31_no_link_while_the_cool_down_runs(base: Database, clock: Clock) -> None:
    joan = joan_with(base)
    do(base, "change-email", actor("lead"), customer=joan, email="joan.new@example.org")
    with pytest.raises(Refused, match="2026-03-03 14:00 UTC") as caught:
        send(base, joan)
    assert caught.value.code == "cool-down"
    clock.advance(hours=24, seconds=1)
    send(base, joan)


def test_P5_a_typo_is_corrected_and_the_link_sent_in_one_step(base: Database) -> None:
    joan = joan_with(base, emails=[("joan@gmial.com", "unverified")])
    send(base, joan, email="joan@gmail.com")
    assert rows(base, EmailProfile, joan)[0].address == "joan@gmail.com"
    assert ("reset", "joan@gmail.com") in messages(base, joan)


def test_P5_an_inactive_customer_with_a_wrong_address_gets_activation_in_one_step(base: Database) -> None:
    joan = joan_with(base, emails=[("wrong@example.org", "unverified")], status="inactive")
    send(base, joan, email=JOANS)
    assert ("activation", JOANS) in messages(base, joan)
    assert open_links(base, joan) == [JOANS, JOANS]  # confirmation and activation


@pytest.mark.parametrize(("role", "code"), [("lead", "cool-down"), ("support", "permission")])
def test_R31_a_verified_address_is_not_replaced_in_this_step(base: Database, role: str, code: str) -> None:
    joan = joan_with(base)
    with pytest.raises(Refused, match="2026-03-03 14:00 UTC") as caught:
        send(base, joan, role=role, email="other@example.org")
    assert caught.value.code == code
    assert rows(base, EmailProfile, joan)[0].address == JOANS


def test_R31_a_verified_address_is_no_typo_whatever_the_table_says(base: Database) -> None:
    joan = joan_with(base, emails=["joan@gmial.com"])
    with pytest.raises(Refused) as caught:
        send(base, joan, role="lead", email="joan@gmail.com")
    assert caught.value.code == "cool-down"
    assert messages(base, joan) == []


def test_P5_a_typo_beside_a_verified_address_is_corrected_in_one_step(base: Database) -> None:
    joan = joan_with(base, emails=[("joan@gmial.com", "unverified"), JOANS])
    send(base, joan, email="joan@gmail.com")
    assert ("reset", "joan@gmail.com") in messages(base, joan)


def test_R31_an_unverified_address_beside_a_verified_one_has_a_cool_down_too(base: Database) -> None:
    joan = joan_with(base, emails=[("wrong@example.org", "unverified"), JOANS])
    with pytest.raises(Refused) as caught:
        send(base, joan, email="other@example.org")
    assert caught.value.code == "cool-down"


def test_A32_a_correction_onto_another_customers_address_is_refused_in_every_mode(base: Database) -> None:
    holder = add_customer(base, given_name="Daniel", emails=["joan@gmail.com"])
    joan = joan_with(base, emails=["joan@gmial.com"])
    with pytest.raises(Clash) as caught:
        send(base, joan, email="joan@gmail.com")
    assert caught.value.holder.customer_id == holder


def test_R33_a_flagged_customer_gets_no_link(base: Database) -> None:
    with pytest.raises(Refused) as caught:
        send(base, joan_with(base, takeover_flag=True), role="lead")
    assert caught.value.code == "takeover"


def test_a_bouncing_address_is_warned_of(base: Database) -> None:
    applied = send(base, joan_with(base, emails=[(JOANS, "bouncing")]))
    assert "come back" in applied.warnings[0]


def test_another_email_of_the_customer_can_be_chosen(base: Database) -> None:
    joan = joan_with(base, emails=[JOANS, "second@example.org"])
    send(base, joan, profile=rows(base, EmailProfile, joan)[1].id)
    assert messages(base, joan) == [("reset", "second@example.org")]


def test_an_auditor_sends_nothing(base: Database) -> None:
    with pytest.raises(Refused):
        send(base, joan_with(base), role="auditor")


def test_P1_a_link_into_a_shared_mailbox_says_who_else_can_open_it(base: Database) -> None:
    joan = add_customer(base, emails=["both@example.org"], sign_ins=["joan"])
    daniel = add_customer(base, given_name="Daniel", emails=["both@example.org"], sign_ins=["dan"])
    applied = do(base, "send-sign-in-link", actor("support"), customer=daniel)
    assert any(f"C-{joan}" in warning for warning in applied.warnings)
