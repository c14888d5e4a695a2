"""Sending a failed mail again: only what failed, with a new link, within limits (R16, R20, R33)."""

from dataclasses import replace

import pytest

from db import runner
from db.applied import Applied
from db.delivery.transports import Outcome, Receipt
from db.delivery.worker import deliver_due
from db.engine import Database
from db.errors import Invalid, Refused, Unknown
from db.models import Link
from db.operations import REGISTRY
from db.operations.retry_message import RetryMessage
from tests.conftest import Clock
from tests.delivery.builders import Recorder, link_row, message_row, queue_mail
from tests.factories import actor, add_customer, add_operators, building

REFUSED = Receipt(Outcome.REFUSED, "550 5.1.1 No such user here")


@pytest.fixture
def base(sqlite_database: Database, clock: Clock) -> Database:
    add_operators(sqlite_database)
    return replace(sqlite_database, clock=clock)


@pytest.fixture
def joan(base: Database) -> int:
    return add_customer(base, emails=["joan@example.org"])


def failed(base: Database, customer: int) -> int:
    message = queue_mail(base, customer)
    deliver_due(base, Recorder(REFUSED), worker="one")
    return message


def retry(base: Database, customer: int, message: int, role: str = "support") -> Applied:
    params = RetryMessage(customer=customer, message=message)
    return runner.run(
        base,
        runner.Request(
            actor=actor(role), operation=REGISTRY["retry-message"], params=params, reason="mailbox was full"
        ),
    )


def test_a_failed_mail_leaves_again_with_a_new_link_and_a_new_message_id(base: Database, joan: int) -> None:
    message = failed(base, joan)
    key, secret_hash = message_row(base, message).idempotency_key, link_row(base).secret_hash
    retry(base, joan, message)
    assert (message_row(base, message).state, link_row(base).secret_hash) == ("queued", None)
    assert deliver_due(base, Recorder(), worker="one").sent == 1
    assert message_row(base, message).attempts == 1
    assert message_row(base, message).idempotency_key != key
    assert link_row(base).secret_hash not in (None, secret_hash)


def test_a_mail_that_did_not_fail_is_not_sent_twice(base: Database, joan: int) -> None:
    message = queue_mail(base, joan)
    deliver_due(base, Recorder(), worker="one")
    with pytest.raises(Invalid) as caught:
        retry(base, joan, message)
    assert "sent" in caught.value.sentence


def test_R18_the_mail_of_a_voided_link_stays_where_it_is(base: Database, joan: int, clock: Clock) -> None:
    message = failed(base, joan)
    with building(base) as session:
        link = session.get(Link, link_row(base).id)
        assert link is not None
        link.voided_at = clock.now
    with pytest.raises(Invalid):
        retry(base, joan, message)


def test_another_customers_mail_is_not_found(base: Database, joan: int) -> None:
    daniel = add_customer(base, given_name="Daniel")
    with pytest.raises(Unknown):
        retry(base, daniel, failed(base, joan))


def test_R20_the_same_customer_is_not_written_to_without_end(base: Database, joan: int) -> None:
    message = failed(base, joan)
    for _ in range(5):
        retry(base, joan, message)
        deliver_due(base, Recorder(REFUSED), worker="one")
    with pytest.raises(Refused):
        retry(base, joan, message)


def test_R33_nothing_is_sent_again_for_a_flagged_customer(base: Database) -> None:
    flagged = add_customer(base, emails=["joan@example.org"], takeover_flag=True)
    with pytest.raises(Refused):
        retry(base, flagged, failed(base, flagged), role="lead")


def test_an_auditor_sends_nothing(base: Database, joan: int) -> None:
    with pytest.raises(Refused):
        retry(base, joan, failed(base, joan), role="auditor")
