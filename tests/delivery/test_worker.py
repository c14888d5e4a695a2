"""The outbox worker: states, waits, secrets, leases, and two workers at once (R16, R22, R31, A38)."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from db import runner
from db.delivery.links import hash_secret
from db.delivery.smtp import SmtpTransport
from db.delivery.transports import Outcome, Receipt
from db.delivery.worker import Outbox, deliver_due
from db.engine import Database
from db.errors import Invalid
from db.models import AuditEvent, Customer, EmailProfile
from db.operations import REGISTRY
from db.operations.change_email import ChangeEmail
from tests.conftest import Clock
from tests.delivery.builders import Inbox, Recorder, link_row, mail_server, message_row, queue_mail, text_of
from tests.delivery.workers import attempts, deliver, take
from tests.dump import ordered_dump
from tests.factories import actor, building

DEFERRED = Receipt(Outcome.DEFERRED, "451 4.7.1 come back")
REFUSED = Receipt(Outcome.REFUSED, "550 5.1.1 No such user here")


def replace_email(base: Database, customer: int) -> None:
    """Change the address, which voids every open link."""
    params = ChangeEmail(customer=customer, email="joan.new@example.org")
    request = runner.Request(
        actor=actor("lead"), operation=REGISTRY["change-email"], params=params, reason="asked"
    )
    runner.run(base, request)


def test_R22_a_mail_that_the_server_took_is_sent_with_its_words(
    base: Database, joan: int, clock: Clock
) -> None:
    message = queue_mail(base, joan)
    assert deliver(base, Recorder()) == (1, 0, 0)
    row = message_row(base, message)
    assert (row.state, row.reply, row.attempts, row.sent_at) == ("sent", "250 OK", 1, clock.now)
    assert attempts(base) == [("sent", "250 OK")]


def test_R16_the_secret_is_in_the_mail_and_its_hash_in_the_database_and_neither_in_the_log(
    base: Database, joan: int, clock: Clock
) -> None:
    queue_mail(base, joan)
    transport = Recorder()
    deliver(base, transport)
    secret = transport.links[0].rsplit("/", 1)[1]
    link = link_row(base)
    assert link.secret_hash == hash_secret(secret)
    assert link.expires_at == clock.now + timedelta(minutes=60)
    dump = ordered_dump(base)
    assert secret not in repr(dump)
    assert link.secret_hash not in repr({name: rows for name, rows in dump.items() if name != "link"})


def test_R12_a_server_that_quotes_the_link_back_does_not_put_it_into_the_log(
    base: Database, joan: int
) -> None:
    class Quoting(Recorder):
        def send(self, envelope: Any) -> Receipt:
            super().send(envelope)
            return Receipt(Outcome.REFUSED, f"554 bad link {self.links[-1]}")

    message = queue_mail(base, joan)
    transport = Quoting()
    deliver(base, transport)
    secret = transport.links[0].rsplit("/", 1)[1]
    assert message_row(base, message).reply.endswith("/reset/(hidden)")
    assert secret not in repr(ordered_dump(base))


def test_R1_each_half_is_one_event_of_the_customer_and_no_change_to_their_version(
    base: Database, joan: int
) -> None:
    message = queue_mail(base, joan)
    deliver(base, Recorder())
    with base.reading() as connection:
        events = connection.execute(
            select(AuditEvent.operation, AuditEvent.role, AuditEvent.customer_id, AuditEvent.target)
        ).all()
        version = connection.scalar(select(Customer.version).where(Customer.id == joan))
    assert [tuple(event) for event in events] == [
        ("take-message", "service", joan, f"message:{message}"),
        ("record-delivery", "service", joan, f"message:{message}"),
    ]
    assert version == 1


def test_A38_a_refusal_fails_the_message_with_the_servers_words(base: Database, joan: int) -> None:
    message = queue_mail(base, joan)
    assert deliver(base, Recorder(REFUSED)) == (0, 0, 1)
    row = message_row(base, message)
    assert (row.state, row.reply) == ("failed", "550 5.1.1 No such user here")


def test_A38_a_deferred_mail_leaves_later_under_the_same_message_id_with_a_new_link(
    base: Database, joan: int, clock: Clock
) -> None:
    queue_mail(base, joan)
    transport = Recorder(DEFERRED, Receipt(Outcome.SENT, "250 OK"))
    assert deliver(base, transport) == (0, 1, 0)
    assert link_row(base).secret_hash is None
    clock.advance(seconds=30)
    assert deliver(base, transport) == (1, 0, 0)
    first, second = transport.envelopes
    assert first.message["Message-ID"] == second.message["Message-ID"]
    assert len(set(transport.links)) == 2
    assert link_row(base).secret_hash == hash_secret(transport.links[1].rsplit("/", 1)[1])


def test_waits_double_and_the_last_attempt_fails(base: Database, joan: int, clock: Clock) -> None:
    message = queue_mail(base, joan)
    transport = Recorder(DEFERRED)
    waits = []
    while message_row(base, message).state == "queued":
        deliver(base, transport)
        waits.append((message_row(base, message).next_attempt_at - clock.now).total_seconds())
        clock.now += timedelta(seconds=waits[-1]) - timedelta(seconds=1)
        assert deliver(base, transport) == (0, 0, 0)
        clock.advance(seconds=1)
    assert waits[:-1] == [30, 60, 120, 240, 480]
    assert len(transport.envelopes) == 6
    assert message_row(base, message).state == "failed"


def test_a_server_out_of_reach_costs_the_other_mails_no_attempt(base: Database, joan: int) -> None:
    first, second = queue_mail(base, joan), queue_mail(base, joan, "notice-security")
    done = deliver_due(base, Recorder(Receipt(Outcome.DEFERRED, "down", reached=False)), worker="one")
    assert done.is_blocked
    assert (message_row(base, first).attempts, message_row(base, second).attempts) == (1, 0)


def test_R18_the_mail_of_a_voided_link_never_leaves(base: Database, joan: int, clock: Clock) -> None:
    message = queue_mail(base, joan)
    take(base, message)
    replace_email(base, joan)
    clock.advance(minutes=6)
    transport = Recorder()
    deliver(base, transport)
    assert message_row(base, message).state == "void"
    assert "reset" not in {envelope.message["Subject"].split()[0].lower() for envelope in transport.envelopes}


def test_R18_a_link_voided_while_its_mail_is_deferred_is_not_sent_again(base: Database, joan: int) -> None:
    class Voiding(Recorder):
        def send(self, envelope: Any) -> Receipt:
            replace_email(base, joan)
            return DEFERRED

    message = queue_mail(base, joan)
    assert deliver(base, Voiding()) == (0, 0, 1)
    assert message_row(base, message).state == "void"


def test_R31_a_mail_waits_for_its_moment_and_a_link_for_the_end_of_the_cool_down(
    base: Database, joan: int, clock: Clock
) -> None:
    queue_mail(base, joan, "notice-new", not_before=clock.now + timedelta(hours=1))
    early = queue_mail(base, joan, "confirm")
    with building(base) as session:
        profile = session.scalar(select(EmailProfile))
        assert profile is not None
        profile.cool_down_until = clock.now + timedelta(hours=24)
    assert deliver(base, Recorder()) == (0, 0, 0)
    with pytest.raises(Invalid):
        take(base, early)
    clock.advance(hours=1)
    assert deliver(base, Recorder()) == (1, 0, 0)
    clock.advance(hours=23)
    assert deliver(base, Recorder()) == (1, 0, 0)


def test_an_address_that_cannot_be_used_fails_its_own_message_only(base: Database, joan: int) -> None:
    broken = queue_mail(base, joan, "notice-old", to="not an address")
    queue_mail(base, joan, "notice-security")
    assert deliver(base, Recorder()) == (1, 0, 1)
    assert "cannot be used" in message_row(base, broken).reply


def test_R23_a_configured_host_that_is_not_https_is_refused_before_anything_leaves(base: Database) -> None:
    with pytest.raises(Invalid):
        Outbox(base, Recorder(), link_host="http://account.example.com")


def test_the_configured_host_goes_before_the_setting(base: Database, joan: int) -> None:
    queue_mail(base, joan)
    transport = Recorder()
    deliver_due(base, transport, worker="one", link_host="https://other.example.com")
    assert transport.links[0].startswith("https://other.example.com/reset/")


def test_a_mail_goes_all_the_way_through_a_real_server(base: Database, joan: int) -> None:
    queue_mail(base, joan)
    inbox = Inbox()
    with mail_server(inbox) as port:
        assert deliver(base, SmtpTransport(f"smtp://127.0.0.1:{port}", timeout=5)) == (1, 0, 0)
    assert b"Reset your password [LK-" in inbox.mails[0]


def test_the_greeting_uses_the_given_name_of_the_moment_of_delivery(base: Database, joan: int) -> None:
    queue_mail(base, joan)
    with building(base) as session:
        customer = session.get(Customer, joan)
        assert customer is not None
        customer.given_name = "Joanna"
    transport = Recorder()
    deliver(base, transport)
    assert "Hello Joanna," in text_of(transport.envelopes[0].message)
