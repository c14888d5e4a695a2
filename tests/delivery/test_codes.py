"""One-time codes on their way: made at delivery, kept keyed, and never after their moment (R17, R18, R19)."""

import re
from datetime import timedelta

import pytest

from db.codes import hash_code
from db.delivery.transports import Outcome, Receipt
from db.delivery.worker import deliver_due
from db.engine import Database
from db.models import AttemptState, EmailProfile, MessageState, OneTimeCode, SignInAttempt
from tests.conftest import Clock
from tests.delivery.builders import Recorder, code_row, message_row, queue_code, queue_mail, text_of
from tests.delivery.workers import take
from tests.dump import ordered_dump
from tests.factories import building

KEY = b"k" * 32
DEFERRED = Receipt(Outcome.DEFERRED, "451 4.7.1 come back")


def deliver(base: Database, transport: Recorder) -> tuple[int, int, int]:
    done = deliver_due(base, transport, worker="one", code_key=KEY)
    return done.sent, done.deferred, done.failed


def codes_in(transport: Recorder) -> list[str]:
    texts = [text.text for text in transport.texts] + [text_of(mail.message) for mail in transport.envelopes]
    return [found for text in texts for found in re.findall(r"\b\d{6}\b", text)]


@pytest.mark.parametrize("channel", ["sms", "email"])
def test_R19_the_code_is_in_the_message_and_only_its_keyed_hash_in_the_database(
    base: Database, joan: int, clock: Clock, channel: str
) -> None:
    message = queue_code(base, joan, channel)
    transport = Recorder()
    assert deliver(base, transport) == (1, 0, 0)
    (code,) = codes_in(transport)
    row = code_row(base)
    assert row.code_hash == hash_code(KEY, row.id, code)
    assert row.expires_at == clock.now + timedelta(minutes=10)
    assert message_row(base, message).state == "sent"
    dump = ordered_dump(base)
    assert row.code_hash not in repr({name: rows for name, rows in dump.items() if name != "one_time_code"})


def test_R12_a_gateway_that_quotes_the_code_back_does_not_put_it_into_the_log(
    base: Database, joan: int
) -> None:
    class Quoting(Recorder):
        def send(self, letter):
            super().send(letter)
            return Receipt(Outcome.REFUSED, f"400 bad text: {self.texts[-1].text}")

    message = queue_code(base, joan, "sms")
    transport = Quoting()
    deliver(base, transport)
    assert "(hidden) is your sign-in code" in message_row(base, message).reply


def test_a_text_is_short_enough_for_one_sms_and_says_what_nobody_asks_for(base: Database, joan: int) -> None:
    queue_code(base, joan, "sms")
    transport = Recorder()
    deliver(base, transport)
    (text,) = transport.texts
    assert text.recipient == "+12025550101"
    assert len(text.text) <= 160
    assert text.text.isascii()
    assert "never asks" not in text.text
    assert "Nobody from support ever asks you for it" in text.text


def test_a_deferred_code_leaves_later_as_another_code(base: Database, joan: int, clock: Clock) -> None:
    queue_code(base, joan, "sms")
    transport = Recorder(DEFERRED, Receipt(Outcome.SENT, "ok"))
    assert deliver(base, transport) == (0, 1, 0)
    assert code_row(base).code_hash is None
    clock.advance(seconds=30)
    assert deliver(base, transport) == (1, 0, 0)
    assert code_row(base).code_hash == hash_code(KEY, code_row(base).id, codes_in(transport)[1])


def test_R18_the_message_of_a_voided_code_never_leaves(base: Database, joan: int, clock: Clock) -> None:
    message = queue_code(base, joan, "sms")
    with building(base) as session:
        code = session.get(OneTimeCode, code_row(base).id)
        assert code is not None
        code.voided_at, code.void_reason = clock.now, "superseded"
    transport = Recorder()
    deliver(base, transport)
    assert (transport.texts, message_row(base, message).state) == ([], "void")


@pytest.mark.parametrize("how", ["ended", "expired"])
def test_a_code_whose_sign_in_attempt_is_over_never_leaves(
    base: Database, joan: int, clock: Clock, how: str
) -> None:
    message = queue_code(base, joan, "sms")
    with building(base) as session:
        attempt = session.get(SignInAttempt, code_row(base).attempt_id)
        assert attempt is not None
        if how == "ended":
            attempt.state = AttemptState.ENDED
        else:
            attempt.expires_at = clock.now
    deliver(base, Recorder())
    assert message_row(base, message).state == MessageState.VOID
    assert code_row(base).voided_at == clock.now


def test_R31_no_code_goes_to_an_address_under_cool_down(base: Database, joan: int, clock: Clock) -> None:
    message = queue_code(base, joan, "email")
    with building(base) as session:
        profile = session.get(EmailProfile, 1)
        assert profile is not None
        profile.cool_down_until = clock.now + timedelta(hours=24)
    transport = Recorder()
    deliver(base, transport)
    assert (transport.envelopes, message_row(base, message).state) == ([], "void")


def test_a_worker_without_the_key_leaves_codes_to_one_that_has_it(base: Database, joan: int) -> None:
    message = queue_code(base, joan, "sms")
    assert deliver_due(base, Recorder(), worker="one").sent == 0
    assert message_row(base, message).state == "queued"


def test_A1_a_code_that_a_killed_worker_may_have_sent_is_never_sent_after_it_expired(
    base: Database, joan: int, clock: Clock
) -> None:
    message = queue_code(base, joan, "sms", attempt_minutes=60)
    take(base, message)
    clock.advance(minutes=11)
    transport = Recorder()
    deliver(base, transport)
    assert (transport.texts, message_row(base, message).state) == ([], "failed")


def test_a_code_goes_before_mails_that_wait_longer(base: Database, joan: int, clock: Clock) -> None:
    for _ in range(3):
        queue_mail(base, joan, "notice-security", not_before=clock.now - timedelta(hours=1))
    queue_code(base, joan, "email")
    transport = Recorder()
    deliver(base, transport)
    assert "sign-in code" in transport.envelopes[0].message["Subject"]
