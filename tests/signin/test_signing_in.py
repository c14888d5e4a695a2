"""A customer signs in: identifier, password, one-time code (P3), by the order that the policy names."""

import pytest

from db.engine import Database
from db.models import AuthenticationProfile, CustomerSession, OneTimeCode, PhoneProfile, SignInAttempt
from db.signin import CustomerDoor, Need
from db.steps import CODE_ASKED, NO_CODE_YET, NOT_SIGNED_IN
from tests.conftest import Clock
from tests.factories import actor
from tests.operations.acting import do, messages, rows
from tests.signin.conftest import PASSWORD, at_once, joan_with, sign_in
from tests.signin.post import Post


@pytest.mark.parametrize("identifier", ["janderson", "JAnderson ", "joan@example.org", "p-1001"])
def test_each_identifier_leads_in(base: Database, door: CustomerDoor, post: Post, identifier: str) -> None:
    joan = joan_with(base, passes=["P-1001"])
    step = sign_in(door, post, identifier)
    assert step.needs is Need.NOTHING
    found = door.session(step.session)
    assert found is not None
    assert found.customer_id == joan
    (profile,) = rows(base, AuthenticationProfile, joan)
    assert profile.last_sign_in_at is not None


def test_P3_the_code_goes_by_text_message_by_itself(base: Database, door: CustomerDoor) -> None:
    joan = joan_with(base)
    step = door.enter_password(door.begin("janderson").token, PASSWORD)
    assert step.needs is Need.CODE
    assert step.sent_to.endswith("0101")
    assert "202" not in step.sentence
    assert messages(base, joan) == [("code", "+12025550101")]


def test_P3_by_mail_instead(base: Database, door: CustomerDoor, post: Post, clock: Clock) -> None:
    joan = joan_with(base)
    step = door.enter_password(door.begin("janderson").token, PASSWORD)
    post.deliver()
    clock.advance(minutes=1)
    step = door.use_email_instead(step.token)
    assert messages(base, joan)[-1] == ("code", "joan@example.org")
    assert door.enter_code(step.token, post.deliver().code).needs is Need.NOTHING


@pytest.mark.parametrize("phone", [("+1 202 555 0101", "bouncing"), None])
def test_P3_without_a_phone_that_works_the_code_goes_by_mail(
    base: Database, door: CustomerDoor, phone: tuple[str, str] | None
) -> None:
    joan = joan_with(base, phones=[] if phone is None else [phone])
    door.enter_password(door.begin("janderson").token, PASSWORD)
    assert messages(base, joan) == [("code", "joan@example.org")]


def test_R17_a_resent_code_kills_the_one_before(
    base: Database, door: CustomerDoor, post: Post, clock: Clock
) -> None:
    joan = joan_with(base)
    step = door.enter_password(door.begin("janderson").token, PASSWORD)
    first = post.deliver().code
    clock.advance(minutes=1)
    step = door.resend(step.token)
    second = post.deliver().code
    assert [row.void_reason for row in rows(base, OneTimeCode, joan)] == ["superseded", None]
    if first != second:
        assert door.enter_code(step.token, first).has_failed
    assert door.enter_code(step.token, second).needs is Need.NOTHING


def test_R20_a_code_a_minute_and_five_an_hour(
    base: Database, door: CustomerDoor, post: Post, clock: Clock
) -> None:
    joan = joan_with(base)
    step = door.enter_password(door.begin("janderson").token, PASSWORD)
    assert door.resend(step.token).sentence == NO_CODE_YET
    assert len(messages(base, joan)) == 1
    for _ in range(4):
        clock.advance(minutes=2)
        door.resend(step.token)
    assert len(messages(base, joan)) == 5
    clock.advance(minutes=2)
    assert door.resend(step.token).sentence == NO_CODE_YET
    assert len(messages(base, joan)) == 5


def test_R20_the_limit_outlives_the_program(base: Database, door: CustomerDoor, post: Post) -> None:
    joan = joan_with(base)
    door.enter_password(door.begin("janderson").token, PASSWORD)
    other = CustomerDoor(base, bytes(32), pause=at_once)
    step = other.enter_password(other.begin("janderson").token, PASSWORD)
    assert (step.needs, step.sentence) == (Need.CODE, NO_CODE_YET)
    assert len(messages(base, joan)) == 1


def test_using_a_code_verifies_its_address(base: Database, door: CustomerDoor, post: Post) -> None:
    joan = joan_with(base, phones=[("+1 202 555 0101", "unverified")])
    assert sign_in(door, post, "janderson").needs is Need.NOTHING
    (phone,) = rows(base, PhoneProfile, joan)
    assert phone.state.value == "verified"
    assert phone.verified_at == base.clock(None)  # type: ignore[arg-type]  # the clock of the tests


def test_the_code_may_come_first(base: Database, door: CustomerDoor, post: Post) -> None:
    joan = joan_with(base)
    do(base, "change-setting", actor("admin"), key="sign_in_order", value="code-first")
    step = door.begin("janderson")
    assert (step.needs, step.sentence) == (Need.CODE, CODE_ASKED)
    assert door.enter_password(step.token, PASSWORD).has_failed, "the code is asked for first"
    step = door.enter_code(step.token, post.deliver().code)
    assert step.needs is Need.PASSWORD
    assert door.enter_password(step.token, PASSWORD).needs is Need.NOTHING
    assert len(rows(base, CustomerSession, joan)) == 1


def test_with_the_code_first_an_unknown_identifier_looks_like_any_other(
    base: Database, door: CustomerDoor, post: Post, clock: Clock
) -> None:
    joan_with(base)
    do(base, "change-setting", actor("admin"), key="sign_in_order", value="code-first")
    seen = []
    for identifier in ("janderson", "nobody"):
        step = door.begin(identifier)
        walked = [step, door.resend(step.token), door.use_email_instead(step.token)]
        walked += [door.enter_code(step.token, "000000x") for _ in range(5)]
        seen.append([(each.needs, each.sentence, each.has_failed, each.sent_to) for each in walked])
    assert seen[0] == seen[1]


@pytest.mark.parametrize("token", ["", "nonsense", "é" * 10, "x" * 100_000])
def test_a_token_that_is_none_starts_again(door: CustomerDoor, token: str) -> None:
    for step in (door.enter_password(token, PASSWORD), door.enter_code(token, "123456"), door.resend(token)):
        assert (step.needs, step.sentence, step.session) == (Need.IDENTIFIER, NOT_SIGNED_IN, "")
    assert door.session(token) is None
    door.sign_out(token)


def test_an_attempt_waits_half_an_hour(base: Database, door: CustomerDoor, clock: Clock) -> None:
    joan_with(base)
    token = door.begin("janderson").token
    clock.advance(minutes=30)
    assert door.enter_password(token, PASSWORD).needs is Need.IDENTIFIER


def test_a_session_ends_by_signing_out_and_by_itself(
    base: Database, door: CustomerDoor, post: Post, clock: Clock
) -> None:
    joan = joan_with(base)
    first = sign_in(door, post, "janderson").session
    door.sign_out(first)
    assert door.session(first) is None
    assert rows(base, CustomerSession, joan)[0].end_reason == "signed out"
    clock.advance(minutes=2)
    second = sign_in(door, post, "janderson").session
    assert door.session(second) is not None
    clock.advance(hours=12)
    assert door.session(second) is None


def test_who_may_not_come_in_is_not_in_any_more(base: Database, door: CustomerDoor, post: Post) -> None:
    joan = joan_with(base)
    session = sign_in(door, post, "janderson").session
    do(base, "suspend-customer", actor(), customer=joan)
    assert door.session(session) is None


def test_an_attempt_is_told_in_the_customers_history_and_changes_no_version(
    base: Database, door: CustomerDoor, post: Post
) -> None:
    joan = joan_with(base)
    sign_in(door, post, "janderson")
    (attempt,) = rows(base, SignInAttempt, joan)
    assert (attempt.state.value, attempt.case, attempt.identifier_kind) == ("signed-in", None, "username")
    with base.reading() as connection:
        told = connection.exec_driver_sql(
            f"SELECT operation FROM audit_event WHERE customer_id = {joan} ORDER BY seq"
        )
        assert [row[0] for row in told] == ["begin-sign-in", "check-password", "check-code"]
        version = connection.exec_driver_sql(f"SELECT version FROM customer WHERE id = {joan}").scalar()
        assert version == 1
