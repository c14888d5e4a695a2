"""Links: one message for each that does not work, used once, and what a new password brings (R16–R21)."""

import threading
from typing import Any

import pytest

from db.engine import Database
from db.gate import Claim
from db.models import (
    AuthenticationProfile,
    Customer,
    CustomerSession,
    EmailProfile,
    Link,
    LinkPurpose,
    OneTimeCode,
    SignInAttempt,
)
from db.signin import CustomerDoor, Need
from db.steps import CLAIMED, LINK_OVER, PASSWORD_SET
from tests.conftest import Clock
from tests.factories import actor, building
from tests.operations.acting import do, messages, rows
from tests.signin.conftest import PASSWORD, joan_with, sign_in
from tests.signin.post import Post

RESET, ACTIVATION, CONFIRM = LinkPurpose.RESET, LinkPurpose.ACTIVATION, LinkPurpose.CONFIRM
NEW = "eleven paper lanterns"


def sent_link(base: Database, post: Post, customer: int) -> str:
    do(base, "send-sign-in-link", actor("support"), customer=customer)
    (*_, newest) = (secret for found in post.deliver().links.values() for secret in found)
    return newest


@pytest.mark.parametrize("state", ["active", "placeholder", "reset-required"])
def test_R15_R21_a_reset_sets_the_password_and_signs_nobody_in(
    base: Database, door: CustomerDoor, post: Post, state: str
) -> None:
    joan = joan_with(base, sign_ins=[("janderson", state)], emails=[("joan@example.org", "unverified")])
    secret = sent_link(base, post, joan)
    assert door.open_link(secret, RESET).is_done
    assert door.open_link(secret, RESET).is_done, "opening uses nothing up"
    answer = door.set_password(secret, RESET, NEW)
    assert (answer.is_done, answer.sentence) == (True, PASSWORD_SET)
    assert rows(base, CustomerSession, joan) == []
    (profile,) = rows(base, AuthenticationProfile, joan)
    assert (profile.state.value, profile.credential_version) == ("active", 2)
    assert rows(base, EmailProfile, joan)[0].state.value == "verified"
    assert sign_in(door, post, "janderson", NEW).needs is Need.NOTHING


def test_P5_an_activation_makes_the_customer_active(base: Database, door: CustomerDoor, post: Post) -> None:
    joan = joan_with(base, status="inactive", sign_ins=[("janderson", "placeholder")])
    assert sign_in(door, post, "janderson").has_failed
    secret = sent_link(base, post, joan)
    assert door.set_password(secret, ACTIVATION, NEW).is_done
    assert rows(base, Customer, joan)[0].status.value == "active"
    assert sign_in(door, post, "janderson", NEW).needs is Need.NOTHING


def test_R21_after_a_reset_sessions_attempts_codes_and_links_are_over_and_everybody_is_told(
    base: Database, door: CustomerDoor, post: Post, clock: Clock
) -> None:
    joan = joan_with(
        base, emails=["joan@example.org", "joan.two@example.org", ("joan.three@example.org", "unverified")]
    )
    session = sign_in(door, post, "janderson").session
    clock.advance(minutes=2)
    waiting = door.enter_password(door.begin("janderson").token, PASSWORD)
    secret = sent_link(base, post, joan)
    told_before = len(messages(base, joan))
    assert door.set_password(secret, RESET, NEW).is_done
    assert door.session(session) is None
    assert rows(base, CustomerSession, joan)[0].end_reason == "password changed"
    step = door.enter_code(waiting.token, post.code)
    assert (step.needs, step.has_failed, step.session) == (Need.CODE, True, "")
    assert rows(base, SignInAttempt, joan)[-1].authentication_profile_id is None
    assert rows(base, OneTimeCode, joan)[-1].void_reason == "password changed"
    assert sorted(messages(base, joan)[told_before:]) == [
        ("notice-security", "joan.two@example.org"),
        ("notice-security", "joan@example.org"),
    ]
    assert sign_in(door, post, "janderson").has_failed, "the old password is over"


@pytest.mark.parametrize("why", ["lock", "suspension", "takeover"])
def test_R21_R33_a_reset_lifts_nothing(base: Database, door: CustomerDoor, post: Post, why: str) -> None:
    joan = joan_with(base)
    secret = sent_link(base, post, joan)
    match why:
        case "lock":
            do(base, "lock-sign-in", actor(), customer=joan)
        case "suspension":
            do(base, "suspend-customer", actor(), customer=joan)
        case "takeover":
            with building(base) as session:
                session.get_one(Customer, joan).takeover_flag = True
    assert door.set_password(secret, RESET, NEW).sentence == LINK_OVER
    assert rows(base, AuthenticationProfile, joan)[0].credential_version == 1


def edited(base: Database, customer: int, model: Any, **values: Any) -> None:
    with building(base) as session:
        for row in session.query(model).filter_by(customer_id=customer):
            for name, value in values.items():
                setattr(row, name, value)


BROKEN = {
    "wrong": lambda base, joan, clock, post: None,
    "used": lambda base, joan, clock, post: edited(base, joan, Link, used_at=clock.now),
    "expired": lambda base, joan, clock, post: clock.advance(minutes=60),
    "superseded": lambda base, joan, clock, post: (clock.advance(minutes=2), sent_link(base, post, joan)),
    "another email": lambda base, joan, clock, post: do(
        base, "change-email", actor(), customer=joan, email="new@example.org"
    ),
    "another address behind its back": lambda base, joan, clock, post: edited(
        base, joan, EmailProfile, address="joan@elsewhere.example"
    ),
    "another password": lambda base, joan, clock, post: edited(
        base, joan, AuthenticationProfile, credential_version=2
    ),
    "profile gone": lambda base, joan, clock, post: edited(base, joan, Link, email_profile_id=None),
    "sign-in gone": lambda base, joan, clock, post: edited(base, joan, Link, authentication_profile_id=None),
}


@pytest.mark.parametrize("broken", BROKEN.values(), ids=BROKEN.keys())
def test_A24_every_link_that_does_not_work_reads_the_same(
    base: Database, door: CustomerDoor, post: Post, clock: Clock, broken: Any
) -> None:
    joan = joan_with(base)
    secret = sent_link(base, post, joan)
    if broken is BROKEN["wrong"]:
        secret = secret[::-1] + "é"
    broken(base, joan, clock, post)
    for answer in (
        door.open_link(secret, RESET),
        door.set_password(secret, RESET, NEW),
        door.confirm(secret),
    ):
        assert (answer.is_done, answer.sentence) == (False, LINK_OVER)
    assert sign_in(door, post, "janderson", NEW).has_failed


def test_A24_a_link_is_for_one_purpose(base: Database, door: CustomerDoor, post: Post) -> None:
    joan = joan_with(base, emails=[("joan@example.org", "unverified")])
    secret = sent_link(base, post, joan)
    for answer in (
        door.open_link(secret, CONFIRM),
        door.confirm(secret),
        door.set_password(secret, ACTIVATION, NEW),
        door.set_password(secret, CONFIRM, NEW),
    ):
        assert answer.sentence == LINK_OVER
    assert rows(base, EmailProfile, joan)[0].state.value == "unverified"
    assert door.set_password(secret, RESET, NEW).is_done
    assert door.set_password(secret, RESET, NEW).sentence == LINK_OVER, "and for one use"


def test_A23_of_two_who_use_a_link_at_the_same_moment_exactly_one_wins(
    base: Database, door: CustomerDoor, post: Post
) -> None:
    joan = joan_with(base)
    secret = sent_link(base, post, joan)
    answers = at_once(
        lambda: door.set_password(secret, RESET, NEW).is_done,
        lambda: door.set_password(secret, RESET, "twelve wooden bridges").is_done,
    )
    assert sorted(answers) == [False, True]
    assert rows(base, AuthenticationProfile, joan)[0].credential_version == 2


def test_A23_of_two_who_enter_a_code_at_the_same_moment_exactly_one_is_in(
    base: Database, door: CustomerDoor, post: Post
) -> None:
    joan = joan_with(base)
    token = door.enter_password(door.begin("janderson").token, PASSWORD).token
    code = post.deliver().code
    answers = at_once(*[lambda: door.enter_code(token, code).needs is Need.NOTHING] * 2)
    assert sorted(answers) == [False, True]
    assert len(rows(base, CustomerSession, joan)) == 1


def at_once(*calls: Any) -> list[bool]:
    """Make calls at the same moment, each in a thread of its own."""
    gate, answers = threading.Barrier(len(calls)), []

    def go(call: Any) -> None:
        gate.wait(10)
        answers.append(call())

    threads = [threading.Thread(target=go, args=(call,)) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return answers


@pytest.mark.parametrize(
    ("password", "said"),
    [
        ("short", "shorter"),
        ("x" * 129, "longer"),
        ("password123", "common"),
        ("joan@example.org", "own name"),
    ],
)
def test_R24_a_password_against_the_rules_leaves_the_link_as_it_was(
    base: Database, door: CustomerDoor, post: Post, password: str, said: str
) -> None:
    joan = joan_with(base)
    secret = sent_link(base, post, joan)
    answer = door.set_password(secret, RESET, password)
    assert not answer.is_done
    assert said in answer.sentence
    assert door.set_password(secret, RESET, NEW).is_done


def test_R29_a_confirmation_link_verifies_its_address_and_nothing_else(
    base: Database, door: CustomerDoor, post: Post
) -> None:
    joan = joan_with(base, emails=[], sign_ins=[])
    do(base, "add-email", actor("support"), customer=joan, email="joan@example.org")
    (secret,) = post.deliver().links["confirm"]
    assert door.open_link(secret, CONFIRM).is_done
    assert door.confirm(secret).is_done
    assert rows(base, EmailProfile, joan)[0].state.value == "verified"
    assert door.confirm(secret).sentence == LINK_OVER


@pytest.mark.parametrize(
    ("given", "kind"),
    [
        ({}, "reset"),
        ({"sign_ins": []}, "reset"),
        ({"status": "inactive", "sign_ins": [("janderson", "placeholder")]}, "activation"),
    ],
)
def test_P1_4_a_claim_sends_the_link_to_the_address_on_file(
    base: Database, door: CustomerDoor, post: Post, given: dict[str, Any], kind: str
) -> None:
    joan = joan_with(base, **given)
    assert door.claim(Claim(email="joan@example.org")).sentence == CLAIMED
    assert messages(base, joan) == [(kind, "joan@example.org")]
    (secret,) = post.deliver().links[kind]
    assert door.set_password(secret, LinkPurpose(kind), NEW).is_done
    assert sign_in(door, post, "joan@example.org", NEW).needs is Need.NOTHING


def test_P1_4_a_claim_answers_the_same_whatever_was_found_and_is_written_down(
    base: Database, door: CustomerDoor
) -> None:
    joan = joan_with(base, emails=[], phones=[])
    known = Claim(
        given_name="Joan", family_name="Anderson", birth_date=rows(base, Customer, joan)[0].birth_date
    )
    for claim in (known, Claim(email="nobody@example.org"), Claim()):
        answer = door.claim(claim)
        assert (answer.is_done, answer.sentence) == (True, CLAIMED)
    assert messages(base, joan) == []
    (attempt,) = rows(base, SignInAttempt, joan)
    assert (attempt.identifier_kind, attempt.case) == ("claim", "claim-without-contact")


def test_R20_claims_and_operators_share_the_limit_of_links(base: Database, door: CustomerDoor) -> None:
    joan = joan_with(base)
    do(base, "send-sign-in-link", actor("support"), customer=joan)
    assert door.claim(Claim(email="joan@example.org")).sentence == CLAIMED
    assert len(messages(base, joan)) == 1
    assert rows(base, SignInAttempt, joan)[0].case == "rate"


@pytest.mark.parametrize("purpose", [RESET, CONFIRM])
def test_R55_a_link_that_proves_its_address_too_is_one_step_of_the_version(
    base: Database, door: CustomerDoor, post: Post, purpose: LinkPurpose
) -> None:
    joan = joan_with(base, emails=[("joan@example.org", "unverified")])
    if purpose is RESET:
        secret = sent_link(base, post, joan)
    else:
        do(base, "change-email", actor(), customer=joan, email="joan.lee@example.org")
        (secret,) = (one for found in post.deliver().links.values() for one in found)
    before = rows(base, Customer, joan)[0].version
    used = door.set_password(secret, RESET, NEW) if purpose is RESET else door.confirm(secret)
    assert used.is_done
    assert rows(base, Customer, joan)[0].version == before + 1
