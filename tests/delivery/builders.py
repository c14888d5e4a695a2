"""Builds what the outbox tests need: queued mails, transports that tell what they saw, a real SMTP server."""

import secrets
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from sqlalchemy import select

from db.delivery.parcels import Parcel
from db.delivery.transports import Envelope, Letter, Outcome, Receipt, TextMessage
from db.engine import Database
from db.models import (
    AttemptState,
    Channel,
    EmailProfile,
    Link,
    LinkPurpose,
    Message,
    MessageKind,
    MessageState,
    OneTimeCode,
    SignInAttempt,
)
from db.rules.identifiers import format_reference
from db.rules.policy import Policy
from tests.conftest import Clock
from tests.factories import BORN, building

SECRET = "s" * 43
HOST = "https://account.example.com"
STANDS = Clock().now
"""The moment at which the tests' clock stands."""

_CARRIED: dict[Any, dict[str, Any]] = {
    MessageKind.CODE: {"has_code": True, "lifetime_minutes": 10},
    MessageKind.HELP: {"values": {"steps": "1. Try another browser.", "paragraph": "reset"}},
}
"""What parcels of some kinds carry."""


def queue_mail(
    base: Database,
    customer: int,
    kind: str = "reset",
    *,
    to: str = "joan@example.org",
    not_before: datetime = BORN,
    lifetime: int = 60,
) -> int:
    """Queue a mail as an operation would, with a link where its kind carries one; return its id."""
    with building(base) as session:
        link = None
        if kind in set(LinkPurpose):
            profile = session.scalar(select(EmailProfile.id).where(EmailProfile.customer_id == customer))
            link = Link(
                customer_id=customer,
                purpose=LinkPurpose(kind),
                email_profile_id=profile,
                address=to,
                credential_version=0,
                lifetime_minutes=lifetime,
                created_at=BORN,
            )
            session.add(link)
            session.flush()
        message = message_to(customer, MessageKind(kind), to, not_before)
        message.link_id = None if link is None else link.id
        session.add(message)
        session.flush()
        return message.id


def queue_code(base: Database, customer: int, channel: str, *, attempt_minutes: int = 15) -> int:
    """Queue a one-time code as signing in would, for an attempt that is open; return the message's id."""
    to = "+12025550101" if channel == "sms" else "joan@example.org"
    with building(base) as session:
        attempt = SignInAttempt(
            customer_id=customer,
            identifier_kind="email",
            state=AttemptState.OPEN,
            at=STANDS,
            expires_at=STANDS + timedelta(minutes=attempt_minutes),
        )
        session.add(attempt)
        session.flush()
        profile = session.scalar(select(EmailProfile.id).where(EmailProfile.customer_id == customer))
        code = OneTimeCode(
            customer_id=customer,
            attempt_id=attempt.id,
            channel=Channel(channel),
            email_profile_id=profile if channel == "email" else None,
            address=to,
            lifetime_minutes=10,
            created_at=STANDS,
        )
        session.add(code)
        session.flush()
        message = message_to(customer, MessageKind.CODE, to, STANDS)
        message.channel, message.code_id = Channel(channel), code.id
        session.add(message)
        session.flush()
        return message.id


def message_to(customer: int, kind: MessageKind, to: str, not_before: datetime) -> Message:
    """Return a mail that waits, not yet written."""
    return Message(
        reference=format_reference(secrets.token_bytes(5)),
        idempotency_key=secrets.token_hex(16),
        customer_id=customer,
        channel=Channel.EMAIL,
        kind=kind,
        recipient=to,
        values="{}",
        state=MessageState.QUEUED,
        next_attempt_at=not_before,
        created_at=BORN,
    )


def message_row(base: Database, message: int) -> Any:
    """The row of a message."""
    with base.reading() as connection:
        return connection.execute(select(Message.__table__).where(Message.id == message)).one()


def link_row(base: Database) -> Any:
    """The row of the only link."""
    with base.reading() as connection:
        return connection.execute(select(Link.__table__)).one()


def code_row(base: Database) -> Any:
    """The row of the only one-time code."""
    with base.reading() as connection:
        return connection.execute(select(OneTimeCode.__table__)).one()


def parcel(**given: Any) -> Parcel:
    """A message that a worker holds."""
    values: dict[str, Any] = {
        "message_id": 1,
        "taken_at": BORN,
        "kind": MessageKind.RESET,
        "reference": "LK-7F3K-2M9Q",
        "idempotency_key": "0123456789abcdef",
        "recipient": "joan@example.org",
        "given_name": "Joan",
        "values": {},
        "purpose": LinkPurpose.RESET,
        "lifetime_minutes": 60,
        "policy": Policy(),
        **_CARRIED.get(given.get("kind"), {}),
    }
    return Parcel(**{**values, **given})


class Recorder:
    """A transport that keeps what it was handed, and answers as it was told."""

    def __init__(self, *receipts: Receipt) -> None:
        self.envelopes: list[Envelope] = []
        self.texts: list[TextMessage] = []
        self._receipts = list(receipts)

    def send(self, letter: Letter) -> Receipt:
        """Keep the mail or text; the last answer is given again and again."""
        if isinstance(letter, TextMessage):
            self.texts.append(letter)
        else:
            self.envelopes.append(letter)
        if not self._receipts:
            return Receipt(Outcome.SENT, "250 OK")
        return self._receipts.pop(0) if len(self._receipts) > 1 else self._receipts[0]

    def abort(self) -> None:
        """Nothing waits here."""

    @property
    def links(self) -> list[str]:
        """The links of all mails, in order."""
        return [link_in(envelope.message) for envelope in self.envelopes]


def text_of(message: EmailMessage) -> str:
    """The text part of a mail, as it is read."""
    body = message.get_body(preferencelist=("plain",))
    assert body is not None
    return str(body.get_content())


def html_of(message: EmailMessage) -> str:
    """The HTML part of a mail, as it is read."""
    body = message.get_body(preferencelist=("html",))
    assert body is not None
    return str(body.get_content())


def link_in(message: EmailMessage) -> str:
    """The link in a mail."""
    return next(line for line in text_of(message).splitlines() if line.startswith("https://"))


class Inbox:
    """An SMTP handler that accepts every mail; subclasses answer otherwise."""

    def __init__(self) -> None:
        self.mails: list[bytes] = []

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        """Keep the mail."""
        self.mails.append(envelope.content)
        return "250 2.0.0 queued as 4F1"


@contextmanager
def mail_server(handler: object, **options: Any) -> Iterator[int]:
    """Run a real SMTP server on this machine and yield its port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    controller = Controller(handler, hostname="127.0.0.1", port=port, **options)
    controller.start()
    try:
        yield port
    finally:
        controller.stop()
