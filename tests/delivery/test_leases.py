"""Who holds a message: two workers at once, killed workers, late answers, and no operator (A1, R22)."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from db import runner
from db.actor import service
from db.delivery.links import hash_secret
from db.engine import Database
from db.errors import Invalid, Refused
from db.operations import REGISTRY
from db.operations.record_delivery import RecordDelivery
from db.operations.take_message import LEASE, TakeMessage
from tests.conftest import Clock
from tests.delivery.builders import Recorder, link_row, message_row, queue_mail
from tests.delivery.workers import attempts, deliver, take
from tests.factories import actor


def test_two_workers_at_once_send_no_mail_twice(base: Database, joan: int) -> None:
    messages = [queue_mail(base, joan, "notice-security") for _ in range(8)]
    transport, together = Recorder(), threading.Barrier(2)

    def work(name: str) -> tuple[int, int, int]:
        together.wait(10)
        return deliver(base, transport, name)

    with ThreadPoolExecutor(2) as pool:
        done = list(pool.map(work, ("one", "two")))
    assert sum(sent for sent, _, _ in done) == len(messages)
    assert len({envelope.reference for envelope in transport.envelopes}) == len(transport.envelopes)
    assert {message_row(base, message).state for message in messages} == {"sent"}


def test_A1_the_mail_of_a_killed_worker_is_sent_once_more_when_its_lease_ends(
    base: Database, joan: int, clock: Clock
) -> None:
    message = queue_mail(base, joan)
    take(base, message, secret="lost")
    clock.now += LEASE - timedelta(seconds=1)
    assert deliver(base, Recorder()) == (0, 0, 0)
    clock.advance(seconds=1)
    assert deliver(base, Recorder()) == (1, 0, 0)
    assert link_row(base).secret_hash != hash_secret("lost")
    assert [outcome for outcome, _ in attempts(base)] == ["interrupted", "sent"]
    assert message_row(base, message).attempts == 2


def test_a_link_that_expired_under_a_dead_worker_is_not_brought_back(
    base: Database, joan: int, clock: Clock
) -> None:
    message = queue_mail(base, joan)
    take(base, message)
    clock.advance(hours=2)
    assert deliver(base, Recorder()) == (0, 0, 0)
    assert message_row(base, message).state == "failed"


def test_a_mail_that_stops_every_worker_fails_in_the_end(base: Database, joan: int, clock: Clock) -> None:
    message = queue_mail(base, joan, "notice-security")
    for _ in range(6):
        take(base, message)
        clock.now += LEASE
    deliver(base, Recorder())
    assert message_row(base, message).state == "failed"


def test_a_worker_whose_lease_was_taken_over_cannot_record(base: Database, joan: int, clock: Clock) -> None:
    message = queue_mail(base, joan)
    take(base, message, lease="first-lease")
    clock.now += LEASE
    take(base, message, lease="second-lease")
    params = RecordDelivery(message=message, lease="first-lease", outcome="sent")
    with pytest.raises(Invalid) as caught:
        runner.run(
            base,
            runner.Request(
                actor=service("outbox"), operation=REGISTRY["record-delivery"], params=params, reason="test"
            ),
        )
    assert caught.value.code == "lease-lost"


@pytest.mark.parametrize("role", ["support", "lead", "admin", "auditor"])
def test_no_operator_may_do_the_workers_part(base: Database, joan: int, role: str) -> None:
    params = TakeMessage(message=queue_mail(base, joan), lease="by-an-operator", secret_hash=hash_secret("x"))
    request = runner.Request(
        actor=actor(role), operation=REGISTRY["take-message"], params=params, reason="mine"
    )
    with pytest.raises(Refused):
        runner.run(base, request)
