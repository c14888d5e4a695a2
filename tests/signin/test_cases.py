"""Every case of P1, through the gate and through the customer's own door."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

from db import gate
from db.engine import Database
from db.models import Channel, EmailProfile, Message, MessageKind, MessageState
from db.rules.cases import Case
from db.rules.identifiers import format_reference
from db.settings import load_policy
from db.signin import CustomerDoor, Need
from db.steps import NOT_SIGNED_IN
from tests.factories import actor, building
from tests.operations.acting import do, messages
from tests.signin.conftest import husband_with, joan_with, sign_in
from tests.signin.post import Post


def judged(base: Database, identifier: str) -> gate.Judgement:
    with base.reading() as connection:
        return gate.judge(connection, identifier, load_policy(connection), base.clock(connection))


@dataclass(frozen=True)
class Row:
    """One row of P1: what is in the database, what is typed, and what is found, blocking first."""

    plant: Callable[[Database], Any]
    typed: str
    causes: tuple[str, ...]


def merged(base: Database) -> int:
    survivor = joan_with(base, emails=["joan.new@example.org"], sign_ins=["joan.new"])
    return joan_with(base, status="merged", merged_into_id=survivor)


def cooling(base: Database, **given: Any) -> int:
    joan = joan_with(base, **given)
    with building(base) as session:
        for profile in session.query(EmailProfile).filter_by(customer_id=joan):
            profile.cool_down_until = base.clock(session.live_connection) + timedelta(hours=1)
    return joan


def failed_message(base: Database, customer: int, recipient: str, state: str) -> None:
    with building(base) as session:
        now = base.clock(session.live_connection)
        session.add(
            Message(
                reference=format_reference(secrets.token_bytes(5)),
                idempotency_key=secrets.token_hex(16),
                customer_id=customer,
                channel=Channel.EMAIL if "@" in recipient else Channel.SMS,
                kind=MessageKind.CODE,
                recipient=recipient,
                values="{}",
                state=MessageState(state),
                next_attempt_at=now,
                created_at=now,
            )
        )


def unreached(base: Database) -> int:
    joan = joan_with(base)
    failed_message(base, joan, "joan@example.org", "bounced")
    failed_message(base, joan, "+12025550101", "failed")
    return joan


ROWS = {
    "0 everything is there": Row(joan_with, "janderson", ("can-sign-in",)),
    "1 shared email": Row(
        lambda b: (joan_with(b), husband_with(b)), "joan@example.org", ("shared-email",) * 2
    ),
    "1 several sign-ins": Row(
        lambda b: joan_with(b, sign_ins=["janderson", "joan.two"]), "joan@example.org", ("several-sign-ins",)
    ),
    "2 username": Row(lambda b: joan_with(b, emails=[]), "janderson", ("username-without-email",)),
    "3 pass": Row(lambda b: joan_with(b, emails=[], passes=["P-1001"]), "P 1001", ("pass-without-email",)),
    "3 pass and no sign-in": Row(
        lambda b: joan_with(b, emails=[], sign_ins=[], passes=["P-1001"]),
        "P-1001",
        ("pass-without-email", "no-sign-in"),
    ),
    "5 inactive": Row(
        lambda b: joan_with(b, status="inactive", sign_ins=[("janderson", "placeholder")]),
        "janderson",
        ("inactive",),
    ),
    "6 account suspended": Row(
        lambda b: joan_with(b, status="suspended"), "joan@example.org", ("suspended",)
    ),
    "6 every card suspended": Row(
        lambda b: joan_with(b, passes=[("P-1001", "suspended")]), "janderson", ("card-suspended",)
    ),
    "6 this card suspended": Row(
        lambda b: joan_with(b, passes=[("P-1001", "suspended"), "P-1002"]), "P-1001", ("pass-suspended",)
    ),
    "7 merged away": Row(merged, "joan@example.org", ("merged",)),
    "8 locked": Row(lambda b: joan_with(b, sign_ins=[("janderson", "locked")]), "janderson", ("locked",)),
    "8 flagged": Row(lambda b: joan_with(b, takeover_flag=True), "janderson", ("takeover-flag",)),
    "9 nothing arrives": Row(unreached, "janderson", ("no-usable-channel",)),
    "9 placeholder": Row(
        lambda b: joan_with(b, sign_ins=[("janderson", "placeholder")]), "janderson", ("placeholder",)
    ),
    "9 reset required": Row(
        lambda b: joan_with(b, sign_ins=[("janderson", "reset-required")]), "janderson", ("reset-required",)
    ),
    "10 nothing matches": Row(joan_with, "jandersen", ("nothing-found",)),
    "10 expired pass": Row(
        lambda b: joan_with(b, passes=[("P-1001", "expired")]), "P-1001", ("pass-expired",)
    ),
    "10 disabled": Row(
        lambda b: joan_with(b, sign_ins=[("janderson", "disabled")]), "janderson", ("disabled",)
    ),
    "10 no sign-in": Row(lambda b: joan_with(b, sign_ins=[]), "joan@example.org", ("no-sign-in",)),
    "10 cooling address": Row(cooling, "joan@example.org", ("cooling-address",)),
    "10 erased": Row(lambda b: joan_with(b, status="erased"), "janderson", ("erased",)),
    "several at once": Row(
        lambda b: joan_with(b, emails=[], takeover_flag=True, sign_ins=[("janderson", "locked")]),
        "janderson",
        ("takeover-flag", "username-without-email", "locked"),
    ),
}


@pytest.mark.parametrize("row", ROWS.values(), ids=ROWS.keys())
def test_P1_the_gate_names_the_case_and_the_door_holds_to_it(
    base: Database, door: CustomerDoor, post: Post, row: Row
) -> None:
    row.plant(base)
    found = judged(base, row.typed)
    assert tuple(finding.cause.value for finding in found.findings) == row.causes
    step = sign_in(door, post, row.typed)
    assert (step.needs is Need.NOTHING) == found.lets_in
    if not found.lets_in:
        assert (step.needs, step.sentence) == (Need.PASSWORD, NOT_SIGNED_IN)
        assert [kind for kind, _ in post.kinds] == []


def test_P1_an_exact_username_wins_over_a_shared_email(
    base: Database, door: CustomerDoor, post: Post
) -> None:
    joan, dan = joan_with(base), husband_with(base)
    assert judged(base, "joan@example.org").case is Case.SHARED_EMAIL
    do(base, "username-to-email", actor(), customer=joan)
    found = judged(base, "joan@example.org")
    assert found.lets_in
    assert found.account is not None
    assert found.account.customer_id == joan
    assert sign_in(door, post, "joan@example.org").needs is Need.NOTHING
    assert judged(base, "danderson").account.customer_id == dan  # type: ignore[union-attr]  # it is there


def test_P1_correcting_the_husbands_email_lets_joan_in(
    base: Database, door: CustomerDoor, post: Post
) -> None:
    joan_with(base)
    dan = husband_with(base)
    do(base, "change-email", actor(), customer=dan, email="danderson@example.org")
    assert sign_in(door, post, "joan@example.org").needs is Need.NOTHING


@pytest.mark.parametrize(
    "given",
    [
        {"sign_ins": []},
        {"sign_ins": [("danderson", "disabled")]},
        {"status": "suspended"},
        {"passes": [("P-2002", "suspended")]},
    ],
    ids=["no sign-in", "disabled", "suspended", "card suspended"],
)
def test_P1_an_email_is_shared_only_with_live_accounts_that_have_a_sign_in(
    base: Database, given: dict[str, Any]
) -> None:
    joan_with(base)
    husband_with(base, **given)
    assert judged(base, "joan@example.org").lets_in


def test_R31_an_address_under_cool_down_leads_nowhere_and_does_not_make_another_shared(
    base: Database,
) -> None:
    cooling(base)
    assert judged(base, "joan@example.org").case is Case.NO_MATCH
    assert judged(base, "janderson").lets_in, "the phone still carries the code"
    husband_with(base)
    assert judged(base, "joan@example.org").lets_in


def test_P1_9_a_way_that_failed_is_open_again_once_something_arrived_or_a_day_went_by(
    base: Database, clock: Any
) -> None:
    joan = unreached(base)
    failed_message(base, joan, "somewhere.else@example.org", "failed")
    assert not judged(base, "janderson").lets_in
    failed_message(base, joan, "+12025550101", "sent")
    assert judged(base, "janderson").lets_in
    failed_message(base, joan, "+12025550101", "failed")
    assert not judged(base, "janderson").lets_in
    clock.advance(hours=24)
    assert judged(base, "janderson").lets_in


def test_P1_9_one_way_that_is_open_is_enough(base: Database, door: CustomerDoor, post: Post) -> None:
    joan = joan_with(base)
    failed_message(base, joan, "+12025550101", "failed")
    found = judged(base, "janderson")
    assert [(way.channel.value, way.obstacle) for way in found.ways] == [
        ("sms", gate.Obstacle.FAILED),
        ("email", None),
    ]
    assert sign_in(door, post, "janderson").needs is Need.NOTHING
    assert messages(base, joan)[-1] == ("code", "joan@example.org")


def test_a_customer_is_judged_by_number_too(base: Database) -> None:
    with base.reading() as connection:
        policy, now = load_policy(connection), base.clock(connection)
        assert gate.judge_customer(connection, 99, policy, now).case is Case.NO_MATCH
    joan = joan_with(base, emails=[], phones=[], sign_ins=[])
    with base.reading() as connection:
        found = gate.judge_customer(connection, joan, policy, now)
    assert found.case is Case.CLAIM_WITHOUT_CONTACT


@pytest.mark.parametrize("typed", ["JOAN@Example.ORG", " joan@example.org ", "ＪＡＮＤＥＲＳＯＮ", "p 1001"])
def test_A31_what_a_person_reads_as_the_same_is_the_same(base: Database, typed: str) -> None:
    joan_with(base, passes=["P-1001"])
    assert judged(base, typed).lets_in


@pytest.mark.parametrize(
    "typed",
    [
        "j\u043ean@example.org",  # a Cyrillic o
        "joan@ex\u0430mple.org",  # a Cyrillic a, an internationalised domain
        "joan\u200b@example.org",
        "joan@example.org\x00",
        "jand\u202eerson",
        "\ud800",
        "",
        "%",
        "j" * 100_000,
    ],
)
def test_A31_a_look_alike_or_no_identifier_at_all_leads_nowhere(base: Database, typed: str) -> None:
    joan_with(base)
    assert judged(base, typed).case is Case.NO_MATCH
