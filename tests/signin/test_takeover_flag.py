"""The takeover flag stops sign-in, links and codes at every step, whenever it was set (R33, A35)."""

from collections.abc import Callable

import pytest

from db.delivery.worker import deliver_due
from db.diagnosis import Question, diagnose
from db.engine import Database
from db.errors import RefusalCode, Refused
from db.gate import Claim
from db.models import Customer, LinkPurpose, Message
from db.queries.viewer import Viewer
from db.signin import CustomerDoor, Need
from tests.conftest import Clock
from tests.delivery.builders import Recorder
from tests.factories import actor, building
from tests.operations.acting import do, messages, rows
from tests.signin.conftest import PASSWORD, joan_with, sign_in
from tests.signin.post import KEY, Post

NEW_PASSWORD = "nine copper ladles"


def flag(base: Database, customer: int) -> None:
    """Set the field itself, as whoever decides about takeovers will."""
    with building(base) as session:
        session.get_one(Customer, customer).takeover_flag = True


def test_R33_nobody_begins_to_sign_in(base: Database, door: CustomerDoor, post: Post) -> None:
    joan = joan_with(base)
    flag(base, joan)
    assert sign_in(door, post, "janderson").has_failed
    assert messages(base, joan) == []


def test_R33_a_flag_between_password_and_code_keeps_the_right_code_out(
    base: Database, door: CustomerDoor, post: Post
) -> None:
    joan = joan_with(base)
    step = door.enter_password(door.begin("janderson").token, PASSWORD)
    post.deliver()
    flag(base, joan)
    step = door.enter_code(step.token, post.code)
    assert (step.needs is Need.NOTHING, step.has_failed) == (False, True)


def test_R33_a_flag_between_identifier_and_password_sends_no_code(base: Database, door: CustomerDoor) -> None:
    joan = joan_with(base)
    token = door.begin("janderson").token
    flag(base, joan)
    assert door.enter_password(token, PASSWORD).has_failed
    assert messages(base, joan) == []


@pytest.mark.parametrize("send", [CustomerDoor.resend, CustomerDoor.use_email_instead])
def test_R33_no_other_code_is_sent(
    base: Database, door: CustomerDoor, post: Post, clock: Clock, send: Callable[[CustomerDoor, str], object]
) -> None:
    joan = joan_with(base)
    step = door.enter_password(door.begin("janderson").token, PASSWORD)
    post.deliver()
    flag(base, joan)
    clock.advance(minutes=2)  # past what the rate allows
    before = messages(base, joan)
    send(door, step.token)
    assert messages(base, joan) == before


def test_R33_a_session_is_over(base: Database, door: CustomerDoor, post: Post) -> None:
    joan = joan_with(base)
    session = sign_in(door, post, "janderson").session
    assert door.session(session) is not None
    flag(base, joan)
    assert door.session(session) is None


@pytest.mark.parametrize("state", ["active", "placeholder"])
def test_A35_a_link_that_is_out_neither_opens_nor_sets_a_password(
    base: Database, door: CustomerDoor, post: Post, state: str
) -> None:
    joan = joan_with(base, sign_ins=[("janderson", state)])
    do(base, "send-sign-in-link", actor("support"), customer=joan)
    (secret,) = post.deliver().links["reset"]
    flag(base, joan)
    assert not door.open_link(secret, LinkPurpose.RESET).is_done
    assert not door.set_password(secret, LinkPurpose.RESET, NEW_PASSWORD).is_done


def test_A35_an_address_is_not_confirmed(base: Database, door: CustomerDoor, post: Post) -> None:
    joan = joan_with(base, emails=[])
    do(base, "add-email", actor("support"), customer=joan, email="joan@example.org")
    (secret,) = post.deliver().links["confirm"]
    flag(base, joan)
    assert not door.confirm(secret).is_done


def test_R33_a_claim_sends_nothing_and_answers_as_ever(base: Database, door: CustomerDoor) -> None:
    joan = joan_with(base)
    claim = Claim(email="joan@example.org")
    flag(base, joan)
    assert door.claim(claim) == door.claim(Claim(email="nobody@example.org"))
    assert messages(base, joan) == []


@pytest.mark.parametrize("role", ["support", "lead", "admin"])
@pytest.mark.parametrize("operation", ["send-sign-in-link", "send-test-mail", "send-help-mail"])
def test_R33_no_operator_sends_a_link_or_mail(base: Database, role: str, operation: str) -> None:
    joan = joan_with(base)
    flag(base, joan)
    with pytest.raises(Refused) as caught:
        do(base, operation, actor(role), customer=joan)
    assert caught.value.code == RefusalCode.TAKEOVER
    assert messages(base, joan) == []


@pytest.mark.parametrize("what", ["link", "code"])
def test_R33_what_waits_to_leave_with_a_link_or_code_is_void(
    base: Database, door: CustomerDoor, what: str
) -> None:
    joan = joan_with(base, phones=[])
    if what == "link":
        do(base, "send-sign-in-link", actor("support"), customer=joan)
    else:
        door.enter_password(door.begin("janderson").token, PASSWORD)
    flag(base, joan)
    transport = Recorder()
    deliver_due(base, transport, worker="one", code_key=KEY)
    (message,) = rows(base, Message, joan)
    assert (message.state.value, message.sent_at) == ("void", None)
    assert transport.envelopes == []


def test_R33_the_verdict_is_locked_and_names_the_leads(base: Database) -> None:
    joan = joan_with(base)
    flag(base, joan)
    with base.reading() as connection:
        for question in (Question(identifier="janderson"), Question(customer_id=joan)):
            found = diagnose(connection, question, Viewer("kim"), base.clock(connection))
            assert (found.case.value, found.verdicts[0].cause) == ("locked", "takeover-flag")
            assert [fix.operation for fix in found.fixes] == [None]
            assert not any(way.is_open for way in found.accounts[0].ways)
