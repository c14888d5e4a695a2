"""Test and help mails: what they say, how often they may leave, and when not (P3, P5, R20, R31, R33)."""

from datetime import timedelta
from typing import Any

import pytest
from msgspec.structs import replace
from sqlalchemy import select

from db import runner
from db.applied import Applied
from db.delivery.rendering import render
from db.engine import Database
from db.errors import Refused
from db.models import EmailProfile, Message, MessageKind, Note
from db.operations import REGISTRY
from db.operations.send_help_mail import HELP_STEPS
from db.params import build
from db.rules.policy import Policy
from tests.conftest import Clock
from tests.delivery.builders import HOST, SECRET, Recorder, html_of, parcel, text_of
from tests.delivery.workers import deliver
from tests.factories import actor, add_customer, building


def send(base: Database, name: str, customer: int, *, role: str = "support", **values: Any) -> Applied:
    operation = REGISTRY[name]
    params = build(operation.params, {"customer": customer, **values})
    return runner.run(
        base, runner.Request(actor=actor(role), operation=operation, params=params, reason="as asked")
    )


def only_mail(base: Database) -> str:
    transport = Recorder()
    assert deliver(base, transport) == (1, 0, 0)
    return text_of(transport.envelopes[0].message)


def test_P3_a_test_mail_has_nothing_to_open(base: Database, joan: int) -> None:
    send(base, "send-test-mail", joan)
    text = only_mail(base)
    assert "There is nothing to open" in text
    assert "https://" not in text


def test_R20_test_mails_are_limited_by_themselves_and_not_by_links(
    base: Database, joan: int, clock: Clock
) -> None:
    for _ in range(5):
        send(base, "send-test-mail", joan)
        with pytest.raises(Refused):
            send(base, "send-test-mail", joan)
        clock.advance(minutes=1, seconds=1)
    with pytest.raises(Refused) as caught:
        send(base, "send-test-mail", joan)
    assert caught.value.code == "rate"
    clock.advance(hours=1)
    send(base, "send-test-mail", joan)


def test_R20_help_mails_do_not_count(base: Database, joan: int) -> None:
    for _ in range(8):
        send(base, "send-help-mail", joan)


def test_sending_again_says_what_became_of_the_last_one(base: Database, joan: int, clock: Clock) -> None:
    send(base, "send-test-mail", joan)
    deliver(base, Recorder())
    clock.advance(minutes=2)
    told = send(base, "send-test-mail", joan).outcomes
    assert any("is sent (250 OK)" in outcome for outcome in told), told


@pytest.mark.parametrize("name", ["send-test-mail", "send-help-mail"])
def test_R33_nothing_is_sent_to_a_flagged_customer(base: Database, name: str) -> None:
    flagged = add_customer(base, emails=["joan@example.org"], takeover_flag=True)
    with pytest.raises(Refused) as caught:
        send(base, name, flagged, role="admin")
    assert caught.value.code == "takeover"


@pytest.mark.parametrize("name", ["send-test-mail", "send-help-mail"])
def test_R31_nothing_is_sent_to_an_address_under_cool_down(
    base: Database, joan: int, clock: Clock, name: str
) -> None:
    with building(base) as session:
        profile = session.get(EmailProfile, 1)
        assert profile is not None
        profile.cool_down_until = clock.now + timedelta(hours=1)
    with pytest.raises(Refused) as caught:
        send(base, name, joan)
    assert caught.value.code == "cool-down"
    clock.advance(hours=1)
    send(base, name, joan)


def test_an_address_that_bounces_is_warned_of(base: Database) -> None:
    joan = add_customer(base, emails=[("joan@example.org", "bouncing")])
    assert "has come back" in send(base, "send-test-mail", joan).warnings[0]


@pytest.mark.parametrize(
    ("status", "words"),
    [
        ("active", "choose a new password"),
        ("inactive", "has not been activated yet"),
        ("suspended", "write to support@example.com"),
    ],
)
def test_P5_the_help_mail_chooses_its_paragraph_by_the_accounts_status(
    base: Database, status: str, words: str
) -> None:
    joan = add_customer(base, emails=["joan@example.org"], status=status)
    send(base, "send-help-mail", joan)
    text = only_mail(base)
    assert text.startswith("Hello Joan,")
    assert "private window" in text
    assert words in text


def test_P5_the_operators_own_words_are_in_the_mail_and_kept_as_a_note(base: Database, joan: int) -> None:
    send(base, "send-help-mail", joan, text="1. Take the blue button.\n2. <b>Wait</b> for it.")
    transport = Recorder()
    deliver(base, transport)
    mail = transport.envelopes[0].message
    assert "1. Take the blue button.\n2. <b>Wait</b> for it." in text_of(mail)
    assert "&lt;b&gt;Wait" in html_of(mail)
    with base.reading() as connection:
        assert connection.scalars(select(Note.text)).all() == [
            "1. Take the blue button.\n2. <b>Wait</b> for it."
        ]


def test_the_shipped_words_are_no_note(base: Database, joan: int) -> None:
    send(base, "send-help-mail", joan)
    with base.reading() as connection:
        assert connection.scalars(select(Note.text)).all() == []


def test_P5_subject_link_signature_and_address_of_the_help_mail_are_settings() -> None:
    policy = replace(
        Policy(),
        help_subject="Getting in",
        help_link="https://help.example.org/browser",
        mail_signature="The desk",
        support_address="desk@example.org",
    )
    given = parcel(
        kind=MessageKind.HELP,
        purpose=None,
        policy=policy,
        values={"steps": HELP_STEPS, "paragraph": "reset"},
    )
    mail = render(given, secret=SECRET, host=HOST).message
    assert mail["Subject"] == "Getting in [LK-7F3K-2M9Q]"
    for words in (
        "https://help.example.org/browser",
        "The desk\ndesk@example.org",
        "forward that mail to desk",
    ):
        assert words in text_of(mail)
    assert 'href="https://help.example.org/browser"' in html_of(mail)


def test_P5_the_shipped_subject() -> None:
    mail = render(parcel(kind=MessageKind.HELP, purpose=None), secret=SECRET, host=HOST).message
    assert mail["Subject"] == "Troubleshooting Your Login Issue [LK-7F3K-2M9Q]"


def test_R1_each_is_one_event_of_the_customer(base: Database, joan: int) -> None:
    for name in ("send-test-mail", "send-help-mail"):
        assert send(base, name, joan).customer_id == joan
    with base.reading() as connection:
        kinds = connection.scalars(select(Message.kind).order_by(Message.id)).all()
    assert kinds == [MessageKind.TEST, MessageKind.HELP]
