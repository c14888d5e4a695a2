"""Reads what is due, and what one message is made of; frozen, so that no transaction waits for a server."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

import msgspec
from sqlalchemy import Connection, func, or_, select, text

from db.models import (
    Channel,
    Customer,
    EmailProfile,
    Link,
    LinkPurpose,
    Message,
    MessageKind,
    MessageState,
    OneTimeCode,
)
from db.rules.policy import Policy
from db.settings import load_policy

# Written out, for only then do both databases see that the partial index on due messages serves.
_WAITING = text("message.state IN ('queued', 'sending')")


@dataclass(frozen=True)
class Due:
    """A message that may be tried now; `code_id` where it is to carry a one-time code."""

    message_id: int
    channel: Channel
    code_id: int | None


@dataclass(frozen=True, kw_only=True)
class Parcel:
    """A message that a worker holds, with everything that it says but the secret."""

    message_id: int
    taken_at: datetime
    channel: Channel = Channel.EMAIL
    kind: MessageKind
    reference: str
    idempotency_key: str
    recipient: str
    given_name: str
    values: dict[str, object]
    purpose: LinkPurpose | None
    has_code: bool = False
    lifetime_minutes: int
    policy: Policy


def due(
    connection: Connection,
    now: datetime,
    limit: int,
    *,
    channels: Collection[Channel] = tuple(Channel),
    with_codes: bool = True,
) -> tuple[Due, ...]:
    """Return messages that may be tried now: codes first, then longest waiting, expired leases among them.

    Somebody sits and waits for a code, so no backlog stands before it; `with_codes` is for workers who
    hold the key that codes are kept under. Links to an address whose cool-down runs are left out,
    however early they were queued (R31).
    """
    free = or_(
        EmailProfile.cool_down_until.is_(None),
        EmailProfile.cool_down_until <= now,
        Link.voided_at.is_not(None),  # never leaves, and its message says so at once
    )
    wanted = (
        select(Message.id, Message.channel, Message.code_id)
        .outerjoin(Link, Link.id == Message.link_id)
        .outerjoin(EmailProfile, EmailProfile.id == Link.email_profile_id)
        .where(_WAITING, Message.next_attempt_at <= now, free)
        .order_by(Message.code_id.is_(None), Message.next_attempt_at, Message.id)
        .limit(limit)
    )
    if set(channels) != set(Channel):
        wanted = wanted.where(Message.channel.in_(channels))
    if not with_codes:
        wanted = wanted.where(Message.code_id.is_(None))
    return tuple(Due(*row) for row in connection.execute(wanted))


def read_parcel(connection: Connection, message_id: int, *, lease: str, now: datetime) -> Parcel | None:
    """Return a message that is held under this lease, or None where it was closed instead."""
    found = connection.execute(
        select(
            Message.channel,
            Message.kind,
            Message.code_id,
            Message.reference,
            Message.idempotency_key,
            Message.recipient,
            Message.values.label("given_values"),
            Customer.given_name,
            Link.purpose,
            func.coalesce(Link.lifetime_minutes, OneTimeCode.lifetime_minutes, 0).label("lifetime_minutes"),
        )
        .join(Customer, Customer.id == Message.customer_id)
        .outerjoin(Link, Link.id == Message.link_id)
        .outerjoin(OneTimeCode, OneTimeCode.id == Message.code_id)
        .where(Message.id == message_id, Message.lease == lease, Message.state == MessageState.SENDING)
    ).one_or_none()
    if found is None:
        return None
    return Parcel(
        message_id=message_id,
        taken_at=now,
        channel=found.channel,
        kind=found.kind,
        reference=found.reference,
        idempotency_key=found.idempotency_key,
        recipient=found.recipient,
        given_name=found.given_name,
        values=msgspec.json.decode(found.given_values, type=dict[str, object]),
        purpose=found.purpose,
        has_code=found.code_id is not None,
        lifetime_minutes=found.lifetime_minutes,
        policy=load_policy(connection),
    )
