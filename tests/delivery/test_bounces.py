"""Mails that come back: what is believed, what is recorded, and hostile notifications (RFC 3464)."""

from typing import Literal

import pytest

from db import runner
from db.actor import service
from db.applied import Applied
from db.delivery.bounces import MAX_BYTES, parse_bounce
from db.engine import Database
from db.errors import Invalid, Unknown
from db.models import EmailProfile, Message, MessageState
from db.operations import REGISTRY
from db.operations.record_bounce import KNOWN_ALREADY, RecordBounce
from db.operations.retry_message import RetryMessage
from db.queries.messages import read_message
from db.queries.viewer import Viewer
from tests.conftest import Clock
from tests.delivery.builders import Recorder, message_row, queue_mail
from tests.delivery.notifications import notification
from tests.delivery.workers import attempts, deliver, take
from tests.dump import ordered_dump
from tests.factories import actor, building

KEY = "0123456789abcdef" * 2


def record(
    base: Database,
    key: str,
    action: Literal["failed", "delayed"] = "failed",
    words: str = "5.1.1 No such user",
) -> Applied:
    params = RecordBounce(key=key, action=action, words=words)
    return runner.run(
        base,
        runner.Request(
            actor=service("bounces"), operation=REGISTRY["record-bounce"], params=params, reason="test"
        ),
    )


def sent(base: Database, customer: int, kind: str = "reset") -> tuple[int, str]:
    message = queue_mail(base, customer, kind)
    deliver(base, Recorder())
    return message, message_row(base, message).idempotency_key


def state_of_email(base: Database) -> str:
    with building(base) as session:
        profile = session.get(EmailProfile, 1)
        assert profile is not None
        return profile.state.value


@pytest.mark.parametrize("returned", ["whole", "headers"])
def test_a_notification_is_known_by_the_message_id_in_what_came_back(returned: str) -> None:
    found = parse_bounce(notification(KEY, returned=returned))
    assert (found.keys, found.action, found.status) == ((KEY,), "failed", "5.1.1")
    assert found.words == "550 5.1.1 <joan@example.org>: No such user here"


def test_a_delay_is_told_from_a_failure() -> None:
    assert parse_bounce(notification(KEY, action="delayed", status="4.4.1")).action == "delayed"


def test_the_one_that_failed_counts_among_several_recipients() -> None:
    raw = notification(KEY, also="Final-Recipient: rfc822; a@example.org\nAction: delivered\nStatus: 2.0.0")
    assert parse_bounce(raw).action == "failed"


def test_the_reference_is_no_secret_so_it_names_no_mail() -> None:
    with pytest.raises(Invalid):
        parse_bounce(notification("none", subject="Reset your password [LK-7F3K-2M9Q]"))


def test_R12_a_link_that_the_server_quotes_back_is_not_kept() -> None:
    secret = "Zx_" + "s" * 40
    raw = notification(KEY, diagnostic=f"smtp; 554 5.7.1 https://account.example.com/reset/{secret} refused")
    assert secret not in parse_bounce(raw).words
    assert "refused" in parse_bounce(raw).words


def test_R37_the_servers_words_are_one_line_without_controls() -> None:
    words = parse_bounce(notification(KEY, diagnostic="smtp; 550 5.1.1 \x1b]52;c;x\x07 gone\u202e")).words
    assert words.isprintable()


HOSTILE = {
    "nothing": b"",
    "noise": bytes(range(256)) * 50,
    "no parts": b"Content-Type: multipart/report; boundary=x\n\n",
    "no mail": b"Subject: hello\n\nhello",
    "empty status": b"Content-Type: message/delivery-status\n\n",
    "delivered": notification(KEY, action="delivered", status="2.0.0"),
    "deep": b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(500)),
    "deep and long": b"".join(
        b"Content-Type: multipart/mixed; Boundary =b%d\n\n--b%d\n" % (n, n) for n in range(900)
    )
    + b"x\n" * 70_000,
    "a header without end": b'Content-Type: a/b; c="' + b";" * 190_000,
    "too large": b"x" * (MAX_BYTES + 1),
    "an answer": b"Content-Type: text/plain\nIn-Reply-To: <" + KEY.encode() + b"@example.com>\n\nThanks!",
}


@pytest.mark.parametrize("raw", HOSTILE.values(), ids=HOSTILE.keys())
def test_what_is_no_notification_is_refused_with_a_sentence(raw: bytes) -> None:
    with pytest.raises(Invalid) as caught:
        parse_bounce(raw)
    assert caught.value.code == "bounce"


def test_a_charset_that_is_none_spoils_no_notification() -> None:
    raw = notification(KEY).replace(b"text/plain", b'text/plain; charset="x\xff"')
    assert parse_bounce(raw).keys == (KEY,)


def test_a_mail_that_came_back_is_bounced_and_its_address_marked(base: Database, joan: int) -> None:
    message, key = sent(base, joan)
    record(base, key)
    row = message_row(base, message)
    assert (row.state, row.reply) == ("bounced", "5.1.1 No such user")
    assert attempts(base)[-1] == ("bounced", "5.1.1 No such user")
    assert state_of_email(base) == "bouncing"


def test_the_detail_of_a_message_tells_its_attempts_its_bounce_and_its_link(
    base: Database, joan: int, clock: Clock
) -> None:
    message, key = sent(base, joan)
    record(base, key)
    with base.reading() as connection:
        detail = read_message(connection, message, Viewer("kim"), now=clock.now)
    assert [one.outcome for one in detail.attempts] == ["sent", "bounced"]
    assert detail.bounce is not None
    assert detail.bounce.reply == "5.1.1 No such user"
    assert detail.carried is not None
    assert (detail.carried.what, detail.carried.purpose, detail.carried.state) == ("link", "reset", "open")


def test_a_delay_records_the_words_and_nothing_else(base: Database, joan: int) -> None:
    message, key = sent(base, joan)
    record(base, key, "delayed", "4.4.1 No answer yet")
    row = message_row(base, message)
    assert (row.state, row.reply) == ("sent", "4.4.1 No answer yet")
    assert state_of_email(base) == "verified"


def test_one_delay_an_hour_is_recorded(base: Database, joan: int, clock: Clock) -> None:
    _message, key = sent(base, joan)
    record(base, key, "delayed", "4.4.1 first")
    clock.advance(minutes=59)
    with pytest.raises(Invalid) as caught:
        record(base, key, "delayed", "4.4.1 second")
    assert caught.value.code == KNOWN_ALREADY
    clock.advance(minutes=1)
    record(base, key, "delayed", "4.4.1 third")
    assert [reply for outcome, reply in attempts(base) if outcome == "delayed"] == [
        "4.4.1 first",
        "4.4.1 third",
    ]


@pytest.mark.parametrize("action", ["failed", "delayed"])
@pytest.mark.parametrize("state", ["queued", "failed", "void"])
def test_a_mail_that_was_not_sent_does_not_come_back(
    base: Database, joan: int, state: str, action: Literal["failed", "delayed"]
) -> None:
    message = queue_mail(base, joan)
    with building(base) as session:
        row = session.get(Message, message)
        assert row is not None
        row.state = MessageState(state)
    before = ordered_dump(base)
    with pytest.raises(Invalid):
        record(base, message_row(base, message).idempotency_key, action)
    assert ordered_dump(base) == before


def test_an_address_that_was_changed_meanwhile_is_not_marked(base: Database, joan: int) -> None:
    _message, key = sent(base, joan, "notice-security")
    with building(base) as session:
        profile = session.get(EmailProfile, 1)
        assert profile is not None
        profile.address = profile.canonical = "joan.new@example.org"
    record(base, key)
    assert state_of_email(base) == "verified"


def test_what_is_known_already_is_not_recorded_twice(base: Database, joan: int) -> None:
    _message, key = sent(base, joan)
    record(base, key)
    before = ordered_dump(base)
    with pytest.raises(Invalid):
        record(base, key)
    assert ordered_dump(base) == before


def test_a_key_that_is_no_mails_records_nothing(base: Database, joan: int) -> None:
    sent(base, joan)
    before = ordered_dump(base)
    with pytest.raises(Unknown):
        record(base, KEY)
    assert ordered_dump(base) == before


def test_A38_a_mail_that_came_back_while_it_waited_for_another_attempt_is_not_sent_again(
    base: Database, joan: int, clock: Clock
) -> None:
    message = queue_mail(base, joan)
    take(base, message)
    record(base, message_row(base, message).idempotency_key)
    clock.advance(minutes=10)
    transport = Recorder()
    deliver(base, transport)
    assert transport.envelopes == []


def test_a_mail_that_came_back_can_be_sent_again(base: Database, joan: int) -> None:
    message, key = sent(base, joan)
    record(base, key)
    runner.run(
        base,
        runner.Request(
            actor=actor("support"),
            operation=REGISTRY["retry-message"],
            params=RetryMessage(customer=joan, message=message),
            reason="the mailbox is emptied",
        ),
    )
    assert message_row(base, message).state == "queued"


def test_a_bounce_that_marks_the_address_is_a_change_to_the_customer(base: Database, joan: int) -> None:
    _message, key = sent(base, joan)
    applied = record(base, key)
    assert (applied.customer_id, applied.version) == (joan, 2)
    with building(base) as session:
        assert session.query(Message).count() == 1
