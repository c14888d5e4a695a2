"""Reads what is due, and what one mail is made of; frozen, so that no transaction waits for a server."""

from dataclasses import dataclass
from datetime import datetime

import msgspec
from sqlalchemy import Connection, or_, select, text

from db.models import Channel, Customer, EmailProfile, Link, LinkPurpose, Message, MessageKind, MessageState
from db.rules.policy import Policy
from db.settings import load_policy

# Written out, for only then do both databases see that the partial index on due messages serves.
_WAITING = text("message.state IN ('queued', 'sending')")


@dataclass(frozen=True)
class Parcel:
    """A message that a worker holds, with everything that its mail says but the secret."""

    message_id: int
    taken_at: datetime
    kind: MessageKind
    reference: str
    idempotency_key: str
    recipient: str
    given_name: str
    values: dict[str, object]
    purpose: LinkPurpose | None
    lifetime_minutes: int
    policy: Policy


def due(connection: Connection, now: datetime, limit: int) -> tuple[int, ...]:
    """Return messages that may be tried now, longest waiting first, expired leases among them.

    Links to an address whose cool-down runs are left out, however early they were queued (R31).
    """
    free = or_(
        EmailProfile.cool_down_until.is_(None),
        EmailProfile.cool_down_until <= now,
        Link.voided_at.is_not(None),  # never leaves, and its message says so at once
    )
    found = connection.scalars(
        select(Message.id)
        .outerjoin(Link, Link.id == Message.link_id)
        .outerjoin(EmailProfile, EmailProfile.id == Link.email_profile_id)
        .where(_WAITING, Message.next_attempt_at <= now, Message.channel == Channel.EMAIL, free)
        .order_by(Message.next_attempt_at, Message.id)
        .limit(limit)
    )
    return tuple(found)


def read_parcel(connection: Connection, message_id: int, *, lease: str, now: datetime) -> Parcel | None:
    """Return a message that is held under this lease, or None where it was closed instead."""
    found = connection.execute(
        select(
            Message.kind,
            Message.reference,
            Message.idempotency_key,
            Message.recipient,
            Message.values.label("given_values"),
            Customer.given_name,
            Link.purpose,
            Link.lifetime_minutes,
        )
        .join(Customer, Customer.id == Message.customer_id)
        .outerjoin(Link, Link.id == Message.link_id)
        .where(Message.id == message_id, Message.lease == lease, Message.state == MessageState.SENDING)
    ).one_or_none()
    if found is None:
        return None
    return Parcel(
        message_id=message_id,
        taken_at=now,
        kind=found.kind,
        reference=found.reference,
        idempotency_key=found.idempotency_key,
        recipient=found.recipient,
        given_name=found.given_name,
        values=msgspec.json.decode(found.given_values, type=dict[str, object]),
        purpose=found.purpose,
        lifetime_minutes=found.lifetime_minutes or 0,
        policy=load_policy(connection),
    )
