"""A small office for the tests: two people who share an email, and mails that left, wait and failed."""

from datetime import UTC, datetime, timedelta

from db.engine import Database
from db.models import Channel, Message, MessageKind, MessageState
from tests.factories import add_customer, add_operators, building

MADE = datetime(2026, 3, 2, 13, 40, tzinfo=UTC)


def furnish(database: Database) -> None:
    """Put them in."""
    add_operators(database)
    joan = add_customer(database, emails=["janderson@example.com"], phones=["775-555-0142"])
    add_customer(database, given_name="Daniel", emails=["janderson@example.com"], phones=["775-555-0143"])
    add_customer(database, given_name="Ann [/x]", family_name="Lee", phones=["775-555-0144"])
    with building(database) as session:
        session.add(_mail(joan, 1, MessageKind.RESET, MessageState.SENT, "250 2.0.0 Ok: queued"))
        refused = "550 5.1.1 <janderson@example.com>: no such user [@click=app.quit]here[/]"
        session.add(_mail(joan, 2, MessageKind.RESET, MessageState.FAILED, refused))
        session.add(_mail(joan, 3, MessageKind.NOTICE_SECURITY, MessageState.QUEUED, None))


def _mail(customer: int, number: int, kind: MessageKind, state: MessageState, reply: str | None) -> Message:
    return Message(
        reference=f"LK-7F3K-2M9{number}",
        idempotency_key=f"key-{number}",
        customer_id=customer,
        channel=Channel.EMAIL,
        kind=kind,
        recipient="janderson@example.com",
        values='{"what":"username"}',
        state=state,
        attempts=0 if reply is None else 1,
        reply=reply,
        next_attempt_at=datetime(2099, 1, 1, tzinfo=UTC),
        created_at=MADE + timedelta(minutes=number),
    )
